"""Cirq's unitary operations as steps of dqplan's vocabulary: recognised by matrix, else decomposed by Cirq."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dqplan.core.errors import UnsupportedError
from dqplan.core.gates import MAX_QUBITS
from dqplan.load.cirq_circuits.recognise import Step, recognise_gate

if TYPE_CHECKING:
    import cirq

LARGEST_SYNTHESIS = 6
"""Qubits of the largest gate that is synthesised from its matrix alone; the number of operations grows as 4^n."""


def shown(operation: cirq.Operation) -> str:
    """An operation in one short line, for messages."""
    return textwrap.shorten(str(operation), 80)


@dataclass(frozen=True)
class Recipes:
    """Gate -> its steps with operands numbered from 0, each worked out once: most circuits repeat few gates."""

    known: dict[cirq.Gate, tuple[Step, ...]] = field(default_factory=dict)

    def of(self, gate: cirq.Gate) -> tuple[Step, ...] | None:
        """The steps that equal the gate up to global phase; None for a gate that is not unitary.

        Raises:
            UnsupportedError: for a unitary that cannot be decomposed, or is not made of finite numbers.
        """
        import cirq

        if gate not in self.known:
            if not cirq.has_unitary(gate):
                return None
            line = cirq.LineQubit.range(cirq.num_qubits(gate))
            self.known[gate] = tuple(_steps(gate.on(*line), {qubit: k for k, qubit in enumerate(line)}))
        return self.known[gate]


def parts_of(operation: cirq.Operation) -> list[cirq.Operation]:
    """What an operation consists of: by its own definition, or else synthesised from its matrix.

    Raises:
        UnsupportedError: it has no definition, and no matrix or too large a one.
    """
    import cirq

    is_matrix = isinstance(operation.gate, cirq.MatrixGate)
    parts: list[cirq.Operation] | None = None if is_matrix else cirq.decompose_once(operation, default=None)
    if parts is not None:
        return parts
    unitary = cirq.unitary(operation, None) if len(operation.qubits) <= LARGEST_SYNTHESIS else None
    if unitary is None:
        raise UnsupportedError(
            f"{shown(operation)} is not unitary, or has neither a decomposition nor a matrix of at most "
            f"{LARGEST_SYNTHESIS} qubits",
            hint="remove noise channels; replace other operations by gates",
        )
    if len(operation.qubits) == 2:  # as RXX, RYY and RZZ between one-qubit gates: at most three interactions
        return cirq.decompose_once_with_qubits(cirq.kak_decomposition(unitary), operation.qubits)
    return list(cirq.quantum_shannon_decomposition(list(operation.qubits), unitary))


def _steps(operation: cirq.Operation, index: dict[cirq.Qid, int]) -> Iterator[Step]:
    closed = _closed_controls(operation)
    steps = None if closed else _recognised(operation)
    if steps is None:
        for part in closed or parts_of(operation):
            yield from _steps(part, index)
        return
    for op, qubits, params in steps:
        yield Step(op, tuple(number_of(operation.qubits[k], index) for k in qubits), params)


def _closed_controls(operation: cirq.Operation) -> list[cirq.Operation]:
    """Controls on 0 as controls on 1 between X gates (Cirq itself would spend a second CX); empty if there are none."""
    import cirq

    gate = operation.gate
    if not isinstance(gate, cirq.ControlledGate) or not isinstance(gate.control_values, cirq.ProductOfSums):
        return []
    flips = [cirq.X(operation.qubits[k]) for k, values in enumerate(gate.control_values) if values == (0,)]
    closed_values = [(1,) if values == (0,) else values for values in gate.control_values]
    closed = cirq.ControlledGate(gate.sub_gate, control_values=closed_values).on(*operation.qubits)
    return [*flips, closed, *flips] if flips else []


def _recognised(operation: cirq.Operation) -> tuple[Step, ...] | None:
    import cirq

    if not operation.qubits:
        return ()  # a global phase
    unitary = cirq.unitary(operation, None) if len(operation.qubits) <= MAX_QUBITS else None
    if unitary is None:
        return None
    if not np.isfinite(unitary).all():
        raise UnsupportedError(f"the matrix of {shown(operation)} has elements that are not finite numbers")
    return recognise_gate(unitary)


def number_of(qubit: cirq.Qid, index: dict[cirq.Qid, int]) -> int:
    """The number of a qubit of the circuit; UnsupportedError for a helper qubit that a decomposition brings in."""
    if qubit not in index:
        raise UnsupportedError(f"a decomposition asks for the helper qubit {qubit}, which the circuit does not have")
    return index[qubit]
