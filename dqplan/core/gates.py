"""The vocabulary of operations: codes, arities and exact unitary matrices.

Matrices include the global phase, because a phase becomes observable under `ctrl @`. Conventions are those of the
OpenQASM standard libraries (stdgates.inc of OpenQASM 3, qelib1.inc of OpenQASM 2); `U` is the phase-free u3 of qelib1:
U(θ, φ, λ) = [[cos θ/2, -e^{iλ} sin θ/2], [e^{iφ} sin θ/2, e^{i(φ+λ)} cos θ/2]].
In matrices of several qubits the first operand is the most significant bit.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Matrix2 = tuple[complex, complex, complex, complex]
"""A 2 x 2 matrix, row by row."""


class Op(IntEnum):
    """Operation codes, the values of the column `Circuit.op`. The lower-case name is the OpenQASM spelling."""

    ID = 0
    X = 1
    Y = 2
    Z = 3
    H = 4
    S = 5
    SDG = 6
    T = 7
    TDG = 8
    SX = 9
    SXDG = 10
    P = 11
    RX = 12
    RY = 13
    RZ = 14
    U = 15
    CX = 16
    CY = 17
    CZ = 18
    CH = 19
    CSX = 20
    CP = 21
    CRX = 22
    CRY = 23
    CRZ = 24
    CU = 25
    SWAP = 26
    ISWAP = 27
    ECR = 28
    DCX = 29
    RXX = 30
    RYY = 31
    RZZ = 32
    RZX = 33
    CCX = 34
    CCZ = 35
    CSWAP = 36
    EPR = 37
    """Preparation of an e-bit from |00>: h a; cx a, b. Only in emitted programs."""
    MEASURE = 38
    RESET = 39

    @property
    def spelling(self) -> str:
        """The operation's name in OpenQASM."""
        return self.name.lower()


NUM_OPS = len(Op)
NUM_QUBITS: NDArray[np.int8] = np.array(
    [1 if op < Op.CX or op >= Op.MEASURE else 3 if Op.CCX <= op <= Op.CSWAP else 2 for op in Op], dtype=np.int8
)
"""Operands of each operation, indexed by code."""
NUM_PARAMS: NDArray[np.int8] = np.zeros(NUM_OPS, dtype=np.int8)
"""Real parameters of each operation, indexed by code."""
for _op in (Op.P, Op.RX, Op.RY, Op.RZ, Op.CP, Op.CRX, Op.CRY, Op.CRZ, Op.RXX, Op.RYY, Op.RZZ, Op.RZX):
    NUM_PARAMS[_op] = 1
NUM_PARAMS[Op.U] = 3
NUM_PARAMS[Op.CU] = 4
NUM_QUBITS.setflags(write=False)
NUM_PARAMS.setflags(write=False)

MAX_QUBITS = 3
MAX_PARAMS = 4

CONTROLLED: dict[Op, Op] = {
    Op.CX: Op.X,
    Op.CY: Op.Y,
    Op.CZ: Op.Z,
    Op.CH: Op.H,
    Op.CSX: Op.SX,
    Op.CP: Op.P,
    Op.CRX: Op.RX,
    Op.CRY: Op.RY,
    Op.CRZ: Op.RZ,
    Op.CU: Op.U,
}
"""Controlled gates (control first) and the gate on their target; the fourth parameter of CU is a phase."""

SYMMETRIC: frozenset[Op] = frozenset({Op.CZ, Op.CP, Op.SWAP, Op.ISWAP, Op.RXX, Op.RYY, Op.RZZ, Op.CCZ})
"""Gates whose operands may be exchanged without effect."""

_R = math.sqrt(0.5)
_T = cmath.exp(0.25j * math.pi)
_FIXED: dict[Op, Matrix2] = {
    Op.ID: (1, 0, 0, 1),
    Op.X: (0, 1, 1, 0),
    Op.Y: (0, -1j, 1j, 0),
    Op.Z: (1, 0, 0, -1),
    Op.H: (_R, _R, _R, -_R),
    Op.S: (1, 0, 0, 1j),
    Op.SDG: (1, 0, 0, -1j),
    Op.T: (1, 0, 0, _T),
    Op.TDG: (1, 0, 0, _T.conjugate()),
    Op.SX: (0.5 + 0.5j, 0.5 - 0.5j, 0.5 - 0.5j, 0.5 + 0.5j),
    Op.SXDG: (0.5 - 0.5j, 0.5 + 0.5j, 0.5 + 0.5j, 0.5 - 0.5j),
}


def _rx(theta: float) -> Matrix2:
    c, s = math.cos(theta / 2), -1j * math.sin(theta / 2)
    return (c, s, s, c)


def _ry(theta: float) -> Matrix2:
    c, s = math.cos(theta / 2), math.sin(theta / 2)
    return (c, -s, s, c)


