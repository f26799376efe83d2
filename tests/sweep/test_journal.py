"""Outcomes on the disk: crashes, damage, and two writers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqplan.core.errors import SweepError
from dqplan.sweep.journal import Journal, read_journal
from dqplan.sweep.row import Ending, Outcome

FIGURE = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=4)
OUTCOMES = st.builds(
    Outcome,
    st.text(min_size=1, max_size=3),
    st.sampled_from(Ending),
    st.dictionaries(st.text(max_size=3), FIGURE, max_size=3),
    st.text(max_size=5),
    st.text(max_size=20),
    st.floats(0, 9),
)


@given(st.lists(OUTCOMES, min_size=1, max_size=5), st.data())
def test_what_was_whole_survives_a_crash_anywhere(
    tmp_path_factory: pytest.TempPathFactory, outcomes: list[Outcome], data: st.DataObject
) -> None:
    """The file is cut at any byte; what comes later is appended to whole lines."""
    path = tmp_path_factory.mktemp("journal") / "outcomes.jsonl"
    with Journal(path) as journal:
        journal.append(outcomes)
    whole = path.read_bytes()
    assert read_journal(path) == {outcome.key: outcome for outcome in outcomes}
    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    kept = max(0, whole[:cut].count(b"\n") - 1)
    assert read_journal(path) == {outcome.key: outcome for outcome in outcomes[:kept]}
    with Journal(path) as journal:
        journal.append(outcomes[kept:])
    assert path.read_bytes() == whole


@given(OUTCOMES, st.data())
def test_a_line_that_was_changed_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, outcome: Outcome, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("journal") / "outcomes.jsonl"
    with Journal(path) as journal:
        journal.append([outcome])
    head, line, _ = path.read_bytes().split(b"\n")
    place = data.draw(st.integers(0, len(line) - 1))
    byte = data.draw(st.integers(32, 126).filter(lambda byte: byte != line[place]))
    path.write_bytes(head + b"\n" + line[:place] + bytes([byte]) + line[place + 1 :] + b"\n")
    with pytest.raises(SweepError, match=r"outcomes\.jsonl:2: the line is damaged") as found:
        read_journal(path)
    assert "delete it" in found.value.hint


def test_another_file_of_that_name_is_not_taken_for_outcomes(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.jsonl"
    path.write_text('{"ebits": 3}\n')
    for read in (read_journal, Journal):
        with pytest.raises(SweepError, match=r"outcomes\.jsonl:1: not outcomes of a sweep"):
            read(path)
    assert path.read_text() == '{"ebits": 3}\n'


def test_the_last_line_about_a_row_counts(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.jsonl"
    failed, planned = Outcome("k", Ending.FAILED), Outcome("k", Ending.PLANNED, {"ebits": 1})
    for outcome in (failed, planned):
        with Journal(path) as journal:
            journal.append([outcome])
    assert read_journal(path) == {"k": planned}


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
def test_two_sweeps_cannot_write_one_journal_but_a_dead_one_keeps_nobody_away(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.jsonl"
    code = f"""
import os, pathlib
from dqplan.sweep.journal import Journal
journal = Journal(pathlib.Path({str(path)!r}))
print("open", flush=True)
input()
os.kill(os.getpid(), 9)
"""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as other:  # type: ignore[call-overload]
        assert other.stdout.readline() == "open\n"
        with pytest.raises(SweepError, match="another sweep writes here"):
            Journal(path)
        other.communicate("\n", timeout=60)
    with Journal(path) as journal:
        assert journal.outcomes == {}
