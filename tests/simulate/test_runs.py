"""Many runs side by side, against a simulator that does one at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit, CircuitBuilder
from dqplan.core.counts import outcome_name
from dqplan.core.gates import Op
from dqplan.simulate.ideal import ideal_distribution, ideal_states, random_states
from dqplan.simulate.runs import Runs, most_axes
from tests.branches import distribution_of, unitary_of
from tests.strategies import dynamic_circuits, unitary_circuits


def one_qubit(*ops: Op) -> Circuit:
    builder = CircuitBuilder()
    builder.add_qreg("q", 1)
    builder.add_creg("c", 1)
    for op in ops:
        builder.append(op, (0,), clbit=0 if op is Op.MEASURE else -1)
    return builder.build()


@given(dynamic_circuits())
@settings(max_examples=60, deadline=None)
def test_all_outcomes_have_their_probabilities(circuit: Circuit) -> None:
    wanted = {outcome_name(circuit.cregs, bits): part for bits, part in distribution_of(circuit).items()}
    found = ideal_distribution(circuit)
    assert found is not None
    assert found == pytest.approx(wanted, abs=1e-9)


@given(unitary_circuits())
@settings(max_examples=30, deadline=None)
def test_states_are_those_of_the_unitary(circuit: Circuit) -> None:
    states = random_states(circuit.num_qubits, 3, np.random.default_rng(1))
    found = ideal_states(circuit, states)
    assert found is not None
    np.testing.assert_allclose(found, states @ unitary_of(circuit).T, atol=1e-12)


@given(dynamic_circuits(max_gates=10), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_drawn_outcomes_are_possible_and_about_as_frequent(circuit: Circuit, seed: int) -> None:
    runs = Runs(2000, circuit, np.random.default_rng(seed))
    for operation in circuit:
        runs.do(operation)
    wanted = distribution_of(circuit)
    rows, counts = np.unique(runs.bits, axis=0, return_counts=True)
    for row, count in zip(rows.tolist(), counts.tolist(), strict=True):
        probability = wanted[tuple(row)]  # a KeyError is an impossible outcome
        assert abs(count - 2000 * probability) < 6 * math.sqrt(2000 * probability) + 6


@given(dynamic_circuits())
@settings(max_examples=30, deadline=None)
def test_no_more_qubits_than_foretold_are_in_superposition(circuit: Circuit) -> None:
    runs = Runs(50, circuit, np.random.default_rng(0))
    limit = most_axes(circuit, range(len(circuit)), ())
    for operation in circuit:
        runs.do(operation)
        assert runs.size <= 50 << limit


def test_a_measured_qubit_costs_nothing() -> None:
    circuit = one_qubit(Op.H, Op.MEASURE, Op.RESET)
    runs = Runs(10, circuit, np.random.default_rng(0))
    for operation in circuit:
        runs.do(operation)
    assert runs.size == 10


def test_damping_is_that_of_the_channel() -> None:
    """The mean over jumps of the density matrix, from H|0>, and with a known 1."""
    rng = np.random.default_rng(4)
    runs = Runs(40_000, one_qubit(), rng)
    runs.do(one_qubit(Op.H)[0])
    runs.decay(0, np.full(len(runs), 0.3), rng)
    states = runs.states([0])
    rho = states.T @ states.conj() / len(runs)
    kept = 0.5 * math.sqrt(0.7)
    np.testing.assert_allclose(rho, [[0.65, kept], [kept, 0.35]], atol=0.01)
    known = Runs(40_000, one_qubit(), rng)
    known.flip(0, np.ones(len(known), dtype=np.bool_))
    known.decay(0, np.full(len(known), 0.3), rng)
    assert abs(np.mean(np.abs(known.states([0])[:, 1]) ** 2) - 0.7) < 0.01


@pytest.mark.parametrize("known", [True, False])
def test_paulis_act_in_the_runs_that_they_are_meant_for(known: bool) -> None:
    runs = Runs(4, one_qubit(), np.random.default_rng(0))
    if not known:
        runs.load([0], np.array([[0.6, 0.8]] * 4, dtype=np.complex128))
    runs.flip(0, np.array([False, True, False, True]))
    runs.turn(0, np.array([False, False, True, True]))
    a, b = (1, 0) if known else (0.6, 0.8)
    signs = np.array([1, 1, 1 if known else -1, 1 if known else -1])
    np.testing.assert_allclose(runs.states([0]), [[a, b], [b, a], [a, b * signs[2]], [b, a * signs[3]]])
