"""Gates on e-bits, time and fidelity: exit status 1 and one clear line, or 2 if the hardware cannot tell."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from dqplan.cli.plans.gates import Gates
from dqplan.core.errors import UsageError
from dqplan.load.load_hardware import load_hardware
from dqplan.load.plan_document import plan_schema
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from tests.conftest import SAMPLES, Run
from tests.solve.circuits import ghz

PLAN = solve_plan(ghz(2), load_hardware("oxford_2025"))
OUTLOOK = trial_program(split_circuit(PLAN))
UNKNOWN = solve_plan(ghz(2), load_hardware("all:2x1"))


GAPPED = replace(PLAN, bound=replace(PLAN.bound, ebits=0))


def complaints(**limits: float) -> list[str]:
    return [str(complaint) for complaint in Gates(**limits).complaints(PLAN, OUTLOOK)]


def test_limits_that_are_met_exactly_hold() -> None:
    assert OUTLOOK.makespan is not None
    assert OUTLOOK.fidelity is not None
    assert complaints(max_ebits=1, max_time_s=OUTLOOK.makespan.p95_s, min_fidelity=OUTLOOK.fidelity.process) == []
    assert complaints() == []


def test_each_limit_that_is_missed_is_told() -> None:
    told = complaints(max_ebits=0, max_time_s=0.001, min_fidelity=1.0)
    assert told[0] == "the plan needs 1 e-bit, --max-ebits allows 0"
    assert told[1].startswith("95 % of all runs end within 3")
    assert told[1].endswith(" ms, --max-time allows 1 ms")
    assert told[2].startswith("the process fidelity is 0.8")
    assert told[2].endswith(", --min-fidelity asks for 1")


def test_the_gap_is_the_part_of_the_e_bits_that_is_not_proved() -> None:
    """One e-bit of which none is proved necessary is a gap of 1; with its bound of 1 it is none."""
    (complaint,) = Gates(max_gap=0.5).complaints(GAPPED, OUTLOOK)
    assert (complaint.gate, complaint.found, complaint.allowed) == ("max-gap", 1.0, 0.5)
    assert str(complaint) == "0 of 1 e-bit are proved necessary, a gap of 1; --max-gap allows 0.5"
    assert list(Gates(max_gap=1.0).complaints(GAPPED, OUTLOOK)) == []
    assert list(Gates(max_gap=0.0).complaints(PLAN, OUTLOOK)) == []


@pytest.mark.parametrize(("limit", "value"), [("max_time_s", 9.0), ("min_fidelity", 0.0)])
def test_a_limit_that_nobody_can_hold_a_plan_against_is_an_error(limit: str, value: float) -> None:
    outlook = trial_program(split_circuit(UNKNOWN))
    with pytest.raises(UsageError, match=r"needs numbers that the hardware does not give: the duration of"):
        list(Gates(**{limit: value}).complaints(UNKNOWN, outlook))
    with pytest.raises(UsageError, match="duration of two-qubit gates"):
        Gates(**{limit: value}).check_numbers(UNKNOWN.segments, UNKNOWN.hardware)


def test_gates_from_outside(dqplan: Run, tmp_path: Path) -> None:
    done = dqplan(
        "split",
        SAMPLES / "grover_2.qasm",
        "-H",
        "oxford_2025",
        "--max-time",
        "1e-3",
        "--min-fidelity",
        "0.99",
        "-o",
        "x",
    )
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stderr.splitlines()[-2:]] == ["gate failed"] * 2
    assert list(tmp_path.iterdir()) == []


def test_split_writes_reports_in_the_formats_of_check(dqplan: Run, tmp_path: Path) -> None:
    """A gate that is broken: the answer stays what it was, no program is written, but the reports are."""
    asked = ("-H", "all:2x5", "--effort", "quick", "--max-ebits", "0", "-o", "out")
    reports = ("--report", "ndjson=a.ndjson", "--report", "sarif=a.sarif")
    circuit = (SAMPLES / "ghz_8.qasm").read_text(encoding="utf-8")
    done = dqplan("split", "-", *asked, *reports, input=circuit)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "gate failed: the plan needs 1 e-bit, --max-ebits allows 0"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ndjson", "a.sarif"]
    case = json.loads((tmp_path / "a.ndjson").read_text(encoding="utf-8"))
    assert (case["budget"], [each["rule"] for each in case["findings"]]) == ({"max-ebits": 0}, ["max-ebits"])
    assert case["again"] == "dqplan split - -H all:2x5 --effort quick --max-ebits 0"
    (result,) = json.loads((tmp_path / "a.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    (place,) = result["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "%3Cstdin%3E"


def test_missing_numbers_are_named(dqplan: Run) -> None:
    done = dqplan("split", SAMPLES / "ghz_8.qasm", "-H", "all:2x5", "--min-fidelity", "0.9")
    assert done.returncode == 2
    message = "--min-fidelity needs numbers that the hardware does not give: the duration of two-qubit gates"
    assert done.stderr.splitlines()[0] == f"error[DQ401]: {message}"
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--max-time", "--min-fidelity", "--max-gap", "--time-limit"])
def test_nan_is_no_limit(option: str, dqplan: Run) -> None:
    done = dqplan("split", SAMPLES / "ghz_8.qasm", "-H", "all:2x5", option, "nan")
    assert done.returncode == 2
    assert f"Invalid value for '{option}'" in done.stderr


@pytest.mark.parametrize("objective", ["speed", "time=1,time=2", "ebits=nan", "fidelity=-1", "time=0"])
def test_objectives_that_mean_nothing_are_refused(objective: str, dqplan: Run) -> None:
    done = dqplan("split", "does-not-exist.qasm", "-H", "all:2x5", "--objective", objective)
    assert done.returncode == 2
    assert done.stderr.startswith("error[DQ401]: --objective: ")
    assert done.stdout == ""


def test_the_front_is_in_the_report_and_in_the_document(dqplan: Run, tmp_path: Path) -> None:
    asked = ("split", SAMPLES / "grover_2.qasm", "-H", "oxford_2025", "--effort", "quick", "--pareto")
    done = dqplan(*asked, "--objective", "ebits=1,fidelity=0.5", "-o", "x")
    assert done.returncode == 0, done.stderr
    assert "◆ this plan" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    plan = json.loads((tmp_path / "x" / "plan.json").read_text(encoding="utf-8"))
    jsonschema.validate(plan, plan_schema())
    assert plan["objective"] == "ebits=1,fidelity=0.5"
    (chosen,) = [each for each in plan["pareto"] if each["chosen"]]
    assert chosen["ebits"] == plan["cost"]["ebits"]
    assert dqplan("verify", "x").returncode == 0


def test_without_the_option_there_is_no_front(dqplan: Run) -> None:
    done = dqplan("split", SAMPLES / "ghz_8.qasm", "-H", "all:2x5", "--format", "json", "--effort", "quick")
    assert "pareto" not in json.loads(done.stdout)
