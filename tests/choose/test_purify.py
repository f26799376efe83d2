"""Rounds of purification are chosen where the whole program gains, and only where there is room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.choose.choose_plan import choose_plan
from dqplan.choose.purify import purified
from dqplan.core.circuit import Circuit
from dqplan.core.hardware import Hardware, Operating
from dqplan.core.normalise import segments_of
from dqplan.core.objective import Objective
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Effort, Plan
from dqplan.solve.solve_plan import solve_plan
from dqplan.solve.stop import Clock
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from dqplan.verify.verify_plan import verify_plan
from tests.choose.steps import best_after
from tests.solve.circuits import qft
from tests.strategies import clocked, networks, unitary_circuits
from tests.trial.test_trial_program import pair

NAME = "m0--m1"
GOOD = Operating(None, 0.9999, 1e-5)


def hardware(comm: int = 4, **link: object) -> Hardware:
    """Two modules of four qubits with e-bits of 0.9, which are far worse than the local gates."""
    base = pair(comm=comm, data=4, t2_s=30.0)
    modules = tuple(replace(module, one_qubit=GOOD, two_qubit=GOOD) for module in base.modules)
    return replace(base, modules=modules, links=(replace(base.links[0], **link),))


def planned(network: Hardware) -> Plan:
    return solve_plan(qft(8), network, effort=Effort.QUICK)


def best_purified(plan: Plan, clock: Clock | None = None) -> Plan:
    """The plan with the rounds that are best for fidelity."""
    return best_after(purified, plan, Objective.FIDELITY, clock)


def outlook(plan: Plan) -> Outlook:
    return trial_program(split_circuit(plan), work=0)


def fidelity(plan: Plan) -> float:
    found = outlook(plan).fidelity
    assert found is not None
    return found.process


def test_bad_ebits_are_purified() -> None:
    plan = planned(hardware())
    better = best_purified(plan)
    assert better.purification[NAME] >= 1
    assert fidelity(better) > 1.3 * fidelity(plan)
    raw_pairs = outlook(better).raw_pairs
    assert raw_pairs is not None
    assert raw_pairs > 2 * plan.cost.ebits


def test_more_room_allows_more_rounds() -> None:
    """The plan needs two comm qubits at an end, or fewer."""
    rounds = [best_purified(planned(hardware(comm))).purification.get(NAME, 0) for comm in (2, 3, 4, 5)]
    peak = max(planned(hardware()).cost.peak_comm.values())
    assert all(peak + number <= comm for number, comm in zip(rounds, (2, 3, 4, 5), strict=True))
    assert rounds == sorted(rounds)
    assert rounds[0] < rounds[-1]


@pytest.mark.parametrize(
    "network",
    [
        hardware(ebit_fidelity=1.0),  # nothing to gain
        hardware(remote_gate=Operating("cz", 0.9)),  # what was measured does not change
        replace(
            pair(comm=4, data=4),
            modules=tuple(replace(m, two_qubit=replace(GOOD, fidelity=0.9)) for m in hardware().modules),
        ),
    ],
    ids=["perfect pairs", "measured gate", "bad local gates"],
)
def test_nothing_is_purified_in_vain(network: Hardware) -> None:
    assert best_purified(planned(network)).purification == {}


def test_no_other_rounds_are_better_where_links_compete_for_room() -> None:
    """Two links, one of them with three times the e-bits, share the comm qubits in the middle; 16 choices at most."""
    base = hardware(6)
    modules = tuple(replace(base.modules[0], name=f"m{i}", data_qubits=size) for i, size in enumerate((3, 3, 2)))
    links = tuple(replace(base.links[0], a=i, b=i + 1) for i in range(2))
    plan = planned(replace(base, modules=modules, links=links))
    names = list(plan.cost.ebits_by_link)
    assert len(names) == 2
    choices = [{name: number for name, number in zip(names, rounds, strict=True) if number} for rounds in GRID]
    allowed = [choice for choice in choices if fits(replace(plan, purification=choice))]
    best = max(fidelity(replace(plan, purification=choice)) for choice in allowed)
    assert 4 <= len(allowed) < 16
    assert fidelity(best_purified(plan)) == pytest.approx(best)


GRID = [(one, other) for one in range(4) for other in range(4)]
"""Rounds for two links."""


def fits(plan: Plan) -> bool:
    """Whether its programs, with what purification stores, find room in every module."""
    checks = verify_plan(program_files(split_circuit(plan)), qft(8).circuit).checks
    return all(check.status == "proved" for check in checks if check.name == "purification")


def test_pairs_that_take_too_long_are_not_purified() -> None:
    """Qubits forget in 50 ms; a pair takes 10 ms, a purified one 24."""
    modules = tuple(replace(module, t2_s=0.05) for module in hardware().modules)
    assert best_purified(planned(replace(hardware(), modules=modules))).purification == {}


def test_there_may_be_no_time_for_it() -> None:
    assert best_purified(planned(hardware()), clock=Clock(0.0)).purification == {}


def test_only_planning_for_fidelity_purifies() -> None:
    plans = {
        aim: choose_plan(qft(8), hardware(), objective=aim, effort=Effort.QUICK)
        for aim in (Objective.EBITS, Objective.TIME, Objective.FIDELITY)
    }
    assert {aim for aim, plan in plans.items() if plan.purification} == {Objective.FIDELITY}
    plan = plans[Objective.FIDELITY]
    program = split_circuit(plan)
    verdict = verify_plan(program_files(program, outlook=trial_program(program)), qft(8).circuit)
    assert verdict.holds
    assert "purification" in {check.name for check in verdict.checks}


@given(st.data(), unitary_circuits(max_qubits=4, max_gates=12))
@settings(max_examples=15, deadline=None)
def test_on_any_hardware_it_is_no_worse_and_everything_holds(data: st.DataObject, circuit: Circuit) -> None:
    network = data.draw(clocked(data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3))))
    links = tuple(
        replace(link, ebit_fidelity=0.85, cutoff_s=data.draw(st.sampled_from([None, 1e-3]))) for link in network.links
    )
    plan = solve_plan(segments_of(circuit), replace(network, links=links), effort=Effort.QUICK)
    better = best_purified(plan)
    assert fidelity(better) >= fidelity(plan)
    program = split_circuit(better)
    found = trial_program(program, work=0)
    assert found.raw_pairs is not None
    assert found.raw_pairs >= plan.cost.ebits
    assert all(link.fidelity is None or link.fidelity >= 0.85 for link in found.supply.values())
    failed = [
        check
        for check in verify_plan(program_files(program, outlook=found), circuit).checks
        if check.status == "failed"
    ]
    assert failed == []
