"""The jobs of one big plan on a Dask cluster, as `choose.spread` asks for it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

import dqplan
from dqplan.choose.spread import Job, never, one_by_one
from dqplan.core.errors import DqplanError, EngineError, StoppedError
from dqplan.solve.stop import Clock

if TYPE_CHECKING:
    from distributed import Client, Future

T = TypeVar("T")

_LOOK_S = 0.1
"""Between looks at the clock, here and at the workers."""
_GRACE_S = 10.0
"""For searches that were asked to end, to come with what they have."""


@dataclass(frozen=True)
class JobsOn:
    """A `Spread` whose jobs are done by the workers of a cluster.

    Every job takes a thread of a worker; there are as many on their way as threads. When an end is asked for, they are
    told, and what they have found by then counts. A job whose worker died is done again by another one, once.
    """

    client: Client

    def __call__(self, jobs: Sequence[Job[T]], clock: Clock, enough: Callable[[T], bool] = never) -> list[T]:
        """As `Spread`; a job alone is done here.

        Raises:
            StoppedError: an end was asked for before there was a result.
            EngineError: the scheduler is gone, workers died again and again, or they cannot do the work.
        """
        if len(jobs) == 1:
            return one_by_one(jobs, clock, enough)
        try:
            return _Round(self.client, jobs, clock, enough).results()
        except (OSError, TimeoutError, CancelledError) as error:  # connections that broke, and jobs that were on them
            raise EngineError("the scheduler is gone", hint="plan again, or without --scheduler") from error


class _Round(Generic[T]):
    """Some jobs on their way."""

    def __init__(self, client: Client, jobs: Sequence[Job[T]], clock: Clock, enough: Callable[[T], bool]) -> None:
        self.client, self.jobs, self.clock, self.enough = client, jobs, clock, enough
        self.name = f"dqplan-{secrets.token_hex(4)}"
        self.running: dict[Future, int] = {}
        self.found: dict[int, T] = {}
        self.begun = 0
        self.phase = ""

    def results(self) -> list[T]:
        """The results in the order of the jobs."""
        from distributed import Event

        end = Event(self.name, client=self.client)
        try:
            while not self._over():
                self._fill()
                self._look()
            if self.clock.stop.is_set():
                end.set()
                self._wait()
        finally:
            if self.client.status == "running":
                with suppress(OSError, TimeoutError, CancelledError):  # what brought us here says more
                    end.set()
                    self.client.cancel(list(self.running), force=True)
        results = [self.found[number] for number in sorted(self.found) if number < self._needed()]
        if not results:
            raise StoppedError("the search was interrupted before it had a plan")
        return results

    def _needed(self) -> int:
        """How many jobs count: all up to the first one, in order, whose result is enough."""
        for number in range(len(self.jobs)):
            if number in self.found and self.enough(self.found[number]):
                return number + 1
        return len(self.jobs)

    def _over(self) -> bool:
        """Whether nothing that counts is left to be waited for."""
        if self.clock.stop.is_set():
            return True
        left = self.begun if self.clock.expired and self.begun else self._needed()
        return all(number in self.found for number in range(min(left, self._needed())))

    def _fill(self) -> None:
        """Begin jobs while there are threads for them, and time."""
        threads = sum(self.client.nthreads().values())
        phase = "searches at once" if threads else "waiting for workers"
        if phase != self.phase:
            self.phase = phase
            self.clock.enter(phase, len(self.jobs))
        while (
            len(self.running) < max(1, threads)
            and self.begun < len(self.jobs)
            and not (self.clock.expired and self.begun)
        ):
            limit_s = None if self.clock.limit_s is None else max(0.001, self.clock.left_s)
            work = partial(_work, self.jobs[self.begun], limit_s, self.name, dqplan.__version__)
            self.running[self.client.submit(work, key=f"{self.name}-{self.begun}", pure=False)] = self.begun
            self.begun += 1
            self.clock.step()

    def _look(self) -> None:
        """Take what is finished within a moment."""
        from distributed import wait

        with suppress(TimeoutError):
            wait(list(self.running), timeout=_LOOK_S, return_when="FIRST_COMPLETED")
        if self.client.status != "running":
            raise TimeoutError
        self.clock.tick()
        for future in [future for future in self.running if future.done()]:
            number = self.running.pop(future)
            if future.status == "finished":
                self.found[number] = future.result()
            elif future.status == "error":
                self._failed(future.exception())
            else:
                raise CancelledError

    def _failed(self, error: BaseException) -> None:
        from distributed import KilledWorker

        if isinstance(error, StoppedError):
            return  # it was asked to end before it had anything
        if isinstance(error, DqplanError):
            raise error
        if isinstance(error, KilledWorker):
            hint = "give workers more memory, or use fewer: --workers 1"
            raise EngineError("a worker died twice over one search: out of memory, or killed", hint=hint) from error
        hint = "install this version of dqplan and its dependencies where the workers run"
        raise EngineError(f"the workers cannot plan: {type(error).__name__}: {error}", hint=hint) from error

    def _wait(self) -> None:
        """What was asked to end comes soon."""
        end_s = time.monotonic() + _GRACE_S
        while self.running and time.monotonic() < end_s:
            self._look()


def _work(job: Job[T], limit_s: float | None, name: str, version: str) -> T:
    """A job at a worker, with a clock that ends when the one does that it stands for."""
    if version != dqplan.__version__:
        raise EngineError(f"a worker has dqplan {dqplan.__version__}, not {version}")
    with _told(name) as stop:
        return job(Clock(limit_s, stop))


@contextmanager
def _told(name: str) -> Iterator[threading.Event]:
    """An event that is set soon after the cluster's event of that name."""
    from distributed import Event, get_client

    here, over = threading.Event(), threading.Event()
    there = Event(name, client=get_client())

    def listen() -> None:
        with suppress(Exception):  # a cluster that is going down
            while not (here.is_set() or over.wait(_LOOK_S)):
                if there.is_set():
                    here.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield here
    finally:
        over.set()
