"""Compiled kernels that choose the order of events and the life of every copy within the limits on qubits.

Gates inside a segment commute, so the circuit may be walked in many orders. The walk does first what costs nothing,
then moves of homes, then shares whose copy can do all its gates at once and leave, and only then the first event of the
old order that is still open. Copies that are done stay as long as nobody needs their qubit. If all that are left are
still needed, those whose next uses are farthest away are parked in free data qubits; where there are none, they go
(Belady, IBM Systems Journal 5, 1966).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.int8]

kernel = njit(cache=True, _nrt=False)  # type: ignore[call-overload]  # not in its stubs
"""Compiled without reference counting, because kernels neither make nor drop arrays (measured: much faster)."""

FIRST_WIRE, SECOND_WIRE, FIRST_STAGE, SECOND_STAGE, WANTED, CLASSICAL, MOVE, OPENS = range(8)
"""Columns of `Work.events`."""

PRICE = 4
"""Of one e-bit; removing a copy that is still needed counts as one more."""
NEVER = 1 << 40
"""Price of the impossible."""


class Work(NamedTuple):
    """What is to be done: e events, n wires, k modules. Events that are not gates divide a wire into stages.

    Attributes:
        events: (e, 8), for each event its wires and the stages in which they must be (second -1 for one-wire events),
            the module where a gate should run, its places in the classical and in the moving order (-1 for none), and
            the segment that it opens (-1 for none).
        stage_gates: (2g,), gates by wire and stage.
        stage_first: (stages + 1,), where each stage begins in `stage_gates`.
        stage_end: (stages,), the event that ends each stage, -1 at the end of a wire.
        wire_stage: (n + 1,), where each wire's stages begin.
        segment_gates: (2g,), gates by segment, in their old order.
        segment_first: (s + 1,), where each segment begins in `segment_gates`.
        home: (s,), module indices.
        arrival: (s,), the module to which the qubit is teleported at the end of the segment, -1 for none.
        first: (n,), first segment of each wire.
        comm: (k,), comm qubits.
        room: (k,), data qubits.
        distance: (k, k), prices of the cheapest routes.
        onward: (2, k, k), the next module on a cheapest route to a target; two choices, which may be the same.
        runs_gates: (k,), whether a module can run gates.
    """

    events: Ints
    stage_gates: Ints
    stage_first: Ints
    stage_end: Ints
    wire_stage: Ints
    segment_gates: Ints
    segment_first: Ints
    home: Ints
    arrival: Ints
    first: Ints
    comm: Ints
    room: Ints
    distance: Ints
    onward: Ints
    runs_gates: Flags


WAITING, ABLE, FINISHED = range(3)
"""Values of `Walk.state`."""

DONE, SHARES, READY, CLOSING_FIRST, CLOSING_LAST, CLASSICAL_DONE, MOVES_DONE, OPEN = range(8)
"""Places in `Walk.counts`."""

SEGMENT, SOURCE, TARGET, CHOICE, BEGIN, END, TELEPORT, PARKED = range(8)
"""Columns of `Walk.shares`."""


class Walk(NamedTuple):
    """How far the walk has come.

    Attributes:
        order: (e,), events in their new order; `counts[DONE]` of them are there.
        host: (e,), where each gate runs, -1 before it has run and for other events.
        state: (e,), `WAITING`, `ABLE` (a gate that waits for nothing but copies) or `FINISHED`.
        stage: (n,), the stage in which each wire is.
        left: (n,), gates of that stage not yet done.
        current: (n,), the segment in which each wire is.
        live: (n, k), 1 + the row in `shares` of the copy of a wire in a module, 0 for none.
        planned: (n, k), open gates of the current segment that should run in a module.
        able: (n, k), how many of them wait for nothing but copies.
        queued: (n, k), whether the pair is in `closing`.
        at: (k, most), wires with a copy in a comm qubit of a module; `held` of them.
        held: (k,), copies in comm qubits of each module.
        lot: (k, most data qubits), wires with a copy in a data qubit of a module; `lots` of them.
        lots: (k,), copies in data qubits of each module.
        homes: (k,), qubits at home in each module.
        ready: (3g + e + n,), a stack of events that may have become free.
        closing: (n * k + 1,), a ring of pairs wire * k + module whose planned gates are all able.
        shares: (…, 8), the shares made so far; END is the last use until the copy is removed, PARKED the number of
            the share before which it is parked, -1 for none.
        counts: (8,), numbers of all kinds.
    """

    order: Ints
    host: Ints
    state: Flags
    stage: Ints
    left: Ints
    current: Ints
    live: Ints
    planned: Ints
    able: Ints
    queued: Flags
    at: Ints
    held: Ints
    lot: Ints
    lots: Ints
    homes: Ints
    ready: Ints
    closing: Ints
    shares: Ints
    counts: Ints


@kernel
def _home(work: Work, walk: Walk, wire: int) -> int:
    return int(work.home[walk.current[wire]])


@kernel
def _present(work: Work, walk: Walk, wire: int, module: int) -> bool:
    return bool(walk.live[wire, module] > 0 or work.home[walk.current[wire]] == module)


@kernel
def _needed(work: Work, walk: Walk, wire: int, module: int) -> bool:
    """Whether a copy has anything left to do."""
    return bool(walk.planned[wire, module] > 0 or work.arrival[walk.current[wire]] == module)


# -- readiness ---------------------------------------------------------------------------------------------------------


@kernel
def _push(walk: Walk, event: int) -> None:
    walk.ready[walk.counts[READY]] = event
    walk.counts[READY] += 1


@kernel
def _queue_if_closing(work: Work, walk: Walk, wire: int, module: int) -> None:
    """Remember a copy that could be made, do all that is planned for it, and leave."""
    planned = walk.planned[wire, module]
    closing = planned > 0 and planned == walk.able[wire, module] and work.arrival[walk.current[wire]] != module
    if not closing or walk.queued[wire, module] or _present(work, walk, wire, module):
        return
    walk.queued[wire, module] = 1
    walk.closing[walk.counts[CLOSING_LAST]] = wire * len(work.comm) + module
    walk.counts[CLOSING_LAST] = (walk.counts[CLOSING_LAST] + 1) % len(walk.closing)


@kernel
def _is_open(work: Work, walk: Walk, event: int) -> bool:
    """Whether everything that must come before an event is done."""
    for side in range(2):
        wire = work.events[event, FIRST_WIRE + side]
        if wire >= 0 and walk.stage[wire] != work.events[event, FIRST_STAGE + side]:
            return False
    if work.events[event, WANTED] < 0 and walk.left[work.events[event, FIRST_WIRE]] > 0:
        return False
    classical, move = work.events[event, CLASSICAL], work.events[event, MOVE]
    return bool(
        (classical < 0 or classical == walk.counts[CLASSICAL_DONE]) and (move < 0 or move == walk.counts[MOVES_DONE])
    )


@kernel
def _enter_stage(work: Work, walk: Walk, wire: int) -> None:
    """Look at what became possible when a wire entered a stage."""
    stage = work.wire_stage[wire] + walk.stage[wire]
    begin, end = work.stage_first[stage], work.stage_first[stage + 1]
    walk.left[wire] = end - begin
    for place in range(begin, end):
        _open_gate(work, walk, work.stage_gates[place])
    if begin == end and work.stage_end[stage] >= 0:
        _push(walk, work.stage_end[stage])


@kernel
def _open_gate(work: Work, walk: Walk, gate: int) -> None:
    if walk.state[gate] != WAITING or not _is_open(work, walk, gate):
        return
    walk.state[gate] = ABLE
    module = work.events[gate, WANTED]
    for side in range(2):
        walk.able[work.events[gate, FIRST_WIRE + side], module] += 1
    for side in range(2):
        _queue_if_closing(work, walk, work.events[gate, FIRST_WIRE + side], module)
    _push(walk, gate)


@kernel
def _enter_segment(work: Work, walk: Walk, wire: int, segment: int) -> None:
    walk.current[wire] = segment
    for place in range(work.segment_first[segment], work.segment_first[segment + 1]):
        walk.planned[wire, work.events[work.segment_gates[place], WANTED]] += 1


# -- copies ------------------------------------------------------------------------------------------------------------


@kernel
def _next_use(work: Work, walk: Walk, wire: int, module: int) -> int:
    """The first open gate, in the old order, for which a copy is planned; very late if there is none."""
    if walk.planned[wire, module] > 0:
        segment = walk.current[wire]
        for place in range(work.segment_first[segment], work.segment_first[segment + 1]):
            gate = work.segment_gates[place]
            if walk.state[gate] != FINISHED and work.events[gate, WANTED] == module:
                return int(gate)
    return len(work.events)


@kernel
def _take_out(wires: Ints, count: Ints, module: int, wire: int) -> None:
    """Strike a wire off the first `count[module]` entries of a list."""
    for place in range(count[module]):
        if wires[place] == wire:
            count[module] -= 1
            wires[place] = wires[count[module]]
            return


@kernel
def _is_parked(walk: Walk, wire: int, module: int) -> bool:
    return bool(walk.live[wire, module] > 0 and walk.shares[walk.live[wire, module] - 1, PARKED] >= 0)


@kernel
def _remove(walk: Walk, wire: int, module: int) -> None:
    """A copy is gone; its qubit counts as free from its last use on."""
    if _is_parked(walk, wire, module):
        _take_out(walk.lot[module], walk.lots, module, wire)
    else:
        _take_out(walk.at[module], walk.held, module, wire)
    walk.live[wire, module] = 0


@kernel
def _dismiss(work: Work, walk: Walk, wire: int, module: int) -> None:
    """Remove a copy that may be needed again."""
    _remove(walk, wire, module)
    _queue_if_closing(work, walk, wire, module)


@kernel
def _park(walk: Walk, wire: int, module: int) -> None:
    """A copy moves to a data qubit before the next share is made."""
    _take_out(walk.at[module], walk.held, module, wire)
    walk.shares[walk.live[wire, module] - 1, PARKED] = walk.counts[SHARES]
    walk.lot[module, walk.lots[module]] = wire
    walk.lots[module] += 1


@kernel
def _removable(walk: Walk, wire: int, module: int, kept: int) -> bool:
    """Whether a copy may go now: it is not the one to keep, and was not used at this very place of the order."""
    return bool(wire != kept and walk.shares[walk.live[wire, module] - 1, END] < walk.counts[DONE])


@kernel
def _spare(work: Work, walk: Walk, module: int) -> int:
    """Data qubits that hold nothing."""
    return int(work.room[module] - walk.homes[module] - walk.lots[module])


@kernel
def _able_and_idle(work: Work, walk: Walk, wires: Ints, module: int, kept: int) -> tuple[int, int]:
    """How many of a module's copies may go now, and how many of those have nothing left to do."""
    able = idle = 0
    for wire in wires:
        if _removable(walk, wire, module, kept):
            able += 1
            idle += not _needed(work, walk, wire, module)
    return able, idle


