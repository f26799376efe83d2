"""`dqplan check` from outside: what is checked, what is told where, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from dqplan.cli.audits import judging
from dqplan.cli.terminal.progress import Reporter
from dqplan.core.verdict import Check, Status
from tests.cli.audits import case
from tests.conftest import SAMPLES, Run, plain_environment

BUDGETS = """\
effort = "quick"
hardware = ["all:2x5", "lab.yaml"]

[[budgets]]
circuits = ["ghz_8.qasm", "bad.qasm"]
max-ebits = 0

[[budgets]]
circuits = "w_8.qasm"
hardware = "all:2x5"
max-ebits = 2
max-gap = 0.5
"""
LAB = "schema: dqplan.hardware/1\nname: lab\nmodules:\n- {name: m, count: 2, data: 3, comm: 1}\nlinks: []\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Budgets of which one holds, one is broken, one does not fit, and two cannot be read."""
    for name in ("ghz_8.qasm", "w_8.qasm"):
        shutil.copy(SAMPLES / name, tmp_path)
    (tmp_path / "bad.qasm").write_text("OPENQASM 3.0;\nqubit[2] q;\nfoo q[0];\n", encoding="utf-8")
    (tmp_path / "lab.yaml").write_text(LAB, encoding="utf-8")
    (tmp_path / "dqplan.toml").write_text(BUDGETS, encoding="utf-8")
    return tmp_path


TABLE = """\
4 of 5 cases broken

ghz_8.qasm on all:2x5
max-ebits  the plan needs 1 e-bit, --max-ebits allows 0 (dqplan.toml:6)
again      dqplan split ghz_8.qasm -H all:2x5 --effort quick --max-ebits 0

ghz_8.qasm on lab.yaml
DQ501  the circuit has 8 qubits, but the 2 modules of lab (m0, m1) hold 6 data
       qubits together: 2 too few
hint   it is enough to give m0 2 more data qubits, and join m0 and m1 by a link
       of type ebit
again  dqplan split ghz_8.qasm -H lab.yaml --effort quick --max-ebits 0

bad.qasm on all:2x5 and 1 other case
DQ104  bad.qasm:3:1: unknown gate 'foo'
hint   define it with gate …, or add include "stdgates.inc"; at the top
again  dqplan split bad.qasm -H all:2x5 --effort quick --max-ebits 0

case         e-bits         gap
────────────────────────────────────────
ghz_8.qasm
  all:2x5     1 > 0          0%   broken
  lab.yaml        -           -   broken
bad.qasm
  all:2x5         -           -   broken
  lab.yaml        -           -   broken
w_8.qasm
  all:2x5     2 ≤ 2   50% ≤ 50%   holds
"""


def test_everything_that_is_broken_is_told_and_the_status_is_1(project: Path, dqplan: Run) -> None:
    done = dqplan("check")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == TABLE


