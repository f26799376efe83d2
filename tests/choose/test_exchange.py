"""What is done most is done by the modules that do it fast or well; nothing else about the plan changes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.choose.choose_plan import choose_plan
from dqplan.choose.exchange import exchanged
from dqplan.core.circuit import Circuit
from dqplan.core.hardware import Hardware, Operating
from dqplan.core.normalise import segments_of
from dqplan.core.objective import Objective
from dqplan.core.plan import Effort, Plan
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from dqplan.verify.verify_plan import verify_plan
from tests.choose.steps import best_after, proposals
from tests.solve.circuits import qft
from tests.strategies import clocked, networks, unitary_circuits

MIXED = load_hardware(str(Path(__file__).parent / "networks" / "fast_and_good.yaml"))
"""Two fast modules that make many errors, two slow ones that make few; all are linked alike."""
QFT = qft(9)


def loss(plan: Plan, objective: Objective) -> float:
    outlook = trial_program(split_circuit(plan), work=0)
    assert outlook.makespan is not None
    assert outlook.fidelity is not None
    return outlook.makespan.p95_s if objective is Objective.TIME else -outlook.fidelity.process


def best_exchanged(plan: Plan, objective: Objective) -> Plan:
    """The better one of a plan and the proposal."""
    return best_after(exchanged, plan, objective)


def at_work(plan: Plan) -> set[str]:
    """The modules that hold qubits, without their numbers."""
    return {name[:-1] for name, peak in plan.cost.peak_data.items() if peak}


@pytest.mark.parametrize("objective", [Objective.TIME, Objective.FIDELITY])
def test_the_modules_that_suit_the_objective_do_the_work(objective: Objective) -> None:
    plan = choose_plan(QFT, MIXED, objective=objective, effort=Effort.QUICK)
    assert at_work(plan) == {"fast" if objective is Objective.TIME else "good"}
    assert verify_plan(program_files(split_circuit(plan)), QFT.circuit).holds


@pytest.mark.parametrize("objective", [Objective.TIME, Objective.FIDELITY])
@pytest.mark.parametrize("first", ["fast", "good"])
def test_it_does_not_matter_which_modules_come_first(objective: Objective, first: str) -> None:
    ordered = sorted(MIXED.modules, key=lambda module: not module.name.startswith(first))
    plan = solve_plan(QFT, replace(MIXED, modules=tuple(ordered)), effort=Effort.QUICK)
    found = best_exchanged(plan, objective)
    assert at_work(found) == {"fast" if objective is Objective.TIME else "good"}
    assert loss(found, objective) <= loss(plan, objective)
    assert (found.cost.ebits, found.cost.shares) == (plan.cost.ebits, plan.cost.shares)


def test_equal_modules_stay_where_they_are() -> None:
    equal = replace(MIXED, modules=tuple(replace(MIXED.modules[0], name=m.name) for m in MIXED.modules))
    plan = solve_plan(QFT, equal, effort=Effort.QUICK)
    assert proposals(exchanged, plan, Objective.TIME) == []


def test_modules_of_which_too_little_is_known_get_no_work() -> None:
    unknown = tuple(replace(m, readout=Operating()) if m.name.startswith("good") else m for m in MIXED.modules)
    plan = solve_plan(QFT, replace(MIXED, modules=unknown), effort=Effort.QUICK)
    assert at_work(plan) == {"fast"}
    assert proposals(exchanged, plan, Objective.FIDELITY) == []


def linked(hardware: Hardware, plan: Plan) -> bool:
    pairs = (tuple(sorted(ends)) for share in plan.shares for ends in pairwise(share.route))
    return all(pair in hardware.quantum_links for pair in pairs)


@given(st.data(), unitary_circuits(max_qubits=5, max_gates=12), st.sampled_from([Objective.TIME, Objective.FIDELITY]))
@settings(max_examples=40, deadline=None)
def test_on_any_network_the_plan_holds_and_is_no_worse(
    data: st.DataObject, circuit: Circuit, objective: Objective
) -> None:
    hardware = data.draw(clocked(data.draw(networks(num_qubits=circuit.num_qubits))))
    plan = solve_plan(segments_of(circuit), hardware, effort=Effort.QUICK)
    found = best_exchanged(plan, objective)
    assert loss(found, objective) <= loss(plan, objective)
    assert linked(hardware, found)
    assert found.cost.ebits == plan.cost.ebits
    assert verify_plan(program_files(split_circuit(found)), circuit).holds
