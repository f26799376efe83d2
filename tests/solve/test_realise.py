"""Any homes and hosts become legal shares: laid out freely, or replayed within the comm-qubit limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.cost import cost_of
from dqplan.core.errors import InfeasibleError
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Baseline, Bound, Plan
from dqplan.core.segments import Segments
from dqplan.core.share import NOT_PARKED
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, price_of
from dqplan.solve.sharing.realise import Realised, realise
from tests.solve.circuits import everyone, line, segments
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
    """Homes that move at random, with data qubits to spare or not; without limits the cost is the Steiner trees'.

    A plan is always found where every module can swap entanglement.
    """
    normal = segments_of(circuit)
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, fewest_comm=1))
    random = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    home = random.integers(hardware.num_modules, size=normal.num_segments).astype(np.int16)
    host = random.integers(hardware.num_modules, size=len(normal.gates)).astype(np.int16)
    needed = cost_of(normal, hardware, home, ()).peak_data
    rooms = [needed[module.name] + data.draw(st.integers(0, 2)) for module in hardware.modules]
    modules = (replace(m, data_qubits=room) for m, room in zip(hardware.modules, rooms, strict=True))
    hardware = replace(hardware, modules=tuple(modules))
    try:
        found = checked(normal, hardware, Placement(home, host))
    except InfeasibleError:
        assert any(module.comm_qubits == 1 for module in hardware.modules)
        return
    if not Network(hardware).limited:
        assert found.price == price_of(normal, Network(hardware), Placement(home, host))


def alternating() -> tuple[Segments, Placement]:
    """Uses a b a b … of two copies in one module."""
    gates = [(Op.CZ, (0, 2)), (Op.CZ, (1, 3)), (Op.CZ, (2, 3)), (Op.H, (2,)), (Op.H, (3,))] * 4
    circuit = segments(4, gates)
    home = np.array([0, 0, 1, 1], dtype=np.int16)[circuit.wire]
    return circuit, Placement(home, np.ones(len(circuit.gates), dtype=np.int16))


def test_the_copy_that_is_needed_last_is_removed_first() -> None:
    """With one comm qubit, each change costs an e-bit; with two, each copy is made once."""
    circuit, placement = alternating()
    assert checked(circuit, everyone(2, 2, comm=2), placement).price == 2
    assert checked(circuit, everyone(2, 2, comm=1), placement).price > 2


def test_a_free_data_qubit_is_as_good_as_a_comm_qubit() -> None:
    circuit, placement = alternating()
    found = checked(circuit, everyone(2, 3, comm=1), placement)
    assert found.price == 2
    assert [share.parked for share in found.shares] == [1, NOT_PARKED]


def test_copies_rest_in_a_module_with_one_comm_qubit() -> None:
    """From end to end of a line, a copy is parked in the middle, if there is room."""
    circuit = segments(2, [(Op.CZ, (0, 1))])
    placement = Placement(np.array([0, 2], dtype=np.int16), np.array([2], dtype=np.int16))
    found = checked(circuit, line(3, 1, comm=1), placement)
    assert [share.route for share in found.shares] == [(0, 1), (1, 2)]
    assert found.cost.peak_data == {"m0": 1, "m1": 1, "m2": 1}


def test_a_parked_copy_may_become_the_home() -> None:
    """Qubit 0 is copied to the other module, waits there in a data qubit while qubit 1 visits, and then moves in."""
    cut = [(Op.H, (2,)), (Op.H, (3,))]
    once = [(Op.CZ, (0, 2)), *cut, (Op.CZ, (1, 2)), (Op.CZ, (1, 3)), *cut, (Op.CZ, (0, 3)), (Op.CZ, (0, 2)), *cut]
    circuit = segments(4, [*once, (Op.H, (0,)), (Op.CZ, (0, 3)), (Op.CZ, (0, 2))])
    home = np.ones(circuit.num_segments, dtype=np.int16)
    home[circuit.first[:2]] = 0
    found = checked(circuit, everyone(2, 3, comm=1), Placement(home, np.ones(len(circuit.gates), dtype=np.int16)))
    assert [(share.teleport, share.parked) for share in found.shares] == [(True, 1), (False, NOT_PARKED)]
