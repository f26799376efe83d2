"""Blocks: a few gates on one pair of wires that can be pushed together, past all that commutes with them.

Gates of a segment commute, so a block's other neighbours decide: what else happens in the segments with which it begins
moves in front of it, what else happens in the segments with which it ends moves behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Kind, Segments

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Block:
    """Gates on one pair of wires, in time order, with only cuts of these wires between them.

    Attributes:
        events: the gates, as numbers of events.
        sides: for either wire, the segment of each gate.
        place: number of the event behind which the whole block may stand.
    """

    events: tuple[int, ...]
    sides: tuple[tuple[int, ...], tuple[int, ...]]
    place: int

    @property
    def crossed(self) -> list[int]:
        """The segments that begin inside the block."""
        return [segment for side in self.sides for segment in range(side[0] + 1, side[-1] + 1)]


class Runs:
    """Which gate comes before which on the same pair of wires, with at most one cut of either wire between them."""

    def __init__(self, segments: Segments) -> None:
        self.segments = segments
        self._collect_contents()
        gates = self._mergeable_gates()
        self.event = gates
        self.angle = segments.angle[gates]
        self.side = np.stack([segments.segment[gates], segments.other[gates]]).astype(np.int64)
        self.before = self._predecessors()

    def _collect_contents(self) -> None:
        """All events by segment, in order; a segment's own opening is not among its contents."""
        segments, gates = self.segments, self.segments.gates
        event = np.concatenate([np.arange(segments.num_events), gates])
        segment = np.concatenate([segments.segment, segments.other[gates]])
        order = np.lexsort((event, segment))
        self.contents = event[order]
        bounds = np.searchsorted(segment[order], np.arange(segments.num_segments + 1))
        self.start, self.end = bounds[:-1] + (segments.opening >= 0), bounds[1:]

    def _mergeable_gates(self) -> NDArray[np.int64]:
        """Gates without condition that stand before any flip in their segments; no two of them join the same two."""
        segments, flips = self.segments, self._first_flips()
        gates = segments.gates[segments.condition[segments.gates] < 0]
        before_flips: NDArray[np.bool_] = gates < np.minimum(
            flips[segments.segment[gates]], flips[segments.other[gates]]
        )
        return gates[before_flips]

    def _first_flips(self) -> NDArray[np.int64]:
        """For each segment, its first event that does not commute with its gates: a LOCAL that is not diagonal."""
        segments = self.segments
        local = np.flatnonzero(segments.kind == Kind.LOCAL)
        local = local[np.abs(segments.unitaries[segments.unitary[local], 1]) > 0.5]
        flips = np.full(segments.num_segments, _NEVER)
        np.minimum.at(flips, segments.segment[local], local)
        return flips

    def _predecessors(self) -> NDArray[np.int64]:
        """For each gate, the one before it on the same pair of wires: as near as possible, -1 if there is none."""
        segments, (a, b) = self.segments, self.side
        key = a * segments.num_segments + b
        order = np.argsort(key)
        crossable = self._crossable()
        before = np.full(len(key), -1)
        for back in ((1, 1), (0, 1), (1, 0)):
            wanted = (a - back[0]) * segments.num_segments + b - back[1]
            place = np.minimum(np.searchsorted(key, wanted, sorter=order), len(key) - 1)
            legal = (crossable[a] | (not back[0])) & (crossable[b] | (not back[1]))
            found = legal & (key[order[place]] == wanted) if len(key) else legal
            before[found] = order[place[found]]
        return before

    def _crossable(self) -> NDArray[np.bool_]:
        """Whether a segment begins with an unconditional cut, and the one before it has no flip."""
        crossable = plain_cuts(self.segments) >= 0
        crossable[1:] &= self._first_flips()[:-1] == _NEVER
        return crossable

    def of_length(self, length: int) -> NDArray[np.int64]:
        """All runs of so many gates with nothing else in their inner segments: rows of gates, in time order."""
        run = np.arange(len(self.event))[:, None]
        for _ in range(length - 1):
            first = self.before[run[:, 0]]
            run = np.concatenate([first[:, None], run], axis=1)[first >= 0]
        for side in self.side:
            segments = side[run]
            inner = (segments != segments[:, :1]) & (segments != segments[:, -1:])
            own = (segments[:, :, None] == segments[:, None, :]).sum(axis=2)
            run = run[((self.end - self.start)[segments] == own).all(axis=1, where=inner)]
        return run

    def block(self, run: NDArray[np.int64]) -> Block | None:
        """The run as a block, if there is a place where it may stand."""
        events = tuple(self.event[run].tolist())
        place, until = events[0], self.segments.num_events
        sides = tuple(tuple(side[run].tolist()) for side in self.side)
        for side in sides:
            if side[0] != side[-1]:
                place = max(place, next(self._others(side[0], events, backwards=True), -1))
                until = min(until, next(self._others(side[-1], events), until))
        return Block(events, (sides[0], sides[1]), place) if place < until else None

    def unitaries(self, runs: NDArray[np.int64]) -> NDArray[np.complex128]:
        """What runs do to their pair of qubits, the lower wire first, shape (n, 4, 4), from first to last gate."""
        total = _phases(self.angle[runs[:, 0]]) * np.eye(4)
        for step in range(1, runs.shape[1]):
            cuts = [self._turns(side[runs[:, step - 1]], side[runs[:, step]]) for side in self.side]
            turn = np.einsum("nij,nkl->nikjl", *cuts).reshape(-1, 4, 4)
            total = _phases(self.angle[runs[:, step]]) * (turn @ total)
        return total

    def _turns(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.complex128]:
        """The cuts between segments of the same wires, identities where both are the same, shape (n, 2, 2)."""
        turns = np.tile(np.eye(2, dtype=np.complex128), (len(before), 1, 1))
        crossed = before != after
        rows = self.segments.unitary[self.segments.opening[after[crossed]]]
        turns[crossed] = self.segments.unitaries[rows].reshape(-1, 2, 2)
        return turns

    def _others(self, segment: int, events: tuple[int, ...], *, backwards: bool = False) -> Iterator[int]:
        """The other contents of a segment, in either order."""
        places = range(self.start[segment], self.end[segment])
        for place in reversed(places) if backwards else places:
            if self.contents[place] not in events:
                yield int(self.contents[place])


def _phases(angles: NDArray[np.float64]) -> NDArray[np.complex128]:
    """The diagonals of CP gates as columns, shape (n, 4, 1)."""
    diagonals = np.ones((len(angles), 4, 1), dtype=np.complex128)
    diagonals[:, 3, 0] = np.exp(1j * angles)
    return diagonals


def plain_cuts(segments: Segments) -> NDArray[np.int64]:
    """For each segment the row in `unitaries` of the unconditional cut that opens it, else -1; shape (s,)."""
    rows = np.full(segments.num_segments, -1)
    opened = np.flatnonzero(segments.opening >= 0)
    cuts = segments.opening[opened]
    plain = (segments.kind[cuts] == Kind.CUT) & (segments.condition[cuts] < 0)
    rows[opened[plain]] = segments.unitary[cuts[plain]]
    return rows
