"""Static placement by Mt-KaHyPar: the hypergraph whose connectivity is the number of e-bits.

Vertices are wires (weight 1) and gates (weight 0), hyperedges are segments, blocks are modules with room for as many
wires as they have data qubits. The objective "km1", the number of blocks a hyperedge touches minus one, is the e-bit
count on networks where every two modules share a link (Andres-Martinez & Heunen, arXiv:1811.10972, section 4; with
gates as free vertices, third-party hosting is included). On other networks Mt-KaHyPar minimises Steiner trees instead
(Heuer, "A Direct k-Way Hypergraph Partitioning Algorithm for Optimizing the Steiner Tree Metric", ALENEX 2024).

Only its deterministic presets are used: the others, even with one thread and a fixed seed, give another answer at each
call of one process. They ignore the seed, so different seeds number vertices and hyperedges differently.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.network import Network

Seed = tuple[int, int]
"""The user's seed and the number of the trial, both at least 0."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """A partition: the block of each wire and of each gate, int16."""

    wire: NDArray[np.int16]
    gate: NDArray[np.int16]


def available() -> bool:
    """Whether Mt-KaHyPar is installed; it has no wheel for some platforms."""
    try:
        import mtkahypar  # noqa: F401
    except ImportError:
        return False
    return True


@dataclass(frozen=True, eq=False)
class Partitioner:
    """Mt-KaHyPar for one circuit. It is native code: an interrupt is noticed only when a partition is done.

    Attributes:
        segments: the circuit.
        fine: whether to use its slower preset.
    """

    segments: Segments
    fine: bool

    def by_connectivity(self, rooms: list[int], seed: Seed) -> Blocks:
        """Blocks with room for `rooms` wires each that cut as few segments as possible."""
        from mtkahypar import Objective

        self._context.set_partitioning_parameters(len(rooms), 0.0, Objective.KM1)
        self._context.set_individual_target_block_weights(rooms)
        graph, number = self._hypergraph(seed)
        return self._blocks(graph.partition(self._context), number)

    def onto_network(self, network: Network, modules: list[int], seed: Seed) -> Blocks:
        """The same for the shortest Steiner trees between the given modules, three or more; blocks follow their order.

        Two blocks would be the same problem as `by_connectivity`, and Mt-KaHyPar does not return from it.
        """
        pairs = [(a, b) for b in range(len(modules)) for a in range(b)]
        weights = [int(network.hops[modules[a], modules[b]]) for a, b in pairs]
        target = self._library.create_target_graph(self._context, len(modules), len(pairs), pairs, weights)
        self._context.set_mapping_parameters(len(modules), 0.0)
        self._context.set_individual_target_block_weights(network.capacity[modules].tolist())
        graph, number = self._hypergraph(seed)
        return self._blocks(graph.map_onto_graph(target, self._context), number)

    @cached_property
    def _library(self) -> Any:
        import mtkahypar

        return mtkahypar.initialize(1, False)

    @cached_property
    def _context(self) -> Any:
        from mtkahypar import PresetType

        preset = PresetType.DETERMINISTIC_QUALITY if self.fine else PresetType.DETERMINISTIC
        context = self._library.context_from_preset(preset)
        context.logging = False
        return context

    def _hypergraph(self, seed: Seed) -> tuple[Any, NDArray[np.int64]]:
        """The hypergraph, and the number of each vertex in it: wires first, then gates."""
        wires, gates = self.segments.num_wires, len(self.segments.gates)
        random = np.random.default_rng(seed)
        number = random.permutation(wires + gates)
        weights = np.zeros(wires + gates, dtype=np.int64)
        weights[number[:wires]] = 1
        nets = [net for net in self._nets(number) if len(net) > 1]
        nets = [nets[place] for place in random.permutation(len(nets))]
        graph = self._library.create_hypergraph(
            self._context, wires + gates, len(nets), nets, weights.tolist(), [1] * len(nets)
        )
        return graph, number

    def _nets(self, number: NDArray[np.int64]) -> list[list[int]]:
        """The vertices of each segment: its wire and its gates."""
        segments = self.segments
        order = np.argsort(segments.gate_pairs.ravel(), kind="stable")
        gates = number[segments.num_wires + order // 2].tolist()
        ends = np.cumsum(segments.gates_per_segment).tolist()
        rows = zip(number[segments.wire].tolist(), [0, *ends[:-1]], ends, strict=True)
        return [[wire, *gates[start:end]] for wire, start, end in rows]

    def _blocks(self, partition: Any, number: NDArray[np.int64]) -> Blocks:
        blocks = np.array(partition.get_partition(), dtype=np.int16)[number]
        return Blocks(blocks[: self.segments.num_wires], blocks[self.segments.num_wires :])
