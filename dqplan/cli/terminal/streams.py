"""Standard output carries the answer, standard error the talk; what goes to a terminal cannot steer it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import StringIO
from typing import TYPE_CHECKING, TextIO

from dqplan.core.errors import OutputError, UsageError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    Report = RenderableType | Iterator[RenderableType]

PLAIN_WIDTH = 80
"""Columns of a table in a file or pipe."""
MAX_WIDTH = 100
"""Tables on a wide terminal stop here, where lines can still be read."""
_PLAIN = str.maketrans(
    dict(zip("─━┬▁▂▃▄▅▆▇█▉▊▋▌▍▎▏●◆○…–×µ≥≤", "-=+_.:-=+*########oMr~-xu><", strict=True)) | {"∞": "inf"}
)
"""What stands for a sign that an encoding lacks."""


def answer(text: str) -> None:
    """Write text to standard output, whole; other signs stand for those that its encoding lacks.

    Raises:
        BrokenPipeError: whoever reads it has stopped reading.
        OutputError: standard output is closed, or its disk is full.
    """
    _answer(lambda stream: stream.write(_encodable(text, stream)))


def answer_bytes(content: bytes) -> None:
    """Write bytes to standard output, whole; raises as `answer`."""
    _answer(lambda stream: stream.buffer.write(content))


def _answer(write: Callable[[TextIO], object]) -> None:
    if sys.stdout is None:
        raise OutputError("standard output is closed", hint="write to a file: -o DIR, or > FILE")
    try:
        write(sys.stdout)
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
    """Write text to standard error, if anybody listens: whoever has stopped that does not stop the work."""
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()


def check_read_once(paths: Sequence[str]) -> None:
    """Refuse to read standard input a second time.

    Raises:
        UsageError: `-` stands twice among the paths.
    """
    if paths.count("-") > 1:
        raise UsageError("standard input can be read only once", hint="give - one time, the others as files")


def error_width() -> int:
    """Columns of the terminal behind standard error, or of what stands for one."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or PLAIN_WIDTH
    except (AttributeError, OSError, ValueError):  # closed, or no file
        return PLAIN_WIDTH


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

    text = StringIO()
    console = _console(text, stream, widest)
    parts = Group(*report) if isinstance(report, Iterator) else report
    safe = Segments(Segment(printable(segment.text), segment.style) for segment in console.render(parts))
    console.print(safe, end="")
    return _encodable("".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines()), stream)


def _encodable(text: str, stream: TextIO | None) -> str:
    """Text that a stream can write."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    return text


def _console(text: StringIO, stream: TextIO | None, widest: int) -> Console:
    """Writes into `text` what looks well on the stream; FORCE_COLOR makes a pipe colourful, but never a file."""
    from rich.console import Console

    terminal = stream is not None and stream.isatty()
    force = True if terminal else False if stream is None else None
    console = Console(file=text, force_terminal=force, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, widest) if terminal else PLAIN_WIDTH
    return console


def printable(text: str) -> str:
    """Text with its control characters made visible, so that what a file says cannot steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)
