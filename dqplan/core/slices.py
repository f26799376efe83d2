"""Time slices: stretches of the normal form in which every wire is cut at most once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments


def slice_ends(segments: Segments) -> NDArray[np.int64]:
    """The segment that each wire is in at the start and at the end of every time slice, shape (slices + 1, num_wires).

    A slice ends just before an event that cuts a wire for the second time in it. At the end of a slice, every qubit is
    in a data qubit of its home; within a slice, one that was teleported may wait on a comm qubit for its place.
    """
    current = segments.first.copy()
    ends = [current.copy()]
    moved: set[int] = set()
    opened = np.flatnonzero(segments.opening >= 0)
    for segment in opened[np.argsort(segments.opening[opened])].tolist():
        wire = int(segments.wire[segment])
        if wire in moved:
            ends.append(current.copy())
            moved.clear()
        moved.add(wire)
        current[wire] = segment
    if moved:
        ends.append(current.copy())
    return np.array(ends)
