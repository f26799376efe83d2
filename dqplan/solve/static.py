"""Static placement: one home per wire for the whole circuit, for several sets of modules and several seeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.fallback import plain_blocks
from dqplan.solve.hosts import cover_hosts
from dqplan.solve.network import Network
from dqplan.solve.partition import Blocks, Partitioner, available
from dqplan.solve.placement import Placement
from dqplan.solve.stop import Budget


def static_placements(segments: Segments, network: Network, budget: Budget, seed: int) -> Iterator[Placement]:
    """Placements whose homes never move, one after the other; two for each partition, with different hosts."""
    choices = module_choices(network, segments.num_wires, sweep=budget.sweep)
    partitioner = Partitioner(segments)
    trials = _trials(choices, network, budget, len(segments.gates))
    for number, trial in enumerate(trials):
        blocks = _blocks(partitioner, network, trial, budget, seed + number)
        yield from _with_hosts(segments, network, np.array(trial.modules, dtype=np.int16), blocks)


@dataclass(frozen=True)
class _Trial:
    """One partition to compute: onto these modules, by Steiner trees or by connectivity alone."""

    modules: tuple[int, ...]
    steiner: bool


def _trials(choices: list[list[int]], network: Network, budget: Budget, gates: int) -> list[_Trial]:
    """What to try, most promising kinds first, as many as the budget allows."""
    kinds = [_Trial(tuple(modules), False) for modules in choices]
    if not network.complete:
        kinds += [_Trial(tuple(modules), True) for modules in choices if len(modules) > 2]
    affordable = max(1, min(budget.partitions, budget.pins // max(1, gates)))
    rounds = -(-affordable // len(kinds))
    return (kinds * rounds)[:affordable]


def module_choices(network: Network, wires: int, *, sweep: bool) -> list[list[int]]:
    """Sets of modules that can hold the circuit: the most compact one of each size.

    Fewer modules are often cheaper, and never needed if the circuit fits into one.
    """
    found: dict[int, list[int]] = {}
    for group in network.groups:
        for start in group:
            for modules in _growing(network, [m for m in group if network.capacity[m]], start):
                size = len(modules)
                if network.capacity[modules].sum() >= wires and _better(network, modules, found.get(size)):
                    found[size] = modules
    sizes = sorted(found)
    if sizes and sizes[0] == 1:
        sizes = [1]
    if not sweep:
        sizes = sorted({sizes[0], sizes[-1]}) if sizes else []
    return [found[size] for size in sizes]


def _growing(network: Network, group: list[int], start: int) -> Iterator[list[int]]:
    """Larger and larger sets around a module: nearest next, of equals the one with most data qubits."""
    chosen: list[int] = []
    left = list(group)
    far = np.zeros(network.size, dtype=np.int64)
    nearest = start
    while left:
        if chosen:
            nearest = min(left, key=lambda m: (int(far[m]), -int(network.capacity[m]), m))
        elif start not in left:
            return
        chosen.append(nearest)
        left.remove(nearest)
        far += network.hops[nearest]
        yield sorted(chosen)


def _better(network: Network, modules: list[int], best: list[int] | None) -> bool:
    """Whether a set of modules is closer together than the best so far, or as close with more data qubits."""
    if best is None:
        return True
    now, before = ((int(network.hops[np.ix_(m, m)].sum()), -int(network.capacity[m].sum())) for m in (modules, best))
    return now < before


def _blocks(partitioner: Partitioner, network: Network, trial: _Trial, budget: Budget, seed: int) -> Blocks:
    segments, modules = partitioner.segments, list(trial.modules)
    if len(modules) == 1:
        return Blocks(np.zeros(segments.num_wires, np.int16), np.zeros(len(segments.gates), np.int16))
    if not available():
        return plain_blocks(segments, network.capacity[modules].tolist(), seed)
    if trial.steiner:
        return partitioner.onto_network(network, modules, seed=seed, thorough=budget.fine)
    return partitioner.by_connectivity(network.capacity[modules].tolist(), seed=seed, thorough=budget.fine)


def _with_hosts(
    segments: Segments, network: Network, modules: NDArray[np.int16], blocks: Blocks
) -> Iterator[Placement]:
    """The partition's own hosts, which may be third parties, and the best hosts among the homes."""
    home = modules[blocks.wire][segments.wire]
    yield Placement(home, modules[blocks.gate])
    yield Placement(home, cover_hosts(segments, network, home))
