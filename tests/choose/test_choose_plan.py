"""Plans for time end earlier and plans for fidelity end better than plans for e-bits, and are plans like all others."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache
from threading import Event

import pytest

from dqplan.choose import nearby
from dqplan.choose.choose_plan import choose_plan
from dqplan.core.cost import weighted_ebits
from dqplan.core.errors import UsageError
from dqplan.core.hardware import Hardware, Link, Module, Operating
from dqplan.core.objective import Figures, Objective
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
SMALL = qft(5)


@pytest.fixture(autouse=True)
def few_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough small changes to find something, few enough to wait for."""
    monkeypatch.setattr(nearby, "WORK", {Effort.QUICK: 2_000})


def triangle(data_qubits: int = 4) -> Hardware:
    """Three modules: the first two are linked slowly and badly, the last two well, the outer ones fast."""
    one, two, readout = Operating(None, 0.9999, 1e-5), Operating(None, 0.999, 1e-4), Operating(None, 0.999, 2e-4)
    module = Module("m", data_qubits, 2, one_qubit=one, two_qubit=two, readout=readout, t2_s=10.0)
    modules = tuple(replace(module, name=f"m{i}") for i in range(3))
    numbers = {(0, 1): (0.9, 5.0), (1, 2): (0.99, 50.0), (0, 2): (0.9, 400.0)}
    links = tuple(Link(a, b, ebit_fidelity=good, rate_hz=rate) for (a, b), (good, rate) in numbers.items())
    return Hardware("triangle", modules, links)


def chosen(objective: Objective, **options: object) -> Plan:
    return choose_plan(QFT, triangle(), objective=objective, effort=Effort.QUICK, **options)


@cache
def with_front(objective: Objective) -> Plan:
    """A small circuit, planned for everything at once."""
    return choose_plan(SMALL, triangle(data_qubits=2), objective=objective, pareto=True, effort=Effort.QUICK)


def outlook(plan: Plan) -> Outlook:
    return trial_program(split_circuit(plan), seed=plan.seed, work=0)


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
    assert (plan.objective, plan.seed) == (objective, 7)
    assert re.fullmatch(r"best of \d+ plans", plan.stop_reason)
    assert plan.cost.weighted_ebits == weighted_ebits(hardware, plan.cost.ebits_by_link) == plan.cost.ebits
    assert verify_plan(program_files(split_circuit(plan)), QFT.circuit).holds


def test_the_same_seed_gives_the_same_plan() -> None:
    assert chosen(Objective.TIME, seed=3).shares == chosen(Objective.TIME, seed=3).shares


def test_a_stop_ends_it_with_the_best_so_far() -> None:
    stop = Event()

    def watch(progress: Progress) -> None:
        if progress.ebits is not None:
            stop.set()

    assert chosen(Objective.TIME, stop=stop, watch=watch).stop_reason == "best of 1 plan, interrupted"


def test_a_time_limit_holds_for_all_searches_together() -> None:
    assert chosen(Objective.TIME, time_limit_s=0.001).stop_reason == "best of 1 plan, time limit reached"


