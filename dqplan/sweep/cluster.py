"""Where rows are planned: processes of this machine, a scheduler that is there already, or jobs of Slurm."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from dqplan.core.errors import EngineError, UsageError
from dqplan.core.units import counted
from dqplan.sweep.slurm import slurm_cluster

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

SLURM = "slurm"
_ANSWER_S = 10
"""For a scheduler to answer at the beginning."""
_CLOSE_S = 5
"""For good manners at the end."""
_LOUD = ("asyncio", "distributed", "tornado")
"""Where Dask and what it stands on write their logs."""
_SETTINGS = {
    "distributed.scheduler.allowed-failures": 1,  # workers that a row may take with it before it is given back
    "distributed.admin.large-graph-warning-threshold": "1 GB",  # circuits travel with their rows
}


@contextmanager
def engine(workers: int, scheduler: str) -> Iterator[Client]:
    """A client of a cluster that lives as long as the block.

    Args:
        workers: processes of the embedded cluster, or jobs of Slurm.
        scheduler: address of a Dask scheduler such as `tcp://10.0.0.1:8786`, `slurm`, or empty for the embedded one.

    Raises:
        UsageError: nobody answers at the address, or as `slurm_cluster`.
        EngineError: the embedded cluster did not start.
    """
    from dask import config
    from distributed import Client

    with ExitStack() as stack:
        stack.enter_context(_silence())
        stack.enter_context(config.set(_SETTINGS))
        if scheduler == SLURM:
            address: object = stack.enter_context(slurm_cluster(workers))
        else:
            address = scheduler or stack.enter_context(_embedded(workers))
        try:
            client = Client(address, timeout=_ANSWER_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(
                f"--scheduler: no Dask scheduler answers at `{scheduler}`",
                hint="start one with `dask scheduler`, and workers with `dask worker ADDRESS`; it says its address",
            ) from error
        try:
            with client.as_current():
                yield client
        finally:
            client.close(_CLOSE_S)


@contextmanager
def _silence() -> Iterator[None]:
    """Dask's log is kept back while the block runs: what matters becomes an error of ours."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in _LOUD]
    levels = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes that are started meanwhile never see Ctrl-C, not even before `deaf` runs; this one sees it later."""
    from multiprocessing import resource_tracker

    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # which would let signals through again if it began later
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _embedded(workers: int) -> LocalCluster:
    """Processes with one thread each: what plans holds Python's lock."""
    from distributed import LocalCluster

    try:
        with _deaf_children():
            return LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # with None, all clusters of a machine want the same port, and say so
                silence_logs=logging.CRITICAL,
                preload="dqplan.sweep.deaf",
            )
    except (OSError, RuntimeError, TimeoutError) as error:
        message = f"{counted(workers, 'worker')} could not be started: {error}"
        raise EngineError(message, hint="try fewer with --workers") from error
