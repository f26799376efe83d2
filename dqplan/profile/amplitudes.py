"""State vectors of small circuits, from their normal form, and the entropy across a cut."""

from __future__ import annotations

import cmath

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Kind, Segments
from dqplan.core.statevector import State, zero_state

MAX_QUBITS = 20
"""2^20 amplitudes fill 16 MB."""
DECIMALS = 9
"""Digits of an entropy that rounding errors leave intact."""
MAX_WORK = 1 << 31
"""Amplitudes times events: about ten seconds."""


def output_state(segments: Segments, events: NDArray[np.int64]) -> State:
    """The state that |0…0> becomes, axis i for output qubit i.

    Args:
        segments: the normal form of at most MAX_QUBITS qubits.
        events: those to carry out, in order; unconditioned CUT, LOCAL and GATE only.
    """
    state = zero_state(segments.num_wires)
    wire, other = segments.wire[segments.segment[events]], segments.wire[segments.other[events]]
    columns = (segments.kind[events], wire, other, segments.angle[events], segments.unitary[events])
    for kind, w, v, angle, unitary in zip(*(column.tolist() for column in columns), strict=True):
        if kind == Kind.GATE:
            _both_one(state, w, v)[...] *= cmath.exp(1j * angle)
        else:
            _rotate(state, w, segments.unitaries[unitary])
    return state.transpose(segments.output_wire)


def cut_entropies(state: State) -> list[float]:
    """Entropy in bits of the first 1, 2, … n - 1 qubits of a pure state, rounded to DECIMALS."""
    amplitudes = np.ascontiguousarray(state).ravel()
    return [_entropy(amplitudes.reshape(1 << left, -1)) for left in range(1, state.ndim)]


def _both_one(state: State, a: int, b: int) -> NDArray[np.complex128]:
    """The view of the amplitudes in which both qubits are 1."""
    index: list[int | slice] = [slice(None)] * state.ndim
    index[a] = index[b] = 1
    return state[tuple(index)]


def _rotate(state: State, axis: int, matrix: NDArray[np.complex128]) -> None:
    """Apply a 2 x 2 unitary in place."""
    a, b, c, d = matrix
    halves = state.reshape(1 << axis, 2, -1)
    zero, one = halves[:, 0], halves[:, 1]
    if b == 0 == c:
        zero *= a
        one *= d
    else:
        halves[:, 0], halves[:, 1] = a * zero + b * one, c * zero + d * one


def _entropy(matrix: NDArray[np.complex128]) -> float:
    """Entropy of the squared singular values, from the smaller of the two reduced density matrices."""
    if matrix.shape[0] > matrix.shape[1]:
        matrix = matrix.T
    weights = np.linalg.eigvalsh(matrix @ matrix.conj().T)
    weights = weights[weights > 0]
    return round(max(0.0, float(-(weights * np.log2(weights)).sum())), DECIMALS)
