"""Lower bounds on the makespan of a program whose operations have fixed durations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.outlook import Floats
from dqplan.core.touches import touches_of
from dqplan.model.durations import Durations


def makespan_bound(circuit: Circuit, durations: Durations, head: Floats, tail: Floats) -> tuple[float, str]:
    """The best of three bounds, in seconds, and its name.

    Critical path: no chain of operations that wait for each other can be shortened. Qubit load: a qubit does one thing
    at a time, so between the earliest head and the shortest rest of its operations all their durations pass. Link load:
    the same for a link, whose channels share the work.

    Args:
        circuit: the joint program.
        durations: of its operations.
        head: seconds before which each operation cannot start.
        tail: seconds from the start of each operation to the end of the program, at least.
    """
    if len(circuit) == 0:
        return 0.0, "nothing to do"
    seconds = durations.seconds
    touches = touches_of(circuit)
    bounds = [(float((head + tail).max()), "critical path")]
    bounds.append(
        (
            _load(touches.qubit.astype(np.int64), touches.row, np.ones(circuit.num_qubits), seconds, head, tail),
            "qubit load",
        )
    )
    made = np.flatnonzero(durations.link >= 0)
    channels = np.array(durations.channels, dtype=np.float64)
    bounds.append((_load(durations.link[made], made, channels, seconds, head, tail), "link load"))
    return max(bounds, key=lambda bound: bound[0])


def _load(
    place: NDArray[np.int64], row: NDArray[np.int64], width: Floats, seconds: Floats, head: Floats, tail: Floats
) -> float:
    """The longest load: earliest head, work over width, shortest rest, of the rows that share a place."""
    if len(row) == 0:
        return 0.0
    earliest, rest = np.full(len(width), np.inf), np.full(len(width), np.inf)
    np.minimum.at(earliest, place, head[row])
    np.minimum.at(rest, place, tail[row] - seconds[row])
    work = np.bincount(place, seconds[row], minlength=len(width)) / width
    return float(np.where(np.isinf(earliest), 0.0, earliest + work + rest).max())
