"""Candidate -> Candidates: modules of one size are exchanged, so that most is done where it is done fast or well.

The planner counts e-bits and does not know how good modules are. If two processors hold equally many qubits and the
links of the plan's routes exist for both, everything that one does may as well be done by the other, at no e-bit more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from dqplan.choose.judge import Candidate, Task
from dqplan.choose.prices import seconds_of
from dqplan.choose.worth import ebit_loss, gate_loss, readout_loss, swap_in_loss, turn_loss, waiting_loss
from dqplan.core.cost import cost_of
from dqplan.core.hardware import Hardware, Link, Module, Role
from dqplan.core.outlook import Floats, Outlook
from dqplan.core.plan import Plan
from dqplan.core.program import Program
from dqplan.core.room import comm_limits
from dqplan.model.durations import KINDS, SWAP_GATES, local_operations
from dqplan.solve.baseline import ebits_gate_by_gate
from dqplan.solve.network import Network
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program

Order = NDArray[np.int64]
"""By module: the one that does its work instead."""


def exchanged(start: Candidate, task: Task) -> Iterator[Candidate]:
    """A plan with modules exchanged, if by an estimate its program is faster or better.

    Pairs are exchanged as long as the estimate falls, the best pair first.

    Args:
        start: without stays, on hardware that tells durations and, for fidelity, fidelities.
        task: its aim says what is estimated, time or fidelity or one after the other.
    """
    plan, pairs = start.plan, list(_unlike(start.plan.hardware))
    if not pairs or plan.stays or not task.aim.needs_outlook or task.clock.expired:
        return
    program, unmoved = split_circuit(plan), np.arange(plan.hardware.num_modules)
    outlook = trial_program(program, seed=task.judge.seed, work=0)
    for in_time in (True, False):
        if (task.aim.time if in_time else task.aim.fidelity) and not task.clock.expired:
            order = _descended(_Estimate(program, outlook, in_time=in_time), unmoved, pairs)
            moved = _moved(plan, order)
            if (order != unmoved).any() and _within_limits(moved):
                yield task.judge.judged(moved)


def _unlike(hardware: Hardware) -> Iterator[tuple[int, int]]:
    """Pairs of processors of one size that differ in anything that counts."""
    for a, b in combinations(range(hardware.num_modules), 2):
        one, other = hardware.modules[a], hardware.modules[b]
        same_size = one.role is other.role is Role.PROCESSOR and one.data_qubits == other.data_qubits
        if same_size and replace(one, name=other.name) != other:
            yield a, b


def _descended(estimate: _Estimate, order: Order, pairs: list[tuple[int, int]]) -> Order:
    """The best exchange of a pair again and again, as long as the estimate falls."""
    least = estimate.of(order)
    for _ in range(len(order)):
        options = [_exchanged(order, a, b) for a, b in pairs]
        best = min(options, key=estimate.of)
        if estimate.of(best) >= least - 1e-12:
            break
        order, least = best, estimate.of(best)
    return order


def _exchanged(order: Order, a: int, b: int) -> Order:
    """The work that was meant for a goes to b, and the other way round."""
    exchange = np.arange(len(order))
    exchange[[a, b]] = b, a
    return exchange[order]


class _Estimate:
    """What a program costs, with the work of modules done by others: seconds, or a logarithm.

    The durations, or losses, of all local operations and e-bits are added up; for fidelity, also what all data qubits
    that are in use at once would lose in the whole makespan.

    Attributes:
        local: float64 (k, k), by module and the one that does its work; infinite if a number is missing.
        link: float64 (k, k), of an e-bit; infinite without a link.
        ends: int64 (n, 2), the modules that e-bits of the plan join.
    """

    def __init__(self, program: Program, outlook: Outlook, *, in_time: bool) -> None:
        plan, modules = program.plan, program.plan.hardware.modules
        makespan_s = 0.0 if outlook.makespan is None else outlook.makespan.expected_s
        prices = np.array([_durations(module) if in_time else _losses(module) for module in modules])
        work = np.broadcast_to(_work(program)[:, None, :], (len(modules), *prices.shape))
        self.local = np.multiply(work, prices, out=np.zeros_like(work), where=work > 0).sum(axis=2)
        if not in_time:
            peaks = np.array([plan.cost.peak_data[module.name] for module in modules])
            self.local += np.outer(peaks, [waiting_loss(module, makespan_s) for module in modules])
        price_of = _seconds if in_time else ebit_loss
        self.link = np.full_like(self.local, np.inf)
        for (a, b), link in plan.hardware.quantum_links.items():
            self.link[a, b] = self.link[b, a] = price_of(link)
        self.ends = np.array([ends for share in plan.shares for ends in pairwise(share.route)], np.int64).reshape(-1, 2)

    def of(self, order: Order) -> float:
        """The estimate; infinite if a link or a number is missing."""
        ends = order[self.ends]
        return float(self.local[np.arange(len(order)), order].sum() + self.link[ends[:, 0], ends[:, 1]].sum())


def _work(program: Program) -> Floats:
    """How many local operations of each kind every module does, shape (k, len(KINDS))."""
    number = {module.name: index for index, module in enumerate(program.plan.hardware.modules)}
    work = np.zeros((len(number), len(KINDS)))
    _, place, kinds = local_operations(program)
    for (module, kind), count in zip(kinds, np.bincount(place, minlength=len(kinds)).tolist(), strict=True):
        work[number[module.name], KINDS.index(kind)] = count
    return work


def _durations(module: Module) -> list[float]:
    """Seconds of each kind of local operation, in the order of `KINDS`; infinite if unknown."""
    one, two, readout = (
        math.inf if operation.duration_s is None else operation.duration_s
        for operation in (module.one_qubit, module.two_qubit, module.readout)
    )
    reset = readout + one if module.reset.duration_s is None else module.reset.duration_s
    comm_reset = reset if module.comm_reset.duration_s is None else module.comm_reset.duration_s
    swap_in = SWAP_GATES * two if module.swap_in.duration_s is None else module.swap_in.duration_s
    return [one, two, SWAP_GATES * two, readout, reset, comm_reset, swap_in]


def _losses(module: Module) -> list[float]:
    """What each kind of local operation costs in the logarithm of the fidelity, in the order of `KINDS`."""
    reset = -math.log(module.reset.fidelity) if module.reset.fidelity else 0.0
    comm_reset = -math.log(module.comm_reset.fidelity) if module.comm_reset.fidelity else reset
    two = gate_loss(module)
    swap = SWAP_GATES * two
    return [turn_loss(module), two, swap, readout_loss(module), reset, comm_reset, swap_in_loss(module)]


def _seconds(link: Link) -> float:
    """What an e-bit takes; infinite if unknown."""
    seconds = seconds_of(link)
    return math.inf if seconds is None else seconds


def _moved(plan: Plan, order: Order) -> Plan:
    """The plan with the work of every module done by another one."""
    told: list[int] = order.tolist()
    home = order[plan.home].astype(np.int16)
    shares = tuple(replace(share, route=tuple(told[module] for module in share.route)) for share in plan.shares)
    network = Network(plan.hardware, plan.relaxed)
    baseline = replace(plan.baseline, one_ebit_per_remote_gate=ebits_gate_by_gate(plan.segments, network, home))
    return replace(
        plan,
        home=home,
        host=order[plan.host].astype(np.int16),
        shares=shares,
        cost=cost_of(plan.segments, plan.hardware, home, shares),
        baseline=baseline,
    )


def _within_limits(plan: Plan) -> bool:
    """Whether comm qubits suffice."""
    names = [module.name for module in plan.hardware.modules]
    limits = dict(zip(names, comm_limits(plan.hardware, plan.purification), strict=True))
    over = (limit is not None and plan.cost.peak_comm[name] > limit for name, limit in limits.items())
    return plan.relaxed or not any(over)
