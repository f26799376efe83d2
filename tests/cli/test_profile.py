"""`dqplan profile` as a command: report, JSON, files, mistakes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES, Run, plain_environment

GOLDEN = ROOT / "tests" / "golden"
RECORDED = {
    "profile_teleport_3.json": ["--format", "json", "teleport_3.qasm"],
    "profile_qft_8.txt": ["qft_8.qasm"],
    "profile_two.txt": ["bernstein_vazirani_8.qasm", "iterative_qpe_2.qasm"],
}
"""Recorded answers and the arguments that give them; without the planner, whose numbers may improve."""


def recorded(args: list[str]) -> str:
    command = [sys.executable, "-m", "dqplan", "profile", "--modules", "none", *args]
    done = subprocess.run(
        command, cwd=SAMPLES, capture_output=True, text=True, check=True, timeout=120, env=plain_environment()
    )
    return done.stdout


@pytest.mark.parametrize("name", RECORDED)
def test_answers_are_as_recorded(name: str) -> None:
    """The recorded texts are rewritten by `python -m tests.cli.test_profile`."""
    answer = recorded(RECORDED[name])
    assert answer == (GOLDEN / name).read_text(encoding="utf-8")
    assert name.endswith("json") or all(len(line) <= 80 for line in answer.splitlines())


def test_e_bits_by_number_of_modules(dqplan: Run) -> None:
    done = dqplan("profile", SAMPLES / "ghz_8.qasm", "--format", "json")
    demand = json.loads(done.stdout)["demand"]
    assert [(row["num_modules"], row["module_size"]) for row in demand] == [(2, 5), (4, 3)]
    assert all(row["bound"] <= row["ebits"] <= row["one_ebit_per_remote_gate"] for row in demand)
    assert demand[0]["ebits"] == 1


def test_chosen_numbers_of_modules(dqplan: Run) -> None:
    done = dqplan("profile", SAMPLES / "ghz_8.qasm", "--format", "json", "--modules", "3,1,3")
    demand = json.loads(done.stdout)["demand"]
    assert [(row["num_modules"], row["ebits"] > 0) for row in demand] == [(3, True), (1, False)]


def test_several_circuits_are_a_list(dqplan: Run) -> None:
    names = ["ghz_8", "w_8"]
    done = dqplan("profile", *(SAMPLES / f"{name}.qasm" for name in names), "--format", "json", "--modules", "none")
    documents = json.loads(done.stdout)
    assert [(document["schema"], document["name"]) for document in documents] == [
        ("dqplan.profile/1", name) for name in names
    ]


def test_standard_input_and_output_file(dqplan: Run, tmp_path: Path) -> None:
    text = (SAMPLES / "ghz_8.qasm").read_text(encoding="utf-8")
    done = dqplan("profile", "-", "-o", "answer.json", "--format", "json", "--modules", "none", input=text)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))["num_qubits"] == 8
    assert [entry.name for entry in tmp_path.iterdir()] == ["answer.json"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["missing.qasm"], "DQ101"),
        (["-", "-"], "only once"),
        (["x.qasm", "--modules", "2,zwei"], "--modules"),
        (["x.qasm", "--modules", "0"], "--modules"),
        (["x.qasm", "--modules", "99999999999999999999"], "--modules"),
        (["x.qasm", "-o", "."], "is a directory"),
        (["x.qasm", "-o", "no/such/place.json"], "does not exist"),
        (["x.qasm", "--from", "quil"], "--from"),
        ([], "CIRCUIT"),
    ],
)
def test_mistakes_exit_2(args: list[str], said: str, dqplan: Run) -> None:
    done = dqplan("profile", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_written_leaves_the_old_one(dqplan: Run, tmp_path: Path) -> None:
    """The second circuit is broken: nothing is written for the first."""
    (tmp_path / "old.json").write_text("old", encoding="utf-8")
    (tmp_path / "broken.qasm").write_text("OPENQASM 3;\nqubit[2] q;\nhh q[0];\n", encoding="utf-8")
    done = dqplan("profile", SAMPLES / "ghz_8.qasm", "broken.qasm", "-o", "old.json", "--format", "json")
    assert done.returncode == 2
    assert "broken.qasm:3" in done.stderr
    assert (tmp_path / "old.json").read_text(encoding="utf-8") == "old"


if __name__ == "__main__":
    for file, arguments in RECORDED.items():
        (GOLDEN / file).write_text(recorded(arguments), encoding="utf-8", newline="\n")
