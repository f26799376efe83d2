"""Recognise a small unitary matrix as operations of dqplan's vocabulary, whatever name its gate goes by elsewhere."""

from __future__ import annotations

import math
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import CONTROLLED, Matrix2, Op, gate_matrix
from dqplan.core.one_qubit import TOLERANCE, euler_angles, name_unitary, phase_of

Matrix = NDArray[np.complex128]


class Step(NamedTuple):
    """One operation on operands that are numbered from 0."""

    op: Op
    qubits: tuple[int, ...]
    params: tuple[float, ...] = ()


_FIXED_OPS = {
    2: (Op.ID, Op.X, Op.Y, Op.Z, Op.H, Op.S, Op.SDG, Op.T, Op.TDG, Op.SX, Op.SXDG),
    4: (Op.CX, Op.CY, Op.CZ, Op.CH, Op.CSX, Op.SWAP, Op.ISWAP, Op.ECR, Op.DCX),
    8: (Op.CCX, Op.CCZ, Op.CSWAP),
}
"""Gates without parameters, by the size of their matrices."""
_FIXED_MATRICES = {size: np.array([gate_matrix(op) for op in ops]) for size, ops in _FIXED_OPS.items()}
_EXCHANGE = gate_matrix(Op.SWAP)
_BELL_BASIS = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, -1], [1, -1, 0, 0]]) / math.sqrt(2)
"""Columns: |00> + |11>, |00> - |11>, |01> + |10>, |01> - |10>."""
_BELL_SIGNS = np.array([[1, -1, 1, -1], [-1, 1, 1, -1], [1, 1, -1, -1]])
"""Eigenvalues of XX, YY and ZZ on these four states."""


def recognise_gate(unitary: Matrix) -> tuple[Step, ...] | None:
    """The operations that equal a unitary up to its global phase, or None if it is not of the vocabulary.

    Args:
        unitary: shape (2^k, 2^k), the first operand most significant.

    Returns:
        The steps in order of application; none at all for an identity of several qubits. Every one-qubit unitary is
        recognised; of two qubits: the named gates, everything with one control (on either operand), diagonal matrices
        with or without an exchange, and products of RXX, RYY and RZZ; of three: CCX, CCZ and CSWAP with the operands
        in their usual order.
    """
    if len(unitary) == 2:
        return (_one_qubit_step(unitary),)
    if len(unitary) == 4:
        return _two_qubit_steps(unitary)
    if len(unitary) == 8:
        op = _fixed_op(unitary)
        return None if op is None else (Step(op, (0, 1, 2)),)
    return None


def _fixed_op(matrix: Matrix) -> Op | None:
    """The gate without parameters that a matrix is: if any, the one with the largest overlap |Tr(W† M)|."""
    candidates = _FIXED_MATRICES[len(matrix)]
    best = int(np.argmax(np.abs(np.tensordot(candidates.conj(), matrix, axes=2))))
    return _FIXED_OPS[len(matrix)][best] if _is_same(matrix, candidates[best]) else None


def _is_same(found: Matrix, wanted: Matrix) -> bool:
    """Whether two unitaries agree, element by element, up to a global phase."""
    pivot = np.unravel_index(np.argmax(np.abs(wanted)), wanted.shape)
    if abs(found[pivot]) < TOLERANCE:
        return False
    return _is_close(found * (wanted[pivot] / found[pivot]), wanted)


def _is_close(found: Matrix, wanted: Matrix | complex) -> bool:
    return bool(np.max(np.abs(found - wanted)) <= TOLERANCE)


def _one_qubit_step(matrix: Matrix) -> Step:
    fixed = _fixed_op(matrix)
    if fixed is not None:
        return Step(fixed, (0,))
    op, params = name_unitary(_entries(matrix))
    return Step(op, (0,), params)


def _entries(matrix: Matrix) -> Matrix2:
    a, b, c, d = matrix.ravel().tolist()
    return a, b, c, d


