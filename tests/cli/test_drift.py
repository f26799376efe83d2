"""Old plans and new numbers, from the outside: `diff`, `split --against`, and the gates of both."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from dqplan.cli.plans.drift_gates import DriftGates
from dqplan.core.errors import UsageError
from dqplan.core.tally import Tally
from dqplan.load.plan_document import plan_schema
from tests.conftest import SAMPLES, Run, plain_environment

GROVER = SAMPLES / "grover_2.qasm"
QUICK = ("--effort", "quick", "-q")
WORSE = (
    "part,quantity,value,date\nalice--bob,ebit.rate_hz,4,2026-11-26\nalice--bob,remote_gate.fidelity,0.8,2026-11-26\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan for Oxford as it was published, and a hardware file of a bad day."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "worse.csv").write_text(WORSE)
    today = ("hardware", "calibrate", "oxford_2025", "--from", "worse.csv", "-o", "today.yaml")
    for args in (("split", GROVER, "-H", "oxford_2025", "-o", "old", "--no-check", *QUICK), today):
        command = [sys.executable, "-m", "dqplan", *map(str, args)]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, env=plain_environment())
    return folder


@pytest.fixture
def lab(made: Path, tmp_path: Path) -> Path:
    """The same in the directory of a test."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_the_loop_of_a_control_system(dqplan: Run, lab: Path) -> None:
    """The old plan on today's numbers; a gate on its drift; planning again; what has changed."""
    run = ("split", GROVER, "-H", "today.yaml", "--against", "old", *QUICK)
    gated = dqplan(*run, "--max-fidelity-drop", "0.01", "--max-time-rise", "20", "-o", "new")
    assert gated.returncode == 1
    assert [line.split(":")[0] for line in gated.stderr.splitlines()] == ["gate failed"] * 2
    assert not (lab / "new").exists()

    done = dqplan(*run, "-o", "new", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    jsonschema.validate(document, plan_schema())
    against = document["against"]
    old = json.loads((lab / "old" / "plan.json").read_text())
    assert against["obstacles"] == []
    assert against["then"]["p95_s"] == old["outlook"]["makespan"]["p95_s"]
    assert against["then"]["fidelity"] == old["cost"]["fidelity"]
    assert against["today"]["p95_s"] > 2 * against["then"]["p95_s"]
    assert against["today"]["fidelity"] < against["then"]["fidelity"]
    assert json.loads((lab / "new" / "plan.json").read_text())["against"] == against
    assert dqplan("verify", "new").returncode == 0

    compared = dqplan("diff", "old", "new", "--format", "json")
    found = json.loads(compared.stdout)
    assert {(each["part"], each["quantity"]) for each in found["hardware"]["drifts"]} == {
        ("alice--bob", "ebit.rate_hz"),
        ("alice--bob", "remote_gate.fidelity"),
    }
    assert found["figures"]["p95_s"] == {
        "was": against["then"]["p95_s"],
        "is": document["outlook"]["makespan"]["p95_s"],
    }
    failed = dqplan("diff", "old", "new", "--max-time-rise", "20", "--max-ebits-rise", "0")
    assert failed.returncode == 1
    assert failed.stderr.startswith("gate failed: the time of 95 % of runs rose from 306.603 ms to ")


def test_the_report_has_three_columns(dqplan: Run, lab: Path) -> None:
    done = dqplan("split", GROVER, "-H", "today.yaml", "--against", "old/plan.json", "--no-check", *QUICK)
    report = done.stdout[done.stdout.index("against the old plan") :]
    (head,) = [line for line in report.splitlines() if line.startswith("figure")]
    assert head.split() == ["figure", "old", "then", "old", "today", "new"]
    (line,) = [line for line in report.splitlines() if line.startswith("fidelity")]
    assert len(line.split()) == 4
    assert "2 numbers have changed" in report


def test_a_plan_that_cannot_run_any_more(dqplan: Run, tmp_path: Path) -> None:
    ghz = SAMPLES / "ghz_8.qasm"
    assert dqplan("split", ghz, "-H", "all:2x4+1", "-o", "old", *QUICK).returncode == 0
    run = ("split", ghz, "-H", "all:4x3+1", "--against", "old", "--no-check", *QUICK)
    done = dqplan(*run)
    assert done.returncode == 0
    assert "cannot run today: m0 has 3 data qubits, the plan uses 4" in done.stdout
    gated = dqplan(*run, "--max-time-rise", "5")
    assert gated.returncode == 1
    assert gated.stderr == ("gate failed: the old plan cannot run any more: m0 has 3 data qubits, the plan uses 4\n")


def test_plans_through_a_pipe_and_by_file(dqplan: Run, lab: Path) -> None:
    text = (lab / "old" / "plan.json").read_text()
    done = dqplan("diff", "-", "old/plan.json", input=text)
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing differs" in done.stdout
    marked = dqplan("diff", "old", "old", "--format", "markdown").stdout
    assert "| fidelity | 0.821 | 0.821 |  |" in marked


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("diff", "old", "nothing"), "error[DQ101]: nothing: no such file"),
        (("diff", "old", "worse.csv"), "error[DQ301]: worse.csv:1:1: not JSON"),
        (("diff", "-", "-"), "error[DQ401]: both plans cannot be standard input"),
        (("split", GROVER, "-H", "oxford_2025", "--max-time-rise", "5"), "error[DQ401]: --max-time-rise and"),
        (
            ("split", SAMPLES / "ghz_8.qasm", "-H", "all:2x4", "--against", "old"),
            "error[DQ401]: --against: old is a plan",
        ),
    ],
)
def test_what_cannot_be_compared_exits_2(args: tuple[str, ...], message: str, dqplan: Run, lab: Path) -> None:
    done = dqplan(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)


WAS = Tally(10, 10.0, 5, 9, 0, None, 0.9, 1.0, 0.9)


def test_limits_that_are_met_exactly_hold() -> None:
    """Two more e-bits, a tenth slower, an eighth less fidelity."""
    now = Tally(12, 12.0, 5, 9, 0, None, 0.9, 1.125, 0.775)
    assert list(DriftGates(2, 12.5, 0.125).complaints(WAS, now)) == []
    assert len(list(DriftGates(1, 12.4, 0.12).complaints(WAS, now))) == 3
    assert list(DriftGates(0, 0.0, 0.0).complaints(now, WAS)) == ["gate failed: the process fidelity fell"][1:]
    assert not DriftGates()
    assert DriftGates(0)


@pytest.mark.parametrize("gates", [DriftGates(time_rise_percent=1), DriftGates(fidelity_drop=0.1)])
def test_a_limit_on_what_is_unknown_is_an_error(gates: DriftGates) -> None:
    unknown = Tally(10, 10.0, 5, 9, 0, None, None, None, None)
    with pytest.raises(UsageError, match="not known of the new plan"):
        list(gates.complaints(WAS, unknown))
