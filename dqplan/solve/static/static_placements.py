"""Static placement: one home per wire for the whole circuit, for several sets of modules and several seeds."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.feasible import not_joined
from dqplan.solve.hosts import cover_hosts
from dqplan.solve.network import Network
from dqplan.solve.pieces import largest_part
from dqplan.solve.placement import Placement, price_of
from dqplan.solve.static.arrange import arranged
from dqplan.solve.static.fallback import plain_blocks
from dqplan.solve.static.packing import packed_wires, part_of
from dqplan.solve.static.partition import Blocks, Partitioner
from dqplan.solve.static.worker import Worker, available
from dqplan.solve.stop import Budget, Clock


def static_placements(
    segments: Segments, network: Network, budget: Budget, seed: int, clock: Clock
) -> Generator[Placement]:
    """Placements whose homes never move, one after the other, and no other after one that costs nothing.

    There is at least one, however short the time; close the iterator if it is not exhausted.

    Raises:
        InfeasibleError: if the circuit fits into no set of modules that e-bits can join.
        StoppedError: if an end was asked for before the first one.
    """
    packed = packed_wires(segments, network.capacity.tolist())
    if packed is not None:
        yield _unmoved(segments, packed.astype(np.int16))
        return
    with Worker() if available() else nullcontext() as worker:
        trials = _Trials(network, budget, seed, clock, worker)
        if any(_room(network, group) >= segments.num_wires for group in network.groups):
            yield from trials.placements(segments, network.groups)
        else:
            yield _divided(segments, trials)


def _room(network: Network, modules: list[int]) -> int:
    return int(network.capacity[modules].sum())


def _unmoved(segments: Segments, wire_home: NDArray[np.int16]) -> Placement:
    """Every gate at the home of its first wire."""
    home = wire_home[segments.wire]
    return Placement(home, home[segments.gate_pairs[:, 0]])


def _divided(segments: Segments, trials: _Trials) -> Placement:
    """Parts of the circuit that do not interact, each placed on modules that are not joined to those of the others."""
    network, groups = trials.network, trials.network.groups
    group_of = packed_wires(segments, [_room(network, group) for group in groups])
    if group_of is None:
        raise not_joined(largest_part(segments), network)
    home = np.zeros(segments.num_segments, dtype=np.int16)
    host = np.zeros(len(segments.gates), dtype=np.int16)
    for number in np.unique(group_of).tolist():
        part = part_of(segments, group_of == number)
        found = trials.placements(part.segments, [groups[number]])
        best = min(found, key=lambda placement: price_of(part.segments, network, placement))
        home[part.segment], host[part.gate] = best.home, best.host
    return Placement(home, host)


@dataclass(frozen=True)
class _Trial:
    """One partition to compute: onto these modules, by Steiner trees or by connectivity alone."""

    modules: tuple[int, ...]
    steiner: bool


@dataclass(frozen=True)
class _Trials:
    """Partitions of circuits, as many as the budget and the clock allow; without a worker, plain ones."""

    network: Network
    budget: Budget
    seed: int
    clock: Clock
    worker: Worker | None

    def placements(self, segments: Segments, groups: list[list[int]]) -> Iterator[Placement]:
        """Two placements for each partition, with different hosts."""
        choices = module_choices(self.network, groups, segments.num_wires, sweep=self.budget.sweep)
        trials = _trials(choices, self.network, self.budget, len(segments.gates))
        self.clock.enter("static placement" if self.worker else "static placement without Mt-KaHyPar", len(trials))
        for number, trial in enumerate(trials):
            self.clock.step()
            blocks = self._blocks(segments, trial, number)
            if blocks is None:
                return
            orders = dict.fromkeys([trial.modules, arranged(segments, self.network, trial.modules, blocks)])
            for order in orders:
                yield from _with_hosts(segments, self.network, np.array(order, dtype=np.int16), blocks)

    def _blocks(self, segments: Segments, trial: _Trial, number: int) -> Blocks | None:
        """A partition; the first one is made in any case, the others only if there is time and Mt-KaHyPar answers."""
        modules, seed = list(trial.modules), (self.seed, number)
        if len(modules) == 1:  # a divided circuit's part
            return Blocks(np.zeros(segments.num_wires, np.int16), np.zeros(len(segments.gates), np.int16))
        rooms = self.network.capacity[modules].tolist()
        if self.worker:
            partitioner = Partitioner(segments, self.worker, self.clock)
            steiner = trial.steiner
            found = (
                partitioner.onto_network(self.network, modules, seed)
                if steiner
                else partitioner.by_connectivity(rooms, seed)
            )
            if found or number:
                return found
        if number and self.clock.expired:
            return None
        self.clock.need_plan()
        return plain_blocks(segments, rooms, seed, self.clock)


def _trials(choices: list[list[int]], network: Network, budget: Budget, gates: int) -> list[_Trial]:
    """What to try, most promising kinds first, as many as the budget allows."""
    kinds = [_Trial(tuple(modules), False) for modules in choices]
    if not network.complete:
        kinds += [_Trial(tuple(modules), True) for modules in choices if len(modules) > 2]
    affordable = max(1, min(budget.partitions, budget.pins // max(1, gates)))
    rounds = -(-affordable // len(kinds))
    return (kinds * rounds)[:affordable]


def module_choices(network: Network, groups: list[list[int]], wires: int, *, sweep: bool) -> list[list[int]]:
    """Sets of modules that can hold the circuit, each within a group: the most compact one of each size.

    Fewer modules are often cheaper, so all numbers of modules are tried, or only the least and the most.
    """
    found: dict[int, list[int]] = {}
    for group in groups:
        for start in group:
            for modules in _growing(network, [m for m in group if network.capacity[m]], start):
                size = len(modules)
                if network.capacity[modules].sum() >= wires and _better(network, modules, found.get(size)):
                    found[size] = modules
    sizes = sorted(found)
    return [found[size] for size in (sizes if sweep else sorted({sizes[0], sizes[-1]}))]


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
        far += network.distance[nearest]
        yield sorted(chosen)


def _better(network: Network, modules: list[int], best: list[int] | None) -> bool:
    """Whether a set of modules is closer together than the best so far, or as close with more data qubits."""
    if best is None:
        return True
    now, before = (
        (int(network.distance[np.ix_(m, m)].sum()), -int(network.capacity[m].sum())) for m in (modules, best)
    )
    return now < before


def _with_hosts(
    segments: Segments, network: Network, modules: NDArray[np.int16], blocks: Blocks
) -> Iterator[Placement]:
    """The partition's own hosts, which may be third parties, and the best hosts among the homes."""
    home = modules[blocks.wire][segments.wire]
    yield Placement(home, modules[blocks.gate])
    yield Placement(home, cover_hosts(segments, network, home))
