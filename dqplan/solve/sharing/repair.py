"""Shares under comm-qubit limits: another order of the events, in which few copies are needed at once or parked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.errors import InfeasibleError
from dqplan.core.hardware import UNREACHABLE
from dqplan.core.segments import Kind, Segments
from dqplan.core.share import NOT_PARKED, Share
from dqplan.solve.network import UNLIMITED, Network, Route
from dqplan.solve.placement import Placement, handed_on
from dqplan.solve.sharing.ordering import BEGIN, END, NEVER, PARKED, SHARES, Ints, Walk, Work, walk_events

_NONE = -1


def repaired(segments: Segments, network: Network, placement: Placement) -> tuple[Ints, Placement, tuple[Share, ...]]:
    """Realise a placement within the comm-qubit limits; gates may change their order and hosts, homes stay.

    Returns:
        The new order of the events, the placement with the new hosts (gates still numbered in the old order), and the
        shares, whose events are places in the new order.

    Moves of homes keep their order, so data qubits suffice as before; so do measurements and what depends on them.

    Raises:
        InfeasibleError: if a gate or a move cannot be brought about with these homes; other homes may still work.
    """
    work = _work(segments, network, placement)
    walk = _start(work, network)
    stuck = walk_events(work, walk, _heads(work))
    if stuck >= 0:
        raise _short(segments, network, placement.home, stuck)
    found = Placement(placement.home, walk.host[segments.gates].astype(np.int16))
    return walk.order, found, _shares(walk.shares[: walk.counts[SHARES]], work.onward)


def _work(segments: Segments, network: Network, placement: Placement) -> Work:
    """Everything that the kernels read."""
    wires, places = _incidence(segments)
    alone = segments.kind[places] != Kind.GATE
    stage = _count_before(alone, wires)
    wire_stage = np.concatenate([[0], np.cumsum(np.bincount(wires[alone], minlength=segments.num_wires) + 1)])
    of_stage = wire_stage[wires] + stage
    stage_end = np.full(wire_stage[-1], _NONE)
    stage_end[of_stage[alone]] = places[alone]
    arrival = np.full(segments.num_segments, _NONE)
    moved = handed_on(segments, placement.home)
    arrival[moved] = placement.home[moved + 1]
    pairs = segments.gate_pairs.astype(np.int64)
    by_segment = np.argsort(pairs.T.ravel(), kind="stable")
    return Work(
        events=_events(segments, placement, wires, places, stage),
        stage_gates=places[~alone],
        stage_first=_offsets(np.bincount(of_stage[~alone], minlength=wire_stage[-1])),
        stage_end=stage_end,
        wire_stage=wire_stage,
        segment_gates=np.tile(segments.gates, 2)[by_segment],
        segment_first=_offsets(segments.gates_per_segment),
        home=placement.home.astype(np.int64),
        arrival=arrival,
        first=segments.first.astype(np.int64),
        comm=np.minimum(np.array(network.comm, dtype=np.int64), UNLIMITED),
        room=network.capacity.astype(np.int64),
        distance=np.where(network.distance >= UNREACHABLE, NEVER, network.distance),
        onward=_onward(network),
        runs_gates=np.array([m in network.processors for m in range(network.size)], dtype=np.int8),
    )


def _incidence(segments: Segments) -> tuple[Ints, Ints]:
    """Every pair of a wire and one of its events, in order of wire and event."""
    gates = segments.gates
    wires = segments.wire[np.concatenate([segments.segment, segments.other[gates]])].astype(np.int64)
    places = np.concatenate([np.arange(segments.num_events), gates])
    order = np.lexsort((places, wires))
    return wires[order], places[order]


def _count_before(flags: NDArray[np.bool_], groups: Ints) -> Ints:
    """How many flags stand before each place in its group; groups are ascending."""
    before: Ints = np.cumsum(flags) - flags
    return before - before[np.searchsorted(groups, groups)]


def _offsets(counts: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _events(segments: Segments, placement: Placement, wires: Ints, places: Ints, stage: Ints) -> Ints:
    """The columns of `Work.events`: wires, stages, wanted host, classical and moving order, segment opened."""
    events = np.full((segments.num_events, 8), _NONE, dtype=np.int64)
    first = segments.wire[segments.segment[places]] == wires
    events[places[first], 0], events[places[first], 2] = wires[first], stage[first]
    events[places[~first], 1], events[places[~first], 3] = wires[~first], stage[~first]
    events[segments.gates, 4] = placement.host
    classical = np.flatnonzero((segments.kind == Kind.MEASURE) | (segments.condition >= 0))
    events[classical, 5] = np.arange(len(classical))
    opened = np.flatnonzero(segments.opening >= 0)
    moves = segments.opening[opened[placement.home[opened] != placement.home[opened - 1]]]
    events[np.sort(moves), 6] = np.arange(len(moves))
    events[segments.opening[opened], 7] = opened
    return events


def _onward(network: Network) -> Ints:
    """The next module on a cheapest route from each module to each target, by lowest and by highest index."""
    onward = np.full((2, network.size, network.size), _NONE, dtype=np.int64)
    reachable = (network.distance < UNREACHABLE) & (network.distance > 0)
    for source in range(network.size):
        for target in np.flatnonzero(reachable[source]).tolist():
            closer = network.closer(source, target)
            onward[:, source, target] = closer[0], closer[-1]
    return onward


def _start(work: Work, network: Network) -> Walk:
    num_events, num_wires, num_modules = len(work.events), len(work.first), len(work.comm)
    num_gates = len(work.stage_gates) // 2
    farthest = int(work.distance[work.distance < NEVER].max(initial=network.unit))
    moves = int((work.arrival >= 0).sum())
    most = int(min(num_wires, work.comm.max(initial=0)))
    legs = min(num_modules, farthest // network.unit) if (work.comm < 2).any() else 1

    def table() -> Ints:
        return np.zeros((num_wires, num_modules), dtype=np.int64)

    def flags(size: int) -> NDArray[np.int8]:
        return np.zeros(size, dtype=np.int8)

    return Walk(
        order=np.zeros(num_events, dtype=np.int64),
        host=np.full(num_events, _NONE, dtype=np.int64),
        state=flags(num_events),
        stage=np.zeros(num_wires, dtype=np.int64),
        left=np.zeros(num_wires, dtype=np.int64),
        current=work.first.copy(),
        live=table(),
        planned=table(),
        able=table(),
        queued=flags(num_wires * num_modules).reshape(num_wires, num_modules),
        at=np.zeros((num_modules, most), dtype=np.int64),
        held=np.zeros(num_modules, dtype=np.int64),
        lot=np.zeros((num_modules, int(work.room.max(initial=0))), dtype=np.int64),
        lots=np.zeros(num_modules, dtype=np.int64),
        homes=np.bincount(work.home[work.first], minlength=num_modules).astype(np.int64),
        ready=np.zeros(4 * num_gates + 2 * num_events + num_wires + 8, dtype=np.int64),
        closing=np.zeros(num_wires * num_modules + 1, dtype=np.int64),
        shares=np.zeros(((2 * num_gates + moves) * legs + 1, 8), dtype=np.int64),
        counts=np.zeros(8, dtype=np.int64),
    )


def _heads(work: Work) -> Ints:
    """The events of the classical and of the moving order, one after the other."""
    heads = np.full((2, len(work.events) + 1), _NONE, dtype=np.int64)
    for row, column in enumerate((5, 6)):
        chained = np.flatnonzero(work.events[:, column] >= 0)
        heads[row, work.events[chained, column]] = chained
    return heads


def _shares(rows: Ints, onward: Ints) -> tuple[Share, ...]:
    """The shares as the kernels left them; those that were parked and never used again need not have been."""
    made = rows[:, BEGIN]
    in_vain = rows[:, END] < made[rows[:, PARKED]]
    rows = np.where((np.arange(rows.shape[1]) == PARKED) & in_vain[:, None], NOT_PARKED, rows)
    return tuple(
        Share(segment, _route(onward[choice], source, target), begin, end, bool(teleport), parked=parked)
        for segment, source, target, choice, begin, end, teleport, parked in rows.tolist()
    )


def _route(onward: Ints, source: int, target: int) -> Route:
    route = [source]
    while route[-1] != target:
        route.append(int(onward[route[-1], target]))
    return tuple(route)


def _short(segments: Segments, network: Network, home: NDArray[np.int16], event: int) -> InfeasibleError:
    """Name the modules whose qubits could not be brought together."""
    names = network.hardware.modules
    segment = int(segments.segment[event])
    other = int(segments.other[event]) if segments.kind[event] == Kind.GATE else segment - 1
    one, two = (names[home[s]].name for s in (segment, other))
    return InfeasibleError(
        f"no plan found: a gate (line {segments.line[event]}) needs qubits from modules {one} and {two} "
        "together, but the modules between them have too few comm qubits",
        proved=False,
    )
