"""`dqplan split` on modules with native gates and coupling maps, from outside."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import SAMPLES, Run

QFT = SAMPLES / "qft_8.qasm"
HARDWARE = """schema: dqplan.hardware/1
modules:
- name: h
  count: 2
  data: 5
  comm: 2
  native_gates: [cz, rz, sx, x]
  coupling: {coupling}
  one_qubit: {{fidelity: 0.999, duration_s: 2.0e-8}}
  two_qubit: {{fidelity: 0.99, duration_s: 1.0e-7}}
  readout: {{fidelity: 0.99, duration_s: 1.0e-6}}
links:
- {{between: [h0, h1], type: ebit, ebit: {{fidelity: 0.95, rate_hz: 1.0e5}}}}
"""


@pytest.fixture
def hardware(tmp_path: Path) -> Path:
    path = tmp_path / "lines.yaml"
    path.write_text(HARDWARE.format(coupling="line"), encoding="utf-8")
    return path


def test_native_programs_are_written_reported_scheduled_and_proved(dqplan: Run, hardware: Path, tmp_path: Path) -> None:
    done = dqplan("split", QFT, "-H", hardware, "-o", "out", "--effort", "quick")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert "SWAPs put in" in done.stdout
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"joint.native.qasm", "h0.native.qasm", "h1.native.qasm", "joint.qasm"} <= names
    plan = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    jsonschema.validate(plan, json.loads(dqplan("split", "--schema").stdout))
    assert {check["name"]: check["status"] for check in plan["checks"]}["native programs"] == "proved"
    assert [part["module"] for part in plan["native"]["modules"]] == ["h0", "h1"]
    schedule = json.loads((tmp_path / "out" / "schedule.json").read_text(encoding="utf-8"))
    ops = {slot["op"] for slots in schedule["modules"].values() for slot in slots}
    assert ops <= {"cz", "rz", "sx", "x", "measure", "reset"}
    assert dqplan("verify", "out").returncode == 0


def test_logical_gates_are_kept_on_request(dqplan: Run, hardware: Path, tmp_path: Path) -> None:
    native = json.loads(dqplan("split", QFT, "-H", hardware, "--effort", "quick", "--format", "json").stdout)
    done = dqplan("split", QFT, "-H", hardware, "-o", "out", "--effort", "quick", "--no-recompile", "--format", "json")
    plan = json.loads(done.stdout)
    assert done.returncode == 0
    assert "native" not in plan
    assert not any("native" in path.name for path in (tmp_path / "out").iterdir())
    assert plan["cost"]["ebits"] == native["cost"]["ebits"]
    assert plan["cost"]["fidelity"] > native["cost"]["fidelity"]
    assert plan["cost"]["makespan_s"] < native["cost"]["makespan_s"]
    check = next(check for check in plan["checks"] if check["name"] == "native programs")
    assert (check["status"], "they are not compiled for h0" in check["detail"]) == ("skipped", True)


def test_a_coupling_that_cannot_work_ends_with_status_3_and_a_hint(dqplan: Run, tmp_path: Path) -> None:
    path = tmp_path / "apart.yaml"
    path.write_text(HARDWARE.format(coupling="[[0, 1], [1, 2], [5, 6]]"), encoding="utf-8")
    done = dqplan("split", QFT, "-H", path, "--effort", "quick")
    assert (done.returncode, done.stdout) == (3, "")
    assert "in one connected part of its coupling map" in done.stderr
    assert "--no-recompile" in done.stderr
    assert dqplan("split", QFT, "-H", path, "--effort", "quick", "--no-recompile").returncode == 0
