"""When to stop: what each effort allows, and the clock of `--time-limit`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from dqplan.core.plan import Effort


@dataclass(frozen=True)
class Budget:
    """What one level of effort allows; counts of work, not seconds, so that the same input gives the same plan.

    Attributes:
        partitions: how many static placements are tried.
        pins: the same for big circuits: partitions times gates, about; one placement is tried in any case.
        fine: whether Mt-KaHyPar uses its best preset.
        sweep: whether every number of modules is tried, not only the fewest and all.
        exact_cells: the exact model is tried up to so many `exact_cells`; 0 for never.
        exact_work: CP-SAT's deterministic time, about seconds.
        moves: proposals of the local search for each segment and gate; 0 for no local search.
        most_moves: proposals in all, at most.
    """

    partitions: int
    pins: int
    fine: bool
    sweep: bool
    exact_cells: int
    exact_work: float
    moves: int
    most_moves: int


BUDGETS = {
    Effort.QUICK: Budget(
        partitions=3, pins=10_000, fine=False, sweep=False, exact_cells=0, exact_work=0, moves=0, most_moves=0
    ),
    Effort.NORMAL: Budget(
        partitions=24,
        pins=60_000,
        fine=True,
        sweep=True,
        exact_cells=1_200,
        exact_work=1,
        moves=10_000,
        most_moves=4_000_000,
    ),
    Effort.THOROUGH: Budget(
        partitions=200,
        pins=3_000_000,
        fine=True,
        sweep=True,
        exact_cells=8_000,
        exact_work=60,
        moves=100_000,
        most_moves=100_000_000,
    ),
}


@dataclass(frozen=True)
class Clock:
    """Wall-clock time since the search began.

    Attributes:
        limit_s: seconds after which the search ends with what it has; None for no limit.
    """

    limit_s: float | None = None
    _start: float = field(default_factory=time.perf_counter)

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
        """Whether the limit has been reached."""
        return self.left_s <= 0
