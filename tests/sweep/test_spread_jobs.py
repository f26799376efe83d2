"""Jobs of one plan on clusters: of threads in this process, of processes, and over TCP."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

import dqplan as package
from dqplan.core.errors import EngineError, HardwareError, StoppedError
from dqplan.solve.stop import Clock
from dqplan.sweep.cluster import engine
from dqplan.sweep.spread_jobs import JobsOn, _work
from tests.conftest import SAMPLES, Run
from tests.sweep.test_run_sweep import cluster

BEGUN: list[int] = []
GATE = threading.Event()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


def job(number: int, clock: Clock) -> int:
    return number


def late(number: int, clock: Clock) -> int:
    """The first job ends after all others."""
    if number == 0:
        assert GATE.wait(60)
    elif number == 5:
        GATE.set()
    return number


def patient(number: int, clock: Clock) -> str:
    """Ends when it is told to."""
    BEGUN.append(number)
    if clock.stop.wait(60) and number == 1:
        raise StoppedError("it had nothing yet")
    return f"{number} told"


def wrong(number: int, clock: Clock) -> int:
    if number == 3:
        raise HardwareError("planted", hint="a hint")
    return number


def broken(number: int, clock: Clock) -> int:
    raise ModuleNotFoundError("No module named 'numba'")


def deadly(marker: str, number: int, clock: Clock) -> int:
    """Kills its process, the first time or always."""
    path = Path(marker)
    if number == 1 and (marker.endswith("always") or not path.exists()):
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def busy(marker: str, number: int, clock: Clock) -> int:
    Path(marker).touch()
    clock.stop.wait(60)
    return number


def limit(number: int, clock: Clock) -> float | None:
    return clock.limit_s


def test_results_come_in_the_order_of_the_jobs(client: Client) -> None:
    assert JobsOn(client)([partial(late, number) for number in range(6)], Clock()) == list(range(6))


def test_nothing_counts_behind_the_first_that_is_enough(client: Client) -> None:
    found = JobsOn(client)([partial(job, number) for number in range(40)], Clock(), lambda number: number in (2, 7))
    assert found == [0, 1, 2]


def test_who_asks_for_an_end_gets_what_there_is_by_then(client: Client) -> None:
    BEGUN.clear()
    stop = threading.Event()
    clock = Clock(stop=stop, watch=lambda progress: stop.set() if len(BEGUN) >= 2 else None)
    assert JobsOn(client)([partial(patient, number) for number in range(6)], clock) == ["0 told"]
    with pytest.raises(StoppedError):
        JobsOn(client)([partial(patient, number) for number in range(6)], clock)


def test_jobs_get_the_time_that_is_left_and_none_begins_late(client: Client) -> None:
    assert JobsOn(client)([partial(limit, number) for number in range(2)], Clock()) == [None, None]
    (first, *_) = JobsOn(client)([partial(limit, number) for number in range(2)], Clock(1000.0))
    assert first is not None
    assert 900 < first < 1000
    assert JobsOn(client)([partial(job, number) for number in range(6)], Clock(0.0)) == [0]


def test_errors_of_jobs_arrive_as_they_were(client: Client) -> None:
    with pytest.raises(HardwareError, match="planted") as found:
        JobsOn(client)([partial(wrong, number) for number in range(6)], Clock())
    assert found.value.hint == "a hint"
    with pytest.raises(EngineError, match="the workers cannot plan: ModuleNotFoundError"):
        JobsOn(client)([partial(broken, number) for number in range(6)], Clock())


def test_a_worker_of_another_version_is_refused() -> None:
    with pytest.raises(EngineError, match=f"a worker has dqplan {package.__version__}, not 9"):
        _work(partial(job, 0), None, "name", "9")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_killed_worker_costs_nothing_and_a_job_that_kills_each_one_is_told(tmp_path: Path) -> None:
    with engine(2, "") as client:
        jobs = [partial(deadly, str(tmp_path / "once"), number) for number in range(4)]
        assert JobsOn(client)(jobs, Clock()) == list(range(4))
        assert (tmp_path / "once").exists()
        with pytest.raises(EngineError, match="a worker died twice over one search"):
            JobsOn(client)([partial(deadly, str(tmp_path / "always"), number) for number in range(4)], Clock())


def untimed(path: Path) -> dict[str, object]:
    document = json.loads((path / "plan.json").read_text())
    assert document.pop("elapsed_s")
    return document


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_split_gives_the_same_bytes_on_one_process_on_two_and_over_tcp_until_the_scheduler_dies(
    dqplan: Run, tmp_path: Path
) -> None:
    split = ("split", SAMPLES / "qft_8.qasm", "-H", "line:3x3+2", "--effort", "quick", "--no-check", "-q")
    with cluster(tmp_path) as (address, processes):
        for name, options in {"one": (), "two": ("--workers", "2"), "tcp": ("--scheduler", address)}.items():
            found = dqplan(*split, "--seeds", "5", "-o", name, *options)
            assert (found.returncode, found.stderr) == (0, "")
        begun = tmp_path / "begun"
        clock = Clock(watch=lambda progress: processes[0].kill() if begun.exists() else None)
        with Client(address, set_as_default=False) as client, pytest.raises(EngineError, match="the scheduler is gone"):
            JobsOn(client)([partial(busy, str(begun), number) for number in range(4)], clock)
    one = untimed(tmp_path / "one")
    assert one["stop_reason"] == "best of 5 searches"
    assert one == untimed(tmp_path / "two") == untimed(tmp_path / "tcp")
    for file in (tmp_path / "one").iterdir():
        if file.name != "plan.json":
            assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_one_search_is_not_shared_out(dqplan: Run) -> None:
    found = dqplan(
        "split", SAMPLES / "ghz_8.qasm", "-H", "all:2x5", "--effort", "quick", "--no-check", "--workers", "2"
    )
    assert found.returncode == 0
    assert found.stderr.startswith("one search cannot be shared out: --seeds 8 makes eight")
