"""Where the time of a schedule goes: what the last operation waited for, and that in turn, back to the start."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import numpy as np

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.outlook import CriticalPath, Schedule
from dqplan.core.touches import touches_of
from dqplan.model.durations import Durations
from dqplan.trial.dependencies import Dependencies

_CAUSES = {Op.EPR: "links", Op.MEASURE: "readout", Op.RESET: "resets"}


def critical_path(circuit: Circuit, durations: Durations, needs: Dependencies, schedule: Schedule) -> CriticalPath:
    """Seconds by cause along one chain of operations, from the end of the last one to the start of the program.

    Each operation of the chain is followed by the one that freed what it needed last: a qubit, a channel of the link,
    or a message. Where it started later than all of them allow, the difference is slack.

    Args:
        circuit: the joint program.
        durations: of its operations.
        needs: what they wait for.
        schedule: of all of them.
    """
    spent = dict.fromkeys(("links", "gates", "readout", "resets", "messages", "slack"), 0.0)
    history = _History(circuit, durations, needs, schedule)
    row = int(np.argmax(schedule.end_s)) if len(circuit) else -1
    while row >= 0:
        spent[_CAUSES.get(Op(int(circuit.op[row])), "gates")] += float(durations.seconds[row])
        freed, before, latency = max(history.freed(row), default=(0.0, -1, 0.0))
        spent["messages"] += latency
        spent["slack"] += max(0.0, float(schedule.start_s[row]) - freed)
        row = before
    return CriticalPath(**spent)


class _History:
    """What was in use before each operation; `rank` is an order in time, so that no chain runs in circles."""

    def __init__(self, circuit: Circuit, durations: Durations, needs: Dependencies, schedule: Schedule) -> None:
        self.circuit, self.needs = circuit, needs
        self.start, self.end, self.link = schedule.start_s, schedule.end_s, durations.link
        self.rank = np.empty(len(circuit), dtype=np.int64)
        self.rank[np.lexsort((np.arange(len(circuit)), self.end, self.start))] = np.arange(len(circuit))
        touches = touches_of(circuit)
        order = np.lexsort((self.rank[touches.row], touches.qubit))
        row, qubit = touches.row[order], touches.qubit[order]
        follows = qubit[1:] == qubit[:-1]
        self.on_qubit: dict[tuple[int, int], int] = dict(
            zip(
                zip(row[1:][follows].tolist(), qubit[1:][follows].tolist(), strict=True),
                row[:-1][follows].tolist(),
                strict=True,
            )
        )
        self.on_link = [self._by_end(link) for link in range(len(durations.channels))]

    def freed(self, row: int) -> Iterator[tuple[float, int, float]]:
        """(moment, row that was over, seconds of its message since) of all that the operation had to wait for."""
        for qubit in self.circuit.qubits[row].tolist():
            before = self.on_qubit.get((row, qubit), -1)
            if before >= 0:
                yield float(self.end[before]), before, 0.0
        for source, seconds in self.needs.waits.get(row, ()):
            yield float(self.end[source]) + seconds, source, seconds
        if self.link[row] >= 0:
            ends, rows = self.on_link[self.link[row]]
            place = bisect_right(ends, float(self.start[row])) - 1
            while place >= 0 and self.rank[rows[place]] >= self.rank[row]:  # e-bits that take no time at all
                place -= 1
            if place >= 0:
                yield ends[place], rows[place], 0.0

    def _by_end(self, link: int) -> tuple[list[float], list[int]]:
        """The ends of a link's e-bits in order, and their rows."""
        rows = np.flatnonzero(self.link == link)
        rows = rows[np.argsort(self.end[rows], kind="stable")]
        return self.end[rows].tolist(), rows.tolist()
