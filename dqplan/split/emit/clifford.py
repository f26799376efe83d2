"""Which gates are Clifford: those that turn Pauli matrices into Pauli matrices."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op, gate_matrix

_TOLERANCE = 1e-9


def first_non_clifford(circuit: Circuit) -> int:
    """The row of the first operation that is not Clifford, -1 if all are."""
    for row, operation in enumerate(circuit):
        if operation.op not in (Op.MEASURE, Op.RESET) and not is_clifford(operation.op, operation.params):
            return row
    return -1


@lru_cache(maxsize=4096)
def is_clifford(op: Op, params: tuple[float, ...]) -> bool:
    """By the matrix: X and Z on each operand must become a product of Paulis, up to a phase."""
    unitary = gate_matrix(op, params)
    num_qubits = len(unitary).bit_length() - 1
    paulis = _paulis(num_qubits)
    generators = [paulis[kind * 4**place] for place in range(num_qubits) for kind in (1, 3)]
    turned = [unitary @ generator @ unitary.conj().T for generator in generators]
    overlaps = [np.abs(np.einsum("kij,ji->k", paulis, matrix)).max() / len(unitary) for matrix in turned]
    return bool(min(overlaps) > 1 - _TOLERANCE)


@cache
def _paulis(num_qubits: int) -> NDArray[np.complex128]:
    """All products of I, X, Y and Z, shape (4^n, 2^n, 2^n)."""
    single = np.array([gate_matrix(op) for op in (Op.ID, Op.X, Op.Y, Op.Z)])
    found = single
    for _ in range(num_qubits - 1):
        found = np.array([np.kron(left, right) for left in found for right in single])
    return found
