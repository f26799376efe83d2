"""Residues are taken apart exactly, and never when they are not what they seem to be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.gates import Matrix2, Op, one_qubit_matrix
from dqplan.verify.structure.residue import Residue, TooLargeError
from tests.strategies import ANGLES

H = one_qubit_matrix(Op.H)


def test_gates_and_their_inverses_leave_the_identity():
    residue = Residue(2, most=2)
    residue.turn_left(0, H)
    residue.add_pair(0, 1, 0.3)
    residue.turn_left(0, H)
    residue.turn_right(0, H)
    assert residue.phase_right(0, 1, 0.3, None)
    residue.turn_right(0, H)
    assert all(residue.whole(wire) is not None for wire in (0, 1))
    assert not residue.block


def test_a_weak_phase_in_a_frame_is_no_rounding():
    """Its block is nearly diagonal: the diagonal elements differ from 1 by the square of what the others are."""
    residue = Residue(2, most=2)
    residue.turn_left(0, H)
    residue.add_pair(0, 1, 1e-6)
    residue.turn_left(0, H)
    assert residue.block


def test_three_cx_are_an_exchange():
    residue = Residue(2, most=2)
    for target in (0, 1, 0):
        residue.turn_left(target, H)
        residue.add_pair(0, 1, math.pi)
        residue.turn_left(target, H)
    assert residue.left_of == [1, 0]
    assert not residue.block


def test_phases_pass_a_block_that_flips_them():
    residue = Residue(2, most=2)
    residue.turn_left(1, H)
    residue.add_pair(0, 1, 0.3)
    residue.turn_left(1, H)
    residue.turn_left(0, one_qubit_matrix(Op.X))
    assert residue.block
    assert residue.flip[0]
    assert residue.carried(0) == 0


def test_blocks_have_a_limit():
    residue = Residue(3, most=2)
    for wire in (1, 2):
        residue.add_pair(0, wire, 0.3)
    with pytest.raises(TooLargeError):
        residue.turn_left(0, H)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from([Op.X, Op.H, Op.T, Op.Y, Op.CP]), st.integers(0, 2), ANGLES), max_size=12))
def test_w_is_the_product_of_what_was_multiplied(moves):
    residue, expected = Residue(3, most=3), np.eye(8, dtype=np.complex128)
    for op, wire, angle in moves:
        if op is Op.CP:
            residue.add_pair(wire, (wire + 1) % 3, angle)
            expected = phases(wire, (wire + 1) % 3, angle)[:, None] * expected
            continue
        matrix = one_qubit_matrix(op)
        expected = whole(wire, matrix) @ expected
        if op is Op.X:
            residue.flip_left(wire)
        elif op is Op.T:
            residue.add_single(wire, math.pi / 4)
        else:
            residue.turn_left(wire, matrix)
    overlap = np.vdot(expected, product(residue))
    assert abs(overlap) == pytest.approx(8)


def product(residue: Residue) -> np.ndarray:
    """W as a matrix."""
    matrix = np.eye(8, dtype=np.complex128)[[_moved(index, residue.right_of) for index in range(8)]]
    for block in {id(block): block for block in residue.block.values()}.values():
        matrix = embedded(block.wires, block.matrix) @ matrix
    for wire, local in residue.local.items():
        matrix = whole(wire, local) @ matrix
    for wire in range(3):
        if residue.flip[wire]:
            matrix = whole(wire, (0, 1, 1, 0)) @ matrix
    for wire in range(3):
        matrix = whole(wire, (1, 0, 0, np.exp(1j * residue.single[wire]))) @ matrix
        for other, angle in residue.pairs[wire].items():
            if other > wire:
                matrix = phases(wire, other, angle)[:, None] * matrix
    return matrix


def _moved(index: int, right_of: list[int]) -> int:
    """The index that P takes to this one: bit `right_of[w]` of it is bit w of this."""
    return sum((index >> (2 - wire) & 1) << (2 - right_of[wire]) for wire in range(3))


def bits(wire: int) -> np.ndarray:
    return np.arange(8) >> (2 - wire) & 1


def phases(a: int, b: int, angle: float) -> np.ndarray:
    return np.exp(1j * angle * (bits(a) & bits(b)))


def whole(wire: int, matrix: Matrix2) -> np.ndarray:
    return embedded((wire,), np.array(matrix, dtype=np.complex128).reshape(2, 2))


def embedded(wires: tuple[int, ...], matrix: np.ndarray) -> np.ndarray:
    """A matrix on some of three qubits."""
    inside = sum(bits(wire) << (len(wires) - 1 - place) for place, wire in enumerate(wires))
    outside = [tuple(int(bits(wire)[index]) for wire in range(3) if wire not in wires) for index in range(8)]
    found = matrix[np.ix_(inside, inside)]
    same = np.array([[one == other for other in outside] for one in outside])
    return np.where(same, found, 0)
