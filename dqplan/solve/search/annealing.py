"""Compiled kernels of the local search: a placement that moves, one proposal at a time, and knows its cost.

Everything here runs millions of times a second, so it is plain loops over arrays for numba. A *model* holds what does
not change, a *state* what does. Each proposal writes what it changed into the journal, so that it can be taken back.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]

kernel = njit(cache=True, _nrt=False)  # type: ignore[call-overload]  # not in its stubs
"""Compiled without reference counting: kernels neither make nor drop arrays, and are 15 times faster so (measured)."""

PREVIOUS, FOLLOWING, HANDS_ON, FIRST_GATE, START, END, FIRST_LEANING = range(7)
"""Columns of `Model.segments`."""


class Model(NamedTuple):
    """What does not change: s segments, g gates, w wires, k modules. Few arrays, because numba passes each one on.

    Attributes:
        segments: (s + 1, 7), for each segment its neighbours on the same wire (-1 at the ends), whether a qubit enters
            it from the one before (1) or begins in it (0), where its gates begin in `gate_of`, the first and the
            last-but-one time slice during which its home counts, and where its stretches begin in `leaning`.
        gate_of: (2g,), gates by segment.
        pairs: (g, 2), the two segments of each gate.
        wire_first: (w + 1,), where each wire's segments begin.
        capacity: (k,), data qubits.
        prices: (2^k,), of the trees that span sets of modules; empty if every copy costs 1.
        third_party: whether gates may run in modules that are home of neither of their qubits.
        stretches: X-type stretches that copies can live through (`core.embedding`).
        leaning: by segment, the stretches through which copies live only where its qubit is present.
    """

    segments: Ints
    gate_of: Ints
    pairs: Ints
    wire_first: Ints
    capacity: Ints
    prices: Ints
    third_party: bool
    stretches: Ints
    leaning: Ints


COST, WRITTEN = range(2)
"""Places in `State.counts`."""
OPEN, ALIVE, SAVED = range(3)
"""Columns of `State.bridge`."""


class State(NamedTuple):
    """What changes.

    Attributes:
        home: (s,), module indices.
        host: (g,), module indices.
        reasons: (s, k), how many homes and hosts ask for each segment in each module.
        present: (s,), the modules with a reason, as a bit set.
        occupied: (k, t), homes in each module and time slice.
        counts: (2,), e-bits, and rows of the journal in use.
        journal: (j, 2), what changed and from where: a gate's number, or minus one minus a segment's number, or, for a
            stretch that is bridged or is not, s less than that.
        bridge: (s, 3), whether copies may live through a stretch, where they do now (a bit set), and the e-bits saved.
    """

    home: Ints
    host: Ints
    reasons: NDArray[np.int32]
    present: Ints
    occupied: NDArray[np.int32]
    counts: Ints
    journal: Ints
    bridge: Ints


class Best(NamedTuple):
    """The cheapest placement met so far: as in `State`."""

    home: Ints
    host: Ints
    counts: Ints
    bridge: Ints


@kernel
def _weight(model: Model, modules: int) -> int:
    """Price of the tree that spans a set of modules."""
    if len(model.prices):
        return int(model.prices[modules])
    count = -1
    while modules:
        modules &= modules - 1
        count += 1
    return count


@kernel
def _add_reason(model: Model, state: State, segment: int, module: int) -> None:
    if state.reasons[segment, module] == 0:
        before = state.present[segment]
        state.present[segment] = before | (1 << module)
        state.counts[COST] += _weight(model, state.present[segment]) - _weight(model, before)
        _weigh_leaning(model, state, segment)
    state.reasons[segment, module] += 1


@kernel
def _drop_reason(model: Model, state: State, segment: int, module: int) -> None:
    state.reasons[segment, module] -= 1
    if state.reasons[segment, module] == 0:
        before = state.present[segment]
        state.present[segment] = before ^ (1 << module)
        state.counts[COST] += _weight(model, state.present[segment]) - _weight(model, before)
        _weigh_leaning(model, state, segment)


@kernel
def _weigh_leaning(model: Model, state: State, segment: int) -> None:
    """Count again what stretches save that lean on a segment's presence."""
    for place in range(model.segments[segment, FIRST_LEANING], model.segments[segment + 1, FIRST_LEANING]):
        _weigh_bridge(model, state, model.leaning[place])


