"""Touches: which operations act on which qubits, sorted by qubit, so that histories of qubits are array operations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op


@dataclass(frozen=True, eq=False)
class Touches:
    """Every operand of every operation as columns, in order of qubit, then row of the circuit.

    Attributes:
        row: int64 (t,).
        qubit: int32 (t,).
        first, last: bool (t,): nothing touches the qubit before, or behind.
    """

    row: NDArray[np.int64]
    qubit: NDArray[np.int32]
    first: NDArray[np.bool_]
    last: NDArray[np.bool_]

    def part(self, kept: NDArray[np.bool_]) -> Touches:
        """Some of them, as if there were no others."""
        return _of_columns(self.row[kept], self.qubit[kept])


def touches_of(circuit: Circuit) -> Touches:
    """All touches of a circuit."""
    row, place = np.nonzero(circuit.qubits >= 0)
    qubit = circuit.qubits[row, place]
    order = np.argsort(qubit, kind="stable")
    return _of_columns(row[order], qubit[order])


def _of_columns(row: NDArray[np.int64], qubit: NDArray[np.int32]) -> Touches:
    border = np.ones(len(row) + 1, dtype=np.bool_)
    border[1:-1] = qubit[1:] != qubit[:-1]
    return Touches(row, qubit, border[:-1], border[1:])


def looked_at(circuit: Circuit, touches: Touches, outputs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether what a qubit holds just before each touch matters, because something acts on it before its next reset.

    Args:
        circuit: any.
        touches: all of the circuit's.
        outputs: by qubit, whether it matters at the end.

    Returns:
        Shape (t,).
    """
    plain = circuit.condition[touches.row] < 0
    op = circuit.op[touches.row]
    matters: NDArray[np.bool_] = ~(plain & (op == Op.RESET))
    swaps = np.flatnonzero(plain & (op == Op.SWAP))
    # An exchange passes on, to each side, what is true of the other; the only step that takes the order of rows.
    for one, other in _both_ends(touches, swaps):
        matters[one], matters[other] = (
            bool(outputs[touches.qubit[touch]] if touches.last[touch] else matters[touch + 1]) for touch in (other, one)
        )
    return matters


def _both_ends(touches: Touches, swaps: NDArray[np.int64]) -> list[tuple[int, int]]:
    """The two touches of each SWAP, the last SWAP first."""
    by_row = swaps[np.argsort(touches.row[swaps], kind="stable")].reshape(-1, 2)[::-1]
    return [(one, other) for one, other in by_row.tolist()]