def test_processes_change_nothing_and_all_formats_come_from_one_run(project: Path, dqplan: Run) -> None:
    names = {
        "json": "a.json",
        "ndjson": "a.ndjson",
        "csv": "a.csv",
        "markdown": "a.md",
        "junit": "a.xml",
        "table": "a.txt",
    }
    reports = [word for name, path in names.items() for word in ("--report", f"{name}={path}")]
    first = dqplan("check", *reports, "--format", "github")
    written = {path: (project / path).read_bytes() for path in names.values()}
    again = dqplan("check", *reports, "--format", "sarif", "-o", "a.sarif", "--workers", "2")
    assert (first.returncode, again.returncode) == (1, 1)
    assert (first.stderr, again.stdout) == ("", "")
    assert written == {path: (project / path).read_bytes() for path in names.values()}
    assert first.stdout.splitlines()[2].startswith(
        "::error file=bad.qasm,line=3,col=1,title=dqplan DQ104::unknown gate"
    )
    assert [line.split(":")[0] for line in again.stderr.splitlines()] == ["broken"] * 4
    assert json.loads((project / "a.sarif").read_text())["version"] == "2.1.0"
    assert written["a.txt"].decode() == TABLE


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_jq_finds_what_is_broken(project: Path, dqplan: Run) -> None:
    text = dqplan("check", "--format", "json").stdout
    query = (
        '[.cases[] | select(.holds | not) | "\\(.circuit) \\(.findings[0].rule) \\(.figures.ebits // 0)"] | unique[]'
    )
    done = subprocess.run(["jq", "-r", query], input=text, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["bad.qasm DQ104 0", "ghz_8.qasm DQ501 0", "ghz_8.qasm max-ebits 1"]


@pytest.mark.parametrize(
    ("files", "status", "circuits"),
    [
        (["w_8.qasm"], 0, ["w_8.qasm"]),
        (["lab.yaml"], 1, ["ghz_8.qasm", "bad.qasm"]),
        (["notes.txt", "sub/../ghz_8.qasm"], 1, ["ghz_8.qasm", "ghz_8.qasm"]),
        (["dqplan.toml"], 1, ["ghz_8.qasm", "ghz_8.qasm", "bad.qasm", "bad.qasm", "w_8.qasm"]),
        (["notes.txt"], 0, []),
    ],
)
def test_files_restrict_what_is_checked(
    files: list[str], status: int, circuits: list[str], project: Path, dqplan: Run
) -> None:
    """As pre-commit names the files that are to be committed: circuits, hardware, budgets, and others."""
    (project / "notes.txt").touch()
    (project / "sub").mkdir()
    done = dqplan("check", *files, "--format", "ndjson", "-v")
    assert done.returncode == status
    assert [json.loads(line)["circuit"] for line in done.stdout.splitlines()] == circuits
    assert ("skipped, as no budget names it: notes.txt" in done.stderr) == ("notes.txt" in files)
    assert ("nothing was checked" in done.stderr) == (not circuits)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["missing.qasm"], "error[DQ101]: missing.qasm: no such file"),
        (["--config", "none.toml"], "error[DQ101]: none.toml: no such file"),
        (["--config", "."], "error[DQ101]: .: is a directory"),
        (["--config", "bad.toml"], "error[DQ203]: bad.toml:2:1: hardwre: unknown key\n2 | hardwre = 1\n"),
        (["--report", "junit"], "error[DQ401]: --report: `junit` is not a format and a file"),
        (["--report", "junt=a.xml"], "error[DQ401]: --report: `junt=a.xml`"),
        (["--report", "csv=a", "--report", "json=a"], "error[DQ401]: --report: `json=a`"),
        (["--report", "csv=a", "-o", "a"], "error[DQ401]: --report: `csv=a`"),
        (["--report", "csv=no/where.csv"], "error[DQ402]: no/where.csv: its directory does not exist"),
        (["-o", "."], "error[DQ402]: .: is a directory"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_exits_2_before_anything_is_planned(args: list[str], said: str, project: Path, dqplan: Run) -> None:
    (project / "bad.toml").write_text("\nhardwre = 1\n", encoding="utf-8")
    before = sorted(project.iterdir())
    done = dqplan("check", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said), done.stderr
    assert sorted(project.iterdir()) == before


def test_an_encoding_that_lacks_signs_stops_no_report(project: Path, dqplan: Run) -> None:
    """The table has `≤`, for which others stand."""
    ascii_only = plain_environment() | {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    for format_ in ("table", "markdown"):
        done = dqplan("check", "w_8.qasm", "--format", format_, env=ascii_only)
        assert done.returncode == 0, done.stderr
        assert "2 < 2" in done.stdout


def test_the_schema_describes_the_sample(dqplan: Run) -> None:
    import tomllib

    schema = json.loads(dqplan("check", "--schema").stdout)
    jsonschema.validate(tomllib.loads((SAMPLES / "dqplan.toml").read_text(encoding="utf-8")), schema)


def test_a_failed_check_of_a_program_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """No circuit is known that fails one, so a failure is put in its place."""
    real = judging.make_files

    def broken(*args: object) -> object:
        result = real(*args)
        return judging.Result(result.tried, result.files, [Check("recount", Status.FAILED, "8 e-bits, not 7")])

    monkeypatch.setattr(judging, "make_files", broken)
    judged = judging.judge_case(case(str(SAMPLES / "ghz_8.qasm"), effort="quick", max_ebits=0), Reporter(quiet=True))
    assert [finding.rule for finding in judged.findings] == ["verification", "max-ebits"]
    assert judged.findings[0].message == "recount: 8 e-bits, not 7"


def test_a_bug_in_one_case_is_told_with_the_others_and_exits_70(project: Path) -> None:
    code = """
import sys
import dqplan.load.load_circuit as load
from dqplan.__main__ import main

real = load.circuit_of_text

def broken(text, name, language):
    if name == "w_8.qasm":
        raise KeyError("x")
    return real(text, name, language)

load.circuit_of_text = broken
sys.argv = ["dqplan", "check"]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, env=plain_environment(), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 70
    assert "5 of 5 cases broken" in done.stdout
    assert "please report it with its input" in done.stdout


SLOW = 'hardware = "line:4x5+2"\neffort = "thorough"\n[[budgets]]\ncircuits = ["qft_16.qasm", "qaoa_16.qasm"]\n'


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_it_without_a_verdict(workers: str, tmp_path: Path) -> None:
    """Whatever it is doing then; no process is left behind, and no report is written."""
    for name in ("qft_16.qasm", "qaoa_16.qasm"):
        shutil.copy(SAMPLES / name, tmp_path)
    (tmp_path / "dqplan.toml").write_text(SLOW, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "dqplan", "check", "--workers", workers, "-o", "report.txt"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=plain_environment(),
        start_new_session=True,
    )  # fmt: skip
    time.sleep(4)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert errors.endswith("interrupted\n")
    assert not (tmp_path / "report.txt").exists()
    assert _gone(process.pid)


def _gone(group: int) -> bool:
    """Whether a group of processes ends soon: one of Python's own outlives the others for a moment."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
