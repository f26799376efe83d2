"""Read Cirq circuits: from Python objects, or from the JSON that `cirq.to_json` writes.

Qubits are numbered in Cirq's sorted order and form one register `q`. Every record of a measurement becomes a register
of its own, named `m_` and the key (with `_` for what OpenQASM forbids), bit k for the k-th qubit measured. So a key
that is measured again keeps its earlier outcomes, and conditions read the record that Cirq would read. Gates are
recognised by their unitary matrix, not by their class; what is not of the vocabulary is decomposed by Cirq.

Cirq takes seconds to import, hence the imports inside the functions.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import TYPE_CHECKING, Any

import numpy as np

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Register, Term
from dqplan.core.errors import CircuitSyntaxError, DqplanError, InputError, Place, SemanticError, UnsupportedError
from dqplan.core.gates import Op
from dqplan.load.cirq_circuits.conditions import Records, terms_of_condition
from dqplan.load.cirq_circuits.extent import check_extent
from dqplan.load.cirq_circuits.gates import Recipes, number_of, parts_of, shown
from dqplan.load.cirq_circuits.recognise import Step

if TYPE_CHECKING:
    import cirq

MAX_OPERATIONS = 10_000_000
"""More operations than this are refused: a few bytes of nested loops could otherwise ask for any number."""


def circuit_of_cirq_json(text: str, source: str, name: str = "") -> Circuit:
    """Read a `cirq.Circuit` or `cirq.FrozenCircuit` from the text that `cirq.to_json` wrote.

    Args:
        text: JSON.
        source: the file's name, for errors.
        name: the circuit's name; if empty, `source`.

    Raises:
        CircuitSyntaxError: the text is not JSON (line and column are given).
        SemanticError: JSON, but not a circuit, or one that contradicts itself.
        UnsupportedError: an object or operation outside what dqplan reads.
    """
    place = Place(source)
    _check_json(text, place)
    import cirq

    try:
        with np.errstate(all="ignore"):  # matrices without finite numbers are refused, not warned of
            value = cirq.read_json(json_text=text, resolvers=[_resolve_type, *cirq.DEFAULT_RESOLVERS])
            if isinstance(value, cirq.AbstractCircuit):
                return _convert(value, name or source, place)
    except (DqplanError, MemoryError):
        raise
    except Exception as error:  # some 150 classes of Cirq take the user's values unchecked and trip over them later
        raise _reading_error(error, place) from error
    raise SemanticError(
        f"the JSON holds a {type(value).__name__}, not a Cirq circuit",
        hint="write the file with cirq.to_json(circuit)",
        place=place,
    )


def circuit_from_cirq(circuit: cirq.AbstractCircuit, name: str) -> Circuit:
    """Convert a Cirq circuit.

    The result equals the circuit up to global phase. Gates outside the vocabulary go through Cirq's decompositions;
    those of matrices are numerical and drop interactions below about 1e-8 radians. Wait times and tags are lost.

    Args:
        circuit: qubits only (no qudits), all parameters resolved.
        name: the circuit's name, also what errors give as the place.

    Raises:
        SemanticError: no qubits; a condition on a key that has not been measured.
        UnsupportedError: an operation without unitary or decomposition (noise), an unresolved parameter, a qudit, a
            confusion map, a loop of unknown length, a condition other than comparisons with constants.
    """
    return _convert(circuit, name, Place(name))


def _convert(circuit: cirq.AbstractCircuit, name: str, place: Place) -> Circuit:
    qubits = sorted(circuit.all_qubits())
    if not qubits:
        raise SemanticError("the circuit has no qubits", place=place)
    reader = _Reader({qubit: index for index, qubit in enumerate(qubits)}, CircuitBuilder(name))
    reader.builder.add_qreg("q", len(qubits))
    for number, moment in enumerate(circuit):
        try:
            for operation in moment:
                reader.add(operation, ())
        except InputError as error:
            raise type(error)(f"moment {number}: {error.message}", hint=error.hint, place=place) from error
    return reader.builder.build()


def _check_json(text: str, place: Place) -> None:
    """Find faults of the JSON itself before Cirq is imported, with their line."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(place.source, error.lineno, error.colno)
        raise CircuitSyntaxError(f"not valid JSON: {error.msg}", place=place) from error
    except (RecursionError, ValueError) as error:  # ValueError: an integer of thousands of digits
        message = "the JSON is nested too deeply, or holds a number that is too long"
        raise CircuitSyntaxError(message, place=place) from error
    if not isinstance(value, dict) or "cirq_type" not in value:
        raise SemanticError(
            'JSON, but not from Cirq: the outermost object has no "cirq_type"',
            hint="write the file with cirq.to_json(circuit)",
            place=place,
        )
    try:
        check_extent(value)
    except UnsupportedError as error:
        raise UnsupportedError(error.message, hint=error.hint, place=place) from error


def _resolve_type(cirq_type: str) -> Callable[..., Any] | None:
    """Cirq 1.7 writes the `index` of a KeyCondition and ignores it when reading; this keeps it."""
    import cirq

    def key_condition(key: cirq.MeasurementKey, index: int = -1) -> cirq.KeyCondition:
        return cirq.KeyCondition(key, index)

    return key_condition if cirq_type == "KeyCondition" else None


def _reading_error(error: Exception, place: Place) -> InputError:
    reason = textwrap.shorten(str(error) or type(error).__name__, 160)
    if "Could not resolve type" in reason:
        return UnsupportedError(f"an object that Cirq does not know: {reason}", place=place)
    return SemanticError(f"Cirq cannot make a circuit of this: {reason}", place=place)


