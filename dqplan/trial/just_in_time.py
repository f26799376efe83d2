"""E-bits as late as they delay nothing: pairs that wait less are better pairs."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.first_uses import next_starts, touches_in_time
from dqplan.core.gates import Op
from dqplan.core.outlook import Floats
from dqplan.model.durations import Durations

_ROUNDING = 1e-12
"""Part of the makespan that sums in another order may differ by."""


def made_late(circuit: Circuit, durations: Durations, start_s: Floats) -> Floats:
    """The starts of a schedule in which e-bits, and the resets just before them, are put off.

    A link makes e-bits in the order in which they are used, each as late as its first use and the channels allow. If
    some comm qubits would not be free by then, every e-bit of the link keeps its channel and its place on it instead.
    All else stays where it was.

    Args:
        circuit: the joint program.
        durations: of its operations.
        start_s: float64 (n,), a schedule.
    """
    seconds, touches = durations.seconds, touches_in_time(circuit, start_s)
    end_s, start = start_s + seconds, start_s.copy()
    deadline = np.minimum(next_starts(touches, start_s), end_s.max(initial=0.0))
    ready = np.zeros(len(start))
    behind = np.flatnonzero(~touches.first)
    np.maximum.at(ready, touches.row[behind], end_s[touches.row[behind - 1]])
    made = np.flatnonzero(durations.link >= 0)
    made = made[np.argsort(durations.link[made], kind="stable")]
    borders = np.searchsorted(durations.link[made], np.arange(len(durations.channels) + 1))
    for link, width in enumerate(durations.channels):
        rows = made[borders[link] : borders[link + 1]]
        late = _by_use(deadline[rows], seconds[rows], width)
        start[rows] = np.maximum(late, ready[rows])
        if (start[rows] - late > _ROUNDING * end_s.max()).any():
            start[rows] = _in_place(start_s[rows], deadline[rows], seconds[rows], width)
    resets, ebits = _prepared(circuit, touches.row, ~touches.last)
    start[resets] = np.maximum(start_s[resets], start[ebits] - seconds[resets])
    return start


def _by_use(deadline: Floats, seconds: Floats, width: int) -> Floats:
    """The latest starts of a link's e-bits, the last one that is used first, on whichever channel is free longest."""
    start = np.zeros(len(deadline))
    busy_from = [-np.inf] * width  # negative, because the heap's first is the least
    for number in np.argsort(deadline, kind="stable")[::-1].tolist():
        start[number] = min(deadline[number], -busy_from[0]) - seconds[number]
        heapq.heapreplace(busy_from, -start[number])
    return start


def _in_place(start_s: Floats, deadline: Floats, seconds: Floats, width: int) -> Floats:
    """The latest starts of a link's e-bits on the channels where they are: those that were free first."""
    start, last = start_s.copy(), [np.inf] * width
    free = [(0.0, channel) for channel in range(width)]
    placed: list[tuple[int, int]] = []
    for number in np.argsort(start_s, kind="stable").tolist():
        placed.append((number, free[0][1]))
        heapq.heapreplace(free, (start_s[number] + seconds[number], free[0][1]))
    for number, channel in reversed(placed):
        start[number] = max(start_s[number], min(deadline[number], last[channel]) - seconds[number])
        last[channel] = start[number]
    return start


def _prepared(
    circuit: Circuit, row: NDArray[np.int64], goes_on: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The unconditional resets after which an e-bit is the next thing on their qubit, and these e-bits."""
    before = np.flatnonzero(goes_on)
    reset, ebit = row[before], row[before + 1]
    found = (circuit.op[reset] == Op.RESET) & (circuit.condition[reset] < 0) & (circuit.op[ebit] == Op.EPR)
    return reset[found], ebit[found]
