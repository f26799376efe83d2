"""Static placement by Mt-KaHyPar: the hypergraph whose connectivity is the number of e-bits.

Vertices are wires (weight 1) and gates (weight 0), hyperedges are segments, blocks are modules with room for as many
wires as they have data qubits. The objective "km1", the number of blocks a hyperedge touches minus one, is the e-bit
count on networks where every two modules share a link (Andres-Martinez & Heunen, arXiv:1811.10972, section 4; with
gates as free vertices, third-party hosting is included). On other networks Mt-KaHyPar minimises Steiner trees instead
(Heuer, "A Direct k-Way Hypergraph Partitioning Algorithm for Optimizing the Steiner Tree Metric", ALENEX 2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.network import Network


@dataclass(frozen=True, eq=False)
class Blocks:
    """A partition: the block of each wire and of each gate, int16."""

    wire: NDArray[np.int16]
    gate: NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Partitioner:
    """Mt-KaHyPar for one circuit. One thread and a fixed seed, so that the same input gives the same blocks.

    It is native code: an interrupt is noticed only when a partition is done.
    """

    segments: Segments

    @cached_property
    def _pins(self) -> list[list[int]]:
        """The vertices of each hyperedge that can be cut: first its wire, then its gates."""
        segments = self.segments
        order = np.argsort(segments.gate_pairs.ravel(), kind="stable")
        gates = (order // 2 + segments.num_wires).tolist()
        ends = np.cumsum(segments.gates_per_segment).tolist()
        starts = [0, *ends[:-1]]
        rows = zip(segments.wire.tolist(), starts, ends, strict=True)
        return [[wire, *gates[start:end]] for wire, start, end in rows if end > start]

    def by_connectivity(self, rooms: list[int], *, seed: int, thorough: bool) -> Blocks:
        """Blocks with room for `rooms` wires each that cut as few segments as possible."""
        library = _started(seed)
        context = _context(library, thorough)
        from mtkahypar import Objective

        context.set_partitioning_parameters(len(rooms), 0.0, Objective.KM1)
        context.set_individual_target_block_weights(rooms)
        return self._blocks(self._hypergraph(library, context).partition(context))

    def onto_network(self, network: Network, modules: list[int], *, seed: int, thorough: bool) -> Blocks:
        """The same for the shortest Steiner trees between the given modules, three or more; blocks follow their order.

        Two blocks would be the same problem as `by_connectivity`, and Mt-KaHyPar does not return from it.
        """
        library = _started(seed)
        context = _context(library, thorough)
        context.set_mapping_parameters(len(modules), 0.0)
        context.set_individual_target_block_weights(network.capacity[modules].tolist())
        pairs = [(a, b) for b in range(len(modules)) for a in range(b)]
        weights = [int(network.hops[modules[a], modules[b]]) for a, b in pairs]
        target = library.create_target_graph(context, len(modules), len(pairs), pairs, weights)
        return self._blocks(self._hypergraph(library, context).map_onto_graph(target, context))

    def _hypergraph(self, library: Any, context: Any) -> Any:
        wires, gates = self.segments.num_wires, len(self.segments.gates)
        weights = [1] * wires + [0] * gates
        return library.create_hypergraph(
            context, wires + gates, len(self._pins), self._pins, weights, [1] * len(self._pins)
        )

    def _blocks(self, partition: Any) -> Blocks:
        blocks = np.array(partition.get_partition(), dtype=np.int16)
        return Blocks(blocks[: self.segments.num_wires], blocks[self.segments.num_wires :])


def _started(seed: int) -> Any:
    import mtkahypar

    library = mtkahypar.initialize(1, False)
    mtkahypar.set_seed(seed)
    return library


def _context(library: Any, thorough: bool) -> Any:
    from mtkahypar import PresetType

    context = library.context_from_preset(PresetType.HIGHEST_QUALITY if thorough else PresetType.QUALITY)
    context.logging = False
    return context


def available() -> bool:
    """Whether Mt-KaHyPar is installed; it has no wheel for some platforms."""
    try:
        import mtkahypar  # noqa: F401
    except ImportError:
        return False
    return True
