"""Circuit x Hardware x Objective -> Plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from heapq import nsmallest
from itertools import product
from threading import Event

from dqplan.choose.exchange import exchanged
from dqplan.choose.front import undominated
from dqplan.choose.judge import Candidate, Judge, Step, Task
from dqplan.choose.nearby import nearby
from dqplan.choose.numbers import check_numbers, lacking
from dqplan.choose.prices import Factors, busier, reweighted
from dqplan.choose.purify import purified
from dqplan.choose.store import stored
from dqplan.core.errors import StoppedError
from dqplan.core.hardware import Hardware
from dqplan.core.objective import Objective
from dqplan.core.plan import Alternative, Bound, Effort, Plan
from dqplan.core.segments import Segments
from dqplan.core.units import counted
from dqplan.solve.progress import Progress
from dqplan.solve.solve_plan import solve_plan
from dqplan.solve.stop import Clock

_ROUNDS = 5
"""Further searches for each aim."""
_AIMS = (Objective.EBITS, Objective.TIME, Objective.FIDELITY)
"""What candidates are made for with `pareto`, besides the objective."""
_EVERYTHING = Objective(time=1, fidelity=1)
_STEPS: tuple[Step, ...] = (nearby, exchanged, stored, purified)
"""What is done with the best plan for each aim after the searches, one step after the other. What changes homes and
shares comes first: it starts from these alone."""
_FINALISTS = 8
"""How many of the best are tried again."""
_SEEDS = 2**31

Search = Callable[[Hardware, int], Plan]
"""A search for few e-bits on a network with weights; its number makes its seed."""


def choose_plan(
    segments: Segments,
    hardware: Hardware,
    *,
    objective: Objective = Objective.EBITS,
    pareto: bool = False,
    effort: Effort = Effort.NORMAL,
    seed: int = 0,
    time_limit_s: float | None = None,
    relaxed: bool = False,
    recompile: bool = True,
    stop: Event | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Plan:
    """The best of many plans by the objective; for e-bits alone, the plan of `solve_plan`.

    The first candidate is the plan with few e-bits. For some others, links weigh what an e-bit over them costs by the
    objective and, for time, more the longer the best plan so far keeps them busy; each has a seed of its own. The rest
    are the best one with small changes, and with what the planner does not know of: how good modules are, memory
    qubits, purification. Every candidate is split and tried as a whole. The finalists are tried again with e-bits that
    arrive at other times, lest luck decides; the first candidate is one of them, so the answer is never worse than
    that.

    Args:
        segments: the circuit in normal form.
        hardware: the network.
        objective: weights of e-bits, the 95 % quantile of the makespan, and the process fidelity.
        pareto: make candidates for all three, and keep in `Plan.pareto` those that no other one dominates.
        effort: of each search.
        seed: of the first search and of the last trials; the other searches count up.
        time_limit_s: for everything together; each of several searches takes at most half of what is left.
        relaxed: ignore the limits on comm qubits.
        recompile: try plans as programs that are compiled for their modules.
        stop: ends the search with the best so far.
        watch: called with the state of the search.

    Raises:
        UsageError: the hardware does not give the numbers that the objective, or `pareto`, needs.
        HardwareError: as `recompile_program`.
        InfeasibleError: as `solve_plan`.
        StoppedError: as `solve_plan`.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/ghz_8.qasm")
    >>> segments, hardware = dqplan.segments_of(circuit), dqplan.load_hardware("simref_ion_4x5")
    >>> plan = choose_plan(segments, hardware, objective=Objective(fidelity=1), effort=Effort.QUICK)
    >>> plan.cost.ebits
    1
    """
    clock = Clock(time_limit_s, stop or Event(), watch)
    alone = not (objective.needs_outlook or pareto)

    def search(weighted: Hardware, number: int) -> Plan:
        return solve_plan(
            segments,
            weighted,
            effort=effort,
            seed=(seed + number) % _SEEDS,
            time_limit_s=None if time_limit_s is None else max(0.001, clock.left_s if alone else clock.left_s / 2),
            relaxed=relaxed,
            stop=clock.stop,
            watch=watch,
        )

    if alone:
        return replace(search(hardware, 0), objective=objective)
    asking, wanted = ("--pareto", _EVERYTHING) if pareto else (f"--objective {objective}", objective)
    check_numbers(asking, wanted, segments, hardware)
    pool = _Pool(Judge(hardware, objective, (seed + _SEEDS // 2) % _SEEDS, recompile), search, clock, seed)
    pool.fill(dict.fromkeys([objective, *_AIMS] if pareto else [objective]))
    judge = Judge(hardware, objective, seed, recompile)
    finalists = [judge.judged(candidate.plan) for candidate in pool.finalists(objective, pareto)]
    best = _best(finalists, objective)
    if missing := _missing(wanted, best):
        raise lacking(asking, missing)
    return replace(
        best.plan,
        bound=pool.bound_of(best.plan),
        seed=seed,
        elapsed_s=clock.elapsed_s,
        stop_reason=f"best of {counted(len(pool.candidates), 'plan')}" + (f", {clock.reason}" if clock.expired else ""),
        pareto=_front(best, finalists) if pareto else (),
    )


class _Pool:
    """The candidates so far, and how to find more; the first one is the plan for few e-bits."""

    def __init__(self, judge: Judge, search: Search, clock: Clock, seed: int) -> None:
        self.judge, self.search, self.clock, self.seed = judge, search, clock, seed
        self.candidates = [judge.judged(search(judge.hardware, 0))]

    def fill(self, aims: Iterable[Objective]) -> None:
        """Searches for each aim in turn, then steps from the best that they found; ends with the time."""
        dearer: dict[Objective, Factors] = {
            aim: dict.fromkeys(self.judge.hardware.quantum_links.values(), 1.0) for aim in aims
        }
        with suppress(StoppedError):  # from a search that was stopped before it had a plan; there is one already
            for _, aim in product(range(_ROUNDS), dearer):
                if self.clock.expired:
                    return
                weighted = reweighted(self.judge.hardware, aim, dearer[aim])
                self.candidates.append(self.judge.judged(self.search(weighted, len(self.candidates))))
                if aim.needs_outlook:
                    dearer[aim] = busier(self.judge.hardware, self.best(aim).plan, dearer[aim])
        for step, aim in product(_STEPS, dearer):
            task = Task(self.judge, aim, partial(self._loss, aim), self.seed, self.clock)
            self.candidates += step(self.best(aim), task)

    def best(self, aim: Objective) -> Candidate:
        """The best by an aim."""
        return _best(self.candidates, aim)

    def finalists(self, objective: Objective, pareto: bool) -> list[Candidate]:
        """The first candidate, the best ones, and those that no other one dominates if they are asked for."""
        distinct = {candidate.figures: candidate for candidate in reversed(self.candidates)}.values()
        best = nsmallest(_FINALISTS, distinct, key=partial(self._loss, objective))
        front = undominated(self.candidates) if pareto else []
        return list(dict.fromkeys([self.candidates[0], *best, *front]))

    def bound_of(self, plan: Plan) -> Bound:
        """The best of all bounds that speak about a plan: links and their weights play no role in them."""
        bounds = [plan.bound, *(candidate.plan.bound for candidate in self.candidates)]
        return max((bound for bound in bounds if bound.ebits <= plan.cost.ebits), key=lambda bound: bound.ebits)

    def _loss(self, aim: Objective, candidate: Candidate) -> float:
        return aim.loss(candidate.figures, self.candidates[0].figures)


def _best(candidates: Sequence[Candidate], objective: Objective) -> Candidate:
    """The smallest loss, against the first; of equals the smallest figures, so that no other one dominates it."""
    reference = candidates[0].figures
    return min(candidates, key=lambda found: (objective.loss(found.figures, reference), found.figures))


def _front(best: Candidate, candidates: Iterable[Candidate]) -> tuple[Alternative, ...]:
    """Those that could be judged and that no other one dominates, the best of them marked."""
    front = undominated(found for found in [best, *candidates] if not found.missing)
    return tuple(Alternative(found.plan, found.figures, chosen=found is best) for found in front)


def _missing(wanted: Objective, candidate: Candidate) -> str:
    """The first number without which a candidate could not be judged, if there is one."""
    figures = candidate.figures
    unknown = (wanted.time and figures.p95_s == math.inf) or (wanted.fidelity and figures.infidelity == math.inf)
    return candidate.missing[0] if unknown and candidate.missing else ""
