"""Every gate as Clifford gates and Pauli rotations exp(-iθP/2): the form in which T gates are counted.

A rotation by a multiple of π/2 is Clifford, one by an odd multiple of π/4 is a T gate between Clifford gates. By kind:

    t, tdg                           1 rotation by ±π/4
    p, rx, ry, rz, rxx … rzx         1 by θ
    crx, cry, crz                    2 by θ/2   (two CX, or alike, around one of them)
    cp                               3 by θ/2   (on either qubit and on their parity)
    ch                               2 by π/4   (a CX between two opposite rotations about y)
    csx                              3 by π/4   (cp(π/2) in another basis)
    ccx, ccz, cswap                  7 by π/4   (Amy, Maslov, Mosca & Roetteler, arXiv:1206.0758, section 5)
    u                                θ and λ + φ or their parts, see `_u_angles`
    cu                               up to 6, see `_cu_angles`

All other gates are Clifford. The counts are those of the table; a cleverer decomposition of the circuit as a whole may
need fewer.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Op

Angles = NDArray[np.float64]
"""Radians, shape (rows, rotations per row)."""

_TOLERANCE = 1e-10
"""Angles closer than this many eighths of a turn to a multiple of π/4 are taken as that multiple, except for 0."""
_T_GATES = {Op.T: 1, Op.TDG: 1, Op.CH: 2, Op.CSX: 3, Op.CCX: 7, Op.CCZ: 7, Op.CSWAP: 7}
_SCALED = {
    **dict.fromkeys((Op.P, Op.RX, Op.RY, Op.RZ, Op.RXX, Op.RYY, Op.RZZ, Op.RZX), (1, 1.0)),
    **dict.fromkeys((Op.CRX, Op.CRY, Op.CRZ), (2, 0.5)),
    Op.CP: (3, 0.5),
}
"""Gates with one angle θ: (number of rotations, each by this multiple of θ)."""


def rotation_angles(op: Op, params: Angles) -> Angles:
    """The angles of the rotations in gates of one kind.

    Args:
        op: a gate, not MEASURE or RESET.
        params: radians, shape (rows, 4), one row per gate.

    Returns:
        Radians, shape (rows, rotations); 0 where a gate has fewer rotations than others of its kind.
    """
    if op in _SCALED:
        copies, scale = _SCALED[op]
        return np.tile(scale * params[:, :1], (1, copies))
    if op == Op.U:
        return _u_angles(params)
    if op == Op.CU:
        return _cu_angles(params)
    return np.full((len(params), _T_GATES.get(op, 0)), math.pi / 4)


def is_clifford_angle(angles: Angles) -> NDArray[np.bool_]:
    """Whether each angle is a multiple of π/2. Of the angles near 0 only 0 itself is: a tiny rotation is one, too."""
    eighths, near = _eighths(angles)
    return np.asarray(near & (eighths % 2 == 0))


def is_t_angle(angles: Angles) -> NDArray[np.bool_]:
    """Whether each angle is an odd multiple of π/4."""
    eighths, near = _eighths(angles)
    return np.asarray(near & (eighths % 2 == 1))


def _eighths(angles: Angles) -> tuple[Angles, NDArray[np.bool_]]:
    """The nearest multiples of π/4, and whether they are near enough."""
    exact = angles / (math.pi / 4)
    nearest = np.rint(exact)
    return nearest, (np.abs(exact - nearest) < _TOLERANCE) & ((nearest != 0) | (angles == 0))


def _half_turns(theta: Angles) -> Angles:
    """0 where U(θ, ·, ·) is diagonal, 1 where it is anti-diagonal, -1 elsewhere."""
    eighths, near = _eighths(theta)
    return np.where(near & (eighths % 4 == 0), eighths / 4 % 2, -1.0)


def _u_angles(params: Angles) -> Angles:
    """U = P(φ)·RY(θ)·P(λ); a diagonal one is P(φ + λ) and an anti-diagonal one P(φ - λ)·Y, up to phases."""
    theta, phi, lam = params[:, 0], params[:, 1], params[:, 2]
    zero = np.zeros_like(theta)
    kind = _half_turns(theta)
    cases = [kind == 0, kind == 1]
    rows = [
        np.select(cases, [phi + lam, phi - lam], theta),
        np.select(cases, [zero, zero], phi),
        np.select(cases, [zero, zero], lam),
    ]
    return np.stack(rows, axis=1)


def _cu_angles(params: Angles) -> Angles:
    """CU(θ, φ, λ, γ) on (control, target); γ is the phase of U.

    In general P(γ + (φ + λ)/2) on the control and, on the target, P((λ - φ)/2), CX, RY(-θ/2)·P(-(φ + λ)/2), CX,
    P(φ)·RY(θ/2) in time order. A diagonal U is a phase on the control and three rotations of CP(φ + λ), two of them on
    the target; an anti-diagonal one is a phase on the control and CX between P(±a), a = (φ - λ - π)/2.
    """
    theta, phi, lam, gamma = params.T
    zero = np.zeros_like(theta)
    kind = _half_turns(theta)
    cases = [kind == 0, kind == 1]
    half_sum, turn = (phi + lam) / 2, (phi - lam - math.pi) / 2
    # RY(θ) with θ = 2π, 6π, … is -1 and with θ = 3π, 7π, … is -RY(π): half a turn more on the control, Clifford anyway.
    rows = [
        np.select(cases, [gamma + half_sum, gamma + half_sum + math.pi / 2], gamma + half_sum),
        np.select(cases, [half_sum, turn], (lam - phi) / 2),
        np.select(cases, [half_sum, turn], half_sum),
        np.select(cases, [zero, zero], theta / 2),
        np.select(cases, [zero, zero], theta / 2),
        np.select(cases, [zero, zero], phi),
    ]
    return np.stack(rows, axis=1)
