"""Unitaries on single places and on pairs of them, as the replay of native programs needs them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Matrix2, Op, gate_matrix

Unitary = NDArray[np.complex128]
SAME: Matrix2 = (1, 0, 0, 1)
TOLERANCE = 1e-9
"""Largest deviation of a matrix element that counts as rounding; a wrong angle of 1e-6 lies above."""
EXCHANGE = gate_matrix(Op.SWAP)


def on_places(matrices: Sequence[Matrix2]) -> Unitary:
    """One-qubit unitaries side by side, the first most significant."""
    product: Unitary = np.eye(1, dtype=np.complex128)
    for matrix in matrices:
        product = np.asarray(np.kron(product, np.array(matrix).reshape(2, 2)), dtype=np.complex128)
    return product


def on_pair(op: Op, params: tuple[float, ...], *, flipped: bool) -> Unitary:
    """A gate on a pair, whose second place is the first operand if it is flipped."""
    matrix = gate_matrix(op, params)
    return EXCHANGE @ matrix @ EXCHANGE if flipped else matrix


def factors_of(unitary: Unitary) -> tuple[Matrix2, Matrix2, float] | None:
    """A and B with A ⊗ B equal to a unitary on a pair, and the deviation; None if there are none."""
    tensor = unitary.reshape(2, 2, 2, 2)
    i, k, j, m = np.unravel_index(int(np.abs(tensor).argmax()), tensor.shape)
    left, right = tensor[:, k, :, m], tensor[i, :, j, :] / tensor[i, k, j, m]
    left, right = (part * (math.sqrt(2) / np.linalg.norm(part)) for part in (left, right))
    deviation = float(np.abs(np.kron(left, right) - unitary).max())
    if deviation > TOLERANCE:
        return None
    return _as_tuple(left), _as_tuple(right), deviation


def distance(first: Unitary, second: Unitary) -> float:
    """The largest difference of a matrix element, up to a phase."""
    overlap = np.vdot(first, second)
    phase = overlap / abs(overlap) if abs(overlap) > TOLERANCE else 1.0
    return float(np.abs(first * phase - second).max())


def slant(matrix: Matrix2) -> float:
    """How far a one-qubit unitary is from being diagonal."""
    return max(abs(matrix[1]), abs(matrix[2]))


def _as_tuple(matrix: Unitary) -> Matrix2:
    a, b, c, d = matrix.reshape(4).tolist()
    return (a, b, c, d)
