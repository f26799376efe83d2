"""What every operation of a program takes, from the hardware's numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import NUM_QUBITS, Op
from dqplan.core.hardware import Link, LinkKind, Module, Operating
from dqplan.core.outlook import Floats
from dqplan.core.program import Placed, QubitKind
from dqplan.model.ledger import Ledger
from dqplan.model.purification import Purified, Recurrence

SWAP_GATES = 3
"""Two-qubit gates in a SWAP."""
KINDS = ("one_qubit", "two_qubit", "swap", "readout", "reset", "comm_reset", "swap_in")
"""Kinds of local operations, whose numbers are the same all over a module; the last two only where they are given."""


@dataclass(frozen=True, eq=False)
class Durations:
    """How long operations take.

    Attributes:
        seconds: float64 (n,), the mean for each row of the joint program.
        random: bool (n,), whether the row waits for a heralded e-bit, a memoryless process (exponential: the limit of
            many attempts that seldom succeed).
        link: int64 (n,), place in `channels` of the link that makes the row's e-bit, else -1.
        channels: e-bits that each link in use makes at once.
        recurrences: how each of these links makes heralded e-bits; None for direct gates.
        cutoff_s: the age at which its e-bits are thrown away, or infinity.
    """

    seconds: Floats
    random: NDArray[np.bool_]
    link: NDArray[np.int64]
    channels: list[int]
    recurrences: Sequence[Recurrence | None]
    cutoff_s: Sequence[float]


def durations_of(
    program: Placed, ledger: Ledger, purified: Mapping[str, Purified | None] = MappingProxyType({})
) -> Durations | None:
    """The durations of a program's operations; None if one that is needed is unknown, as the ledger then says.

    Gates that act on two or more qubits are taken as one two-qubit gate each, and a SWAP as three; in a program that is
    compiled to native gates, all are what they are. Turns about the Z axis take as long as all one-qubit gates, even
    where a machine does them in software. A reset without a duration is a measurement and a gate. Resets of comm
    qubits, and SWAPs of comm and data qubits, take what the module says of them, if it does.

    Args:
        program: its joint program is read.
        ledger: keeps a record of what is looked up.
        purified: from `purified_links`.
    """
    circuit, hardware = program.circuit, program.hardware
    seconds = np.zeros(len(circuit))
    rows, kind_of, kinds = local_operations(program)
    values = [local_s(module, kind, ledger) for module, kind in kinds]
    seconds[rows] = np.array([np.nan if value is None else value for value in values])[kind_of]
    link, links = ebit_links(program)
    raw_s = [ebit_s(each, ledger) for each in links]
    recurrences = [
        _recurrence(each, known, purified.get(hardware.link_name(each.a, each.b)))
        for each, known in zip(links, raw_s, strict=True)
    ]
    means = [made.mean_s if made else known for made, known in zip(recurrences, raw_s, strict=True)]
    seconds[link >= 0] = np.array([np.nan if mean is None else mean for mean in means])[link[link >= 0]]
    if np.isnan(seconds).any() or None in purified.values():
        return None
    for each in hardware.links:
        ledger.want(each, "latency_s", each.latency_s, "messages take no time over links without a latency", 0.0)
    heralded = np.array([each.kind is LinkKind.EBIT for each in links], dtype=np.bool_)
    random = np.zeros(len(circuit), dtype=np.bool_)
    random[link >= 0] = heralded[link[link >= 0]]
    channels, cutoffs = [each.parallel_channels for each in links], [_cutoff_s(each, ledger) for each in links]
    return Durations(seconds, random, link, channels, recurrences, cutoffs)


def local_operations(program: Placed) -> tuple[NDArray[np.int64], NDArray[np.int64], list[tuple[Module, str]]]:
    """The rows that make no e-bit, for each of them the place of its kind in the list, and the modules and kinds."""
    op = program.circuit.op
    kind = np.where(NUM_QUBITS[op] > 1, KINDS.index("two_qubit"), KINDS.index("one_qubit"))
    for special, name in ((Op.SWAP, "swap"), (Op.MEASURE, "readout"), (Op.RESET, "reset")):
        kind[op == special] = KINDS.index(name)
    _tell_comm_apart(program, kind)
    rows = np.flatnonzero(op != Op.EPR)
    codes, place = np.unique(kind[rows] + len(KINDS) * program.module_of_row[rows], return_inverse=True)
    modules = program.hardware.modules
    return rows, place, [(modules[code // len(KINDS)], KINDS[code % len(KINDS)]) for code in codes.tolist()]


def _tell_comm_apart(program: Placed, kind: NDArray[np.int64]) -> None:
    """Resets of comm qubits, and their SWAPs with data qubits, in modules that have numbers of their own for them."""
    modules, circuit = program.hardware.modules, program.circuit
    given = {
        name: np.array([getattr(module, name) != Operating() for module in modules], dtype=np.bool_)
        for name in ("comm_reset", "swap_in")
    }
    if not any(each.any() for each in given.values()):
        return
    sides = [np.array([each is side for each in program.kind_of]) for side in (QubitKind.COMM, QubitKind.DATA)]
    first, second = circuit.qubits[:, 0], np.maximum(circuit.qubits[:, 1], 0)
    reset = (circuit.op == Op.RESET) & sides[0][first]
    crossing = (sides[0][first] & sides[1][second]) | (sides[1][first] & sides[0][second])
    swapped = (circuit.op == Op.SWAP) & crossing
    for name, found in (("comm_reset", reset), ("swap_in", swapped)):
        kind[found & given[name][program.module_of_row]] = KINDS.index(name)


def ebit_links(program: Placed) -> tuple[NDArray[np.int64], list[Link]]:
    """For each row the place of its e-bit's link in the list, else -1; and the links in use."""
    circuit, hardware = program.circuit, program.hardware
    made = np.flatnonzero(circuit.op == Op.EPR)
    ends = np.sort(program.module_of[circuit.qubits[made, :2]], axis=1)
    pairs, place = np.unique(ends, axis=0, return_inverse=True)
    link = np.full(len(circuit), -1, dtype=np.int64)
    link[made] = place.ravel()
    return link, [hardware.quantum_links[a, b] for a, b in pairs.tolist()]


