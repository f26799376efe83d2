"""When the halves of e-bits are first used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.touches import Touches, touches_of


def touches_in_time(circuit: Circuit, start_s: NDArray[np.float64]) -> Touches:
    """The touches of a circuit in order of qubit, then start, then row."""
    touches = touches_of(circuit)
    order = np.lexsort((touches.row, start_s[touches.row], touches.qubit))
    return Touches(touches.row[order], touches.qubit[order], touches.first, touches.last)


def next_starts(touches: Touches, start_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each row, when the first of its qubits does the next thing; infinite if none ever does.

    Args:
        touches: from `touches_in_time`.
        start_s: float64 (n,), by row.
    """
    found = np.full(len(start_s), np.inf)
    behind = np.flatnonzero(~touches.last)
    np.minimum.at(found, touches.row[behind], start_s[touches.row[behind + 1]])
    return found
