"""Whether schedule.json is a schedule of the joint program, in which every qubit, link and message is respected.

The schedule alone tells whether resources overlap, causes come before effects and e-bits are young enough. That it
lists just the operations of the joint program, and all messages, is compared with that; what it says of links, with the
hardware and the plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from dqplan.core.commuting import AXES, Axis
from dqplan.core.gates import Op
from dqplan.core.units import counted, duration
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import Emitted
from dqplan.load.schedule_document import SCHEDULE_FILE, ScheduleDocument, SlotPart, schedule_document_of_text
from dqplan.verify.recount import ebit_rows

NAME = "schedule"
_SLACK = 1e-9
"""Times that differ by no more than this part of the makespan are the same."""
_SHOWN = 3


def check_schedule(emitted: Emitted, files: Mapping[str, str]) -> Iterator[Check]:
    """The check, if there is a schedule."""
    if SCHEDULE_FILE not in files:
        return
    document = schedule_document_of_text(files[SCHEDULE_FILE])
    slots = sorted(_slots(document), key=lambda slot: slot.row)
    number = _numbered(emitted)
    faults = list(_strangers(emitted, number, slots)) or [
        *_misplaced(emitted, document),
        *schedule_faults(document),
        *_silences(emitted, number, document),
    ]
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        yield Check(NAME, Status.FAILED, "; ".join(faults[:_SHOWN]) + more)
        return
    detail = (
        f"{counted(len(slots), 'operation')} in {duration(document.makespan_s)}: qubits do one thing at a time, links "
        "keep to their channels, what does not commute keeps its order, messages arrive before they are used"
    ) + _ages(document)
    yield Check(NAME, Status.PROVED, detail)


def _ages(document: ScheduleDocument) -> str:
    """What can be said of cut-offs, if links have any."""
    limited = [link for link in document.links.values() if link.cutoff_s is not None]
    remade = sum(request.remade for link in limited for request in link.requests)
    if not limited:
        return ""
    if not remade:
        return ", no e-bit is older than its link's cut-off"
    return f"; {counted(remade, 'e-bit')} would be too old and must be made again, for which there is no time set aside"


def schedule_faults(document: ScheduleDocument) -> Iterator[str]:
    """What the schedule alone shows to be wrong."""
    slots = sorted(_slots(document), key=lambda slot: slot.row)
    slack = _SLACK * document.makespan_s
    for slot in slots:
        if slot.end_s < slot.start_s:
            yield f"{_told(slot)} ends before it starts"
    last = max((slot.end_s for slot in slots), default=0.0)
    if abs(last - document.makespan_s) > slack or document.bound_s > document.makespan_s + slack:
        told = f"the makespan is {document.makespan_s} s, its bound {document.bound_s} s"
        yield f"the last operation ends after {last} s, but {told}"
    for qubit, used in _by_qubit(slots).items():
        yield from _overlaps(qubit, used, slack)
        yield from _disorder(qubit, used, slack)
    for name, link in document.links.items():
        yield from _crowding(name, link.channels, link.requests, slack)
    yield from _late(document, {slot.row: slot for slot in slots}, slack)
    yield from _aged(document, slots, slack)


def _slots(document: ScheduleDocument) -> Iterator[SlotPart]:
    for operations in document.modules.values():
        yield from operations
    for link in document.links.values():
        yield from link.requests


def _told(slot: SlotPart) -> str:
    return f"operation {slot.row} ({slot.op} {', '.join(slot.qubits)})"


def _by_qubit(slots: Sequence[SlotPart]) -> dict[str, list[SlotPart]]:
    found: defaultdict[str, list[SlotPart]] = defaultdict(list)
    for slot in slots:
        for qubit in slot.qubits:
            found[qubit].append(slot)
    return found


def _overlaps(qubit: str, used: Sequence[SlotPart], slack: float) -> Iterator[str]:
    """A qubit that does two things at a time."""
    for before, after in pairwise(sorted(used, key=lambda slot: (slot.start_s, slot.end_s))):
        if after.start_s < before.end_s - slack:
            yield f"{qubit} is in use by operations {before.row} and {after.row} at the same time"


def _disorder(qubit: str, used: Sequence[SlotPart], slack: float) -> Iterator[str]:
    """Operations on one qubit that do not commute, in another order than that of the program."""
    before, here, axis = 0.0, 0.0, Axis.ANY
    for slot in used:
        mine = Axis(AXES[_OPS[slot.op], slot.qubits.index(qubit)]) if slot.op in _OPS else Axis.ANY
        if mine is Axis.ANY or mine is not axis:
            before, here, axis = max(before, here), 0.0, mine
        here = max(here, slot.end_s)
        if slot.start_s < before - slack:
            yield f"{_told(slot)} starts before what is before it on {qubit} is over"


def _crowding(name: str, channels: int, requests: Sequence[SlotPart], slack: float) -> Iterator[str]:
    """More e-bits at once than a link has channels."""
    changes = [(slot.start_s + slack, 1) for slot in requests if slot.end_s - slot.start_s > 2 * slack]
    changes += [(slot.end_s, -1) for slot in requests if slot.end_s - slot.start_s > 2 * slack]
    busy = most = 0
    for _, change in sorted(changes):
        busy += change
        most = max(most, busy)
    if most > channels:
        yield f"link {name} makes {counted(most, 'e-bit')} at once and has {counted(channels, 'channel')}"


def _late(document: ScheduleDocument, slots: Mapping[int, SlotPart], slack: float) -> Iterator[str]:
    """E-bits and messages that come too late."""
    for link in document.links.values():
        for request in link.requests:
            if request.end_s > request.deadline_s + slack:
                yield f"{_told(request)} is used before it is made"
    for message in document.messages:
        sender, reader = slots.get(message.measured), slots.get(message.used)
        if sender is None or reader is None:
            yield f"a message from operation {message.measured} to {message.used}, which are not both there"
        elif reader.start_s < sender.end_s + message.latency_s - slack:
            yield f"{_told(reader)} starts before the message of operation {sender.row} arrives"


def _aged(document: ScheduleDocument, slots: Sequence[SlotPart], slack: float) -> Iterator[str]:
    """E-bits that are not first used at their deadlines, or are older than the cut-off by then and not marked so."""
    used = _first_uses(slots)
    for link in document.links.values():
        for request in link.requests:
            first = used.get(request.row, request.deadline_s)
            if abs(first - request.deadline_s) > slack:
                yield f"{_told(request)} is first used at {first} s, and not at its deadline, {request.deadline_s} s"
            elif link.cutoff_s is not None and not request.remade and first - request.end_s > link.cutoff_s + slack:
                age = duration(first - request.end_s)
                yield f"{_told(request)} is {age} old at its first use, above the cut-off of {duration(link.cutoff_s)}"


def _first_uses(slots: Sequence[SlotPart]) -> dict[int, float]:
    """By row of an e-bit that is used: when one of its halves first is; what follows on a qubit follows in time."""
    ahead: dict[str, float] = {}
    found: dict[int, float] = {}
    for slot in reversed(slots):
        if slot.op == Op.EPR.spelling and (uses := [ahead[qubit] for qubit in slot.qubits if qubit in ahead]):
            found[slot.row] = min(uses)
        ahead |= {qubit: min(slot.start_s, ahead.get(qubit, slot.start_s)) for qubit in slot.qubits}
    return found


def _numbered(emitted: Emitted) -> list[int]:
    """The scheduled row of each operation that was read: an e-bit is one row, and may be read as H and CX."""
    joint = emitted.joint
    made = np.zeros(len(joint), dtype=np.int64)
    made[ebit_rows(emitted)] = 1
    made[joint.op == Op.EPR] = 0
    numbers: list[int] = (np.arange(len(joint)) - np.cumsum(made)).tolist()
    return numbers


def _strangers(emitted: Emitted, number: Sequence[int], slots: Sequence[SlotPart]) -> Iterator[str]:
    """Operations that the joint program does not have, or has and the schedule lacks."""
    names = emitted.qubit_names
    expected = (number[-1] + 1) if number else 0
    if [slot.row for slot in slots] != list(range(expected)):
        listed = counted(len(slots), "operation")
        yield f"it lists {listed}; {emitted.joint_file} has {expected}, each to be listed once"
        return
    for row, operation in enumerate(emitted.joint):
        slot = slots[number[row]]
        qubits = [names[qubit] for qubit in operation.qubits]
        as_ebit = slot.op == Op.EPR.spelling and (operation.op, qubits) in (
            (Op.H, slot.qubits[:1]),
            (Op.CX, slot.qubits),
        )
        if not as_ebit and (_OPS.get(slot.op), slot.qubits) != (operation.op, qubits):
            yield f"{emitted.place(row)}: {_told(slot)} is not what stands there"


def _misplaced(emitted: Emitted, document: ScheduleDocument) -> Iterator[str]:
    """Operations listed under another module or link than theirs, and links with more channels than they have."""
    names = dict(zip(emitted.qubit_names, emitted.module_of, strict=True))
    links = emitted.hardware.link_by_name
    for module, operations in document.modules.items():
        for slot in operations:
            if any(emitted.module_name(names[qubit]) != module for qubit in slot.qubits):
                yield f"{_told(slot)} does not happen in {module}"
    for name, listed in document.links.items():
        if name not in links or listed.channels > links[name].parallel_channels:
            yield f"the hardware has no link {name} with {counted(listed.channels, 'channel')}"
        elif listed.cutoff_s != links[name].cutoff_s:
            yield f"link {name} has a cut-off of {links[name].cutoff_s} s in the hardware, {listed.cutoff_s} s here"
        if listed.rounds != (planned := emitted.document.purification.get(name, 0)):
            yield f"link {name} is purified in {counted(listed.rounds, 'round')}, in plan.json in {planned}"
        if listed.raw_pairs is not None and listed.raw_pairs < (fewest := 2**listed.rounds):
            yield f"an e-bit of link {name} takes {counted(fewest, 'pair')} or more, not {listed.raw_pairs:g}"
        for slot in listed.requests:
            if emitted.hardware.link_name(*(names[qubit] for qubit in slot.qubits)) != name:
                yield f"{_told(slot)} is not made by link {name}"


def _silences(emitted: Emitted, number: Sequence[int], document: ScheduleDocument) -> Iterator[str]:
    """Bits of another module that an operation of the joint program reads, of which the schedule says nothing."""
    joint = emitted.joint
    told = {(message.measured, message.used): message.latency_s for message in document.messages}
    written: dict[int, int] = {}
    clbits, conditions, first = joint.clbit.tolist(), joint.condition.tolist(), joint.qubits[:, 0].tolist()
    for row, (clbit, condition) in enumerate(zip(clbits, conditions, strict=True)):
        for bit in joint.conditions[condition].clbits if condition >= 0 else ():
            source = written.get(bit, -1)
            ends = [emitted.module_of[first[each]] for each in (source, row)] if source >= 0 else [0, 0]
            latency = told.get((number[source], number[row]), -1.0)
            if ends[0] != ends[1] and latency < emitted.hardware.latency_s[ends[0], ends[1]]:
                yield f"{emitted.place(row)}: the message from operation {number[source]} is not listed, or too fast"
        if clbit >= 0:
            written[clbit] = row


_OPS = {op.spelling: op for op in Op}