@kernel
def _weigh_bridge(model: Model, state: State, stretch: int) -> None:
    """Count again what a stretch saves."""
    alive = _survivors(model, state, stretch) if state.bridge[stretch, OPEN] else 0
    saved = _saving(model, alive, 1 << state.home[stretch], state.present[stretch + 1]) if alive else 0
    state.counts[COST] += state.bridge[stretch, SAVED] - saved
    state.bridge[stretch, ALIVE] = alive
    state.bridge[stretch, SAVED] = saved


@kernel
def _survivors(model: Model, state: State, stretch: int) -> int:
    """Where copies can live through a stretch, as a bit set: both neighbours and all partners are present there."""
    home = state.home[stretch]
    if state.home[stretch - 1] != home or state.home[stretch + 1] != home:
        return 0
    alive = state.present[stretch - 1] & state.present[stretch + 1] & ~(1 << home)
    for place in range(model.segments[stretch, FIRST_GATE], model.segments[stretch + 1, FIRST_GATE]):
        gate = model.gate_of[place]
        if state.host[gate] != home:
            return 0
        alive &= state.present[_partner(model, gate, stretch)]
    return int(alive)


@kernel
def _saving(model: Model, alive: int, home: int, present: int) -> int:
    """E-bits that copies which are there already spare the segment behind a stretch; all are bit sets."""
    if len(model.prices) == 0:
        return int(_weight(model, alive | home))
    spent, there = 0, alive | home
    while present & ~there:
        nearest, arrival = 1 << 30, 0
        for target in range(len(model.capacity)):
            if (present & ~there) >> target & 1:
                for source in range(len(model.capacity)):
                    if there >> source & 1 and model.prices[1 << target | 1 << source] < nearest:
                        nearest, arrival = model.prices[1 << target | 1 << source], 1 << target
        spent += nearest
        there |= arrival
    return int(max(0, _weight(model, present) - spent))


@kernel
def fill(model: Model, state: State) -> None:
    """Count reasons, occupancy and cost of the homes and hosts in the state."""
    for segment in range(len(state.home)):
        state.reasons[segment, state.home[segment]] += 1
        if model.segments[segment, HANDS_ON]:
            state.reasons[model.segments[segment, PREVIOUS], state.home[segment]] += 1
        for time in range(model.segments[segment, START], model.segments[segment, END]):
            state.occupied[state.home[segment], time] += 1
    for gate in range(len(state.host)):
        for side in range(2):
            state.reasons[model.pairs[gate, side], state.host[gate]] += 1
    for segment in range(len(state.home)):
        for module in range(len(model.capacity)):
            if state.reasons[segment, module]:
                state.present[segment] |= 1 << module
        state.counts[COST] += _weight(model, state.present[segment])
    for stretch in model.stretches:
        _weigh_bridge(model, state, stretch)


@kernel
def _note(state: State, what: int, before: int) -> None:
    state.journal[state.counts[WRITTEN], 0] = what
    state.journal[state.counts[WRITTEN], 1] = before
    state.counts[WRITTEN] += 1


@kernel
def _put_host(model: Model, state: State, gate: int, module: int) -> None:
    """Run a gate in another module."""
    before = state.host[gate]
    state.host[gate] = module
    for side in range(2):
        segment = model.pairs[gate, side]
        _drop_reason(model, state, segment, before)
        _add_reason(model, state, segment, module)
        _weigh_bridge(model, state, segment)


