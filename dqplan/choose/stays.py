"""Idle qubits -> memory qubits, where that raises the fidelity: an addition to a finished plan.

The schedule of the program with mean durations tells how long every qubit waits at home alone. The stays that are worth
most by an estimate and fit are tried together: all of them, the better half, a quarter; the trials decide.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dqplan.choose.idle import idle_stretches
from dqplan.choose.worth import remembers, worthwhile
from dqplan.core.cost import comm_in_use, cost_of
from dqplan.core.plan import Plan
from dqplan.core.stay import Stay
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program

_PARTS = (1, 2, 4, 8)
"""The best of the stays that fit are tried: all of them, a half, and so on."""


def with_stays(plan: Plan, seed: int) -> Plan:
    """The plan with idle qubits in memory, if its program then has a higher process fidelity; else the plan.

    Args:
        plan: without stays, on hardware that tells durations and fidelities.
        seed: of the trials.
    """
    if not any(map(remembers, plan.hardware.modules)):
        return plan
    program = split_circuit(plan)
    outlook = trial_program(program, seed=seed, work=0)
    if outlook.schedule is None or outlook.fidelity is None:
        return plan
    stays = _fitting(plan, worthwhile(plan.hardware, idle_stretches(program, outlook.schedule)))
    best, fidelity = plan, outlook.fidelity.process
    for count in dict.fromkeys(-(-len(stays) // part) for part in _PARTS) if stays else ():
        found = _staying(plan, stays[:count])
        tried = trial_program(split_circuit(found), seed=seed, work=0).fidelity
        if tried is not None and tried.process > fidelity:
            best, fidelity = found, tried.process
    return best


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
    limits = [m.comm_qubits for m in plan.hardware.modules]
    short: set[int] = set()
    for making, used in comm_in_use(plan.segments, plan.hardware, plan.shares, stays):
        if making.stay is not None and any(_above(count, limits[module]) for module, count in used.items()):
            short.add(making.stay)
    return short


def _above(count: int, limit: int | None) -> bool:
    return limit is not None and count > limit
