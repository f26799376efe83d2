"""Standard output carries the answer, standard error the talk; what goes to a terminal cannot steer it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from dqplan.core.errors import OutputError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    Report = RenderableType | Iterator[RenderableType]

PLAIN_WIDTH = 80
"""Columns of a table in a file or pipe."""
MAX_WIDTH = 100
"""Tables on a wide terminal stop here, where lines can still be read."""
_PLAIN = str.maketrans(
    dict(zip("─━┬▁▂▃▄▅▆▇█▉▊▋▌▍▎▏●◆○…–×µ≥", "-=+_.:-=+*########oMr~-xu>", strict=True)) | {"∞": "inf"}
)
"""What stands for a sign that an encoding lacks."""


def answer(text: str) -> None:
    """Write text to standard output, whole.

    Raises:
        BrokenPipeError: whoever reads it has stopped reading.
        OutputError: standard output is closed, or its disk is full.
    """
    if sys.stdout is None:
        raise OutputError("standard output is closed", hint="write to a file: -o DIR, or > FILE")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_output()
        raise OutputError(f"standard output cannot be written: {error.strerror}") from error


def answer_json(content: object) -> None:
    """Write a JSON document to standard output; characters that cannot be printed are escaped, as JSON may."""
    import json

    answer(printable_json(json.dumps(content, indent=1, ensure_ascii=False)) + "\n")


def printable_json(text: str) -> str:
    """The same document in characters that can be printed."""
    return text if text.replace("\n", "").isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    import json

    return character if character.isprintable() or character == "\n" else json.dumps(character)[1:-1]


def drop_output() -> None:
    """Send what is still buffered for standard output nowhere, or Python would complain about it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def talk(text: str) -> None:
    """Write one line to standard error."""
    tell(f"{printable(text)}\n")


def tell(text: str) -> None:
    """Write text to standard error, if anybody listens."""
    if sys.stderr is not None:
        sys.stderr.write(text)
        sys.stderr.flush()


def answer_table(report: Report) -> None:
    """Draw a report on standard output."""
    answer(drawn(report, sys.stdout))


def drawn(report: Report, stream: TextIO | None, widest: int = MAX_WIDTH) -> str:
    """A report as text for a stream: 80 columns and plain unless it is a terminal.

    On a terminal it is as wide as that, up to `widest`, and in colour unless NO_COLOR is set. Where the stream's
    encoding lacks signs, others stand for them.
    """
    from rich.console import Group
    from rich.segment import Segment, Segments

    console = _console(stream is not None and stream.isatty(), widest)
    parts = Group(*report) if isinstance(report, Iterator) else report
    safe = Segments(Segment(printable(segment.text), segment.style) for segment in console.render(parts))
    with console.capture() as capture:
        console.print(safe, end="")
    return _encodable("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()), stream)


def _encodable(text: str, stream: TextIO | None) -> str:
    """Text that a stream can write."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    return text


def _console(terminal: bool, widest: int) -> Console:
    from rich.console import Console

    console = Console(force_terminal=terminal or None, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, widest) if terminal else PLAIN_WIDTH
    return console


def printable(text: str) -> str:
    """Text with its control characters made visible, so that what a file says cannot steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)
