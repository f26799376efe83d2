"""Recount: e-bits and qubits in use, counted in the emitted text and compared with what plan.json says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from dqplan.core.circuit import Operation
from dqplan.core.gates import NUM_QUBITS, Op
from dqplan.core.verdict import Check, Status
from dqplan.verify.readback import Emitted

NAME = "recount"


@dataclass(frozen=True)
class Counts:
    """What the joint program consumes.

    Attributes:
        ebits: gates between two modules.
        ebits_by_link: the same by link name.
        peak_comm: most comm qubits in use at once, by module name. A comm qubit is in use from the e-bit that it is
            one half of until it is measured or its content is swapped into a data qubit.
        peak_data: most data qubits in use at once, by module name. A data qubit is in use while what it holds is still
            acted on before its next reset, or is an output.
    """

    ebits: int
    ebits_by_link: dict[str, int]
    peak_comm: dict[str, int]
    peak_data: dict[str, int]


def count_program(emitted: Emitted) -> Counts:
    """Count from the joint program alone."""
    by_link: Counter[str] = Counter()
    for row in ebit_rows(emitted):
        a, b = emitted.joint.qubits[row, :2].tolist()
        by_link[emitted.hardware.link_name(emitted.module_of[a], emitted.module_of[b])] += 1
    return Counts(
        ebits=by_link.total(),
        ebits_by_link=dict(sorted(by_link.items())),
        peak_comm=_peak_comm(emitted),
        peak_data=_peak_data(emitted),
    )


def ebit_rows(emitted: Emitted) -> list[int]:
    """The rows of gates between two modules."""
    joint = emitted.joint
    candidates = (NUM_QUBITS[joint.op] > 1).nonzero()[0]
    return [
        row
        for row in candidates.tolist()
        if len({emitted.module_of[qubit] for qubit in joint.qubits[row].tolist() if qubit >= 0}) > 1
    ]


def check_counts(emitted: Emitted, counts: Counts) -> Check:
    """Compare the counts with plan.json's cost, and its shares and bound with both."""
    differences = list(_differences(emitted, counts))
    if differences:
        return Check(NAME, Status.FAILED, "; ".join(differences))
    detail = f"{counts.ebits} e-bits, by link, and the peaks of comm qubits are those of plan.json"
    return Check(NAME, Status.PROVED, detail)


def _differences(emitted: Emitted, counts: Counts) -> Iterator[str]:
    document = emitted.document
    cost, bound, shares = document.cost, document.bound, document.plan.shares
    yield from _unequal("e-bits", counts.ebits, cost.ebits)
    yield from _unequal("e-bits by link", counts.ebits_by_link, cost.ebits_by_link)
    yield from _unequal("peaks of comm qubits", counts.peak_comm, _nonzero(cost.peak_comm))
    for module, peak in counts.peak_data.items():
        if peak > cost.peak_data.get(module, 0):
            yield f"data qubits of {module}: the program uses {peak}, plan.json says {cost.peak_data.get(module, 0)}"
    if _routed(emitted) != counts.ebits_by_link:
        yield f"the routes of plan.json's shares take {_routed(emitted)}, the program {counts.ebits_by_link}"
    teleports = sum(share.teleport for share in shares)
    if (len(shares), teleports) != (cost.shares, cost.teleports):
        claimed = f"{cost.shares} ({cost.teleports})"
        yield f"plan.json lists {len(shares)} shares ({teleports} teleports), its cost says {claimed}"
    if bound.ebits > counts.ebits or bound.optimal != (bound.ebits == counts.ebits):
        yield f"plan.json's bound of {bound.ebits} e-bits (optimal: {bound.optimal}) contradicts {counts.ebits} e-bits"


def _unequal(what: str, found: object, told: object) -> Iterator[str]:
    if found != told:
        yield f"{what}: the program has {found}, plan.json says {told}"


def _nonzero(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def _routed(emitted: Emitted) -> dict[str, int]:
    """E-bits by link along the routes of plan.json's shares."""
    index = {module.name: place for place, module in enumerate(emitted.hardware.modules)}
    hops: Counter[str] = Counter()
    for share in emitted.document.plan.shares:
        for a, b in pairwise(share.route):
            known = a in index and b in index
            hops[emitted.hardware.link_name(index[a], index[b]) if known else f"{a}--{b}"] += 1
    return dict(sorted(hops.items()))


def _peak_comm(emitted: Emitted) -> dict[str, int]:
    made = set(ebit_rows(emitted))
    used: set[int] = set()
    level = _Level(emitted)
    for row, operation in enumerate(emitted.joint):
        for qubit in operation.qubits:
            if not emitted.is_comm[qubit]:
                continue
            if row in made and qubit not in used:
                used.add(qubit)
                level.change(qubit, 1)
            elif qubit in used and _frees(emitted, operation):
                used.remove(qubit)
                level.change(qubit, -1)
    return level.peaks()


def _frees(emitted: Emitted, operation: Operation) -> bool:
    """Whether an operation ends the use of the comm qubit among its operands."""
    swapped_out = operation.op == Op.SWAP and not all(emitted.is_comm[qubit] for qubit in operation.qubits)
    return operation.op == Op.MEASURE or swapped_out


def _peak_data(emitted: Emitted) -> dict[str, int]:
    """From the end to the beginning, because what a qubit holds is needed if it is looked at later."""
    level = _Level(emitted)
    needed = set(emitted.output)
    for qubit in needed:
        level.change(qubit, not emitted.is_comm[qubit])
    for row in range(len(emitted.joint) - 1, -1, -1):
        operation = emitted.joint[row]
        earlier = needed_before(operation, needed)
        for qubit in operation.qubits:
            if not emitted.is_comm[qubit]:
                level.change(qubit, (qubit in earlier) - (qubit in needed))
        needed.difference_update(operation.qubits)
        needed |= earlier
    return level.peaks()


def needed_before(operation: Operation, needed: Collection[int]) -> set[int]:
    """The operands whose contents matter before an operation, if `needed` matter behind it."""
    if operation.condition is None and operation.op == Op.RESET:
        return set()
    if operation.condition is None and operation.op == Op.SWAP:
        a, b = operation.qubits
        return {other for qubit, other in ((a, b), (b, a)) if qubit in needed}
    return set(operation.qubits)


class _Level:
    """How many qubits of each module are in use, and the most there were."""

    def __init__(self, emitted: Emitted) -> None:
        self.emitted = emitted
        self.now: Counter[int] = Counter()
        self.peak: Counter[int] = Counter()

    def change(self, qubit: int, step: int) -> None:
        """Count a qubit in (1) or out (-1)."""
        module = self.emitted.module_of[qubit]
        self.now[module] += step
        self.peak[module] = max(self.peak[module], self.now[module])

    def peaks(self) -> dict[str, int]:
        """By name; modules that were never used are left out."""
        return {self.emitted.module_name(module): peak for module, peak in sorted(self.peak.items()) if peak}
