"""Which blocks of gates on a pair of wires to write with fewer gates, and how."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.blocks import Block, Runs
from dqplan.core.gates import Matrix2, adjoint, multiply
from dqplan.core.normaliser import IDENTITY, is_antidiagonal, is_diagonal
from dqplan.core.segments import Kind, Segments
from dqplan.core.two_qubit import FRAMES, CanonicalForms, Layers, canonical_forms, class_traces

_LENGTHS = (2, 3, 4)
"""Gates per block. Any four can be written with three, so that longer blocks shrink to three step by step."""
_CHUNK = 1 << 14
"""Blocks whose matrices are computed at a time."""
_NOISE = 1e-13
"""Deviation of a matrix that counts as the rounding of a dozen products."""
_LOOSE = 1e-9
"""Deviation within which a block is worth a closer look."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A block and what is written in its place."""

    block: Block
    layers: Layers

    @property
    def saved(self) -> int:
        """How many gates fewer."""
        return len(self.block.events) - len(self.layers.angles)


def replacements_of(segments: Segments) -> list[Replacement]:
    """Replacements that have no gate and no cut in common, preferably those that save most."""
    chosen, gates, cuts = [], set[int](), set[int]()
    for candidate in sorted(_candidates(segments), key=lambda found: (-found.saved, found.block.place)):
        touched = _touched(segments, candidate.block)
        if gates.isdisjoint(candidate.block.events) and cuts.isdisjoint(touched):
            chosen.append(candidate)
            gates.update(candidate.block.events)
            cuts.update(touched)
    return chosen


def _candidates(segments: Segments) -> Iterator[Replacement]:
    runs = Runs(segments)
    for length in _LENGTHS:
        found = runs.of_length(length)
        for start in range(0, len(found), _CHUNK):
            part = found[start : start + _CHUNK]
            unitaries = runs.unitaries(part)
            hopeful = _may_shrink(runs, part, unitaries)
            forms = canonical_forms(unitaries[hopeful])
            for row, run in enumerate(part[hopeful]):
                block = runs.block(run)
                layers = block and _best_layers(segments, block, forms, row)
                if block and layers:
                    yield Replacement(block, layers)


