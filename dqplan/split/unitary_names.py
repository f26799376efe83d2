"""The plainest gate for a one-qubit unitary, up to global phase."""

from __future__ import annotations

import cmath
import math

from dqplan.core.gates import Matrix2, Op, one_qubit_matrix

_TOLERANCE = 1e-12
_PLAIN = (Op.X, Op.Z, Op.H, Op.Y, Op.S, Op.SDG, Op.T, Op.TDG)


def name_unitary(matrix: Matrix2) -> tuple[Op, tuple[float, ...]]:
    """A gate that equals the unitary up to global phase, to 1e-12: a fixed gate, else P, RX or RY, else U.

    Returns:
        The operation code and its angles in radians. (Op.ID, ()) for the identity.
    """
    for op in (Op.ID, *_PLAIN):
        if _same_up_to_phase(matrix, one_qubit_matrix(op)):
            return op, ()
    theta, phi, lam = _euler_angles(matrix)
    candidates = ((Op.P, (phi + lam,)), (Op.RX, (theta,)), (Op.RX, (-theta,)), (Op.RY, (theta,)), (Op.RY, (-theta,)))
    for op, params in candidates:
        if _same_up_to_phase(matrix, one_qubit_matrix(op, params)):
            return op, params
    return Op.U, (theta, phi, lam)


def _same_up_to_phase(left: Matrix2, right: Matrix2) -> bool:
    overlap = sum(complex(a).conjugate() * b for a, b in zip(left, right, strict=True))
    phase = overlap / abs(overlap) if overlap else 1
    return all(abs(a * phase - b) < _TOLERANCE for a, b in zip(left, right, strict=True))


def _euler_angles(matrix: Matrix2) -> tuple[float, float, float]:
    """θ, φ, λ with U(θ, φ, λ) equal to the unitary up to global phase; φ and λ in (-π, π]."""
    a, b, c, d = matrix
    theta = 2 * math.atan2(abs(c), abs(a))
    if abs(a) < _TOLERANCE:
        return theta, _wrapped(cmath.phase(c) - cmath.phase(-b)), 0.0
    if abs(c) < _TOLERANCE:
        return theta, 0.0, _wrapped(cmath.phase(d) - cmath.phase(a))
    base = cmath.phase(a)
    return theta, _wrapped(cmath.phase(c) - base), _wrapped(cmath.phase(-b) - base)


def _wrapped(angle: float) -> float:
    return math.remainder(angle, 2 * math.pi)
