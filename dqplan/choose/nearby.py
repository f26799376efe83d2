"""Candidate -> Candidates: small changes of homes and hosts, each of them split and tried as a program.

The searches behind the other candidates know links by their prices alone. What really counts, such as e-bits over
several links at once, only shows when a plan is tried, so the last steps are taken by trial: simulated annealing
(Kirkpatrick et al., Science 220, 1983) on the loss itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from dqplan.choose.judge import Candidate, Task
from dqplan.core.plan import Baseline, Effort, Plan
from dqplan.solve.baseline import ebits_gate_by_gate
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement
from dqplan.solve.search.proposals import Proposer, realised
from dqplan.solve.sharing.realise import Realised

WORK = {Effort.QUICK: 30_000, Effort.NORMAL: 200_000, Effort.THOROUGH: 2_000_000}
"""Segments and gates of all plans that are tried."""
_LEAST_SIZE = 100
"""What a plan counts at least: trying even the smallest takes a while."""
_HOSTED = 0.3
"""Part of the changes that are of hosts only."""
_HOT, _COLD = 0.02, 0.001
"""Temperatures, relative to the loss."""


def nearby(start: Candidate, task: Task) -> Iterator[Candidate]:
    """Candidates around a plan, each next to the one before or, if that was much worse, to an earlier one."""
    now, plan = start, start.plan
    network, rng = Network(plan.hardware, plan.relaxed), np.random.default_rng(task.seed)
    proposer = Proposer(plan.segments, network, rng)
    placement = Placement(plan.home, plan.host)
    steps = WORK[plan.effort] // max(_LEAST_SIZE, plan.segments.num_segments + len(plan.segments.gates))
    task.clock.found(plan.cost.ebits)
    task.clock.proved(plan.bound.ebits)
    task.clock.enter("small changes", steps)
    for step in range(steps if len(network.homes) > 1 else 0):
        if task.clock.expired:
            return
        task.clock.step()
        propose = proposer.rehosted if rng.random() < _HOSTED else proposer.near
        found = realised(plan.segments, network, propose(placement))
        if found is None or found.cost.ebits < plan.bound.ebits:
            continue  # fewer e-bits than proved are outside of what the bound covers, which the plan goes on claiming
        candidate = task.judge.judged(_changed(plan, network, found))
        yield candidate
        warmth = _HOT * (_COLD / _HOT) ** (step / steps)
        if rng.random() < math.exp(min(0.0, _gain(task.loss(now), task.loss(candidate))) / warmth):
            now, placement = candidate, found.placement


def _gain(old: float, new: float) -> float:
    """By what part the loss falls; it may be 0 or infinite."""
    if new == old:
        return 0.0
    return 1 - new / old if 0 < old < math.inf else math.copysign(math.inf, old - new)


def _changed(plan: Plan, network: Network, found: Realised) -> Plan:
    """A plan with other homes and hosts, and what follows from them."""
    home = found.placement.home
    baseline = Baseline(ebits_gate_by_gate(found.segments, network, home), plan.baseline.static_packets)
    return replace(
        plan,
        segments=found.segments,
        home=home,
        host=found.host,
        shares=tuple(found.shares),
        cost=found.cost,
        baseline=baseline,
    )
