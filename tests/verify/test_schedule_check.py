"""A right schedule passes, and every planted bug is caught by the rule that is there for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from dqplan.core.errors import PlanError
from dqplan.core.verdict import Status
from dqplan.load.load_hardware import load_hardware
from dqplan.load.schedule_document import schedule_document_of_text
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from dqplan.verify.schedule_check import schedule_faults
from dqplan.verify.verify_plan import verify_plan
from tests.solve.circuits import ghz

Content = dict[str, Any]


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """A GHZ state on the two ion traps, with its schedule."""
    segments = ghz(2)
    program = split_circuit(solve_plan(segments, load_hardware("oxford_2025")))
    return program_files(program, outlook=trial_program(program))


def verdict(files: dict[str, str], change: Callable[[Content], object] = lambda content: None) -> tuple[Status, str]:
    """How the check of the schedule ends when something in it is changed."""
    content = json.loads(files["schedule.json"])
    change(content)
    checks = verify_plan({**files, "schedule.json": json.dumps(content)}, ghz(2).circuit).checks
    check = next(check for check in checks if check.name == "schedule")
    return check.status, check.detail


def slot(content: Content, op: str) -> Content:
    """The last slot of some operation."""
    slots = [slot for slots in content["modules"].values() for slot in slots]
    slots += [request for link in content["links"].values() for request in link["requests"]]
    found: Content = max((slot for slot in slots if slot["op"] == op), key=lambda slot: slot["row"])
    return found


def move(content: Content, op: str, seconds: float) -> None:
    """Start and end of an operation, that much later."""
    found = slot(content, op)
    found["start_s"], found["end_s"] = found["start_s"] + seconds, found["end_s"] + seconds


def drop(content: Content) -> None:
    content["modules"]["alice"].pop()


def twice(content: Content) -> None:
    content["modules"]["alice"].append(content["modules"]["alice"][-1])


BUGS: dict[str, tuple[Callable[[Content], object], str]] = {
    "an operation is missing": (drop, "each to be listed once"),
    "an operation stands there twice": (twice, "each to be listed once"),
    "another gate": (lambda c: slot(c, "cz").update(op="cx"), "is not what stands there"),
    "another qubit": (lambda c: slot(c, "cz")["qubits"].reverse(), "is not what stands there"),
    "too many channels": (lambda c: c["links"]["alice--bob"].update(channels=2), "no link alice--bob with 2 channels"),
    "another link": (lambda c: c.update(links={"bob--eve": c["links"]["alice--bob"]}), "is not made by link bob--eve"),
    "another module": (
        lambda c: c["modules"].update(bob=c["modules"]["alice"], alice=c["modules"]["bob"]),
        "not happen",
    ),
    "backwards": (lambda c: slot(c, "cz").update(end_s=0.0), "ends before it starts"),
    "another makespan": (lambda c: c.update(makespan_s=1.0), "the last operation ends after"),
    "a bound above it": (lambda c: c.update(bound_s=2 * c["makespan_s"]), "its bound"),
    "overlap": (lambda c: move(c, "cz", -5e-5), "at the same time"),
    "the wrong order": (lambda c: move(c, "measure", -0.01), "is over"),
    "an e-bit after its use": (lambda c: slot(c, "epr").update(deadline_s=0.0), "is used before it is made"),
    "a message overtaken": (lambda c: move(c, "x", -1e-6), "before the message"),
    "a message left out": (lambda c: c["messages"].clear(), "is not listed"),
    "a message faster than the link": (lambda c: c["messages"][0].update(latency_s=0.0), "too fast"),
}


def test_a_right_schedule_is_proved(files: dict[str, str]) -> None:
    status, detail = verdict(files)
    assert status is Status.PROVED, detail


@pytest.mark.parametrize("bug", BUGS)
def test_planted_bugs_are_found(files: dict[str, str], bug: str) -> None:
    change, told = BUGS[bug]
    status, detail = verdict(files, change)
    assert status is Status.FAILED
    assert told in detail


def test_more_ebits_at_once_than_channels_are_found(files: dict[str, str]) -> None:
    """The schedule alone shows it."""
    content = json.loads(files["schedule.json"])
    link = content["links"]["alice--bob"]
    link["requests"].append({**link["requests"][0], "row": 99, "qubits": ["alice_data[1]", "bob_data[1]"]})
    told = list(schedule_faults(schedule_document_of_text(json.dumps(content))))
    assert told == ["link alice--bob makes 2 e-bits at once and has 1 channel"]


def test_a_directory_without_a_schedule_has_no_such_check(files: dict[str, str]) -> None:
    bare = {name: text for name, text in files.items() if name != "schedule.json"}
    assert "schedule" not in {check.name for check in verify_plan(bare, ghz(2).circuit).checks}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "dqplan.schedule/2"}', '{"schema": "dqplan.schedule/1"}'])
def test_damaged_schedules_are_refused(files: dict[str, str], text: str) -> None:
    with pytest.raises(PlanError, match=r"schedule\.json"):
        verify_plan({**files, "schedule.json": text}, ghz(2).circuit)