@pytest.mark.parametrize(("objective", "most_s"), [(Objective.TIME, 500.0), (Objective.EBITS, 1000.0)])
def test_of_several_searches_none_takes_more_than_half_of_the_time(
    objective: Objective, most_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def limited(*positional: object, time_limit_s: float, **options: object) -> Plan:
        given.append(time_limit_s)
        return solve_plan(*positional, **options)

    monkeypatch.setattr("dqplan.choose.search.solve_plan", limited)
    choose_plan(SMALL, triangle(data_qubits=2), objective=objective, effort=Effort.QUICK, time_limit_s=1000.0)
    assert max(given) <= most_s
    assert sorted(given, reverse=True) == given


def unsearched(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, a search is a failure."""
    monkeypatch.setattr("dqplan.choose.search.solve_plan", lambda *_, **__: pytest.fail("there was a search"))


@pytest.mark.parametrize("objective", [Objective.TIME, Objective.FIDELITY, Objective(ebits=9, time=1)])
def test_hardware_without_numbers_is_refused_before_the_search(
    objective: Objective, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsearched(monkeypatch)
    with pytest.raises(UsageError, match=f"--objective {objective} needs numbers that the hardware does not give: the"):
        choose_plan(QFT, load_hardware("all:3x4"), objective=objective, effort=Effort.QUICK)


def test_a_front_without_numbers_is_refused_before_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its links have rates, but no fidelities."""
    unsearched(monkeypatch)
    links = tuple(replace(link, ebit_fidelity=None) for link in triangle().links)
    with pytest.raises(UsageError, match=r"--pareto needs numbers .*: the fidelity of e-bits"):
        choose_plan(QFT, replace(triangle(), links=links), pareto=True, effort=Effort.QUICK)


def test_no_number_is_asked_for_that_no_plan_may_need() -> None:
    """All nine qubits fit in the first module: nothing is said about links, and nothing needs to be."""
    hardware = triangle()
    modules = (replace(hardware.modules[0], data_qubits=9), *hardware.modules[1:])
    links = tuple(replace(link, ebit_fidelity=None, rate_hz=None) for link in hardware.links)
    plan = choose_plan(QFT, replace(hardware, modules=modules, links=links), pareto=True, effort=Effort.QUICK)
    assert plan.cost.ebits == 0
    assert [each.chosen for each in plan.pareto] == [True]


def test_links_without_numbers_are_gone_around() -> None:
    """The plan for e-bits may use the link whose rate nobody knows; that for time does not."""
    hardware = triangle()
    links = (replace(hardware.links[0], rate_hz=None), *hardware.links[1:])
    plan = choose_plan(QFT, replace(hardware, links=links), objective=Objective.TIME, effort=Effort.QUICK)
    assert "m0--m1" not in plan.cost.ebits_by_link
    assert outlook(plan).makespan is not None


def test_what_could_not_be_judged_is_not_on_the_front() -> None:
    """The plan for e-bits may use the link whose rate nobody knows, and then be the one with the fewest."""
    hardware = triangle(data_qubits=2)
    links = (replace(hardware.links[0], rate_hz=None), *hardware.links[1:])
    plan = choose_plan(
        SMALL, replace(hardware, links=links), pareto=True, objective=Objective.TIME, effort=Effort.QUICK
    )
    assert plan.pareto
    assert all(math.isfinite(each.figures.p95_s + each.figures.infidelity) for each in plan.pareto)


def test_a_number_that_only_the_plan_shows_to_be_missing_is_named() -> None:
    """Every plan uses all three modules, and one of them does not say how long its gates take."""
    hardware = triangle()
    modules = (replace(hardware.modules[0], two_qubit=Operating()), *hardware.modules[1:])
    with pytest.raises(UsageError, match="the duration of two-qubit gates of m0"):
        choose_plan(QFT, replace(hardware, modules=modules), objective=Objective.TIME, effort=Effort.QUICK)


@pytest.mark.parametrize("objective", [Objective.EBITS, Objective.TIME, Objective.FIDELITY, Objective(1, 1, 1)])
def test_the_chosen_plan_is_on_the_front(objective: Objective) -> None:
    plan = with_front(objective)
    (marked,) = [each for each in plan.pareto if each.chosen]
    seen = outlook(plan)
    assert seen.makespan is not None
    assert seen.fidelity is not None
    assert marked.figures == Figures(plan.cost.ebits, seen.makespan.p95_s, seen.fidelity.infidelity)
    assert marked.plan.shares == plan.shares
    if objective in (Objective.EBITS, Objective.TIME, Objective.FIDELITY):
        assert not any(objective.loss(each.figures, marked.figures) < 1 for each in plan.pareto)
    assert not any(one.figures.dominates(other.figures) for one in plan.pareto for other in plan.pareto)


def test_the_plans_of_a_front_can_be_written() -> None:
    front = with_front(Objective.EBITS).pareto
    assert len(front) > 1
    for each in front:
        assert verify_plan(program_files(split_circuit(each.plan)), SMALL.circuit).holds


def test_no_plan_claims_a_bound_that_it_undercuts() -> None:
    for each in with_front(Objective.FIDELITY).pareto:
        assert each.plan.bound.ebits <= each.plan.cost.ebits