@kernel
def _put_home(model: Model, state: State, segment: int, module: int) -> None:
    """Let a segment begin in another module."""
    before = state.home[segment]
    state.home[segment] = module
    for time in range(model.segments[segment, START], model.segments[segment, END]):
        state.occupied[before, time] -= 1
        state.occupied[module, time] += 1
    _drop_reason(model, state, segment, before)
    _add_reason(model, state, segment, module)
    if model.segments[segment, HANDS_ON]:
        _drop_reason(model, state, model.segments[segment, PREVIOUS], before)
        _add_reason(model, state, model.segments[segment, PREVIOUS], module)
    for near in range(max(0, segment - 1), min(segment + 2, len(state.home))):
        _weigh_bridge(model, state, near)


@kernel
def _put_bridge(model: Model, state: State, stretch: int, opened: int) -> None:
    state.bridge[stretch, OPEN] = opened
    _weigh_bridge(model, state, stretch)


@kernel
def _move_bridge(model: Model, state: State, stretch: int, opened: int) -> None:
    if state.bridge[stretch, OPEN] != opened:
        _note(state, -1 - len(state.home) - stretch, 1 - opened)
        _put_bridge(model, state, stretch, opened)


@kernel
def _move_gate(model: Model, state: State, gate: int, module: int) -> None:
    _note(state, gate, state.host[gate])
    _put_host(model, state, gate, module)


@kernel
def _take_back(model: Model, state: State) -> None:
    """Undo everything in the journal."""
    for row in range(state.counts[WRITTEN] - 1, -1, -1):
        what, before = state.journal[row, 0], state.journal[row, 1]
        if what >= 0:
            _put_host(model, state, what, before)
        elif what >= -len(state.home):
            _put_home(model, state, -1 - what, before)
        else:
            _put_bridge(model, state, -1 - what - len(state.home), before)
    state.counts[WRITTEN] = 0


@kernel
def _partner(model: Model, gate: int, segment: int) -> int:
    """The other segment of a gate."""
    return int(model.pairs[gate, 0] + model.pairs[gate, 1] - segment)


@kernel
def _propose_host(model: Model, state: State) -> bool:
    """One gate to one of its homes, to where both qubits are present, or anywhere."""
    gate = np.random.randint(len(state.host))
    a, b = model.pairs[gate, 0], model.pairs[gate, 1]
    module = np.random.randint(len(model.capacity))
    kind = np.random.randint(4 if model.third_party else 2)
    if kind == 0:
        module = state.home[a]
    elif kind == 1:
        module = state.home[b]
    elif kind == 2:
        both = state.present[a] & state.present[b]
        if not both:
            return False
        while not (both >> module) & 1:
            module = (module + 1) % len(model.capacity)
    if module == state.host[gate] or model.capacity[module] == 0:
        return False
    _move_gate(model, state, gate, module)
    return True


@kernel
def _propose_copy(model: Model, state: State) -> bool:
    """One segment gains a copy and hosts there what it can, or loses a copy and hosts its gates elsewhere."""
    segment = np.random.randint(len(state.home))
    module = np.random.randint(len(model.capacity))
    if module == state.home[segment] or model.capacity[module] == 0:
        return False
    drop = (state.present[segment] >> module) & 1
    for place in range(model.segments[segment, FIRST_GATE], model.segments[segment + 1, FIRST_GATE]):
        gate = model.gate_of[place]
        partner = _partner(model, gate, segment)
        if drop and state.host[gate] == module:
            at_home = state.home[partner] == module or (state.present[partner] >> state.home[segment]) & 1
            _move_gate(model, state, gate, state.home[segment] if at_home else state.home[partner])
        elif not drop and _can_meet(model, state, partner, module):
            _move_gate(model, state, gate, module)
    return bool(state.counts[WRITTEN] > 0)


@kernel
def _can_meet(model: Model, state: State, partner: int, module: int) -> bool:
    """Whether a gate may run in a module where its partner is."""
    if model.third_party:
        return bool((state.present[partner] >> module) & 1)
    return bool(state.home[partner] == module)


