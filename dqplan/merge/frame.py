"""The Pauli frame: what corrections that were left out would have done to the bits that were measured.

A program may run without its corrections, the X and Z that wait for messages. What it then lacks is a product of Paulis
that depends on the messages, and which is followed through the rest of the program (Knill, Nature 434, 39, 2005): each
gate must turn it into Paulis again, as Clifford gates do with all of them, and others with those that they commute with
up to a sign. A measurement of a qubit that lacks an X gave the other value: an exact statement about single shots.
"""

from __future__ import annotations

from functools import lru_cache, reduce
from itertools import product

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Operation
from dqplan.core.errors import ResultsError
from dqplan.core.gates import Op, gate_matrix
from dqplan.load.emitted import Emitted

_HINT = "run the program with its corrections, which need feed-forward"
_PAULIS = (Op.ID, Op.X, Op.Z, Op.Y)
"""By whether there is an X (1) and a Z (2)."""


def flips_of(emitted: Emitted) -> dict[int, frozenset[int]]:
    """For each bit, the recorded bits whose parity says that its recorded value is the wrong one.

    Args:
        emitted: whose program ran without all operations that wait for messages.

    Raises:
        ResultsError: at some operation the missing corrections are no Paulis any more, or it depends on a wrong bit.
    """
    frame = _Frame(emitted)
    for row, operation in enumerate(emitted.joint):
        frame.follow(operation, row)
    return {clbit: frozenset(_members(mask)) for clbit, mask in frame.wrong.items() if mask}


class _Frame:
    """Masks over recorded bits: a qubit lacks an X, or a Z, if the parity of the bits in its mask is odd."""

    def __init__(self, emitted: Emitted) -> None:
        self.emitted = emitted
        self.x = [0] * emitted.joint.num_qubits
        self.z = [0] * emitted.joint.num_qubits
        self.wrong: dict[int, int] = {}

    def follow(self, operation: Operation, row: int) -> None:
        """Go past an operation."""
        if operation.condition is not None:
            self._conditional(operation, row)
        elif operation.op == Op.MEASURE:
            self.wrong[operation.clbit] = self.x[operation.qubits[0]]
            self.z[operation.qubits[0]] = 0
        elif operation.op == Op.RESET:
            self.x[operation.qubits[0]] = self.z[operation.qubits[0]] = 0
        else:
            self._conjugate(operation, row)

    def _conditional(self, operation: Operation, row: int) -> None:
        assert operation.condition is not None
        bits = operation.condition.clbits
        if all(bit >= self.emitted.first_message for bit in bits):
            self._leave_out(operation, row)
            return
        wrong = [self.emitted.clbit_names[bit] for bit in bits if self.wrong.get(bit)]
        if wrong:
            raise self._refusal(f"reads {wrong[0]}, which was wrong without the corrections", row)
        if operation.op in (Op.MEASURE, Op.RESET):
            if self.x[operation.qubits[0]] or (operation.op == Op.RESET and self.z[operation.qubits[0]]):
                raise self._refusal("may or may not happen to a qubit that lacks a correction", row)
            return
        for _, pauli in self._lacking(operation.qubits):
            if _conjugated(operation.op, operation.params, pauli) != pauli:
                raise self._refusal("may or may not happen, and does not commute with a missing correction", row)

    def _leave_out(self, operation: Operation, row: int) -> None:
        """A correction that did not happen."""
        assert operation.condition is not None
        terms, qubit = operation.condition.terms, operation.qubits[0]
        if len(terms) != 1 or len(terms[0].clbits) != 1 or terms[0].value != int(terms[0].equal):
            raise self._refusal("waits for something else than a message of 1", row)
        if operation.op not in (Op.X, Op.Y, Op.Z):
            raise self._refusal("waits for a message and is no Pauli", row)
        message = terms[0].clbits[0]
        mask = 1 << message ^ self.wrong.get(message, 0)
        code = _PAULIS.index(operation.op)
        self.x[qubit] ^= mask if code & 1 else 0
        self.z[qubit] ^= mask if code & 2 else 0

    def _conjugate(self, operation: Operation, row: int) -> None:
        after = {qubit: [0, 0] for qubit in operation.qubits}
        for bit, pauli in self._lacking(operation.qubits):
            image = _conjugated(operation.op, operation.params, pauli)
            if image is None:
                name = self.emitted.clbit_names[bit.bit_length() - 1]
                raise self._refusal(f"cannot be exchanged with the correction that {name} calls for", row)
            for qubit, code in zip(operation.qubits, image, strict=True):
                after[qubit][0] ^= bit if code & 1 else 0
                after[qubit][1] ^= bit if code & 2 else 0
        for qubit, (x, z) in after.items():
            self.x[qubit], self.z[qubit] = x, z

    def _lacking(self, qubits: tuple[int, ...]) -> list[tuple[int, tuple[int, ...]]]:
        """What each recorded bit, as a mask, calls for on some qubits: 1 for X, 2 for Z, 3 for both."""
        involved = reduce(int.__or__, (self.x[qubit] | self.z[qubit] for qubit in qubits))
        masks = [1 << bit for bit in _members(involved)]
        return [(mask, tuple(bool(self.x[q] & mask) + 2 * bool(self.z[q] & mask) for q in qubits)) for mask in masks]

    def _refusal(self, why: str, row: int) -> ResultsError:
        return ResultsError(f"{self.emitted.place(row)}: {why}", hint=_HINT)


@lru_cache(maxsize=65536)
def _conjugated(op: Op, params: tuple[float, ...], pauli: tuple[int, ...]) -> tuple[int, ...] | None:
    """The Pauli U P U†, up to a phase; None if it is none."""
    unitary = gate_matrix(op, params)
    image = unitary @ _matrix(pauli) @ unitary.conj().T
    for candidate in product(range(4), repeat=len(pauli)):
        if abs(np.vdot(_matrix(candidate), image)) > len(image) - 1e-9:
            return candidate
    return None


def _matrix(pauli: tuple[int, ...]) -> NDArray[np.complex128]:
    matrix: NDArray[np.complex128] = np.ones((1, 1), dtype=np.complex128)
    for code in pauli:
        matrix = np.kron(matrix, gate_matrix(_PAULIS[code])).astype(np.complex128)
    return matrix


def _members(mask: int) -> list[int]:
    """The numbers of the bits that are set."""
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]
