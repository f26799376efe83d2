"""Whole sweeps: killed, resumed, on a cluster; the tables are those that are made without Dask, byte for byte."""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from dqplan.core.errors import OutputError, SweepError, UsageError
from dqplan.sweep import cluster as stage
from dqplan.sweep.load_sweep import Sweep
from dqplan.sweep.manifest import MANIFEST, OUTCOMES
from dqplan.sweep.results import read_results
from dqplan.sweep.row import Ending, Outcome
from dqplan.sweep.run_sweep import Tally, run_sweep
from dqplan.sweep.write_results import write_results
from tests.conftest import ROOT, plain_environment
from tests.sweep.cases import finished, planned_here, reference, small, stored, tables, untimed

SMALLEST = [str(ROOT / "sample_circuits" / "ghz_8.qasm")]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sweep, Path, dict[str, bytes]]:
    """A sweep of about two seconds, its specification, and its tables."""
    directory = tmp_path_factory.mktemp("many")
    sweep = small(directory, hardware=["all:2x5", "line:2x4+1"], seeds={"count": 4})
    return sweep, directory / "spec.json", reference(sweep, directory / "reference")


def begun(spec: Path, output: Path, *options: str) -> subprocess.Popen[str]:
    """`dqplan sweep` in the background."""
    command = [sys.executable, "-m", "dqplan", "sweep", str(spec), "-o", str(output), *options]
    environment = plain_environment() | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment, start_new_session=True)


def wait_for(condition: Callable[[], object]) -> None:
    end_s = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.002)


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes that plan."""
    children = psutil.Process(process.pid).children()
    return [child for child in children if any("spawn_main" in word for word in child.cmdline())]


def test_killed_workers_and_a_killed_sweep_lose_nothing(
    many: tuple[Sweep, Path, dict[str, bytes]], tmp_path: Path
) -> None:
    _, spec, expected = many
    output = tmp_path / "out"
    with begun(spec, output, "--workers", "2") as process:
        wait_for(lambda: finished(output) > 0)
        workers_of(process)[0].kill()
        here = finished(output)
        wait_for(lambda: finished(output) > here + 2)
        process.kill()
        process.communicate(timeout=60)
    kept = (output / OUTCOMES).read_bytes()
    kept = kept[: kept.rindex(b"\n") + 1]
    assert not (output / "table.csv").exists()
    with begun(spec, output, "--workers", "1") as process:
        said, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    assert "16 planned" in said
    assert tables(output) == expected
    assert (output / OUTCOMES).read_bytes().startswith(kept)  # what was finished was not planned again
    assert finished(output) == 16


def test_what_is_stored_is_not_planned_again_and_needs_no_workers(tmp_path: Path) -> None:
    sweep = small(tmp_path, circuits=SMALLEST, hardware=["all:2x5"])
    outcomes = planned_here(sweep)
    expected = reference(sweep, tmp_path / "reference")
    stored(tmp_path / "out", outcomes)
    tallies: list[Tally] = []
    results = run_sweep(sweep, str(tmp_path / "out"), scheduler="tcp://nowhere.invalid:1", watch=tallies.append)
    assert results.outcomes == outcomes
    assert tables(tmp_path / "out") == expected
    assert tallies == [Tally(total=2, stored=2)]
    assert read_results(str(tmp_path / "out")) == results


def test_another_specification_uses_the_rows_that_it_shares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One seed more: only its rows are missing, and the table holds what is known."""
    few = {"circuits": SMALLEST}
    first = small(tmp_path, **few, seeds=[0])
    stored(tmp_path / "out", planned_here(first))
    more = small(tmp_path, **few, seeds=[0, 1])
    monkeypatch.setattr(stage, "_ANSWER_S", 1)
    asked: list[Tally] = []
    with pytest.raises(UsageError, match="no Dask scheduler answers"):
        run_sweep(more, str(tmp_path / "out"), scheduler="tcp://127.0.0.1:1", watch=asked.append)
    assert asked == [Tally(total=10, stored=5)]
    assert (tmp_path / "out" / "table.csv").read_bytes().count(b"\n") == 6


def test_circuits_that_cannot_be_read_fail_without_workers(tmp_path: Path) -> None:
    (tmp_path / "bad.qasm").write_text("OPENQASM 3.0; qubit[2] q; nonsense q[0];")
    sweep = small(tmp_path, circuits=["bad.qasm"], hardware=["all:2x2"], seeds=[0])
    results = run_sweep(sweep, str(tmp_path / "out"), scheduler="tcp://nowhere.invalid:1")
    (outcome,) = results.outcomes.values()
    assert (outcome.status, outcome.code) == (Ending.FAILED, "DQ104")
    assert b"nonsense" in (tmp_path / "out" / "table.csv").read_bytes()


def test_failed_rows_are_planned_again_just_if_that_is_asked_for(tmp_path: Path) -> None:
    sweep = small(tmp_path, circuits=SMALLEST, hardware=["all:2x5"], seeds=[0])
    key = sweep.rows[0].key
    stored(tmp_path / "out", {key: Outcome(key, Ending.FAILED, code="DQ603", message="no plan within 1 s")})
    kept = run_sweep(sweep, str(tmp_path / "out"), scheduler="tcp://nowhere.invalid:1")
    assert kept.count(Ending.FAILED) == 1
    again = run_sweep(sweep, str(tmp_path / "out"), retry_failed=True)
    assert {key: untimed(found) for key, found in again.outcomes.items()} == {
        key: untimed(found) for key, found in planned_here(sweep).items()
    }


