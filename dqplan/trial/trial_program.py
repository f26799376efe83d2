"""Program -> Outlook."""

from __future__ import annotations

import numpy as np

from dqplan.core.outlook import Fidelity, Makespan, Outlook, Schedule
from dqplan.core.program import Program
from dqplan.trial.dependencies import Dependencies, dependencies_of
from dqplan.trial.dispatch import dispatch, heads_and_tails
from dqplan.trial.durations import Durations, durations_of
from dqplan.trial.errors import Losses, lifetimes_of, losses_of
from dqplan.trial.ledger import Ledger
from dqplan.trial.makespan_bound import makespan_bound
from dqplan.trial.trials import Trials, run_trials


def trial_program(program: Program, *, seed: int = 0) -> Outlook:
    """Schedule a program on its hardware and estimate how long it takes and how good the result is.

    Where the hardware does not say enough, parts of the outlook are None, and `missing` says what to add.

    Args:
        program: from `split_circuit`.
        seed: of the random waits for e-bits.
    """
    ledger = Ledger(program.plan.hardware)
    durations = durations_of(program, ledger)
    losses = losses_of(program, ledger)
    schedule = trials = None
    if durations is not None:
        needs = dependencies_of(program, program.plan.hardware.latency_s)
        schedule = _scheduled(program, durations, needs)
        lifetimes = lifetimes_of(program, ledger)
        trials = run_trials(program.circuit, durations, needs, schedule.order, lifetimes, seed)
    return Outlook(
        schedule=schedule,
        makespan=None if trials is None else _makespan(trials, seed),
        fidelity=None if trials is None or losses is None else _fidelity(program, losses, trials),
        missing=ledger.missing,
        assumed=ledger.assumed,
        basis=ledger.basis(),
    )


def _scheduled(program: Program, durations: Durations, needs: Dependencies) -> Schedule:
    circuit = program.circuit
    head, tail = heads_and_tails(needs, durations.seconds)
    start, order = dispatch(circuit, durations, needs, tail)
    bound, proved_by = makespan_bound(circuit, durations, head, tail)
    return Schedule(start, start + durations.seconds, order, bound, proved_by)


def _makespan(trials: Trials, seed: int) -> Makespan:
    p50, p95 = np.quantile(trials.makespan_s, [0.5, 0.95]).tolist()
    return Makespan(float(trials.makespan_s.mean()), p50, p95, len(trials.makespan_s), seed)


def _fidelity(program: Program, losses: Losses, trials: Trials) -> Fidelity:
    links, gates, readout = np.exp([losses.links, losses.gates, losses.readout]).tolist()
    return Fidelity(links, float(trials.idling.mean()), gates, readout, len(program.input_qubit))
