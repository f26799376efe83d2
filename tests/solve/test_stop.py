"""A search that is watched and stopped: the best plan so far is always at hand."""

from __future__ import annotations

from threading import Event

import pytest

from dqplan.core.errors import StoppedError
from dqplan.core.plan import Effort
from dqplan.solve.progress import Progress
from dqplan.solve.solve_plan import solve_plan
from dqplan.solve.stop import Clock, watched
from tests.solve.circuits import everyone, line, qft
from tests.solve.replay import check_plan


def test_what_is_told_of_a_search() -> None:
    told: list[Progress] = []
    plan = solve_plan(qft(10), everyone(3, 4), watch=told.append)
    assert [state.elapsed_s for state in told] == sorted(state.elapsed_s for state in told)
    costs = [state.ebits for state in told if state.ebits is not None]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == plan.cost.ebits
    bounds = [state.bound for state in told]
    assert bounds == sorted(bounds)
    assert bounds[-1] == plan.bound.ebits
    assert all(state.step <= state.steps for state in told if state.steps)
    assert any(state.phase.startswith("static placement") for state in told)


@pytest.mark.parametrize(("ebits", "bound", "gap"), [(None, 0, None), (0, 0, 0.0), (10, 4, 0.6), (7, 7, 0.0)])
def test_gap(ebits: int | None, bound: int, gap: float | None) -> None:
    assert Progress(ebits=ebits, bound=bound).gap == gap


@pytest.mark.parametrize("phase", ["static placement", "exact search", "loading the local search", "local search"])
def test_stopped_in_every_phase(phase: str) -> None:
    """Once there is a plan it is returned, and legal."""
    stop = Event()
    seen = []

    def watch(state: Progress) -> None:
        if state.phase == phase and state.ebits is not None:
            seen.append(state)
            stop.set()

    plan = check_plan(solve_plan(qft(12), line(3, 5, 2), effort=Effort.NORMAL, stop=stop, watch=watch))
    assert seen
    assert plan.stop_reason == "interrupted"
    assert plan.cost.ebits <= (seen[0].ebits or 0)


def test_stopped_before_the_first_plan() -> None:
    stop = Event()
    stop.set()
    with pytest.raises(StoppedError):
        solve_plan(qft(12), everyone(3, 5), stop=stop)


def test_watched_work_returns_and_raises_as_if_it_were_not() -> None:
    assert watched(lambda: 7, Clock(), cancel=pytest.fail) == 7
    with pytest.raises(ZeroDivisionError):
        watched(lambda: 1 // 0, Clock(), cancel=pytest.fail)


def test_watched_work_is_cancelled_when_the_time_is_up() -> None:
    cancelled = Event()
    assert watched(cancelled.wait, Clock(limit_s=0.0), cancel=cancelled.set)
    cancelled.clear()

    def tired(state: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watched(cancelled.wait, Clock(watch=tired), cancel=cancelled.set)
    assert cancelled.is_set()
