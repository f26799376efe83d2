"""Counts by kind, T gates, and the share of Clifford gates."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.gates import NUM_PARAMS, NUM_QUBITS, Op, gate_matrix
from dqplan.profile.operations import count_operations
from dqplan.profile.rotations import is_clifford_angle, rotation_angles
from tests.profile.circuits import circuit_of, ghz_by_measurement, qft

PI = math.pi
PAULIS = [np.eye(2), np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]


def test_counts_by_kind_and_operands() -> None:
    circuit = circuit_of(3, (Op.H, (0,)), (Op.H, (1,)), (Op.CX, (0, 1)), (Op.CCX, (0, 1, 2)), (Op.RESET, (2,)))
    counts = count_operations(circuit)
    assert counts.by_kind == {"h": 2, "cx": 1, "ccx": 1, "reset": 1}
    assert (counts.one_qubit, counts.two_qubit, counts.three_qubit) == (2, 1, 1)
    assert (counts.total, counts.resets, counts.measurements, counts.conditioned) == (5, 1, 0, 0)
    assert counts.clifford_share == 3 / 4


def test_counts_of_a_dynamic_circuit() -> None:
    counts = count_operations(ghz_by_measurement())
    assert (counts.measurements, counts.conditioned, counts.resets) == (3, 2, 0)
    assert counts.clifford_share == 1


def test_no_gates_have_no_share() -> None:
    assert count_operations(circuit_of(1)).clifford_share is None


@pytest.mark.parametrize(
    ("op", "params", "t_count", "rotations"),
    [
        (Op.T, (), 1, 0),
        (Op.TDG, (), 1, 0),
        (Op.H, (), 0, 0),
        (Op.CCX, (), 7, 0),
        (Op.CSWAP, (), 7, 0),
        (Op.CH, (), 2, 0),
        (Op.CSX, (), 3, 0),
        (Op.RZ, (-3 * PI / 4,), 1, 0),
        (Op.RZ, (PI / 2,), 0, 0),
        (Op.RZ, (0.3,), 0, 1),
        (Op.RXX, (9 * PI / 4,), 1, 0),
        (Op.CP, (PI / 2,), 3, 0),
        (Op.CP, (PI,), 0, 0),
        (Op.CP, (PI / 4,), 0, 3),
        (Op.CRX, (PI / 2,), 2, 0),
        (Op.CRZ, (PI,), 0, 0),
        (Op.U, (PI / 2, 0.0, PI), 0, 0),
        (Op.U, (0.0, PI / 8, PI / 8), 1, 0),
        (Op.U, (PI, PI / 4, PI / 4), 0, 0),
        (Op.U, (0.1, 0.2, 0.3), 0, 3),
        (Op.CU, (PI, 0.0, PI, 0.0), 0, 0),
        (Op.CU, (PI / 2, 0.0, PI, 0.0), 2, 0),
        (Op.CU, (0.0, 0.0, PI / 2, 0.0), 3, 0),
        (Op.CU, (PI, PI / 4, -3 * PI / 4, PI / 4), 0, 0),  # the anti-diagonal matrix i·X
        (Op.CU, (0.1, 0.2, 0.3, 0.4), 0, 6),
        (Op.P, (1e-12,), 0, 1),
    ],
)
def test_t_gates_and_rotations(op: Op, params: tuple[float, ...], t_count: int, rotations: int) -> None:
    counts = count_operations(circuit_of(3, (op, tuple(range(NUM_QUBITS[op])), params)))
    assert (counts.t_count, counts.rotations) == (t_count, rotations)


def test_qft_4() -> None:
    """Controlled phases π/2, π/4, π/8: three rotations each, those of π/2 by π/4."""
    counts = count_operations(qft(4))
    assert (counts.t_count, counts.rotations) == (3 * 3, 3 * 3)
    assert counts.clifford_share == 4 / 10


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([op for op in Op if op < Op.EPR]), st.lists(st.integers(-17, 17), min_size=4, max_size=4), st.data()
)
def test_a_gate_counts_as_clifford_if_and_only_if_it_maps_paulis_to_paulis(
    op: Op, eighths: list[int], data: st.DataObject
) -> None:
    off = data.draw(st.sampled_from([0.0, 0.0, 0.0, 0.1]))
    params = [k * PI / 4 + off for k in eighths[: NUM_PARAMS[op]]]
    row = np.array([[*params, *[0.0] * (4 - len(params))]])
    assert is_clifford_angle(rotation_angles(op, row)).all() == _maps_paulis_to_paulis(op, tuple(params))


def _maps_paulis_to_paulis(op: Op, params: tuple[float, ...]) -> bool:
    matrix = gate_matrix(op, params)
    products = list(itertools.product(PAULIS, repeat=NUM_QUBITS[op]))
    strings = np.array([_tensor(paulis) for paulis in products])
    generators = [_tensor(paulis) for paulis in products if sum(p is PAULIS[0] for p in paulis) == len(paulis) - 1]
    overlaps = [np.abs(np.einsum("sij,ji->s", strings, matrix @ g @ matrix.conj().T)) for g in generators]
    return bool(np.allclose(np.max(overlaps, axis=1), len(matrix)))


def _tensor(factors: tuple[np.ndarray, ...]) -> np.ndarray:
    product = np.eye(1)
    for factor in factors:
        product = np.kron(product, factor)
    return product
