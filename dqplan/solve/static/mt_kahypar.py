"""Mt-KaHyPar as it runs in the process of `worker.py`: questions come in, partitions go out.

Its answers depend on the questions before, because its random numbers do. But a fresh process that is asked the same
questions gives the same answers on every number of cores, which of the shipped presets only the deterministic ones do:
the others shuffle by as many parts as the machine has cores, and stop some searches by the clock. `_CONFIGURATION`
takes the deterministic coarsening, leaves out what shuffles in parts, and sets no time limits. In one thread the other
algorithms are then reproducible, and they need a third of the time of the deterministic ones for cuts as good.

Nothing is imported here but Mt-KaHyPar, so that the process is ready after a tenth of a second.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

_CONFIGURATION = """
preset-type=quality
p-enable-community-detection=false
c-type=deterministic_multilevel_coarsener
c-num-sub-rounds=3
i-perform-refinement-on-best-partitions=true
i-r-fm-type=kway_fm
i-r-fm-multitry-rounds=5
i-r-fm-rollback-parallel=false
i-r-fm-time-limit-factor=1.7976931348623157e308
r-rebalancer-type=advanced_rebalancer
r-fm-type=unconstrained_fm
r-fm-time-limit-factor=1.7976931348623157e308
r-flow-algo=flow_cutter
r-flow-time-limit-factor=0
"""


class Question(NamedTuple):
    """A hypergraph to be cut into blocks.

    Attributes:
        weights: of each vertex.
        nets: the vertices of each hyperedge, two or more.
        rooms: the weight that each block can take.
        links: (block, block, length) of a complete graph on three or more blocks, to minimise the total length of the
            hyperedges' Steiner trees; empty to minimise their number of blocks.
        seed: of random numbers, 0 … 2³¹ - 1.
    """

    weights: list[int]
    nets: list[list[int]]
    rooms: list[int]
    links: list[tuple[int, int, int]]
    seed: int


def serve() -> None:
    """Answer pickled questions from standard input by pickled lists, the block of each vertex, until they end."""
    import mtkahypar

    library = mtkahypar.initialize(1, False)
    context = _context(library)
    answers = _private_output()
    for question in _questions(sys.stdin.buffer):
        mtkahypar.set_seed(question.seed)
        pickle.dump(_partition(library, context, question), answers)
        answers.flush()


def _context(library: Any) -> Any:
    with TemporaryDirectory() as directory:
        file = Path(directory, "mt_kahypar.ini")
        file.write_text(_CONFIGURATION, encoding="ascii")
        context = library.context_from_file(str(file))
    context.logging = False
    return context


def _private_output() -> BinaryIO:
    """Standard output for answers alone: whatever the library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return answers


def _questions(stream: BinaryIO) -> Iterator[Question]:
    while True:
        try:
            yield pickle.load(stream)
        except EOFError:
            return


def _partition(library: Any, context: Any, question: Question) -> list[int]:
    from mtkahypar import Objective

    blocks = len(question.rooms)
    if question.links:
        links = [(a, b) for a, b, _ in question.links]
        lengths = [length for _, _, length in question.links]
        target = library.create_target_graph(context, blocks, len(links), links, lengths)
        context.set_mapping_parameters(blocks, 0.0)
    else:
        context.set_partitioning_parameters(blocks, 0.0, Objective.KM1)
    context.set_individual_target_block_weights(question.rooms)
    weights, nets = question.weights, question.nets
    graph = library.create_hypergraph(context, len(weights), len(nets), nets, weights, [1] * len(nets))
    found = graph.map_onto_graph(target, context) if question.links else graph.partition(context)
    return list(found.get_partition())
