"""Plan -> Figures: a plan is split and tried as a program, on the hardware as it was given."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dqplan.choose.try_plan import try_plan
from dqplan.core.cost import weighted_ebits
from dqplan.core.hardware import Hardware
from dqplan.core.objective import Figures, Objective
from dqplan.core.plan import Plan
from dqplan.solve.stop import Clock


@dataclass(frozen=True, eq=False)
class Candidate:
    """A plan, what it was judged by, and the numbers that were missing for that, in words."""

    plan: Plan
    figures: Figures
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judge:
    """Tries plans on the hardware as it was given, not as it was weighted for a search.

    Attributes:
        hardware: the network.
        objective: noted in the plans.
        seed: of the trials.
        recompile: whether programs are compiled for their modules before they are tried.
    """

    hardware: Hardware
    objective: Objective
    seed: int
    recompile: bool = True

    def judged(self, plan: Plan) -> Candidate:
        """The plan with its figures, by list scheduling."""
        cost = replace(plan.cost, weighted_ebits=weighted_ebits(self.hardware, plan.cost.ebits_by_link))
        plan = replace(plan, hardware=self.hardware, cost=cost, objective=self.objective)
        outlook = try_plan(plan, recompile=self.recompile, seed=self.seed, work=0).outlook
        p95_s = math.inf if outlook.makespan is None else outlook.makespan.p95_s
        infidelity = math.inf if outlook.fidelity is None else outlook.fidelity.infidelity
        return Candidate(plan, Figures(cost.weighted_ebits, p95_s, infidelity), outlook.missing)


@dataclass(frozen=True)
class Loss:
    """How bad a plan is by an aim, against the figures of a reference."""

    aim: Objective
    reference: Figures

    def __call__(self, candidate: Candidate) -> float:
        """By `Objective.loss`."""
        return self.aim.loss(candidate.figures, self.reference)


@dataclass(frozen=True, eq=False)
class Task:
    """What a step that improves a finished plan is asked to do.

    Attributes:
        judge: tries plans.
        aim: what is planned for.
        loss: what shall fall, by that aim.
        seed: of whatever the step draws.
        clock: to be asked now and then whether there is time.
    """

    judge: Judge
    aim: Objective
    loss: Callable[[Candidate], float]
    seed: int
    clock: Clock


Step = Callable[[Candidate, Task], Iterator[Candidate]]
"""Makes candidates from the best one so far."""
