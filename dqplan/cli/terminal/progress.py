"""What the program is doing now: on a terminal one line that goes away, with -v a line that stays for each step."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dqplan.cli.terminal.streams import error_width, printable, talk, tell
from dqplan.core.errors import Caution
from dqplan.core.units import counted, duration

if TYPE_CHECKING:
    from dqplan.solve.progress import Progress

ERASE = "\r\x1b[K"
"""Back to the beginning of a terminal's line, and away with what stands there."""
_REDRAW_S = 0.1
"""Between two states of one phase."""


@dataclass(frozen=True)
class Reporter:
    """How much to say on standard error."""

    quiet: bool = False
    verbose: bool = False

    @property
    def live(self) -> bool:
        """Whether there is a terminal that can show a line and take it back."""
        dumb = os.environ.get("TERM", "") in ("dumb", "unknown")
        return not self.quiet and not dumb and sys.stderr is not None and sys.stderr.isatty()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show `name` while the block runs."""
        began_s = time.monotonic()
        self.draw(f"{name} …")
        try:
            yield
        finally:
            self.draw("")
        if self.verbose:
            talk(f"{name}: {duration(time.monotonic() - began_s)}")

    @contextmanager
    def search(self, name: str) -> Iterator[Callable[[Progress], None]]:
        """Show, while the block runs, what the search in it tells; with -v a line for each of its phases stays."""
        with self.step(name):
            phases = _Phases(self)
            try:
                yield phases.show
            finally:
                phases.end()

    def say(self, text: str) -> None:
        """A line on standard error, unless asked to be quiet."""
        if not self.quiet:
            talk(text)

    def warn(self, code: Caution, text: str) -> None:
        """A warning on standard error, with its code, unless asked to be quiet."""
        self.say(f"warning[{code}]: {text}")

    def draw(self, *texts: str) -> None:
        """Put a line in the place of the last one, where there is a terminal to do so.

        Of several texts it is the first that fits; where none does, the last one is cut.
        """
        if self.live:
            room = error_width() - 1
            text = next((text for text in texts if len(text) <= room), texts[-1])
            tell(f"{ERASE}{printable(text)[:room]}")


@dataclass
class _Phases:
    """The phases of one search: the present one is shown, those that ended are written with -v."""

    reporter: Reporter
    now: Progress | None = None
    began_s: float = 0.0
    drawn_s: float = 0.0

    def show(self, progress: Progress) -> None:
        """Take note of a state of the search, and draw it unless another was drawn just before."""
        time_s = time.monotonic()
        new = self.now is None or self.now.phase != progress.phase
        if new:
            self.end()
            self.began_s = time_s
        self.now = progress
        if new or time_s - self.drawn_s > _REDRAW_S:
            self.drawn_s = time_s
            self.reporter.draw(*_states(progress))

    def end(self) -> None:
        """Write down the phase that is over."""
        if self.now and self.now.phase and self.reporter.verbose:
            self.reporter.draw("")
            talk(f"  {_state(self.now)}, {duration(time.monotonic() - self.began_s)}")


def _state(progress: Progress) -> str:
    """For people: `static placement 3/24: 107 e-bits, bound 40, gap 63 %`."""
    phase = progress.phase or "search"
    steps = f" {progress.step}/{progress.steps}" if progress.steps else ""
    return f"{phase}{steps}: {_incumbent(progress)}"


def _incumbent(progress: Progress) -> str:
    if progress.ebits is None or progress.gap is None:
        return "no plan yet"
    return f"{counted(progress.ebits, 'e-bit')}, bound {progress.bound}, gap {100 * progress.gap:.0f} %"


def _states(progress: Progress) -> Iterator[str]:
    """The same with the time so far, and shorter texts for narrow terminals."""
    time_s = f"{progress.elapsed_s:.1f} s"
    yield f"{_state(progress)}, {time_s}"
    yield f"{_incumbent(progress)}, {time_s}"
    yield _incumbent(progress)
