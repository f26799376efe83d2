"""Room for purification is counted again from the files, and every planted bug is caught."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dqplan.core.hardware import LinkKind, Operating
from dqplan.core.verdict import Status, Verdict
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from dqplan.verify.verify_plan import verify_plan
from tests.solve.circuits import ghz
from tests.trial.test_trial_program import pair
from tests.verify.programs import plan_with

NAME = "m0--m1"
Content = dict[str, Any]


def written(rounds: int, cutoff_s: float | None = None, **options: Any) -> dict[str, str]:
    """A GHZ state on two modules of four comm qubits."""
    hardware = pair(comm=4)
    hardware = replace(hardware, links=(replace(hardware.links[0], cutoff_s=cutoff_s),))
    plan = replace(solve_plan(ghz(2), hardware, **options), purification={NAME: rounds} if rounds else {})
    program = split_circuit(plan)
    return program_files(program, outlook=trial_program(program))


def verdict(files: dict[str, str], change: Callable[[Content], object] = lambda content: None) -> Verdict:
    """Of files in which something about schedule.json is changed."""
    content = json.loads(files["schedule.json"])
    change(content)
    return verify_plan({**files, "schedule.json": json.dumps(content)}, ghz(2).circuit)


def told(verdict: Verdict, name: str) -> tuple[Status, str]:
    check = next(check for check in verdict.checks if check.name == name)
    return check.status, check.detail


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_rounds_with_room_are_proved(rounds: int) -> None:
    found = verdict(written(rounds))
    assert found.holds
    assert told(found, "purification")[0] is Status.PROVED


def test_without_rounds_there_is_no_such_check() -> None:
    assert "purification" not in {check.name for check in verdict(written(0)).checks}


def test_more_rounds_than_there_is_room_for_are_found() -> None:
    status, detail = told(verify_plan(plan_with(written(3), purification={NAME: 4}), ghz(2).circuit), "purification")
    assert status is Status.FAILED
    assert "m0 has 4 comm qubits, the program uses 1 and purification 4 more" in detail


def test_a_relaxed_plan_has_room_for_everything() -> None:
    status, detail = told(verdict(written(9, relaxed=True)), "purification")
    assert status is Status.PROVED
    assert "room for pairs is not checked" in detail


@pytest.mark.parametrize("name", ["m0--m2", "nowhere"])
def test_links_that_are_not_there_are_found(name: str) -> None:
    status, detail = told(verify_plan(plan_with(written(1), purification={name: 1}), ghz(2).circuit), "purification")
    assert status is Status.FAILED
    assert f"{name} is purified, but the hardware has no link of that name" in detail


def test_direct_gates_cannot_be_purified() -> None:
    hardware = pair(comm=4)
    direct = replace(hardware.links[0], kind=LinkKind.DIRECT_GATE, remote_gate=Operating("cz", 0.9, 1e-3))
    plan = solve_plan(ghz(2), replace(hardware, links=(replace(direct, ebit_fidelity=None, rate_hz=None),)))
    program = split_circuit(replace(plan, purification={NAME: 1}))
    assert told(verify_plan(program_files(program), ghz(2).circuit), "purification")[0] is Status.FAILED


def link(content: Content) -> Content:
    found: Content = content["links"][NAME]
    return found


def early(content: Content) -> None:
    """The pair is made at the beginning, and waits."""
    request = link(content)["requests"][0]
    request["start_s"], request["end_s"] = 2e-5, 3e-5


BUGS: dict[str, tuple[Callable[[Content], object], str]] = {
    "other rounds": (lambda c: link(c).update(rounds=3), "is purified in 3 rounds, in plan.json in 1"),
    "no rounds": (lambda c: link(c).pop("rounds"), "is purified in 0 rounds, in plan.json in 1"),
    "too few pairs": (lambda c: link(c).update(raw_pairs=1.5), "takes 2 pairs or more, not 1.5"),
    "another cut-off": (lambda c: link(c).update(cutoff_s=9.0), "has a cut-off of 0.001 s in the hardware, 9.0 s here"),
    "no cut-off": (lambda c: link(c).pop("cutoff_s"), "has a cut-off of 0.001 s in the hardware, None s here"),
    "too old": (early, "old at its first use, above the cut-off of 1 ms"),
    "another deadline": (lambda c: link(c)["requests"][0].update(deadline_s=1.0), "and not at its deadline, 1.0 s"),
}


@pytest.mark.parametrize("bug", BUGS)
def test_planted_bugs_in_the_schedule_are_found(bug: str) -> None:
    files = written(1, cutoff_s=1e-3)
    assert told(verdict(files), "schedule")[0] is Status.PROVED
    change, text = BUGS[bug]
    status, detail = told(verdict(files, change), "schedule")
    assert status is Status.FAILED
    assert text in detail


def test_a_schedule_that_owns_up_to_old_pairs_says_so() -> None:
    def marked(content: Content) -> None:
        early(content)
        link(content)["requests"][0]["remade"] = True

    status, detail = told(verdict(written(1, cutoff_s=1e-3), marked), "schedule")
    assert status is Status.PROVED
    assert "1 e-bit would be too old and must be made again" in detail


def test_older_documents_know_of_none_of_this() -> None:
    files = written(0)
    plan, schedule = json.loads(files["plan.json"]), json.loads(files["schedule.json"])
    del plan["purification"], plan["cost"]["raw_pairs"]
    for key in ("rounds", "raw_pairs", "cutoff_s"):
        del schedule["links"][NAME][key]
    old = {**files, "plan.json": json.dumps(plan), "schedule.json": json.dumps(schedule)}
    assert verify_plan(old, ghz(2).circuit).holds
