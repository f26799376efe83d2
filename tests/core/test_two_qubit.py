"""Every two-qubit unitary in every way that the layers offer is that unitary, with the fewest gates."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.gates import Op, gate_matrix
from dqplan.core.two_qubit import Layers, canonical_forms, class_traces

COORDINATES = st.one_of(
    st.sampled_from([0.0, math.pi / 4, math.pi / 2, -math.pi / 4, math.pi / 8, 1e-4, 1e-8, 1e-11]),
    st.floats(-2, 2).map(lambda x: round(x, 2)),
)
FIXED = [gate_matrix(op) for op in (Op.ID, Op.H, Op.S, Op.X)]


@st.composite
def one_qubit_unitaries(draw: st.DrawFn) -> np.ndarray:
    if draw(st.booleans()):
        return draw(st.sampled_from(FIXED))
    return gate_matrix(Op.U, tuple(draw(st.floats(-3, 3)) for _ in range(3)))


def canonical(coordinates: list[float]) -> np.ndarray:
    """exp(i(x XX + y YY + z ZZ)), from the definition of the rotations."""
    unitary = np.eye(4, dtype=complex)
    for op, x in zip((Op.RXX, Op.RYY, Op.RZZ), coordinates, strict=True):
        unitary = gate_matrix(op, (-2 * x,)) @ unitary
    return unitary


def unitary_of_layers(layers: Layers) -> np.ndarray:
    unitary = np.eye(4, dtype=complex)
    for step, (a, b) in enumerate(layers.turns):
        unitary = np.kron(np.reshape(a, (2, 2)), np.reshape(b, (2, 2))) @ unitary
        if step < len(layers.angles):
            unitary = gate_matrix(Op.CP, (layers.angles[step],)) @ unitary
    return gate_matrix(Op.SWAP) @ unitary if layers.exchange else unitary


def busy(coordinates: list[float]) -> int:
    return sum(abs(math.remainder(x, math.pi / 2)) > 1e-12 for x in coordinates)


@given(st.lists(COORDINATES, min_size=3, max_size=3), st.lists(one_qubit_unitaries(), min_size=4, max_size=4))
@settings(max_examples=200, deadline=None)
def test_all_layers_are_the_unitary_with_fewest_gates(coordinates: list[float], locals_: list[np.ndarray]) -> None:
    unitary = np.kron(*locals_[:2]) @ canonical(coordinates) @ np.kron(*locals_[2:])
    forms = canonical_forms(unitary[None])
    found = list(forms.layers(0))
    wanted = {exchange: busy([x - math.pi / 4 * exchange for x in coordinates]) for exchange in (False, True)}
    assert forms.fewest[0] == min(wanted.values())
    assert {layers.exchange for layers in found} == {
        ways for ways, number in wanted.items() if number == forms.fewest[0]
    }
    for layers in found:
        assert abs(abs(np.vdot(unitary_of_layers(layers), unitary)) / 4 - 1) < 1e-13
        assert len(layers.angles) == forms.fewest[0]


@given(st.lists(COORDINATES, min_size=3, max_size=3))
@settings(max_examples=100, deadline=None)
def test_the_class_trace_is_the_formula(coordinates: list[float]) -> None:
    double = 2 * np.array(coordinates)
    wanted = 4 * np.prod(np.cos(double)) + 4j * np.prod(np.sin(double))
    found = class_traces(canonical(coordinates)[None])[0]
    assert min(abs(found - wanted), abs(found + wanted)) < 1e-12


def test_many_unitaries_at_once_are_each_their_own() -> None:
    rng = np.random.default_rng(5)
    matrices = rng.normal(size=(20, 4, 4)) + 1j * rng.normal(size=(20, 4, 4))
    unitaries = np.linalg.qr(matrices)[0]
    forms = canonical_forms(unitaries)
    for row, unitary in enumerate(unitaries):
        (layers, *_) = forms.layers(row)
        assert abs(abs(np.vdot(unitary_of_layers(layers), unitary)) / 4 - 1) < 1e-13
