"""Curve: what plans come to, value by value, and what follows from it about the smallest value."""

from __future__ import annotations

from dataclasses import dataclass

from dqplan.core.hardware import Hardware
from dqplan.core.objective import Figures
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Plan
from dqplan.core.tally import Figure, figures_of
from dqplan.size.quantity import Knob
from dqplan.size.target import Target


@dataclass(frozen=True, eq=False)
class Attempt:
    """A plan on the hardware of one value, what it comes to, and whether it reaches the target."""

    plan: Plan
    outlook: Outlook
    figures: Figures
    reached: bool


@dataclass(frozen=True, eq=False)
class Point:
    """One value.

    Attributes:
        value: of the quantity.
        hardware: with that value.
        own: what the search on this hardware found, as `dqplan split` would; None if it found no plan.
        best: the best plan known here: the own one, or one that was found for a smaller value.
        bound: no plan here needs fewer e-bits; also from bounds for larger values, whose hardware can do all that this
            one can.
        reason: why there is no own plan; empty if there is.
    """

    value: float
    hardware: Hardware
    own: Attempt | None
    best: Attempt | None
    bound: int = 0
    reason: str = ""

    @property
    def outcome(self) -> str:
        """In a word: reached, missed or infeasible."""
        if self.best is None:
            return "infeasible"
        return "reached" if self.best.reached else "missed"

    @property
    def carried(self) -> bool:
        """Whether the best plan was found for a smaller value: a search here alone finds a worse one, or none."""
        return self.best is not self.own

    def figures(self) -> dict[str, Figure]:
        """What the best plan costs, by the names of `figures_of`; empty if there is none."""
        if self.best is None:
            return {}
        found = figures_of(self.best.plan, self.best.outlook)
        return {**found, "bound": self.bound, "optimal": self.bound == self.best.plan.cost.ebits}


@dataclass(frozen=True, eq=False)
class Sizing:
    """The answer.

    Attributes:
        knob, target: the question.
        low, high: the smallest and largest value that were looked at, if they were reached.
        points: by ascending value.
        found: the smallest value where the search reaches the target; None if there is none.
        least: no smaller value can reach it, which is proved; None if no value up to `high` can.
        proof: how that is proved; empty if nothing is.
        finished: False if the search was interrupted.
    """

    knob: Knob
    target: Target
    low: float
    high: float
    points: tuple[Point, ...]
    found: Point | None
    least: float | None
    proof: str
    finished: bool

    @property
    def proved(self) -> bool:
        """Whether it is proved that nothing smaller reaches the target, or that nothing does."""
        if self.found is None:
            return self.least is None
        return self.found.value == self.least
