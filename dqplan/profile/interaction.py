"""The interaction graph: who acts on whom, how often, and where the graph falls apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dqplan.core.profile import Communities, Interaction
from dqplan.core.segments import Segments
from dqplan.profile.cuts import describe_linear_cuts
from dqplan.profile.spread import spread_of

if TYPE_CHECKING:
    import networkx

MAX_EDGES = 100_000
"""Above this, community search and bridges would take more than some ten seconds."""
MAX_MIN_CUT_WORK = 1_000_000
"""Qubits times qubits and edges, up to which the minimum cut takes a second or two."""
COMMUNITY_SEED = 0
"""Louvain visits the qubits in a random order; a fixed one makes reports reproducible."""


@dataclass(frozen=True, eq=False)
class _Graph:
    """Weighted edges as columns: `ends` (e, 2) with the lower qubit first, `weight` (e,)."""

    num_qubits: int
    ends: NDArray[np.int64]
    weight: NDArray[np.int64]

    @cached_property
    def networkx(self) -> networkx.Graph[int]:
        """The same for networkx."""
        import networkx

        graph: networkx.Graph[int] = networkx.Graph()
        graph.add_nodes_from(range(self.num_qubits))
        rows = zip(*self.ends.T.tolist(), self.weight.tolist(), strict=True)
        graph.add_weighted_edges_from(rows)
        return graph


def describe_interaction(segments: Segments) -> Interaction:
    """Measure the interaction graph of the normal form."""
    graph = _graph_of(segments)
    n, edges = graph.num_qubits, len(graph.ends)
    components = _component_sizes(graph)
    skipped: dict[str, str] = {}
    communities = bridges = articulation_points = None
    if edges <= MAX_EDGES:
        communities = _communities(graph)
        bridges, articulation_points = _weak_points(graph)
    else:
        reason = f"{edges} edges; looked at up to {MAX_EDGES}"
        skipped |= dict.fromkeys(("communities", "bridges", "articulation_points"), reason)
    min_cut = None
    if len(components) > 1 or n * (n + edges) <= MAX_MIN_CUT_WORK:
        min_cut = _min_cut(graph, connected=len(components) == 1)
    else:
        skipped["min_cut"] = (
            f"{n} qubits and {edges} edges; searched up to qubits x (qubits + edges) = {MAX_MIN_CUT_WORK}"
        )
    return Interaction(
        edges=edges,
        density=edges / (n * (n - 1) / 2) if n > 1 else None,
        degree=spread_of(np.bincount(graph.ends.ravel(), minlength=n)),
        components=components,
        communities=communities,
        bridges=bridges,
        articulation_points=articulation_points,
        min_cut=min_cut,
        cuts=describe_linear_cuts(segments),
        skipped=skipped,
    )


def _graph_of(segments: Segments) -> _Graph:
    """One edge per pair of wires that gates join."""
    n = segments.num_wires
    wires = segments.wire[segments.gate_pairs].astype(np.int64)
    codes, edge = np.unique(wires.min(axis=1, initial=n) * n + wires.max(axis=1, initial=-1), return_inverse=True)
    weight = np.bincount(edge, weights=segments.merged[segments.gates], minlength=len(codes)).astype(np.int64)
    return _Graph(n, np.stack(np.divmod(codes, max(n, 1)), axis=1), weight)


def _component_sizes(graph: _Graph) -> tuple[int, ...]:
    if not graph.num_qubits:
        return ()
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    shape = (graph.num_qubits, graph.num_qubits)
    matrix = csr_array((np.ones(len(graph.ends)), (graph.ends[:, 0], graph.ends[:, 1])), shape=shape)
    _, label = connected_components(matrix, directed=False)
    return tuple(sorted(np.bincount(label).tolist(), reverse=True))


def _communities(graph: _Graph) -> Communities | None:
    """Communities by the Louvain method (Blondel et al. 2008, arXiv:0803.0476); None without edges."""
    if not len(graph.ends):
        return None
    from networkx.algorithms.community import louvain_communities, modularity

    groups = louvain_communities(graph.networkx, weight="weight", seed=COMMUNITY_SEED)
    sizes = sorted((len(group) for group in groups), reverse=True)
    return Communities(tuple(sizes), float(modularity(graph.networkx, groups, weight="weight")))


def _weak_points(graph: _Graph) -> tuple[int, int]:
    """Numbers of bridges and of articulation points."""
    from networkx import articulation_points, bridges

    return sum(1 for _ in bridges(graph.networkx)), sum(1 for _ in articulation_points(graph.networkx))


def _min_cut(graph: _Graph, *, connected: bool) -> int | None:
    """Weight of the minimum cut (Stoer & Wagner 1997); None for fewer than two qubits."""
    if graph.num_qubits < 2:
        return None
    if not connected:
        return 0
    from networkx import stoer_wagner

    return int(stoer_wagner(graph.networkx, weight="weight")[0])
