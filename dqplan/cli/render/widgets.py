"""The few shapes that every report is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from dqplan.cli.terminal.streams import printable

BAR_WIDTH = 24
"""Characters of the longest bar."""


def heading(text: str) -> Text:
    """The first line of a report."""
    return Text(printable(text), style="bold")


def facts(rows: Iterable[tuple[str, str]]) -> Table:
    """Names and what is to be said about them, one pair a line."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in rows:
        grid.add_row(name, Text(printable(text)))
    return grid


def listing(*headers: str, right: Sequence[int] = ()) -> Table:
    """A table with a line below its headers; numbers in the columns named by `right` are aligned."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="cyan", show_edge=False)
    for place, header in enumerate(headers):
        table.add_column(header, justify="right" if place in right else "left", overflow="fold")
    return table


def bar(value: float, most: float, width: int = BAR_WIDTH) -> Text:
    """A bar as long as `value` is of `most`, which fills `width`; anything above zero shows."""
    eighths = round(8 * width * value / most) if most else 0
    whole, part = divmod(max(eighths, 1 if value else 0), 8)
    return Text("█" * whole + " ▏▎▍▌▋▊▉"[part].strip(), style="blue", no_wrap=True, overflow="crop")


def words(*parts: str) -> str:
    """What is said in one line, its parts apart; empty ones are left out."""
    return ", ".join(part for part in parts if part)
