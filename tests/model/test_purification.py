"""DEJMPS against density matrices of the noisy circuit, published numbers and other formulas; its time against trials.

Tolerance against density matrices: 1e-9, as nothing is left out in one round.
"""

from __future__ import annotations

import math
from itertools import pairwise

import cirq
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dqplan.model.errors import process_fidelity
from dqplan.model.purification import Ends, Recurrence, compare, purify, werner

Floats = NDArray[np.float64]

OXFORD = np.array([0.9695, 0.006, 0.006, 0.0185])
"""Error weights of the pairs of Oxford's ion traps, read from their density matrix; phase errors prevail."""
PAULIS = (cirq.I, cirq.X, cirq.Y, cirq.Z)


@st.composite
def weights(draw: st.DrawFn, least: float = 0.5) -> Floats:
    """Of Bell-diagonal pairs with more than some fidelity."""
    fidelity = draw(st.floats(least, 1.0, exclude_min=True))
    parts = np.array([draw(st.floats(0.0, 1.0)) for _ in range(3)]) + 1e-9
    return np.array([fidelity, *(1 - fidelity) * parts / parts.sum()])


@pytest.mark.parametrize(("rounds", "fidelity", "pairs"), [(0, 0.9695, 1.0), (1, 0.987, 2.10), (2, 0.9994, 4.31)])
def test_oxfords_pairs_become_as_good_as_published(rounds: int, fidelity: float, pairs: float) -> None:
    found = purify(OXFORD, rounds, 0.1, Ends())
    assert found.fidelity == pytest.approx(fidelity, abs=5e-4)
    assert found.recurrence.raw_pairs == pytest.approx(pairs, abs=5e-3)


@pytest.mark.parametrize(("gate", "fidelity"), [(0.995, 0.982), (0.99, 0.977), (0.98, 0.966), (0.976, 0.962)])
def test_noisy_gates_spoil_what_is_gained(gate: float, fidelity: float) -> None:
    """By the average fidelity of the CX; below about 0.983 the pair is worse than a raw one."""
    joined = ((16 * process_fidelity(gate, 4) - 1) / 15) ** 2
    assert purify(OXFORD, 1, 0.1, Ends(joined=joined)).fidelity == pytest.approx(fidelity, abs=5e-4)


def test_the_label_of_the_error_matters() -> None:
    """The same pair with its phase errors taken for Y is worse than a raw one; `purify` does not fall into that."""
    wrong = OXFORD[[0, 1, 3, 2]]
    assert compare(wrong, wrong, Ends())[0][0] == pytest.approx(0.963, abs=5e-4)
    assert purify(wrong, 1, 0.1, Ends()).fidelity == pytest.approx(purify(OXFORD, 1, 0.1, Ends()).fidelity)


@given(st.floats(0.26, 1.0), st.floats(0.26, 1.0))
def test_werner_pairs_gain_as_in_bbpssw(one: float, other: float) -> None:
    """Bennett et al., Phys. Rev. Lett. 76, 722 (1996): the same fidelity and probability on states without labels."""
    e, f = (1 - one) / 3, (1 - other) / 3
    success = one * other + one * f + other * e + 5 * e * f
    weights, found = compare(werner(one), werner(other), Ends())
    assert found == pytest.approx(success)
    assert weights[0] == pytest.approx((one * other + e * f) / success)


@given(weights(), st.integers(1, 3))
def test_rounds_without_noise_never_make_a_pair_worse(pair: Floats, rounds: int) -> None:
    fidelities = [purify(pair, number, 0.1, Ends()).fidelity for number in range(rounds + 1)]
    assert all(after >= before - 1e-12 for before, after in pairwise(fidelities))


@given(weights(0.0), weights(0.0), st.floats(0.6, 1.0), st.floats(0.6, 1.0), st.floats(0.0, 0.2))
def test_what_comes_out_is_a_pair(kept: Floats, measured: Floats, turned: float, joined: float, misread: float) -> None:
    weights, success = compare(kept, measured, Ends(turned, joined, misread))
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= -1e-12
    assert 0 < success <= 1 + 1e-12


