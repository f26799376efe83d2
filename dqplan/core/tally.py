"""What a plan comes to: a tally by which plans are compared, and all figures by name, one line of a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from dqplan.core.objective import Figures
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Plan

Figure = bool | int | float | str | None
"""What is known of a plan; None where the hardware does not say enough."""
FIGURES: dict[str, type] = {
    "ebits": int,
    "weighted_ebits": float,
    "bound": int,
    "optimal": bool,
    "shares": int,
    "teleports": int,
    "static_packets": int,
    "one_ebit_per_remote_gate": int,
    "modules_used": int,
    "peak_data": int,
    "peak_comm": int,
    "peak_memory": int,
    "raw_pairs": float,
    "schedule_s": float,
    "schedule_bound_s": float,
    "expected_s": float,
    "p50_s": float,
    "p95_s": float,
    "fidelity": float,
    "average_fidelity": float,
    "stop_reason": str,
}
"""What is known of a plan, by the names of `figures_of`."""


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


def figures_of(plan: Plan, outlook: Outlook) -> dict[str, Figure]:
    """What a plan costs, by name; seconds, probabilities and counts, None where the hardware does not say enough."""
    schedule, makespan, fidelity = outlook.schedule, outlook.makespan, outlook.fidelity
    found: dict[str, Figure] = asdict(tally_of(plan, outlook))
    found["schedule_s"] = found.pop("makespan_s")
    found |= {
        "optimal": plan.optimal,
        "static_packets": plan.baseline.static_packets,
        "one_ebit_per_remote_gate": plan.baseline.one_ebit_per_remote_gate,
        "modules_used": len(np.unique(plan.home)),
        "peak_data": max(plan.cost.peak_data.values(), default=0),
        "peak_comm": max(plan.cost.peak_comm.values(), default=0),
        "peak_memory": max(plan.cost.peak_memory.values(), default=0),
        "schedule_bound_s": None if schedule is None else schedule.bound_s,
        "expected_s": None if makespan is None else makespan.expected_s,
        "p50_s": None if makespan is None else makespan.p50_s,
        "average_fidelity": None if fidelity is None else fidelity.average,
        "stop_reason": plan.stop_reason,
    }
    return {name: found[name] for name in FIGURES}


Peaks = Mapping[str, Mapping[str, int]]
"""By kind of qubit (data, comm, memory) and module: the most in use at once."""
