"""What a worker does with one row."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from dqplan.choose.choose_plan import choose_plan
from dqplan.core.errors import EngineError, StoppedError
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.load.hardware_files.document import hardware_document
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.split.recompile.recompile_program import recompile_program
from dqplan.split.split_circuit import split_circuit
from dqplan.sweep import plan_row as stage
from dqplan.sweep.plan_row import figures_of, plan_row
from dqplan.sweep.row import Ending
from dqplan.sweep.table import FIGURES
from dqplan.trial.trial_program import trial_program
from tests.conftest import SAMPLES
from tests.sweep.cases import small, task_of, untimed


@pytest.mark.parametrize("recompile", [True, False])
def test_a_row_costs_what_split_says(recompile: bool, tmp_path: Path) -> None:
    """On a measured system, so that time and fidelity are known; the task has travelled, as it would to a worker."""
    document = hardware_document(load_hardware("oxford_2025"))
    for module in document["modules"]:
        module["native_gates"] = ["rz", "sx", "cz"]
    (tmp_path / "oxford.json").write_text(json.dumps(document))
    changes = {"hardware": ["oxford.json"], "options": {"effort": "quick", "recompile": recompile}, "seeds": [3]}
    sweep = small(tmp_path, circuits=[str(SAMPLES / "grover_2.qasm")], **changes)
    outcome = plan_row(pickle.loads(pickle.dumps(task_of(sweep, 0))))
    segments = segments_of(load_circuit(str(SAMPLES / "grover_2.qasm")))
    plan = choose_plan(segments, load_hardware(str(tmp_path / "oxford.json")), effort=Effort.QUICK, seed=3)
    assert outcome.status is Ending.PLANNED
    program = split_circuit(plan)
    native = recompile_program(program)
    assert native
    tried = native.program if recompile else program
    assert outcome.figures == figures_of(plan, trial_program(tried, seed=3))
    assert outcome.figures["ebits"] == 1
    assert outcome.figures["p95_s"]
    assert {name: type(value) for name, value in outcome.figures.items()} == FIGURES


def test_a_circuit_that_does_not_fit_is_a_result(tmp_path: Path) -> None:
    outcome = plan_row(task_of(small(tmp_path, hardware=["all:2x3"]), 0))
    assert (outcome.status, outcome.code) == (Ending.INFEASIBLE, "DQ501")
    assert "8 qubits" in outcome.message
    assert not outcome.figures


def test_an_objective_without_the_numbers_that_it_needs_fails(tmp_path: Path) -> None:
    outcome = plan_row(task_of(small(tmp_path, options={"effort": "quick", "objective": "time"}), 0))
    assert (outcome.status, outcome.code) == (Ending.FAILED, "DQ401")


def test_an_error_that_nobody_foresaw_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(stage, "choose_plan", broken)
    outcome = plan_row(task_of(small(tmp_path), 0))
    assert (outcome.status, outcome.code) == (Ending.FAILED, "DQ901")
    assert outcome.message == "ZeroDivisionError: planted"


@pytest.mark.parametrize("plan_so_far", [True, False])
def test_a_search_that_takes_too_long_fails_with_or_without_a_plan(
    plan_so_far: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*arguments: Any, stop: Event, **options: Any) -> object:
        assert stop.wait(60)
        if plan_so_far:
            return choose_plan(*arguments, **options)
        raise StoppedError("no plan yet")

    monkeypatch.setattr(stage, "choose_plan", slow)
    outcome = plan_row(task_of(small(tmp_path), 0, timeout_s=0.01))
    assert (outcome.status, outcome.code) == (Ending.FAILED, "DQ603")
    assert outcome.message == "no plan within 0.01 s"


def test_a_deadline_that_is_kept_changes_nothing(tmp_path: Path) -> None:
    sweep = small(tmp_path)
    assert untimed(plan_row(task_of(sweep, 3, timeout_s=600))) == untimed(plan_row(task_of(sweep, 3)))


def test_another_version_of_dqplan_does_not_plan(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"not 9\.9"):
        plan_row(replace(task_of(small(tmp_path), 0), version="9.9"))
