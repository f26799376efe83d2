"""What modules without data qubits are used for: communication modules host copies, repeaters only pass e-bits on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, Link, Module, Role
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort, Plan
from dqplan.core.segments import Segments
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.verify_plan import verify_plan
from tests.solve.circuits import qft, segments
from tests.strategies import networks, unitary_circuits


def star(role: Role, leaves: int, size: int, comm: int | None) -> Hardware:
    """Processors around a module without data qubits."""
    modules = (Module("hub", 0, comm, role=role), *(Module(f"m{i}", size, comm) for i in range(leaves)))
    return Hardware("star", modules, tuple(Link(0, i) for i in range(1, leaves + 1)))


FAN = segments(
    6,
    [
        *((Op.CX, (0, i)) for i in range(1, 6)),
        *((Op.H, (i,)) for i in range(6)),
        *((Op.CX, (0, i)) for i in range(1, 6)),
    ],
)
"""Twice, one qubit controls all others, which lie in three modules."""
CASES = {"fan": (FAN, 3, 2, None), "fan, two comm qubits": (FAN, 3, 2, 2), "qft": (qft(8), 4, 2, None)}


def planned(circuit: Segments, hardware: Hardware) -> Plan:
    return solve_plan(circuit, hardware, effort=Effort.QUICK)


def holders(plan: Plan) -> set[int]:
    """Modules in which a copy rests at any time."""
    return {module for share in plan.shares for module in (share.route[0], share.target)}


@pytest.mark.parametrize("case", CASES)
def test_a_communication_module_hosts_copies_and_saves_ebits(case: str) -> None:
    """Where routes part, one e-bit less is needed on the way there for every copy but one."""
    circuit, leaves, size, comm = CASES[case]
    hosting, passing = (
        planned(circuit, star(role, leaves, size, comm)) for role in (Role.COMMUNICATION, Role.REPEATER)
    )
    assert hosting.cost.ebits < passing.cost.ebits
    assert 0 in holders(hosting)
    assert 0 not in holders(passing)
    for plan in (hosting, passing):
        assert 0 not in {*plan.home.tolist(), *plan.host.tolist()}
        assert verify_plan(program_files(split_circuit(plan)), circuit.circuit).holds


def test_the_fan_through_a_communication_module_is_optimal() -> None:
    """Three modules and the hub span a tree of three links, for each of the two segments of the control."""
    plan = planned(FAN, star(Role.COMMUNICATION, 3, 2, None))
    assert (plan.cost.ebits, plan.optimal) == (6, True)


@given(st.data(), unitary_circuits(max_qubits=5, max_gates=12))
@settings(max_examples=40, deadline=None)
def test_every_role_is_kept_on_any_network(data: st.DataObject, circuit: Circuit) -> None:
    """Random networks in whose middle there is a module of each role that runs no gates."""
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3))
    roles = data.draw(
        st.lists(st.sampled_from([Role.COMMUNICATION, Role.REPEATER, Role.MEMORY]), min_size=1, max_size=2)
    )
    size = hardware.num_modules
    more = tuple(Module(f"x{i}", 0, 4, 1, role=role) for i, role in enumerate(roles))
    links = tuple(Link(a, size + i) for i in range(len(roles)) for a in range(size))
    kept = tuple(link for link in hardware.links if data.draw(st.booleans()))
    plan = planned(segments_of(circuit), replace(hardware, modules=hardware.modules + more, links=kept + links))
    processors = set(range(size))
    hosting = {size + i for i, role in enumerate(roles) if role is Role.COMMUNICATION}
    assert {*plan.home.tolist(), *plan.host.tolist()} <= processors
    assert holders(plan) <= processors | hosting
    assert verify_plan(program_files(split_circuit(plan)), circuit).holds
