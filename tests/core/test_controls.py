"""Controlled gates are compared with their matrices, phase included."""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import CircuitBuilder
from dqplan.core.controls import Row, controlled_rows, matrix_power, named_gate, phase_rows
from dqplan.core.gates import Matrix2, Op, adjoint, gate_matrix, multiply, one_qubit_matrix
from dqplan.core.one_qubit import eigenbasis
from tests.branches import Unitary, unitary_of

ANGLES = st.one_of(st.sampled_from([0.0, math.pi, -math.pi, math.pi / 2]), st.floats(-7, 7))


def _unitary(rows: list[Row], num_qubits: int) -> Unitary:
    builder = CircuitBuilder()
    builder.add_qreg("q", num_qubits)
    for row in rows:
        builder.append(*row)
    return unitary_of(builder.build())


def _matrix(theta: float, phi: float, lam: float, gamma: float) -> Matrix2:
    turn = cmath.exp(1j * gamma)
    a, b, c, d = one_qubit_matrix(Op.U, (theta, phi, lam))
    return (turn * a, turn * b, turn * c, turn * d)


@pytest.mark.parametrize("num_controls", range(1, 8))
@pytest.mark.parametrize("op", [Op.X, Op.Z, Op.H, Op.SX, Op.T])
def test_many_controls_on_named_gates(op: Op, num_controls: int) -> None:
    rows = controlled_rows(one_qubit_matrix(op), range(num_controls), num_controls)
    wanted = np.eye(2 ** (num_controls + 1), dtype=complex)
    wanted[-2:, -2:] = gate_matrix(op)
    assert np.allclose(_unitary(rows, num_controls + 1), wanted)


@given(ANGLES, ANGLES, ANGLES, ANGLES, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_any_unitary_under_controls(theta: float, phi: float, lam: float, gamma: float, num_controls: int) -> None:
    matrix = _matrix(theta, phi, lam, gamma)
    wanted = np.eye(2 ** (num_controls + 1), dtype=complex)
    wanted[-2:, -2:] = np.reshape(matrix, (2, 2))
    rows = controlled_rows(matrix, range(num_controls), num_controls)
    assert np.allclose(_unitary(rows, num_controls + 1), wanted, atol=1e-9)


@given(st.floats(-20, 20), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_phase_on_all_ones(angle: float, num_qubits: int) -> None:
    wanted = np.eye(2**num_qubits, dtype=complex)
    wanted[-1, -1] = cmath.exp(1j * angle)
    assert np.allclose(_unitary(phase_rows(angle, range(num_qubits)), num_qubits), wanted, atol=1e-9)


def test_number_of_gates_grows_with_the_square_of_the_controls() -> None:
    sizes = {n: len(controlled_rows(one_qubit_matrix(Op.X), range(n), n)) for n in (20, 40, 80)}
    assert sizes[40] / sizes[20] < 5
    assert sizes[80] / sizes[40] < 4.5


@given(ANGLES, ANGLES, ANGLES, ANGLES)
@settings(max_examples=60, deadline=None)
def test_square_root_squares_back_and_is_principal(theta: float, phi: float, lam: float, gamma: float) -> None:
    matrix = _matrix(theta, phi, lam, gamma)
    root = matrix_power(matrix, 0.5)
    assert np.allclose(multiply(root, root), matrix, atol=1e-7)
    _, alpha, beta = eigenbasis(root)
    assert max(abs(alpha), abs(beta)) <= math.pi / 2 + 1e-6


@given(ANGLES, ANGLES, ANGLES, ANGLES)
@example(0.0, 0.0, 5e-324, 0.0)
@settings(max_examples=60, deadline=None)
def test_named_gate_keeps_the_matrix(theta: float, phi: float, lam: float, gamma: float) -> None:
    matrix = _matrix(theta, phi, lam, gamma)
    op, params, phase = named_gate(matrix)
    assert np.allclose(cmath.exp(1j * phase) * gate_matrix(op, params), np.reshape(matrix, (2, 2)), atol=1e-9)


def test_roots_of_named_gates_are_named_gates() -> None:
    for whole, half in ((Op.X, Op.SX), (Op.Z, Op.S), (Op.S, Op.T), (Op.SDG, Op.TDG)):
        op, _, phase = named_gate(matrix_power(one_qubit_matrix(whole), 0.5))
        assert (op, round(phase, 9)) == (half, 0)
    assert named_gate(adjoint(one_qubit_matrix(Op.SX)))[0] == Op.SXDG
