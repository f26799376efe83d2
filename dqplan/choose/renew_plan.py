"""An old plan x a new one -> the better of the two on today's hardware, and what has become of the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dqplan.choose.judge import Judge
from dqplan.choose.try_plan import Tried, try_plan
from dqplan.core.drift import drifts_between
from dqplan.core.errors import HardwareError, InfeasibleError, InternalError, Place, PlanError, UnsupportedError
from dqplan.core.objective import Figures
from dqplan.core.plan import Alternative, Baseline, Plan
from dqplan.core.segments import Segments
from dqplan.core.survival import Survival
from dqplan.core.tally import Tally, tally_of
from dqplan.load.plan_document import PLAN_FILE
from dqplan.load.rebuild_plan import rebuild_plan
from dqplan.load.written_plan import WrittenPlan
from dqplan.solve.baseline import ebits_gate_by_gate
from dqplan.solve.network import Network


@dataclass(frozen=True, eq=False)
class Renewed:
    """The plan to go on with, and how it compares with the old one."""

    plan: Plan
    survival: Survival


def renew_plan(written: WrittenPlan, then: Tally, new: Plan, segments: Segments, *, recompile: bool = True) -> Renewed:
    """Try an old plan on today's hardware, without any search, and keep it unless the new plan is better.

    Both are judged by the objective of the new plan, on its hardware, by list scheduling and with the same random
    waits. Of plans that the objective finds equal, the one is taken whose figures are smaller, in the order of e-bits,
    time and infidelity; if these are equal too, the old one stays.

    Args:
        written: the old plan.
        then: its figures when it was written.
        new: a plan of the same circuit for today's hardware.
        segments: of the circuit, as `segments_of` gives them.
        recompile: whether modules run native gates.

    Raises:
        PlanError: as `rebuild_plan`, or the old plan cannot be carried out on any hardware.
        HardwareError: as `try_plan` of the new plan.
    """
    drifts = tuple(drifts_between(written.hardware, new.hardware))
    found = _tried(new, recompile)
    figures = tally_of(found.program.plan, found.outlook)
    old = rebuild_plan(written.document, segments, new.hardware, relaxed=new.relaxed)
    if not isinstance(old, Plan):
        return Renewed(new, Survival(old, then, None, figures, False, drifts))
    try:
        today = _tried(old, recompile)  # with its own seed and effort: what differs is the hardware
    except (HardwareError, InfeasibleError, UnsupportedError) as error:
        return Renewed(new, Survival((error.message,), then, None, figures, False, drifts))
    except (InternalError, LookupError) as error:  # no plan of ours, whatever its columns say
        hint = "write it again with `dqplan split`"
        raise PlanError(f"it contradicts itself: {error}", place=Place(PLAN_FILE), hint=hint) from error
    old = _as_of_today(old, new)
    judge = Judge(new.hardware, new.objective, new.seed, recompile)
    was, is_now = (judge.judged(plan).figures for plan in (old, new))
    kept = old.bound.ebits <= old.cost.ebits and _as_good(was, is_now, new)
    told = Survival((), then, tally_of(old, today.outlook), figures, kept, drifts)
    reason = f"{new.stop_reason}; the old plan is as good" if new.stop_reason else "the old plan is as good"
    front = _front(old, was, new.pareto) if new.pareto else ()
    return Renewed(replace(old, stop_reason=reason, pareto=front) if kept else new, told)


def _as_of_today(old: Plan, new: Plan) -> Plan:
    """The old plan with what was asked for and proved today."""
    network = Network(new.hardware, relaxed=new.relaxed)
    return replace(
        old,
        bound=new.bound,
        baseline=Baseline(ebits_gate_by_gate(old.segments, network, old.home), new.baseline.static_packets),
        objective=new.objective,
        effort=new.effort,
        seed=new.seed,
        relaxed=new.relaxed,
        elapsed_s=new.elapsed_s,
    )


def _as_good(old: Figures, new: Figures, plan: Plan) -> bool:
    """Whether the new plan is no better than the old one by its objective."""
    losses = [plan.objective.loss(figures, old) for figures in (old, new)]
    return (losses[0], old) <= (losses[1], new)


def _front(old: Plan, figures: Figures, others: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """The undominated plans, with the old one as that which is chosen."""
    left = [replace(each, chosen=False) for each in others if not figures.dominates(each.figures)]
    left = [each for each in left if each.figures != figures]
    return tuple(sorted([Alternative(old, figures, chosen=True), *left], key=lambda each: each.figures))


def _tried(plan: Plan, recompile: bool) -> Tried:
    return try_plan(plan, recompile=recompile)
