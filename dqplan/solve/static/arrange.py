"""Which block of a partition goes to which module, where modules are not all next to each other."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np

from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, presence
from dqplan.solve.static.partition import Blocks


def arranged(segments: Segments, network: Network, modules: tuple[int, ...], blocks: Blocks) -> tuple[int, ...]:
    """The modules in a better order for the blocks: pairs are exchanged as long as the price falls.

    Block i goes to the i-th module of the answer, and always fits into it.
    """
    if network.complete:
        return modules
    order = list(modules)
    needed = np.bincount(blocks.wire, minlength=len(modules))
    patterns = _patterns(segments, network, blocks)
    price = _price(network, patterns, order)
    improved = True
    while improved:
        improved = False
        for i, j in combinations(range(len(order)), 2):
            if needed[i] > network.capacity[order[j]] or needed[j] > network.capacity[order[i]]:
                continue
            order[i], order[j] = order[j], order[i]
            now = _price(network, patterns, order)
            if now < price:
                price, improved = now, True
            else:
                order[i], order[j] = order[j], order[i]
    return tuple(order)


def _patterns(segments: Segments, network: Network, blocks: Blocks) -> Counter[tuple[int, frozenset[int]]]:
    """How often a segment has its home in one block and is present in a set of blocks; only sets of two or more."""
    home = blocks.wire[segments.wire]
    present = presence(segments, network, Placement(home, blocks.gate))
    spread = np.flatnonzero(present.sum(axis=1) > 1)
    keys, counts = np.unique(np.column_stack([home[spread], present[spread]]), axis=0, return_counts=True)
    return Counter(
        {
            (int(key[0]), frozenset(np.flatnonzero(key[1:]).tolist())): int(count)
            for key, count in zip(keys, counts, strict=True)
        }
    )


def _price(network: Network, patterns: Counter[tuple[int, frozenset[int]]], order: list[int]) -> int:
    return sum(
        count * network.tree_price(order[home], frozenset(order[block] for block in blocks))
        for (home, blocks), count in patterns.items()
    )
