"""Output directories: whole or not at all, and never over anybody else's files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dqplan.cli.output.directory import check_directory, write_directory
from dqplan.core.errors import OutputError

PLAN = '{"schema": "dqplan.plan/1", "files": ["plan.json", "joint.qasm"]}'
FILES = {"plan.json": PLAN, "joint.qasm": "OPENQASM 3.0;\n"}


def contents(directory: Path) -> dict[str, str]:
    return {entry.name: entry.read_text(encoding="utf-8") for entry in directory.iterdir()}


def test_a_new_directory_with_its_parents(tmp_path: Path) -> None:
    write_directory(str(tmp_path / "a" / "out"), FILES)
    assert contents(tmp_path / "a" / "out") == FILES
    assert [entry.name for entry in (tmp_path / "a").iterdir()] == ["out"]


def test_an_empty_directory_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_directory(str(tmp_path / "out"), FILES)
    assert contents(tmp_path / "out") == FILES


def test_an_earlier_output_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write_directory(str(tmp_path / "out"), FILES)
    write_directory(str(tmp_path / "out"), {"plan.json": "{}"})
    assert contents(tmp_path / "out") == {"plan.json": "{}"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "plan", ["", "[]", "{", '{"schema": "else/1", "files": ["mine"]}', '{"schema": "dqplan.plan/1"}']
)
def test_files_of_others_are_left_alone(plan: str, tmp_path: Path) -> None:
    before = {"mine": "precious", "plan.json": plan}
    for name, text in before.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match="did not write"):
        write_directory(str(tmp_path), FILES)
    assert contents(tmp_path) == before


def test_a_file_added_to_an_earlier_output_is_left_alone(tmp_path: Path) -> None:
    write_directory(str(tmp_path / "out"), FILES)
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        check_directory(str(tmp_path / "out"))


def test_a_file_is_not_a_directory(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not a directory"):
        check_directory(str(tmp_path / "out"))


def test_a_name_meant_for_a_file_is_caught(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        check_directory(str(tmp_path / "joint.qasm"))
    assert "-o - > FILE" in caught.value.hint


def test_the_current_directory_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="current directory"):
        check_directory(".")


def test_a_link_to_a_directory_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_directory(str(tmp_path / "link"), FILES)
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "real") == FILES


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path) -> None:
    """The second file has a name that no file system takes; the first had been written by then."""
    with pytest.raises(OutputError):
        write_directory(str(tmp_path / "out"), {"plan.json": PLAN, "x" * 300: ""})
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_output_survives_when_writing_fails(tmp_path: Path) -> None:
    write_directory(str(tmp_path / "out"), FILES)
    with pytest.raises(OutputError):
        write_directory(str(tmp_path / "out"), {"plan.json": PLAN, "x" * 300: ""})
    assert contents(tmp_path / "out") == FILES


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind root")
def test_no_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission"):
        write_directory(str(tmp_path / "out"), FILES)
