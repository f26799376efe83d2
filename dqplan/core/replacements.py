"""Which blocks of gates on a pair of wires to write with fewer gates, and how."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.blocks import Block, Runs, plain_cuts
from dqplan.core.gates import Matrix2, adjoint, multiply
from dqplan.core.normaliser import IDENTITY, is_antidiagonal, is_diagonal
from dqplan.core.segments import Segments
from dqplan.core.two_qubit import FRAMES, CanonicalForms, Layers, canonical_forms, class_traces

_LENGTHS = (3, 4, 2)
"""Gates per block: SWAPs first. Any four can be written with three, so that longer blocks shrink step by step."""
_CHUNK = 1 << 14
"""Blocks whose matrices are computed at a time."""
_LOOSE = 1e-9
"""Deviation within which a block is worth a closer look."""
_WEAK = 1e-3
"""Below this many radians, rounding blurs the axes of a gate by as much as `MATRIX_TOLERANCE` can notice."""
_NOISE = 1e-13
"""Deviation of a matrix that counts as the rounding of a dozen products."""

_Ends = tuple[Matrix2 | None, Matrix2 | None]
"""For either wire what a block's first or last one-qubit unitaries are multiplied into: the cut there; the identity if
other gates stand between; None if they cost nothing, because there are no gates beyond."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A block and what is written in its place."""

    block: Block
    layers: Layers


def replacements_of(segments: Segments) -> list[Replacement]:
    """Replacements that have no gate and no cut in common. Each saves gates, and neither wire gets more cuts."""
    chooser = _Chooser(segments)
    for length in _LENGTHS:
        found = chooser.runs.of_length(length)
        for start in range(0, len(found), _CHUNK):
            chooser.consider(found[start : start + _CHUNK])
    return chooser.chosen


