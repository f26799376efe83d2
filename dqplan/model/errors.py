"""The fidelity of every operation of a program, and how fast its qubits forget, from the hardware's numbers.

Every operation is an error location with a process (entanglement) fidelity; their product is the probability that no
error happens at all, which is the process fidelity of the program as long as errors do not cancel (a lower estimate,
right to first order). It is exact for one Bell-diagonal e-bit: a packet or a teleport pays its e-bit's infidelity once,
however many gates it serves. Average gate fidelities are turned into process fidelities by F = ((d + 1) A - 1) / d
(Nielsen, quant-ph/0205035), d being 2 or 4.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from dqplan.core.hardware import Hardware, Link, LinkKind, Module
from dqplan.core.outlook import Floats
from dqplan.core.program import Placed, QubitKind
from dqplan.model.durations import SWAP_GATES, ebit_links, local_operations
from dqplan.model.ledger import Ledger
from dqplan.model.purification import Purified

_FLOOR = 1e-300
"""Logarithms of fidelities are taken of no less."""
_TELEGATE_TURNS = 3
"""One-qubit gates in a remote gate by telegate: a turn and, at most, two corrections."""


@dataclass(frozen=True)
class Losses:
    """Natural logarithms of the fidelities that links, local gates and readout leave; 0 or less."""

    links: float
    gates: float
    readout: float


@dataclass(frozen=True, eq=False)
class Lifetimes:
    """How fast qubits forget: shape (num_qubits,), 1 / T1 and 1 / T2 in Hz, 0 for never."""

    relaxation_hz: Floats
    dephasing_hz: Floats

    def kept(self, qubit: int, seconds: Floats) -> Floats:
        """The process fidelity of waiting: (1 + exp(-t/T1) + 2 exp(-t/T2)) / 4, of the damped and dephased qubit."""
        relaxed, dephased = np.exp(-seconds * self.relaxation_hz[qubit]), np.exp(-seconds * self.dephasing_hz[qubit])
        kept: Floats = (1 + relaxed + 2 * dephased) / 4
        return kept

    def forgets(self, qubit: int) -> bool:
        """Whether waiting costs anything."""
        return bool(self.relaxation_hz[qubit] or self.dephasing_hz[qubit])


def losses_of(
    program: Placed, ledger: Ledger, purified: Mapping[str, Purified | None] = MappingProxyType({})
) -> Losses | None:
    """What operations cost; None if a fidelity that is needed is unknown, as the ledger then says.

    Args:
        program: its joint program is read.
        ledger: keeps a record of what is looked up.
        purified: from `purified_links`.
    """
    link, links = ebit_links(program)
    _, kind_of, kinds = local_operations(program)
    found = [("links", ebit_fidelity(program.hardware, each, ledger, purified)) for each in links]
    found += [
        ("readout" if kind == "readout" else "gates", local_fidelity(module, kind, ledger)) for module, kind in kinds
    ]
    made, done = np.bincount(link[link >= 0], minlength=len(links)), np.bincount(kind_of, minlength=len(kinds))
    losses = {"links": 0.0, "gates": 0.0, "readout": 0.0}
    for (cause, fidelity), count in zip(found, [*made.tolist(), *done.tolist()], strict=True):
        if fidelity is not None:
            losses[cause] += count * math.log(max(fidelity, _FLOOR))
    return None if any(fidelity is None for _, fidelity in found) else Losses(**losses)


def lifetimes_of(program: Placed, ledger: Ledger) -> Lifetimes:
    """How fast the joint program's qubits forget; where the hardware does not say, they do not."""
    relaxation, dephasing = np.zeros(program.circuit.num_qubits), np.zeros(program.circuit.num_qubits)
    for register in program.circuit.qregs:
        module = program.hardware.modules[program.module_of[register.start]]
        part = slice(register.start, register.start + register.size)
        kind = program.kind_of[register.start]
        relaxation[part], dephasing[part] = _relaxation(module, kind, ledger), _dephasing(module, kind, ledger)
    return Lifetimes(relaxation, dephasing)