@kernel
def _room_price(work: Work, walk: Walk, module: int, wanted: int, kept: int, resting: int) -> int:
    """What it costs to have so many comm qubits free when so many more copies rest there."""
    short = walk.held[module] + resting + wanted - work.comm[module]
    if short <= 0:
        return 0
    able, idle = _able_and_idle(work, walk, walk.at[module, : walk.held[module]], module, kept)
    short -= idle
    if short <= 0:
        return 0
    able_parked, idle_parked = _able_and_idle(work, walk, walk.lot[module, : walk.lots[module]], module, kept)
    short -= min(short, _spare(work, walk, module) + idle_parked)
    if wanted > work.comm[module] or short > able - idle + able_parked - idle_parked:
        return NEVER
    return int(short * PRICE)


@kernel
def _farthest(work: Work, walk: Walk, wires: Ints, module: int, kept: int) -> tuple[int, int]:
    """When the copy that is needed last of those that may go is used next, and its wire; -1 if there is none."""
    latest, chosen = -1, -1
    for wire in wires:
        if _removable(walk, wire, module, kept):
            use = _next_use(work, walk, wire, module) + (not _needed(work, walk, wire, module))
            if use > latest:
                latest, chosen = use, wire
    return latest, chosen


@kernel
def _clear_data_qubit(work: Work, walk: Walk, module: int, kept: int) -> bool:
    """Have a data qubit free; False if that is impossible."""
    while _spare(work, walk, module) < 1:
        _, chosen = _farthest(work, walk, walk.lot[module, : walk.lots[module]], module, kept)
        if chosen < 0:
            return False
        _dismiss(work, walk, chosen, module)
    return True