CASES = [
    (OXFORD, OXFORD, 1.0, 1.0, 0.0),
    (OXFORD, np.array([0.8, 0.15, 0.02, 0.03]), 0.99, 0.97, 0.02),
    (np.array([0.7, 0.05, 0.2, 0.05]), werner(0.9), 0.97, 0.9, 0.1),
]


@pytest.mark.parametrize(("kept", "measured", "one", "two", "read"), CASES)
def test_a_round_is_that_of_density_matrices(
    kept: Floats, measured: Floats, one: float, two: float, read: float
) -> None:
    """Process fidelities of gates, and how often a readout is right, the same at both ends."""
    left = ((4 * one - 1) / 3) ** 2, ((16 * two - 1) / 15) ** 2
    weights, success = compare(kept, measured, Ends(*left, 2 * read * (1 - read)))
    expected = simulated(kept, measured, one, two, read)
    assert success == pytest.approx(expected.sum(), abs=1e-9)
    assert weights == pytest.approx(expected / expected.sum(), abs=1e-9)


def simulated(kept: Floats, measured: Floats, one: float, two: float, read: float) -> Floats:
    """The weights of the pair that is kept, times the probability of equal bits, from the circuit with noise."""
    a, b, c, d = qubits = cirq.LineQubit.range(4)
    circuit = cirq.Circuit()
    for pair, (left, right) in ((kept, (a, b)), (measured, (c, d))):
        flips = cirq.asymmetric_depolarize(error_probabilities=dict(zip("IXYZ", pair.tolist(), strict=True)))
        circuit += [cirq.H(left), cirq.CX(left, right), flips(left)]
        for qubit, sign in ((left, 1), (right, -1)):
            circuit += [cirq.rx(sign * math.pi / 2)(qubit), cirq.depolarize(1 - one)(qubit)]
    for source, target in ((a, c), (b, d)):
        circuit += [cirq.CX(source, target), cirq.depolarize(1 - two, n_qubits=2)(source, target)]
        circuit += cirq.bit_flip(read)(target)
    rho = cirq.DensityMatrixSimulator(dtype=np.complex128).simulate(circuit, qubit_order=qubits).final_density_matrix
    rho = rho.reshape(4, 4, 4, 4)
    agree = rho[:, 0, :, 0] + rho[:, 3, :, 3]
    bell = np.array([1, 0, 0, 1]) / math.sqrt(2)
    states = [np.kron(cirq.unitary(pauli), np.eye(2)) @ bell for pauli in PAULIS]
    return np.array([np.real(state.conj() @ agree @ state) for state in states])


@pytest.mark.parametrize("rates", [(0.0, 4.0), (3.0, 7.0)])
def test_the_first_pair_waits_for_the_second(rates: tuple[float, float]) -> None:
    """Its mean over an exponential wait, by Gauss-Laguerre; the second is fresh. Relaxation is twirled."""
    relaxation, dephasing = rates
    raw_s = 0.1
    moments, shares = np.polynomial.laguerre.laggauss(60)
    kept = np.zeros(4)
    for moment, share in zip((moments * raw_s).tolist(), shares.tolist(), strict=True):
        along, across = math.exp(-relaxation * moment), math.exp(-dephasing * moment)
        channel = np.array([1 + along + 2 * across, 1 - along, 1 - along, 1 + along - 2 * across]) / 4
        kept += share * convolved(OXFORD, channel)
    expected, success = compare(kept, OXFORD, Ends())
    found = purify(OXFORD, 1, raw_s, Ends(relaxation_hz=relaxation, dephasing_hz=dephasing))
    assert found.weights == pytest.approx(expected, abs=1e-9)
    assert found.recurrence.successes == pytest.approx([success])


def convolved(one: Floats, other: Floats) -> Floats:
    """Error weights when a Pauli channel acts on a pair: products of Pauli operators, signs aside."""
    found = np.zeros(4)
    for first in range(4):
        for second in range(4):
            code = {0: 0, 1: 1, 2: 3, 3: 2}
            product = code[first] ^ code[second]
            found[{0: 0, 1: 1, 3: 2, 2: 3}[product]] += one[first] * other[second]
    return found


