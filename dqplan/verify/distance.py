"""How far two mixtures are apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dqplan.verify.process import Mixture


def trace_distance(first: Mixture, second: Mixture, num_qubits: int, measured: Sequence[int]) -> float:
    """Half the trace norm of the difference, in [0, 1], added up over all records.

    Args:
        first: a mixture.
        second: another, over the same qubits in the same order.
        num_qubits: their number.
        measured: places of qubits that are still to be measured; their outcomes belong to the record.
    """
    empty = np.zeros((0, 1 << num_qubits), dtype=np.complex128)
    total = 0.0
    for record in sorted({*first, *second}):
        left, right = first.get(record, empty), second.get(record, empty)
        signs = np.concatenate([np.ones(len(left)), -np.ones(len(right))])
        total += _trace_norm(_by_outcome(np.concatenate([left, right]), num_qubits, measured), signs)
    return total / 2


def _by_outcome(rows: NDArray[np.complex128], num_qubits: int, measured: Sequence[int]) -> NDArray[np.complex128]:
    """Vectors (rank, 2^n) as matrices (outcomes, 2^(n - m), rank)."""
    tensor = rows.reshape(len(rows), *(2,) * num_qubits)
    axes = [place + 1 for place in measured]
    rest = [axis for axis in range(1, num_qubits + 1) if axis not in axes]
    return tensor.transpose(*axes, *rest, 0).reshape(1 << len(axes), -1, len(rows))


def _trace_norm(columns: NDArray[np.complex128], signs: NDArray[np.float64]) -> float:
    """Trace norm of sum_k signs[k] |column k><column k|, added up over the leading axis.

    The columns are reduced to the triangle of their QR factorisation, so that equal vectors cancel to rounding and not
    only to its square root, as they would in a formula that uses their overlap.
    """
    triangles: NDArray[np.complex128] = np.asarray(np.linalg.qr(columns, mode="r"))
    difference = (triangles * signs) @ triangles.conj().swapaxes(-1, -2)
    return float(np.abs(np.linalg.eigvalsh(difference)).sum())