@kernel
def _make_room(work: Work, walk: Walk, module: int, wanted: int, kept: int) -> bool:
    """Have so many comm qubits free; False if that is impossible.

    Copies with nothing left to do go first. Then the copy that is needed last is parked, or goes if all data qubits
    hold what is needed earlier.
    """
    while walk.held[module] + wanted > work.comm[module]:
        latest, chosen = _farthest(work, walk, walk.at[module, : walk.held[module]], module, kept)
        idle = latest > len(work.events)
        if not idle and _spare(work, walk, module) < 1:
            latest_parked, parked = _farthest(work, walk, walk.lot[module, : walk.lots[module]], module, kept)
            if latest_parked > latest:
                _dismiss(work, walk, parked, module)
        if not idle and walk.held[module] > 0 and _spare(work, walk, module) > 0:
            _park(walk, chosen if chosen >= 0 else walk.at[module, 0], module)
        elif chosen >= 0:
            _dismiss(work, walk, chosen, module)
        else:
            return False
    return True


@kernel
def _route_price(work: Work, walk: Walk, wire: int, source: int, target: int, choice: int) -> int:
    """E-bits and removals along a route."""
    price = PRICE * work.distance[source, target] + _room_price(work, walk, source, 1, wire, 0)
    module = source
    while module != target and price < NEVER:
        module = work.onward[choice, module, target]
        thin = work.comm[module] < 2
        price += _room_price(work, walk, module, 1 if module == target or thin else 2, -1, thin and module != target)
    return int(price)


