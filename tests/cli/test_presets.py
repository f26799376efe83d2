"""A plan on every system that ships, with a real sample, or the refusal."""

import json

import pytest
from typer.testing import CliRunner, Result

from dqplan.cli.app import app
from dqplan.load.load_hardware import load_hardware, preset_names
from tests.conftest import SAMPLES
from tests.load.test_presets import NETWORKS

PLANNABLE = [name for name in preset_names() if not load_hardware(name).refusal]
REFUSED = sorted({*preset_names()} - {*PLANNABLE})


def split(sample: str, hardware: str, *more: str) -> Result:
    args = ["split", str(SAMPLES / sample), "-H", hardware, "--effort", "quick", "--format", "json", "-q", *more]
    return CliRunner().invoke(app, args)


@pytest.mark.parametrize("name", PLANNABLE)
def test_a_sample_is_planned_scheduled_and_verified(name: str) -> None:
    """Eight qubits where they fit, else two."""
    sample = "ghz_8.qasm" if load_hardware(name).data_capacity.sum() >= 8 else "grover_2.qasm"
    result = split(sample, name)
    assert result.exit_code == 0, result.output
    plan = json.loads(result.stdout)
    assert {check["status"] for check in plan["checks"]} & {"proved", "tested"}
    assert "failed" not in {check["status"] for check in plan["checks"]}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("objective", ["time", "fidelity"])
def test_networks_to_plan_on_say_how_long_and_how_well(name: str, objective: str) -> None:
    result = split("ghz_8.qasm", name, "--objective", objective, "--no-check")
    plan = json.loads(result.stdout)
    assert plan["outlook"]["makespan"]["p95_s"] > 0
    assert 0 < plan["outlook"]["fidelity"]["process"] < 1


@pytest.mark.parametrize("name", REFUSED)
def test_the_refusal_is_what_planning_says(name: str) -> None:
    result = split("grover_2.qasm", name)
    assert result.exit_code == 3
    assert load_hardware(name).refusal in " ".join(result.stderr.split())
