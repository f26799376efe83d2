"""The critical path explains every second of the makespan."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from tests.solve.circuits import ghz
from tests.strategies import clocked, dynamic_circuits, networks, unitary_circuits
from tests.trial.test_trial_program import GATE_1Q, GATE_2Q, LATENCY, RATE, READOUT, RESET, pair, planned


def test_one_remote_gate_waits_for_what_one_can_count() -> None:
    path = trial_program(split_circuit(solve_plan(ghz(2), pair()))).critical_path
    assert path is not None
    assert path.links == pytest.approx(1 / RATE)
    assert path.gates == pytest.approx(2 * GATE_2Q + 4 * GATE_1Q)
    assert path.readout == pytest.approx(2 * READOUT)
    assert path.messages == pytest.approx(2 * LATENCY)
    assert path.resets == pytest.approx(RESET)
    assert path.slack == pytest.approx(0, abs=1e-15)


@given(st.data(), unitary_circuits() | dynamic_circuits())
@settings(max_examples=40, deadline=None)
def test_the_parts_add_up_to_the_makespan(data: st.DataObject, circuit: Circuit) -> None:
    hardware = data.draw(clocked(data.draw(networks(num_qubits=circuit.num_qubits))))
    outlook = trial_program(planned(circuit, hardware))
    assert outlook.schedule is not None
    assert outlook.critical_path is not None
    parts = vars(outlook.critical_path)
    assert min(parts.values()) >= 0
    assert sum(parts.values()) == pytest.approx(outlook.schedule.makespan_s, abs=1e-15)
