"""Two-qubit unitaries as few CP gates between one-qubit unitaries, with or without a SWAP behind.

Every two-qubit unitary is (A1 ⊗ B1) · exp(i(x XX + y YY + z ZZ)) · (A0 ⊗ B0) (Kraus & Cirac, Phys. Rev. A 63, 062309,
2001). Each coordinate that is not a multiple of π/2 costs one CP gate; SWAP adds π/4 to all three.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Matrix2, Op, adjoint, gate_matrix, multiply, one_qubit_matrix
from dqplan.core.recipes import Y_FRAME, phase_matrix

Pair = tuple[Matrix2, Matrix2]
"""A one-qubit unitary for each of two qubits."""
COORDINATE_TOLERANCE = 1e-13
"""Radians by which a coordinate may miss a multiple of π/2 and count as one: the rounding of long products of gates.

It drops a CP of less than 4e-13 radians, if that is merged with other gates of the same pair."""
_IDENTITY: Matrix2 = (1, 0, 0, 1)
_PAULIS = [one_qubit_matrix(op) for op in (Op.X, Op.Y, Op.Z)]
FRAMES: tuple[Matrix2, ...] = (one_qubit_matrix(Op.H), Y_FRAME, _IDENTITY)
"""For each Pauli matrix P, the frame F with P = F · Z · F†."""
_MAGIC = np.array([[1, 0, 0, 1j], [0, 1j, 1, 0], [0, 1j, -1, 0], [1, 0, 0, -1j]]) / math.sqrt(2)
"""Columns: the magic basis, in which products of one-qubit unitaries are real and XX, YY, ZZ are diagonal."""
_PAULI_DIAGONALS = np.array(
    [
        np.diag(_MAGIC.conj().T @ np.kron(pauli, pauli) @ _MAGIC).real
        for pauli in (gate_matrix(op) for op in (Op.X, Op.Y, Op.Z))
    ]
)
_MIXTURES = (0.3, 1.1, 2.3)
"""Angles at which real and imaginary part are mixed; none is special, and a degeneracy at one is none at another."""


@dataclass(frozen=True, slots=True)
class Layers:
    """A two-qubit unitary in layers: one-qubit unitaries, CP, one-qubit unitaries, ..., and SWAP if `exchange`.

    Attributes:
        turns: the one-qubit unitaries before, between and behind the CP gates, one more than there are angles.
        angles: of the CP gates, radians.
        exchange: whether a SWAP comes last.
    """

    turns: tuple[Pair, ...]
    angles: tuple[float, ...]
    exchange: bool = False


@dataclass(frozen=True, eq=False)
class CanonicalForms:
    """n two-qubit unitaries as `after` · exp(i(x XX + y YY + z ZZ)) · `before`, up to global phase.

    Attributes:
        before, after: complex128 (n, 2, 2, 2): the one-qubit unitaries of either qubit.
        coordinates: float64 (n, 3): x, y, z in radians, in no particular chamber.
    """

    before: NDArray[np.complex128]
    coordinates: NDArray[np.float64]
    after: NDArray[np.complex128]

    @cached_property
    def fewest(self) -> NDArray[np.int64]:
        """The smallest possible number of CP gates, shape (n,)."""
        shifts = np.array([0.0, math.pi / 4])[:, None, None]
        return np.asarray(_are_busy(self.coordinates - shifts).sum(axis=2).min(axis=0))

    def layers(self, row: int) -> Iterator[Layers]:
        """All ways to write a row with the fewest CP gates; Clifford unitaries in Clifford layers."""
        before, after = (
            [_as_tuple(matrix) for matrix in matrices[row].reshape(2, 4).tolist()]
            for matrices in (self.before, self.after)
        )
        for exchange in (False, True):
            coordinates = self.coordinates[row] - (math.pi / 4 if exchange else 0.0)
            busy = np.flatnonzero(_are_busy(coordinates)).tolist()
            if len(busy) == self.fewest[row]:
                yield from _orders(before, coordinates.tolist(), busy, after, exchange=exchange)


def _as_tuple(entries: list[complex]) -> Matrix2:
    a, b, c, d = entries
    return (a, b, c, d)


def _are_busy(coordinates: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which coordinates are no multiples of π/2."""
    turns = coordinates / (math.pi / 2)
    return np.abs(turns - np.round(turns)) * (math.pi / 2) > COORDINATE_TOLERANCE


def _orders(
    before: list[Matrix2], coordinates: list[float], busy: list[int], after: list[Matrix2], *, exchange: bool
) -> Iterator[Layers]:
    """XX, YY and ZZ commute: one CP gate for each busy axis, in every order."""
    for axis in {0, 1, 2}.difference(busy):
        if round(coordinates[axis] / (math.pi / 2)) % 2:  # exp(iπ/2 PP) = i P ⊗ P
            before = [multiply(_PAULIS[axis], matrix) for matrix in before]
    for order in permutations(busy):
        turns, angles, turn = [], [], before
        for axis in order:
            frame, x = FRAMES[axis], coordinates[axis]
            turns.append([multiply(adjoint(frame), matrix) for matrix in turn])
            angles.append(4 * x)
            turn = [multiply(frame, phase_matrix(-2 * x))] * 2  # exp(ix ZZ) = P(-2x) ⊗ P(-2x) · CP(4x)
        last = after[::-1] if exchange else after  # SWAP · (B ⊗ A) = (A ⊗ B) · SWAP
        turns.append([multiply(matrix, local) for matrix, local in zip(last, turn, strict=True)])
        first, second = (_in_standard_form([pair[qubit] for pair in turns]) for qubit in (0, 1))
        yield Layers(tuple(zip(first, second, strict=True)), tuple(angles), exchange)


