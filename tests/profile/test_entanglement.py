"""Entropy across cuts: exact values against hand and simulation, bounds against exact values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.profile import Entanglement
from dqplan.core.statevector import State
from dqplan.profile import bounds, entanglement, stabilizers
from dqplan.profile.amplitudes import cut_entropies, output_state
from dqplan.profile.bounds import entropy_bounds
from dqplan.profile.entanglement import measure_entanglement
from dqplan.profile.stabilizers import stabilizer_entropies
from tests.branches import branches_of
from tests.profile.circuits import (
    circuit_of,
    cluster,
    ghz,
    ghz_by_measurement,
    qft,
    random_clifford,
    random_rotations,
)
from tests.strategies import dynamic_circuits, unitary_circuits

TOLERANCE = 1e-6


def entanglement_of(circuit: Circuit) -> Entanglement:
    return measure_entanglement(segments_of(circuit))


def bits(entanglement: Entanglement) -> list[float]:
    return [cut.bits for cut in entanglement.cuts]


def schmidt_entropies(state: State) -> list[float]:
    """By singular values of the whole state at every cut: slow, and nothing like the code under test."""
    amplitudes = state.ravel() / np.linalg.norm(state)
    found = []
    for left in range(1, state.ndim):
        weights = np.linalg.svd(amplitudes.reshape(2**left, -1), compute_uv=False) ** 2
        weights = weights[weights > 1e-15]
        found.append(float(-(weights * np.log2(weights)).sum()))
    return found


@pytest.mark.parametrize("num_qubits", [2, 5, 300])
def test_ghz_has_one_bit_across_every_cut(num_qubits: int) -> None:
    found = entanglement_of(ghz(num_qubits))
    assert bits(found) == [1.0] * (num_qubits - 1)
    assert found.middle is not None
    assert (found.middle.left, found.middle.exact, found.middle.basis) == (num_qubits // 2, True, "exact (stabilizers)")
    assert found.covers == ("the only cut" if num_qubits == 2 else f"all {num_qubits - 1} cuts")


def test_bell_pairs_between_mirrored_qubits() -> None:
    """Qubit i with qubit 7 - i: the entropy counts the pairs that a cut separates."""
    pairs = [row for i in range(4) for row in ((Op.H, (i,)), (Op.CX, (i, 7 - i)))]
    assert bits(entanglement_of(circuit_of(8, *pairs))) == [1, 2, 3, 4, 3, 2, 1]


def test_neighbouring_bell_pairs() -> None:
    pairs = [row for i in range(0, 8, 2) for row in ((Op.H, (i,)), (Op.CX, (i, i + 1)))]
    assert bits(entanglement_of(circuit_of(8, *pairs))) == [1, 0, 1, 0, 1, 0, 1]


def test_cluster_state() -> None:
    """Between two rows of four every gate is one bit; inside a row, the gates that a cut separates are."""
    found = entanglement_of(cluster(2, 4))
    assert found.middle is not None
    assert found.middle.bits == 4
    assert bits(found)[0] == 1


def test_swaps_only_change_names() -> None:
    """A Bell pair on qubits 0 and 1 whose second half is swapped to the far end."""
    rows = [(Op.H, (0,)), (Op.CX, (0, 1)), (Op.SWAP, (1, 2)), (Op.SWAP, (2, 3))]
    assert bits(entanglement_of(circuit_of(4, *rows))) == [1, 1, 1]


def test_a_partly_entangled_pair() -> None:
    """cos(θ/2)|00> + sin(θ/2)|11> with θ = 1."""
    p = np.cos(0.5) ** 2
    found = entanglement_of(circuit_of(2, (Op.RY, (0,), (1.0,)), (Op.CX, (0, 1))))
    assert bits(found) == [pytest.approx(-p * np.log2(p) - (1 - p) * np.log2(1 - p))]
    assert found.cuts[0].basis == "exact (state vector)"


def test_qft_of_zero_is_a_product_however_large() -> None:
    """Every controlled phase acts while its second qubit is still |0>."""
    found = entanglement_of(qft(64))
    assert bits(found) == [0.0] * 63
    assert all(cut.exact for cut in found.cuts)


def test_too_large_for_a_state_vector() -> None:
    found = entanglement_of(random_rotations(24, 400, seed=1))
    assert found.middle is not None
    assert (found.middle.bits, found.middle.exact) == (12.0, False)
    assert found.skipped["state_vector"] == "24 qubits; simulated up to 20"


def test_too_large_for_stabilizers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their strings grow with the square of the qubits; the limits are lowered only to keep the test quick."""
    monkeypatch.setattr(stabilizers, "MAX_WIRES", 24)
    monkeypatch.setattr(entanglement, "MAX_WIRES", 24)
    assert entanglement_of(ghz(24)).skipped == {}
    found = entanglement_of(ghz(25))
    assert found.skipped["stabilizers"] == "25 qubits; followed up to 24"
    assert bits(found) == [1.0] * 24


