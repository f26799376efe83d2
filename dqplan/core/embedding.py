"""Embedding: stretches of a wire that a copy of the qubit can live through, although they are not diagonal on it.

Between the cuts U₁ and U₂ that enclose a segment, let there be nothing but CZ gates. For control bits of parity x the
stretch acts on its qubit as U₂·Zˣ·U₁. If that is a permutation of |0> and |1> with phases, another one for x = 1 than
for x = 0, then it is X to the power of x + c up to phases, and a copy in the Z basis stays a copy if it is flipped
x + c times: by CX from the controls, wherever a copy is, and by X if c = 1. The phases count once, at home.
The case U₁ = U₂ = H is the H-type embedding of Wu et al., arXiv:2212.12688.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.normaliser import MATRIX_TOLERANCE
from dqplan.core.one_qubit import TOLERANCE
from dqplan.core.segments import Kind, Segments

_Z = np.diag([1.0, -1.0])


def bridgeable(segments: Segments) -> NDArray[np.bool_]:
    """Which segments a copy of their qubit can live through, made before and used again behind; shape (s,).

    Such a segment stands between two unconditional cuts and holds unconditional gates CP(π) only.
    """
    found = _enclosed(segments) & ~_disturbed(segments)
    places = np.flatnonzero(found)
    first, second = _cuts(segments, places), _cuts(segments, places + 1)
    without, within = second @ first, second @ _Z @ first
    found[places] = (_is_diagonal(without) & _is_antidiagonal(within)) | (
        _is_antidiagonal(without) & _is_diagonal(within)
    )
    return found


def flips_when_idle(segments: Segments, stretch: int) -> bool:
    """Whether a bridgeable segment flips its qubit if all controls are 0 (c = 1)."""
    place = np.array([stretch])
    return bool(_is_antidiagonal(_cuts(segments, place + 1) @ _cuts(segments, place))[0])


def _enclosed(segments: Segments) -> NDArray[np.bool_]:
    """Whether a segment begins and ends with an unconditional cut."""
    cuts = np.flatnonzero((segments.kind == Kind.CUT) & (segments.condition < 0))
    plain: NDArray[np.bool_] = np.isin(segments.opening, cuts)
    enclosed: NDArray[np.bool_] = plain & np.append(plain[1:], False) & (segments.following >= 0)
    return enclosed


def _disturbed(segments: Segments) -> NDArray[np.bool_]:
    """Whether a segment holds anything but unconditional CZ."""
    gate = segments.kind == Kind.GATE
    half_turn = np.abs(np.abs(segments.angle) - np.pi) < TOLERANCE
    foreign = (segments.kind != Kind.CUT) & ~(gate & half_turn & (segments.condition < 0))
    disturbed = np.zeros(segments.num_segments, dtype=np.bool_)
    disturbed[segments.segment[foreign]] = True
    disturbed[segments.other[foreign & gate]] = True
    return disturbed


def _cuts(segments: Segments, places: NDArray[np.integer]) -> NDArray[np.complex128]:
    """The unitaries with which segments begin, shape (n, 2, 2)."""
    rows: NDArray[np.complex128] = segments.unitaries[segments.unitary[segments.opening[places]]]
    return rows.reshape(-1, 2, 2)


def _is_diagonal(matrices: NDArray[np.complex128]) -> NDArray[np.bool_]:
    return _vanish(matrices[:, [0, 1], [1, 0]])


def _is_antidiagonal(matrices: NDArray[np.complex128]) -> NDArray[np.bool_]:
    return _vanish(matrices[:, [0, 1], [0, 1]])


def _vanish(elements: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Whether all elements of each row are zero, up to rounding."""
    small: NDArray[np.bool_] = np.abs(elements) < MATRIX_TOLERANCE
    return small[:, 0] & small[:, 1]
