"""Steps of `choose` on their own: what they propose for a plan, and the best of it."""

from __future__ import annotations

from dqplan.choose.judge import Candidate, Judge, Step, Task
from dqplan.core.objective import Objective
from dqplan.core.plan import Plan
from dqplan.solve.stop import Clock


def proposals(step: Step, plan: Plan, aim: Objective, clock: Clock | None = None) -> list[Plan]:
    """The plans that a step proposes."""
    start, task = _begun(plan, aim, clock)
    return [candidate.plan for candidate in step(start, task)]


def best_after(step: Step, plan: Plan, aim: Objective, clock: Clock | None = None) -> Plan:
    """The best of a plan and of what a step proposes; the plan itself if nothing is better."""
    start, task = _begun(plan, aim, clock)
    best = min([start, *step(start, task)], key=task.loss)
    return plan if best is start else best.plan


def _begun(plan: Plan, aim: Objective, clock: Clock | None) -> tuple[Candidate, Task]:
    judge = Judge(plan.hardware, aim, seed=0)
    start = judge.judged(plan)

    def loss(candidate: Candidate) -> float:
        return aim.loss(candidate.figures, start.figures)

    return start, Task(judge, aim, loss, 0, clock or Clock())