@pytest.mark.parametrize(
    "content", ["", "{", '{"schema": "dqplan.plan/1"}', '{"schema": "dqplan.sweep-results/1"}', "[]"]
)
def test_a_manifest_that_is_none_is_told(content: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(SweepError, match=r"manifest\.json: (damaged|not results of a sweep)") as found:
        read_results(str(tmp_path))
    assert found.value.hint


def test_a_row_that_was_changed_in_the_manifest_is_noticed(tmp_path: Path) -> None:
    sweep = small(tmp_path, circuits=SMALLEST, hardware=["all:2x5"], seeds=[0])
    stored(tmp_path / "out", planned_here(sweep))
    run_sweep(sweep, str(tmp_path / "out"))
    path = tmp_path / "out" / MANIFEST
    path.write_text(path.read_text().replace('"seed": 0', '"seed": 1'))
    with pytest.raises(SweepError, match="does not match its key"):
        read_results(str(tmp_path / "out"))


ODD = [None, True, 0, -1, 1e308, "x", "", [], {}, [[]], {"a": 1}, float("nan"), 10**30, "\0", "\ud800"]


def places(content: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Everything in a document that can be put out of order."""
    keys = content if isinstance(content, dict) else range(len(content)) if isinstance(content, list) else ()
    for key in keys:
        yield (*path, key)
        yield from places(content[key], (*path, key))  # type: ignore[index]


def test_whatever_a_manifest_holds_it_is_read_or_told(tmp_path: Path) -> None:
    """Every entry of it is replaced by something odd, or left out: an error of ours, or tables can be written."""
    template = {"base": "line:2x5+{comm}", "parameters": {"comm": [2]}}
    sweep = small(tmp_path, circuits=SMALLEST, hardware=[template], seeds=[0])
    output = tmp_path / "out"
    stored(output, planned_here(sweep))
    run_sweep(sweep, str(output))
    whole = (output / MANIFEST).read_text()
    told = read = 0
    for number, place in enumerate(places(json.loads(whole))):
        for odd in (*ODD[number % 3 :: 3], places):
            document = json.loads(whole)
            holder = functools.reduce(lambda content, key: content[key], place[:-1], document)
            if odd is places:
                del holder[place[-1]]
            else:
                holder[place[-1]] = odd
            (output / MANIFEST).write_text(json.dumps(document))
            try:
                found = read_results(str(output))
            except SweepError:
                told += 1
            else:
                write_results(str(output), found)
                read += 1
    assert told > read > 0


def test_nobody_elses_files_are_touched(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("precious")
    (tmp_path / "file").write_text("")
    for name, said in (("out", "did not write"), ("file", "not a directory")):
        with pytest.raises(OutputError, match=said):
            run_sweep(small(tmp_path), str(tmp_path / name))
    assert os.listdir(tmp_path / "out") == ["thesis.txt"]


@contextmanager
def cluster(directory: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers on 127.0.0.1, as they would run on three machines; its address and processes."""
    file = directory / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    local = ["--scheduler-file", str(file), "--host", "127.0.0.1", "--port", "0"]
    worker = [*dask, "worker", "--scheduler-file", str(file), "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny"]
    commands = [[*dask, "scheduler", *local], worker, worker]
    environment = plain_environment() | {"PYTHONPATH": str(ROOT), "DASK_LOCAL_DIRECTORY": str(directory)}
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            processes.append(subprocess.Popen([*command, "--no-dashboard"], cwd=directory, env=environment, **quiet))
            wait_for(file.exists)
        yield json.loads(file.read_text())["address"], processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_cluster_over_tcp_gives_the_same_table_and_loses_nothing_when_its_scheduler_dies(
    many: tuple[Sweep, Path, dict[str, bytes]], tmp_path: Path
) -> None:
    sweep, spec, expected = many
    output = tmp_path / "out"
    with cluster(tmp_path) as (address, processes):
        first = run_sweep(sweep, str(tmp_path / "whole"), scheduler=address)
        assert first.unfinished == 0
        assert tables(tmp_path / "whole") == expected
        with begun(spec, output, "--scheduler", address) as process:
            wait_for(lambda: finished(output) > 0)
            processes[1].kill()  # one of two workers; nobody restarts it
            here = finished(output)
            wait_for(lambda: finished(output) > here + 2)
            processes[0].kill()
            _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert errors.startswith("error[DQ602]: the scheduler of the sweep is gone")
    assert "hint: run the same command again" in errors
    kept = finished(output)
    assert (output / "table.csv").read_bytes().count(b"\n") == kept + 1
    assert kept < 16
    run_sweep(sweep, str(output), workers=1)
    assert tables(output) == expected


def test_ctrl_c_ends_with_what_there_is(many: tuple[Sweep, Path, dict[str, bytes]], tmp_path: Path) -> None:
    _, spec, _ = many
    output = tmp_path / "out"
    with begun(spec, output, "--workers", "1") as process:
        wait_for(lambda: finished(output) > 0)
        os.killpg(process.pid, signal.SIGINT)
        said, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert errors == "interrupted: ending with the rows that are finished; Ctrl-C again ends at once\n"
    assert "unfinished" in said
    assert (output / "table.csv").read_bytes().count(b"\n") == finished(output) + 1 < 17
