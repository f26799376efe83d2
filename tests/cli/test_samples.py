"""Each shipped circuit on ideal networks and on each shipped system that it fits: profiled, split, verified."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from dqplan.cli.app import app
from dqplan.core.circuit import Circuit
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.load.plan_document import plan_schema
from tests.conftest import SAMPLES

_FEW = 10
"""Qubits of a circuit that is planned within seconds at the usual effort."""
_PRESETS = ("ibm_flamingo_2024", "ideal_pair", "oxford_2025")
"""Direct gates, e-bits, and one qubit each; `test_presets` plans on every system."""
NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in (".qasm", ".json"))


def run(*args: str) -> str:
    """Run a command in this process (imports are what takes long) and return its standard output."""
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 0, result.output
    return result.stdout


@cache
def circuit_of(name: str) -> Circuit:
    return load_circuit(str(SAMPLES / name))


@cache
def schema() -> dict[str, Any]:
    return plan_schema()


def pairs() -> Iterator[tuple[str, str]]:
    """Sample and hardware; the ideal modules have one data qubit more than they must."""
    for name in NAMES:
        qubits = circuit_of(name).num_qubits
        yield name, f"all:2x{-(-qubits // 2) + 1}"
        yield name, f"line:4x{-(-qubits // 4) + 1}+2"
        for preset in _PRESETS:
            if load_hardware(preset).data_capacity.sum() >= qubits:
                yield name, preset


def test_there_are_samples_in_every_language() -> None:
    assert len(NAMES) >= 14
    texts = [(SAMPLES / name).read_text(encoding="utf-8") for name in NAMES]
    assert any("OPENQASM 2" in text for text in texts)
    assert any("OPENQASM 3" in text for text in texts)
    assert any("cirq_type" in text for text in texts)


@pytest.mark.parametrize("name", NAMES)
def test_profile(name: str) -> None:
    profile = json.loads(run("profile", str(SAMPLES / name), "--modules", "2", "--format", "json"))
    assert circuit_of(name).num_qubits == profile["num_qubits"]


@pytest.mark.parametrize(("name", "hardware"), list(pairs()))
def test_split_and_verify(name: str, hardware: str, tmp_path: Path) -> None:
    """What is printed, what is on the disk and what is counted from the programs are one.

    Without the check that split makes itself: `verify` makes the same one from what was written. Planning takes most of
    the time, so that only small circuits on lines of modules, the hardest, get the usual effort.
    """
    effort = "normal" if hardware.startswith("line") and circuit_of(name).num_qubits <= _FEW else "quick"
    out = tmp_path / "out"
    args = ["-H", hardware, "-o", str(out), "--format", "json", "--no-check", "--effort", effort]
    printed = json.loads(run("split", str(SAMPLES / name), *args))
    jsonschema.validate(printed, schema())
    assert printed == json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert sorted(path.name for path in out.iterdir()) == printed["files"]
    assert printed["bound"]["ebits"] <= printed["cost"]["ebits"] <= printed["baseline"]["one_ebit_per_remote_gate"]

    verdict = json.loads(run("verify", str(out), "--format", "json"))
    assert verdict["holds"], verdict["checks"]
    assert {check["status"] for check in verdict["checks"]} <= {"proved", "tested", "skipped"}
    assert verdict["ebits"] == printed["cost"]["ebits"]
    assert verdict["ebits_by_link"] == printed["cost"]["ebits_by_link"]
