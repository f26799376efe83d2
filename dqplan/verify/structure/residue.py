"""Residue: what is still missing when one circuit has been followed further than the other.

For the steps of a circuit done so far, I, and those of another, L, the residue W = I · L⁻¹ is kept as

    W = D · F · C · P

D: phases of single qubits and of pairs; F: flips; C: unitaries on few qubits each (blocks), disjoint; P: a permutation
of the qubits. Both circuits are equivalent, up to global phase, if W ends as the identity. A step of I multiplies W
from the left, the inverse of one of L from the right; nothing else is used than that diagonal matrices commute, and how
X passes them. `phases` keeps D and F.
"""

from __future__ import annotations

import cmath
from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Matrix2, adjoint, multiply
from dqplan.verify.structure.block import Block
from dqplan.verify.structure.forms import X
from dqplan.verify.structure.phases import Phases
from dqplan.verify.structure.queues import is_antidiagonal, is_diagonal
from dqplan.verify.structure.steps import Guard

_IDENTITY: Matrix2 = (1, 0, 0, 1)


class TooLargeError(Exception):
    """A block would need more qubits than are allowed."""


class Residue(Phases):
    """W, with the qubits numbered as the steps of I number them."""

    def __init__(self, num_wires: int, most: int) -> None:
        super().__init__(num_wires)
        self.most = most
        self.local: dict[int, Matrix2] = {}
        """Blocks of one qubit."""
        self.block: dict[int, Block] = {}
        """Larger blocks, by each of their qubits."""
        self.left_of = list(range(num_wires))
        """P: the qubit of I that a qubit of L is."""
        self.right_of = list(range(num_wires))

    # -- unitaries ---------------------------------------------------------------------------------------------------

    def turn_left(self, wire: int, matrix: Matrix2) -> None:
        """A one-qubit unitary of I, neither diagonal nor a flip; pairs of the qubit become parts of its block."""
        if self.pairs[wire]:
            self._merge({wire, *self.pairs[wire]})
        block = self.block.get(wire)
        if block is None:
            self.local[wire] = multiply(matrix, self._folded(wire))
            self._settle_local(wire)
            return
        self._fold(block)
        block.turned(wire, matrix)
        self.settle(block)

    def turn_right(self, wire: int, matrix: Matrix2) -> None:
        """The inverse of a one-qubit unitary of L; the qubit is numbered as in I."""
        block = self.block.get(wire)
        if block is None:
            self.local[wire] = multiply(self.local.get(wire, _IDENTITY), adjoint(matrix))
            self._settle_local(wire)
        else:
            block.turned(wire, adjoint(matrix), right=True)
            self.settle(block)

    def phase_right(self, a: int, b: int, angle: float, guard: Guard, *, grow: bool = False) -> bool:
        """The inverse of CP(angle) of L, if it can pass C, or if both qubits are in one block (made so by `grow`)."""
        first, second = self.carried(a), self.carried(b)
        if first >= 0 and second >= 0:
            self.add_flipped(first, second, -angle, guard)
            return True
        if guard is None and grow:
            self._merge({a, b})
        block = self.block.get(a)
        if guard is not None or block is None or b not in block.wires:
            return False
        block.matrix = block.matrix * block.phases(a, b, -angle)[None, :]
        self.settle(block)
        return True

    def carried(self, wire: int) -> int:
        """The qubit that Z on a qubit acts on behind C, if C turns Z into Z; else -1."""
        if wire not in self.block:
            return -1 if wire in self.local else wire
        block = self.block[wire]
        return next((target for target in (wire, *block.wires) if block.carries(wire, target)), -1)

    def whole(self, wire: int) -> Matrix2 | None:
        """W on one qubit, if it acts on that alone."""
        if wire in self.block or self.pairs[wire] or self.waits(wire):
            return None
        a, b, c, d = self.local.get(wire, _IDENTITY)
        if self.flip[wire]:
            a, b, c, d = c, d, a, b
        turn = cmath.exp(1j * self.single[wire])
        return a, b, turn * c, turn * d

    def clear(self, wire: int) -> None:
        """The qubit is reset in both circuits."""
        self.local.pop(wire, None)
        self.single[wire] = 0.0
        self.flip[wire] = 0

    def _folded(self, wire: int) -> Matrix2:
        """D, F and C of a qubit without pairs, taken out of W."""
        a, b, c, d = self.local.pop(wire, _IDENTITY)
        if self.flip[wire]:
            a, b, c, d = c, d, a, b
        turn = cmath.exp(1j * self.single[wire])
        self.flip[wire], self.single[wire] = 0, 0.0
        return a, b, turn * c, turn * d

    def _settle_local(self, wire: int) -> None:
        """Move a block of one qubit that is diagonal or a flip into D and F."""
        matrix = self.local[wire]
        a, b, c, d = matrix
        if is_diagonal(matrix):
            self.slack += abs(b) + abs(c)
            del self.local[wire]
            self.add_flipped(wire, -1, cmath.phase(d / a), None)
        elif is_antidiagonal(matrix):
            self.slack += abs(a) + abs(d)
            del self.local[wire]
            self.flip[wire] ^= 1
            self.add_flipped(wire, -1, cmath.phase(b / c), None)

    # -- blocks ------------------------------------------------------------------------------------------------------

    def _merge(self, wires: Iterable[int]) -> None:
        """Make one block of the blocks of some qubits."""
        blocks = {id(self.block[wire]): self.block[wire] for wire in wires if wire in self.block}
        lone = [wire for wire in wires if wire not in self.block]
        together = tuple(wire for block in blocks.values() for wire in block.wires) + tuple(lone)
        if len(blocks) == 1 and not lone:
            return
        if len(together) > self.most:
            raise TooLargeError
        matrix: NDArray[np.complexfloating] = np.eye(1, dtype=np.complex128)
        for block in blocks.values():
            matrix = np.kron(matrix, block.matrix)
        for wire in lone:
            matrix = np.kron(matrix, np.array(self.local.pop(wire, _IDENTITY)).reshape(2, 2))
        merged = Block(together, matrix.astype(np.complex128))
        for wire in together:
            self.block[wire] = merged

    def _fold(self, block: Block) -> None:
        """Take what D and F hold of a block's qubits alone into the block."""
        for wire in block.wires:
            if self.flip[wire]:
                block.turned(wire, X)
                self.flip[wire] = 0
        for wire in block.wires:
            if self.single[wire]:
                block.matrix = block.phases(wire, wire, self.single[wire])[:, None] * block.matrix
                self.single[wire] = 0.0
            for other in [other for other in self.pairs[wire] if other in block.wires]:
                angle = self.pairs[wire].pop(other)
                del self.pairs[other][wire]
                block.matrix = block.phases(wire, other, angle)[:, None] * block.matrix

    def take_in_pairs(self, block: Block) -> None:
        """Take the pairs between a block's qubits into it; what is left may be simpler."""
        if any(other in block.wires for wire in block.wires for other in self.pairs[wire]):
            self.settle(block)

    def settle(self, block: Block) -> None:
        """Take a block apart as far as it is a product, phases and flips, or a SWAP."""
        self._fold(block)
        self._simplify(block)
        wires = block.wires if len(block.wires) > 1 and self.block.get(block.wires[0]) is block else ()
        if any(self._unswap(block, a, b) for a, b in combinations(wires, 2)):
            rest = {id(self.block[wire]): self.block[wire] for wire in wires if wire in self.block}
            for each in rest.values():
                self.settle(each)
        else:
            for wire in wires:
                self._unflip(block, wire)

    def _unflip(self, block: Block, wire: int) -> None:
        """If a block turns Z on a qubit into -Z on one, that X becomes part of F, so that phases can pass."""
        target = next((target for target in block.wires if block.carries(wire, target, flipped=True)), -1)
        if target >= 0:
            block.turned(target, X)
            self.flip[target] ^= 1

    def _split(self, block: Block, wire: int) -> None:
        """Part a qubit from a block that is a product."""
        parts = block.factors(wire)
        if parts is None:
            return
        self.local[wire], rest, deviation = parts
        self.slack += deviation
        del self.block[wire]
        self._settle_local(wire)
        block.wires = tuple(other for other in block.wires if other != wire)
        block.matrix = rest

    def _release(self, block: Block) -> None:
        """A block of one qubit is a local one."""
        a, b, c, d = block.matrix.ravel().tolist()
        del self.block[block.wires[0]]
        self.local[block.wires[0]] = (a, b, c, d)
        self._settle_local(block.wires[0])

    def _scatter(self, block: Block) -> bool:
        """Move a block of phases behind flips into D and F, if they are phases of single qubits and of pairs."""
        found = block.as_phases()
        if found is None:
            return False
        self.slack += found.deviation
        for wire, flipped, angle in zip(block.wires, found.flips, found.single, strict=True):
            del self.block[wire]
            self.add_single(wire, angle)
            self.flip[wire] ^= flipped
        for (first, second), angle in found.pair.items():
            self.add_pair(block.wires[first], block.wires[second], angle)
        return True

    def _unswap(self, block: Block, a: int, b: int) -> bool:
        """If a block is something simpler behind a SWAP of two of its qubits, the SWAP becomes part of P."""
        swapped = block.behind_swap(a, b)
        for wire in block.wires:
            self.block[wire] = swapped
        if not self._simplify(swapped):
            for wire in block.wires:
                self.block[wire] = block
            return False
        first, second = self.right_of[a], self.right_of[b]
        self.left_of[first], self.left_of[second] = b, a
        self.right_of[a], self.right_of[b] = second, first
        return True

    def _simplify(self, block: Block) -> bool:
        """Take a block apart if it is a product, or phases behind flips; says whether it was."""
        size = len(block.wires)
        for wire in block.wires[: size if size > 2 else 1]:
            if len(block.wires) > 1:
                self._split(block, wire)
        if len(block.wires) == 1:
            self._release(block)
            return True
        return self._scatter(block) or len(block.wires) < size
