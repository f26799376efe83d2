"""Weak gates are dropped where that saves e-bits, within the budget, and verify says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

import dqplan
from dqplan.choose.drop_gates import drop_gates
from dqplan.core.circuit import Circuit
from dqplan.core.plan import Plan
from dqplan.core.segments import Segments

HARDWARE = "line:4x3+2"


def _search(segments: Segments) -> Plan:
    return dqplan.solve_plan(segments, dqplan.load_hardware(HARDWARE), effort=dqplan.Effort.QUICK)


@pytest.fixture(scope="module")
def circuit() -> Circuit:
    return dqplan.load_circuit("sample_circuits/qft_8.qasm")


@pytest.fixture(scope="module")
def files(circuit: Circuit) -> dict[str, str]:
    return dqplan.program_files(dqplan.split_circuit(drop_gates(circuit, 0.01, _search)))


def test_no_budget_drops_nothing(circuit: Circuit) -> None:
    exact = _search(dqplan.segments_of(circuit))
    plan = drop_gates(circuit, 0, _search)
    assert plan.dropped is None
    assert plan.cost == exact.cost
    assert plan.segments.line.tolist() == exact.segments.line.tolist()


@pytest.mark.parametrize("budget", [1e-4, 1e-2, 0.1])
def test_what_is_dropped_is_within_the_budget_and_saves_e_bits(circuit: Circuit, budget: float) -> None:
    plan = drop_gates(circuit, budget, _search)
    exact = _search(dqplan.segments_of(circuit))
    assert plan.dropped is not None
    assert plan.dropped.ebits_saved == exact.cost.ebits - plan.cost.ebits > 0
    assert 0 < plan.dropped.infidelity_sum <= plan.dropped.infidelity <= budget
    assert all(circuit[gate.row] == gate.operation for gate in plan.dropped.gates)


def test_verify_proves_the_rest_and_says_what_it_is(circuit: Circuit, files: dict[str, str]) -> None:
    verdict = dqplan.verify_plan(files, circuit)
    found = {check.name: check for check in verdict.checks}
    assert verdict.holds
    assert found["dropped gates"].status is dqplan.Status.PROVED
    assert found["structure"].status is dqplan.Status.PROVED
    assert found["structure"].detail.startswith("without the dropped gates: ")
    assert found["equivalence"].detail.startswith("without the dropped gates: ")


def _fault(circuit: Circuit, files: dict[str, str], **changes: Any) -> str:
    """What verify says of the dropped gates after a change: of the document's, or of the first gate's keys."""
    document = json.loads(files["plan.json"])
    part = document["dropped"]
    for key, value in changes.items():
        if key in part:
            part[key] = value
        else:
            part["gates"][0][key] = value
    verdict = dqplan.verify_plan({**files, "plan.json": json.dumps(document)}, circuit)
    return next(check.detail for check in verdict.checks if check.status is dqplan.Status.FAILED)


def test_planted_faults_are_found(circuit: Circuit, files: dict[str, str]) -> None:
    assert "the budget is 1e-06" in _fault(circuit, files, budget=1e-6)
    assert "which is not what it says" in _fault(circuit, files, infidelity=1e-5)
    assert "is dropped, but operation 0 is h q[0]" in _fault(circuit, files, row=0)
    assert "is dropped, but the circuit has" in _fault(circuit, files, row=10**6)
    assert "is dropped, but operation" in _fault(circuit, files, qubits=["q[0]", "q[1]"])
    gates = json.loads(files["plan.json"])["dropped"]["gates"]
    assert "a gate is dropped twice" in _fault(circuit, files, gates=[*gates, gates[0]])


def test_a_gate_that_is_missing_without_being_listed_is_found(circuit: Circuit, files: dict[str, str]) -> None:
    document = json.loads(files["plan.json"])
    part = document["dropped"]
    del part["gates"][0]
    verdict = dqplan.verify_plan({**files, "plan.json": json.dumps(document)}, circuit)
    failed = {check.name for check in verdict.checks if check.status is dqplan.Status.FAILED}
    assert {"dropped gates", "structure", "equivalence"} <= failed
