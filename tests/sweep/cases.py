"""Small sweeps for tests, and how to plan them without Dask."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from dqplan.sweep.journal import Journal
from dqplan.sweep.load_sweep import Sweep, load_sweep
from dqplan.sweep.manifest import OUTCOMES, Manifest
from dqplan.sweep.plan_row import Task, plan_row
from dqplan.sweep.results import Results
from dqplan.sweep.row import Outcome
from dqplan.sweep.table import write_tables
from tests.conftest import SAMPLES

SMALL: dict[str, object] = {
    "schema": "dqplan.sweep/1",
    "title": "Two small circuits",
    "circuits": [str(SAMPLES / "ghz_8.qasm"), str(SAMPLES / "w_8.qasm")],
    "hardware": ["all:2x5", {"base": "line:{modules}x4+{comm}", "parameters": {"modules": [2, 3], "comm": [1, 2]}}],
    "options": {"effort": "quick"},
    "seeds": {"count": 2},
}
"""Twenty rows."""


def spec(directory: Path, content: object, name: str = "spec.json") -> Path:
    """A specification's file."""
    path = directory / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return path


def small(directory: Path, **changes: object) -> Sweep:
    """The small sweep with some of its keys changed."""
    return load_sweep(str(spec(directory, {**SMALL, **changes})))


def task_of(sweep: Sweep, number: int, timeout_s: float | None = None) -> Task:
    """A row of a sweep as a task."""
    row = sweep.rows[number]
    workload = sweep.workloads[row.circuit_digest]
    document = sweep.networks[row.hardware_digest]
    return Task(row.key, workload.path, workload.text, document, row.options, row.seed, row.version, timeout_s)


def planned_here(sweep: Sweep) -> dict[str, Outcome]:
    """All outcomes of a sweep, one after the other in this process."""
    return {row.key: plan_row(task_of(sweep, number)) for number, row in enumerate(sweep.rows)}


def reference(sweep: Sweep, directory: Path) -> dict[str, bytes]:
    """What the tables of a sweep must be, made without Dask."""
    directory.mkdir()
    write_tables(str(directory), Results(Manifest(sweep.title, (sweep.content,), sweep.rows), planned_here(sweep)))
    return tables(directory)


def tables(directory: Path) -> dict[str, bytes]:
    """The files that must not depend on how a sweep was run."""
    return {name: (directory / name).read_bytes() for name in ("table.csv", "table.parquet")}


def finished(directory: Path) -> int:
    """Outcomes that are stored, while somebody may be writing."""
    path = directory / OUTCOMES
    return max(0, path.read_bytes().count(b"\n") - 1) if path.exists() else 0


def stored(directory: Path, outcomes: dict[str, Outcome]) -> None:
    """Begin a directory of results with some outcomes."""
    directory.mkdir(exist_ok=True)
    with Journal(directory / OUTCOMES) as journal:
        journal.append(outcomes.values())


def untimed(outcome: Outcome) -> Outcome:
    """An outcome without what is not reproducible."""
    return replace(outcome, elapsed_s=0.0)
