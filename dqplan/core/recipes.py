"""How each gate of the vocabulary is written with one-qubit unitaries and symmetric diagonal gates CP(θ) only.

Every recipe is exact up to a global phase. Controls stay diagonal wherever an identity allows it, because a qubit can
be shared between modules for as long as only diagonal gates act on it (Andres-Martinez & Heunen, arXiv:1811.10972).
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from dqplan.core.gates import CONTROLLED, SYMMETRIC, Matrix2, Op, adjoint, controlled_target, one_qubit_matrix
from dqplan.core.one_qubit import eigenbasis

PI = math.pi


@dataclass(frozen=True, slots=True)
class Local:
    """A one-qubit unitary on operand `i`.

    `frame` marks a change of basis that a later step undoes: under a classical condition it may be done always.
    """

    i: int
    matrix: Matrix2
    frame: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """CP(angle) between operands `i` and `j`, angle in radians."""

    i: int
    j: int
    angle: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """SWAP of operands `i` and `j`: only names change, nothing moves."""

    i: int
    j: int


Step = Local | Phase | Exchange
Recipe = tuple[Step, ...]

_H = one_qubit_matrix(Op.H)
_S = one_qubit_matrix(Op.S)
_X = one_qubit_matrix(Op.X)
_R = math.sqrt(0.5)
Y_FRAME: Matrix2 = (_R, _R, 1j * _R, -1j * _R)
"""S·H: maps the Z axis to the Y axis."""


def phase_matrix(angle: float) -> Matrix2:
    """diag(1, e^{i angle})."""
    return (1, 0, 0, cmath.exp(1j * angle))


def _in_frame(i: int, frame: Matrix2, *steps: Step) -> Recipe:
    return (Local(i, adjoint(frame), frame=True), *steps, Local(i, frame, frame=True))


def _controlled(matrix: Matrix2, control: int, target: int) -> Recipe:
    """A controlled one-qubit unitary: one CP gate between the eigenvectors of its matrix."""
    frame, alpha, beta = eigenbasis(matrix)
    steps: list[Step] = [Phase(control, target, beta - alpha)]
    if alpha:
        steps.insert(0, Local(control, phase_matrix(alpha)))
    diagonal = frame == (1, 0, 0, 1)
    return tuple(steps) if diagonal else _in_frame(target, frame, *steps)


def _cx(control: int, target: int) -> Recipe:
    return _in_frame(target, _H, Phase(control, target, PI))


def _rzz(angle: float) -> Recipe:
    return (Local(0, phase_matrix(angle)), Local(1, phase_matrix(angle)), Phase(0, 1, -2 * angle))


def _ccz(a: int, pivot: int, c: int) -> Recipe:
    """CCZ from three CP(±π/2) and two CX onto the pivot (Barenco et al. 1995, Lemma 6.1); a and c stay diagonal."""
    return (
        Phase(pivot, c, PI / 2),
        *_cx(a, pivot),
        Phase(pivot, c, -PI / 2),
        *_cx(a, pivot),
        Phase(a, c, PI / 2),
    )


def _ccx(a: int, c: int, target: int) -> Recipe:
    return _in_frame(target, _H, *_ccz(a, target, c))


_FIXED: dict[Op, Recipe] = {
    Op.ECR: (*_in_frame(1, _H, *_rzz(PI / 2)), Local(0, _X)),  # X on the first operand after RZX(π/2)
    Op.SWAP: (Exchange(0, 1),),
    Op.ISWAP: (Local(0, _S), Local(1, _S), Phase(0, 1, PI), Exchange(0, 1)),  # SWAP · diag(1, i, i, 1)
    Op.DCX: (Exchange(0, 1), *_cx(0, 1)),  # CX(a, b) · CX(b, a) is a SWAP short of one CX
    Op.CCZ: _ccz(0, 2, 1),
    Op.CCX: _ccx(0, 1, 2),
    Op.CSWAP: (*_cx(2, 1), *_ccx(0, 1, 2), *_cx(2, 1)),
    Op.EPR: (Local(0, _H), *_cx(0, 1)),
}
_ROTATIONS: dict[Op, Callable[[float], Recipe]] = {
    Op.RZZ: _rzz,
    Op.RXX: lambda angle: _in_frame(0, _H, *_in_frame(1, _H, *_rzz(angle))),
    Op.RYY: lambda angle: _in_frame(0, Y_FRAME, *_in_frame(1, Y_FRAME, *_rzz(angle))),
    Op.RZX: lambda angle: _in_frame(1, _H, *_rzz(angle)),
}


@lru_cache(maxsize=65536)
def recipe_of(op: Op, params: tuple[float, ...] = ()) -> Recipe:
    """The gate with two or three operands as steps in time order.

    Raises:
        KeyError: for one-qubit gates, MEASURE and RESET, which need no recipe.
    """
    if op in CONTROLLED:
        return _controlled(controlled_target(op, params), 0, 1)
    if op in _ROTATIONS:
        return _ROTATIONS[op](params[0])
    return _FIXED[op]


def canonical_operands(op: Op, qubits: tuple[int, ...]) -> tuple[int, ...]:
    """Operands in an order that does not depend on how a symmetric gate was spelled."""
    if op in SYMMETRIC:
        return tuple(sorted(qubits))
    if op == Op.CCX:
        return (*sorted(qubits[:2]), qubits[2])
    return qubits