def _two_qubit_steps(matrix: Matrix) -> tuple[Step, ...] | None:
    for order, turned in (((0, 1), matrix), ((1, 0), _EXCHANGE @ matrix @ _EXCHANGE)):
        op = _fixed_op(turned)
        if op is not None:
            return (Step(op, order),)
        if _has_control(turned):
            return _controlled_steps(turned, order)
    if _is_diagonal(matrix):
        return _diagonal_steps(np.diagonal(matrix))
    if _is_diagonal(matrix @ _EXCHANGE):  # such as the inverse of iSWAP, or fSim(π/2, φ)
        return Step(Op.SWAP, (0, 1)), *_diagonal_steps(np.diagonal(matrix @ _EXCHANGE))
    in_bell_basis = _BELL_BASIS.T @ matrix @ _BELL_BASIS
    if _is_diagonal(in_bell_basis):
        return _pauli_pair_steps(np.diagonal(in_bell_basis))
    return None


def _is_diagonal(matrix: Matrix) -> bool:
    return _is_close(matrix, np.diag(np.diagonal(matrix)))


def _pauli_pair_steps(eigenvalues: Matrix) -> tuple[Step, ...]:
    """exp(i(x XX + y YY + z ZZ)), read from its phases on the Bell states, as RXX(-2x) RYY(-2y) RZZ(-2z)."""
    coefficients = _BELL_SIGNS @ np.angle(eigenvalues / eigenvalues[0]) / 4
    pairs = zip((Op.RXX, Op.RYY, Op.RZZ), coefficients.tolist(), strict=True)
    return tuple(Step(op, (0, 1), (-2 * half,)) for op, half in pairs if abs(half) > TOLERANCE)


def _diagonal_steps(phases: Matrix) -> tuple[Step, ...]:
    """RZZ if that is all; else a phase on either qubit, and what is then left on |11>."""
    first, second = phase_of(phases[2] / phases[0]), phase_of(phases[1] / phases[0])
    both = phase_of(phases[3] * phases[0] / (phases[1] * phases[2]))
    if abs(first - second) + abs(phase_of(phases[3] / phases[0])) <= TOLERANCE:
        return (Step(Op.RZZ, (0, 1), (first,)),)
    steps = Step(Op.P, (0,), (first,)), Step(Op.P, (1,), (second,)), Step(Op.CP, (0, 1), (both,))
    return tuple(step for step in steps if abs(step.params[0]) > TOLERANCE)


def _has_control(matrix: Matrix) -> bool:
    """Whether the first operand is a control: the matrix is block diagonal and its first block a phase."""
    rows_of_control_0 = matrix[:2] - matrix[0, 0] * np.eye(2, 4)
    return _is_close(rows_of_control_0, 0) and _is_close(matrix[2:, :2], 0)


def _controlled_steps(matrix: Matrix, order: tuple[int, int]) -> tuple[Step, ...]:
    """The gate on the target is taken with its phase: under a control that phase can be seen."""
    target = matrix[2:, 2:] / matrix[0, 0]
    theta, phi, lam, gamma = euler_angles(_entries(target))
    if _is_close(target, np.eye(2, dtype=np.complex128)):
        return ()
    if _is_same(target, gate_matrix(Op.ID)):
        return (Step(Op.P, order[:1], (gamma,)),)
    turn = phase_of(target[1, 1] * target[0, 0].conjugate())
    full = 2 * math.pi  # RX, RY and RZ return to themselves after two full turns only: one turn is a phase of -1
    angles = (turn, turn + full, theta, -theta, full - theta, theta - full)
    for op, angle in product((Op.CP, Op.CRZ, Op.CRX, Op.CRY), angles):
        if _is_close(target, gate_matrix(CONTROLLED[op], (angle,))):
            return (Step(op, order, (angle,)),)
    return (Step(Op.CU, order, (theta, phi, lam, gamma)),)