@kernel
def _propose_bridge(model: Model, state: State) -> bool:
    """A stretch is bridged, with its gates at home, or is no longer; neighbours and partners are not."""
    if len(model.stretches) == 0:
        return False
    stretch = model.stretches[np.random.randint(len(model.stretches))]
    if state.bridge[stretch, OPEN]:
        _move_bridge(model, state, stretch, 0)
        return True
    _move_bridge(model, state, stretch - 1, 0)
    _move_bridge(model, state, stretch + 1, 0)
    for place in range(model.segments[stretch, FIRST_GATE], model.segments[stretch + 1, FIRST_GATE]):
        gate = model.gate_of[place]
        _move_bridge(model, state, _partner(model, gate, stretch), 0)
        if state.host[gate] != state.home[stretch]:
            _move_gate(model, state, gate, state.home[stretch])
    _move_bridge(model, state, stretch, 1)
    return True


@kernel
def _grow_run(model: Model, state: State, segment: int) -> tuple[int, int]:
    """A run of segments with one home around a segment: long, middling or short, to either side or both."""
    kind = np.random.randint(4)
    length = (0, 4, 16, 1 << 30)[kind]
    if 0 < kind < 3:
        length = np.random.randint(1, length)
    side = np.random.randint(3)
    first = last = segment
    while side != 1 and segment - first < length and _joined(model, state, first, model.segments[first, PREVIOUS]):
        first = model.segments[first, PREVIOUS]
    while side != 0 and last - segment < length and _joined(model, state, last, model.segments[last, FOLLOWING]):
        last = model.segments[last, FOLLOWING]
    return first, last


@kernel
def _joined(model: Model, state: State, segment: int, neighbour: int) -> bool:
    return bool(neighbour >= 0 and state.home[neighbour] == state.home[segment])


@kernel
def _choose_target(model: Model, state: State, first: int, last: int) -> int:
    """Where to move a run: to its neighbour in time, to a partner of one of its gates, or anywhere."""
    kind = np.random.randint(4)
    if kind == 0 and model.segments[first, PREVIOUS] >= 0:
        return int(state.home[model.segments[first, PREVIOUS]])
    if kind == 1 and model.segments[last, FOLLOWING] >= 0:
        return int(state.home[model.segments[last, FOLLOWING]])
    begin, end = model.segments[first, FIRST_GATE], model.segments[last + 1, FIRST_GATE]
    if kind < 3 and end > begin:
        gate = model.gate_of[np.random.randint(begin, end)]
        a, b = model.pairs[gate, 0], model.pairs[gate, 1]
        return int(state.home[b] if first <= a <= last else state.home[a])
    return int(np.random.randint(len(model.capacity)))


@kernel
def _move_run(model: Model, state: State, first: int, last: int, module: int) -> None:
    """Move the homes of a run, sometimes all gates hosted there with it, then each gate to where it costs least."""
    before = state.home[first]
    together = not model.third_party or np.random.random() < 0.6
    for segment in range(first, last + 1):
        _note(state, -1 - segment, before)
        _put_home(model, state, segment, module)
        if together:
            for place in range(model.segments[segment, FIRST_GATE], model.segments[segment + 1, FIRST_GATE]):
                if state.host[model.gate_of[place]] == before:
                    _move_gate(model, state, model.gate_of[place], module)
    for segment in range(first, last + 1):
        for place in range(model.segments[segment, FIRST_GATE], model.segments[segment + 1, FIRST_GATE]):
            gate = model.gate_of[place]
            _try_host(model, state, gate, state.home[_partner(model, gate, segment)])
            _try_host(model, state, gate, module)


@kernel
def _stands_alone(model: Model, state: State, gate: int) -> bool:
    """Whether no stretch that copies live through depends on where a gate runs."""
    for side in range(2):
        segment = model.pairs[gate, side]
        leans = model.segments[segment, FIRST_LEANING] != model.segments[segment + 1, FIRST_LEANING]
        if leans or state.bridge[segment, OPEN]:
            return False
    return True


@kernel
def _rise(model: Model, state: State, gate: int, module: int) -> int:
    """E-bits that it costs to run a gate in another module, if it stands alone."""
    rise, before = 0, state.host[gate]
    for side in range(2):
        segment = model.pairs[gate, side]
        present = state.present[segment]
        after = present | (1 << module)
        if state.reasons[segment, before] == 1:
            after ^= 1 << before
        if after != present:
            rise += _weight(model, after) - _weight(model, present)
    return int(rise)


