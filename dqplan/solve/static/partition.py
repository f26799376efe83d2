"""Static placement by Mt-KaHyPar: the hypergraph whose connectivity is the number of e-bits.

Vertices are wires (weight 1) and gates (weight 0), hyperedges are segments, blocks are modules with room for as many
wires as they have data qubits. The objective "km1", the number of blocks a hyperedge touches minus one, is the e-bit
count on networks where every two modules share a link (Andres-Martinez & Heunen, arXiv:1811.10972, section 4; with
gates as free vertices, third-party hosting is included). On other networks Mt-KaHyPar minimises Steiner trees instead
(Heuer, "A Direct k-Way Hypergraph Partitioning Algorithm for Optimizing the Steiner Tree Metric", ALENEX 2024).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.static.mt_kahypar import Question
from dqplan.solve.static.worker import Worker
from dqplan.solve.stop import Clock

Seed = tuple[int, int]
"""The user's seed and the number of the trial, both at least 0."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """A partition: the block of each wire and of each gate, int16."""

    wire: NDArray[np.int16]
    gate: NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Partitioner:
    """Partitions of one circuit; None instead if the time is up, or Mt-KaHyPar does not answer.

    Attributes:
        segments: the circuit.
        worker: Mt-KaHyPar.
        clock: when to stop.
    """

    segments: Segments
    worker: Worker
    clock: Clock

    def by_connectivity(self, rooms: list[int], seed: Seed) -> Blocks | None:
        """Blocks with room for `rooms` wires each that cut as few segments as possible."""
        return self._blocks(rooms, [], seed)

    def onto_network(self, network: Network, modules: list[int], seed: Seed) -> Blocks | None:
        """The same for the shortest Steiner trees between the given modules, three or more; blocks follow their order.

        Two blocks would be the same problem as `by_connectivity`, and Mt-KaHyPar does not return from it.
        """
        links = [(a, b, int(network.distance[modules[a], modules[b]])) for b in range(len(modules)) for a in range(b)]
        return self._blocks(network.capacity[modules].tolist(), links, seed)

    def _blocks(self, rooms: list[int], links: list[tuple[int, int, int]], seed: Seed) -> Blocks | None:
        """Other seeds also number vertices and hyperedges otherwise: by far the most of the variety comes from that."""
        wires, gates = self.segments.num_wires, len(self.segments.gates)
        random = np.random.default_rng(seed)
        number = random.permutation(wires + gates)
        weights = np.zeros(wires + gates, dtype=np.int64)
        weights[number[:wires]] = 1
        nets = self._nets(number)
        nets = [nets[place] for place in random.permutation(len(nets)) if len(nets[place]) > 1]
        question = Question(weights.tolist(), nets, rooms, links, int(random.integers(2**31)))
        answer = self.worker.ask(question, self.clock)
        if answer is None:
            return None
        blocks = np.array(answer, dtype=np.int16)[number]
        return Blocks(blocks[:wires], blocks[wires:])

    def _nets(self, number: NDArray[np.int64]) -> list[list[int]]:
        """The vertices of each segment: its wire and its gates."""
        segments = self.segments
        order = np.argsort(segments.gate_pairs.ravel(), kind="stable")
        gates = number[segments.num_wires + order // 2].tolist()
        ends = np.cumsum(segments.gates_per_segment).tolist()
        rows = zip(number[segments.wire].tolist(), [0, *ends[:-1]], ends, strict=True)
        return [[wire, *gates[start:end]] for wire, start, end in rows]
