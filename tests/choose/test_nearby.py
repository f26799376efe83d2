"""Small changes of a plan are plans: legal, counted right, equivalent to the circuit."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.choose import nearby as module
from dqplan.choose.judge import Candidate, Judge, Task
from dqplan.choose.nearby import nearby
from dqplan.core.circuit import Circuit
from dqplan.core.normalise import segments_of
from dqplan.core.objective import Objective
from dqplan.core.plan import Effort
from dqplan.solve.solve_plan import solve_plan
from dqplan.solve.stop import Clock
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.verify_plan import verify_plan
from tests.strategies import clocked, dynamic_circuits, networks, unitary_circuits


def started(circuit: Circuit, data: st.DataObject) -> tuple[Candidate, Task]:
    hardware = data.draw(clocked(data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3))))
    judge = Judge(hardware, Objective.TIME, 1)
    start = judge.judged(solve_plan(segments_of(circuit), hardware, effort=Effort.QUICK))

    def loss(candidate: Candidate) -> float:
        return Objective.TIME.loss(candidate.figures, start.figures)

    return start, Task(judge, Objective.TIME, loss, 0, Clock())


@given(st.data(), unitary_circuits(max_qubits=4) | dynamic_circuits())
@settings(max_examples=15, deadline=None)
def test_every_change_is_a_plan_that_verifies(data: st.DataObject, circuit: Circuit) -> None:
    start, task = started(circuit, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "WORK", {Effort.QUICK: 1_000})
        found = list(nearby(start, task))
    for candidate in found[:3]:
        assert candidate.plan.bound.ebits <= candidate.plan.cost.ebits
        verdict = verify_plan(program_files(split_circuit(candidate.plan)), circuit)
        assert verdict.holds, verdict


@given(st.data(), unitary_circuits(max_qubits=4))
@settings(max_examples=5, deadline=None)
def test_it_ends_when_it_is_asked_to(data: st.DataObject, circuit: Circuit) -> None:
    start, task = started(circuit, data)
    stop = Event()
    stop.set()
    assert list(nearby(start, replace(task, clock=Clock(stop=stop)))) == []
