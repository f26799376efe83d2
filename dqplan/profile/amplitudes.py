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
MAX_WORK = 1 << 29
"""Amplitudes times events: ten seconds or so on one core."""


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
            both_one = _both_one(state, w, v)
            both_one *= cmath.exp(1j * angle)
        else:
            _rotate(state, w, segments.unitaries[unitary])
    return state.transpose(segments.output_wire)


def cut_entropies(state: State) -> list[float]:
    """Entropy in bits of the first 1, 2, … n - 1 qubits of a pure state, rounded to DECIMALS.

    Only the two halves are traced over the whole state; smaller groups at either end follow from them.
    """
    n = state.ndim
    halves = np.ascontiguousarray(state).reshape(1 << (n // 2), -1)
    left, right = halves @ halves.conj().T, halves.T @ halves.conj()
    entropies = dict.fromkeys(range(1, n), 0.0)
    for size in range(n // 2, 0, -1):
        entropies[size] = _entropy(left)
        left = np.einsum("aibi->ab", left.reshape(1 << (size - 1), 2, 1 << (size - 1), 2))
    for size in range(n - n // 2, 0, -1):
        if n - size > n // 2:
            entropies[n - size] = _entropy(right)
        right = np.einsum("iaib->ab", right.reshape(2, 1 << (size - 1), 2, 1 << (size - 1)))
    return list(entropies.values())


def _both_one(state: State, a: int, b: int) -> NDArray[np.complex128]:
    """The view of the amplitudes in which both qubits are 1."""
    index = [slice(None)] * state.ndim
    index[a] = index[b] = slice(1, 2)
    return state[tuple(index)]


def _rotate(state: State, axis: int, matrix: NDArray[np.complex128]) -> None:
    """Apply a 2 x 2 unitary in place."""
    a, b, c, d = matrix
    halves = state.reshape(1 << axis, 2, -1)
    zero, one = halves[:, 0], halves[:, 1]
    raised = c * zero  # needed before `zero` changes
    zero *= a
    zero += b * one
    one *= d
    one += raised


def _entropy(density: NDArray[np.complex128]) -> float:
    """Entropy in bits of a density matrix."""
    weights = np.linalg.eigvalsh(density)
    weights = weights[weights > 0]
    return round(max(0.0, float(-(weights * np.log2(weights)).sum())), DECIMALS)
