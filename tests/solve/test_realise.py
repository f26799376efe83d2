"""Any homes and hosts become legal shares: laid out freely, or replayed within the comm-qubit limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Baseline, Bound, Plan
from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, ebits_of
from dqplan.solve.realise import Realised, realise
from tests.solve.circuits import everyone, segments
from tests.solve.replay import check_plan
from tests.strategies import dynamic_circuits, networks, unitary_circuits


def checked(circuit: Segments, hardware: Hardware, placement: Placement) -> Realised:
    """The realised placement, after an independent replay."""
    found = realise(circuit, Network(hardware), placement)
    home, host = found.placement.home, found.host
    check_plan(
        Plan(found.segments, hardware, home, host, tuple(found.shares), found.cost, Bound(0, "", ""), Baseline(0, 0))
    )
    return found


@given(st.data(), unitary_circuits(max_qubits=6, max_gates=30) | dynamic_circuits(max_qubits=5, max_gates=30))
@settings(max_examples=150, deadline=None)
def test_any_homes_and_hosts(data: st.DataObject, circuit: Circuit) -> None:
    """Homes that move at random, in modules with room for all; without limits the cost is the Steiner trees'."""
    normal = segments_of(circuit)
    hardware = data.draw(networks(num_qubits=circuit.num_qubits))
    roomy = tuple(replace(module, data_qubits=circuit.num_qubits) for module in hardware.modules)
    hardware = replace(hardware, modules=roomy)
    random = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    home = random.integers(hardware.num_modules, size=normal.num_segments).astype(np.int16)
    host = random.integers(hardware.num_modules, size=len(normal.gates)).astype(np.int16)
    placement = Placement(home, host)
    found = checked(normal, hardware, placement)
    if not Network(hardware).limited:
        assert found.ebits == ebits_of(normal, Network(hardware), placement)


def test_the_copy_that_is_needed_last_is_removed_first() -> None:
    """One comm qubit, uses a b a b … of two copies: each change costs an e-bit; with two, each copy is made once."""
    gates = [(Op.CZ, (0, 2)), (Op.CZ, (1, 3)), (Op.CZ, (2, 3)), (Op.H, (2,)), (Op.H, (3,))] * 4
    circuit = segments(4, gates)
    home = np.array([0, 0, 1, 1], dtype=np.int16)[circuit.wire]
    host = np.ones(len(circuit.gates), dtype=np.int16)
    assert checked(circuit, everyone(2, 2, comm=2), Placement(home, host)).ebits == 2
    assert checked(circuit, everyone(2, 2, comm=1), Placement(home, host)).ebits > 2
