"""CSV text -> rows that know their lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from dqplan.core.errors import HardwareError, Place
from dqplan.load.source import Source

_MOST_ROWS = 1_000_000


@dataclass(frozen=True)
class Row:
    """One row of a file: as many cells as there are headers."""

    source: str
    line: int
    cells: Sequence[str]

    def wrong(self, message: str, hint: str = "") -> HardwareError:
        """An error at this row."""
        return HardwareError(message, hint=hint, place=Place(self.source, self.line))


def read_table(source: Source) -> tuple[list[str], list[Row]]:
    """The headers and the rows; empty lines and lines that begin with `#` are passed over.

    Raises:
        HardwareError: not CSV, a row has more or fewer cells than there are headers, or there is no row.
    """
    reader = csv.reader(io.StringIO(source.text), strict=True)
    headers: list[str] = []
    rows: list[Row] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
                continue
            if not headers:
                headers = [cell.strip() for cell in cells]
                continue
            row = Row(source.name, reader.line_num, cells)
            if len(cells) != len(headers):
                raise row.wrong(f"the row has {len(cells)} cells, the header {len(headers)}")
            rows.append(row)
            if len(rows) > _MOST_ROWS:
                raise row.wrong(f"more than {_MOST_ROWS:,} rows", "give fewer measurements at once")
    except csv.Error as error:
        raise HardwareError(f"not CSV: {error}", place=Place(source.name, reader.line_num)) from error
    if not rows:
        raise HardwareError("the table has no rows", place=Place(source.name))
    return headers, rows
