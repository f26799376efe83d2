"""The sums of cuts, by density matrices, and what they cost."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dqplan.core.circuit import CircuitBuilder
from dqplan.core.cutting import (
    OPERATIONS,
    CutTerm,
    gamma_of,
    gate_overhead,
    gate_terms,
    spelled_out,
    wire_terms,
)
from dqplan.core.gates import Op, gate_matrix

Array = NDArray[np.complex128]


def _state(num_qubits: int) -> Array:
    """A mixed state of full rank, drawn once."""
    rng = np.random.default_rng(3)
    size = 2**num_qubits
    root = rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))
    return root @ root.conj().T / np.trace(root @ root.conj().T)


def _after(state: Array, name: str, signed: bool, qubit: int) -> Array:
    """The state of two qubits after an operation on one of them, outcomes added with their signs."""
    operation = OPERATIONS[name]
    for gate in operation.gates:
        matrix = np.kron(gate_matrix(gate), np.eye(2)) if qubit == 0 else np.kron(np.eye(2), gate_matrix(gate))
        state = matrix @ state @ matrix.conj().T
    if not operation.measured:
        return state
    found = np.zeros_like(state)
    for bit in (0, 1):
        projector = np.diag([1.0 - bit, bit])
        matrix = np.kron(projector, np.eye(2)) if qubit == 0 else np.kron(np.eye(2), projector)
        found += (-1) ** (signed * bit) * (matrix @ state @ matrix)
    return found


def _both(state: Array, term: CutTerm) -> Array:
    return _after(_after(state, term.operations[0], term.signed[0], 0), term.operations[1], term.signed[1], 1)


@given(st.floats(-7, 7))
def test_the_terms_of_a_gate_add_up_to_it(angle: float) -> None:
    state, unitary = _state(2), gate_matrix(Op.RZZ, (angle,))
    found = sum(term.coefficient * _both(state, term) for term in gate_terms(angle))
    assert np.abs(found - unitary @ state @ unitary.conj().T).max() < 1e-12
    assert gamma_of(gate_terms(angle)) ** 2 == pytest.approx(gate_overhead(angle))


def test_the_terms_of_a_wire_carry_half_of_an_entangled_state() -> None:
    """Qubit 0 stays, qubit 1 is measured behind an H and prepared anew, from |0>."""
    state, found = _state(2), np.zeros((4, 4), dtype=complex)
    hadamard = np.kron(np.eye(2), gate_matrix(Op.H))
    for term in wire_terms():
        measured = _after(hadamard @ state @ hadamard, term.operations[0], term.signed[0], 1)
        kept = measured.reshape(2, 2, 2, 2).trace(axis1=1, axis2=3)
        fresh = np.kron(kept, np.diag([1.0, 0.0])).astype(complex)
        found += term.coefficient * _after(fresh, term.operations[1], term.signed[1], 1)
    assert np.abs(found - state).max() < 1e-12
    assert gamma_of(wire_terms()) ** 2 == pytest.approx(16)


@pytest.mark.parametrize(("theta", "overhead"), [(0.0, 1.0), (math.pi, 9.0), (math.pi / 3, 4.0)])
def test_overheads_of_controlled_phases(theta: float, overhead: float) -> None:
    """(1 + 2|sin θ/2|)²: none for the identity, 9 for CZ, and at 60 degrees the sine is a half."""
    assert gate_overhead(-theta / 2) == pytest.approx(overhead)


def test_operations_take_the_place_of_measurements_at_ends() -> None:
    builder = CircuitBuilder()
    builder.add_qreg("q", 2)
    builder.add_creg("c", 1)
    builder.add_creg("cut", 2)
    builder.append(Op.MEASURE, [0], clbit=1)
    builder.append(Op.CZ, [0, 1])
    builder.append(Op.MEASURE, [1], clbit=2)
    builder.append(Op.MEASURE, [1], clbit=0)
    found, rows = spelled_out(builder.build(), 1, [OPERATIONS["p+i"], OPERATIONS["my"]])
    assert [(row.op.name, row.qubits, row.clbit) for row in found] == [
        ("H", (0,), -1),
        ("S", (0,), -1),
        ("CZ", (0, 1), -1),
        ("H", (1,), -1),
        ("SDG", (1,), -1),
        ("H", (1,), -1),
        ("MEASURE", (1,), 2),
        ("MEASURE", (1,), 0),
    ]
    assert rows.tolist() == [0, 2, 3, 7, 8]