@kernel
def _try_host(model: Model, state: State, gate: int, module: int) -> None:
    """Move a gate if that saves e-bits at once."""
    before, cost = state.host[gate], state.counts[COST]
    if module == before:
        return
    if _stands_alone(model, state, gate) and _rise(model, state, gate, module) >= 0:
        return
    _put_host(model, state, gate, module)
    if state.counts[COST] < cost:
        _note(state, gate, before)
    else:
        _put_host(model, state, gate, before)


@kernel
def _fits(model: Model, state: State, module: int, start: int, end: int) -> bool:
    """Whether the homes in a module fit into its data qubits throughout."""
    over = 0
    for time in range(start, end):
        over += state.occupied[module, time] > model.capacity[module]
    return over == 0


@kernel
def _find_exchange(model: Model, state: State, module: int, start: int) -> int:
    """A segment at home in a module at a moment, of a wire drawn at random; -1 if there is none."""
    wires = len(model.wire_first) - 1
    offset = np.random.randint(wires)
    for step in range(wires):
        wire = (offset + step) % wires
        low, high = model.wire_first[wire], model.wire_first[wire + 1] - 1
        while low < high:
            middle = (low + high + 1) // 2
            if model.segments[middle, START] <= start:
                low = middle
            else:
                high = middle - 1
        if state.home[low] == module:
            return int(low)
    return -1


@kernel
def _propose_run(model: Model, state: State) -> bool:
    """Move a run of homes; if the module is full, move a run of another wire the other way."""
    first, last = _grow_run(model, state, np.random.randint(len(state.home)))
    home, module = state.home[first], _choose_target(model, state, first, last)
    if module == home or model.capacity[module] == 0:
        return False
    start, end = model.segments[first, START], model.segments[last, END]
    other = _find_exchange(model, state, module, start)
    _move_run(model, state, first, last, module)
    if _fits(model, state, module, start, end):
        return True
    if other < 0:
        return False
    after = model.segments[other, FOLLOWING]
    begins_before = model.segments[other, START] < start
    if begins_before and np.random.random() < 0.5 and _joined(model, state, other, after):
        other = after
    back = other
    while model.segments[back, END] < end and _joined(model, state, back, model.segments[back, FOLLOWING]):
        back = model.segments[back, FOLLOWING]
    start, end = min(start, model.segments[other, START]), max(end, model.segments[back, END])
    _move_run(model, state, other, back, home)
    return bool(_fits(model, state, module, start, end) and _fits(model, state, home, start, end))


@njit(cache=True)
def anneal(model: Model, state: State, best: Best, moves: int, hot: float, cold: float, seed: int) -> None:
    """Simulated annealing (Kirkpatrick, Gelatt, Vecchi, Science 220, 1983) with a geometric schedule.

    Args:
        model: what does not change.
        state: filled by `fill`; it moves.
        best: replaced whenever something better is met.
        moves: proposals to make.
        hot: the first temperature, as a price.
        cold: the last one.
        seed: of numba's generator.
    """
    np.random.seed(seed)
    cooling = (cold / hot) ** (1 / max(1, moves))
    temperature = hot
    for _ in range(moves):
        temperature *= cooling
        before = state.counts[COST]
        kind = np.random.random()
        if kind < 0.35:
            legal = _propose_host(model, state)
        elif kind < 0.6:
            legal = _propose_copy(model, state)
        elif kind < 0.65:
            legal = _propose_bridge(model, state)
        else:
            legal = _propose_run(model, state)
        rise = state.counts[COST] - before
        if not legal or (rise > 0 and np.random.random() >= math.exp(-rise / temperature)):
            _take_back(model, state)
            continue
        state.counts[WRITTEN] = 0
        if state.counts[COST] < best.counts[COST]:
            best.counts[COST] = state.counts[COST]
            best.home[:] = state.home
            best.host[:] = state.host
            best.bridge[:] = state.bridge