@kernel
def _best_route(work: Work, walk: Walk, wire: int, target: int) -> tuple[int, int, int]:
    """Price, source and choice of the cheapest way to bring a copy of a wire to a module now."""
    best, found, kind = NEVER, -1, 0
    for source in range(len(work.comm)):
        if not _present(work, walk, wire, source) or work.distance[source, target] * PRICE >= best:
            continue
        for choice in range(2):
            price = _route_price(work, walk, wire, source, target, choice)
            if price < best:
                best, found, kind = price, source, choice
    return best, found, kind


@kernel
def _keep(walk: Walk, wire: int, module: int) -> None:
    """A copy, if there is one, is used now."""
    if walk.live[wire, module] > 0:
        walk.shares[walk.live[wire, module] - 1, END] = walk.counts[DONE]


@kernel
def _bring(work: Work, walk: Walk, wire: int, module: int) -> bool:
    """Use a copy of the wire in the module now, and make it first if it is missing; False if that is impossible."""
    if not _present(work, walk, wire, module):
        price, source, choice = _best_route(work, walk, wire, module)
        if price >= NEVER:
            return False
        while source != module:
            rest = _first_rest(work, source, module, choice)
            if not _carry(work, walk, wire, source, rest, choice):
                return False
            source = rest
    _keep(walk, wire, module)
    return True


@kernel
def _first_rest(work: Work, source: int, target: int, choice: int) -> int:
    """Where a copy rests first on a route: in a module with one comm qubit, or at the end."""
    rest, module = target, source
    while module != rest:
        module = work.onward[choice, module, rest]
        if module != rest and work.comm[module] < 2:
            rest, module = module, source
    return rest


@kernel
def _carry(work: Work, walk: Walk, wire: int, source: int, target: int, choice: int) -> bool:
    """Make one share, and room for it; False if that is impossible."""
    if walk.live[wire, target] > 0:
        return True
    _keep(walk, wire, source)
    possible = _make_room(work, walk, source, 1, wire)
    step = source
    while step != target and possible:
        step = work.onward[choice, step, target]
        possible = _make_room(work, walk, step, 1 if step == target else 2, -1)
    if possible:
        _share(walk, wire, source, target, choice)
        _wake(work, walk, wire, target)
    return bool(possible)


@kernel
def _share(walk: Walk, wire: int, source: int, target: int, choice: int) -> None:
    row = walk.shares[walk.counts[SHARES]]
    row[SEGMENT], row[SOURCE], row[TARGET], row[CHOICE] = walk.current[wire], source, target, choice
    row[BEGIN] = row[END] = walk.counts[DONE]
    row[PARKED] = -1
    walk.counts[SHARES] += 1
    walk.live[wire, target] = walk.counts[SHARES]
    walk.at[target, walk.held[target]] = wire
    walk.held[target] += 1


@kernel
def _wake(work: Work, walk: Walk, wire: int, module: int) -> None:
    """Look again at the gates that a new copy can do."""
    if walk.able[wire, module] == 0:
        return
    segment = walk.current[wire]
    for place in range(work.segment_first[segment], work.segment_first[segment + 1]):
        gate = work.segment_gates[place]
        if walk.state[gate] != FINISHED and work.events[gate, WANTED] == module and _is_open(work, walk, gate):
            _push(walk, gate)


# -- events ------------------------------------------------------------------------------------------------------------


