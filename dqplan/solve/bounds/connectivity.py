"""The bound that follows from connectedness alone: always there, and free."""

from __future__ import annotations

import numpy as np

from dqplan.core.plan import Bound
from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.pieces import start_counts


def connectivity_bound(segments: Segments, network: Network) -> Bound:
    """Each connected part of the circuit needs (fewest modules that can hold it) - 1 e-bits.

    Proof. Take a part whose w wires exist from the start. Their homes then are w different data qubits, in at least j
    modules, j being how many of the largest modules hold w. Every gate brings its two pieces into one module, and the
    copies of one piece are joined by the routes of its shares: from each segment to the next the qubit stays or is
    teleported, and only a reset, where the piece ends, may move it for nothing. So the modules that the part touches,
    j or more, are connected by its routes, and a connected graph on j vertices has at least j - 1 edges, each of which
    is at least one e-bit. Different parts share no e-bits, so their bounds add up.

    The order of gates, comm qubits and the network play no role, so the bound holds for every plan made of shares.
    """
    ebits = sum(_fewest(network, wires) - 1 for wires in start_counts(segments) if wires)
    return Bound(ebits, "connectivity", "every plan made of shares, in any order of commuting gates")


def _fewest(network: Network, wires: int) -> int:
    """How many of the largest modules are needed to hold so many qubits."""
    room = np.cumsum(np.sort(network.capacity)[::-1])
    return int(np.searchsorted(room, wires)) + 1
