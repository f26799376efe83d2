"""Homes and hosts -> shares in time, where comm qubits are not short: a copy lives from first to last use."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.core.share import Share
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, handed_on


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
    """What the homes and hosts of a placement ask for."""
    pairs, host = segments.gate_pairs.astype(np.int64), placement.host.astype(np.int64)
    moved = handed_on(segments, placement.home)
    segment = np.concatenate([pairs[:, 0], pairs[:, 1], moved])
    module = np.concatenate([host, host, placement.home[moved + 1]])
    event = np.concatenate([segments.gates, segments.gates, segments.opening[moved + 1]])
    away = module != placement.home[segment]
    order = np.lexsort((event[away], module[away], segment[away]))
    return Uses(segment[away][order], module[away][order], event[away][order])


@dataclass(slots=True)
class _Span:
    """A copy in the making: the events of its first and last use."""

    segment: int
    module: int
    first: int
    last: int


def lay_shares(segments: Segments, network: Network, placement: Placement) -> tuple[Share, ...]:
    """Shares along the cheapest trees, made just before their first use and removed after their last.

    Comm qubits are not looked at. Linear in the number of uses, but for the final sort.
    """
    shares: list[Share] = []
    arrival = np.full(segments.num_segments, -1)
    moved = handed_on(segments, placement.home)
    arrival[moved] = placement.home[moved + 1]
    for segment, spans in groupby(_spans(uses_of(segments, placement)), key=lambda span: span.segment):
        home = int(placement.home[segment])
        shares += _tree_shares(network, home, int(arrival[segment]), {span.module: span for span in spans})
    return tuple(sorted(shares, key=lambda share: share.begin))


def _spans(uses: Uses) -> list[_Span]:
    """One span per copy, in order of segment and module."""
    if len(uses.segment) == 0:
        return []
    new = (np.diff(uses.segment, prepend=-1) != 0) | (np.diff(uses.module, prepend=-1) != 0)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(new)) - 1
    columns = uses.segment[first], uses.module[first], uses.event[first], uses.event[last]
    return [_Span(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _tree_shares(network: Network, home: int, arrival: int, spans: dict[int, _Span]) -> list[Share]:
    """The shares of one segment, each behind the one that it starts from."""
    routes = network.tree(home, frozenset(spans))
    segment = next(iter(spans.values())).segment
    for route in reversed(routes):
        source, child = route[0], spans[route[-1]]
        if source == home:
            continue
        if route[-1] == arrival:
            # A source must be gone before the cut, so a copy needed only for the move is made one event earlier.
            child.first = min(child.first, child.last - 1)
        span = spans.setdefault(source, _Span(segment, source, child.first, child.first))
        span.first, span.last = min(span.first, child.first), max(span.last, child.first)
    found = []
    for route in routes:
        span = spans[route[-1]]
        found.append(Share(segment, route, span.first, span.last, teleport=route[-1] == arrival))
    return found
