"""Searches for few e-bits: one for each seed, and the best of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from dqplan.choose.spread import Spread
from dqplan.core.errors import InfeasibleError
from dqplan.core.hardware import Hardware
from dqplan.core.plan import Effort, Plan
from dqplan.core.segments import Segments
from dqplan.core.units import counted
from dqplan.solve.solve_plan import solve_plan
from dqplan.solve.stop import Clock

SEEDS = 2**31
"""So many there are."""


@dataclass(frozen=True, eq=False)
class Search:
    """Searches for few e-bits on networks with weights; they may be made in other processes.

    Attributes:
        segments: the circuit in normal form.
        effort, relaxed: of each search.
        seed: of the first one; the others count up.
        alone: whether a search may take all of the time that is left, and not half of it.
    """

    segments: Segments
    effort: Effort
    relaxed: bool
    seed: int
    alone: bool

    def __call__(self, hardware: Hardware, number: int, clock: Clock) -> Plan:
        """The plan of a search by its number, which makes its seed."""
        return solve_plan(
            self.segments,
            hardware,
            effort=self.effort,
            seed=(self.seed + number) % SEEDS,
            time_limit_s=None if clock.limit_s is None else max(0.001, clock.left_s / (1 if self.alone else 2)),
            relaxed=self.relaxed,
            stop=clock.stop,
            watch=clock.watch,
        )


def cheapest(search: Search, hardware: Hardware, seeds: int, spread: Spread, clock: Clock) -> Plan:
    """The plan with the fewest e-bits, by their weights, of those that seeds find; of equals the first."""
    if seeds == 1:
        return search(hardware, 0, clock)
    found = spread([partial(plan_of, search, hardware, number) for number in range(seeds)], clock, _enough)
    plans = list(_planned(found))
    best = min(plans, key=lambda plan: plan.cost.weighted_ebits)
    bounds = (plan.bound for plan in plans if plan.bound.ebits <= best.cost.ebits)
    return replace(
        best,
        bound=max(bounds, key=lambda bound: bound.ebits),
        elapsed_s=clock.elapsed_s,
        stop_reason=best.stop_reason if _enough(best) else choice_of(len(found), "search", clock, "searches"),
    )


def plan_of(search: Search, hardware: Hardware, number: int, clock: Clock) -> Plan | InfeasibleError:
    """The plan of one seed, or why it found none; another one may."""
    try:
        return search(hardware, number, clock)
    except InfeasibleError as error:
        return error


def _enough(found: Plan | InfeasibleError) -> bool:
    """Whether no other seed can do better."""
    if isinstance(found, InfeasibleError):
        return found.proved
    return found.optimal and not found.hardware.weighted


def _planned(found: Sequence[Plan | InfeasibleError]) -> Iterator[Plan]:
    """The plans; raises the first error if there are only errors."""
    plans = [each for each in found if isinstance(each, Plan)]
    for error in found if not plans else ():
        if isinstance(error, InfeasibleError):
            raise error
    yield from plans


def choice_of(number: int, noun: str, clock: Clock, plural: str = "") -> str:
    """Why a choice among several ended, for people."""
    return f"best of {counted(number, noun, plural)}" + (f", {clock.reason}" if clock.expired else "")
