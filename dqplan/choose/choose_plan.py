"""Circuit x Hardware x Objective -> Plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Event

from dqplan.choose.front import undominated
from dqplan.choose.judge import Candidate, Judge
from dqplan.choose.numbers import check_numbers, lacking
from dqplan.choose.pool import Pool, best_of
from dqplan.choose.search import SEEDS, Search, cheapest, choice_of
from dqplan.choose.spread import Spread, one_by_one
from dqplan.core.hardware import Hardware
from dqplan.core.objective import Objective
from dqplan.core.plan import Alternative, Effort, Plan
from dqplan.core.segments import Segments
from dqplan.solve.progress import Progress
from dqplan.solve.stop import Clock

_AIMS = (Objective.EBITS, Objective.TIME, Objective.FIDELITY)
"""What candidates are made for with `pareto`, besides the objective."""
_EVERYTHING = Objective(time=1, fidelity=1)


def choose_plan(
    segments: Segments,
    hardware: Hardware,
    *,
    objective: Objective = Objective.EBITS,
    pareto: bool = False,
    effort: Effort = Effort.NORMAL,
    seed: int = 0,
    seeds: int = 1,
    time_limit_s: float | None = None,
    relaxed: bool = False,
    recompile: bool = True,
    stop: Event | None = None,
    watch: Callable[[Progress], None] | None = None,
    spread: Spread = one_by_one,
) -> Plan:
    """The best of many plans by the objective; for e-bits alone, the best plan of `solve_plan` over some seeds.

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
        seeds: every search, and the small changes, are made so many times, each with another seed. For e-bits alone,
            the plan names the seed that found it.
        time_limit_s: for everything together; each of several searches takes at most half of what is left.
        relaxed: ignore the limits on comm qubits.
        recompile: try plans as programs that are compiled for their modules.
        stop: ends the search with the best so far.
        watch: called with the state of the search.
        spread: does what does not depend on each other; the plan is the same whatever it is, unless time runs out.

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
    search = Search(segments, effort, relaxed, seed, alone)
    if alone:
        return replace(cheapest(search, hardware, seeds, spread, clock), objective=objective)
    asking, wanted = ("--pareto", _EVERYTHING) if pareto else (f"--objective {objective}", objective)
    check_numbers(asking, wanted, segments, hardware)
    trial = Judge(hardware, objective, (seed + SEEDS // 2) % SEEDS, recompile)
    pool = Pool(trial, search, seeds, spread, clock, keep_front=pareto)
    pool.fill(dict.fromkeys([objective, *_AIMS] if pareto else [objective]))
    judge = Judge(hardware, objective, seed, recompile)
    finalists = [judge.judged(candidate.plan) for candidate in pool.finalists(objective, pareto)]
    best = best_of(finalists, objective)
    if missing := _missing(wanted, best):
        raise lacking(asking, missing)
    return replace(
        best.plan,
        bound=pool.bound_of(best.plan),
        seed=seed,
        elapsed_s=clock.elapsed_s,
        stop_reason=choice_of(pool.tried, "plan", clock),
        pareto=_front(best, finalists) if pareto else (),
    )


def _front(best: Candidate, candidates: Iterable[Candidate]) -> tuple[Alternative, ...]:
    """Those that could be judged and that no other one dominates, the best of them marked."""
    front = undominated(found for found in [best, *candidates] if not found.missing)
    return tuple(Alternative(found.plan, found.figures, chosen=found is best) for found in front)


def _missing(wanted: Objective, candidate: Candidate) -> str:
    """The first number without which a candidate could not be judged, if there is one."""
    figures = candidate.figures
    unknown = (wanted.time and figures.p95_s == math.inf) or (wanted.fidelity and figures.infidelity == math.inf)
    return candidate.missing[0] if unknown and candidate.missing else ""
