"""List scheduling: whenever something is free, the most urgent operation that may start does."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.outlook import Floats
from dqplan.model.durations import Durations
from dqplan.trial.dependencies import Dependencies


def heads_and_tails(needs: Dependencies, seconds: Floats) -> tuple[Floats, Floats]:
    """The longest chains of operations that end before each one, and that begin with it; both in seconds.

    Resources play no role: a head is a time before which the operation cannot start, and a tail is a time that passes
    at least from its start to the end of the program.
    """
    num_rows, num_groups = len(seconds), len(needs.opens)
    head, tail = [0.0] * num_rows, [0.0] * num_rows
    until, then = [0.0] * (num_groups + 1), [0.0] * (num_groups + 1)
    duration, operands, opens = seconds.tolist(), needs.groups.tolist(), [*needs.opens.tolist(), True]
    for row in range(num_rows):
        earliest = max((head[other] + duration[other] + more for other, more in needs.waits.get(row, ())), default=0.0)
        for group in operands[row]:
            if group > 0 and not opens[group]:
                earliest = max(earliest, until[group - 1])
        head[row] = earliest
        for group in operands[row]:
            if group >= 0:
                until[group] = max(until[group], earliest + duration[row])
    for row in reversed(range(num_rows)):
        longest = max((tail[other] + more for other, more in needs.heard_by.get(row, ())), default=0.0)
        for group in operands[row]:
            if group >= 0 and not opens[group + 1]:
                longest = max(longest, then[group + 1])
        tail[row] = longest + duration[row]
        for group in operands[row]:
            if group >= 0:
                then[group] = max(then[group], tail[row])
    return np.array(head), np.array(tail)


def dispatch(
    circuit: Circuit, durations: Durations, needs: Dependencies, tail: Floats
) -> tuple[Floats, NDArray[np.int64]]:
    """Starts of all operations, seconds, and the order in which they were chosen.

    Of the operations that can start first, the one with the longest tail is taken; no resource stays idle while an
    operation could use it. Every qubit does one thing at a time, every link makes as many e-bits as it has channels.

    Args:
        circuit: the joint program.
        durations: of its operations.
        needs: what they wait for.
        tail: how urgent they are.
    """
    board = _Board(circuit, durations, needs)
    start = np.zeros(len(circuit))
    order: list[int] = []
    urgency = (-tail).tolist()
    waiting = [(0.0, urgency[row], row) for row in board.released()]
    heapq.heapify(waiting)
    while waiting:
        told, _, row = heapq.heappop(waiting)
        now = board.earliest(row)
        if now > told:
            heapq.heappush(waiting, (now, urgency[row], row))
            continue
        start[row] = now
        order.append(row)
        for free in board.run(row, now):
            heapq.heappush(waiting, (board.earliest(free), urgency[free], free))
    return start, np.array(order, dtype=np.int64)


def in_order(circuit: Circuit, durations: Durations, needs: Dependencies, order: NDArray[np.int64]) -> Floats:
    """The earliest starts of all operations, seconds, if they take qubits and channels in a given order.

    Args:
        circuit: the joint program.
        durations: of its operations.
        needs: what they wait for.
        order: of all rows; nothing may come before what it waits for.
    """
    board = _Board(circuit, durations, needs)
    start = np.zeros(len(circuit))
    for row in order.tolist():
        start[row] = board.earliest(row)
        board.run(row, start[row])
    return start


class _Board:
    """What is free when, and what waits for what."""

    def __init__(self, circuit: Circuit, durations: Durations, needs: Dependencies) -> None:
        self.needs = needs
        self.duration: list[float] = durations.seconds.tolist()
        self.link: list[int] = durations.link.tolist()
        self.qubits = [[q for q in row if q >= 0] for row in circuit.qubits.tolist()]
        self.groups = [[g for g in row if g >= 0] for row in needs.groups.tolist()]
        self.ready = [0.0] * len(circuit)
        self.free = [0.0] * circuit.num_qubits
        self.channels = [[0.0] * count for count in durations.channels]
        self.left: list[int] = np.diff(needs.first_row).tolist()
        self.until = [0.0] * len(self.left)
        opens: list[bool] = needs.opens.tolist()
        self.blocked = [sum(not opens[group] for group in groups) for groups in self.groups]
        for row, sources in needs.waits.items():
            self.blocked[row] += len(sources)

    def released(self) -> list[int]:
        """The operations that wait for nothing."""
        return [row for row, blocks in enumerate(self.blocked) if blocks == 0]

    def earliest(self, row: int) -> float:
        """When the operation could start, as things stand."""
        free = max((self.free[qubit] for qubit in self.qubits[row]), default=0.0)
        channel = self.channels[self.link[row]][0] if self.link[row] >= 0 else 0.0
        return max(self.ready[row], free, channel)

    def run(self, row: int, start: float) -> list[int]:
        """Do it; returns the operations that need to wait for nothing else any more."""
        end = start + self.duration[row]
        for qubit in self.qubits[row]:
            self.free[qubit] = end
        if self.link[row] >= 0:
            heapq.heapreplace(self.channels[self.link[row]], end)
        released: list[int] = []
        for group in self.groups[row]:
            self.left[group] -= 1
            self.until[group] = max(self.until[group], end)
            if not self.left[group] and self.needs.follows(group):
                for other in self.needs.members(group + 1):
                    self._release(other, self.until[group], released)
        for other, seconds in self.needs.heard_by.get(row, ()):
            self._release(other, end + seconds, released)
        return released

    def _release(self, row: int, at: float, released: list[int]) -> None:
        self.blocked[row] -= 1
        self.ready[row] = max(self.ready[row], at)
        if not self.blocked[row]:
            released.append(row)
