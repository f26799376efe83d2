"""Sweep -> Results: what is not planned yet is planned, and stored as it is finished."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from dqplan.sweep.cluster import engine
from dqplan.sweep.journal import Journal
from dqplan.sweep.load_sweep import Sweep
from dqplan.sweep.manifest import OUTCOMES, Manifest, write_manifest
from dqplan.sweep.plan_row import Task
from dqplan.sweep.results import Results, check_results_directory, make_directory
from dqplan.sweep.row import Ending, Outcome, Row
from dqplan.sweep.window import Window
from dqplan.sweep.write_results import write_results


@dataclass(frozen=True)
class Tally:
    """How far a sweep is; rows that share their outcome count once.

    Attributes:
        total: rows with different outcomes.
        stored: of these, how many were finished before.
        done: how many have been finished since, and how many of these failed.
        threads: how many rows can be planned at once.
        elapsed_s: since the first row was given out.
    """

    total: int
    stored: int
    done: int = 0
    failed: int = 0
    threads: int = 0
    elapsed_s: float = 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds that the rest will take if it goes on so; None as long as nothing is known."""
        return self.elapsed_s / self.done * (self.total - self.stored - self.done) if self.done else None


def run_sweep(
    sweep: Sweep,
    directory: str,
    *,
    workers: int = 1,
    scheduler: str = "",
    retries: int = 1,
    timeout_s: float | None = None,
    retry_failed: bool = False,
    stop: Event | None = None,
    watch: Callable[[Tally], None] | None = None,
) -> Results:
    """Plan the rows of a sweep that have no outcome in a directory yet, and write manifest, outcomes and tables there.

    Every outcome is on the disk before the next ones are waited for: the process may be killed at any time, and the
    same call goes on where it ended. The tables are then the same, byte for byte, as without the interruption, unless
    a row has a time limit or its time ran out.

    The embedded cluster starts processes that import the caller's main module: a script needs
    `if __name__ == "__main__":`.

    Args:
        sweep: from `load_sweep`.
        directory: made if need be; outcomes that it holds are used.
        workers: processes of the embedded cluster, or jobs of Slurm.
        scheduler: address of a Dask scheduler, or `slurm`; empty for the embedded cluster.
        retries: further attempts for a row whose worker died, or that met an error nobody foresaw.
        timeout_s: a row fails whose search takes longer; None for no limit.
        retry_failed: try rows again that failed before.
        stop: ends the sweep early when set; what is on its way is given up.
        watch: called several times a second.

    Raises:
        SweepError: outcomes in the directory are damaged, or another sweep writes there.
        OutputError: the directory cannot be used, or the disk is full.
        UsageError, EngineError: as `engine` and `Window`; what is finished is stored, and the tables are written.

    >>> import json, pathlib, tempfile, dqplan
    >>> circuits = [str(pathlib.Path("sample_circuits/ghz_8.qasm").resolve())]
    >>> directory = pathlib.Path(tempfile.mkdtemp())
    >>> spec = {"schema": "dqplan.sweep/1", "circuits": circuits, "hardware": ["all:2x5"]}
    >>> _ = (directory / "spec.json").write_text(json.dumps(spec))
    >>> results = run_sweep(dqplan.load_sweep(str(directory / "spec.json")), str(directory / "results"))
    >>> [outcome.figures["ebits"] for outcome in results.outcomes.values()]
    [1]
    """
    check_results_directory(directory)
    make_directory(directory)
    manifest = Manifest(sweep.title, (sweep.content,), sweep.rows)
    with Journal(Path(directory, OUTCOMES)) as journal:
        write_manifest(directory, manifest)
        rows = missing_rows(sweep, journal.outcomes, retry_failed)
        journal.append(_unreadable(sweep, rows))
        rows = [row for row in rows if not sweep.workloads[row.circuit_digest].code]
        tally = _Tally(len({row.key for row in sweep.rows}), len(rows), watch or (lambda tally: None))
        try:
            if rows:
                with engine(workers, scheduler) as client:
                    tasks = (_task(sweep, row, timeout_s) for row in rows)
                    window = Window(client, tasks, retries=retries, stop=stop or Event())
                    for outcomes in window:
                        journal.append(outcomes)
                        tally.count(outcomes, window.threads)
        finally:
            write_results(directory, Results(manifest, journal.outcomes))
        return Results(manifest, journal.outcomes)


def missing_rows(sweep: Sweep, outcomes: Mapping[str, Outcome], retry_failed: bool = False) -> list[Row]:
    """The rows that must be planned: of those that share their outcome the first, and none that has one already."""

    def missing(row: Row) -> bool:
        known = outcomes.get(row.key)
        return known is None or (retry_failed and known.status is Ending.FAILED)

    return list({row.key: row for row in reversed(sweep.rows) if missing(row)}.values())[::-1]


def _unreadable(sweep: Sweep, rows: Sequence[Row]) -> Iterator[Outcome]:
    """The outcomes of rows whose circuit cannot be read."""
    for row in rows:
        workload = sweep.workloads[row.circuit_digest]
        if workload.code:
            yield Outcome(row.key, Ending.FAILED, code=workload.code, message=workload.message)


def _task(sweep: Sweep, row: Row, timeout_s: float | None) -> Task:
    workload = sweep.workloads[row.circuit_digest]
    document = sweep.networks[row.hardware_digest]
    return Task(row.key, workload.path, workload.text, document, row.options, row.seed, row.version, timeout_s)


class _Tally:
    """Keeps count, and tells whoever watches."""

    def __init__(self, total: int, missing: int, watch: Callable[[Tally], None]) -> None:
        self._now, self._watch, self._began_s = Tally(total, total - missing), watch, time.monotonic()
        self._watch(self._now)

    def count(self, outcomes: Sequence[Outcome], threads: int) -> None:
        failed = sum(outcome.status is Ending.FAILED for outcome in outcomes)
        self._now = replace(
            self._now,
            done=self._now.done + len(outcomes),
            failed=self._now.failed + failed,
            threads=threads,
            elapsed_s=time.monotonic() - self._began_s,
        )
        self._watch(self._now)
