"""Pool: the candidates for a plan, and how more of them are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from heapq import nsmallest

from dqplan.choose.exchange import exchanged
from dqplan.choose.front import undominated
from dqplan.choose.judge import Candidate, Judge, Loss, Step, Task
from dqplan.choose.nearby import nearby
from dqplan.choose.prices import Factors, busier, reweighted
from dqplan.choose.purify import purified
from dqplan.choose.search import Search, plan_of
from dqplan.choose.spread import Spread
from dqplan.choose.store import stored
from dqplan.core.errors import InfeasibleError, StoppedError
from dqplan.core.hardware import Hardware
from dqplan.core.objective import Objective
from dqplan.core.plan import Bound, Plan
from dqplan.solve.stop import Clock

_ROUNDS = 5
"""Further searches for each aim."""
_STEPS: tuple[Step, ...] = (nearby, exchanged, stored, purified)
"""What is done with the best plan for each aim after the searches, one step after the other. What changes homes and
shares comes first: it starts from these alone."""
_FINALISTS = 8
"""How many of the best are tried again."""


class Pool:
    """The candidates so far, and how to find more; the first one is the plan for few e-bits."""

    def __init__(
        self, judge: Judge, search: Search, seeds: int, spread: Spread, clock: Clock, *, keep_front: bool
    ) -> None:
        self.judge, self.search, self.seeds, self.spread, self.clock = judge, search, seeds, spread, clock
        self.keep_front = keep_front
        self.candidates: list[Candidate] = []
        self.tried = self._searches = 0
        self._search([judge.hardware])

    def fill(self, aims: Iterable[Objective]) -> None:
        """Searches for each aim in turn, then steps from the best that they found; ends with the time."""
        dearer: dict[Objective, Factors] = {
            aim: dict.fromkeys(self.judge.hardware.quantum_links.values(), 1.0) for aim in aims
        }
        with suppress(StoppedError):  # from a search that was stopped before it had a plan; there is one already
            for _ in range(_ROUNDS):
                if self.clock.expired:
                    return
                self._search([reweighted(self.judge.hardware, aim, factors) for aim, factors in dearer.items()])
                for aim in dearer:
                    if aim.needs_outlook:
                        dearer[aim] = busier(self.judge.hardware, self.best(aim).plan, dearer[aim])
        for step in _STEPS:
            self._step(step, dearer)

    def _search(self, networks: Sequence[Hardware]) -> None:
        """Candidates from a search for each seed on each network."""
        numbers = range(self._searches, self._searches + len(networks) * self.seeds)
        self._searches = numbers.stop
        jobs = [
            partial(_candidate_of, self.judge, self.search, network, numbers[place * self.seeds + seed])
            for place, network in enumerate(networks)
            for seed in range(self.seeds)
        ]
        found = self.spread(jobs, self.clock)
        candidates = [each for each in found if isinstance(each, Candidate)]
        for error in found if not (candidates or self.candidates) else ():
            if isinstance(error, InfeasibleError):
                raise error
        self._take(len(candidates), candidates)

    def _step(self, step: Step, aims: Iterable[Objective]) -> None:
        """Candidates from one step that starts at the best for each aim; if it draws, for each seed."""
        seeds = self.seeds if step is nearby else 1
        jobs = [
            _Steps(step, self.best(aim), self.judge, self._loss(aim), self.search.seed + number, self.keep_front)
            for aim in aims
            for number in range(seeds)
        ]
        for tried, kept in self.spread(jobs, self.clock):
            self._take(tried, kept)

    def _take(self, tried: int, kept: Iterable[Candidate]) -> None:
        self.tried += tried
        self.candidates += kept

    def best(self, aim: Objective) -> Candidate:
        """The best by an aim."""
        return best_of(self.candidates, aim)

    def finalists(self, objective: Objective, pareto: bool) -> list[Candidate]:
        """The first candidate, the best ones, and those that no other one dominates if they are asked for."""
        kept = _leading(self.candidates, self._loss(objective), front=pareto)
        return list(dict.fromkeys([self.candidates[0], *kept]))

    def bound_of(self, plan: Plan) -> Bound:
        """The best of all bounds that speak about a plan: links and their weights play no role in them."""
        bounds = [plan.bound, *(candidate.plan.bound for candidate in self.candidates)]
        return max((bound for bound in bounds if bound.ebits <= plan.cost.ebits), key=lambda bound: bound.ebits)

    def _loss(self, aim: Objective) -> Loss:
        return Loss(aim, self.candidates[0].figures)


def _candidate_of(
    judge: Judge, search: Search, hardware: Hardware, number: int, clock: Clock
) -> Candidate | InfeasibleError:
    """The plan of one search, judged, or why it found none."""
    found = plan_of(search, hardware, number, clock)
    return found if isinstance(found, InfeasibleError) else judge.judged(found)


@dataclass(frozen=True, eq=False)
class _Steps:
    """One step from one candidate, as a job.

    Attributes:
        step, start, judge, loss, seed: as for `Task`.
        front: whether candidates count that no other one dominates.
    """

    step: Step
    start: Candidate
    judge: Judge
    loss: Loss
    seed: int
    front: bool

    def __call__(self, clock: Clock) -> tuple[int, list[Candidate]]:
        """How many candidates there were, and those that may count in the end, in their order."""
        task = Task(self.judge, self.loss.aim, self.loss, self.seed, clock)
        found = list(self.step(self.start, task))
        leading = _leading(found, self.loss, front=self.front)
        return len(found), [candidate for candidate in found if candidate in leading]


def _leading(candidates: Sequence[Candidate], loss: Loss, *, front: bool) -> list[Candidate]:
    """The best ones, of equals the first, and with `front` those that no other one dominates."""
    distinct = {candidate.figures: candidate for candidate in reversed(candidates)}.values()
    return [*nsmallest(_FINALISTS, distinct, key=loss), *(undominated(candidates) if front else ())]


def best_of(candidates: Sequence[Candidate], objective: Objective) -> Candidate:
    """The smallest loss, against the first; of equals the smallest figures, so that no other one dominates it."""
    reference = candidates[0].figures
    return min(candidates, key=lambda found: (objective.loss(found.figures, reference), found.figures))
