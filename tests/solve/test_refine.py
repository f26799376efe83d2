"""Local search: never worse, always legal, and it moves homes where moving pays."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import CircuitBuilder
from dqplan.core.cost import cost_of
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.core.segments import Segments
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.best import best_of
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, price_of
from dqplan.solve.search.refine import refine
from dqplan.solve.sharing.realise import realise
from dqplan.solve.sharing.shares import lay_shares
from dqplan.solve.stop import BUDGETS, Budget, Clock
from tests.strategies import networks, unitary_circuits


def budget(moves: int) -> Budget:
    return replace(BUDGETS[Effort.NORMAL], moves=moves, most_moves=moves)


def in_order(segments: Segments, network: Network) -> Placement:
    """Wires fill the modules one after the other; every gate runs at its first qubit's home."""
    places = np.repeat(np.arange(network.size), network.capacity)[: segments.num_wires]
    home = places[segments.wire].astype(np.int16)
    return Placement(home, home[segments.gate_pairs[:, 0]])


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_never_worse_and_always_legal(data: st.DataObject) -> None:
    circuit = data.draw(unitary_circuits(max_qubits=6, max_gates=30))
    network = Network(data.draw(networks(num_qubits=circuit.num_qubits)), relaxed=True)
    segments = segments_of(circuit)
    start = in_order(segments, network)
    found = refine(segments, network, start, budget=budget(3000), seed=1, clock=Clock())
    assert price_of(segments, network, found) <= price_of(segments, network, start)
    shares = lay_shares(segments, network, found)
    cost = cost_of(segments, network.hardware, found.home, shares)
    assert all(peak <= size for peak, size in zip(cost.peak_data.values(), network.capacity, strict=True))


def test_same_seed_same_placement() -> None:
    segments, network = two_phases(), Network(load_hardware("all:2x5"))
    start = in_order(segments, network)
    one, two = (refine(segments, network, start, budget=budget(20_000), seed=3, clock=Clock()) for _ in range(2))
    assert np.array_equal(one.home, two.home)
    assert np.array_equal(one.host, two.host)


def test_homes_move_between_two_phases_of_locality() -> None:
    """Dense work in one grouping of qubits, then in another: static homes pay per gate, moving homes per qubit."""
    segments, network = two_phases(), Network(load_hardware("all:2x5"))
    start = in_order(segments, network)
    found = refine(segments, network, start, budget=budget(60_000), seed=1, clock=Clock())
    assert price_of(segments, network, found) <= 6 < price_of(segments, network, start) / 3
    assert any(len(np.unique(found.home[segments.wire == wire])) > 1 for wire in range(8))


def two_phases() -> Segments:
    """Random CX among qubits 0-3 and 4-7, then among even and odd qubits."""
    rng = random.Random(2)
    builder = CircuitBuilder()
    builder.add_qreg("q", 8)
    for groups in (([0, 1, 2, 3], [4, 5, 6, 7]), ([0, 2, 4, 6], [1, 3, 5, 7])):
        for _ in range(40):
            for group in groups:
                builder.append(Op.CX, rng.sample(group, 2))
                builder.append(Op.RX, [rng.choice(group)], [0.3])
    return segments_of(builder.build())


def test_what_a_search_found_is_kept_when_its_time_is_up() -> None:
    segments, network = two_phases(), Network(load_hardware("all:2x5"))
    start = in_order(segments, network)
    found = refine(segments, network, start, budget=budget(20_000), seed=1, clock=Clock())
    best = best_of(segments, network, [found], 0, Clock(0.0), best=realise(segments, network, start))
    assert best.price == price_of(segments, network, found) < price_of(segments, network, start)
