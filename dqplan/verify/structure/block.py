"""Blocks: unitaries on a few qubits, multiplied out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Matrix2
from dqplan.verify.structure.forms import TOLERANCE


class Block:
    """A unitary on a few qubits; the first of `wires` is the most significant."""

    def __init__(self, wires: tuple[int, ...], matrix: NDArray[np.complex128]) -> None:
        self.wires = wires
        self.matrix = matrix

    def carries(self, source: int, target: int, *, flipped: bool = False) -> bool:
        """Whether the block turns Z on one of its qubits into Z on another, or the same; or into -Z."""
        moved = (self.bits(target) ^ flipped)[:, None] != self.bits(source)[None, :]
        return bool(np.abs(self.matrix[moved]).max(initial=0.0) < TOLERANCE)

    def bits(self, wire: int) -> NDArray[np.int64]:
        """The value of a qubit for every index of the matrix."""
        shift = len(self.wires) - 1 - self.wires.index(wire)
        return np.arange(len(self.matrix)) >> shift & 1

    def turned(self, wire: int, matrix: Matrix2, *, right: bool = False) -> None:
        """Multiply with a one-qubit unitary, from the left or the right."""
        place, size = self.wires.index(wire), len(self.wires)
        whole = np.kron(np.kron(np.eye(1 << place), np.array(matrix).reshape(2, 2)), np.eye(1 << (size - place - 1)))
        self.matrix = self.matrix @ whole if right else whole @ self.matrix

    def phases(self, a: int, b: int, angle: float) -> NDArray[np.complex128]:
        """The diagonal of CP(angle) between two of its qubits."""
        return np.asarray(np.exp(1j * angle * (self.bits(a) & self.bits(b))))


def phases_of(diagonal: NDArray[np.complex128], size: int) -> tuple[list[float], dict[tuple[int, int], float]]:
    """Angles of single qubits and of pairs that give a diagonal its entries at indices with one or two bits set."""
    angle = np.angle(diagonal / diagonal[0])
    weight = [1 << (size - 1 - place) for place in range(size)]
    single = [float(angle[bit]) for bit in weight]
    pair = {(i, j): float(angle[weight[i] | weight[j]]) - single[i] - single[j] for i in range(size) for j in range(i)}
    return single, pair
