"""Both integer programs prove the same optimum as brute force, on circuits small enough for that."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, Link, Module
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Bound
from dqplan.core.segments import Segments
from dqplan.solve.bounds.proved import Proved
from dqplan.solve.exact import solve_exact as exact
from dqplan.solve.exact.network_model import NetworkModel, moments
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, price_of
from dqplan.solve.stop import Clock
from tests.solve.circuits import back_and_forth, everyone, ghz, line, qft, segments
from tests.strategies import dynamic_circuits


def brute_force(segments: Segments, network: Network) -> int:
    """The fewest e-bits over all homes and hosts."""
    times = list(moments(segments))
    best = None
    for home in product(range(network.size), repeat=segments.num_segments):
        used = [np.bincount([home[s] for s in now], minlength=network.size) for now in times]
        if any((count > network.capacity).any() for count in used):
            continue
        for host in product(range(network.size), repeat=len(segments.gates)):
            placement = Placement(np.array(home, dtype=np.int16), np.array(host, dtype=np.int16))
            ebits = price_of(segments, network, placement)
            best = ebits if best is None else min(best, ebits)
    assert best is not None
    return best


def solved(segments: Segments, hardware: Hardware) -> tuple[int, int]:
    """E-bits found and proved, from a start with every wire in its own way."""
    network = Network(hardware)
    slots = np.repeat(np.arange(network.size), network.capacity)[: segments.num_wires]
    home = slots[segments.wire].astype(np.int16)
    start = Placement(home, home[segments.gate_pairs[:, 0]])
    found = exact.solve_exact(
        segments, network, start, proved=Proved(Bound(0, "nothing", "all plans")), work=5, clock=Clock(60), seed=0
    )
    assert found is not None
    return price_of(segments, network, found.placement), found.bound.ebits


@given(dynamic_circuits(max_qubits=3, max_gates=6))
@settings(max_examples=15, deadline=None)
def test_agrees_with_brute_force(circuit: Circuit) -> None:
    normal = segments_of(circuit)
    if normal.num_segments + len(normal.gates) > 7:
        return
    for hardware in (everyone(2, 2), line(3, 1)):
        best = brute_force(normal, Network(hardware))
        assert solved(normal, hardware) == (best, best)


@pytest.mark.parametrize("circuit", [ghz(5), qft(5), back_and_forth(3)])
def test_both_models_agree_on_two_modules(circuit: Segments, monkeypatch: pytest.MonkeyPatch) -> None:
    hardware = everyone(2, -(-circuit.num_wires // 2) + 1)
    small = solved(circuit, hardware)
    monkeypatch.setattr(exact, "PairModel", type("Never", (NetworkModel,), {"fits": staticmethod(lambda _: False)}))
    assert solved(circuit, hardware) == small
    assert small[0] == small[1]


@pytest.mark.parametrize("weight", [0.4, 1.5, 3.0])
def test_weights_of_links_count(weight: float) -> None:
    """On a triangle with one link that is cheaper or dearer, for a ring of gates with one wire per module."""
    links = (Link(0, 1), Link(1, 2), Link(0, 2, weight=weight))
    hardware = Hardware("triangle", tuple(Module(f"m{i}", 1) for i in range(3)), links)
    ring = [(Op.CZ, (0, 1)), (Op.H, (1,)), (Op.CZ, (1, 2)), (Op.CZ, (0, 2))]
    circuit = segments(3, ring)
    assert solved(circuit, hardware)[0] == brute_force(circuit, Network(hardware))


def test_line_network_pays_for_its_length() -> None:
    """Three wires of a GHZ state in three modules of one data qubit, on a line: the middle one in the middle."""
    assert solved(ghz(3), line(3, 1)) == (2, 2)