def _may_shrink(runs: Runs, found: NDArray[np.int64], unitaries: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Whether fewer gates could do, by tests that are quick and never wrong when they say no.

    Two gates with a cut of one wire between are a controlled gate; with cuts of both, only two CZ can be one gate and a
    SWAP. Two gates do for three if a coordinate is zero, with or without SWAP. Three always do for four.
    """
    if found.shape[1] == 2:
        one_wire = (runs.side[:, found[:, 0]] == runs.side[:, found[:, 1]]).any(axis=0)
        return one_wire | (np.abs(np.abs(runs.angle[found]) - math.pi) < _LOOSE).all(axis=1)
    if found.shape[1] == 3:
        traces = class_traces(unitaries)
        return (np.abs(traces.real) < _LOOSE) | (np.abs(traces.imag) < _LOOSE)
    return np.ones(len(found), dtype=np.bool_)


def _best_layers(segments: Segments, block: Block, forms: CanonicalForms, row: int) -> Layers | None:
    """The fewest gates, then the fewest cuts, for a block; None unless both wires keep or lose cuts."""
    heads, tails = _ends(segments, block)
    present = sorted(_cuts(_layers_of(segments, block), heads, tails))
    best, best_cost = None, (len(block.events), 0)
    for found in forms.layers(row, fewer_than=len(block.events)):
        layers = _steadied(found, heads, tails) if len(found.angles) == 1 else found
        cuts = sorted(_cuts(layers, heads, tails))
        cost = (len(layers.angles), sum(cuts))
        if cost < best_cost and cuts[0] <= present[0] and cuts[1] <= present[1] and _may_stand(block, layers):
            best, best_cost = layers, cost
    return best


def _may_stand(block: Block, layers: Layers) -> bool:
    """Whether a wire that the block does not cut stays so: the block has been moved past other gates there."""
    return all(
        side[0] != side[-1] or (not layers.exchange and not any(_cuts_wire(turn[wire]) for turn in layers.turns))
        for wire, side in enumerate(block.sides)
    )


_Ends = tuple[Matrix2 | None, Matrix2 | None]
"""For either wire the cut that a block's first or last one-qubit unitaries are multiplied into; None: any is free."""


def _ends(segments: Segments, block: Block) -> tuple[_Ends, _Ends]:
    """The cuts before and behind a block; identities where other gates stand between them and the block."""
    heads, tails = [], []
    for side in block.sides:
        behind = int(segments.following[side[-1]])
        heads.append(_cut_matrix(segments, side[0]) if _is_alone(segments, side, side[0]) else IDENTITY)
        tails.append(_cut_matrix(segments, behind) if _is_alone(segments, side, side[-1]) else IDENTITY)
    return (heads[0], heads[1]), (tails[0], tails[1])


def _touched(segments: Segments, block: Block) -> list[int]:
    """The segments whose opening cuts vanish or may change with the block."""
    touched = []
    for side in block.sides:
        touched += range(side[0] + 1, side[-1] + 1)
        if _is_alone(segments, side, side[0]):
            touched.append(side[0])
        if _is_alone(segments, side, side[-1]) and segments.following[side[-1]] >= 0:
            touched.append(side[-1] + 1)
    return touched


def _is_alone(segments: Segments, side: tuple[int, ...], segment: int) -> bool:
    """Whether a segment has no gates but the block's."""
    return bool(segments.gates_per_segment[segment] == side.count(segment))


def _cut_matrix(segments: Segments, segment: int) -> Matrix2 | None:
    """The unconditional cut that opens a segment, or None."""
    opening = int(segments.opening[segment]) if segment >= 0 else -1
    if opening < 0 or segments.kind[opening] != Kind.CUT or segments.condition[opening] >= 0:
        return None
    a, b, c, d = segments.unitaries[segments.unitary[opening]].tolist()
    return a, b, c, d


def _steadied(layers: Layers, heads: _Ends, tails: _Ends) -> Layers:
    """The same single gate in a frame without noise.

    The smaller the angle of a gate, the less a unitary says about the gate's axes: for CP(π/2^40) only four digits. So
    an axis within that noise of x, y or z is taken to be x, y or z, which lets cuts cancel.
    """
    angle = abs(math.remainder(layers.angles[0], 2 * math.pi))
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
    """A unitary that takes the z, y or x axis to z and agrees with the matrix as far as a gate of this angle can tell."""
    for frame in reversed(FRAMES):
        a, b, c, d = multiply(matrix, frame)
        if abs(b) * angle < _NOISE and abs(b) < abs(a):
            return multiply((a / abs(a), 0, 0, d / abs(d)), adjoint(frame))
        if abs(a) * angle < _NOISE and abs(a) < abs(b):
            return multiply((0, b / abs(b), c / abs(c), 0), adjoint(frame))
    return None


def _layers_of(segments: Segments, block: Block) -> Layers:
    """A block as it stands."""
    turns = [(IDENTITY, IDENTITY)]
    for step in range(1, len(block.events)):
        first, second = (
            _cut_matrix(segments, side[step]) if side[step] != side[step - 1] else IDENTITY for side in block.sides
        )
        turns.append((first or IDENTITY, second or IDENTITY))
    turns.append((IDENTITY, IDENTITY))
    return Layers(tuple(turns), tuple(segments.angle[list(block.events)].tolist()))


def _cuts(layers: Layers, heads: _Ends, tails: _Ends) -> tuple[int, int]:
    """How many times either wire is cut, from the cuts before to those behind."""
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
    return sum(_cuts_wire(turn) for turn in turns[not head : len(turns) - (not tail)])


def _cuts_wire(matrix: Matrix2) -> bool:
    return not (is_diagonal(matrix) or is_antidiagonal(matrix))
