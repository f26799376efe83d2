"""Controlled unitaries with any number of controls, written in the vocabulary of `gates.Op` without extra qubits.

Everything is reduced to one primitive, a phase on the all-ones state of m qubits, which is symmetric and diagonal; an
idle operand lends itself as a borrowed qubit, so that the number of gates grows as m^2
(Barenco et al. 1995, arXiv:quant-ph/9503016, Lemmas 7.2, 7.3 and 7.5).
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from typing import NamedTuple

from dqplan.core.gates import CONTROLLED, Matrix2, Op, adjoint, multiply, one_qubit_matrix
from dqplan.core.one_qubit import TOLERANCE, eigenbasis, euler_angles, phase_of


class Row(NamedTuple):
    """One gate of a sequence: operation, operands, angles in radians."""

    op: Op
    qubits: tuple[int, ...]
    params: tuple[float, ...] = ()


def controlled_rows(matrix: Matrix2, controls: Sequence[int], target: int) -> list[Row]:
    """A one-qubit unitary under one or more controls, exact including its phase.

    Args:
        matrix: the unitary applied to `target` when all controls are 1.
        controls: at least one qubit.
        target: another qubit.
    """
    if len(controls) == 1:
        return _singly_controlled(matrix, controls[0], target)
    if len(controls) == 2 and _close(matrix, one_qubit_matrix(Op.X)):
        return [Row(Op.CCX, (*controls, target))]
    frame, alpha, beta = eigenbasis(matrix)
    diagonal = phase_rows(beta - alpha, (*controls, target))
    if abs(frame[2]) > TOLERANCE and diagonal:
        diagonal = [*local_rows(adjoint(frame), target), *diagonal, *local_rows(frame, target)]
    return diagonal + phase_rows(alpha, controls)


def phase_rows(angle: float, qubits: Sequence[int]) -> list[Row]:
    """The phase e^{i angle} on the state in which all of `qubits` (one or more) are 1; Lemma 7.5 unrolled."""
    rows: list[Row] = []
    *rest, target = qubits
    borrowed = [target]
    angle = math.remainder(angle, 2 * math.pi)
    while len(rest) > 1 and abs(angle) > TOLERANCE and not (len(rest) == 2 and _is_pi(angle)):
        pivot = rest.pop()
        flip = flip_rows(rest, pivot, borrowed)
        angle /= 2
        rows += [Row(Op.CP, (pivot, target), (angle,)), *flip, Row(Op.CP, (pivot, target), (-angle,)), *flip]
        borrowed.append(pivot)
    return rows + _small_phase(angle, (*rest, target))


def flip_rows(controls: Sequence[int], target: int, borrowed: Sequence[int]) -> list[Row]:
    """X on `target` if all controls are 1; `borrowed` qubits may hold anything and get it back.

    Needs one borrowed qubit for three or more controls.
    """
    if len(controls) <= 2:
        return [Row((Op.CX, Op.CCX)[len(controls) - 1], (*controls, target))]
    if len(borrowed) >= len(controls) - 2:
        return _flip_chain(controls, target, borrowed)
    middle, lent = (len(controls) + 1) // 2, borrowed[0]
    first, second = controls[:middle], [*controls[middle:], lent]
    halves = flip_rows(first, lent, [*second[:-1], target]) + flip_rows(second, target, first)
    return halves + halves  # Lemma 7.3


def local_rows(matrix: Matrix2, qubit: int) -> list[Row]:
    """A one-qubit unitary as at most one gate; its global phase is dropped (see `named_gate`)."""
    op, params, _ = named_gate(matrix)
    return [] if op == Op.ID else [Row(op, (qubit,), params)]


def named_gate(matrix: Matrix2) -> tuple[Op, tuple[float, ...], float]:
    """(operation, angles, γ) with matrix = e^{iγ} · gate; named gates are preferred to P, and P to U."""
    for op in (Op.ID, Op.X, Op.Y, Op.Z, Op.H, Op.S, Op.SDG, Op.T, Op.TDG, Op.SX, Op.SXDG):
        gamma = _phase_between(matrix, one_qubit_matrix(op))
        if gamma is not None:
            return op, (), gamma
    theta, phi, lam, gamma = euler_angles(matrix)
    return (Op.P, (lam,), gamma) if theta == 0 else (Op.U, (theta, phi, lam), gamma)


def matrix_power(matrix: Matrix2, exponent: float) -> Matrix2:
    """The principal power exp(exponent · log matrix), eigenphases taken in (-π, π]."""
    frame, alpha, beta = eigenbasis(matrix)
    diagonal: Matrix2 = (cmath.exp(1j * alpha * exponent), 0, 0, cmath.exp(1j * beta * exponent))
    return multiply(multiply(frame, diagonal), adjoint(frame))


def _flip_chain(controls: Sequence[int], target: int, borrowed: Sequence[int]) -> list[Row]:
    """Lemma 7.2: k controls and k - 2 borrowed qubits, 4 (k - 2) Toffoli gates."""
    ladder = [*borrowed[: len(controls) - 2], target]
    down = [(controls[i + 1], ladder[i - 1], ladder[i]) for i in range(len(ladder) - 1, 0, -1)]
    bottom = (controls[0], controls[1], ladder[0])
    sweep = [*down, bottom, *reversed(down), *down[1:], bottom, *reversed(down[1:])]
    return [Row(Op.CCX, qubits) for qubits in sweep]


def _small_phase(angle: float, qubits: tuple[int, ...]) -> list[Row]:
    if abs(angle) <= TOLERANCE:
        return []
    if _is_pi(angle):
        return [Row((Op.Z, Op.CZ, Op.CCZ)[len(qubits) - 1], qubits)]
    return [Row((Op.P, Op.CP)[len(qubits) - 1], qubits, (angle,))]


def _singly_controlled(matrix: Matrix2, control: int, target: int) -> list[Row]:
    for op in (Op.CX, Op.CY, Op.CZ, Op.CH, Op.CSX):
        if _close(matrix, one_qubit_matrix(CONTROLLED[op])):
            return [Row(op, (control, target))]
    theta, phi, lam, gamma = euler_angles(matrix)
    if theta == 0:  # diagonal: e^{iγ} · P(λ)
        return phase_rows(lam, (control, target)) + phase_rows(gamma, (control,))
    return [Row(Op.CU, (control, target), (theta, phi, lam, gamma))]


def _phase_between(left: Matrix2, right: Matrix2) -> float | None:
    """γ with left = e^{iγ} · right, or None."""
    overlap = sum(complex(x) * complex(y).conjugate() for x, y in zip(left, right, strict=True))
    gamma = phase_of(overlap)
    turn = cmath.exp(1j * gamma)
    a, b, c, d = right
    return gamma if _close(left, (turn * a, turn * b, turn * c, turn * d)) else None


def _close(left: Matrix2, right: Matrix2) -> bool:
    return all(abs(x - y) < TOLERANCE for x, y in zip(left, right, strict=True))


def _is_pi(angle: float) -> bool:
    return abs(abs(angle) - math.pi) < TOLERANCE
