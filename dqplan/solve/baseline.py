"""What simpler planners would pay, for comparison."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.network import Network


def ebits_gate_by_gate(segments: Segments, network: Network, home: NDArray[np.int16]) -> int:
    """One e-bit per remote gate and link on its way: the sum over the cheapest routes between the first homes.

    A gate of the normal form counts as often as gates were merged in it.
    """
    wires = segments.wire[segments.gate_pairs]
    start = home[segments.first]
    ebits = network.route_ebits[start[wires[:, 0]], start[wires[:, 1]]]
    return int((ebits * segments.merged[segments.gates]).sum())