RECURRENCE = Recurrence((0.8, 0.6), raw_s=0.1, attempt_s=0.02)


def one_by_one(rng: np.random.Generator, rounds: int) -> tuple[float, int]:
    """Seconds and raw pairs of one finished pair, step by step."""
    if rounds == 0:
        return rng.exponential(RECURRENCE.raw_s), 1
    seconds, pairs = 0.0, 0
    while True:
        for _ in range(2):
            more_s, more = one_by_one(rng, rounds - 1)
            seconds, pairs = seconds + more_s, pairs + more
        seconds += RECURRENCE.attempt_s
        if rng.random() < RECURRENCE.successes[rounds - 1]:
            return seconds, pairs


def test_times_are_those_of_making_pairs_step_by_step() -> None:
    """Mean, quantiles and mean decay; within four standard errors, or 6 % for quantiles."""
    rng = np.random.default_rng(5)
    seconds, pairs = np.array([one_by_one(rng, 2) for _ in range(8000)]).T
    drawn = RECURRENCE.draw(rng, np.ones(100_000, dtype=np.int64))
    error = 4 / math.sqrt(len(seconds))
    assert abs(seconds.mean() - RECURRENCE.mean_s) < error * seconds.std()
    assert abs(drawn.mean() - RECURRENCE.mean_s) < error * drawn.std()
    assert abs(pairs.mean() - RECURRENCE.raw_pairs) < error * pairs.std()
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx(np.quantile(seconds, [0.1, 0.5, 0.9]), rel=0.06)
    assert np.exp(-0.7 * seconds).mean() == pytest.approx(RECURRENCE.decay(0.7), abs=error)


def with_waits(rng: np.random.Generator, rounds: int, ends: Ends) -> tuple[float, Floats]:
    """Seconds and weights of a finished pair, step by step; halves dephase while they wait; raw pairs take 1 s."""
    if rounds == 0:
        return rng.exponential(), OXFORD
    seconds = 0.0
    while True:
        (one_s, one), (other_s, other) = (with_waits(rng, rounds - 1, ends) for _ in range(2))
        seconds += one_s + other_s + ends.attempt_s
        weights, success = compare(dephased(one, ends.dephasing_hz * other_s), other, ends)
        if rng.random() < success:
            return seconds, dephased(weights, ends.dephasing_hz * ends.herald_s)


def dephased(weights: Floats, exponent: float) -> Floats:
    left = (1 + math.exp(-exponent)) / 2
    return convolved(weights, np.array([left, 0, 0, 1 - left]))


def test_means_of_nested_rounds_are_near_enough() -> None:
    """Five raw pairs per lifetime: within 2 % of the infidelity and 3 % of the time, and three standard errors."""
    ends = Ends(turned=0.9995, joined=0.99, misread=0.005, dephasing_hz=0.2, attempt_s=0.05, herald_s=0.02)
    rng = np.random.default_rng(1)
    seconds, weights = zip(*(with_waits(rng, 2, ends) for _ in range(2500)), strict=True)
    fidelity, found = np.array(weights)[:, 0], purify(OXFORD, 2, 1.0, ends)
    chance = 3 / math.sqrt(len(fidelity))
    assert abs(found.fidelity - fidelity.mean()) < 0.02 * (1 - found.fidelity) + chance * fidelity.std()
    mean_s = found.recurrence.mean_s
    assert abs(mean_s - np.mean(seconds)) < 0.03 * mean_s + chance * np.std(seconds)


def test_many_pairs_take_the_time_of_their_sum() -> None:
    rng = np.random.default_rng(6)
    drawn = RECURRENCE.draw(rng, np.full(2000, 50, dtype=np.int64))
    assert drawn.mean() == pytest.approx(50 * RECURRENCE.mean_s, rel=0.02)


def test_a_raw_pair_takes_an_exponential_time() -> None:
    """The same numbers, so that nothing changes where nothing is purified."""
    drawn = Recurrence((), 0.25).draw(np.random.default_rng(1), np.ones(9, dtype=np.int64))
    assert drawn == pytest.approx(np.random.default_rng(1).exponential(0.25, 9))
