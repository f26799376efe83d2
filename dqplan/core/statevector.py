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

    Args:
        state: shape (2,) * n, not changed.
        matrix: shape (2^k, 2^k), the first axis most significant.
        axes: k distinct axes.
    """
    k = len(axes)
    tensor = matrix.reshape((2,) * (2 * k))
    moved = np.tensordot(tensor, state, axes=(range(k, 2 * k), axes))
    return np.moveaxis(moved, range(k), axes)


def apply_gate(state: State, op: Op, axes: Sequence[int], params: tuple[float, ...] = ()) -> State:
    """The state after a gate of the vocabulary (not MEASURE or RESET)."""
    return apply_matrix(state, gate_matrix(op, params), axes)
