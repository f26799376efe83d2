"""Static placement without Mt-KaHyPar: greedy blocks, then moves and exchanges of wires, in plain numpy and scipy.

Worse than Mt-KaHyPar, for platforms that have no wheel of it and for searches whose time is up. Wires are the vertices
of a graph; blocks grow around tightly connected wires, and then wires are moved and exchanged as long as the cut gets
lighter (Kernighan & Lin, Bell System Technical Journal 49, 1970).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dqplan.core.segments import Segments
from dqplan.solve.static.partition import Blocks, Seed
from dqplan.solve.stop import Clock

_CANDIDATES = 8
"""How many wires of either block are looked at for an exchange."""


def plain_blocks(segments: Segments, rooms: list[int], seed: Seed, clock: Clock) -> Blocks:
    """Blocks with room for `rooms` wires each; every gate is put into the block of its first wire.

    When the time is up, blocks stay as they have grown.
    """
    weight = _affinity(segments)
    block = _greedy(weight, rooms, np.random.default_rng(seed))
    _Exchange(weight, block, np.array(rooms)).run(clock)
    return Blocks(block, block[segments.wire[segments.gate_pairs[:, 0]]])


def _affinity(segments: Segments) -> csr_array:
    """How much is saved if two wires share a module: each gate's part of the two e-bits that its segments may cost."""
    pairs = segments.gate_pairs
    weight = (1 / segments.gates_per_segment[pairs]).sum(axis=1)
    wires = segments.wire[pairs]
    ends = np.concatenate([wires, wires[:, ::-1]])
    shape = (segments.num_wires, segments.num_wires)
    return csr_array((np.tile(weight, 2), (ends[:, 0], ends[:, 1])), shape=shape)


def _greedy(weight: csr_array, rooms: list[int], random: np.random.Generator) -> NDArray[np.int16]:
    """Fill the blocks one after the other, always with the wire that is most connected to what the block holds."""
    wires = weight.shape[0]
    block = np.full(wires, -1, dtype=np.int16)
    for number, room in enumerate(rooms):
        pull = random.random(wires) * 1e-6
        for _ in range(min(room, int((block < 0).sum()))):
            wire = int(np.argmax(np.where(block < 0, pull, -1.0)))
            block[wire] = number
            row = slice(weight.indptr[wire], weight.indptr[wire + 1])
            pull[weight.indices[row]] += weight.data[row]
    return block


@dataclass
class _Exchange:
    """Moves and exchanges of wires that make the cut lighter, best ones first."""

    weight: csr_array
    block: NDArray[np.int16]
    rooms: NDArray[np.int64]

    def run(self, clock: Clock) -> None:
        """Change `block` until no move or exchange helps, or as many were made as there are wires, twice."""
        blocks = len(self.rooms)
        member = np.eye(blocks)[self.block]
        self.pull = self.weight @ member
        self.free = self.rooms - np.bincount(self.block, minlength=blocks)
        for _ in range(2 * len(self.block)):
            if clock.expired or (not self._move() and not self._exchange()):
                return

    def _gains(self) -> NDArray[np.float64]:
        """What moving each wire to each block saves, shape (wires, blocks)."""
        own = np.take_along_axis(self.pull, self.block[:, None].astype(np.int64), axis=1)
        return np.asarray(self.pull - own)

    def _move(self) -> bool:
        gains = np.where(self.free > 0, self._gains(), 0.0)
        wire, target = divmod(int(np.argmax(gains)), len(self.rooms))
        if gains[wire, target] <= 1e-9:
            return False
        self._put(wire, target)
        return True

    def _exchange(self) -> bool:
        gains = self._gains()
        best, pair = 1e-9, None
        for a, b in combinations(range(len(self.rooms)), 2):
            for u in self._leaving(gains, a, b):
                for v in self._leaving(gains, b, a):
                    saved = gains[u, b] + gains[v, a] - 2 * self.weight[u, v]
                    if saved > best:
                        best, pair = saved, (u, v)
        if pair is None:
            return False
        u, v = pair
        before = int(self.block[u]), int(self.block[v])
        self._put(u, before[1])
        self._put(v, before[0])
        return True

    def _leaving(self, gains: NDArray[np.float64], source: int, target: int) -> list[int]:
        """The wires of a block that would gain most by going to another one."""
        members = np.flatnonzero(self.block == source)
        order = np.argsort(-gains[members, target], kind="stable")
        return [int(wire) for wire in members[order[:_CANDIDATES]]]

    def _put(self, wire: int, target: int) -> None:
        source = int(self.block[wire])
        row = slice(self.weight.indptr[wire], self.weight.indptr[wire + 1])
        self.pull[self.weight.indices[row], source] -= self.weight.data[row]
        self.pull[self.weight.indices[row], target] += self.weight.data[row]
        self.free[source] += 1
        self.free[target] -= 1
        self.block[wire] = target
