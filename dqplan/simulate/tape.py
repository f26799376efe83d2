"""A tape: operations as Stim's instructions, with a record of where each bit was measured."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from dqplan.core.circuit import Circuit, Condition, Operation
from dqplan.core.errors import Place, UsageError
from dqplan.core.gates import Op, gate_matrix
from dqplan.simulate.runs import Bits

if TYPE_CHECKING:
    import stim

_CONTROLLED = {Op.X: "CX", Op.Y: "CY", Op.Z: "CZ"}
_HINT = "--backend statevector simulates all programs"


class Tape:
    """Instructions that grow with each operation.

    Args:
        circuit: whose operations are to come.
        source: its file, for error messages.

    Raises:
        UsageError: Stim is not installed.
    """

    def __init__(self, circuit: Circuit, source: str) -> None:
        try:
            import stim
        except ImportError as error:
            raise UsageError("Stim is not installed", hint="pip install stim, or --backend statevector") from error
        self.program = stim.Circuit()
        self._record = stim.target_rec
        self._circuit, self._source = circuit, source
        self._where = np.full(circuit.num_clbits, -1, dtype=np.int64)

    def append(self, name: str, targets: Sequence[int], arguments: float | Sequence[float] = ()) -> None:
        """One of Stim's instructions; noise that never happens is left out."""
        if arguments == () or np.any(arguments):
            self.program.append(name, targets, arguments)

    def do(self, operation: Operation, row: int, *, flip: float = 0.0) -> None:
        """An operation of the circuit.

        Args:
            operation: which.
            row: its number, for error messages.
            flip: the probability that a measurement records the wrong value.

        Raises:
            UsageError: it is not Clifford, or waits for more than one bit, or is no Pauli and waits for one.
        """
        if operation.condition is not None:
            self._controlled(operation, operation.condition, row)
        elif operation.op == Op.MEASURE:
            self._where[operation.clbit] = self.program.num_measurements
            self.program.append("M", operation.qubits, flip)
        elif operation.op == Op.RESET:
            self.program.append("R", operation.qubits)
        else:
            self._append(_instructions(operation.op, operation.params), operation, row)

    def undo(self, circuit: Circuit, qubits: Sequence[int]) -> None:
        """The inverse of a circuit, whose qubits are at `qubits`."""
        forwards = Tape(circuit, circuit.name)
        for row, operation in enumerate(circuit):
            forwards.do(operation._replace(qubits=tuple(qubits[qubit] for qubit in operation.qubits)), row)
        self.program += forwards.program.inverse()

    def outcomes(self, size: int, rng: np.random.Generator) -> Bits:
        """All that was measured in some runs, shape (size, measurements)."""
        sampler = self.program.compile_sampler(seed=int(rng.integers(1 << 62)))
        return np.asarray(sampler.sample(size), dtype=np.uint8)

    def bits(self, size: int, rng: np.random.Generator) -> Bits:
        """The circuit's bits after some runs, shape (size, bits)."""
        outcomes = self.outcomes(size, rng)
        bits = outcomes[:, np.maximum(self._where, 0)] if outcomes.shape[1] else np.zeros((size, len(self._where)))
        bits[:, self._where < 0] = 0
        return np.asarray(bits, dtype=np.uint8)

    def _controlled(self, operation: Operation, condition: Condition, row: int) -> None:
        """A Pauli that is controlled by a recorded outcome."""
        terms = condition.terms
        if operation.op not in _CONTROLLED or len(terms) != 1 or len(terms[0].clbits) != 1:
            raise self._refusal(f"{operation.op.spelling} under this condition", row)
        term, where = terms[0], int(self._where[terms[0].clbits[0]])
        if where >= 0:
            target = self._record(where - self.program.num_measurements)
            self.program.append(_CONTROLLED[operation.op], [target, operation.qubits[0]])
        if (term.value == 1) != term.equal:  # it happens if the bit is 0
            self.program.append(operation.op.name, operation.qubits)

    def _append(self, instructions: stim.Circuit | None, operation: Operation, row: int) -> None:
        if instructions is None:
            raise self._refusal(f"{operation.op.spelling} is not Clifford here and", row)
        for each in instructions:
            self.program.append(each.name, [operation.qubits[target.value] for target in each.targets_copy()])

    def _refusal(self, what: str, row: int) -> UsageError:
        place = Place(self._source, int(self._circuit.line[row]))
        return UsageError(f"{what} cannot be simulated by Stim", place=place, hint=_HINT)


@lru_cache(maxsize=4096)
def _instructions(op: Op, params: tuple[float, ...]) -> stim.Circuit | None:
    """A gate in Stim's gates, up to a phase; None if it is not Clifford."""
    import stim

    try:
        return stim.Tableau.from_unitary_matrix(gate_matrix(op, params), endian="big").to_circuit()
    except ValueError:
        return None
