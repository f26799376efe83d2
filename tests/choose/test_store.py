"""Idle qubits stay in memory where that raises the fidelity, and nowhere else; all limits hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.choose.choose_plan import choose_plan
from dqplan.choose.idle import idle_stretches
from dqplan.choose.store import stored
from dqplan.core.circuit import Circuit
from dqplan.core.hardware import Hardware, Role
from dqplan.core.normalise import segments_of
from dqplan.core.objective import Objective
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Effort, Plan
from dqplan.core.segments import Segments
from dqplan.core.stay import Stay
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from dqplan.verify.verify_plan import verify_plan
from tests.arbitrary_stays import remembering
from tests.choose.steps import best_after
from tests.solve.circuits import qft
from tests.strategies import clocked, dynamic_circuits, networks, unitary_circuits

NETWORKS = Path(__file__).parent / "networks"
BESIDE = load_hardware(str(NETWORKS / "memory_qubits.yaml"))
"""Three processors with memory qubits of their own."""
APART = load_hardware(str(NETWORKS / "memory_modules.yaml"))
"""Two processors, each with a memory module beside it."""
ADDER = segments_of(load_circuit("sample_circuits/cdkm_adder_10.qasm"))


def process(plan: Plan) -> float:
    outlook: Outlook = trial_program(split_circuit(plan), work=0)
    assert outlook.fidelity is not None
    return outlook.fidelity.process


def best_stored(plan: Plan) -> Plan:
    """The best of a plan and the proposals."""
    return best_after(stored, plan, Objective.FIDELITY)


def planned(circuit: Segments, hardware: Hardware) -> Plan:
    return solve_plan(circuit, hardware, effort=Effort.QUICK)


@pytest.mark.parametrize(("hardware", "more"), [(BESIDE, 0.04), (APART, 0.15)])
def test_an_adder_ends_better_with_memory(hardware: Hardware, more: float) -> None:
    """At no e-bit with memory qubits beside the data qubits; with a memory module, good e-bits pay for themselves."""
    without = planned(ADDER, hardware)
    plan = best_stored(without)
    assert process(plan) > process(without) + more
    assert {stay.away for stay in plan.stays} == {hardware is APART}
    assert plan.cost.ebits - without.cost.ebits == sum(stay.ebits for stay in plan.stays)
    assert verify_plan(program_files(split_circuit(plan)), ADDER.circuit).holds


def test_planning_for_fidelity_uses_memory_and_for_time_does_not() -> None:
    """The best plan without memory is no better than the best with it."""
    for_fidelity, for_time = (
        choose_plan(ADDER, BESIDE, objective=objective, effort=Effort.QUICK)
        for objective in (Objective.FIDELITY, Objective.TIME)
    )
    assert for_fidelity.stays
    assert not for_time.stays
    assert process(for_fidelity) > process(replace(for_fidelity, stays=()))


def changed(hardware: Hardware, **numbers: object) -> Hardware:
    """Other numbers for the modules that have memory qubits."""
    modules = tuple(replace(m, **numbers) if m.memory_qubits else m for m in hardware.modules)
    return replace(hardware, modules=modules)


def bad_links(hardware: Hardware) -> Hardware:
    """E-bits into memory modules that cost more than waiting does."""
    links = tuple(replace(link, ebit_fidelity=0.7) for link in hardware.links)
    return replace(hardware, links=links)


@pytest.mark.parametrize(
    "hardware",
    [
        changed(BESIDE, memory_lifetime_s=0.001),
        changed(BESIDE, memory_lifetime_s=None),
        changed(BESIDE, memory_qubits=0),
        changed(APART, comm_qubits=1),
        bad_links(APART),
    ],
    ids=["forgets as soon", "nobody knows", "no memory", "no way back", "bad links"],
)
def test_nothing_stays_where_it_does_not_pay(hardware: Hardware) -> None:
    plan = planned(ADDER, hardware)
    assert best_stored(plan) is plan


def test_few_memory_qubits_are_shared_out() -> None:
    """One in each module: what is in it at once is no more, and the fidelity is in between."""
    one = best_stored(planned(ADDER, changed(BESIDE, memory_qubits=1)))
    assert set(one.cost.peak_memory.values()) <= {0, 1}
    assert one.stays
    assert process(one) <= process(best_stored(planned(ADDER, BESIDE)))


@given(st.data(), unitary_circuits(max_qubits=4, max_gates=10) | dynamic_circuits(max_gates=8))
@settings(max_examples=40, deadline=None)
def test_it_is_never_worse_and_keeps_all_limits(data: st.DataObject, circuit: Circuit) -> None:
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3))
    plan = planned(segments_of(circuit), data.draw(clocked(data.draw(remembering(hardware)))))
    found = best_stored(plan)
    assert process(found) >= process(plan)
    assert verify_plan(program_files(split_circuit(found)), circuit).holds


@given(st.data(), unitary_circuits(max_qubits=4, max_gates=10))
@settings(max_examples=30, deadline=None)
def test_every_idle_stretch_could_be_a_stay(data: st.DataObject, circuit: Circuit) -> None:
    """What is found is legal by the rules of `Stay`, which the writer of programs checks."""
    hardware = data.draw(clocked(data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3))))
    program = split_circuit(planned(segments_of(circuit), hardware))
    schedule = trial_program(program, work=0).schedule
    assert schedule is not None
    idle = list(idle_stretches(program, schedule))
    stays = tuple(Stay(wait.wire, (wait.home,), wait.begin, wait.end) for wait in idle)
    assert all(wait.seconds > 0 for wait in idle)
    split_circuit(replace(program.plan, stays=stays))


def test_memory_modules_run_no_gates_and_hold_no_homes() -> None:
    plan = choose_plan(qft(9), APART, objective=Objective.FIDELITY, effort=Effort.QUICK)
    memories = [number for number, module in enumerate(APART.modules) if module.role is Role.MEMORY]
    assert not {*plan.home.tolist(), *plan.host.tolist()} & {*memories}
    assert not {share.target for share in plan.shares} & {*memories}
