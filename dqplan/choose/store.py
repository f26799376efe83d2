"""Candidate -> Candidates: idle qubits are stored in memory qubits, where that may raise the fidelity.

The schedule of the program with mean durations tells how long every qubit waits at home alone. The stays that are worth
most by an estimate and fit are proposed together: all of them, the better half, a quarter and an eighth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from dqplan.choose.idle import idle_stretches
from dqplan.choose.judge import Candidate, Task
from dqplan.choose.worth import remembers, worthwhile
from dqplan.core.cost import comm_on_trips, cost_of
from dqplan.core.plan import Plan
from dqplan.core.room import comm_limits
from dqplan.core.stay import Stay
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program

_PARTS = (1, 2, 4, 8)


def stored(start: Candidate, task: Task) -> Iterator[Candidate]:
    """Up to four plans with the same homes, hosts and shares, where fidelity is planned for.

    None where modules limit gates or couplings: it is not known what that means for memory qubits.

    Args:
        start: on hardware that tells durations and fidelities; one with stays is left as it is.
        task: what is planned for.
    """
    plan = start.plan
    modules = plan.hardware.modules
    compiled = task.judge.recompile and any(m.native_gates is not None or m.coupling is not None for m in modules)
    if not task.aim.fidelity or plan.stays or compiled or not any(map(remembers, modules)):
        return
    program = split_circuit(plan)
    schedule = trial_program(program, seed=task.judge.seed, work=0).schedule
    if schedule is None:
        return
    stays = _fitting(plan, worthwhile(plan.hardware, idle_stretches(program, schedule)))
    for count in dict.fromkeys(-(-len(stays) // part) for part in _PARTS) if stays else ():
        if not task.clock.expired:
            yield task.judge.judged(_staying(plan, stays[:count]))


def _staying(plan: Plan, stays: list[Stay]) -> Plan:
    cost = cost_of(plan.segments, plan.hardware, plan.home, plan.shares, stays)
    return replace(plan, stays=tuple(stays), cost=cost)


def _fitting(plan: Plan, stays: list[Stay]) -> list[Stay]:
    """As many of the stays as comm and memory qubits allow, the first ones first, one at a time for each qubit."""
    short = _short_of_comm(plan, stays)
    used = {m.module: np.zeros(plan.segments.num_events, dtype=np.int64) for m in stays}
    taken: set[tuple[int, int]] = set()
    kept: list[Stay] = []
    for number, stay in enumerate(stays):
        there = used[stay.module][stay.begin : stay.end]
        room = int(there.max()) < plan.hardware.modules[stay.module].memory_qubits
        if room and number not in short and (stay.wire, stay.begin) not in taken:
            there += 1
            taken.add((stay.wire, stay.begin))
            kept.append(stay)
    return kept


def _short_of_comm(plan: Plan, stays: list[Stay]) -> set[int]:
    """The numbers of the stays for whose ways there are too few comm qubits, with all shares where they are."""
    if plan.relaxed:
        return set()
    limits = comm_limits(plan.hardware, plan.purification)
    short: set[int] = set()
    for number, used in comm_on_trips(plan.segments, plan.hardware, plan.shares, stays):
        if any(_above(count, limits[module]) for module, count in used.items()):
            short.add(number)
    return short


def _above(count: int, limit: int | None) -> bool:
    return limit is not None and count > limit
