"""All combinations of some lists without writing them down, and some of them drawn at random."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any


@dataclass(frozen=True)
class Grid:
    """Every combination of one item of each axis, the last axis varying fastest."""

    axes: tuple[Sequence[Any], ...]

    def __len__(self) -> int:
        return prod(len(axis) for axis in self.axes)

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        """The combination of that number, from 0."""
        chosen = []
        for axis in reversed(self.axes):
            number, place = divmod(number, len(axis))
            chosen.append(axis[place])
        return tuple(reversed(chosen))


def combinations_of(grids: Sequence[Grid], rows: int | None, seed: int) -> Iterator[tuple[Any, ...]]:
    """The combinations of all grids, one grid after the other.

    Args:
        grids: at least one.
        rows: so many of them, drawn without repetition, in their order; None for all.
        seed: of the draw.
    """
    total = sum(map(len, grids))
    numbers: Sequence[int] = range(total)
    if rows is not None and rows < total:
        numbers = sorted(random.Random(seed).sample(numbers, rows))
    ends = _ends(grids)
    grid = 0
    for number in numbers:
        while number >= ends[grid]:
            grid += 1
        yield grids[grid][number - ends[grid] + len(grids[grid])]


def _ends(grids: Sequence[Grid]) -> list[int]:
    """One more than the number of the last combination of each grid."""
    ends = [0]
    for grid in grids:
        ends.append(ends[-1] + len(grid))
    return ends[1:]
