"""When to stop: what each effort allows, the clock of `--time-limit`, and whoever asks for an early end."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TypeVar

from dqplan.core.errors import StoppedError
from dqplan.core.plan import Effort
from dqplan.solve.progress import Progress

_Result = TypeVar("_Result")

_LOOK_S = 0.05
"""Between looks at the clock while native code works."""


@dataclass(frozen=True)
class Budget:
    """What one level of effort allows; counts of work, not seconds, so that the same input gives the same plan.

    Attributes:
        partitions: how many static placements are tried.
        pins: the same for big circuits: partitions times gates, about; one placement is tried in any case.
        starts: from how many static placements short local searches begin.
        sweep: whether every number of modules is tried, not only the fewest and all.
        bound_work: of `spreading_bound`.
        exact_cells: the exact model is tried up to so many `exact_cells`; 0 for never.
        exact_work: CP-SAT's deterministic time, about seconds.
        moves: proposals of the local search for each segment and gate; 0 for no local search.
        most_moves: proposals in all, at most; fewer where segments hold many gates.
        polish_work: segments and gates that `polish` realises in all.
    """

    partitions: int
    pins: int
    starts: int
    sweep: bool
    bound_work: int
    exact_cells: int
    exact_work: float
    moves: int
    most_moves: int
    polish_work: int

    def part(self, share: float) -> Budget:
        """For one of several local searches, with that share of the moves."""
        return replace(self, moves=int(self.moves * share), most_moves=int(self.most_moves * share))


BUDGETS = {
    Effort.QUICK: Budget(
        partitions=3,
        pins=10_000,
        starts=0,
        sweep=False,
        bound_work=8_000,
        exact_cells=0,
        exact_work=0,
        moves=0,
        most_moves=0,
        polish_work=20_000,
    ),
    Effort.NORMAL: Budget(
        partitions=72,
        pins=90_000,
        starts=3,
        sweep=True,
        bound_work=160_000,
        exact_cells=1_200,
        exact_work=1,
        moves=10_000,
        most_moves=4_000_000,
        polish_work=400_000,
    ),
    Effort.THOROUGH: Budget(
        partitions=200,
        pins=3_000_000,
        starts=3,
        sweep=True,
        bound_work=2_000_000,
        exact_cells=8_000,
        exact_work=60,
        moves=100_000,
        most_moves=100_000_000,
        polish_work=8_000_000,
    ),
}


@dataclass
class Clock:
    """Wall-clock time since the search began, whether it shall end, and what is told about it.

    Every loop of the search asks `expired` now and then, and ends with what it has.

    Attributes:
        limit_s: seconds after which the search ends; None for no limit.
        stop: ends the search when it is set, by another thread or a signal handler.
        watch: told of every change; slow watchers make a slow search.
    """

    limit_s: float | None = None
    stop: Event = field(default_factory=Event)
    watch: Callable[[Progress], None] | None = None
    _start: float = field(default_factory=time.perf_counter)
    _progress: Progress = field(default_factory=Progress)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the search began."""
        return time.perf_counter() - self._start

    @property
    def left_s(self) -> float:
        """Seconds left; infinite without a limit."""
        return float("inf") if self.limit_s is None else self.limit_s - self.elapsed_s

    @property
    def expired(self) -> bool:
        """Whether the limit has been reached, or an end was asked for."""
        return self.stop.is_set() or self.left_s <= 0

    @property
    def reason(self) -> str:
        """Why the search ended, for people."""
        if self.stop.is_set():
            return "interrupted"
        return "time limit reached" if self.expired else "search finished"

    def enter(self, phase: str, steps: int = 0) -> None:
        """A phase of the search begins, of so many steps; 0 if their number is not known."""
        self._tell(replace(self._progress, phase=phase, step=0, steps=steps))

    def step(self) -> None:
        """One more step of the phase begins."""
        self._tell(replace(self._progress, step=self._progress.step + 1))

    def found(self, ebits: int) -> None:
        """The best plan so far needs so many e-bits."""
        self._tell(replace(self._progress, ebits=ebits))

    def proved(self, ebits: int) -> None:
        """No plan needs fewer e-bits."""
        self._tell(replace(self._progress, bound=ebits))

    def tick(self) -> None:
        """Nothing is new but the time."""
        self._tell(self._progress)

    def need_plan(self) -> None:
        """To be called before the first plan is made.

        Raises:
            StoppedError: an end was asked for. A time limit is none: one plan is made in any case.
        """
        if self.stop.is_set():
            raise StoppedError("the search was interrupted before it had a plan")

    def _tell(self, progress: Progress) -> None:
        self._progress = replace(progress, elapsed_s=self.elapsed_s)
        if self.watch:
            self.watch(self._progress)


def watched(work: Callable[[], _Result], clock: Clock, cancel: Callable[[], None]) -> _Result:
    """What `work` returns or raises, from a thread of its own.

    Native code sees neither signals nor clocks, so this thread does: it calls `cancel`, more than once if need be, as
    soon as the time is up or anything is raised here, such as KeyboardInterrupt.
    """
    pool = ThreadPoolExecutor(1)
    future: Future[_Result] = pool.submit(work)
    try:
        while not wait([future], _LOOK_S).done:
            clock.tick()
            if clock.expired:
                cancel()
    except BaseException:
        cancel()
        raise
    finally:
        pool.shutdown(wait=False)
    return future.result()
