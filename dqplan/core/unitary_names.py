"""The plainest gate for a one-qubit unitary, up to global phase."""

from __future__ import annotations

import cmath
import math

from dqplan.core.gates import Matrix2, Op, one_qubit_matrix

TOLERANCE = 1e-12
"""Largest deviation of a matrix element at which two gates count as the same."""
_PLAIN = (Op.ID, Op.X, Op.Z, Op.H, Op.Y, Op.S, Op.SDG, Op.T, Op.TDG)


def name_unitary(matrix: Matrix2) -> tuple[Op, tuple[float, ...]]:
    """A gate that equals the unitary up to global phase: a gate of qelib1.inc without angles, else P, RX or RY, else U.

    Returns:
        The operation code and its angles in radians; (Op.ID, ()) for the identity.
    """
    for op in _PLAIN:
        if _is_same(matrix, one_qubit_matrix(op)):
            return op, ()
    theta, phi, lam, _ = euler_angles(matrix)
    candidates = ((Op.P, (phi + lam,)), (Op.RX, (theta,)), (Op.RX, (-theta,)), (Op.RY, (theta,)), (Op.RY, (-theta,)))
    for op, params in candidates:
        if _is_same(matrix, one_qubit_matrix(op, params)):
            return op, params
    return Op.U, (theta, phi, lam)


def euler_angles(matrix: Matrix2) -> tuple[float, float, float, float]:
    """θ, φ, λ, γ with matrix = e^{iγ} U(θ, φ, λ), to the accuracy of the matrix.

    The phases are read from the two larger elements of the four, whose phases are the accurate ones.
    """
    a, b, c, d = (complex(x) for x in matrix)
    theta = 2 * math.atan2(abs(c), abs(a))
    gamma = cmath.phase(a)
    phi = _wrapped(cmath.phase(c) - gamma)
    lam = cmath.phase(d) - gamma - phi if abs(a) > abs(c) else cmath.phase(-b) - gamma
    return theta, phi, _wrapped(lam), gamma


def _is_same(left: Matrix2, right: Matrix2) -> bool:
    """Whether two unitaries agree, element by element, up to a global phase."""
    overlap = sum(complex(a).conjugate() * b for a, b in zip(left, right, strict=True))
    phase = overlap / abs(overlap) if overlap else 1
    return all(abs(a * phase - b) < TOLERANCE for a, b in zip(left, right, strict=True))


def _wrapped(angle: float) -> float:
    return math.remainder(angle, 2 * math.pi)
