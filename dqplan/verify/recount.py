"""Recount: e-bits and qubits in use, counted in the emitted text and compared with what plan.json says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dqplan.core.cost import weighted_ebits
from dqplan.core.gates import Op
from dqplan.core.program import QubitKind
from dqplan.core.touches import looked_at, touches_of
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import Emitted

NAME = "recount"


@dataclass(frozen=True)
class Counts:
    """What the joint program consumes.

    Attributes:
        ebits: gates between two modules.
        ebits_by_link: the same by link name.
        peak_comm: most comm qubits in use at once, by module name. A comm qubit is in use from the e-bit that it is
            one half of, or the SWAP that brings it what a memory qubit held, until it is measured or its content is
            swapped into a data or memory qubit.
        peak_data, peak_memory: most data and memory qubits in use at once, by module name. They are in use while what
            they hold is still acted on before its next reset, or is an output.
    """

    ebits: int
    ebits_by_link: dict[str, int]
    peak_comm: dict[str, int]
    peak_data: dict[str, int]
    peak_memory: dict[str, int]


def count_program(emitted: Emitted) -> Counts:
    """Count from the joint program alone."""
    by_link = _ebits_by_link(emitted)
    return Counts(
        ebits=sum(by_link.values()),
        ebits_by_link=by_link,
        peak_comm=_peak_comm(emitted),
        peak_data=_peak_held(emitted, QubitKind.DATA),
        peak_memory=_peak_held(emitted, QubitKind.MEMORY),
    )


def _ebits_by_link(emitted: Emitted) -> dict[str, int]:
    ends = np.sort(np.array(emitted.module_of)[emitted.joint.qubits[ebit_rows(emitted), :2]], axis=1)
    links, counts = np.unique(ends, axis=0, return_counts=True)
    return dict(
        sorted((emitted.hardware.link_name(a, b), n) for (a, b), n in zip(links.tolist(), counts.tolist(), strict=True))
    )


def ebit_rows(emitted: Emitted) -> NDArray[np.int64]:
    """The rows of gates between two modules."""
    qubits = emitted.joint.qubits
    modules = np.array(emitted.module_of)[qubits]
    outside = (qubits[:, 1:] >= 0) & (modules[:, 1:] != modules[:, :1])
    return np.flatnonzero(outside.any(axis=1))


def check_counts(emitted: Emitted, counts: Counts) -> Check:
    """Compare the counts with plan.json's cost, and its shares and bound with both."""
    differences = list(_differences(emitted, counts))
    if differences:
        return Check(NAME, Status.FAILED, "; ".join(differences))
    kinds = "comm and memory qubits" if counts.peak_memory else "comm qubits"
    detail = f"{counts.ebits} e-bits, by link, and the peaks of {kinds} are those of plan.json"
    return Check(NAME, Status.PROVED, detail)


def _differences(emitted: Emitted, counts: Counts) -> Iterator[str]:
    document = emitted.document
    cost, bound, shares = document.cost, document.bound, document.plan.shares
    moved = 2 * sum(len(stay.route) > 1 for stay in document.plan.stays)
    yield from _unequal("e-bits", counts.ebits, cost.ebits)
    yield from _unequal("e-bits by link", counts.ebits_by_link, cost.ebits_by_link)
    if cost.weighted_ebits is not None:
        weighted = weighted_ebits(emitted.hardware, counts.ebits_by_link)
        yield from _unequal("e-bits times the weights of their links", weighted, cost.weighted_ebits)
    yield from _unequal("peaks of comm qubits", counts.peak_comm, _nonzero(cost.peak_comm))
    yield from _unequal("peaks of memory qubits", counts.peak_memory, _nonzero(cost.peak_memory))
    for module, peak in counts.peak_data.items():
        if peak > cost.peak_data.get(module, 0):
            yield f"data qubits of {module}: the program uses {peak}, plan.json says {cost.peak_data.get(module, 0)}"
    if _routed(emitted) != counts.ebits_by_link:
        yield f"the routes of plan.json's shares and stays take {_routed(emitted)}, the program {counts.ebits_by_link}"
    made, teleports = len(shares) + moved, sum(share.teleport for share in shares) + moved
    if (made, teleports) != (cost.shares, cost.teleports):
        claimed = f"{cost.shares} ({cost.teleports})"
        yield f"plan.json lists {made} shares ({teleports} teleports), its cost says {claimed}"
    if bound.ebits > counts.ebits or bound.optimal != (bound.ebits == counts.ebits):
        yield f"plan.json's bound of {bound.ebits} e-bits (optimal: {bound.optimal}) contradicts {counts.ebits} e-bits"


