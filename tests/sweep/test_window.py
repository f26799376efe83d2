"""Tasks on their way through a cluster of threads in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event
from types import SimpleNamespace

import pytest
from distributed import Client, KilledWorker, LocalCluster

from dqplan.core.errors import EngineError
from dqplan.sweep.plan_row import Task
from dqplan.sweep.row import Ending, Options, Outcome
from dqplan.sweep.window import Window

WORKER = SimpleNamespace(address="tcp://127.0.0.1:1")
BAD_LUCK = 2
GATE = Event()
TRIED: list[str] = []
BUSY: list[str] = []


@pytest.fixture(autouse=True)
def nothing_tried() -> None:
    """What the work below writes down is that of one test; the functions travel by name, so they have no closures."""
    TRIED.clear()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


def tasks(count: int) -> Iterator[Task]:
    return (Task(f"{number}", "", "", "", Options(), 0, "") for number in range(count))


def outcomes(window: Window) -> list[Outcome]:
    return [outcome for found in window for outcome in found]


def good(task: Task) -> Outcome:
    return Outcome(task.key, Ending.PLANNED, {"ebits": int(task.key)})


def window(client: Client, given: Iterator[Task], work: Callable[[Task], Outcome], retries: int = 1) -> Window:
    return Window(client, given, retries=retries, stop=Event(), work=work)


def test_every_task_has_its_outcome_once(client: Client) -> None:
    found = outcomes(window(client, tasks(50), good))
    assert sorted(found, key=lambda outcome: int(outcome.key)) == [good(task) for task in tasks(50)]


def test_no_more_tasks_are_taken_than_can_be_worked_on_soon(client: Client) -> None:
    """Memory is bounded: the 51st task is not made before the 43rd or so is finished."""
    taken, ahead, finished = 0, [], 0

    def counted() -> Iterator[Task]:
        nonlocal taken
        for task in tasks(100):
            taken += 1
            yield task

    for found in window(client, counted(), good):
        ahead.append(taken - finished)
        finished += len(found)
    assert finished == 100
    assert max(ahead) <= 8


def unlucky(task: Task) -> Outcome:
    """Task 3 fails as often as `BAD_LUCK` says."""
    TRIED.append(task.key)
    if task.key == "3" and TRIED.count("3") <= BAD_LUCK:
        return Outcome(task.key, Ending.FAILED, code="DQ901", message="planted")
    return good(task)


@pytest.mark.parametrize(("retries", "tries", "status"), [(2, 3, Ending.PLANNED), (1, 2, Ending.FAILED)])
def test_a_task_without_luck_is_tried_again_as_often_as_was_asked(
    retries: int, tries: int, status: Ending, client: Client
) -> None:
    found = {outcome.key: outcome for outcome in outcomes(window(client, tasks(6), unlucky, retries))}
    assert (TRIED.count("3"), found["3"].status, len(found)) == (tries, status, 6)


def wrong(task: Task) -> Outcome:
    TRIED.append(task.key)
    return Outcome(task.key, Ending.FAILED, code="DQ401")


def test_what_fails_for_good_reason_is_not_tried_again(client: Client) -> None:
    assert len(outcomes(window(client, tasks(3), wrong))) == len(TRIED) == 3


def deadly(task: Task) -> Outcome:
    """Task 0 kills its worker, as the scheduler would tell: a worker in this process cannot be killed."""
    BUSY.append(task.key)
    try:
        if task.key == "0":
            TRIED.append(f"beside {len(BUSY) - 1}")
            raise KilledWorker(task.key, WORKER, 1)  # type: ignore[arg-type]
        return good(task)
    finally:
        BUSY.remove(task.key)


def test_a_task_that_kills_its_worker_is_tried_again_alone_and_fails_in_the_end(client: Client) -> None:
    found = {outcome.key: outcome for outcome in outcomes(window(client, tasks(20), deadly))}
    assert len(found) == 20
    assert (found["0"].status, found["0"].code) == (Ending.FAILED, "DQ602")
    assert len(TRIED) == 2
    assert TRIED[1] == "beside 0"


def missing(task: Task) -> Outcome:
    raise ModuleNotFoundError("No module named 'dqplan'")


def test_workers_that_cannot_work_end_it_with_what_to_install(client: Client) -> None:
    with pytest.raises(EngineError, match="cannot plan rows: ModuleNotFoundError") as found:
        outcomes(window(client, tasks(3), missing))
    assert "install" in found.value.hint


def test_an_early_end_gives_up_what_is_on_its_way(client: Client) -> None:
    stop = Event()
    found: list[Outcome] = []
    for some in Window(client, tasks(1000), retries=0, stop=stop, work=good):
        found += some
        stop.set()
    assert len(found) <= 8


def slow(task: Task) -> Outcome:
    assert GATE.wait(60)
    return good(task)


def test_work_can_take_its_time(client: Client) -> None:
    """Looks at the clock give empty lists, not an end."""
    lists = []
    for some in window(client, tasks(1), slow):
        lists.append(some)
        if len(lists) == 2:
            GATE.set()
    assert lists[:2] == [[], []]
    assert sum(map(len, lists)) == 1
