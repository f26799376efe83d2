"""Circuit x Hardware x Objective -> Plan."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event

from dqplan.core.cost import weighted_ebits
from dqplan.core.errors import StoppedError, UsageError
from dqplan.core.hardware import Hardware, Link, LinkKind
from dqplan.core.plan import Effort, Objective, Plan
from dqplan.core.segments import Segments
from dqplan.core.units import counted
from dqplan.solve.progress import Progress
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.recompile.recompile_program import recompile_program
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program

_ROUNDS = 5
"""Further searches."""
_HEAVIEST = 1000.0
"""The largest weight of a link, the smallest being 1."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A plan, and how bad it is by the objective."""

    plan: Plan
    loss: float


def choose_plan(
    segments: Segments,
    hardware: Hardware,
    *,
    objective: Objective = Objective.EBITS,
    effort: Effort = Effort.NORMAL,
    seed: int = 0,
    time_limit_s: float | None = None,
    relaxed: bool = False,
    recompile: bool = True,
    stop: Event | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Plan:
    """The best of several plans by the objective; for e-bits, the plan of `solve_plan`.

    The first candidate is the plan with few e-bits, so the answer is never worse than that. For the others, links weigh
    what an e-bit over them takes, or costs in fidelity, and, for time, more the longer the best plan so far keeps them
    busy; each has a seed of its own. Every candidate is split and tried as a whole.

    Args:
        segments: the circuit in normal form.
        hardware: the network.
        objective: e-bits, the 95 % quantile of the makespan, or the process fidelity.
        effort: of each search.
        seed: of the first search and of all trials; the other searches count up.
        time_limit_s: for all searches together.
        relaxed: ignore the limits on comm qubits.
        recompile: try plans as programs that are compiled for their modules.
        stop: ends the search with the best so far.
        watch: called with the state of the search.

    Raises:
        UsageError: the hardware does not give the numbers that the objective needs.
        HardwareError: as `recompile_program`.
        InfeasibleError: as `solve_plan`.
        StoppedError: as `solve_plan`.
    """
    begin, stopped = time.monotonic(), stop or Event()

    def clock() -> float:
        return time.monotonic() - begin

    def planned(weighted: Hardware, number: int) -> Plan:
        return solve_plan(
            segments,
            weighted,
            effort=effort,
            seed=(seed + number) % 2**31,
            time_limit_s=None if time_limit_s is None else max(0.001, time_limit_s - clock()),
            relaxed=relaxed,
            stop=stopped,
            watch=watch,
        )

    def tried(weighted: Hardware, number: int) -> Candidate:
        return _judged(_on(planned(weighted, number), hardware, objective), objective, seed, recompile=recompile)

    if objective is Objective.EBITS:
        return planned(hardware, 0)
    best = tried(hardware, 0)
    count, dearer = 1, dict.fromkeys(hardware.quantum_links.values(), 1.0)
    with suppress(StoppedError):  # from a search that was stopped before it had a plan; there is one already
        while count <= _ROUNDS and not stopped.is_set() and (time_limit_s is None or clock() < time_limit_s):
            best = min(best, tried(_reweighted(hardware, objective, dearer), count), key=lambda found: found.loss)
            count += 1
            if objective is Objective.TIME:
                dearer = _busier(hardware, best.plan, dearer)
    return replace(best.plan, seed=seed, elapsed_s=clock(), stop_reason=f"best of {counted(count, 'plan')}")


def _judged(plan: Plan, objective: Objective, seed: int, *, recompile: bool) -> Candidate:
    """A plan, tried as a program."""
    program = split_circuit(plan)
    native = recompile_program(program) if recompile else None
    outlook = trial_program(program if native is None else native.program, seed=seed, work=0)
    if outlook.makespan is None or (objective is Objective.FIDELITY and outlook.fidelity is None):
        raise UsageError(
            f"--objective {objective} needs numbers that the hardware does not give: the {outlook.missing[0]}",
            hint="add them to the hardware file, or use --objective ebits",
        )
    if objective is Objective.TIME:
        return Candidate(plan, outlook.makespan.p95_s)
    return Candidate(plan, -outlook.fidelity.process if outlook.fidelity else 0.0)


def _on(plan: Plan, hardware: Hardware, objective: Objective) -> Plan:
    """The plan on the hardware as it was given, not as it was weighted for the search."""
    cost = replace(plan.cost, weighted_ebits=weighted_ebits(hardware, plan.cost.ebits_by_link))
    return replace(plan, hardware=hardware, cost=cost, objective=objective)


def _busier(hardware: Hardware, plan: Plan, dearer: dict[Link, float]) -> dict[Link, float]:
    """Factors that grow with the time for which a plan keeps each link busy, by a half for the busiest."""
    ebits = plan.cost.ebits_by_link
    load = {link: ebits.get(hardware.link_name(link.a, link.b), 0) * _seconds(link) for link in dearer}
    most = max(load.values(), default=0.0) or 1.0
    return {link: factor * (1 + 0.5 * load[link] / most) for link, factor in dearer.items()}


def _seconds(link: Link) -> float:
    """What an e-bit takes, with all channels at work."""
    if link.kind is LinkKind.DIRECT_GATE:
        return (link.remote_gate.duration_s or 0.0) / link.parallel_channels
    return 1 / (link.rate_hz * link.parallel_channels) if link.rate_hz else 0.0


def _loss(link: Link) -> float:
    """What an e-bit costs in the logarithm of the fidelity."""
    fidelity = link.remote_gate.fidelity if link.ebit_fidelity is None else link.ebit_fidelity
    return -math.log(max(fidelity, 1e-9)) if fidelity is not None else 0.0


def _reweighted(hardware: Hardware, objective: Objective, dearer: dict[Link, float]) -> Hardware:
    """Links that weigh what an e-bit over them costs by the objective, times a factor; the cheapest 1."""
    price = _seconds if objective is Objective.TIME else _loss
    prices = {link: price(link) * factor for link, factor in dearer.items()}
    least = min((cost for cost in prices.values() if cost > 0), default=1.0)
    weight = {link: min(max(cost / least, 1.0), _HEAVIEST) for link, cost in prices.items()}
    return replace(hardware, links=tuple(replace(link, weight=weight.get(link, 1.0)) for link in hardware.links))
