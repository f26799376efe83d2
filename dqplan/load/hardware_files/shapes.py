"""Regular networks: all, line, ring, star and grid, as pairs of indices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations

KINDS = ("all", "line", "ring", "star", "grid")


@dataclass(frozen=True)
class Shape:
    """A regular network; `rows` and `columns` matter to a grid only.

    The centre of a star is index 0; a grid is numbered row by row.
    """

    kind: str
    rows: int = 0
    columns: int = 0

    def fault(self, size: int) -> str:
        """Why `size` points cannot form this shape; empty if they can."""
        if self.kind == "ring" and size < 3:
            return f"a ring needs at least 3 members, found {size}"
        if self.kind == "grid" and self.rows * self.columns != size:
            return f"a grid of {self.rows}x{self.columns} needs {self.rows * self.columns} members, found {size}"
        return ""

    def pairs(self, size: int) -> list[tuple[int, int]]:
        """Neighbours (a, b) with a < b among `size` points that have no `fault`."""
        match self.kind:
            case "all":
                return list(combinations(range(size), 2))
            case "line":
                return [(i, i + 1) for i in range(size - 1)]
            case "ring":
                return [*((i, i + 1) for i in range(size - 1)), (0, size - 1)]
            case "star":
                return [(0, i) for i in range(1, size)]
            case _:
                return _grid_pairs(self.rows, self.columns)


def _grid_pairs(rows: int, columns: int) -> list[tuple[int, int]]:
    points = [(r * columns + c, r, c) for r in range(rows) for c in range(columns)]
    right = [(i, i + 1) for i, _, c in points if c + 1 < columns]
    below = [(i, i + columns) for i, r, _ in points if r + 1 < rows]
    return sorted(right + below)


def parse_shape(text: str) -> Shape | None:
    """The shape that a hardware file calls `line`, `ring`, `all`, `star` or `grid 3x4`; None for anything else."""
    if text in KINDS and text != "grid":
        return Shape(text)
    found = re.fullmatch(r"grid ([1-9][0-9]{0,5})x([1-9][0-9]{0,5})", text)
    return Shape("grid", int(found[1]), int(found[2])) if found else None
