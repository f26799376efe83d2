"""Hosts for fixed homes: a minimum vertex cover per pair of modules.

A gate between qubits at home in A and B runs at A, which needs the share b -> A, or at B, which needs a -> B. Which
shares to make is a vertex cover of the bipartite graph with shares as vertices and gates as edges; König's theorem
turns a maximum matching into a minimum cover. Without third-party hosting this is exact wherever every two modules
share a link (Andres-Martinez & Heunen, arXiv:1811.10972; Wu et al., arXiv:2212.12688, section on packing).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.placement import kept_presence


def cover_hosts(segments: Segments, network: Network, home: NDArray[np.int16]) -> NDArray[np.int16]:
    """The cheapest host for each gate among the homes of its two qubits, int16 (num_gates,).

    A copy that is made anyway, because its qubit moves there, hosts gates for nothing.
    """
    low, high = _ordered_pairs(segments, home)
    host = home[low].copy()
    present = kept_presence(segments, network, home)
    free_at_high = present[low, home[high]]
    host[free_at_high] = home[high][free_at_high]
    open_gates = np.flatnonzero((home[low] != home[high]) & ~free_at_high & ~present[high, home[low]])
    if len(open_gates) == 0:
        return host
    left = _numbered(low[open_gates].astype(np.int64) * network.size + home[high[open_gates]])
    right = _numbered(high[open_gates].astype(np.int64) * network.size + home[low[open_gates]])
    covered = _left_cover(left, right)
    host[open_gates[covered]] = home[high[open_gates[covered]]]
    return host


def _ordered_pairs(segments: Segments, home: NDArray[np.int16]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Each gate's segment with the lower home and with the higher one."""
    first, second = segments.gate_pairs[:, 0], segments.gate_pairs[:, 1]
    swapped = home[first] > home[second]
    return np.where(swapped, second, first), np.where(swapped, first, second)


def _numbered(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Keys replaced by 0, 1, … in ascending order."""
    return np.unique(keys, return_inverse=True)[1]


def _left_cover(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which edges the left side of a minimum vertex cover covers; the right side covers the others.

    König: Z is what alternating paths reach from unmatched left vertices; the cover is (left - Z) and (right in Z).
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_bipartite_matching

    num_left, num_right = int(left.max()) + 1, int(right.max()) + 1
    edges = csr_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(num_left, num_right))
    match = np.asarray(maximum_bipartite_matching(edges, perm_type="column"))
    matched = np.flatnonzero(match >= 0)
    unmatched = np.flatnonzero(match < 0)
    # One directed graph: a start that leads to all unmatched left vertices, edges to the right, matched ones back.
    start = num_left + num_right
    tails = np.concatenate([np.full(len(unmatched), start), left, num_left + match[matched]])
    heads = np.concatenate([unmatched, num_left + right, matched])
    walks = csr_array((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(start + 1, start + 1))
    reached = np.zeros(start + 1, dtype=np.bool_)
    reached[breadth_first_order(walks, start, return_predecessors=False)] = True
    return ~reached[left]
