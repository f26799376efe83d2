"""State vectors as tensors: the few lines of exact simulation that profile and verify share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Op, gate_matrix

State = NDArray[np.complex128]
"""Amplitudes, shape (2,) * number of qubits; axis i is qubit i."""


def zero_state(num_qubits: int) -> State:
    """|0…0>."""
    state = np.zeros((2,) * num_qubits, dtype=np.complex128)
    state[(0,) * num_qubits] = 1
    return state


def apply_matrix(state: State, matrix: NDArray[np.complex128], axes: Sequence[int]) -> State:
    """The state after a unitary (or any matrix) on the given axes.

    Block by block, so that rows of an identity cost nothing; no BLAS, whose threads cost more than they gain here.

    Args:
        state: shape (2,) * n, not changed.
        matrix: shape (2^k, 2^k), the first axis most significant.
        axes: k distinct axes.
    """
    after = state.copy()
    for row, entries in enumerate(matrix):
        columns = np.flatnonzero(entries).tolist()
        if columns != [row] or entries[row] != 1:
            terms = [_scaled(state[block_of(state.ndim, axes, column)], complex(entries[column])) for column in columns]
            after[block_of(state.ndim, axes, row)] = sum(terms[1:], terms[0]) if terms else 0
    return after


def apply_gate(state: State, op: Op, axes: Sequence[int], params: tuple[float, ...] = ()) -> State:
    """The state after a gate of the vocabulary (not MEASURE or RESET)."""
    return apply_matrix(state, gate_matrix(op, params), axes)


def block_of(num_axes: int, axes: Sequence[int], value: int) -> tuple[int | slice, ...]:
    """The index of the amplitudes for which `axes`, the first most significant, hold `value`."""
    index: list[int | slice] = [slice(None)] * num_axes
    for place, axis in enumerate(reversed(axes)):
        index[axis] = value >> place & 1
    return tuple(index)


def _scaled(block: State, factor: complex) -> State:
    return block if factor == 1 else block * factor
