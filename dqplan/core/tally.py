"""Tally: the figures by which two plans are compared, or one plan at two times."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dqplan.core.objective import Figures
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Plan


@dataclass(frozen=True)
class Tally:
    """What a plan comes to; None where the hardware does not say enough.

    Attributes:
        ebits, weighted_ebits: as in `Cost`.
        bound: of the e-bits.
        shares, teleports, raw_pairs: what is made for them.
        makespan_s: of the schedule, with mean durations, seconds.
        p95_s: within so many seconds 95 % of all runs end.
        fidelity: the process fidelity.
    """

    ebits: int
    weighted_ebits: float
    bound: int
    shares: int
    teleports: int
    raw_pairs: float | None
    makespan_s: float | None
    p95_s: float | None
    fidelity: float | None

    @property
    def figures(self) -> Figures:
        """What an objective weighs; unknown ones are infinite."""
        infidelity = math.inf if not self.fidelity else -math.log(self.fidelity)
        return Figures(self.weighted_ebits, math.inf if self.p95_s is None else self.p95_s, infidelity)


def tally_of(plan: Plan, outlook: Outlook) -> Tally:
    """The figures of a plan that was tried."""
    schedule, makespan, fidelity = outlook.schedule, outlook.makespan, outlook.fidelity
    return Tally(
        ebits=plan.cost.ebits,
        weighted_ebits=plan.cost.weighted_ebits,
        bound=plan.bound.ebits,
        shares=plan.cost.shares,
        teleports=plan.cost.teleports,
        raw_pairs=outlook.raw_pairs,
        makespan_s=None if schedule is None else schedule.makespan_s,
        p95_s=None if makespan is None else makespan.p95_s,
        fidelity=None if fidelity is None else fidelity.process,
    )


Peaks = Mapping[str, Mapping[str, int]]
"""By kind of qubit (data, comm, memory) and module: the most in use at once."""
