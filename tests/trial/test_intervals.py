"""CP-SAT never does worse than list scheduling, and no schedule of any kind is shorter than its bound."""

from __future__ import annotations

import signal
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from dqplan.core.circuit import Circuit
from dqplan.core.normalise import segments_of
from dqplan.core.outlook import Schedule
from dqplan.core.plan import Effort
from dqplan.core.program import Program
from dqplan.load.load_circuit import load_circuit
from dqplan.model.durations import durations_of
from dqplan.model.ledger import Ledger
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.split_circuit import split_circuit
from dqplan.trial import intervals
from dqplan.trial.dependencies import dependencies_of
from dqplan.trial.dispatch import dispatch, in_order
from dqplan.trial.trial_program import trial_program
from tests.conftest import SAMPLES
from tests.strategies import clocked, networks, unitary_circuits
from tests.trial.test_trial_program import faults, pair


def scheduled(program: Program, work: float) -> Schedule:
    outlook = trial_program(program, work=work)
    assert faults(program, outlook) == []
    assert outlook.schedule is not None
    return outlook.schedule


def at_random(program: Program, seed: int) -> float:
    """The makespan when the urgency of operations is drawn."""
    durations = durations_of(program, Ledger(program.plan.hardware))
    assert durations is not None
    needs = dependencies_of(program, program.plan.hardware.latency_s)
    urgency = np.random.default_rng(seed).random(len(program.circuit))
    start, order = dispatch(program.circuit, durations, needs, urgency)
    assert np.array_equal(in_order(program.circuit, durations, needs, order), start)
    return float((start + durations.seconds).max(initial=0.0))


@given(st.data(), unitary_circuits(max_qubits=4, max_gates=12))
@settings(max_examples=25, deadline=None)
def test_nothing_is_shorter_than_the_bound(data: st.DataObject, circuit: Circuit) -> None:
    hardware = data.draw(clocked(data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3))))
    program = split_circuit(solve_plan(segments_of(circuit), hardware, effort=Effort.QUICK))
    listed, best = scheduled(program, 0.0), scheduled(program, 1.0)
    shortest = min(listed.makespan_s, *(at_random(program, seed) for seed in range(5)))
    assert best.bound_s >= listed.bound_s
    assert best.bound_s <= shortest * (1 + 1e-9)
    assert best.bound_s <= best.makespan_s <= listed.makespan_s


@pytest.mark.parametrize("sample", ["qft_8.qasm", "draper_adder_8.qasm", "w_8.qasm"])
def test_small_samples_are_scheduled_optimally(sample: str) -> None:
    """On two modules with one comm qubit and one channel, where e-bits wait for each other."""
    circuit = load_circuit(str(SAMPLES / sample))
    program = split_circuit(
        solve_plan(segments_of(circuit), pair(data=circuit.num_qubits // 2 + 1), effort=Effort.QUICK)
    )
    assert program.plan.cost.ebits > 1
    assert scheduled(program, 10.0).optimal


def test_where_no_time_is_left_there_is_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    program = unproved()
    monkeypatch.setattr("dqplan.trial.trial_program.best_order", lambda *_, **__: pytest.fail("there was a search"))
    listed = trial_program(program, work=0.0).schedule
    hurried = trial_program(program, work=60.0, time_limit_s=0.0).schedule
    late = trial_program(program, work=60.0, time_limit_s=-1.0).schedule
    assert listed is not None
    assert not listed.optimal
    for schedule in (hurried, late):
        assert schedule is not None
        assert np.array_equal(schedule.order, listed.order)


@pytest.mark.parametrize("limit_s", [None, 7.5])
def test_cp_sat_gets_the_time_that_is_left(limit_s: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a limit, its clock is so slow that only a search that has lost its way looks at it."""
    seen = []

    def solved(solver: Any, model: Any) -> Any:
        seen.append((solver.parameters.max_deterministic_time, solver.parameters.max_time_in_seconds))
        return cp_model.UNKNOWN

    monkeypatch.setattr(intervals, "_solved", solved)
    program = unproved()
    trial_program(program, work=3.0, time_limit_s=limit_s)
    assert seen == [(3.0, 90.0 if limit_s is None else limit_s)]


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs a signal to one thread")
def test_an_interruption_ends_cp_sat_and_is_passed_on() -> None:
    class Endless:
        """A search that ends only when it is told to."""

        def __init__(self) -> None:
            self.stopped = threading.Event()

        def solve(self, model: object) -> None:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            assert self.stopped.wait(60)

        def stop_search(self) -> None:
            self.stopped.set()

    with pytest.raises(KeyboardInterrupt):
        intervals._solved(Endless(), None)


def unproved() -> Program:
    """Enough e-bits and comm qubits to choose an order, and a schedule that its bounds do not prove optimal."""
    segments = segments_of(load_circuit(str(SAMPLES / "qft_8.qasm")))
    return split_circuit(solve_plan(segments, pair(comm=2, data=4), effort=Effort.QUICK))