@kernel
def _meeting(work: Work, walk: Walk, gate: int) -> int:
    """A module where both qubits are present: the wanted one if possible, -1 if there is none."""
    a, b, wanted = work.events[gate, FIRST_WIRE], work.events[gate, SECOND_WIRE], work.events[gate, WANTED]
    if _present(work, walk, a, wanted) and _present(work, walk, b, wanted):
        return int(wanted)
    for wire, other in ((a, b), (b, a)):
        home = _home(work, walk, wire)
        if work.runs_gates[home] and _present(work, walk, other, home):
            return int(home)
    return -1


@kernel
def _run_gate(work: Work, walk: Walk, gate: int, module: int) -> None:
    """Run a gate where both its qubits are present."""
    a, b, wanted = work.events[gate, FIRST_WIRE], work.events[gate, SECOND_WIRE], work.events[gate, WANTED]
    for wire in (a, b):
        _keep(walk, wire, module)
        walk.planned[wire, wanted] -= 1
        walk.able[wire, wanted] -= 1
    walk.host[gate] = module
    _finish(work, walk, gate)
    for wire in (a, b):
        walk.left[wire] -= 1
        stage_end = work.stage_end[work.wire_stage[wire] + walk.stage[wire]]
        if walk.left[wire] == 0 and stage_end >= 0:
            _push(walk, stage_end)
        _queue_if_closing(work, walk, wire, wanted)


@kernel
def _finish(work: Work, walk: Walk, event: int) -> None:
    """Put an event at the end of the new order."""
    walk.state[event] = FINISHED
    walk.order[walk.counts[DONE]] = event
    walk.counts[DONE] += 1
    while walk.counts[OPEN] < len(walk.state) and walk.state[walk.counts[OPEN]] == FINISHED:
        walk.counts[OPEN] += 1
    walk.counts[CLASSICAL_DONE] += work.events[event, CLASSICAL] >= 0
    walk.counts[MOVES_DONE] += work.events[event, MOVE] >= 0


@kernel
def _price_at(work: Work, walk: Walk, gate: int, module: int) -> int:
    """What it costs to run a gate in a module now."""
    price = missing = 0
    for side in range(2):
        wire = work.events[gate, FIRST_WIRE + side]
        if not _present(work, walk, wire, module):
            price += _best_route(work, walk, wire, module)[0]
            missing += 1
    if missing > 1 and price < NEVER:
        price += _room_price(work, walk, module, 1, -1, 1) - 2 * _room_price(work, walk, module, 1, -1, 0)
    return min(price, NEVER)


@kernel
def _force_gate(work: Work, walk: Walk, gate: int) -> bool:
    """Bring both qubits of a gate together where that is cheapest; the wanted module counts less if it serves more."""
    a, b, wanted = work.events[gate, FIRST_WIRE], work.events[gate, SECOND_WIRE], work.events[gate, WANTED]
    best, chosen = _price_at(work, walk, gate, wanted), wanted
    for wire, other in ((a, b), (b, a)):
        home = _home(work, walk, wire)
        serves_more = walk.planned[other, wanted] > 1 and not _present(work, walk, other, wanted)
        if home != wanted and work.runs_gates[home]:
            price = _price_at(work, walk, gate, home) + PRICE * serves_more
            if price < best:
                best, chosen = price, home
    if best >= NEVER:
        return False
    _keep(walk, a, chosen)
    _keep(walk, b, chosen)
    if not _bring(work, walk, a, chosen) or not _bring(work, walk, b, chosen):
        return False
    _run_gate(work, walk, gate, chosen)
    return True


@kernel
def _rehome(work: Work, walk: Walk, wire: int, old: int, new: int) -> bool:
    """Take a data qubit in another module; False if that is impossible."""
    if old == new:
        return True
    if not _is_parked(walk, wire, new) and not _clear_data_qubit(work, walk, new, wire):
        return False
    walk.homes[old] -= 1
    walk.homes[new] += 1
    return True


@kernel
def _do_alone(work: Work, walk: Walk, event: int) -> bool:
    """Do an event of one wire; if it moves the home, the copy there becomes the qubit."""
    wire, segment = work.events[event, FIRST_WIRE], work.events[event, OPENS]
    if segment >= 0:
        target = work.arrival[segment - 1]
        if target >= 0:
            if not _bring(work, walk, wire, target):
                return False
            walk.shares[walk.live[wire, target] - 1, TELEPORT] = 1
        if not _rehome(work, walk, wire, _home(work, walk, wire), work.home[segment]):
            return False
        for module in range(len(work.comm)):
            if walk.live[wire, module] > 0:
                _remove(walk, wire, module)
        _enter_segment(work, walk, wire, segment)
    _finish(work, walk, event)
    walk.stage[wire] += 1
    _enter_stage(work, walk, wire)
    return True


