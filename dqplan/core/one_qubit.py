"""One-qubit unitaries: the plainest gate, Euler angles, eigenvectors."""

from __future__ import annotations

import cmath
import math

from dqplan.core.gates import Matrix2, Op, one_qubit_matrix

TOLERANCE = 1e-12
"""Largest deviation of a matrix element at which two gates count as the same."""
_PLAIN = {op: one_qubit_matrix(op) for op in (Op.ID, Op.X, Op.Z, Op.H, Op.Y, Op.S, Op.SDG, Op.T, Op.TDG)}


def phase_of(number: complex) -> float:
    """The angle of a number in the complex plane, -π … π; `cmath.phase` refuses numbers with tiny parts."""
    return math.atan2(number.imag, number.real)


def name_unitary(matrix: Matrix2) -> tuple[Op, tuple[float, ...]]:
    """A gate that equals the unitary up to global phase: a gate of qelib1.inc without angles, else P, RX or RY, else U.

    Returns:
        The operation code and its angles in radians; (Op.ID, ()) for the identity.
    """
    for op, plain in _PLAIN.items():
        if _is_same(matrix, plain):
            return op, ()
    theta, phi, lam = (snapped(angle) for angle in euler_angles(matrix)[:3])
    candidates = (
        (Op.P, (snapped(phi + lam),)),
        (Op.RX, (theta,)),
        (Op.RX, (-theta,)),
        (Op.RY, (theta,)),
        (Op.RY, (-theta,)),
    )
    for op, params in candidates:
        if _is_same(matrix, one_qubit_matrix(op, params)):
            return op, params
    return Op.U, (theta, phi, lam)


def snapped(angle: float) -> float:
    """The nearest multiple of π/32 (but 0) if it is within `TOLERANCE`, else the angle: rounding taken back."""
    multiple = round(angle * 32 / math.pi)
    exact = multiple * math.pi / 32
    return exact if multiple and abs(angle - exact) < TOLERANCE else angle


def euler_angles(matrix: Matrix2) -> tuple[float, float, float, float]:
    """(θ, φ, λ, γ) in radians with matrix = e^{iγ} · U(θ, φ, λ) and 0 <= θ <= π."""
    a, b, c, d = (complex(x) for x in matrix)
    if abs(c) < TOLERANCE:
        return 0.0, 0.0, phase_of(d / a), phase_of(a)
    if abs(a) < TOLERANCE:
        return math.pi, phase_of(c), phase_of(-b), 0.0
    return 2 * math.atan2(abs(c), abs(a)), phase_of(c / a), phase_of(-b / a), phase_of(a)


def eigenbasis(matrix: Matrix2) -> tuple[Matrix2, float, float]:
    """(V, α, β) with matrix = V · diag(e^{iα}, e^{iβ}) · V†, V unitary, α and β in (-π, π].

    V is exactly the identity for a diagonal matrix and exactly H for rotations about x.
    """
    a, b, c, d = (complex(x) for x in matrix)
    if abs(b) < TOLERANCE and abs(c) < TOLERANCE:
        return (1, 0, 0, 1), principal(phase_of(a)), principal(phase_of(d))
    if abs(a - d) < TOLERANCE and abs(b - c) < TOLERANCE:
        return one_qubit_matrix(Op.H), principal(phase_of(a + b)), principal(phase_of(a - b))
    mean = (a + d) / 2
    root = cmath.sqrt(mean * mean - (a * d - b * c))
    first, second = mean + root, mean - root
    x, y = (b, first - a) if abs(first - a) >= abs(first - d) else (first - d, c)
    norm = math.hypot(abs(x), abs(y))
    turn = cmath.exp(-1j * phase_of(x)) / norm
    x, y = x * turn, y * turn
    frame = (x, -y.conjugate(), y, x.conjugate())
    return frame, principal(phase_of(first)), principal(phase_of(second))


def principal(angle: float) -> float:
    """-π within rounding becomes π, so that noise does not choose the branch of a root."""
    return math.pi if angle < TOLERANCE - math.pi else angle


def _is_same(left: Matrix2, right: Matrix2) -> bool:
    """Whether two unitaries agree, element by element, up to a global phase."""
    (a, b, c, d), (e, f, g, h) = left, right
    overlap = a.conjugate() * e + b.conjugate() * f + c.conjugate() * g + d.conjugate() * h
    size = abs(overlap)
    if abs(size - 2) > TOLERANCE:  # says no quickly: equal unitaries overlap by 2
        return False
    phase = overlap / size
    return all(abs(x * phase - y) < TOLERANCE for x, y in zip(left, right, strict=True))
