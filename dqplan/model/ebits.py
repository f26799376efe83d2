"""How the links in use make their e-bits, from the hardware's numbers and the plan's rounds of purification."""

from __future__ import annotations

import numpy as np

from dqplan.core.hardware import Hardware, Link, LinkKind
from dqplan.core.program import Placed
from dqplan.model.durations import ebit_links, ebit_s, local_s
from dqplan.model.errors import local_fidelity
from dqplan.model.ledger import Ledger
from dqplan.model.purification import Ends, Purified, purify, werner


def purified_links(program: Placed, ledger: Ledger) -> dict[str, Purified | None]:
    """By name, the links whose e-bits are purified; None if a number that is needed is unknown, as the ledger says.

    Only heralded e-bits can be purified; the rounds of a direct gate are not looked at.
    """
    hardware, rounds = program.hardware, program.purification
    used = {hardware.link_name(link.a, link.b): link for link in ebit_links(program)[1]}
    heralded = [name for name in rounds if name in used and used[name].kind is LinkKind.EBIT]
    return {name: purified_pair(hardware, used[name], rounds[name], ledger) for name in heralded}


def purified_pair(hardware: Hardware, link: Link, rounds: int, ledger: Ledger | None = None) -> Purified | None:
    """An e-bit of a link after some rounds of purification; None if a number that is needed is unknown.

    Args:
        hardware: the network.
        link: with heralded e-bits.
        rounds: 0 or more.
        ledger: keeps a record of what is looked up.
    """
    ledger = ledger or Ledger(hardware)
    raw_s, ends = ebit_s(link, ledger), _ends(hardware, link, ledger)
    if link.bell_diagonal is not None:
        ledger.need(link, "ebit.bell_diagonal", link.bell_diagonal[0], "errors of e-bits")
        weights = np.array(link.bell_diagonal) / sum(link.bell_diagonal)
    else:
        fidelity = ledger.need(link, "ebit.fidelity", link.ebit_fidelity, "fidelity of e-bits")
        ledger.want(link, "ebit.bell_diagonal", None, "e-bits known by a fidelity alone are Werner states", 0.0)
        weights = werner(0.0 if fidelity is None else fidelity)
    if raw_s is None or ends is None or link.ebit_fidelity is None:
        return None
    return purify(weights, rounds, raw_s, ends)


def _ends(hardware: Hardware, link: Link, ledger: Ledger) -> Ends | None:
    """Lifetimes are noted by `lifetimes_of`, as both ends have comm qubits in use."""
    modules = [hardware.modules[end] for end in (link.a, link.b)]
    kinds = ("one_qubit", "two_qubit", "readout", "comm_reset")
    seconds = {kind: [local_s(module, kind, ledger) for module in modules] for kind in kinds}
    good = {kind: [local_fidelity(module, kind, ledger) for module in modules] for kind in kinds[:3]}
    if any(None in values for values in (*seconds.values(), *good.values())):
        return None
    turn_s, gate_s, readout_s, reset_s = (max(filter(None, seconds[kind]), default=0.0) for kind in kinds)
    message_s = float(hardware.latency_s[link.a, link.b])
    turned, joined = (np.prod([_unmixed(left, size) for left in good[kind]]) for kind, size in _SIZES)
    one, other = (1 - (read or 0.0) for read in good["readout"])
    dephasing = [module.comm_t2_s or module.t2_s for module in modules]
    return Ends(
        turned=float(turned),
        joined=float(joined),
        misread=one * (1 - other) + other * (1 - one),
        relaxation_hz=sum(1 / module.t1_s for module in modules if module.t1_s),
        dephasing_hz=sum(1 / t2_s for t2_s in dephasing if t2_s),
        attempt_s=turn_s + gate_s + readout_s + message_s + reset_s,
        herald_s=readout_s + message_s,
    )


_SIZES = (("one_qubit", 2), ("two_qubit", 4))
"""Kinds of gates, and the dimensions of what they act on."""


def _unmixed(process: float | None, dimension: int) -> float:
    """The probability that a depolarising gate of this process fidelity does not mix its qubits wholly, at least 0."""
    return max(0.0, (dimension**2 * (process or 0.0) - 1) / (dimension**2 - 1))
