"""Entanglement of Clifford circuits of any size, exactly, from their stabilizers.

The output is fixed by n commuting Pauli strings. Entropy does not depend on their signs, so each string is a row of 2n
bits, and a column of n rows is one Python integer: a gate costs a few XORs of n bits (Aaronson & Gottesman 2004,
arXiv:quant-ph/0406196, without the phases). Measuring, or applying a Pauli operator under any condition, changes the
rows in the same way whatever the outcome: all branches of such a circuit are equally entangled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Kind, Segments

MAX_WIRES = 10_000
"""More are not followed: their strings take a bit for every two wires, and half a minute from here on."""
TOLERANCE = 1e-9
"""Deviation from a Clifford gate that is taken as rounding; it moves an entropy by less than is printed."""
_PAULI = (1, 0, 0, 1)
"""The action of a Pauli operator: X stays X and Z stays Z, up to sign."""


def stabilizer_entropies(segments: Segments, events: NDArray[np.int64]) -> list[int] | None:
    """Entropy in bits of the first 1, 2, … n - 1 output qubits; None if the circuit is not Clifford or too large.

    Args:
        segments: the normal form; every wire begins in |0>.
        events: those to carry out, in order. Conditioned ones may only be Pauli operators.
    """
    actions = _actions(segments.unitaries)
    if segments.num_wires > MAX_WIRES or not _is_clifford(segments, events, actions):
        return None
    tableau = _Tableau(segments.num_wires)
    wire, other = segments.wire[segments.segment[events]], segments.wire[segments.other[events]]
    columns = (segments.kind[events], wire, other, segments.unitary[events])
    for kind, w, v, unitary in zip(*(column.tolist() for column in columns), strict=True):
        if kind == Kind.GATE:
            tableau.cz(w, v)
        elif unitary >= 0:
            tableau.rotate(w, *actions[unitary])
        else:
            tableau.measure(w)  # a reset is a measurement followed by a Pauli operator
    return _prefix_entropies((tableau.x[w], tableau.z[w]) for w in segments.output_wire.tolist())


class _Tableau:
    """Bit r of x[w] and z[w]: whether string r holds an X (or Y) and a Z (or Y) on wire w. It begins in |0…0>."""

    def __init__(self, num_wires: int) -> None:
        self.x = [0] * num_wires
        self.z = [1 << w for w in range(num_wires)]

    def cz(self, a: int, b: int) -> None:
        self.z[a] ^= self.x[b]
        self.z[b] ^= self.x[a]

    def rotate(self, w: int, xx: int, xz: int, zx: int, zz: int) -> None:
        """A one-qubit gate that takes X to X^xx Z^xz and Z to X^zx Z^zz."""
        x, z = self.x[w], self.z[w]
        self.x[w] = x * xx ^ z * zx
        self.z[w] = x * xz ^ z * zz

    def measure(self, w: int) -> None:
        """Z becomes a string of its own; those that anticommute with it are multiplied by one of them, which goes."""
        anticommuting = self.x[w]
        if not anticommuting:
            return
        leaving = anticommuting & -anticommuting
        for column in (self.x, self.z):
            for v, rows in enumerate(column):
                if rows & leaving:
                    column[v] = rows ^ anticommuting
        self.z[w] |= leaving


def _actions(unitaries: NDArray[np.complex128]) -> list[tuple[int, int, int, int] | None]:
    """How each one-qubit unitary maps X and Z, as bits (xx, xz, zx, zz); None if it is not Clifford."""
    u = unitaries.reshape(-1, 2, 2)
    images = [_pauli_bits(u @ pauli @ u.conj().transpose(0, 2, 1)) for pauli in (np.eye(2)[::-1], np.diag([1, -1]))]
    return [
        None if x_image is None or z_image is None else (*x_image, *z_image)
        for x_image, z_image in zip(*images, strict=True)
    ]


def _pauli_bits(matrices: NDArray[np.complex128]) -> list[tuple[int, int] | None]:
    """Which Pauli operator each Hermitian, traceless matrix is up to sign: (1, 0) X, (1, 1) Y, (0, 1) Z, or None."""
    parts = np.abs([matrices[:, 0, 1].real, matrices[:, 0, 1].imag, matrices[:, 0, 0].real])
    bits = ((1, 0), (1, 1), (0, 1))
    found = zip(parts.argmax(axis=0).tolist(), (parts.max(axis=0) > 1 - TOLERANCE).tolist(), strict=True)
    return [bits[which] if exact else None for which, exact in found]


def _is_clifford(
    segments: Segments, events: NDArray[np.int64], actions: list[tuple[int, int, int, int] | None]
) -> bool:
    """Whether all gates are CZ, all unitaries Clifford, and all that depends on outcomes a Pauli operator."""
    gates = events[segments.kind[events] == Kind.GATE]
    if (np.abs(np.abs(segments.angle[gates]) - math.pi) > TOLERANCE).any():
        return False
    conditioned = events[segments.condition[events] >= 0]
    if (segments.unitary[conditioned] < 0).any():
        return False
    used = segments.unitary[events]
    if any(actions[row] is None for row in used[used >= 0].tolist()):
        return False
    return all(actions[row] == _PAULI for row in segments.unitary[conditioned].tolist())


def _prefix_entropies(columns: Iterable[tuple[int, int]]) -> list[int]:
    """Entropy of the first k qubits: rank of the strings restricted to them, minus k.

    Fattal, Cubitt, Yamamoto, Bravyi & Chuang, arXiv:quant-ph/0406168. The rank is taken by columns.
    """
    basis: dict[int, int] = {}
    entropies = []
    for k, pair in enumerate(columns, start=1):
        for column in pair:
            while column and column.bit_length() in basis:
                column ^= basis[column.bit_length()]
            if column:
                basis[column.bit_length()] = column
        entropies.append(len(basis) - k)
    return entropies[:-1]
