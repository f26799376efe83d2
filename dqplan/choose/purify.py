"""Candidate -> Candidates: e-bits are purified on some links."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import replace

from dqplan.choose.judge import Candidate, Task
from dqplan.core.hardware import LinkKind
from dqplan.core.plan import Effort, Plan
from dqplan.core.room import comm_limits
from dqplan.model.ebits import purified_pair

MOST_ROUNDS = 3
"""Of purification of an e-bit; each about doubles the time and the raw pairs that it takes."""
WORK = {Effort.QUICK: 200_000, Effort.NORMAL: 1_000_000, Effort.THOROUGH: 10_000_000}
"""Segments and gates of all plans that are tried, together."""


def purified(start: Candidate, task: Task) -> Iterator[Candidate]:
    """The same plan with rounds of purification on its links, where fidelity is planned for.

    What counts is the loss of the whole program: purified e-bits take longer, so qubits wait longer, and comm qubits
    that store pairs cannot make others ahead of time. Rounds need comm qubits that the plan leaves free at both ends.
    Links with direct gates or a measured remote gate are left alone, as are rounds in which the local operations of the
    two ends spoil more than they find.

    Two greedy ways are gone: link by link, those first whose e-bits lose most, and step by step, the link first that
    gains most per round.

    Args:
        start: whose rounds begin at none.
        task: what shall fall.
    """
    if task.aim.fidelity and math.isfinite(task.loss(start)):
        search = _Search(task, WORK[start.plan.effort])
        search.link_by_link(start)
        search.step_by_step(start)
        yield from search.found


class _Search:
    """Tries plans as programs, as long as there is work and time left; `found` are all of them."""

    def __init__(self, task: Task, work: int) -> None:
        self.task = task
        self.left = work
        self.found: list[Candidate] = []

    def link_by_link(self, begun: Candidate) -> None:
        """Every link takes the rounds that are best for it."""
        best = begun
        for name in _purifiable(begun.plan):
            best = min([best, *self._steps(best, name)], key=self.task.loss)

    def step_by_step(self, begun: Candidate) -> None:
        """What a link gained when it was last looked at is taken for the most that it can still gain."""
        best = begun
        waiting = [(-math.inf, number, name) for number, name in enumerate(_purifiable(begun.plan))]
        while waiting:
            _, number, name = heapq.heappop(waiting)
            gains = [(self._per_round(best, step, name), step) for step in self._steps(best, name)]
            gain, step = max(gains, default=(0.0, best), key=lambda found: found[0])
            if gain > 0:
                heapq.heappush(waiting, (-gain, number, name))
                if waiting[0][1] == number:
                    best = step

    def _steps(self, candidate: Candidate, name: str) -> Iterator[Candidate]:
        """The same plan with more rounds on a link."""
        plan = candidate.plan
        for number in _worthwhile(plan, name):
            more = replace(plan, purification={**plan.purification, name: number})
            if number > plan.purification.get(name, 0) and _has_room(more) and self._goes_on(plan):
                self.found.append(self.task.judge.judged(more))
                yield self.found[-1]

    def _goes_on(self, plan: Plan) -> bool:
        """Whether there is work and time for one more."""
        self.left -= plan.segments.num_segments + len(plan.segments.gates)
        return self.left > 0 and not self.task.clock.expired

    def _per_round(self, before: Candidate, after: Candidate, name: str) -> float:
        """By what the loss falls with each new round on a link."""
        rounds = after.plan.purification[name] - before.plan.purification.get(name, 0)
        return (self.task.loss(before) - self.task.loss(after)) / rounds


def _purifiable(plan: Plan) -> Iterator[str]:
    """The links in use whose e-bits are heralded and count with their own fidelity; those first that lose most."""
    links = plan.hardware.link_by_name
    loss = {
        name: ebits * (1 - (links[name].ebit_fidelity or 0.0))
        for name, ebits in plan.cost.ebits_by_link.items()
        if links[name].kind is LinkKind.EBIT and links[name].remote_gate.fidelity is None
    }
    yield from sorted(loss, key=lambda name: -loss[name])


def _worthwhile(plan: Plan, name: str) -> Iterator[int]:
    """Numbers of rounds that make better pairs of a link than any fewer."""
    link = plan.hardware.link_by_name[name]
    best = link.ebit_fidelity or 0.0
    for rounds in range(1, MOST_ROUNDS + 1):
        pair = purified_pair(plan.hardware, link, rounds)
        if pair is not None and pair.fidelity > best:
            best = pair.fidelity
            yield rounds


def _has_room(plan: Plan) -> bool:
    """Whether what is stored while pairs are purified leaves every module the comm qubits that the plan needs."""
    limits = comm_limits(plan.hardware, plan.purification)
    peaks = [plan.cost.peak_comm[module.name] for module in plan.hardware.modules]
    return plan.relaxed or all(limit is None or peak <= limit for peak, limit in zip(peaks, limits, strict=True))
