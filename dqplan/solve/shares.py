"""Homes and hosts -> shares in time, where comm qubits are not short: a copy lives from first to last use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.core.share import Share
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, handed_on, presence, survivors


@dataclass(frozen=True, eq=False)
class Uses:
    """Every need of a copy away from home, in order of segment, module, event; columns of equal length.

    Attributes:
        segment, module: which copy.
        event: the gate that it takes part in, or the cut before which it becomes the home.
    """

    segment: NDArray[np.int64]
    module: NDArray[np.int64]
    event: NDArray[np.int64]


def uses_of(segments: Segments, placement: Placement) -> Uses:
    """What the homes and hosts of a placement ask for; flips of copies that live through a stretch left out."""
    pairs, host = segments.gate_pairs.astype(np.int64), placement.host.astype(np.int64)
    moved = handed_on(segments, placement.home)
    segment = np.concatenate([pairs[:, 0], pairs[:, 1], moved])
    module = np.concatenate([host, host, placement.home[moved + 1]])
    event = np.concatenate([segments.gates, segments.gates, segments.opening[moved + 1]])
    return _away(placement, segment, module, event)


def _away(
    placement: Placement, segment: NDArray[np.int64], module: NDArray[np.int64], event: NDArray[np.int64]
) -> Uses:
    """Uses in order, without those at home."""
    away = module != placement.home[segment]
    order = np.lexsort((event[away], module[away], segment[away]))
    return Uses(segment[away][order], module[away][order], event[away][order])


def _with_flips(segments: Segments, placement: Placement, uses: Uses, alive: NDArray[np.bool_]) -> Uses:
    """Uses, and those of the partners of bridged stretches wherever copies live through these."""
    row = np.full(segments.num_segments, -1)
    row[list(placement.bridged)] = np.arange(len(placement.bridged))
    found = [(uses.segment, uses.module, uses.event)]
    for mine, partner in (segments.gate_pairs.T, segments.gate_pairs.T[::-1]):
        gates = np.flatnonzero(row[mine] >= 0)
        place, module = np.nonzero(alive[row[mine[gates]]])
        found.append((partner[gates][place].astype(np.int64), module, segments.gates[gates][place]))
    return _away(placement, *(np.concatenate(column) for column in zip(*found, strict=True)))


@dataclass(slots=True)
class _Copy:
    """A copy in the making: the events of its first and last use, and how it comes about."""

    segment: int
    module: int
    first: int
    last: int
    route: tuple[int, ...] = ()
    teleport: bool = False
    bridges: int = 0

    def share(self) -> Share:
        """The finished share."""
        return Share(self.segment, self.route, self.first, self.last, self.teleport, self.bridges)


def lay_shares(segments: Segments, network: Network, placement: Placement) -> tuple[Share, ...]:
    """Shares along the cheapest trees, made just before their first use and removed after their last.

    Comm qubits are not looked at. Linear in the number of uses, but for the final sort.
    """
    uses, alive = uses_of(segments, placement), dict[int, NDArray[np.bool_]]()
    if placement.bridged:
        living = survivors(segments, placement, presence(segments, network, placement))
        uses = _with_flips(segments, placement, uses, living)
        alive = dict(zip(placement.bridged, living, strict=True))
    copies: list[_Copy] = []
    before: dict[int, dict[int, _Copy]] = {}
    moved = handed_on(segments, placement.home)
    arrivals = dict(zip(moved.tolist(), placement.home[moved + 1].tolist(), strict=True))
    for segment, spans in groupby(_spans(uses), key=lambda span: span.segment):
        held = _held(before.get(segment - 2, {}), alive.get(segment - 1))
        here = {span.module: span for span in spans}
        copies += _tree_copies(network, int(placement.home[segment]), arrivals.get(segment, -1), here, held)
        before = {segment: here}
    return tuple(copy.share() for copy in sorted(copies, key=lambda copy: copy.first))


def _spans(uses: Uses) -> list[_Copy]:
    """One span per copy, in order of segment and module."""
    if len(uses.segment) == 0:
        return []
    new = (np.diff(uses.segment, prepend=-1) != 0) | (np.diff(uses.module, prepend=-1) != 0)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(new)) - 1
    columns = uses.segment[first], uses.module[first], uses.event[first], uses.event[last]
    return [_Copy(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _held(before: Mapping[int, _Copy], alive: NDArray[np.bool_] | None) -> dict[int, _Copy]:
    """Of the copies of the segment before a stretch, those that live through it, by module."""
    if alive is None:
        return {}
    return {module: before[module] for module in np.flatnonzero(alive).tolist()}


def _tree_copies(
    network: Network, home: int, arrival: int, here: dict[int, _Copy], held: Mapping[int, _Copy]
) -> list[_Copy]:
    """The new copies of one segment, each behind the one that it starts from; `here` then holds all its copies."""
    segment = next(iter(here.values())).segment
    for module, copy in held.items():
        copy.last = here[module].last
        copy.bridges += 1
        here[module] = copy
    routes = network.tree(home, frozenset(here), frozenset(held))
    for route in reversed(routes):
        source, child = route[0], here[route[-1]]
        child.route = route
        if source == home:
            continue
        if route[-1] == arrival:
            # A source must be gone before the cut, so a copy needed only for the move is made one event earlier.
            child.first = min(child.first, child.last - 1)
        copy = here.setdefault(source, _Copy(segment, source, child.first, child.first))
        copy.first, copy.last = min(copy.first, child.first), max(copy.last, child.first)
    if arrival in here:
        here[arrival].teleport = True
    return [here[route[-1]] for route in routes]
