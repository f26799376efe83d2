"""The line of a file that an error is about, with a caret below the column."""

from __future__ import annotations

import unicodedata

from dqplan.cli.terminal.streams import PLAIN_WIDTH, printable

_TAB = 4
"""Columns that a tab is drawn as."""
_CUT = "..."
_NEAR = 2000
"""Characters around the column that may be shown."""


def excerpt(line: str, number: int, column: int, width: int = PLAIN_WIDTH) -> list[str]:
    """The line behind its number, and a caret below the column; a long line is cut around it.

    Args:
        line: the text, without its end.
        number: of the line, from 1.
        column: of the character, from 1; 0 if it is unknown, and no caret is drawn.
        width: columns of the terminal.

    >>> excerpt("cx q[0], q[0];", 5, 10)
    ['5 | cx q[0], q[0];', '  |          ^']
    """
    margin = len(str(number)) + 3
    target = max(column, 1) - 1
    low = max(0, target - _NEAR)  # a line may have megabytes
    near = line[low : target + _NEAR]
    start, end = _window(_widths(near), target - low, max(width - margin, 20))
    before, after = _CUT if low + start else "", _CUT if low + end < len(line) else ""
    shown = [f"{number} | {before}{_drawn(near[start:end])}{after}".rstrip()]
    if column:
        indent = len(before) + _width_of(_drawn(near[start : target - low]))
        shown.append(f"{'':{margin - 3}} | {'':{indent}}^")
    return shown


def _window(widths: list[int], target: int, room: int) -> tuple[int, int]:
    """The characters to show: all if there is room, else those around the target, more of them behind it."""
    if sum(widths) + (target >= len(widths)) <= room:  # behind the end, the caret needs a column of its own
        return 0, len(widths)
    target = min(target, len(widths))
    room -= 2 * len(_CUT)
    start, left = target, room // 3
    while start and widths[start - 1] <= left:
        start -= 1
        left -= widths[start]
    end, left = target, room - sum(widths[start:target])
    while end < len(widths) and widths[end] <= left:
        left -= widths[end]
        end += 1
    while start and widths[start - 1] <= left:  # near the end of the line
        start -= 1
        left -= widths[start]
    return start, end


def _widths(line: str) -> list[int]:
    """Columns of each character."""
    if line.isascii() and line.isprintable():
        return [1] * len(line)
    return [_TAB if sign == "\t" else _width_of(printable(sign)) for sign in line]


def _drawn(text: str) -> str:
    """Text in one line; what could steer a terminal is spelled out."""
    return "".join(" " * _TAB if sign == "\t" else printable(sign) for sign in text)


def _width_of(text: str) -> int:
    """Columns of text on a terminal: East Asian characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )
