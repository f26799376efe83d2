"""Results of several sweeps in one directory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dqplan.core.errors import OutputError, SweepError, UsageError
from dqplan.sweep.journal import Journal
from dqplan.sweep.load_sweep import Sweep
from dqplan.sweep.manifest import OUTCOMES, Manifest, write_manifest
from dqplan.sweep.merge_sweeps import merge_sweeps
from dqplan.sweep.results import read_results
from dqplan.sweep.row import Ending, Outcome
from tests.sweep.cases import small, stored, tables


def results_of(sweep: Sweep, directory: Path, outcomes: dict[str, Outcome]) -> str:
    stored(directory, outcomes)
    write_manifest(str(directory), Manifest(sweep.title, (sweep.content,), sweep.rows))
    return str(directory)


def invented(sweep: Sweep, ebits: int = 1) -> dict[str, Outcome]:
    return {row.key: Outcome(row.key, Ending.PLANNED, {"ebits": ebits}, elapsed_s=ebits) for row in sweep.rows}


def test_the_parts_of_a_sweep_are_the_sweep(tmp_path: Path) -> None:
    """Circuit by circuit, which is the order of the whole; both parts share a row."""
    whole = small(tmp_path)
    parts = [small(tmp_path, circuits=[path]) for path in whole.content["circuits"]]  # type: ignore[index, call-overload]
    again = small(tmp_path, seeds=[1])
    directories = [
        results_of(sweep, tmp_path / f"part{number}", invented(sweep)) for number, sweep in enumerate([*parts, again])
    ]
    merged = merge_sweeps(directories, str(tmp_path / "merged"))
    assert merged.manifest.rows == whole.rows
    assert merged.unfinished == 0
    assert len(merged.manifest.specs) == 3
    assert read_results(str(tmp_path / "merged")) == merged
    alone = results_of(whole, tmp_path / "whole", invented(whole))
    merge_sweeps([alone, alone], str(tmp_path / "alone"))
    assert tables(tmp_path / "merged") == tables(tmp_path / "alone")


def test_a_plan_counts_more_than_a_failure_and_the_first_more_than_the_second(tmp_path: Path) -> None:
    sweep = small(tmp_path, hardware=["all:2x5"], seeds=[0])
    first, second = (invented(sweep, ebits) for ebits in (1, 2))
    key = sweep.rows[0].key
    first[key] = Outcome(key, Ending.FAILED, code="DQ602")
    directories = [results_of(sweep, tmp_path / f"{n}", found) for n, found in enumerate((first, second))]
    merged = merge_sweeps(directories, str(tmp_path / "merged"))
    assert [merged.outcomes[row.key].figures["ebits"] for row in sweep.rows] == [2, 1]


def test_results_of_another_version_of_dqplan_stay_apart(tmp_path: Path) -> None:
    new = small(tmp_path, hardware=["all:2x5"], seeds=[0])
    old = replace(new, rows=tuple(replace(row, version="0.0.9") for row in new.rows))
    directories = [results_of(sweep, tmp_path / name, invented(sweep)) for name, sweep in (("n", new), ("o", old))]
    assert len(merge_sweeps(directories, str(tmp_path / "merged")).manifest.rows) == 4


def test_unfinished_rows_stay_unfinished(tmp_path: Path) -> None:
    sweep = small(tmp_path)
    some = dict(list(invented(sweep).items())[:7])
    directories = [results_of(sweep, tmp_path / "a", some), results_of(sweep, tmp_path / "b", {})]
    assert merge_sweeps(directories, str(tmp_path / "merged")).unfinished == 13


def test_what_cannot_be_merged(tmp_path: Path) -> None:
    sweep = small(tmp_path)
    good = results_of(sweep, tmp_path / "good", invented(sweep))
    bad = results_of(sweep, tmp_path / "bad", invented(sweep))
    damaged = Path(bad, OUTCOMES)
    damaged.write_bytes(damaged.read_bytes().replace(b'"ebits":1', b'"ebits":0', 1))
    with pytest.raises(SweepError, match=r"bad/outcomes\.jsonl:2: the line is damaged"):
        merge_sweeps([good, bad], str(tmp_path / "merged"))
    with pytest.raises(SweepError, match=r"manifest\.json: cannot be read"):
        merge_sweeps([good, str(tmp_path)], str(tmp_path / "merged"))
    with pytest.raises(OutputError, match="is not an empty directory"):
        merge_sweeps([good, good], good)
    with pytest.raises(UsageError, match="two directories or more"):
        merge_sweeps([good], str(tmp_path / "merged"))
    assert not (tmp_path / "merged").exists()
    with Journal(damaged.with_name("other")) as journal:
        assert journal.outcomes == {}