def _u(theta: float, phi: float, lam: float) -> Matrix2:
    c, s = math.cos(theta / 2), math.sin(theta / 2)
    return (c, -cmath.exp(1j * lam) * s, cmath.exp(1j * phi) * s, cmath.exp(1j * (phi + lam)) * c)


_PARAMETRIC: dict[Op, Callable[..., Matrix2]] = {
    Op.P: lambda lam: (1, 0, 0, cmath.exp(1j * lam)),
    Op.RX: _rx,
    Op.RY: _ry,
    Op.RZ: lambda theta: (cmath.exp(-0.5j * theta), 0, 0, cmath.exp(0.5j * theta)),
    Op.U: _u,
}


def one_qubit_matrix(op: Op, params: Sequence[float] = ()) -> Matrix2:
    """Exact unitary of a one-qubit gate, row by row. KeyError for anything that is not one."""
    fixed = _FIXED.get(op)
    return fixed if fixed is not None else _PARAMETRIC[op](*params)


def controlled_target(op: Op, params: Sequence[float] = ()) -> Matrix2:
    """The exact unitary that a controlled gate applies to its target when the control is 1."""
    if op == Op.CU:
        phase = cmath.exp(1j * params[3])
        a, b, c, d = _u(*params[:3])
        return (phase * a, phase * b, phase * c, phase * d)
    return one_qubit_matrix(CONTROLLED[op], params)


def multiply(left: Matrix2, right: Matrix2) -> Matrix2:
    """The product left · right, that is: `right` acts first."""
    a, b, c, d = left
    e, f, g, h = right
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)


def adjoint(matrix: Matrix2) -> Matrix2:
    """The inverse of a unitary."""
    a, b, c, d = (complex(x).conjugate() for x in matrix)
    return (a, c, b, d)


def _array(matrix: Matrix2) -> NDArray[np.complex128]:
    return np.array(matrix, dtype=np.complex128).reshape(2, 2)


def controlled_array(unitary: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """The unitary with one more control in front (most significant)."""
    dim = len(unitary)
    out = np.eye(2 * dim, dtype=np.complex128)
    out[dim:, dim:] = unitary
    return out


_SWAP = np.eye(4, dtype=np.complex128)[[0, 2, 1, 3]]


def _pauli_rotation(left: Op, right: Op, theta: float) -> NDArray[np.complex128]:
    """exp(-i θ/2 · left ⊗ right)."""
    product = np.kron(_array(_FIXED[left]), _array(_FIXED[right]))
    return np.asarray(math.cos(theta / 2) * np.eye(4) - 1j * math.sin(theta / 2) * product, dtype=np.complex128)


_ROTATED_PAIRS = {Op.RXX: (Op.X, Op.X), Op.RYY: (Op.Y, Op.Y), Op.RZZ: (Op.Z, Op.Z), Op.RZX: (Op.Z, Op.X)}


def _larger_matrix(op: Op, params: tuple[float, ...]) -> NDArray[np.complex128]:
    x, h = _array(_FIXED[Op.X]), _array(_FIXED[Op.H])
    cx = controlled_array(x)
    if op in _ROTATED_PAIRS:
        return _pauli_rotation(*_ROTATED_PAIRS[op], params[0])
    if op == Op.SWAP:
        return _SWAP
    if op == Op.ISWAP:
        return _SWAP @ np.diag([1, 1j, 1j, 1])
    if op == Op.ECR:  # Qiskit's echoed cross-resonance gate: RZX(π/4) · X · RZX(-π/4), X on the first operand
        return np.asarray(_R * (np.kron(x, np.eye(2)) - np.kron(_array(_FIXED[Op.Y]), x)), dtype=np.complex128)
    if op == Op.DCX:
        return _SWAP @ cx @ _SWAP @ cx
    if op == Op.CCX:
        return controlled_array(cx)
    if op == Op.CCZ:
        return controlled_array(controlled_array(_array(_FIXED[Op.Z])))
    if op == Op.CSWAP:
        return controlled_array(_SWAP)
    if op == Op.EPR:
        return cx @ np.kron(h, np.eye(2))
    raise KeyError(op)


@lru_cache(maxsize=4096)
def gate_matrix(op: Op, params: tuple[float, ...] = ()) -> NDArray[np.complex128]:
    """Exact unitary of a gate, shape (2^k, 2^k) for k operands, the first operand most significant.

    Raises:
        KeyError: for MEASURE and RESET, which have none.
    """
    if NUM_QUBITS[op] == 1:
        matrix = _array(one_qubit_matrix(op, params))
    elif op in CONTROLLED:
        matrix = controlled_array(_array(controlled_target(op, params)))
    else:
        matrix = _larger_matrix(op, params)
    matrix.setflags(write=False)
    return matrix
