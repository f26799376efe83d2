"""Survival: what has become of a plan since it was made, and what a new one would gain."""

from __future__ import annotations

from dataclasses import dataclass

from dqplan.core.drift import Drift
from dqplan.core.tally import Tally


@dataclass(frozen=True)
class Survival:
    """An old plan, then and today, beside a new one.

    Attributes:
        obstacles: why the old plan cannot run on today's hardware, in sentences; empty if it can.
        then: the old plan on the hardware that it was made for.
        today: the old plan on today's; None if it cannot run there.
        new: the plan that was found for today's hardware.
        kept: whether the old plan is as good as the new one by the objective, and goes on.
        drifts: numbers of the hardware that have changed.
    """

    obstacles: tuple[str, ...]
    then: Tally
    today: Tally | None
    new: Tally
    kept: bool
    drifts: tuple[Drift, ...]
