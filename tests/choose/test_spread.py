"""Several seeds of one plan: the best of them counts, whoever searches and in whatever order they come."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from dqplan.choose import nearby, pool
from dqplan.choose.choose_plan import choose_plan
from dqplan.choose.spread import Job, never, one_by_one
from dqplan.core.errors import InfeasibleError, StoppedError
from dqplan.core.objective import Objective
from dqplan.core.plan import Effort, Plan
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.solve.stop import Clock
from tests.choose.test_choose_plan import SMALL, triangle

T = TypeVar("T")
MEMQ = load_hardware("memq_xqna_v0")


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to find something, few enough to wait for."""
    monkeypatch.setattr(nearby, "WORK", {Effort.QUICK: 1_000})
    monkeypatch.setattr(pool, "_ROUNDS", 2)


def number(value: int) -> Job[int]:
    return lambda clock: value


def test_what_comes_behind_the_first_that_is_enough_does_not_count() -> None:
    assert one_by_one([number(n) for n in range(9)], Clock(), lambda found: found == 3) == [0, 1, 2, 3]
    assert one_by_one([number(n) for n in range(9)], Clock()) == list(range(9))


def test_one_job_is_done_in_any_case_and_none_begins_late() -> None:
    clock = Clock(0.0)
    assert one_by_one([number(n) for n in range(9)], clock) == [0]


def test_an_end_before_there_is_anything_is_an_error_and_later_it_is_not() -> None:
    def stopped(clock: Clock) -> int:
        raise StoppedError("planted")

    with pytest.raises(StoppedError):
        one_by_one([stopped, number(1)], Clock())
    assert one_by_one([number(1), stopped, number(2)], Clock()) == [1]


def backwards(jobs: Sequence[Job[T]], clock: Clock, enough: Callable[[T], bool] = never) -> list[T]:
    """Everything by pickles, as in other processes, the last job first."""
    found = [pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(job))(Clock()))) for job in reversed(jobs)][::-1]
    ends = [place for place, result in enumerate(found) if enough(result)]
    return found[: ends[0] + 1] if ends else found


@pytest.mark.parametrize(
    ("objective", "pareto"), [(Objective.EBITS, False), (Objective.TIME, False), (Objective.FIDELITY, True)]
)
def test_the_plan_does_not_depend_on_who_does_the_jobs(objective: Objective, pareto: bool) -> None:
    options = {"objective": objective, "pareto": pareto, "effort": Effort.QUICK, "seeds": 2}
    here, elsewhere = (choose_plan(SMALL, triangle(2), spread=spread, **options) for spread in (one_by_one, backwards))
    assert (here.home == elsewhere.home).all()
    assert (here.shares, here.cost, here.bound, here.seed, here.stop_reason) == (
        elsewhere.shares,
        elsewhere.cost,
        elsewhere.bound,
        elsewhere.seed,
        elsewhere.stop_reason,
    )
    assert [each.figures for each in here.pareto] == [each.figures for each in elsewhere.pareto]


def planted(monkeypatch: pytest.MonkeyPatch, ebits: dict[int, int | InfeasibleError]) -> None:
    """The search finds plans of so many e-bits, by seed."""
    plan = solve_plan(SMALL, triangle(2), effort=Effort.QUICK)

    def search(*_: object, seed: int, **__: object) -> Plan:
        found = ebits[seed]
        if isinstance(found, InfeasibleError):
            raise found
        cost = replace(plan.cost, ebits=found, weighted_ebits=float(found))
        return replace(plan, cost=cost, seed=seed, bound=replace(plan.bound, ebits=1))

    monkeypatch.setattr("dqplan.choose.search.solve_plan", search)


@pytest.mark.parametrize(
    ("ebits", "seed", "reason"),
    [
        ({5: 4, 6: 3, 7: 3}, 6, "best of 3 searches"),
        ({5: 4, 6: InfeasibleError("no plan found", proved=False), 7: 4}, 5, "best of 3 searches"),
        ({5: InfeasibleError("no plan found", proved=False), 6: 9, 7: 8}, 7, "best of 3 searches"),
    ],
)
def test_the_plan_names_the_seed_that_found_it(
    ebits: dict[int, int | InfeasibleError], seed: int, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of equals; a seed that finds nothing spoils nothing."""
    planted(monkeypatch, ebits)
    plan = choose_plan(SMALL, triangle(2), effort=Effort.QUICK, seed=5, seeds=3)
    assert (plan.seed, plan.stop_reason) == (seed, reason)


def test_what_is_proved_needs_no_other_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, {0: 4, 1: 1})
    assert choose_plan(SMALL, triangle(2), effort=Effort.QUICK, seeds=9).seed == 1
    planted(monkeypatch, {0: InfeasibleError("too small")})
    with pytest.raises(InfeasibleError, match="too small"):
        choose_plan(SMALL, triangle(2), effort=Effort.QUICK, seeds=9)


def test_if_no_seed_finds_a_plan_the_first_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    reasons = {seed: InfeasibleError(f"no plan found: {seed}", proved=False) for seed in range(3)}
    for objective in (Objective.EBITS, Objective.TIME):
        planted(monkeypatch, dict(reasons))
        with pytest.raises(InfeasibleError, match="no plan found: 0"):
            choose_plan(SMALL, triangle(2), effort=Effort.QUICK, objective=objective, seeds=3)


def test_more_seeds_are_never_worse() -> None:
    one, four = (choose_plan(SMALL, MEMQ, effort=Effort.QUICK, seeds=seeds) for seeds in (1, 4))
    assert four.cost.weighted_ebits <= one.cost.weighted_ebits


def test_hardware_travels_with_what_is_derived_from_it_left_behind() -> None:
    here = load_hardware("oxford_2025")
    assert here.quantum_links
    assert here.weight_by_link
    there = pickle.loads(pickle.dumps(here))
    assert (there.digest, dict(there.provenance), there.facts) == (here.digest, dict(here.provenance), here.facts)