def _relaxation(module: Module, kind: QubitKind, ledger: Ledger) -> float:
    if kind is QubitKind.MEMORY:
        return ledger.want(
            module, "", None, "qubits in memory dephase and do not relax: hardware files state no T1", 0.0
        )
    return _rate(ledger.want(module, "t1_s", module.t1_s, "qubits without a T1 do not relax", 0.0))


def _dephasing(module: Module, kind: QubitKind, ledger: Ledger) -> float:
    if kind is QubitKind.MEMORY:
        what = "memory qubits without a memory_lifetime_s do not dephase"
        return _rate(ledger.want(module, "memory_lifetime_s", module.memory_lifetime_s, what, 0.0))
    key, value = "t2_s", module.t2_s
    if kind is QubitKind.COMM and module.comm_t2_s is not None:
        key, value = "comm_t2_s", module.comm_t2_s
    return _rate(ledger.want(module, key, value, "qubits without a T2 do not dephase", 0.0))


def process_fidelity(average: float, dimension: int) -> float:
    """The process fidelity that belongs to an average gate fidelity, at least 0."""
    return max(0.0, ((dimension + 1) * average - 1) / dimension)


def _rate(seconds: float) -> float:
    return 1 / seconds if seconds else 0.0


def local_fidelity(module: Module, kind: str, ledger: Ledger) -> float | None:
    """The process fidelity of a kind of local operation, or how often a readout is right; None if that is unknown."""
    match kind:
        case "reset":
            return 1.0 if module.reset.fidelity is None else module.reset.fidelity
        case "comm_reset":
            if module.comm_reset.fidelity is None:
                return local_fidelity(module, "reset", ledger)
            return ledger.need(module, "comm_reset.fidelity", module.comm_reset.fidelity, "fidelity of resets")
        case "swap_in":
            if module.swap_in.fidelity is None:
                return local_fidelity(module, "swap", ledger)
            swap = ledger.need(module, "swap_in.fidelity", module.swap_in.fidelity, "fidelity of SWAPs")
            return None if swap is None else process_fidelity(swap, 4)
        case "swap":
            gate = local_fidelity(module, "two_qubit", ledger)
            return None if gate is None else gate**SWAP_GATES
        case "readout":
            return ledger.need(module, "readout.fidelity", module.readout.fidelity, "fidelity of measurements")
        case "two_qubit":
            gate = ledger.need(module, "two_qubit.fidelity", module.two_qubit.fidelity, "fidelity of two-qubit gates")
            return None if gate is None else process_fidelity(gate, 4)
        case _:
            gate = ledger.need(module, "one_qubit.fidelity", module.one_qubit.fidelity, "fidelity of one-qubit gates")
            return None if gate is None else process_fidelity(gate, 2)


def ebit_fidelity(
    hardware: Hardware, link: Link, ledger: Ledger, purified: Mapping[str, Purified | None]
) -> float | None:
    """The fidelity that an e-bit counts with; None if it is unknown.

    A remote gate that was measured as a whole overrides what is composed: the e-bit then counts with what makes one
    remote gate by telegate, with its local gates and readout, come out as measured. Purification does not change that.
    """
    gate, name = link.remote_gate.fidelity, hardware.link_name(link.a, link.b)
    if gate is None and name in purified:
        made = purified[name]
        return None if made is None else made.fidelity
    if gate is None:
        return ledger.need(link, "ebit.fidelity", link.ebit_fidelity, "fidelity of e-bits")
    ledger.need(link, "remote_gate.fidelity", gate, "fidelity of the remote gate")
    measured = process_fidelity(gate, 4)
    if link.kind is LinkKind.DIRECT_GATE:
        return measured
    return min(1.0, measured / _telegate(hardware, link, ledger))


def _telegate(hardware: Hardware, link: Link, ledger: Ledger) -> float:
    """What the local operations of one remote gate leave: a gate and a readout on either side, and one-qubit gates."""
    left = 1.0
    for module in (hardware.modules[link.a], hardware.modules[link.b]):
        for kind, times in (("two_qubit", 1.0), ("readout", 1.0), ("one_qubit", _TELEGATE_TURNS / 2)):
            fidelity = local_fidelity(module, kind, ledger)
            left *= 1.0 if fidelity is None else max(fidelity, _FLOOR) ** times
    return left
