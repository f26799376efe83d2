"""dqplan merge from outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dqplan.core.normalise import segments_of
from dqplan.load.load_circuit import Language, circuit_of_text
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import plan_text, program_files
from dqplan.split.split_circuit import split_circuit
from tests.conftest import SAMPLES, Run

COUNTS = '{"00": 1, "10": 2, "11": 97}'


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `dqplan split` writes."""
    source = (SAMPLES / "grover_2.qasm").read_text(encoding="utf-8")
    plan = solve_plan(segments_of(circuit_of_text(source, "grover_2.qasm")), load_hardware("oxford_2025"))
    program = split_circuit(plan)
    files = program_files(program, source_text=source, source_language=Language.QASM2)
    directory = tmp_path_factory.mktemp("out")
    for name, text in {**files, "plan.json": plan_text(program, (), sorted(files), None)}.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def test_joint_counts_as_table_json_and_csv(dqplan: Run, out: Path, tmp_path: Path) -> None:
    Path(tmp_path, "all.json").write_text(COUNTS)
    table = dqplan("merge", out, "all.json")
    assert (table.returncode, table.stderr) == (0, "")
    assert table.stdout.splitlines()[0].split() == ["shots", "100"]
    document = json.loads(dqplan("merge", out, "all.json", "--format", "json").stdout)
    assert document["counts"] == {"11": 97, "10": 2, "00": 1}
    assert dqplan("merge", out, "all.json", "--format", "csv").stdout == "c,count\n11,97\n10,2\n00,1\n"


def test_the_csv_of_one_merge_is_read_by_the_next(dqplan: Run, out: Path, tmp_path: Path) -> None:
    Path(tmp_path, "all.json").write_text(COUNTS)
    Path(tmp_path, "all.csv").write_text(dqplan("merge", out, "all.json", "--format", "csv").stdout)
    again = dqplan("merge", out, "all.csv", "--format", "json").stdout
    assert json.loads(again)["counts"] == {"11": 97, "10": 2, "00": 1}
    piped = dqplan("merge", out, "-", "--format", "json", input=COUNTS).stdout
    assert piped == again


def test_shots_of_modules_by_file_name_and_by_hand(dqplan: Run, out: Path, tmp_path: Path) -> None:
    """Alice measures c[1], bob c[0]."""
    Path(tmp_path, "alice.json").write_text('{"c[1]": [1, 0, 1]}')
    Path(tmp_path, "second.csv").write_text("c[0]\n1\n1\n0\n")
    done = dqplan("merge", out, "alice.json", "bob=second.csv", "--format", "csv")
    assert done.stdout == "c,count\n01,1\n10,1\n11,1\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["alice.json"], "error[DQ311]: no results tell of c[0]\nhint: give the results of bob, too\n"),
        (["alice.json", "other.json"], "error[DQ311]: other.json: 'other' is no module of the program"),
        (["alice.json", "alice=other.json"], "error[DQ401]: two files of results for alice\n"),
        (["missing.json"], "error[DQ101]: missing.json: no such file\n"),
        (["bad.json"], "error[DQ311]: bad.json: the count of '11' is -1"),
    ],
)
def test_what_cannot_be_merged(dqplan: Run, out: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    for name, text in {"alice": '["0 10"]', "other": '["00"]', "bad": '{"11": -1}'}.items():
        Path(tmp_path, f"{name}.json").write_text(text if name != "alice" else '{"c[1]": [1]}')
    done = dqplan("merge", out, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