def local_s(module: Module, kind: str, ledger: Ledger) -> float | None:
    """What a kind of local operation takes in a module, in seconds; None if that is unknown."""
    match kind:
        case "reset":
            if module.reset.duration_s is not None:
                return ledger.need(module, "reset.duration_s", module.reset.duration_s, "duration of a reset")
            parts = [local_s(module, part, ledger) for part in ("readout", "one_qubit")]
            ledger.want(module, "reset.duration_s", None, "a reset takes a measurement and a gate", 0.0)
            return None if None in parts else sum(part for part in parts if part is not None)
        case "comm_reset":
            if module.comm_reset.duration_s is None:
                return local_s(module, "reset", ledger)
            return ledger.need(module, "comm_reset.duration_s", module.comm_reset.duration_s, "duration of a reset")
        case "swap_in":
            if module.swap_in.duration_s is None:
                return local_s(module, "swap", ledger)
            return ledger.need(module, "swap_in.duration_s", module.swap_in.duration_s, "duration of a SWAP")
        case "swap":
            gate = local_s(module, "two_qubit", ledger)
            return None if gate is None else SWAP_GATES * gate
        case "readout":
            return ledger.need(module, "readout.duration_s", module.readout.duration_s, "duration of a measurement")
        case "two_qubit":
            return ledger.need(
                module, "two_qubit.duration_s", module.two_qubit.duration_s, "duration of two-qubit gates"
            )
        case _:
            return ledger.need(
                module, "one_qubit.duration_s", module.one_qubit.duration_s, "duration of one-qubit gates"
            )


def ebit_s(link: Link, ledger: Ledger) -> float | None:
    """The mean time of an e-bit on one channel, not purified."""
    if link.kind is LinkKind.DIRECT_GATE:
        return ledger.need(link, "remote_gate.duration_s", link.remote_gate.duration_s, "duration of the direct gate")
    rate = ledger.need(link, "ebit.rate_hz", link.rate_hz, "rate of e-bits")
    if rate is not None and rate <= 0:
        ledger.need(link, "ebit.rate_hz", None, "rate of e-bits, which is 0")
        return None
    return None if rate is None else 1 / rate


def _recurrence(link: Link, raw_s: float | None, purified: Purified | None) -> Recurrence | None:
    if link.kind is LinkKind.DIRECT_GATE or raw_s is None:
        return None
    return purified.recurrence if purified else Recurrence((), raw_s)


def _cutoff_s(link: Link, ledger: Ledger) -> float:
    """The age at which e-bits are thrown away, or infinity; direct gates have none."""
    if link.kind is LinkKind.DIRECT_GATE or link.cutoff_s is None:
        return math.inf
    return ledger.want(link, "ebit.cutoff_s", link.cutoff_s, "", math.inf)