def _unequal(what: str, found: object, told: object) -> Iterator[str]:
    if found != told:
        yield f"{what}: the program has {found}, plan.json says {told}"


def _nonzero(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def _routed(emitted: Emitted) -> dict[str, int]:
    """E-bits by link along the routes of plan.json's shares and, there and back, of its stays."""
    index = {module.name: place for place, module in enumerate(emitted.hardware.modules)}
    hops: Counter[str] = Counter()
    plan = emitted.document.plan
    for route in (*(share.route for share in plan.shares), *(stay.route for stay in plan.stays for _ in range(2))):
        for a, b in pairwise(route):
            known = a in index and b in index
            hops[emitted.hardware.link_name(index[a], index[b]) if known else f"{a}--{b}"] += 1
    return dict(sorted(hops.items()))


def _peak_comm(emitted: Emitted) -> dict[str, int]:
    joint, is_comm = emitted.joint, np.array(emitted.is_comm)
    made = np.zeros(len(joint), dtype=np.bool_)
    made[ebit_rows(emitted)] = True
    within_comm = (is_comm[joint.qubits] | (joint.qubits < 0)).all(axis=1)
    with_memory = np.any(np.array(emitted.is_memory)[joint.qubits] & (joint.qubits >= 0), axis=1)
    freed = (joint.op == Op.MEASURE) | ((joint.op == Op.SWAP) & ~within_comm)
    touches = touches_of(joint)
    behind_reset = ~touches.first & np.roll(joint.op[touches.row] == Op.RESET, 1)
    filled: NDArray[np.bool_] = with_memory[touches.row] & behind_reset
    kept = is_comm[touches.qubit] & (made | freed)[touches.row]
    touches, filled = touches.part(kept), filled[kept]
    used = made[touches.row] | filled
    used_before = np.where(touches.first, False, np.roll(used, 1))
    return _peaks(emitted, touches.row, touches.qubit, used.astype(np.int64) - used_before)


def _peak_held(emitted: Emitted, kind: QubitKind) -> dict[str, int]:
    """From the end to the beginning, because what a qubit holds is needed if it is looked at later."""
    joint, counted = emitted.joint, np.array([each is kind for each in emitted.kind_of], dtype=np.bool_)
    outputs = np.zeros(joint.num_qubits, dtype=np.bool_)
    outputs[list(emitted.output)] = True
    touches = touches_of(joint)
    before = looked_at(joint, touches, outputs)
    behind = np.where(touches.last, outputs[touches.qubit], np.roll(before, -1))
    kept = np.flatnonzero(counted[touches.qubit])
    final = np.flatnonzero(outputs & counted)
    row = np.concatenate([np.full(len(final), len(joint)), touches.row[kept]])
    qubit = np.concatenate([final, touches.qubit[kept]])
    step = np.concatenate([np.ones(len(final), np.int64), before[kept].astype(np.int64) - behind[kept]])
    return _peaks(emitted, -row, qubit, step)


def _peaks(
    emitted: Emitted, time: NDArray[np.int64], qubit: NDArray[np.integer], step: NDArray[np.int64]
) -> dict[str, int]:
    """The highest number of qubits in use in each module, by name; modules without any are left out.

    Args:
        emitted: says which qubit is in which module.
        time: int64 (n,), in any order; of equal times, qubits are counted out before others are counted in.
        qubit: (n,), by number.
        step: int64 (n,), 1 where the qubit is counted in, -1 where it is counted out, or 0.
    """
    module = np.array(emitted.module_of)[qubit]
    order = np.lexsort((step, time, module))
    starts = np.flatnonzero(np.diff(module[order], prepend=-1))
    parts = np.split(step[order], starts[1:]) if len(order) else []
    peaks = {int(module[order[start]]): int(np.cumsum(part).max()) for start, part in zip(starts, parts, strict=True)}
    return {emitted.module_name(number): peak for number, peak in peaks.items() if peak > 0}
