"""What dask runs in every worker of the embedded cluster when it starts."""

from __future__ import annotations

import signal


def dask_setup(worker: object) -> None:
    """Leave Ctrl-C, which reaches all processes of a terminal, to the program that began the sweep."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
