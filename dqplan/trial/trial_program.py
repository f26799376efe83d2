"""Program -> Outlook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from dqplan.core.outlook import Fidelity, Makespan, Outlook, Schedule, Supply
from dqplan.core.plan import Effort
from dqplan.core.program import Program
from dqplan.model.durations import Durations, durations_of, ebit_links
from dqplan.model.ebits import purified_links
from dqplan.model.errors import Losses, lifetimes_of, losses_of
from dqplan.model.ledger import Ledger
from dqplan.model.purification import Purified
from dqplan.trial.critical_path import critical_path
from dqplan.trial.dependencies import Dependencies, dependencies_of
from dqplan.trial.dispatch import dispatch, heads_and_tails, in_order
from dqplan.trial.intervals import MOST_ROWS, Budget, best_order
from dqplan.trial.just_in_time import made_late
from dqplan.trial.makespan_bound import makespan_bound
from dqplan.trial.trials import Trials, run_trials

WORK = {Effort.QUICK: 0.0, Effort.NORMAL: 4.0, Effort.THOROUGH: 60.0}
"""CP-SAT's deterministic time, about seconds, for the schedule of a small program."""


def trial_program(
    program: Program, *, seed: int = 0, work: float | None = None, time_limit_s: float | None = None
) -> Outlook:
    """Schedule a program on its hardware and estimate how long it takes and how good the result is.

    Where the hardware does not say enough, parts of the outlook are None, and `missing` says what to add.

    Args:
        program: from `split_circuit`, or better the native program from `recompile_program`.
        seed: of the random waits for e-bits.
        work: CP-SAT's time for a better order of operations; None: as befits the effort of the plan.
        time_limit_s: wall-clock seconds for it, if it shall end before its work is done; 0 or less for no search.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/ghz_8.qasm")
    >>> segments, hardware = dqplan.segments_of(circuit), dqplan.load_hardware("quantnet_style_v0")
    >>> plan = dqplan.solve_plan(segments, hardware, effort=dqplan.Effort.QUICK)
    >>> outlook = trial_program(dqplan.split_circuit(plan))
    >>> 0.9 < outlook.fidelity.process < 1
    True
    """
    ledger = Ledger(program.hardware)
    purified = purified_links(program, ledger)
    durations = durations_of(program, ledger, purified)
    losses = losses_of(program, ledger, purified)
    schedule = path = trials = None
    if durations is not None:
        needs = dependencies_of(program, program.hardware.latency_s)
        work = WORK[program.plan.effort] if work is None else work
        budget = Budget(work, time_limit_s)
        earliest = _scheduled(program, durations, needs, budget, seed)
        path = critical_path(program.circuit, durations, needs, earliest)
        schedule = _just_in_time(program, durations, earliest)
        lifetimes = lifetimes_of(program, ledger)
        trials = run_trials(program.circuit, durations, needs, schedule.order, lifetimes, seed)
    return Outlook(
        schedule=schedule,
        makespan=None if trials is None else _makespan(trials, seed),
        fidelity=None if trials is None or losses is None else _fidelity(program, losses, trials),
        missing=ledger.missing,
        assumed=ledger.assumed,
        basis=ledger.basis(),
        critical_path=path,
        supply=_supply(program, purified, None if trials is None else trials.remade),
    )


def _scheduled(program: Program, durations: Durations, needs: Dependencies, budget: Budget, seed: int) -> Schedule:
    circuit = program.circuit
    head, tail = heads_and_tails(needs, durations.seconds)
    start, order = dispatch(circuit, durations, needs, tail)
    bound, proved_by = makespan_bound(circuit, durations, head, tail)
    end = start + durations.seconds
    bound = min(bound, float(end.max(initial=0.0)))  # the same sum in another order may be rounded up
    schedule = Schedule(start, end, order, bound, proved_by)
    if schedule.optimal or budget.spent or len(circuit) > MOST_ROWS:
        return schedule
    return _improved(program, durations, needs, schedule, budget, seed)


def _just_in_time(program: Program, durations: Durations, earliest: Schedule) -> Schedule:
    """The same schedule with e-bits made as late as nothing else waits for them."""
    late = made_late(program.circuit, durations, earliest.start_s)
    return replace(earliest, start_s=late, end_s=late + durations.seconds)


def _improved(
    program: Program, durations: Durations, needs: Dependencies, known: Schedule, budget: Budget, seed: int
) -> Schedule:
    """A schedule in the order that CP-SAT finds, if it is shorter, with the better of both bounds."""
    found = best_order(durations, needs, known.start_s, known.bound_s, budget=budget, seed=seed)
    if found is None:
        return known
    start = in_order(program.circuit, durations, needs, found.order)
    better = Schedule(start, start + durations.seconds, found.order, known.bound_s, known.proved_by)
    best = better if better.makespan_s < known.makespan_s else known
    if found.bound_s <= known.bound_s:
        return best
    return replace(best, bound_s=min(found.bound_s, best.makespan_s), proved_by="CP-SAT")


def _makespan(trials: Trials, seed: int) -> Makespan:
    p50, p95 = np.quantile(trials.makespan_s, [0.5, 0.95]).tolist()
    return Makespan(float(trials.makespan_s.mean()), p50, p95, len(trials.makespan_s), seed)


def _supply(
    program: Program, purified: Mapping[str, Purified | None], remade: Sequence[float] | None
) -> dict[str, Supply]:
    """How e-bits are made, by link in use."""
    row_link, links = ebit_links(program)
    ebits, rounds = np.bincount(row_link[row_link >= 0], minlength=len(links)).tolist(), program.plan.purification
    found = {}
    for link, made, again in zip(links, ebits, remade or [0.0] * len(links), strict=True):
        name = program.plan.hardware.link_name(link.a, link.b)
        if name not in purified:
            found[name] = Supply(made, 0, link.ebit_fidelity, 1.0, again)
        elif pair := purified[name]:
            found[name] = Supply(made, rounds[name], pair.fidelity, pair.recurrence.raw_pairs, again)
        else:
            found[name] = Supply(made, rounds[name], None, None, again)
    return found


def _fidelity(program: Program, losses: Losses, trials: Trials) -> Fidelity:
    links, gates, readout = np.exp([losses.links, losses.gates, losses.readout]).tolist()
    return Fidelity(links, float(trials.idling.mean()), gates, readout, len(program.input_qubit))
