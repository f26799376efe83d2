"""Local search over homes that move and hosts: the part that static placement cannot do."""

from __future__ import annotations

import numpy as np

from dqplan.core.embedding import bridgeable
from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement
from dqplan.solve.search.annealing import (
    ALIVE,
    END,
    FIRST_GATE,
    FIRST_LEANING,
    FOLLOWING,
    HANDS_ON,
    OPEN,
    PREVIOUS,
    SAVED,
    START,
    Best,
    Ints,
    Model,
    State,
    anneal,
    fill,
)
from dqplan.solve.stop import Budget, Clock

_HOT, _COLD = 0.5, 0.1
"""Temperatures in the usual price of an e-bit: at first a rise of one is taken in one of seven cases, at last almost
never (measured)."""
_ROUND = 200_000
"""Proposals between looks at the clock."""
_MOST_MODULES = 62
"""Sets of modules are bit sets in 64-bit integers."""
_MOST_TABLED = 10
"""Networks that are not complete: trees are tabled for all sets of so many modules."""


def refine(
    segments: Segments,
    network: Network,
    placement: Placement,
    *,
    budget: Budget,
    seed: int,
    clock: Clock,
    third_party: bool = True,
) -> Placement:
    """A placement at most as expensive as the given one, found by simulated annealing.

    With `third_party` gates may also run in modules that are home of neither of their qubits: that saves e-bits, but
    takes two comm qubits, and often more where many copies meet. Without, the given placement must not do that either.

    Data qubits are respected at every moment; comm qubits are not looked at. Networks that it cannot represent (more
    than 62 modules, or more than 10 without all links) and circuits without gates are returned as they are. It stops
    early only when the clock does.
    """
    too_large = network.size > _MOST_MODULES or not (network.complete or network.size <= _MOST_TABLED)
    moves = _proposals(segments, network, budget)
    if too_large or len(segments.gates) == 0 or moves <= 0:
        return placement
    model = _model(segments, network, third_party)
    state = _state(model, placement)
    fill(model, state)
    best = Best(state.home.copy(), state.host.copy(), state.counts.copy(), state.bridge.copy())
    rounds = -(-moves // _ROUND)
    anneal(model, state, best, 0, _HOT, _COLD, seed)  # compiled here if it was never before
    clock.enter("local search", rounds)
    for number in range(rounds):
        if clock.expired:
            break
        clock.step()
        hot, cold = (network.usual * _HOT * (_COLD / _HOT) ** (step / rounds) for step in (number, number + 1))
        anneal(model, state, best, moves // rounds, hot, cold, seed + number)
    saving = np.flatnonzero(best.bridge[:, SAVED]).tolist()
    bridged = {stretch: _members(int(best.bridge[stretch, ALIVE])) for stretch in saving}
    return Placement(best.home.astype(np.int16), best.host.astype(np.int16), bridged)


def _proposals(segments: Segments, network: Network, budget: Budget) -> int:
    """How many proposals the budget allows: they take longer the more gates and modules a segment meets (measured)."""
    moves = min(budget.most_moves, budget.moves * (segments.num_segments + len(segments.gates)))
    gates = segments.gates_per_segment.astype(np.float64)
    met = float((gates**2).sum() / max(1.0, gates.sum()))
    return int(moves / (1 + met * network.size / 80))


def _members(modules: int) -> frozenset[int]:
    """The modules of a bit set."""
    return frozenset(module for module in range(modules.bit_length()) if modules >> module & 1)


def _model(segments: Segments, network: Network, third_party: bool) -> Model:
    following = segments.following.astype(np.int64)
    previous = np.full(segments.num_segments, -1, dtype=np.int64)
    previous[following[following >= 0]] = np.flatnonzero(following >= 0)
    pairs = segments.gate_pairs.astype(np.int64)
    order = np.argsort(pairs.T.ravel(), kind="stable")
    opening = segments.opening
    moments = np.sort(opening[opening >= 0])
    start = np.searchsorted(moments, opening, side="right")
    # Shares under comm-qubit limits are not laid through stretches yet.
    stretches = np.flatnonzero(bridgeable(segments) & (not network.limited))
    leaning = _leaning(pairs, stretches)
    table = np.zeros((segments.num_segments + 1, 7), dtype=np.int64)
    table[:-1, PREVIOUS] = previous
    table[:-1, FOLLOWING] = following
    table[:-1, HANDS_ON] = (previous >= 0) & ~segments.fresh
    table[1:, FIRST_GATE] = np.cumsum(segments.gates_per_segment)
    table[:, FIRST_LEANING] = np.searchsorted(leaning[:, 0], np.arange(segments.num_segments + 1))
    table[:-1, START] = start
    table[:-1, END] = np.where(following >= 0, start[following], len(moments) + 1)
    return Model(
        segments=table,
        gate_of=(order % max(1, len(pairs))).astype(np.int64),
        pairs=pairs,
        wire_first=np.append(segments.first, segments.num_segments).astype(np.int64),
        capacity=network.capacity.astype(np.int64),
        prices=_prices(network),
        third_party=third_party,
        stretches=stretches,
        leaning=leaning[:, 1].copy(),
    )


def _leaning(pairs: Ints, stretches: Ints) -> Ints:
    """(segment, stretch): copies live through the stretch only where the segment's qubit is present; in order."""
    first, second = pairs[np.isin(pairs[:, 0], stretches)], pairs[np.isin(pairs[:, 1], stretches)]
    neighbours = [np.stack([stretches + step, stretches], axis=1) for step in (-1, 1)]
    return np.unique(np.concatenate([*neighbours, first[:, ::-1], second]), axis=0)


def _prices(network: Network) -> Ints:
    """Prices of the trees that span each set of modules; empty if each copy costs 1."""
    if network.complete:
        return np.zeros(0, dtype=np.int64)
    prices = np.zeros(1 << network.size, dtype=np.int64)
    for modules in range(1, len(prices)):
        members = [m for m in range(network.size) if modules >> m & 1]
        prices[modules] = network.tree_price(members[0], frozenset(members))
    return prices


def _state(model: Model, placement: Placement) -> State:
    num_segments, num_gates, num_modules = len(placement.home), len(placement.host), len(model.capacity)
    bridge = np.zeros((num_segments, 3), dtype=np.int64)
    bridge[list(placement.bridged), OPEN] = 1
    return State(
        home=placement.home.astype(np.int64),
        host=placement.host.astype(np.int64),
        reasons=np.zeros((num_segments, num_modules), dtype=np.int32),
        present=np.zeros(num_segments, dtype=np.int64),
        occupied=np.zeros((num_modules, int(model.segments[:, END].max())), dtype=np.int32),
        counts=np.zeros(2, dtype=np.int64),
        journal=np.zeros((3 * num_segments + 6 * num_gates + 16, 2), dtype=np.int64),
        bridge=bridge,
    )
