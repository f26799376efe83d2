"""Plan, Outlook -> what a plan costs, by name: one line of a table."""

from __future__ import annotations

import numpy as np

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


def figures_of(plan: Plan, outlook: Outlook) -> dict[str, Figure]:
    """What a plan costs, by name; seconds, probabilities and counts, None where the hardware does not say enough."""
    schedule, makespan, fidelity = outlook.schedule, outlook.makespan, outlook.fidelity
    return {
        "ebits": plan.cost.ebits,
        "weighted_ebits": plan.cost.weighted_ebits,
        "bound": plan.bound.ebits,
        "optimal": plan.optimal,
        "shares": plan.cost.shares,
        "teleports": plan.cost.teleports,
        "static_packets": plan.baseline.static_packets,
        "one_ebit_per_remote_gate": plan.baseline.one_ebit_per_remote_gate,
        "modules_used": len(np.unique(plan.home)),
        "peak_data": max(plan.cost.peak_data.values(), default=0),
        "peak_comm": max(plan.cost.peak_comm.values(), default=0),
        "peak_memory": max(plan.cost.peak_memory.values(), default=0),
        "raw_pairs": outlook.raw_pairs,
        "schedule_s": None if schedule is None else schedule.makespan_s,
        "schedule_bound_s": None if schedule is None else schedule.bound_s,
        "expected_s": None if makespan is None else makespan.expected_s,
        "p50_s": None if makespan is None else makespan.p50_s,
        "p95_s": None if makespan is None else makespan.p95_s,
        "fidelity": None if fidelity is None else fidelity.process,
        "average_fidelity": None if fidelity is None else fidelity.average,
        "stop_reason": plan.stop_reason,
    }
