"""What the program is doing now: on a terminal one line that goes away, with -v a line that stays for each step."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dqplan.cli.streams import printable, talk
from dqplan.core.units import duration

_ERASE = "\r\x1b[K"


@dataclass(frozen=True)
class Progress:
    """How much to say on standard error."""

    quiet: bool = False
    verbose: bool = False

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show `name` while the block runs."""
        live = not self.quiet and sys.stderr is not None and sys.stderr.isatty()
        if live:
            print(f"{printable(name)} …", end="", file=sys.stderr, flush=True)
        began_s = time.monotonic()
        try:
            yield
        finally:
            if live:
                print(_ERASE, end="", file=sys.stderr, flush=True)
        if self.verbose:
            talk(f"{name}: {duration(time.monotonic() - began_s)}")

    def say(self, text: str) -> None:
        """A line on standard error, unless asked to be quiet."""
        if not self.quiet:
            talk(text)
