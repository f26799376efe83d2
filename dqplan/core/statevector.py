"""State vectors as tensors: the few lines of exact simulation that profile and verify share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Op, gate_matrix

State = NDArray[np.complex128]
"""Amplitudes, shape (2,) * number of qubits; axis i is qubit i."""

_SHORTEST_RUN = 64
"""Amplitudes behind an axis from which `matmul` beats `tensordot` (measured)."""


def zero_state(num_qubits: int) -> State:
    """|0…0>."""
    state = np.zeros((2,) * num_qubits, dtype=np.complex128)
    state[(0,) * num_qubits] = 1
    return state


def apply_matrix(state: State, matrix: NDArray[np.complex128], axes: Sequence[int]) -> State:
    """The state after a unitary (or any matrix) on the given axes.

    Args:
        state: shape (2,) * n, not changed.
        matrix: shape (2^k, 2^k), the first axis most significant.
        axes: k distinct axes.
    """
    if (np.count_nonzero(matrix, axis=1) == 1).all():
        return _apply_monomial(state, matrix, axes)
    if len(axes) == 1 and state.size >> axes[0] + 1 >= _SHORTEST_RUN:
        return np.asarray(np.matmul(matrix, state.reshape(1 << axes[0], 2, -1)).reshape(state.shape))
    k = len(axes)
    moved = np.tensordot(matrix.reshape((2,) * (2 * k)), state, axes=(range(k, 2 * k), axes))
    return np.ascontiguousarray(np.moveaxis(moved, range(k), axes))


def apply_gate(state: State, op: Op, axes: Sequence[int], params: tuple[float, ...] = ()) -> State:
    """The state after a gate of the vocabulary (not MEASURE or RESET)."""
    return apply_matrix(state, gate_matrix(op, params), axes)


def block_of(num_axes: int, axes: Sequence[int], value: int) -> tuple[int | slice, ...]:
    """The index of the amplitudes for which `axes`, the first most significant, hold `value`."""
    index: list[int | slice] = [slice(None)] * num_axes
    for place, axis in enumerate(reversed(axes)):
        index[axis] = value >> place & 1
    return tuple(index)


def _apply_monomial(state: State, matrix: NDArray[np.complex128], axes: Sequence[int]) -> State:
    """One nonzero entry per row (diagonal gates, X, CX, SWAP …): blocks are moved and scaled, most stay as they are."""
    after = state.copy()
    for row, column in enumerate(np.argmax(matrix != 0, axis=1).tolist()):
        factor = matrix[row, column]
        if row != column or factor != 1:
            source = state[block_of(state.ndim, axes, column)]
            after[block_of(state.ndim, axes, row)] = source if factor == 1 else factor * source
    return after
