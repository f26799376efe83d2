"""The schedule as a constraint program, by CP-SAT, for programs small enough: often optimal, always with a bound.

Times are whole ticks, and durations are rounded down, so every real schedule, its starts rounded down, is a solution:
the bound holds. What is found is an order; with it, operations start as early as their exact durations allow.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dqplan.core.outlook import OPTIMAL_WITHIN, Floats
from dqplan.model.durations import Durations
from dqplan.trial.dependencies import Dependencies

MOST_ROWS = 4000
"""Operations of the largest program that is tried."""
_TICKS = 1_000_000_000
"""Ticks in the makespan that is to be beaten."""
_PATIENCE = 30.0
"""Wall-clock seconds for each of deterministic time; CP-SAT has been seen to work for minutes without counting them."""


@dataclass(frozen=True)
class Budget:
    """What CP-SAT may spend: deterministic time, about seconds on one core; and wall-clock seconds, if limited."""

    work: float
    limit_s: float | None = None

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.work <= 0 or (self.limit_s is not None and self.limit_s <= 0)


@dataclass(frozen=True, eq=False)
class Found:
    """An order of all rows, and a proved bound on the makespan, in seconds."""

    order: NDArray[np.int64]
    bound_s: float


def best_order(
    durations: Durations, needs: Dependencies, start_s: Floats, bound_s: float, *, budget: Budget, seed: int
) -> Found | None:
    """Look for an order with a shorter makespan; None if CP-SAT got nowhere in its time.

    Args:
        durations: of all operations; more than one.
        needs: what they wait for.
        start_s: of a schedule to begin with.
        bound_s: a bound that is proved already.
        budget: of the search; not spent.
        seed: of CP-SAT.
    """
    from ortools.sat.python import cp_model

    makespan_s = float((start_s + durations.seconds).max())
    tick_s = makespan_s / _TICKS
    model = cp_model.CpModel()
    program = _Intervals(model, durations, needs, tick_s)
    program.build(int(bound_s / tick_s * (1 - 1e-12)))
    for variable, hint in zip(program.start, (start_s / tick_s).astype(np.int64).tolist(), strict=True):
        model.add_hint(variable, hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = budget.work
    solver.parameters.max_time_in_seconds = min(budget.limit_s or math.inf, _PATIENCE * budget.work)
    solver.parameters.relative_gap_limit = OPTIMAL_WITHIN / 10
    solver.parameters.catch_sigint_signal = False
    if _solved(solver, model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    starts = np.array([solver.value(variable) for variable in program.start])
    # Of equal starts, program order is one in which nothing comes before what it waits for.
    return Found(np.argsort(starts, kind="stable"), solver.best_objective_bound * tick_s)


def _solved(solver: Any, model: Any) -> Any:
    """Its status. Native code does not see Ctrl-C, so it runs in a thread of its own, and this one stops it."""
    with ThreadPoolExecutor(1) as pool:
        status = pool.submit(solver.solve, model)
        try:
            return status.result()
        except BaseException:
            solver.stop_search()
            raise


class _Intervals:
    """The variables and constraints; all times in ticks."""

    def __init__(self, model: Any, durations: Durations, needs: Dependencies, tick_s: float) -> None:
        self.model = model
        self.needs = needs
        self.link = durations.link
        self.channels = durations.channels
        self.tick_s = tick_s
        self.length: list[int] = np.floor(durations.seconds / tick_s).astype(np.int64).tolist()
        self.start = [model.new_int_var(0, _TICKS, f"start_{row}") for row in range(len(self.length))]
        self.interval = [
            model.new_fixed_size_interval_var(start, length, f"run_{row}")
            for row, (start, length) in enumerate(zip(self.start, self.length, strict=True))
        ]

    def build(self, at_least: int) -> None:
        """State all constraints and the objective."""
        makespan = self.model.new_int_var(at_least, _TICKS, "makespan")
        for row in range(len(self.start)):
            self.model.add(makespan >= self._end(row))
        self._groups()
        self._links()
        for row, sources in self.needs.waits.items():
            for source, seconds in sources:
                self.model.add(self.start[row] >= self._end(source) + int(seconds / self.tick_s))
        self.model.minimize(makespan)

    def _end(self, row: int) -> Any:
        return self.start[row] + self.length[row]

    def _groups(self) -> None:
        """A group happens one at a time, and is over before the next one of the same qubit begins."""
        for group in range(len(self.needs.opens)):
            rows = self.needs.members(group)
            if len(rows) > 1:
                self.model.add_no_overlap([self.interval[row] for row in rows])
            if not self.needs.follows(group):
                continue
            after = self.needs.members(group + 1)
            if len(rows) > 1 and len(after) > 1:
                border = self.model.new_int_var(0, _TICKS, f"border_{group}")
                self._before(rows, border)
                for row in after:
                    self.model.add(self.start[row] >= border)
            else:
                for row in after:
                    self._before(rows, self.start[row])

    def _before(self, rows: list[int], moment: Any) -> None:
        for row in rows:
            self.model.add(self._end(row) <= moment)

    def _links(self) -> None:
        """A link makes as many e-bits at once as it has channels."""
        for link, channels in enumerate(self.channels):
            made = [self.interval[row] for row in np.flatnonzero(self.link == link).tolist()]
            if channels == 1:
                self.model.add_no_overlap(made)
            else:
                self.model.add_cumulative(made, [1] * len(made), channels)
