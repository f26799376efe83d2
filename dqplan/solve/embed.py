"""Embedding: which stretches copies live through, chosen for homes that are found already.

A stretch is bridged if that saves e-bits: its gates then run at its home, and every copy that its qubit has both before
and behind lives through it where all partners are present (Wu et al., arXiv:2212.12688, section on embedding). Each
choice is weighed exactly, with all that it changes; the choices are made one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dqplan.core.embedding import bridgeable
from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, handed_on, presence


def embed(segments: Segments, network: Network, placement: Placement) -> Placement:
    """A placement with the same homes that costs no more e-bits, where copies may live through stretches.

    Linear in the number of gates.
    """
    stretches = _candidates(segments, network, placement)
    if not stretches:
        return placement
    bridging = _Bridging(segments, network, placement, stretches)
    for stretch in stretches:
        bridging.try_stretch(stretch)
    return Placement(placement.home, np.array(bridging.host, dtype=np.int16), tuple(sorted(bridging.bridged)))


def _candidates(segments: Segments, network: Network, placement: Placement) -> list[int]:
    """Stretches whose qubit stays at home, with copies in some other module both before and behind."""
    found, home = np.flatnonzero(bridgeable(segments)), placement.home
    found = found[(home[found - 1] == home[found]) & (home[found] == home[found + 1])]
    present = presence(segments, network, placement)
    both = present[found - 1] & present[found + 1]
    kept: list[int] = found[both.sum(axis=1) > 1].tolist()
    return kept


class _Bridging:
    """Homes, hosts and bridged stretches, and what segments cost by them."""

    def __init__(self, segments: Segments, network: Network, placement: Placement, stretches: list[int]) -> None:
        """`stretches` are all that may be bridged, and those that are."""
        self.network = network
        self.home: list[int] = placement.home.tolist()
        self.host: list[int] = placement.host.tolist()
        self.bridged: set[int] = set(placement.bridged)
        self.reasons = _reasons(segments, network, placement)
        self.gates: dict[int, list[tuple[int, int]]] = {stretch: [] for stretch in stretches}
        """By stretch: its gates, each with the segment of its partner."""
        self.leaning: defaultdict[int, set[int]] = defaultdict(set)
        """By segment: the stretches through which copies live only where this segment's qubit is present."""
        for stretch in stretches:
            for neighbour in (stretch - 1, stretch + 1):
                self.leaning[neighbour].add(stretch)
        for gate, pair in enumerate(segments.gate_pairs.tolist()):
            for mine, partner in (pair, pair[::-1]):
                if mine in self.gates:
                    self.gates[mine].append((gate, partner))
                    self.leaning[partner].add(mine)

    def try_stretch(self, stretch: int) -> None:
        """Bridge a stretch if that saves e-bits."""
        gates, home = self.gates[stretch], self.home[stretch]
        partners = {partner for _, partner in gates}
        if self.bridged & {stretch - 1, stretch, stretch + 1, *partners}:
            return
        touched = self._touched({stretch, *partners}) | {stretch + 1}
        before, hosts = self._ebits(touched), [self.host[gate] for gate, _ in gates]
        self._run_at(stretch, [home] * len(gates))
        self.bridged.add(stretch)
        if self._ebits(touched) >= before:
            self.bridged.remove(stretch)
            self._run_at(stretch, hosts)

    def _run_at(self, stretch: int, hosts: list[int]) -> None:
        """Move the gates of a stretch."""
        for (gate, partner), module in zip(self.gates[stretch], hosts, strict=True):
            for segment in (stretch, partner):
                self.reasons[segment, self.host[gate]] -= 1
                self.reasons[segment, module] += 1
            self.host[gate] = module

    def _touched(self, changed: Iterable[int]) -> set[int]:
        """Segments whose e-bits depend on where the qubits of the changed ones are present."""
        behind = (stretch + 1 for segment in changed for stretch in self.leaning.get(segment, ()))
        return {*changed, *(segment for segment in behind if segment - 1 in self.bridged)}

    def _ebits(self, touched: Iterable[int]) -> int:
        return sum(
            self.network.tree_ebits(self.home[segment], self._present(segment), self._held(segment))
            for segment in touched
        )

    def _present(self, segment: int) -> frozenset[int]:
        return frozenset(np.flatnonzero(self.reasons[segment]).tolist())

    def _held(self, segment: int) -> frozenset[int]:
        """Where copies have lived through the stretch before a segment."""
        stretch = segment - 1
        if stretch not in self.bridged:
            return frozenset()
        alive = self._present(stretch - 1) & self._present(segment)
        return alive.intersection(*(self._present(partner) for _, partner in self.gates[stretch])) - {
            self.home[stretch]
        }


def _reasons(segments: Segments, network: Network, placement: Placement) -> NDArray[np.int32]:
    """How many homes and hosts ask for each segment's qubit in each module, int32 (num_segments, num_modules)."""
    reasons = np.zeros((segments.num_segments, network.size), dtype=np.int32)
    reasons[np.arange(segments.num_segments), placement.home] = 1
    moved = handed_on(segments, placement.home)
    reasons[moved, placement.home[moved + 1]] += 1
    for side in segments.gate_pairs.T:
        np.add.at(reasons, (side, placement.host), 1)
    return reasons
