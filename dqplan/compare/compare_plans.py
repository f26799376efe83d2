"""Two plans as they were written -> what differs between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from dqplan.core.circuit import names_together
from dqplan.core.comparison import Comparison, Moved, Option
from dqplan.core.drift import Parts, drifts_between
from dqplan.core.tally import Peaks, Tally
from dqplan.load.plan_document import PlanDocument
from dqplan.load.written_plan import WrittenPlan


def compare_plans(old: WrittenPlan, new: WrittenPlan) -> Comparison:
    """What differs between two plans; they may be of different circuits or networks, whose parts go by their names."""
    first, second = old.document, new.document
    same_circuit = first.circuit.digest == second.circuit.digest
    then, now = Parts(old.hardware), Parts(new.hardware)
    parts = [[*each.modules, *each.links] for each in (then, now)]
    return Comparison(
        circuits=(first.circuit.name, second.circuit.name),
        same_circuit=same_circuit,
        hardware=(first.hardware.name, second.hardware.name),
        same_hardware=first.hardware.digest == second.hardware.digest,
        tallies=(tally_of_document(first), tally_of_document(second)),
        ebits_by_link=(first.cost.ebits_by_link, second.cost.ebits_by_link),
        peaks=(_peaks(first), _peaks(second)),
        moved=tuple(_moved(old, new)) if first.circuit.num_qubits == second.circuit.num_qubits else (),
        segments_moved=_segments_moved(old, new) if same_circuit else None,
        drifts=tuple(drifts_between(old.hardware, new.hardware)),
        gone=tuple(name for name in parts[0] if name not in parts[1]),
        fresh=tuple(name for name in parts[1] if name not in parts[0]),
        options=tuple(_options(first, second)),
    )


def tally_of_document(document: PlanDocument) -> Tally:
    """The figures of a plan as they were when it was written."""
    cost, outlook = document.cost, document.outlook
    schedule, makespan = (None, None) if outlook is None else (outlook.schedule, outlook.makespan)
    return Tally(
        ebits=cost.ebits,
        weighted_ebits=float(cost.ebits) if cost.weighted_ebits is None else cost.weighted_ebits,
        bound=document.bound.ebits,
        shares=cost.shares,
        teleports=cost.teleports,
        raw_pairs=cost.raw_pairs,
        makespan_s=None if schedule is None else schedule.makespan_s,
        p95_s=None if makespan is None else makespan.p95_s,
        fidelity=cost.fidelity,
    )


def _peaks(document: PlanDocument) -> Peaks:
    cost = document.cost
    return {"data": cost.peak_data, "comm": cost.peak_comm, "memory": cost.peak_memory}


def _moved(old: WrittenPlan, new: WrittenPlan) -> Iterator[Moved]:
    """Qubits that begin elsewhere, by where they were and are."""
    names = [[module.name for module in plan.hardware.modules] for plan in (old, new)]
    ways: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    homes = zip(old.replay.first_home.tolist(), new.replay.first_home.tolist(), strict=True)
    for qubit, (was, found) in enumerate(homes):
        if names[0][was] != names[1][found]:
            ways[names[0][was], names[1][found]].append(qubit)
    for (was, found), qubits in ways.items():
        yield Moved(was, found, names_together(new.qregs, set(qubits)), len(qubits))


def _segments_moved(old: WrittenPlan, new: WrittenPlan) -> int | None:
    """Segments whose home has another name; None if the two have other segments, as versions of dqplan may."""
    if not np.array_equal(old.replay.wire, new.replay.wire):
        return None
    homes = [np.array([module.name for module in plan.hardware.modules])[plan.replay.home] for plan in (old, new)]
    return int((homes[0] != homes[1]).sum())


def _options(old: PlanDocument, new: PlanDocument) -> Iterator[Option]:
    for name in ("objective", "effort", "seed", "relaxed", "purification"):
        was, found = getattr(old, name), getattr(new, name)
        if was != found:
            yield Option(name, _text(was), _text(found))


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {rounds}" for name, rounds in value.items()) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
