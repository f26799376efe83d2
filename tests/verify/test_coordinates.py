"""Coordinates over GF(2)."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.verify.coordinates import Coordinates, Move, solve_parities

MASKS = st.integers(0, 63)


@given(st.lists(MASKS, max_size=6), MASKS)
def test_a_solvable_system_is_solved(rows, solution):
    values = [(row & solution).bit_count() & 1 for row in rows]
    found = solve_parities(rows, values)
    assert [(row & found).bit_count() & 1 for row in rows] == values


def assignments(coordinates: Coordinates) -> set[tuple[int, ...]]:
    """All values that the qubits can have together."""
    values = set()
    for bits in itertools.product((0, 1), repeat=len(coordinates.axes)):
        held = sum(axis for axis, bit in zip(coordinates.axes, bits, strict=True) if bit)
        values.add(tuple((mask & held).bit_count() & 1 for mask in coordinates.masks))
    return values


def values_by_amplitude(coordinates: Coordinates, moves: list[Move]) -> dict[tuple[int, ...], tuple[int, ...]]:
    """Where each old place in the tensor goes by the moves, and the values that the new coordinates give it there."""
    found = {}
    for bits in itertools.product((0, 1), repeat=len(coordinates.axes)):
        moved = list(bits)
        for control, target in moves:
            moved[target] ^= moved[control]
        held = sum(axis for axis, bit in zip(coordinates.axes, moved, strict=True) if bit)
        found[bits] = tuple((mask & held).bit_count() & 1 for mask in coordinates.masks)
    return found


@st.composite
def some_coordinates(draw: st.DrawFn) -> Coordinates:
    """Four axes and six qubits, four of which have an axis each before values are added to one another."""
    coordinates = Coordinates(6)
    for qubit in range(4):
        coordinates.masks[qubit] = coordinates.add_axis()
    for control, target in draw(st.lists(st.permutations(range(6)).map(lambda order: order[:2]), max_size=12)):
        coordinates.masks[target] ^= coordinates.masks[control]
    return coordinates


@settings(deadline=None)
@given(some_coordinates(), st.integers(0, 5))
def test_isolating_and_separating_change_coordinates_and_nothing_else(coordinates, qubit):
    """Every amplitude must still belong to the same values of all qubits."""
    before = values_by_amplitude(coordinates, [])
    moves = coordinates.isolate(qubit)
    assert coordinates.masks[qubit].bit_count() <= 1
    assert values_by_amplitude(coordinates, moves) == before

    before = values_by_amplitude(coordinates, [])
    separated = coordinates.separate(qubit)
    if separated is None:
        rest = {values[:qubit] + values[qubit + 1 :] for values in assignments(coordinates)}
        assert len(rest) == 2 ** len(coordinates.axes), "the others determine the qubit's value"
    else:
        mine = coordinates.masks[qubit]
        assert mine.bit_count() == 1
        assert sum(bool(mask & mine) for mask in coordinates.masks) == 1
        assert values_by_amplitude(coordinates, separated) == before


def test_a_dropped_axis_can_be_used_again():
    coordinates = Coordinates(3)
    first, second = coordinates.add_axis(), coordinates.add_axis()
    coordinates.masks[:] = [first, second, first ^ second]
    assert coordinates.drop_axis(first) == [0, 2]
    assert coordinates.masks == [0, second, second]
    assert coordinates.add_axis() == first
