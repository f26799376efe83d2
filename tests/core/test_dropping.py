"""Dropping weak gates costs what the formulas say, and never more for any input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit, CircuitBuilder
from dqplan.core.dropping import angle_budget, infidelity_bound, weak_angle, without_gates
from dqplan.core.gates import Op
from tests.branches import unitary_of

WEAK = [Op.CP, Op.CRX, Op.CRY, Op.CRZ, Op.RXX, Op.RYY, Op.RZZ, Op.RZX]


def _gate(op: Op, angle: float) -> Circuit:
    builder = CircuitBuilder()
    builder.add_qreg("q", 2)
    builder.append(op, [0, 1], [angle])
    return builder.build()


@given(st.sampled_from(WEAK), st.floats(-20, 20))
def test_the_infidelity_of_one_gate_is_that_of_matrices(op: Op, theta: float) -> None:
    circuit = _gate(op, theta)
    angle = weak_angle(circuit[0])
    if angle is not None:
        overlap = np.trace(unitary_of(without_gates(circuit, {0})).conj().T @ unitary_of(circuit)) / 4
        assert 1 - abs(overlap) ** 2 == pytest.approx(math.sin(angle) ** 2, abs=1e-12)


def test_a_controlled_phase_costs_the_sine_of_a_quarter_squared() -> None:
    angle = weak_angle(_gate(Op.CP, 0.4)[0])
    assert angle == pytest.approx(0.1)
    assert infidelity_bound([angle]) == pytest.approx(math.sin(0.1) ** 2)
    assert angle_budget(infidelity_bound([0.03, 0.04])) == pytest.approx(0.07)


@pytest.mark.parametrize("op", [Op.CX, Op.CZ, Op.SWAP, Op.H])
def test_strong_gates_are_not_dropped(op: Op) -> None:
    builder = CircuitBuilder()
    builder.add_qreg("q", 2)
    builder.append(op, [0] if op is Op.H else [0, 1])
    assert weak_angle(builder.build()[0]) is None


@given(
    st.lists(st.tuples(st.sampled_from(WEAK), st.floats(-0.6, 0.6), st.permutations(range(3))), max_size=6), st.data()
)
def test_no_input_fares_worse_than_the_bound(gates: list[tuple[Op, float, list[int]]], data: st.DataObject) -> None:
    """Weak gates between Hadamards, of which all are dropped; inputs are drawn."""
    builder = CircuitBuilder()
    builder.add_qreg("q", 3)
    for op, theta, qubits in gates:
        builder.append(op, qubits[:2], [theta])
        builder.append(Op.H, qubits[:1])
    circuit = builder.build()
    angles = {row: angle for row, gate in enumerate(circuit) if (angle := weak_angle(gate)) is not None}
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    state = rng.normal(size=8) + 1j * rng.normal(size=8)
    state /= np.linalg.norm(state)
    overlap = np.vdot(unitary_of(without_gates(circuit, angles)) @ state, unitary_of(circuit) @ state)
    assert 1 - abs(overlap) ** 2 <= infidelity_bound(angles.values()) + 1e-12
