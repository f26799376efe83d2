"""Plan -> the same plan with e-bits purified where that makes the program better."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dqplan.core.hardware import Link, LinkKind
from dqplan.core.plan import Effort, Plan
from dqplan.core.room import comm_limits
from dqplan.model.ebits import purified_pair
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program

MOST_ROUNDS = 3
"""Of purification of an e-bit; each about doubles the time and the raw pairs that it takes."""
WORK = {Effort.QUICK: 200_000, Effort.NORMAL: 1_000_000, Effort.THOROUGH: 10_000_000}
"""Operations of all programs that are tried, together; about 50 us each."""
_FLOOR = 1e-300
"""Logarithms of fidelities are taken of no less."""


def purify_links(plan: Plan, *, seed: int, more: Callable[[], bool] = lambda: True) -> Plan:
    """Choose rounds of purification for the links of a plan.

    What counts is the process fidelity of the whole program: purified e-bits take longer, so qubits wait longer, and
    comm qubits that store pairs cannot make others ahead of time. Rounds need comm qubits that the plan leaves free at
    both ends. Links with direct gates or a measured remote gate are left alone, as are rounds in which the local
    operations of the two ends spoil more than they find.

    Two greedy ways are gone, and the better end is kept: link by link, those first whose e-bits lose most, and step by
    step, the link first that gains most per round.

    Args:
        plan: whose rounds begin at none.
        seed: of the trials.
        more: asked before every trial whether there is time for it.
    """
    search = _Search(seed, WORK[plan.effort], more)
    begun = search.tried(plan)
    ends = (search.link_by_link(begun), search.step_by_step(begun))
    return max(ends, key=lambda found: found.log_fidelity).plan


@dataclass(frozen=True, eq=False)
class _Found:
    """A plan, and the logarithm of its process fidelity."""

    plan: Plan
    log_fidelity: float


class _Search:
    """Tries plans as programs, as long as there is work and time left."""

    def __init__(self, seed: int, work: int, more: Callable[[], bool]) -> None:
        self.seed = seed
        self.left = work
        self.more = more

    def tried(self, plan: Plan) -> _Found:
        """How good the program is."""
        program = split_circuit(plan)
        self.left -= len(program.circuit)
        fidelity = trial_program(program, seed=self.seed, work=0).fidelity
        return _Found(plan, math.log(max(fidelity.process, _FLOOR)) if fidelity else math.log(_FLOOR))

    def link_by_link(self, begun: _Found) -> _Found:
        """Every link takes the rounds that are best for it."""
        best = begun
        for name in _purifiable(begun.plan):
            best = max([best, *self._steps(best, name)], key=lambda found: found.log_fidelity)
        return best

    def step_by_step(self, begun: _Found) -> _Found:
        """What a link gained when it was last looked at is taken for the most that it can still gain."""
        best = begun
        waiting = [(-math.inf, number, name) for number, name in enumerate(_purifiable(begun.plan))]
        while waiting:
            _, number, name = heapq.heappop(waiting)
            gains = [(_per_round(best, step, name), step) for step in self._steps(best, name)]
            gain, step = max(gains, default=(0.0, best), key=lambda found: found[0])
            if gain > 0:
                heapq.heappush(waiting, (-gain, number, name))
                if waiting[0][1] == number:
                    best = step
        return best

    def _steps(self, found: _Found, name: str) -> Iterator[_Found]:
        """The same plan with more rounds on a link."""
        rounds = found.plan.purification
        for number in _worthwhile(found.plan, name):
            candidate = replace(found.plan, purification={**rounds, name: number})
            if number > rounds.get(name, 0) and _has_room(candidate) and self.left > 0 and self.more():
                yield self.tried(candidate)


def _per_round(before: _Found, after: _Found, name: str) -> float:
    """What the logarithm of the fidelity gains by each new round on a link."""
    rounds = after.plan.purification[name] - before.plan.purification.get(name, 0)
    return (after.log_fidelity - before.log_fidelity) / rounds


def _purifiable(plan: Plan) -> Iterator[str]:
    """The links in use whose e-bits are heralded and count with their own fidelity; those first that lose most."""
    links = _links(plan)
    loss = {
        name: ebits * (1 - (links[name].ebit_fidelity or 0.0))
        for name, ebits in plan.cost.ebits_by_link.items()
        if links[name].kind is LinkKind.EBIT and links[name].remote_gate.fidelity is None
    }
    yield from sorted(loss, key=lambda name: -loss[name])


def _worthwhile(plan: Plan, name: str) -> Iterator[int]:
    """Numbers of rounds that make better pairs of a link than any fewer."""
    link = _links(plan)[name]
    best = link.ebit_fidelity or 0.0
    for rounds in range(1, MOST_ROUNDS + 1):
        pair = purified_pair(plan.hardware, link, rounds)
        if pair is not None and pair.fidelity > best:
            best = pair.fidelity
            yield rounds


def _links(plan: Plan) -> dict[str, Link]:
    return {plan.hardware.link_name(*ends): link for ends, link in plan.hardware.quantum_links.items()}


def _has_room(plan: Plan) -> bool:
    """Whether what is stored while pairs are purified leaves every module the comm qubits that the plan needs."""
    limits = comm_limits(plan.hardware, plan.purification)
    peaks = [plan.cost.peak_comm[module.name] for module in plan.hardware.modules]
    return plan.relaxed or all(limit is None or peak <= limit for peak, limit in zip(peaks, limits, strict=True))