def _may_shrink(runs: Runs, found: NDArray[np.int64], unitaries: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Whether fewer gates could do, by tests that are quick and never wrong when they say no.

    Two gates with a cut of one wire between are a controlled gate; with cuts of both, only two CZ can be one gate and a
    SWAP, and then two coordinates are π/4. Two gates do for three if a coordinate is zero, with or without SWAP. Three
    always do for four.
    """
    if found.shape[1] == 4:
        return np.ones(len(found), dtype=np.bool_)
    traces = class_traces(unitaries)
    if found.shape[1] == 3:
        return np.minimum(np.abs(traces.real), np.abs(traces.imag)) < _LOOSE
    one_wire: NDArray[np.bool_] = (runs.side[:, found[:, 0]] == runs.side[:, found[:, 1]]).any(axis=0)
    two_cz = (np.abs(np.abs(runs.angle[found]) - math.pi) < _LOOSE).all(axis=1)
    return one_wire | (two_cz & (np.abs(traces) < _LOOSE))


class _Chooser:
    """Takes replacements as they come, if nothing taken before stands in their way."""

    def __init__(self, segments: Segments) -> None:
        self.runs = Runs(segments)
        self.chosen: list[Replacement] = []
        self._unitaries = segments.unitaries
        self._cut_row = plain_cuts(segments).tolist()
        self._following: list[int] = segments.following.tolist()
        self._num_gates: list[int] = segments.gates_per_segment.tolist()
        self._used_gates: set[int] = set()
        self._used_cuts: set[int] = set()

    def consider(self, found: NDArray[np.int64]) -> None:
        """Choose among runs of one length, those that save most first."""
        unitaries = self.runs.unitaries(found)
        hopeful = _may_shrink(self.runs, found, unitaries)
        found, forms = found[hopeful], canonical_forms(unitaries[hopeful])
        for row in np.argsort(forms.fewest, kind="stable").tolist():
            if forms.fewest[row] < found.shape[1] and self._used_gates.isdisjoint(found[row].tolist()):
                self._consider_run(found[row], forms, row)

    def _consider_run(self, run: NDArray[np.int64], forms: CanonicalForms, row: int) -> None:
        block = self.runs.block(run)
        touched = self._touched(block) if block else []
        if block and self._used_cuts.isdisjoint(touched):
            layers = self._best_layers(block, forms, row)
            if layers:
                self.chosen.append(Replacement(block, layers))
                self._used_gates.update(run.tolist())
                self._used_cuts.update(touched)

    def _best_layers(self, block: Block, forms: CanonicalForms, row: int) -> Layers | None:
        """Of the ways to write a block with fewest gates, one with fewest cuts; None if a wire would gain cuts."""
        heads = self._ends(block, 0)
        tails = self._ends(block, -1)
        present = sorted(
            side[-1] - side[0] + _is_cut(head) + _is_cut(tail)
            for side, head, tail in zip(block.sides, heads, tails, strict=True)
        )
        best, fewest = None, math.inf
        for found in forms.layers(row):
            layers = _steadied(found, heads, tails)
            cuts = sorted(_cuts(layers, heads, tails))
            if sum(cuts) < fewest and cuts[0] <= present[0] and cuts[1] <= present[1] and may_stand(block, layers):
                best, fewest = layers, sum(cuts)
        return best

    def _ends(self, block: Block, end: int) -> _Ends:
        """What stands before (end 0) or behind (end -1) a block."""
        first, second = (
            self._cut(side[end] if end == 0 else self._following[side[end]]) if self._is_alone(side, end) else IDENTITY
            for side in block.sides
        )
        return first, second

    def _touched(self, block: Block) -> list[int]:
        """The segments whose opening cuts vanish or may change with the block."""
        ends = [side[0] for side in block.sides if self._is_alone(side, 0)]
        ends += [side[-1] + 1 for side in block.sides if self._is_alone(side, -1)]
        return [*block.crossed, *ends]

    def _is_alone(self, side: tuple[int, ...], end: int) -> bool:
        """Whether a block's first or last segment on a wire has no gates but the block's."""
        return side.count(side[end]) == self._num_gates[side[end]]

    def _cut(self, segment: int) -> Matrix2 | None:
        """The unconditional cut that opens a segment, or None."""
        if segment < 0 or self._cut_row[segment] < 0:
            return None
        a, b, c, d = self._unitaries[self._cut_row[segment]].tolist()
        return a, b, c, d


def may_stand(block: Block, layers: Layers) -> bool:
    """Whether a wire that the block does not cut stays so: the block has been moved past other gates there."""
    return all(
        side[0] != side[-1] or (not layers.exchange and not any(_is_cut(turn[wire]) for turn in layers.turns))
        for wire, side in enumerate(block.sides)
    )


def _cuts(layers: Layers, heads: _Ends, tails: _Ends) -> tuple[int, int]:
    """How many times either wire is cut, from what stands before to what stands behind."""
    first, second = (
        _cuts_of_wire([turn[wire] for turn in layers.turns], heads[wire], tails[wire ^ layers.exchange])
        for wire in (0, 1)
    )
    return first, second


def _cuts_of_wire(turns: list[Matrix2], head: Matrix2 | None, tail: Matrix2 | None) -> int:
    if head:
        turns[0] = multiply(turns[0], head)
    if tail:
        turns[-1] = multiply(tail, turns[-1])
    return sum(_is_cut(turn) for turn in turns[not head : len(turns) - (not tail)])


def _is_cut(matrix: Matrix2 | None) -> bool:
    """Whether CP gates on both sides of a unitary do not meet."""
    return matrix is not None and not (is_diagonal(matrix) or is_antidiagonal(matrix))


def _steadied(layers: Layers, heads: _Ends, tails: _Ends) -> Layers:
    """A single weak gate in a frame without noise.

    The weaker a gate, the less a unitary says about the gate's axes: for CP(π/2^40) only four digits. So an axis within
    that noise of x, y or z is taken to be x, y or z, which lets cuts cancel.
    """
    angle = abs(math.remainder(layers.angles[0], 2 * math.pi)) if len(layers.angles) == 1 else math.inf
    if angle > _WEAK:
        return layers
    first, last = list(layers.turns[0]), list(layers.turns[1])
    for wire in (0, 1):
        head, tail = heads[wire] or IDENTITY, tails[wire ^ layers.exchange] or IDENTITY
        both = multiply(last[wire], first[wire])
        if plain := _without_noise(multiply(first[wire], head), angle):
            first[wire] = multiply(plain, adjoint(head))
            last[wire] = multiply(both, adjoint(first[wire]))
        elif plain := _without_noise(adjoint(multiply(tail, last[wire])), angle):
            last[wire] = adjoint(multiply(plain, tail))
            first[wire] = multiply(adjoint(last[wire]), both)
    return Layers(((first[0], first[1]), (last[0], last[1])), layers.angles, layers.exchange)


def _without_noise(matrix: Matrix2, angle: float) -> Matrix2 | None:
    """A unitary that takes the z, y or x axis to z, and that a gate of this angle cannot tell from the matrix."""
    for frame in reversed(FRAMES):
        a, b, c, d = multiply(matrix, frame)
        if abs(b) * angle < _NOISE and abs(b) < abs(a):
            return multiply((a / abs(a), 0, 0, d / abs(d)), adjoint(frame))
        if abs(a) * angle < _NOISE and abs(a) < abs(b):
            return multiply((0, b / abs(b), c / abs(c), 0), adjoint(frame))
    return None
