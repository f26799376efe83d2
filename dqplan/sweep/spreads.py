"""Values of parameters and seeds, as the specification writes them -> lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dqplan.sweep.row import Scalar

if TYPE_CHECKING:
    from dqplan.sweep.schema import Seeds, Spread

_DIGITS = 12
"""Significant digits of what is calculated, so that 2, 4, 8 are whole numbers and the same everywhere."""


def values_of(spread: Spread) -> list[Scalar]:
    """All values of a parameter, in order.

    >>> from dqplan.sweep.schema import Spread
    >>> values_of(Spread(logspace=[2, 16, 4])), values_of(Spread(linspace=[0.5, 1, 3]))
    ([2, 4, 8, 16], [0.5, 0.75, 1.0])
    """
    if spread.linspace is not None:
        first, last, count = spread.linspace
        return _numbers([first + (last - first) * part for part in _parts(count)], first, last)
    if spread.logspace is not None:
        first, last, count = spread.logspace
        return _numbers([first * (last / first) ** part for part in _parts(count)], first, last)
    return list(spread.values or [])


def seeds_of(seeds: Seeds) -> list[int]:
    """All seeds, in order."""
    return list(seeds.values or range(seeds.first, seeds.first + (seeds.count or 0)))


def spread_faults(spread: Spread, most: int) -> Iterator[tuple[str, str]]:
    """What is wrong with a spread beyond its types: key and message."""
    given = [key for key in ("values", "linspace", "logspace") if getattr(spread, key) is not None]
    if len(given) != 1:
        found = "nothing" if not given else " and ".join(given)
        yield "", f"found {found}; expected a list, a linspace or a logspace"
    for key in ("linspace", "logspace"):
        first, last, count = getattr(spread, key) or (1, 1, 1)
        if count != int(count) or not 1 <= count <= most:
            yield key, f"found {count:g} as the third number; expected how many there are, 1 to {most}"
        if key == "logspace" and min(first, last) <= 0:
            yield key, f"found {min(first, last):g}; equal ratios need numbers above 0"


def _parts(count: float) -> list[float]:
    """`count` numbers from 0 to 1."""
    return [k / max(1, int(count) - 1) for k in range(int(count))]


def _numbers(values: list[float], first: float, last: float) -> list[Scalar]:
    """Rounded; whole where both ends are whole numbers and the value is one."""
    whole = isinstance(first, int) and isinstance(last, int)
    rounded = [float(f"{value:.{_DIGITS}g}") for value in values]
    return [int(value) if whole and value == int(value) else value for value in rounded]
