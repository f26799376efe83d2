"""Directories read back for reports: columns of the plan, and what is refused because it contradicts itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from dqplan.core.errors import PlanError
from dqplan.core.normalise import segments_of
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.load_hardware import load_hardware
from dqplan.load.written_plan import written_plan
from tests.arbitrary_plans import arbitrary_plan
from tests.cli.pages import sample_directory
from tests.verify.programs import directory

SMALL = sample_directory("cdkm_adder_10", "line:3x5")
TIMED = sample_directory("teleport_3", "simref_ion_4x5", timed=True)


def test_the_plan_that_was_written_is_read_back() -> None:
    circuit = circuit_of_text(SMALL["input.qasm"], "circuit.qasm")
    plan = arbitrary_plan(segments_of(circuit), load_hardware("line:3x5"), 3)
    replay = written_plan(SMALL).replay
    assert replay.wire.tolist() == plan.segments.wire.tolist()
    assert replay.home.tolist() == plan.home.tolist()
    assert replay.host.tolist() == plan.host.tolist()
    assert replay.pairs.tolist() == plan.segments.gate_pairs.tolist()
    assert replay.first.tolist() == plan.segments.first.tolist()
    assert replay.shares == plan.shares


def test_qubits_have_the_names_of_the_circuit_or_else_numbers() -> None:
    assert [register.name for register in written_plan(SMALL).qregs] == ["cin", "a", "b", "carry"]
    assert [register.name for register in written_plan({"plan.json": SMALL["plan.json"]}).qregs] == ["q"]


def test_a_plan_without_segments_is_refused() -> None:
    with pytest.raises(PlanError, match="holds no segments"):
        written_plan(directory())


def changed(**changes: Callable[[Any], Any]) -> dict[str, str]:
    """The small plan with some parts of `plan` replaced; `a__b` stands for plan.a.b."""
    document = json.loads(SMALL["plan.json"])
    for key, change in changes.items():
        *steps, last = key.split("__")
        part = document["plan"]
        for step in steps:
            part = part[step]
        part[last] = change(part[last])
    return {**SMALL, "plan.json": json.dumps(document)}


def share_with(**values: object) -> Callable[[Any], Any]:
    return lambda shares: [{**shares[0], **values}, *shares[1:]]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (changed(segments=lambda _: None), "holds no segments"),
        (changed(segments__qubit=lambda wires: wires[1:]), "differ in length"),
        (changed(segments__qubit=lambda wires: [*wires[:-1], 10]), "allowed are numbers below"),
        (changed(segments__home=lambda homes: ["mars", *homes[1:]]), "`mars`, which is no module"),
        (changed(segments__home=lambda homes: homes[1:]), "differ in length"),
        (changed(gates__event=lambda events: events[::-1]), "does not grow"),
        (changed(gates__event=lambda events: [*events[:-1], 10**30]), "less than or equal to"),
        (changed(gates__segments=lambda pairs: [[0, 10**6], *pairs[1:]]), "allowed are numbers below"),
        (changed(gates__segments=lambda pairs: [[0], *pairs[1:]]), "gates.segments"),
        (changed(gates__host=lambda hosts: hosts[1:]), "differ in length"),
        (changed(shares=share_with(route=["m0", "pluto"])), "`pluto`, which is no module"),
        (changed(shares=share_with(route=["m0", "m0"])), "stays where it is"),
        (changed(shares=share_with(segment=10**6, until=10**6)), "does not stay on one wire"),
        (changed(shares=share_with(begin=5, end=4)), "ends where it cannot"),
        (changed(shares=share_with(begin=-1)), "ends where it cannot"),
        ({"plan.json": SMALL["plan.json"], "input.qasm": TIMED["input.qasm"]}, "speaks of 10 qubits"),
        ({**TIMED, "schedule.json": "{}"}, "names no schema"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(files: dict[str, str], told: str) -> None:
    with pytest.raises(PlanError, match=told):
        written_plan(files)
