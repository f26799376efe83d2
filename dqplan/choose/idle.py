"""Program and its schedule -> how long each qubit waits at home, with nothing of it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Op
from dqplan.core.outlook import Schedule
from dqplan.core.plan import Plan
from dqplan.core.program import Program
from dqplan.core.segments import Kind, Segments
from dqplan.core.touches import touches_of


@dataclass(frozen=True)
class Idle:
    """A qubit that is at home in a module, alone and waiting, between two events."""

    wire: int
    home: int
    begin: int
    end: int
    seconds: float


def idle_stretches(program: Program, schedule: Schedule) -> Iterator[Idle]:
    """Every wait of a qubit at home, with nothing of it elsewhere, before something is done with it."""
    trace = program.trace
    if trace is None:
        return
    marks = _Marks(program.plan)
    touches = touches_of(program.circuit)
    first = np.searchsorted(touches.qubit, np.arange(program.circuit.num_qubits + 1))
    forgotten = np.isin(program.circuit.op, (Op.MEASURE, Op.RESET))
    for wire, qubit, start, end in _homes(trace.homes, len(program.circuit)):
        rows = touches.row[first[qubit] : first[qubit + 1]]
        rows = rows[np.searchsorted(rows, start) : np.searchsorted(rows, end)]
        free = np.maximum.accumulate(schedule.end_s[rows])[:-1]
        needed = np.minimum.accumulate(schedule.start_s[rows][::-1])[::-1][1:]
        for place in np.flatnonzero((needed > free) & ~forgotten[rows[:-1]]).tolist():
            event = int(np.searchsorted(trace.event_row, rows[place + 1], side="right")) - 1
            within = rows[place] >= trace.event_row[event]  # between two steps of what is done for one event
            before = -1 if within else marks.alone_before(wire, event)
            if before >= 0:
                home = int(program.module_of[qubit])
                yield Idle(wire, home, before, event, float(needed[place] - free[place]))


def _homes(homes: NDArray[np.int64], num_rows: int) -> Iterator[tuple[int, int, int, int]]:
    """(wire, qubit, first row, first row of the next home or the end), from a trace's homes."""
    by_wire = homes[np.lexsort((homes[:, 0], homes[:, 1]))].tolist()
    for (row, wire, qubit), (next_row, next_wire, _) in pairwise([*by_wire, [0, -1, -1]]):
        yield wire, qubit, row, next_row if next_wire == wire else num_rows


class _Marks:
    """By wire: the events at which something happens to it, and at which copies of it are made and removed."""

    def __init__(self, plan: Plan) -> None:
        segments = plan.segments
        lives = [(segments.wire[share.segment], share.begin, share.end) for share in plan.shares]
        copies = np.array(lives, dtype=np.int64).reshape(-1, 3)
        begins, ends, own = copies[:, [0, 1]], copies[:, [0, 2]], _own_events(segments)
        used = own[(segments.kind[own[:, 1]] != Kind.RESET) | (segments.condition[own[:, 1]] >= 0)]
        self.begins, self.ends = (_by_wire(columns, segments) for columns in (begins, ends))
        self.all = _by_wire(np.concatenate([own, begins, ends]), segments)
        self.uses = _by_wire(np.concatenate([used, begins]), segments)

    def alone_before(self, wire: int, event: int) -> int:
        """The last event before one at which the wire is used, if it has no copies in between; else -1."""
        uses, marks = self.uses[wire], self.all[wire]
        place = np.searchsorted(uses, event)
        last = int(np.searchsorted(marks, event)) - 1
        if place == len(uses) or uses[place] != event or last < 0:
            return -1
        before = int(marks[last])
        made, removed = (np.searchsorted(moments[wire], before, side="right") for moments in (self.begins, self.ends))
        return before if made == removed else -1


def _own_events(segments: Segments) -> NDArray[np.int64]:
    """(wire, event) of every event, twice for gates, shape (n, 2)."""
    gates = segments.gates
    wires = segments.wire[np.concatenate([segments.segment, segments.other[gates]])].astype(np.int64)
    return np.stack([wires, np.concatenate([np.arange(segments.num_events), gates])], axis=1)


def _by_wire(columns: NDArray[np.int64], segments: Segments) -> list[NDArray[np.int64]]:
    """The events of (wire, event) by wire, ascending."""
    columns = columns[np.lexsort((columns[:, 1], columns[:, 0]))]
    borders = np.searchsorted(columns[:, 0], np.arange(1, segments.num_wires))
    return np.split(columns[:, 1], borders)