def test_many_gates_take_evenly_spaced_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_BOUND_WORK", 1)
    found = entanglement_of(random_rotations(40, 400, seed=1))
    assert found.covers == "7 of 39 cuts, evenly spaced"
    assert [cut.left for cut in found.cuts] == [2, 8, 14, 20, 26, 32, 38]
    assert found.middle is not None


@pytest.mark.parametrize("seed", range(6))
def test_stabilizers_agree_with_the_state_vector(seed: int) -> None:
    segments = segments_of(random_clifford(8, 60, seed))
    events = np.arange(segments.num_events)
    by_stabilizers = stabilizer_entropies(segments, events)
    assert by_stabilizers == pytest.approx(cut_entropies(output_state(segments, events)), abs=TOLERANCE)
    assert by_stabilizers == pytest.approx(schmidt_entropies(_final_state(segments.circuit)), abs=TOLERANCE)


@settings(max_examples=80, deadline=None)
@given(unitary_circuits())
def test_exact_values_and_bounds_of_unitary_circuits(circuit: Circuit) -> None:
    exact = schmidt_entropies(_final_state(circuit))
    found = entanglement_of(circuit)
    assert all(cut.exact for cut in found.cuts)
    assert bits(found) == pytest.approx(exact, abs=TOLERANCE)
    above = [cut.bits for cut in entropy_bounds(segments_of(circuit))]
    assert all(bound >= value - TOLERANCE for bound, value in zip(above, exact, strict=True))


@settings(max_examples=80, deadline=None)
@given(dynamic_circuits())
def test_values_hold_in_every_branch_of_dynamic_circuits(circuit: Circuit) -> None:
    """Final measurements only lower the entropy, so that a circuit with some is checked as if they were made."""
    segments = segments_of(circuit)
    found = measure_entanglement(segments)
    events = np.arange(segments.num_events)
    exact = stabilizer_entropies(segments, events)
    for branch in branches_of(circuit):
        values = schmidt_entropies(branch.state)
        assert all(cut.bits >= value - TOLERANCE for cut, value in zip(found.cuts, values, strict=True))
        if exact is not None:
            assert values == pytest.approx(exact, abs=TOLERANCE)


def test_a_state_made_by_measurement_and_feed_forward() -> None:
    """Both outcomes give the GHZ state; the two measurements at the end are left out."""
    found = entanglement_of(ghz_by_measurement())
    assert bits(found) == [1, 1, 1, 1]
    assert found.cuts[0].basis == "exact (stabilizers)"
    assert found.state.endswith("before the final measurements, for every sequence of outcomes on the way")


@pytest.mark.parametrize("seed", range(8))
def test_all_branches_of_a_clifford_circuit_are_equally_entangled(seed: int) -> None:
    circuit = random_clifford(5, 30, seed, dynamic=True)
    segments = segments_of(circuit)
    exact = stabilizer_entropies(segments, np.arange(segments.num_events))
    assert exact is not None
    for branch in branches_of(circuit):
        assert schmidt_entropies(branch.state) == pytest.approx(exact, abs=TOLERANCE)


def test_what_depends_on_outcomes_is_only_bounded() -> None:
    builder = CircuitBuilder()
    builder.add_qreg("q", 3)
    builder.add_creg("c", 1)
    builder.append(Op.H, (0,))
    builder.append(Op.MEASURE, (0,), clbit=0)
    builder.append(Op.H, (1,))
    builder.append(Op.CX, (1, 2), condition=Condition((Term((0,), 1),)))
    found = entanglement_of(builder.build())
    assert [(cut.bits, cut.exact) for cut in found.cuts] == [(0.0, True), (1.0, False)]
    assert "outcomes" in found.state


def test_resets_at_the_beginning_change_nothing() -> None:
    rows = [(Op.RESET, (0,)), (Op.RESET, (1,)), (Op.RY, (0,), (0.5,)), (Op.CX, (0, 1))]
    found = entanglement_of(circuit_of(2, *rows))
    assert found.cuts[0].basis == "exact (state vector)"


def test_one_qubit_has_no_cuts() -> None:
    found = entanglement_of(circuit_of(1, (Op.H, (0,))))
    assert found.cuts == ()
    assert found.middle is found.maximum is None


def test_the_bound_is_tight_for_a_star() -> None:
    """One packet carries every gate of the shared qubit: the entropy of the GHZ state is one bit, too."""
    star = [(Op.H, (0,)), *((Op.CX, (0, i)) for i in range(1, 6))]
    segments = segments_of(circuit_of(6, *star))
    assert [cut.bits for cut in entropy_bounds(segments)] == [1.0] * 5


def _final_state(circuit: Circuit) -> State:
    (branch,) = branches_of(circuit)
    return branch.state
