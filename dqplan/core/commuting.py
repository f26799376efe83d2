"""Which operations commute on a qubit, read from their kinds alone."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import MAX_QUBITS, NUM_OPS, Op


class Axis(IntEnum):
    """What an operation does to one of its qubits: nothing but functions of Z, or of X, or anything.

    Two operations commute if each qubit that both of them touch is on the same axis in both, Z or X: their parts on
    that qubit come from one commuting algebra.
    """

    ANY = 0
    Z = 1
    X = 2


def _axes() -> NDArray[np.int8]:
    z, x, any_ = Axis.Z, Axis.X, Axis.ANY
    axes = np.zeros((NUM_OPS, MAX_QUBITS), dtype=np.int8)
    for op in (Op.ID, Op.Z, Op.S, Op.SDG, Op.T, Op.TDG, Op.P, Op.RZ):
        axes[op] = (z, any_, any_)
    for op in (Op.X, Op.SX, Op.SXDG, Op.RX):
        axes[op] = (x, any_, any_)
    for op in (Op.CX, Op.CSX, Op.CRX, Op.RZX):
        axes[op] = (z, x, any_)
    for op in (Op.CY, Op.CH, Op.CRY, Op.CU, Op.CSWAP):
        axes[op] = (z, any_, any_)
    for op in (Op.CZ, Op.CP, Op.CRZ, Op.RZZ):
        axes[op] = (z, z, any_)
    axes[Op.RXX] = (x, x, any_)
    axes[Op.CCX] = (z, z, x)
    axes[Op.CCZ] = (z, z, z)
    return axes


AXES: NDArray[np.int8] = _axes()
"""`Axis` of each operand, shape (NUM_OPS, MAX_QUBITS)."""
AXES.setflags(write=False)
