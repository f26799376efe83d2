"""Packets across a cut: how few shares carry all gates between two groups of wires.

If every wire stays on its side, each gate between segments a and b that lie on different sides is carried by a share of
a or by a share of b, and one share of a segment carries all of its gates across. The fewest shares are a minimum vertex
cover of the bipartite graph of those segment pairs, which is as large as a maximum matching (König 1931).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def packets_across(pairs: NDArray[np.int32], side: NDArray[np.bool_]) -> int:
    """Fewest packets that carry all gates between two sides.

    Args:
        pairs: shape (g, 2), the two segments of each gate.
        side: shape (num_segments,), on which of the two sides each segment is.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    swapped = side[pairs[:, 0]]
    crossing = swapped != side[pairs[:, 1]]
    pairs, swapped = pairs[crossing], swapped[crossing]
    if not len(pairs):
        return 0
    here = np.where(swapped, pairs[:, 1], pairs[:, 0])
    there = np.where(swapped, pairs[:, 0], pairs[:, 1])
    rows, row = np.unique(here, return_inverse=True)
    columns, column = np.unique(there, return_inverse=True)
    graph = csr_array((np.ones(len(row), dtype=np.int8), (row, column)), shape=(len(rows), len(columns)))
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())
