"""Ctrl-C while a search runs: the first asks for the best plan so far, the second ends the program."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from types import FrameType

from dqplan.cli.terminal.progress import ERASE, Reporter

INTERRUPTED = 130
"""What a shell reports of any program ended by Ctrl-C (128 + SIGINT)."""


@contextmanager
def interruptible(reporter: Reporter, rest: str = "the best plan so far") -> Iterator[Event]:
    """An event that Ctrl-C sets while the block runs. Nothing may be half written by the block: it may end anywhere.

    `rest` says what the program then ends with.
    Where somebody else deals with the signal, or it is ignored as in a shell's background job, that stays so.
    """
    stop = Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            _say("interrupted", reporter)
            os._exit(INTERRUPTED)  # an exception would have to wait for native code that works in a thread
        stop.set()
        _say(f"interrupted: ending with {rest}; Ctrl-C again ends at once", reporter)

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield stop
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _say(text: str, reporter: Reporter) -> None:
    """A line on standard error, past its buffer, which whatever was interrupted may have been writing to."""
    if sys.stderr is not None and not reporter.quiet:
        with suppress(OSError):
            os.write(sys.stderr.fileno(), f"{ERASE if reporter.live else ''}{text}\n".encode())
