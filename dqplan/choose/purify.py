"""Plan -> the same plan with e-bits purified where that makes the program better."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from dqplan.core.hardware import Link, LinkKind
from dqplan.core.plan import Plan
from dqplan.core.room import comm_limits
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.ebits import purified_pair
from dqplan.trial.trial_program import trial_program

MOST_ROUNDS = 3
"""Of purification of an e-bit; each about doubles the time and the raw pairs that it takes."""


def purify_links(plan: Plan, *, seed: int, more: Callable[[], bool] = lambda: True) -> Plan:
    """Choose rounds of purification link by link, those first whose e-bits cost most fidelity.

    A round is kept if the process fidelity of the whole program grows: e-bits then take longer, so qubits wait longer,
    and comm qubits that store pairs cannot make others ahead of time. A round needs comm qubits that the plan leaves
    free at both ends. Links with direct gates or a measured remote gate are left alone, as are rounds in which the
    local operations of the two ends spoil more than they find.

    Args:
        plan: whose rounds begin at none.
        seed: of the trials.
        more: asked before every trial whether there is time for it.
    """
    best, fidelity = plan, _process_fidelity(plan, seed)
    for name, link in _by_loss(plan):
        for rounds in _worthwhile(best, link):
            candidate = replace(best, purification={**best.purification, name: rounds})
            if not _has_room(candidate) or not more():
                break
            found = _process_fidelity(candidate, seed)
            if found > fidelity:
                best, fidelity = candidate, found
    return best


def _process_fidelity(plan: Plan, seed: int) -> float:
    """0 if the hardware does not tell."""
    outlook = trial_program(split_circuit(plan), seed=seed, work=0)
    return 0.0 if outlook.fidelity is None else outlook.fidelity.process


def _by_loss(plan: Plan) -> Iterator[tuple[str, Link]]:
    """The links in use whose e-bits can be purified, with names; those first that lose most."""
    links = {plan.hardware.link_name(*ends): link for ends, link in plan.hardware.quantum_links.items()}
    used: Mapping[str, int] = plan.cost.ebits_by_link
    loss = {
        name: ebits * (1 - (links[name].ebit_fidelity or 0.0))
        for name, ebits in used.items()
        if links[name].kind is LinkKind.EBIT and links[name].remote_gate.fidelity is None
    }
    yield from ((name, links[name]) for name in sorted(loss, key=lambda name: -loss[name]))


def _worthwhile(plan: Plan, link: Link) -> Iterator[int]:
    """Numbers of rounds that make better pairs than any fewer."""
    best = link.ebit_fidelity or 0.0
    for rounds in range(1, MOST_ROUNDS + 1):
        pair = purified_pair(plan.hardware, link, rounds)
        if pair is not None and pair.fidelity > best:
            best = pair.fidelity
            yield rounds


def _has_room(plan: Plan) -> bool:
    """Whether what is stored while pairs are purified leaves every module the comm qubits that the plan needs."""
    limits = comm_limits(plan.hardware, plan.purification)
    peaks = [plan.cost.peak_comm[module.name] for module in plan.hardware.modules]
    return plan.relaxed or all(limit is None or peak <= limit for peak, limit in zip(peaks, limits, strict=True))
