"""Schedules of random programs on random hardware keep every rule; simple ones take the time that hands can count."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.hardware import Hardware, Link, Module, Operating
from dqplan.core.normalise import segments_of
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Effort
from dqplan.core.program import Program
from dqplan.load.schedule_document import schedule_document_of_text
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.schedule_document import schedule_document
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from dqplan.verify.schedule_check import schedule_faults
from tests.arbitrary_plans import arbitrary_plan
from tests.solve.circuits import ghz
from tests.strategies import clocked, dynamic_circuits, networks, unitary_circuits

GATE_1Q, GATE_2Q, READOUT, RESET = 1e-6, 1e-5, 1e-4, 2e-5
RATE, LATENCY = 100.0, 1e-3


def pair(channels: int = 1, comm: int = 1, data: int = 1, **ends: float | None) -> Hardware:
    """Two modules with one link, all numbers known."""
    times = (GATE_1Q, GATE_2Q, READOUT, RESET)
    one, two, readout, reset = (Operating(None, 1.0, seconds) for seconds in times)
    modules = tuple(
        Module(f"m{i}", data, comm, one_qubit=one, two_qubit=two, readout=readout, reset=reset, **ends)
        for i in range(2)
    )
    link = Link(0, 1, ebit_fidelity=0.9, rate_hz=RATE, latency_s=LATENCY, parallel_channels=channels)
    return Hardware("pair", modules, (link,))


def planned(circuit: Circuit, hardware: Hardware) -> Program:
    return split_circuit(solve_plan(segments_of(circuit), hardware, effort=Effort.QUICK))


def faults(program: Program, outlook: Outlook) -> list[str]:
    """What is wrong with the schedule, judged by its document alone."""
    assert outlook.schedule is not None
    text = json.dumps(schedule_document(program, outlook.schedule))
    return list(schedule_faults(schedule_document_of_text(text)))


@given(st.data(), unitary_circuits() | dynamic_circuits())
@settings(max_examples=60, deadline=None)
def test_every_schedule_keeps_the_rules(data: st.DataObject, circuit: Circuit) -> None:
    hardware = data.draw(clocked(data.draw(networks(num_qubits=circuit.num_qubits))))
    program = planned(circuit, hardware)
    outlook = trial_program(program)
    assert outlook.schedule is not None
    assert outlook.makespan is not None
    assert outlook.fidelity is not None
    assert faults(program, outlook) == []
    assert outlook.schedule.bound_s <= outlook.schedule.makespan_s * (1 + 1e-12)
    assert 0 <= outlook.fidelity.process <= outlook.fidelity.average <= 1
    assert sorted(outlook.schedule.order.tolist()) == list(range(len(program.circuit)))


@given(st.data(), unitary_circuits(max_qubits=4))
@settings(max_examples=30, deadline=None)
def test_schedules_of_arbitrary_plans_keep_the_rules(data: st.DataObject, circuit: Circuit) -> None:
    hardware = data.draw(clocked(data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3))))
    program = split_circuit(arbitrary_plan(segments_of(circuit), hardware, data.draw(st.integers(0, 999))))
    assert faults(program, trial_program(program)) == []


def test_one_remote_gate_takes_the_time_that_one_can_count() -> None:
    """H while the e-bit is made; then CX, a readout, a message, X, CZ, H, a readout, a message, Z, H."""
    program = split_circuit(solve_plan(ghz(2), pair()))
    outlook = trial_program(program)
    assert outlook.schedule is not None
    there = GATE_2Q + READOUT + LATENCY + GATE_1Q
    back = GATE_2Q + GATE_1Q + READOUT + LATENCY + 2 * GATE_1Q
    assert outlook.schedule.makespan_s == pytest.approx(RESET + 1 / RATE + there + back)
    assert outlook.schedule.optimal


def test_makespans_are_those_of_an_exponential_wait() -> None:
    """Everything else is fixed: the median lies ln 2 / rate behind the rest, the 95 % quantile ln 20 / rate."""
    outlook = trial_program(split_circuit(solve_plan(ghz(2), pair())), seed=3)
    assert outlook.schedule is not None
    assert outlook.makespan is not None
    rest = outlook.schedule.makespan_s - 1 / RATE
    assert outlook.makespan.trials == 1000
    assert outlook.makespan.expected_s == pytest.approx(rest + 1 / RATE, rel=0.1)
    assert outlook.makespan.p50_s == pytest.approx(rest + 0.693 / RATE, rel=0.1)
    assert outlook.makespan.p95_s == pytest.approx(rest + 2.996 / RATE, rel=0.15)


def test_the_same_seed_gives_the_same_makespans() -> None:
    program = split_circuit(solve_plan(ghz(2), pair()))
    assert trial_program(program, seed=1).makespan == trial_program(program, seed=1).makespan
    assert trial_program(program, seed=1).makespan != trial_program(program, seed=2).makespan


def test_unknown_numbers_are_named_and_nothing_is_made_up() -> None:
    modules = tuple(replace(module, readout=Operating()) for module in pair().modules)
    outlook = trial_program(split_circuit(solve_plan(ghz(2), replace(pair(), modules=modules))))
    assert (outlook.schedule, outlook.makespan, outlook.fidelity) == (None, None, None)
    named = ("duration of a measurement of m0 and 1 more", "fidelity of measurements of m0 and 1 more")
    assert outlook.missing == named


def test_waiting_in_a_noisy_comm_qubit_costs_fidelity_and_nothing_else() -> None:
    calm, noisy = (trial_program(split_circuit(solve_plan(ghz(2), pair(t2_s=t2)))).fidelity for t2 in (None, 0.05))
    assert calm is not None
    assert noisy is not None
    assert calm.idling == 1.0 > noisy.idling
    assert (calm.links, calm.gates, calm.readout) == (noisy.links, noisy.gates, noisy.readout)
