"""Matrices are recognised as the gates they came from, or as others with the same effect."""

from __future__ import annotations

import cmath

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.gates import CONTROLLED, NUM_PARAMS, NUM_QUBITS, Op, controlled_array, gate_matrix
from dqplan.core.statevector import apply_matrix
from dqplan.load.cirq_circuits.recognise import Step, recognise_gate
from tests.branches import Unitary, is_same_up_to_phase

GATES = [op for op in Op if op not in (Op.EPR, Op.MEASURE, Op.RESET)]
ANGLES = st.sampled_from([0.0, 1e-9, np.pi / 2, np.pi, -np.pi, 2 * np.pi, 3 * np.pi]) | st.floats(-10, 10)


def _product(steps: tuple[Step, ...], num_qubits: int) -> Unitary:
    columns = np.eye(2**num_qubits, dtype=complex).reshape((2,) * num_qubits + (-1,))
    for step in steps:
        columns = apply_matrix(columns, gate_matrix(step.op, step.params), step.qubits)
    return columns.reshape(2**num_qubits, -1)


@pytest.mark.parametrize("op", [op for op in GATES if not NUM_PARAMS[op]])
def test_a_fixed_gate_is_recognised_as_itself(op: Op) -> None:
    unitary = cmath.exp(0.7j) * gate_matrix(op)
    assert recognise_gate(unitary) == (Step(op, tuple(range(NUM_QUBITS[op]))),)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([op for op in GATES if NUM_PARAMS[op] and op != Op.RZX]), st.data())
def test_a_gate_with_angles_keeps_its_effect(op: Op, data: st.DataObject) -> None:
    params = tuple(data.draw(ANGLES) for _ in range(NUM_PARAMS[op]))
    unitary = gate_matrix(op, params)
    steps = recognise_gate(unitary)
    assert steps is not None
    assert len(steps) <= 1
    assert is_same_up_to_phase(_product(steps, int(NUM_QUBITS[op])), unitary)


@settings(max_examples=100, deadline=None)
@given(st.tuples(*[ANGLES] * 4), st.booleans())
def test_one_control_on_either_operand_stays_one_gate(angles: tuple[float, ...], turned: bool) -> None:
    target = cmath.exp(1j * angles[3]) * gate_matrix(Op.U, angles[:3])
    swap = gate_matrix(Op.SWAP)
    unitary = swap @ controlled_array(target) @ swap if turned else controlled_array(target)
    steps = recognise_gate(unitary)
    assert steps is not None
    assert len(steps) <= 1
    assert all(step.op in (*CONTROLLED, Op.P) for step in steps)
    assert is_same_up_to_phase(_product(steps, 2), unitary)


@settings(max_examples=100, deadline=None)
@given(st.tuples(*[ANGLES] * 4), st.booleans())
def test_diagonals_take_one_interaction_and_exchanges_none(phases: tuple[float, ...], exchanged: bool) -> None:
    unitary = np.diag(np.exp(1j * np.array(phases)))
    unitary = unitary @ gate_matrix(Op.SWAP) if exchanged else unitary
    steps = recognise_gate(unitary)
    assert steps is not None
    assert sum(len(step.qubits) == 2 for step in steps) <= 1 + exchanged
    assert is_same_up_to_phase(_product(steps, 2), unitary)


def test_what_is_not_of_the_vocabulary_is_left_alone() -> None:
    assert recognise_gate(np.kron(gate_matrix(Op.H), gate_matrix(Op.RX, (0.3,)))) is None
    assert recognise_gate(np.kron(gate_matrix(Op.H), gate_matrix(Op.CX))) is None
    assert recognise_gate(np.eye(16, dtype=complex)) is None
