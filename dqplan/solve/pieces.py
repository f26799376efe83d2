"""What of a circuit hangs together: wires and runs of segments that gates connect."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments


def wire_groups(segments: Segments) -> NDArray[np.int64]:
    """The number of the connected part of the interaction graph that each wire belongs to, shape (num_wires,)."""
    ends = segments.wire[segments.gate_pairs]
    return _connected(segments.num_wires, ends)


def largest_part(segments: Segments) -> int:
    """How many wires the largest connected part of the interaction graph has."""
    return int(np.bincount(wire_groups(segments)).max())


def start_counts(segments: Segments) -> list[int]:
    """For each connected part of the circuit, how many wires are in it from the start.

    A wire consists of pieces, parted by resets, because nothing quantum passes a reset. Parts are connected sets of
    pieces; only first pieces are counted.
    """
    piece = np.cumsum(_begins_piece(segments)) - 1
    part = _connected(int(piece[-1]) + 1 if len(piece) else 0, piece[segments.gate_pairs])
    return [int(count) for count in np.bincount(part[piece[segments.first]])]


def _begins_piece(segments: Segments) -> NDArray[np.bool_]:
    begins = segments.fresh.copy()
    begins[segments.first] = True
    return begins


def _connected(size: int, ends: NDArray[np.integer]) -> NDArray[np.int64]:
    """The connected component of each of `size` vertices under edges, shape (e, 2)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(ends), dtype=np.int32), (ends[:, 0], ends[:, 1])), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
