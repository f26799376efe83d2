"""E-bits are put off as far as nothing is delayed, and not a moment further; nothing else moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.model.durations import durations_of
from dqplan.model.ledger import Ledger
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.dependencies import dependencies_of
from dqplan.trial.dispatch import dispatch, heads_and_tails
from dqplan.trial.just_in_time import made_late
from dqplan.trial.trial_program import trial_program
from tests.solve.circuits import ghz
from tests.strategies import clocked, networks, unitary_circuits
from tests.trial.test_trial_program import GATE_1Q, RATE, RESET, pair


@given(st.data(), unitary_circuits())
@settings(max_examples=40, deadline=None)
def test_every_ebit_ends_when_something_needs_it_or_its_channel(data: st.DataObject, circuit: Circuit) -> None:
    hardware = data.draw(clocked(data.draw(networks(num_qubits=circuit.num_qubits))))
    program = split_circuit(solve_plan(segments_of(circuit), hardware, effort=Effort.QUICK))
    durations = durations_of(program, Ledger(hardware))
    assert durations is not None
    joint, needs = program.circuit, dependencies_of(program, hardware.latency_s)
    early, _ = dispatch(joint, durations, needs, heads_and_tails(needs, durations.seconds)[1])
    late = made_late(joint, durations, early)
    ends, moved = late + durations.seconds, late != early
    assert (late[joint.op == Op.RESET] >= early[joint.op == Op.RESET]).all()
    assert ends.max(initial=0.0) == (early + durations.seconds).max(initial=0.0)
    assert np.isin(joint.op[moved], [Op.EPR, Op.RESET]).all()
    for row in np.flatnonzero(joint.op == Op.EPR).tolist():
        mine = joint.qubits[row, :2]
        uses = late[np.isin(joint.qubits, mine).any(axis=1) & (np.arange(len(joint)) > row)]
        same = late[(durations.link == durations.link[row]) & (np.arange(len(joint)) != row)]
        until = np.concatenate([uses, same, [ends.max()]])
        assert np.isclose(until, ends[row], rtol=0, atol=1e-12).any()
        assert ends[row] <= uses.min(initial=np.inf) + 1e-12


def test_a_pair_is_asked_for_just_in_time() -> None:
    """The H before its use takes longer than the pair, which else would wait."""
    hardware = pair()
    program = split_circuit(solve_plan(ghz(2), hardware))
    schedule = trial_program(program).schedule
    assert schedule is not None
    made, used = (int(np.flatnonzero(program.circuit.op == op)[0]) for op in (Op.EPR, Op.CX))
    assert schedule.end_s[made] == pytest.approx(schedule.start_s[used])
    assert schedule.start_s[made] == pytest.approx(RESET)
    assert GATE_1Q < 1 / RATE
