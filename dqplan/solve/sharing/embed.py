"""Embedding: which stretches copies live through, and where, chosen for homes that are found already.

A copy that a qubit has in some module both before and behind a stretch may live through it, if the stretch's gates run
at its home and all partners are present in that module, too (Wu et al., arXiv:2212.12688, section on embedding). One
copy of a partner can serve many stretches, so they are tried by the partner first, then one by one. Each choice is
weighed exactly, with all that it changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from dqplan.core.embedding import bridgeable
from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, handed_on, presence

Survivor = tuple[int, int]
"""A stretch, and a module where a copy lives through it."""


def embed(segments: Segments, network: Network, placement: Placement) -> Placement:
    """A placement with the same homes that costs no more e-bits, where copies may live through more stretches.

    Linear in the number of gates.
    """
    survivors = _candidates(segments, network, placement)
    if not survivors:
        return placement
    bridging = _Bridging(segments, network, placement, {stretch for stretch, _ in survivors}.union(placement.bridged))
    by_partner: defaultdict[tuple[int, int], list[Survivor]] = defaultdict(list)
    for stretch, module in survivors:
        for _, partner in bridging.gates[stretch]:
            by_partner[partner, module].append((stretch, module))
    for group in (*by_partner.values(), *([survivor] for survivor in survivors)):
        bridging.try_to_keep(group)
    for survivor in survivors:
        bridging.try_to_drop(survivor)
    bridged = {stretch: frozenset(modules) for stretch, modules in sorted(bridging.bridged.items()) if modules}
    return Placement(placement.home, np.array(bridging.host, dtype=np.int16), bridged)


def _candidates(segments: Segments, network: Network, placement: Placement) -> list[Survivor]:
    """Stretches whose qubit stays at home, with the modules where it has copies both before and behind."""
    found, home = np.flatnonzero(bridgeable(segments)), placement.home
    found = found[(home[found - 1] == home[found]) & (home[found] == home[found + 1])]
    present = presence(segments, network, placement)
    both = present[found - 1] & present[found + 1]
    both[np.arange(len(found)), home[found]] = False
    place, module = np.nonzero(both)
    return list(zip(found[place].tolist(), module.tolist(), strict=True))


class _Bridging:
    """Homes, hosts and bridged stretches, and what segments cost by them."""

    def __init__(self, segments: Segments, network: Network, placement: Placement, stretches: set[int]) -> None:
        """`stretches` are all that may be bridged."""
        self.network = network
        self.home: list[int] = placement.home.tolist()
        self.host: list[int] = placement.host.tolist()
        self.wanted = list(self.host)
        self.reasons = _reasons(segments, network, placement)
        self.bridged: defaultdict[int, set[int]] = defaultdict(set)
        """By stretch: the modules where copies live through it."""
        self.gates: dict[int, list[tuple[int, int]]] = {stretch: [] for stretch in stretches}
        """By stretch: its gates, each with the segment of its partner."""
        for gate, (a, b) in enumerate(segments.gate_pairs.tolist()):
            if a in stretches:
                self.gates[a].append((gate, b))
            if b in stretches:
                self.gates[b].append((gate, a))
        for stretch, modules in placement.bridged.items():
            for module in modules:
                self._keep(stretch, module)

    def try_to_keep(self, group: Sequence[Survivor]) -> None:
        """Let copies live, if that lowers the price together."""
        touched = self._touched(group)
        before = self._price(touched)
        kept = []
        for survivor in group:
            if self._is_free(*survivor):
                self._keep(*survivor)
                kept.append(survivor)
        if self._price(touched) >= before:
            for survivor in kept:
                self._drop(*survivor)

    def try_to_drop(self, survivor: Survivor) -> None:
        """Let a copy not live on, if that costs nothing."""
        stretch, module = survivor
        if module in self.bridged[stretch]:
            touched = self._touched([survivor])
            before = self._price(touched)
            self._drop(stretch, module)
            if self._price(touched) > before:
                self._keep(stretch, module)

    def _is_free(self, stretch: int, module: int) -> bool:
        """Whether a copy may live through a stretch, and does not yet: neighbours and partners must not be bridged."""
        near = (stretch - 1, stretch + 1, *(partner for _, partner in self.gates[stretch]))
        return module not in self.bridged[stretch] and not any(self.bridged.get(segment) for segment in near)

    def _keep(self, stretch: int, module: int) -> None:
        self.bridged[stretch].add(module)
        self._ask(stretch, module, 1)
        self._run_at(stretch, [self.home[stretch]] * len(self.gates[stretch]))

    def _drop(self, stretch: int, module: int) -> None:
        self.bridged[stretch].remove(module)
        self._ask(stretch, module, -1)
        if not self.bridged[stretch]:
            self._run_at(stretch, [self.wanted[gate] for gate, _ in self.gates[stretch]])

    def _ask(self, stretch: int, module: int, step: int) -> None:
        """Ask for the qubits that a living copy needs in its module, or no longer do."""
        for segment in (stretch - 1, stretch + 1, *(partner for _, partner in self.gates[stretch])):
            self.reasons[segment, module] += step

    def _run_at(self, stretch: int, hosts: list[int]) -> None:
        """Move the gates of a stretch."""
        for (gate, partner), module in zip(self.gates[stretch], hosts, strict=True):
            for segment in (stretch, partner):
                self.reasons[segment, self.host[gate]] -= 1
                self.reasons[segment, module] += 1
            self.host[gate] = module

    def _touched(self, group: Iterable[Survivor]) -> set[int]:
        """Segments whose price depends on whether these copies live."""
        stretches = {stretch for stretch, _ in group}
        near = {segment for stretch in stretches for segment in (stretch - 1, stretch, stretch + 1)}
        return near.union(partner for stretch in stretches for _, partner in self.gates[stretch])

    def _price(self, touched: Iterable[int]) -> int:
        return sum(
            self.network.tree_price(
                self.home[segment],
                frozenset(np.flatnonzero(self.reasons[segment]).tolist()),
                frozenset(self.bridged.get(segment - 1, ())),
            )
            for segment in touched
        )


def _reasons(segments: Segments, network: Network, placement: Placement) -> NDArray[np.int32]:
    """How many homes and hosts ask for each segment's qubit in each module, int32 (num_segments, num_modules)."""
    reasons = np.zeros((segments.num_segments, network.size), dtype=np.int32)
    reasons[np.arange(segments.num_segments), placement.home] = 1
    moved = handed_on(segments, placement.home)
    reasons[moved, placement.home[moved + 1]] += 1
    for side in segments.gate_pairs.T:
        np.add.at(reasons, (side, placement.host), 1)
    return reasons
