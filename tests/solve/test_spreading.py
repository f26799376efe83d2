"""The spreading bound: what it proves where the answer is known, and that no plan of its class is cheaper."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, ideal_network
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Bound
from dqplan.core.segments import Segments
from dqplan.core.slices import slice_ends
from dqplan.solve.bounds.proved import Proved
from dqplan.solve.bounds.spreading import disjoint_cuts, spreading_bound
from dqplan.solve.exact.solve_exact import solve_exact
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, price_of
from dqplan.solve.stop import Clock
from tests.arbitrary_plans import arbitrary_plan
from tests.solve.circuits import Gate, everyone, ghz, line, qft, segments
from tests.strategies import dynamic_circuits, flipping_circuits, networks, unitary_circuits

WORK = 10**6


def proved(circuit: Segments, hardware: Hardware) -> int:
    return spreading_bound(circuit, Network(hardware, relaxed=True), WORK, Clock(None)).bound.ebits


def layers(count: int, wires: int) -> Segments:
    """Layers in which every two wires meet, with a one-qubit gate on every wire in between."""
    gates: list[Gate] = []
    for _ in range(count):
        gates += [(Op.RY, (a,), (0.3,)) for a in range(wires)]
        gates += [(Op.CP, (a, b), (0.1 + a + b / 7,)) for b in range(wires) for a in range(b)]
    return segments(wires, gates)


@pytest.mark.parametrize(
    ("circuit", "hardware", "ebits"),
    [
        (qft(16), everyone(2, 9), 7),
        (qft(16), everyone(4, 5), 11),
        (qft(16), line(4, 5), 11),
        (layers(1, 8), everyone(2, 5), 3),
        (layers(4, 8), everyone(2, 5), 12),
        (ghz(8), everyone(2, 4), 1),
        (ghz(8), everyone(2, 8), 0),
        (ghz(9), line(3, 3), 2),
        (segments(3, []), everyone(3, 1), 0),
    ],
)
def test_known_values(circuit: Segments, hardware: Hardware, ebits: int) -> None:
    """In a QFT all wires but as many as one module holds must pay; layers pay again and again."""
    assert proved(circuit, hardware) == ebits


def test_no_time_no_bound() -> None:
    network = Network(everyone(2, 9))
    assert spreading_bound(qft(16), network, 0, Clock(None)).bound.ebits == 0
    assert spreading_bound(qft(16), network, WORK, Clock(0.0)).bound.ebits == 0


def cheapest(circuit: Segments, network: Network) -> int:
    """The fewest e-bits over all homes that fit at the ends of slices, and all hosts."""
    best = 10**6
    for home in product(range(network.size), repeat=circuit.num_segments):
        used = [np.bincount(np.array(home)[now], minlength=network.size) for now in slice_ends(circuit)]
        if any((count > network.capacity).any() for count in used):
            continue
        for host in product(range(network.size), repeat=len(circuit.gates)):
            placement = Placement(np.array(home, dtype=np.int16), np.array(host, dtype=np.int16))
            best = min(best, price_of(circuit, network, placement))
    return best


@given(dynamic_circuits(max_qubits=3, max_gates=7))
@settings(max_examples=25, deadline=None)
def test_never_above_the_cheapest_plan(circuit: Circuit) -> None:
    normal = segments_of(circuit)
    if normal.num_segments + len(normal.gates) > 7:
        return
    uneven = ideal_network("uneven", [2, 1], None, [(0, 1)])
    for hardware in (everyone(2, 2), line(3, 1), uneven):
        if hardware.data_capacity.sum() >= normal.num_wires:
            assert proved(normal, hardware) <= cheapest(normal, Network(hardware))


@given(unitary_circuits(max_qubits=6, max_gates=14), st.sampled_from([everyone(2, 3), everyone(3, 2), line(3, 2)]))
@settings(max_examples=20, deadline=None)
def test_never_above_what_cp_sat_finds(circuit: Circuit, hardware: Hardware) -> None:
    """And its inequalities cut off no optimum: with them, CP-SAT finds and proves the same."""
    normal, network = segments_of(circuit), Network(hardware)
    home = np.repeat(np.arange(network.size), network.capacity)[normal.wire].astype(np.int16)
    start = Placement(home, home[normal.gate_pairs[:, 0]])
    known = spreading_bound(normal, network, WORK, Clock(None))
    found = [
        solve_exact(normal, network, start, proved=given, work=2, clock=Clock(30), seed=0)
        for given in (Proved(Bound(0, "nothing", "all plans")), known)
    ]
    assert found[0] is not None
    assert found[1] is not None
    ebits = [price_of(normal, network, result.placement) for result in found]
    if ebits[0] == found[0].bound.ebits:
        assert known.bound.ebits <= ebits[0]
        assert found[1].bound.ebits <= ebits[0]


@given(st.data(), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_never_above_plans_with_embedding(data: st.DataObject, seed: int) -> None:
    """Random plans, in which copies also live through flips; the cheapest of some is close to the best there is."""
    circuit = data.draw(flipping_circuits())
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, limited=False))
    normal = segments_of(circuit)
    plans = [arbitrary_plan(normal, hardware, seed + number) for number in range(10)]
    assert proved(normal, hardware) <= min(plan.cost.ebits for plan in plans)


@pytest.mark.parametrize(
    ("pairs", "cuts"),
    [
        ([(0, 1), (1, 2), (2, 3)], 3),
        ([(0, 1), (0, 2), (0, 3)], 3),
        ([(0, 1), (1, 2), (2, 3), (0, 3)], 2),
        ([(a, b) for b in range(4) for a in range(b)], 1),
    ],
)
def test_cuts_have_no_link_in_common(pairs: list[tuple[int, int]], cuts: int) -> None:
    """A line and a star fall apart at each link, a ring at opposite links."""
    sides = list(disjoint_cuts(Network(ideal_network("n", [2] * 4, None, pairs))))
    crossed = [link for side in sides for link in pairs if (link[0] in side) != (link[1] in side)]
    assert len(sides) == cuts
    assert len(set(crossed)) == len(crossed)
