"""Plans for time end earlier and plans for fidelity end better than plans for e-bits, and are plans like all others."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest

from dqplan.choose.choose_plan import choose_plan
from dqplan.core.cost import weighted_ebits
from dqplan.core.errors import UsageError
from dqplan.core.hardware import Hardware, Link, Module, Operating
from dqplan.core.outlook import Outlook
from dqplan.core.objective import Objective
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Effort, Plan
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.progress import Progress
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from dqplan.verify.verify_plan import verify_plan
from tests.solve.circuits import qft

QFT = qft(9)


def triangle() -> Hardware:
    """Three modules: the first two are linked slowly and badly, the last two well, the outer ones fast."""
    one, two, readout = Operating(None, 0.9999, 1e-5), Operating(None, 0.999, 1e-4), Operating(None, 0.999, 2e-4)
    module = Module("m", 4, 2, one_qubit=one, two_qubit=two, readout=readout, t2_s=10.0)
    modules = tuple(replace(module, name=f"m{i}") for i in range(3))
    numbers = {(0, 1): (0.9, 5.0), (1, 2): (0.99, 50.0), (0, 2): (0.9, 400.0)}
    links = tuple(Link(a, b, ebit_fidelity=good, rate_hz=rate) for (a, b), (good, rate) in numbers.items())
    return Hardware("triangle", modules, links)


def chosen(objective: Objective, **options: object) -> Plan:
    return choose_plan(QFT, triangle(), objective=objective, effort=Effort.QUICK, **options)


def outlook(plan: Plan) -> Outlook:
    return trial_program(split_circuit(plan), seed=plan.seed)


def test_for_ebits_it_is_the_plan_of_the_planner() -> None:
    one, other = chosen(Objective.EBITS), solve_plan(QFT, triangle(), effort=Effort.QUICK)
    assert (one.shares, one.objective) == (other.shares, Objective.EBITS)


def test_planning_for_time_ends_earlier() -> None:
    soon, cheap = (outlook(chosen(objective)).makespan for objective in (Objective.TIME, Objective.EBITS))
    assert soon is not None
    assert cheap is not None
    assert soon.p95_s < cheap.p95_s


def test_planning_for_fidelity_ends_better() -> None:
    good, cheap = (outlook(chosen(objective)).fidelity for objective in (Objective.FIDELITY, Objective.EBITS))
    assert good is not None
    assert cheap is not None
    assert good.process > cheap.process


@pytest.mark.parametrize("objective", [Objective.TIME, Objective.FIDELITY])
def test_the_plan_is_on_the_hardware_as_it_was_given(objective: Objective) -> None:
    """The weights of the search leave no trace, and everything that is written holds."""
    hardware = triangle()
    plan = choose_plan(QFT, hardware, objective=objective, effort=Effort.QUICK, seed=7)
    assert plan.hardware is hardware
    assert (plan.objective, plan.seed, plan.stop_reason) == (objective, 7, "best of 6 plans")
    assert plan.cost.weighted_ebits == weighted_ebits(hardware, plan.cost.ebits_by_link) == plan.cost.ebits
    assert verify_plan(program_files(split_circuit(plan)), QFT.circuit).holds


def test_the_same_seed_gives_the_same_plan() -> None:
    assert chosen(Objective.TIME, seed=3).shares == chosen(Objective.TIME, seed=3).shares


def test_a_stop_ends_it_with_the_best_so_far() -> None:
    stop = Event()

    def watch(progress: Progress) -> None:
        if progress.ebits is not None:
            stop.set()

    assert chosen(Objective.TIME, stop=stop, watch=watch).stop_reason == "best of 1 plan"


def test_a_time_limit_holds_for_all_searches_together() -> None:
    assert chosen(Objective.TIME, time_limit_s=0.001).stop_reason == "best of 1 plan"


@pytest.mark.parametrize("objective", [Objective.TIME, Objective.FIDELITY])
def test_hardware_without_numbers_is_refused(objective: Objective) -> None:
    with pytest.raises(UsageError, match="needs numbers that the hardware does not give"):
        choose_plan(QFT, load_hardware("all:3x4"), objective=objective, effort=Effort.QUICK)
