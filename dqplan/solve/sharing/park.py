"""Copies parked in free data qubits, so that comm qubits suffice although every event keeps its place."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.core.share import NOT_PARKED, Share
from dqplan.solve.network import Network
from dqplan.solve.sharing.occupancy import occupancy_of


def parked(
    segments: Segments, network: Network, home: NDArray[np.int16], shares: Sequence[Share]
) -> tuple[Share, ...] | None:
    """The same shares, some of them parked, within the limits on comm and data qubits; None if none were found.

    Where a comm qubit is missing, the copy that is needed longest of those that fit is parked. Sorts once; otherwise
    linear in the number of shares for a fixed number of comm qubits and moves in the life of a share.

    Args:
        segments: the normal form that `home` and `shares` refer to.
        network: with the limits.
        home: int16 (num_segments,), module indices.
        shares: ordered by `begin`, none of them parked.
    """
    lot = _Lot(segments, network, home, shares)
    for number in range(len(shares)):
        if not lot.make(number):
            return None
    return tuple(replace(share, parked=before) for share, before in zip(shares, lot.before, strict=True))


class _Lot:
    """The copies of every module, by number of their share, in comm and in data qubits."""

    def __init__(self, segments: Segments, network: Network, home: NDArray[np.int16], shares: Sequence[Share]) -> None:
        self.network = network
        self.shares = shares
        self.before = [NOT_PARKED] * len(shares)
        self.comm: list[set[int]] = [set() for _ in range(network.size)]
        self.data: list[set[int]] = [set() for _ in range(network.size)]
        self.ends: list[tuple[int, int]] = []
        self.homes = occupancy_of(segments, home, network.size)

    def make(self, number: int) -> bool:
        """Make a share, after what must be parked for it; False if that does not fit."""
        share = self.shares[number]
        while self.ends and self.ends[0][0] < share.begin:
            self._end(heapq.heappop(self.ends)[1])
        for place, module in enumerate(share.route):
            wanted = 1 if place in (0, len(share.route) - 1) else 2
            while len(self.comm[module]) + wanted > self.network.comm[module]:
                if not self._park_one(module, number):
                    return False
        self.comm[share.target].add(number)
        heapq.heappush(self.ends, (share.end, number))
        return True

    def _end(self, number: int) -> None:
        module = self.shares[number].target
        self.comm[module].discard(number)
        self.data[module].discard(number)

    def _park_one(self, module: int, number: int) -> bool:
        """Park the copy with the latest end that has a data qubit for so long."""
        free = int(self.network.capacity[module]) - len(self.data[module])
        now = self.shares[number].begin
        for copy in sorted(self.comm[module], key=lambda copy: (-self.shares[copy].end, copy)):
            share = self.shares[copy]
            last = share.end - 1 if share.teleport else share.end  # behind that, it is at home
            if self.homes.most(module, now, last) < free:
                self.comm[module].remove(copy)
                self.data[module].add(copy)
                self.before[copy] = number
                return True
        return False