@dataclass
class _Reader:
    """Appends Cirq operations to a builder.

    Attributes:
        index: qubit -> number.
        builder: takes the operations.
        records: measurement key -> the registers of its records, oldest first.
        names: of all registers declared for records.
        recipes: gate -> its steps.
    """

    index: dict[cirq.Qid, int]
    builder: CircuitBuilder
    records: Records = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    recipes: Recipes = field(default_factory=Recipes)

    def add(self, operation: cirq.Operation, terms: tuple[Term, ...]) -> None:
        """Append an operation that happens if all `terms` hold."""
        import cirq

        operation = operation.untagged
        gate = operation.gate
        _check(operation)
        if not operation.qubits or isinstance(gate, cirq.WaitGate):
            return  # a global phase, or nothing but time
        if operation.classical_controls:
            self._add_controlled(operation, terms)
        elif isinstance(gate, cirq.MeasurementGate):
            self._measure(gate, operation.qubits)
        elif isinstance(gate, cirq.ResetChannel):
            self._append(Step(Op.RESET, (0,)), operation.qubits, terms)
        else:
            self._add_composite(operation, terms)

    def _add_controlled(self, operation: cirq.Operation, terms: tuple[Term, ...]) -> None:
        for condition in sorted(operation.classical_controls, key=str):
            more = terms_of_condition(condition, self.records)
            if more is None:
                return
            terms += more
        self.add(operation.without_classical_controls(), terms)

    def _add_composite(self, operation: cirq.Operation, terms: tuple[Term, ...]) -> None:
        steps = None if operation.gate is None else self.recipes.of(operation.gate)
        if steps is None:
            for part in parts_of(operation):
                self.add(part, terms)
            return
        for step in steps:
            self._append(step, operation.qubits, terms)

    def _measure(self, gate: cirq.MeasurementGate, qubits: Sequence[cirq.Qid]) -> None:
        """A flipped outcome is measured between two X gates: outcome and state are then both as Cirq has them."""
        if gate.confusion_map:
            raise UnsupportedError(f"the measurement {gate.key!r} has a confusion map, which is noise")
        register = self._add_record(gate.key, len(qubits))
        for position, (qubit, flipped) in enumerate(zip(qubits, gate.full_invert_mask(), strict=True)):
            flip = [Step(Op.X, (0,))] if flipped else []
            for step in (*flip, Step(Op.MEASURE, (0,)), *flip):
                self._append(step, [qubit], (), clbit=register.start + position)

    def _add_record(self, key: str, size: int) -> Register:
        """Declare the register of one more record, under a name that is valid in OpenQASM and still free."""
        stem = "_".join(["m", *re.findall("[a-z0-9]+", key.lower())])
        earlier = self.records.setdefault(key, [])
        candidates = chain([] if earlier else [stem], (f"{stem}_{k}" for k in count(max(2, len(earlier) + 1))))
        name = next(name for name in candidates if name not in self.names)
        self.names.add(name)
        earlier.append(self.builder.add_creg(name, size))
        return earlier[-1]

    def _append(self, step: Step, qubits: Sequence[cirq.Qid], terms: tuple[Term, ...], *, clbit: int = -1) -> None:
        self.builder.append(
            step.op,
            [number_of(qubits[k], self.index) for k in step.qubits],
            step.params,
            clbit=clbit if step.op == Op.MEASURE else -1,
            condition=Condition(terms) if terms else None,
        )
        if len(self.builder.op) > MAX_OPERATIONS:
            raise UnsupportedError(f"the circuit has more than {MAX_OPERATIONS:,} operations")


def _check(operation: cirq.Operation) -> None:
    """Refuse what no decomposition would make readable."""
    import cirq

    if cirq.is_parameterized(operation):
        names = ", ".join(sorted(cirq.parameter_names(operation)))
        raise UnsupportedError(
            f"{shown(operation)} has unresolved parameters ({names})",
            hint="give them values first: cirq.resolve_parameters(circuit, {...})",
        )
    if any(qubit.dimension != 2 for qubit in operation.qubits):
        raise UnsupportedError(f"{shown(operation)} acts on a qudit; dqplan reads circuits of qubits")
    loop = operation.sub_operation.untagged if isinstance(operation, cirq.ControlledOperation) else operation
    if isinstance(loop, cirq.CircuitOperation):
        _check_loop(loop)


def _check_loop(loop: cirq.CircuitOperation) -> None:
    import cirq

    if loop.repeat_until is not None:
        raise UnsupportedError("a CircuitOperation with repeat_until has no fixed length")
    inner = list(loop.circuit.all_operations())
    if _unrolled(loop) > MAX_OPERATIONS:
        raise UnsupportedError(f"a CircuitOperation unrolls to more than {MAX_OPERATIONS:,} operations")
    for condition in (condition for operation in inner for condition in operation.classical_controls):
        if isinstance(condition, cirq.BitMaskKeyCondition) or getattr(condition, "index", -1) != -1:
            raise UnsupportedError(
                f"the condition {condition} inside a CircuitOperation: Cirq loses its mask and index on unrolling",
                hint="write these operations directly into the circuit",
            )


def _unrolled(operation: cirq.Operation) -> int:
    """How many operations an operation means when all loops in it are written out."""
    import cirq

    inner = operation.untagged
    if isinstance(inner, cirq.ClassicallyControlledOperation | cirq.ControlledOperation):
        inner = inner.without_classical_controls().untagged
    if not isinstance(inner, cirq.CircuitOperation):
        return 1
    return int(abs(inner.repetitions)) * sum(map(_unrolled, inner.circuit.all_operations()))
