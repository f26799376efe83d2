"""Finds inequalities of `core.certificate` that given weights of chains do not satisfy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.core.slices import slice_ends
from dqplan.solve.bounds.cores import Core

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_STEP = 1e-7
"""Added to each step of a path, so that of equally light paths the shorter is taken."""


@dataclass(frozen=True, eq=False)
class Found:
    """An inequality, times its connectivity so that all its numbers are whole.

    Attributes:
        core: what it grows from.
        blocks: (b, 3), first and last segment and parent of each.
        chains, coefficients: the left-hand side.
        bound: the right-hand side.
    """

    core: Core
    blocks: Ints
    chains: Ints
    coefficients: Ints
    bound: int

    def slack(self, weights: Floats) -> float:
        """By how much it is satisfied, as a fraction of its right-hand side; negative if it is not."""
        return float(self.coefficients @ weights[self.chains]) / self.bound - 1

    def spread_over(self, chains: Ints) -> Ints:
        """The coefficient of each segment, given the chain of each: that of its chain."""
        of_chain = np.zeros(int(chains.max()) + 1, dtype=np.int64)
        of_chain[self.chains] = self.coefficients
        return np.asarray(of_chain[chains])


class Separator:
    """The graph of segments, and what may hang together in it."""

    def __init__(self, segments: Segments, chains: Ints, capacity: int, cores: Sequence[Core], moments: Ints) -> None:
        """Prepare the search.

        Args:
            segments: the circuit.
            chains: the chain of each segment, numbered from 0.
            capacity: the most qubits that one module holds.
            cores: what trees grow from.
            moments: rows of `slice_ends`, at which trees grow from each single segment, too.
        """
        self.num_segments = segments.num_segments
        self.chains = chains
        self.capacity = capacity
        self.edges = _edges(segments)
        self.ends = slice_ends(segments)
        self.cores = cores
        self.singles = [[Core(m, s[None], s[None], 1, 0) for s in self.ends[m]] for m in moments.tolist()]
        self._chains_of: dict[Core, list[Ints]] = {}

    def alone(self, core: Core) -> Found:
        """What follows for a core without trees."""
        return self._inequality(core, _Forest(core), len(core.first) - self.capacity)

    def violated(self, weights: Floats, tolerance: float) -> list[Found]:
        """Inequalities that are violated by more than a fraction, those that are violated most first."""
        grown = (self._grown(weights, *paths) for paths in self._paths(weights))
        found = [(row.slack(weights), place, row) for place, row in enumerate(grown) if row is not None]
        return [row for slack, _, row in sorted(found) if slack < -tolerance]

    def _paths(self, weights: Floats) -> Iterator[tuple[Core, Floats, NDArray[np.int32]]]:
        """For each core, how light a path leads to each segment, and the segment before it on the path."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        steps = weights[self.chains][self.edges[1]] + _STEP
        graph = csr_array((steps, (self.edges[0], self.edges[1])), shape=(self.num_segments, self.num_segments))
        for core in self.cores:
            yield core, *dijkstra(graph, indices=core.inside, min_only=True, return_predecessors=True, limit=1.0)[:2]
        for singles in self.singles:
            starts = np.concatenate([single.first for single in singles])
            yield from zip(singles, *dijkstra(graph, indices=starts, return_predecessors=True, limit=1.0), strict=True)

    def _grown(self, weights: Floats, core: Core, distance: Floats, before: NDArray[np.int32]) -> Found | None:
        """The core with paths to all current segments for which the left-hand side grows by less than the right."""
        base = float(weights[self.chains[core.inside]].sum()) / core.connectivity
        current = self.ends[core.moment]
        near = current[distance[current] < max(_STEP, 1 - base)]
        if len(near) <= self.capacity:
            return None
        forest = _Forest(core)
        for place in near.tolist():
            forest.reach(place, before)
        return self._inequality(core, forest, len(near) - self.capacity)

    def _touched(self, core: Core) -> list[Ints]:
        """The chains in each block of a core; the cores are few, and come again in every round."""
        if core not in self._chains_of:
            blocks = zip(core.first.tolist(), core.last.tolist(), strict=True)
            self._chains_of[core] = [np.unique(self.chains[first : last + 1]) for first, last in blocks]
        return self._chains_of[core]

    def _inequality(self, core: Core, forest: _Forest, surplus: int) -> Found:
        blocks, size = np.array(forest.blocks), np.array(forest.size)
        coefficient = core.connectivity * size
        roots = blocks[:, 2] < 0
        coefficient[roots] = np.maximum(coefficient[roots], surplus)
        bound = core.connectivity * surplus
        sums = np.zeros(int(self.chains.max()) + 1)
        np.add.at(sums, self.chains[blocks[~roots, 0]], coefficient[~roots])
        for chains, value in zip(self._touched(core), coefficient[roots].tolist(), strict=True):
            sums[chains] += value
        chains = np.flatnonzero(sums)
        return Found(core, blocks, chains, np.minimum(sums[chains], bound).astype(np.int64), bound)


class _Forest:
    """A core and the trees that grow from it.

    Attributes:
        blocks: first and last segment and parent of each block; those of the core come first and have parent -1.
        size: how many reached places are in each block or in what grows from it.
    """

    def __init__(self, core: Core) -> None:
        self.blocks = [(first, last, -1) for first, last in zip(core.first.tolist(), core.last.tolist(), strict=True)]
        self.size = [1] * len(self.blocks)
        self.roots = range(len(self.blocks))
        self.block_of = {s: block for block, (first, last, _) in enumerate(self.blocks) for s in range(first, last + 1)}

    def reach(self, place: int, before: NDArray[np.int32]) -> None:
        """Add the path to a segment, unless it is in the core."""
        if self.block_of.get(place, len(self.roots)) in self.roots:
            return
        path = []
        while place not in self.block_of:
            path.append(place)
            place = int(before[place])
        block = self.block_of[place]
        for place in reversed(path):
            self.blocks.append((place, place, block))
            self.size.append(0)
            block = self.block_of[place] = len(self.blocks) - 1
        while block >= 0:
            self.size[block] += 1
            block = self.blocks[block][2]


def _edges(segments: Segments) -> Ints:
    """Segments with a gate, and those that follow each other on a wire, both ways round; shape (2, edges)."""
    following = segments.following
    goes_on = np.flatnonzero((following >= 0) & ~segments.fresh[following])
    pairs = np.concatenate([segments.gate_pairs, np.stack([goes_on, goes_on + 1], axis=1)]).astype(np.int64)
    pairs = np.unique(pairs, axis=0)
    return np.concatenate([pairs, pairs[:, ::-1]]).T
