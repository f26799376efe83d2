"""What is said of an error that nobody raised on purpose."""

from __future__ import annotations

import errno
import platform
import sys
import traceback

import dqplan
from dqplan.cli.terminal.streams import drop_output
from dqplan.core.errors import DqplanError, InternalError, OutputError

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def unforeseen(error: Exception) -> DqplanError:
    """The error with what a report about it should hold."""
    if isinstance(error, MemoryError):
        return InternalError("out of memory", hint="try a smaller circuit, --effort quick or --no-check")
    if isinstance(error, OSError) and error.errno in _DISK_FULL:  # files of ours are OutputErrors before they come here
        drop_output()
        return OutputError(f"the answer cannot be written: {error.strerror}")
    frame = traceback.extract_tb(error.__traceback__)[-1]
    report = f"dqplan {dqplan.__version__}, Python {platform.python_version()}, {sys.platform}"
    return InternalError(
        f"{type(error).__name__}: {error} ({frame.filename}:{frame.lineno})",
        hint=f"this is a bug in dqplan: please report it with its input, the line above and `{report}`; "
        "--debug shows the traceback",
    )