def _in_standard_form(turns: list[Matrix2]) -> list[Matrix2]:
    """The turns of one qubit with phases moved past the CP gates to the last, so that they are no matter of chance."""
    phases = _IDENTITY
    standard = []
    for turn in turns[:-1]:
        a, b, c, d = multiply(turn, phases)
        upper, lower = (x if abs(x) > 0.5 else y for x, y in ((a, b), (c, d)))
        phases = (upper / abs(upper), 0, 0, lower / abs(lower))
        standard.append(multiply(adjoint(phases), (a, b, c, d)))
    return [*standard, multiply(turns[-1], phases)]


def canonical_forms(unitaries: NDArray[np.complex128]) -> CanonicalForms:
    """Canonical forms of unitaries of shape (n, 4, 4), exact to rounding for every unitary.

    In the magic basis a unitary is k1 · e^{iδ} · k0 with k1, k0 real and δ diagonal, so that its transpose times itself
    is k0ᵀ · e^{2iδ} · k0: k0 diagonalises two commuting real symmetric matrices, its real and its imaginary part.
    """
    turned = _in_magic_basis(unitaries)
    square = turned.transpose(0, 2, 1) @ turned
    basis = _common_eigenbasis(square)
    basis[:, :, 0] *= np.sign(np.linalg.det(basis))[:, None]
    halves = np.angle(np.einsum("nji,njk,nki->ni", basis, square, basis)) / 2
    rest = _times_phases(turned @ basis, -halves)
    halves[:, 0] += np.where(np.linalg.det(rest.real) < 0, math.pi, 0.0)
    rest = _times_phases(turned @ basis, -halves)
    before, after = basis.transpose(0, 2, 1).astype(np.complex128), rest.real.astype(np.complex128)
    return CanonicalForms(
        _factors(_MAGIC @ before @ _MAGIC.conj().T),
        halves @ _PAULI_DIAGONALS.T / 4,
        _factors(_MAGIC @ after @ _MAGIC.conj().T),
    )


def class_traces(unitaries: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Σ over e^{2iδ}, shape (n,): 4 cos 2x cos 2y cos 2z + 4i sin 2x sin 2y sin 2z, up to sign.

    Real if some coordinate is a multiple of π/2, imaginary if that is so behind a SWAP (Makhlin, Quantum Inf. Process.
    1, 243, 2002, has its square as an invariant).
    """
    turned = _in_magic_basis(unitaries)
    traces: NDArray[np.complex128] = np.einsum("nij,nij->n", turned, turned)
    return traces


def _in_magic_basis(unitaries: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """The unitaries with determinant 1, in the magic basis."""
    phases = np.angle(np.linalg.det(unitaries)) / 4
    turned: NDArray[np.complex128] = _MAGIC.conj().T @ (unitaries * np.exp(-1j * phases)[:, None, None]) @ _MAGIC
    return turned


def _common_eigenbasis(square: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Real orthogonal matrices whose columns are eigenvectors of the symmetric unitaries."""
    best = np.zeros(square.shape)
    smallest = np.full(len(square), np.inf)
    for angle in _MIXTURES:
        basis = np.linalg.eigh(math.cos(angle) * square.real + math.sin(angle) * square.imag)[1]
        product = basis.transpose(0, 2, 1) @ square @ basis
        error = np.abs(product * (1 - np.eye(4))).max(axis=(1, 2), initial=0)
        better = error < smallest
        best[better], smallest[better] = basis[better], error[better]
    return best


def _times_phases(matrices: NDArray[np.complex128], angles: NDArray[np.float64]) -> NDArray[np.complex128]:
    product: NDArray[np.complex128] = matrices * np.exp(1j * angles)[:, None, :]
    return product


def _factors(products: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """A and B of A ⊗ B, shape (n, 2, 2, 2) for (n, 4, 4), up to a phase."""
    tensor = products.reshape(-1, 2, 2, 2, 2).transpose(0, 1, 3, 2, 4)
    rows = np.arange(len(tensor))
    largest = np.abs(tensor).max(axis=(1, 2)).reshape(-1, 4).argmax(axis=1)
    left = tensor.reshape(-1, 2, 2, 4)[rows, :, :, largest]
    left = left * math.sqrt(2) / np.linalg.norm(left, axis=(1, 2))[:, None, None]
    right = np.einsum("nij,nijkl->nkl", left.conj(), tensor) / 2
    return np.stack([left, right], axis=1)
