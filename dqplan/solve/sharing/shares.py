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
from dqplan.solve.placement import Placement, flips_of, handed_on


@dataclass(frozen=True, eq=False)
class Uses:
    """Every need of a copy away from home, in order of segment, module, event; columns of equal length.

    Attributes:
        segment, module: which copy.
        event: the gate that it takes part in, or the cut before which it becomes the home, or by which it enters or
            leaves a bridged stretch.
    """

    segment: NDArray[np.int64]
    module: NDArray[np.int64]
    event: NDArray[np.int64]


def uses_of(segments: Segments, placement: Placement) -> Uses:
    """What the homes, hosts and bridged stretches of a placement ask for."""
    pairs, host = segments.gate_pairs.astype(np.int64), placement.host.astype(np.int64)
    moved, flips = handed_on(segments, placement.home), flips_of(segments, placement)
    segment = np.concatenate([pairs[:, 0], pairs[:, 1], moved, flips[:, 0]])
    module = np.concatenate([host, host, placement.home[moved + 1], flips[:, 1]])
    event = np.concatenate([segments.gates, segments.gates, segments.opening[moved + 1], flips[:, 2]])
    away = module != placement.home[segment]
    order = np.lexsort((event[away], module[away], segment[away]))
    return Uses(segment[away][order], module[away][order], event[away][order])


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
    copies: list[_Copy] = []
    before: dict[int, dict[int, _Copy]] = {}
    moved = handed_on(segments, placement.home)
    arrivals = dict(zip(moved.tolist(), placement.home[moved + 1].tolist(), strict=True))
    for segment, spans in groupby(_spans(uses_of(segments, placement)), key=lambda span: span.segment):
        held = {module: before[segment - 2][module] for module in placement.bridged.get(segment - 1, ())}
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
        copy = here.setdefault(source, _Copy(segment, source, child.first, child.first))
        copy.first, copy.last = min(copy.first, child.first), max(copy.last, child.first)
    if arrival in here:
        here[arrival].teleport = True
    return [here[route[-1]] for route in routes]