@kernel
def _costs(work: Work, walk: Walk, event: int) -> bool:
    """Whether an event of one wire needs an e-bit."""
    segment, wire = work.events[event, OPENS], work.events[event, FIRST_WIRE]
    return bool(segment >= 0 and work.arrival[segment - 1] >= 0 and walk.live[wire, work.arrival[segment - 1]] == 0)


@kernel
def _do_free(work: Work, walk: Walk) -> None:
    """Do everything that needs no e-bit."""
    while walk.counts[READY] > 0:
        walk.counts[READY] -= 1
        event = walk.ready[walk.counts[READY]]
        if walk.state[event] == FINISHED or not _is_open(work, walk, event):
            continue
        if work.events[event, WANTED] >= 0:
            module = _meeting(work, walk, event)
            if module >= 0:
                _run_gate(work, walk, event, module)
        elif not _costs(work, walk, event):
            _do_alone(work, walk, event)


@kernel
def _look_at_heads(work: Work, walk: Walk, heads: Ints) -> None:
    """The next events of the classical and of the moving order may have become free."""
    classical, moves = walk.counts[CLASSICAL_DONE], walk.counts[MOVES_DONE]
    for event in (heads[0, classical], heads[1, moves]):
        if event < 0 or not _is_open(work, walk, event):
            continue
        if work.events[event, WANTED] >= 0:
            _open_gate(work, walk, event)
        elif not _costs(work, walk, event):
            _push(walk, event)


@kernel
def _try_move(work: Work, walk: Walk, heads: Ints, most: int) -> bool:
    """Do the next move of a home if it is open and costs no more than that."""
    event = heads[1, walk.counts[MOVES_DONE]]
    if event < 0 or not _is_open(work, walk, event):
        return False
    wire, target = work.events[event, FIRST_WIRE], work.arrival[work.events[event, OPENS] - 1]
    if target >= 0 and not _present(work, walk, wire, target):
        price, source, _ = _best_route(work, walk, wire, target)
        if price >= NEVER or price > PRICE * work.distance[source, target] + most:
            return False
    return bool(_do_alone(work, walk, event))


@kernel
def _next_closing(work: Work, walk: Walk) -> int:
    """An able gate of the oldest copy that could do all its gates at once; -1 if there is none."""
    modules = len(work.comm)
    while walk.counts[CLOSING_FIRST] != walk.counts[CLOSING_LAST]:
        wire, module = divmod(walk.closing[walk.counts[CLOSING_FIRST]], modules)
        walk.counts[CLOSING_FIRST] = (walk.counts[CLOSING_FIRST] + 1) % len(walk.closing)
        walk.queued[wire, module] = 0
        planned = walk.planned[wire, module]
        if planned == 0 or planned != walk.able[wire, module] or _present(work, walk, wire, module):
            continue
        return int(_next_use(work, walk, wire, module))
    return -1


@njit(cache=True)
def walk_events(work: Work, walk: Walk, heads: Ints) -> int:
    """Walk through all events; returns -1, or the event at which no way was found.

    Args:
        work: what is to be done.
        walk: filled with zeros, but for `host` with -1 and `homes`.
        heads: (2, e + 1), the events of the classical and of the moving order, -1 behind the last.
    """
    for wire in range(len(work.first)):
        _enter_segment(work, walk, wire, work.first[wire])
    for wire in range(len(work.first)):
        _enter_stage(work, walk, wire)
    while True:
        _do_free(work, walk)
        _look_at_heads(work, walk, heads)
        if walk.counts[READY] > 0:
            continue
        if walk.counts[DONE] == len(work.events):
            return -1
        if _try_move(work, walk, heads, 0):
            continue
        gate = _next_closing(work, walk)
        if gate >= 0 and _force_gate(work, walk, gate):
            continue
        if _try_move(work, walk, heads, NEVER):
            continue
        event = walk.counts[OPEN]
        gate = work.events[event, WANTED] >= 0
        if not (_force_gate(work, walk, event) if gate else _do_alone(work, walk, event)):
            return int(event)
