"""Cores: places and stretches of time where so many qubits work with so many others that some must be copied.

In a QFT every two wires meet. Wires on which no e-bit is spent are then all in one module, so that all but as many as
it holds have to pay. The same holds within a stretch of time, and with fewer gates as long as the wires hang together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.core.slices import slice_ends

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Core:
    """Blocks that are well connected, one on each of some wires, around the end of a time slice.

    Attributes:
        moment: row of `slice_ends`.
        first, last: segments with which the blocks begin and end, shape (n,).
        connectivity: any two blocks without a gate have so many common neighbours; at most n.
        ebits: what follows for the core alone.
    """

    moment: int
    first: Ints
    last: Ints
    connectivity: int
    ebits: int

    @cached_property
    def inside(self) -> Ints:
        """All segments of all blocks."""
        return np.concatenate([np.arange(a, b + 1) for a, b in zip(self.first, self.last, strict=True)])


class CoreFinder:
    """Looks for cores between two points of time, which are counted in cuts."""

    def __init__(self, segments: Segments, capacity: int) -> None:
        self.segments = segments
        self.capacity = capacity
        self.pairs = segments.gate_pairs.astype(np.int64)
        self.wires = segments.wire[self.pairs]
        self.states = _states(segments)
        self.moments = _places(self.states, slice_ends(segments))

    def found(self, most: int) -> Iterator[Core]:
        """Cores in the shortest stretches of time, from about so many different starts."""
        if most == 0:
            return
        last = len(self.states) - 1
        most_ebits, earliest = 0, last + 1
        for begin in range(last, -1, -max(1, -(-last // most))):
            moment = int(np.searchsorted(self.moments, begin))
            if moment == len(self.moments):
                continue
            core, end = self._shortest(begin, moment)
            if core is not None and (core.ebits > most_ebits or end < earliest):
                most_ebits, earliest = core.ebits, end
                yield core

    def _shortest(self, begin: int, moment: int) -> tuple[Core | None, int]:
        """The best core that begins there, and the earliest end that it can have."""
        low, high = int(self.moments[moment]), len(self.states) - 1
        best = self.core(begin, high, moment)
        while best is not None and low < high:
            middle = (low + high) // 2
            core = self.core(begin, middle, moment)
            if core is not None and core.ebits >= best.ebits:
                best, high = core, middle
            else:
                low = middle + 1
        return best, high

    def core(self, begin: int, end: int, moment: int) -> Core | None:
        """The core of wires between two points of time that proves most, found by leaving out the loosest wire."""
        first, last = self.states[begin], self.states[end]
        wires, connectivity = _peeled(self._joined(first, last), np.flatnonzero(~self._interrupted(first, last)))
        sizes = np.arange(1, len(wires) + 1)
        ebits = np.minimum(connectivity, sizes - self.capacity)
        if ebits.max(initial=0) <= 0:
            return None
        size = int(np.argmax(ebits)) + 1
        wires = wires[:size]
        return Core(moment, first[wires], last[wires], int(connectivity[size - 1]), int(ebits[size - 1]))

    def _joined(self, first: Ints, last: Ints) -> NDArray[np.bool_]:
        """Which wires have a gate between two points of time, shape (n, n)."""
        within = ((self.pairs >= first[self.wires]) & (self.pairs <= last[self.wires])).all(axis=1)
        a, b = self.wires[within].T
        joined = np.zeros((len(first), len(first)), dtype=np.bool_)
        joined[a, b] = joined[b, a] = True
        return joined

    def _interrupted(self, first: Ints, last: Ints) -> NDArray[np.bool_]:
        """Which wires are reset between two points of time."""
        resets = np.append(0, np.cumsum(self.segments.fresh))
        return np.asarray(resets[last + 1] > resets[first + 1])


def _peeled(joined: NDArray[np.bool_], wires: Ints) -> tuple[Ints, Ints]:
    """Wires in an order that puts the best joined first, and how well the first, the first two, … are connected.

    Adding a vertex with d neighbours to a graph that is connected after deleting any fewer than c vertices leaves it
    so for the smaller of c and d; without two vertices being joined, their common neighbours join them.
    """
    order, degrees, common = [], [], []
    while len(wires):
        inner = joined[np.ix_(wires, wires)]
        loosest = int(np.argmin(inner.sum(axis=1)))
        order.append(int(wires[loosest]))
        degrees.append(int(inner[loosest].sum()))
        common.append(_fewest_common(inner))
        wires = np.delete(wires, loosest)
    connectivity = [0]
    for degree, shared in zip(reversed(degrees), reversed(common), strict=True):
        connectivity.append(max(shared, min(degree, connectivity[-1])))
    return np.array(order[::-1], dtype=np.int64), np.array(connectivity[1:], dtype=np.int64)


def _fewest_common(joined: NDArray[np.bool_]) -> int:
    """The fewest common neighbours of two vertices that are not joined; the number of vertices if all are."""
    apart = ~joined
    np.fill_diagonal(apart, False)
    if not apart.any():
        return len(joined)
    common = joined.astype(np.float32) @ joined.astype(np.float32)
    return int(common[apart].min())


def _states(segments: Segments) -> Ints:
    """The current segment of each wire at the start and after each cut, shape (cuts + 1, num_wires)."""
    opened = np.flatnonzero(segments.opening >= 0)
    opened = opened[np.argsort(segments.opening[opened])]
    states = np.zeros((len(opened) + 1, segments.num_wires), dtype=np.int64)
    states[0] = segments.first
    states[np.arange(1, len(opened) + 1), segments.wire[opened]] = opened
    return np.asarray(np.maximum.accumulate(states, axis=0))


def _places(states: Ints, ends: Ints) -> Ints:
    """In which state each slice ends: the more segments have begun, the later."""
    return np.asarray(np.searchsorted(states.sum(axis=1), ends.sum(axis=1)))
