"""E-bits as late as they delay nothing: pairs that wait less are better pairs."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.first_uses import next_starts, touches_in_time
from dqplan.core.gates import Op
from dqplan.core.outlook import Floats
from dqplan.trial.durations import Durations


def made_late(circuit: Circuit, durations: Durations, start_s: Floats) -> Floats:
    """The starts of a schedule in which e-bits, and the resets just before them, are put off.

    Every e-bit keeps its channel and its place on it, and ends when the next one there starts or when one of its halves
    is first used, whichever comes first. All else stays where it was.

    Args:
        circuit: the joint program.
        durations: of its operations.
        start_s: float64 (n,), a schedule.
    """
    touches = touches_in_time(circuit, start_s)
    start = start_s.copy()
    deadline = np.minimum(next_starts(touches, start_s), (start_s + durations.seconds).max(initial=0.0))
    for channel in _channels(durations, start_s):
        latest = np.inf
        for row in reversed(channel):
            latest = max(start[row], min(deadline[row], latest) - durations.seconds[row])
            start[row] = latest
    resets, ebits = _prepared(circuit, touches.row, ~touches.last)
    start[resets] = np.maximum(start_s[resets], start[ebits] - durations.seconds[resets])
    return start


def _channels(durations: Durations, start_s: Floats) -> list[list[int]]:
    """The e-bits of every channel of every link, in order: each takes the channel that is free first."""
    made = np.flatnonzero(durations.link >= 0)
    made = made[np.argsort(start_s[made], kind="stable")]
    channels: list[list[list[int]]] = [[[] for _ in range(width)] for width in durations.channels]
    free = [[(0.0, channel) for channel in range(width)] for width in durations.channels]
    for row, link in zip(made.tolist(), durations.link[made].tolist(), strict=True):
        channel = free[link][0][1]
        heapq.heapreplace(free[link], (start_s[row] + durations.seconds[row], channel))
        channels[link][channel].append(row)
    return [rows for link in channels for rows in link]


def _prepared(
    circuit: Circuit, row: NDArray[np.int64], goes_on: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The unconditional resets after which an e-bit is the next thing on their qubit, and these e-bits."""
    before = np.flatnonzero(goes_on)
    reset, ebit = row[before], row[before + 1]
    found = (circuit.op[reset] == Op.RESET) & (circuit.condition[reset] < 0) & (circuit.op[ebit] == Op.EPR)
    return reset[found], ebit[found]
