"""Blocks: unitaries on a few qubits, multiplied out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Matrix2
from dqplan.verify.structure.forms import TOLERANCE

Matrix = NDArray[np.complex128]


@dataclass(frozen=True)
class PhasesFound:
    """Phases of single qubits and of pairs, qubits by place, behind flips; and how far that is from the block."""

    flips: tuple[int, ...]
    single: tuple[float, ...]
    pair: dict[tuple[int, int], float]
    deviation: float


class Block:
    """A unitary on a few qubits; the first of `wires` is the most significant."""

    def __init__(self, wires: tuple[int, ...], matrix: Matrix) -> None:
        self.wires = wires
        self.matrix = matrix

    # -- what it does to Z -------------------------------------------------------------------------------------------

    def carries(self, source: int, target: int, *, flipped: bool = False) -> bool:
        """Whether the block turns Z on one of its qubits into Z on another, or the same; or into -Z."""
        place = self.wires.index
        moved = self.matrix[_moved(len(self.wires), place(source), place(target), flipped)]
        return bool(np.abs(moved).max() < TOLERANCE)

    # -- products ----------------------------------------------------------------------------------------------------

    def turned(self, wire: int, matrix: Matrix2, *, right: bool = False) -> None:
        """Multiply with a one-qubit unitary, from the left or the right."""
        shape, place = self.matrix.shape, self.wires.index(wire)
        turn = np.array(matrix).reshape(2, 2)
        if right:
            tensor = self.matrix.reshape(-1, 2, 1 << (len(self.wires) - 1 - place))
            self.matrix = (turn.T @ tensor).reshape(shape)
        else:
            self.matrix = (turn @ self.matrix.reshape(1 << place, 2, -1)).reshape(shape)

    def phases(self, a: int, b: int, angle: float) -> Matrix:
        """The diagonal of CP(angle) between two of its qubits; of a phase of one, if they are the same."""
        size, place = len(self.wires), self.wires.index
        return np.asarray(np.exp(1j * angle * (_bits(size, place(a)) & _bits(size, place(b)))))

    def behind_swap(self, a: int, b: int) -> Block:
        """What the block is behind a SWAP of two of its qubits."""
        size = len(self.wires)
        return Block(self.wires, self.matrix[:, _swapped(size, self.wires.index(a), self.wires.index(b))])

    # -- parts -------------------------------------------------------------------------------------------------------

    def factors(self, wire: int) -> tuple[Matrix2, Matrix, float] | None:
        """The unitary of one qubit, that of the others, and the deviation from their product; None if it is none."""
        size = len(self.wires)
        flat = self.matrix.reshape((2,) * (2 * size)).transpose(_foremost(size, self.wires.index(wire))).reshape(4, -1)
        largest = flat[int(np.abs(flat).argmax()) // flat.shape[1]]
        rest = largest * math.sqrt((1 << (size - 1)) / np.vdot(largest, largest).real)
        alone = flat @ rest.conj() / (1 << (size - 1))
        deviation = float(np.abs(alone[:, None] * rest - flat).max())
        if deviation > TOLERANCE:
            return None
        a, b, c, d = alone.tolist()
        return (a, b, c, d), rest.reshape(1 << (size - 1), -1), deviation

    def as_phases(self) -> PhasesFound | None:
        """The block as phases of single qubits and of pairs behind flips, if it is that."""
        size = len(self.wires)
        index = np.arange(1 << size)
        flips = int(np.abs(self.matrix[:, 0]).argmax())
        diagonal = self.matrix[index, index ^ flips]
        other = np.abs(self.matrix)
        other[index, index ^ flips] = 0.0
        if other.max() > TOLERANCE:
            return None
        single, pair = _angles(diagonal, size)
        rebuilt = np.full(1 << size, diagonal[0])
        for place in range(size):
            rebuilt *= np.exp(1j * single[place] * _bits(size, place))
        for (first, second), angle in pair.items():
            rebuilt *= self.phases(self.wires[first], self.wires[second], angle)
        deviation = np.abs(rebuilt - diagonal).max()
        if deviation > TOLERANCE:
            return None
        flipped = tuple(flips >> (size - 1 - place) & 1 for place in range(size))
        return PhasesFound(flipped, single, pair, float(deviation + other.sum()))


def _angles(diagonal: Matrix, size: int) -> tuple[tuple[float, ...], dict[tuple[int, int], float]]:
    """Angles of single qubits and of pairs that give a diagonal its entries at indices with one or two bits set."""
    angle = np.angle(diagonal / diagonal[0])
    weight = [1 << (size - 1 - place) for place in range(size)]
    single = tuple(float(angle[bit]) for bit in weight)
    pair = {(i, j): float(angle[weight[i] | weight[j]]) - single[i] - single[j] for i in range(size) for j in range(i)}
    return single, pair


@cache
def _bits(size: int, place: int) -> NDArray[np.int64]:
    """The value of a qubit for every index of a matrix."""
    return np.arange(1 << size) >> (size - 1 - place) & 1


@cache
def _moved(size: int, source: int, target: int, flipped: bool) -> tuple[NDArray[np.int64], ...]:
    """The elements of a matrix that change the value of a qubit on its way, or keep it, if it is flipped there."""
    return np.nonzero((_bits(size, target) ^ flipped)[:, None] != _bits(size, source)[None, :])


@cache
def _swapped(size: int, a: int, b: int) -> NDArray[np.int64]:
    """Every index with two of its bits exchanged."""
    differ = _bits(size, a) ^ _bits(size, b)
    return np.arange(1 << size) ^ differ * (1 << (size - 1 - a) | 1 << (size - 1 - b))


@cache
def _foremost(size: int, place: int) -> tuple[int, ...]:
    """The axes of a block as a tensor, those of one qubit first."""
    rest = [axis for axis in range(2 * size) if axis not in (place, size + place)]
    return place, size + place, *rest
