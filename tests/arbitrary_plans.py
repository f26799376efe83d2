"""Legal plans without any planning: homes that move at any cut, arbitrary hosts. For tests of what follows."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np

from dqplan.core.cost import cost_of
from dqplan.core.embedding import bridgeable
from dqplan.core.hardware import Hardware
from dqplan.core.plan import Baseline, Bound, Plan
from dqplan.core.segments import Kind, Segments
from dqplan.core.share import Share

Needs = Mapping[tuple[int, int], list[int]]
"""By segment and module: the events that need a copy there."""


def arbitrary_plan(segments: Segments, hardware: Hardware, seed: int) -> Plan:
    """A plan that is legal if comm qubits are unlimited; needs a connected network with enough data qubits."""
    rng = random.Random(seed)
    home, moves = _homes(segments, hardware, rng)
    host = np.array([rng.randrange(hardware.num_modules) for _ in segments.gates], dtype=np.int16)
    survivors = _survivors(segments, home, hardware.num_modules, rng)
    for gate, pair in enumerate(segments.gate_pairs.tolist()):
        for segment in survivors.keys() & set(pair):
            host[gate] = home[segment]
    needs = _needs(segments, home, host, moves, survivors)
    shares = _shares(list(_copies(needs, survivors)), home, moves, hardware, rng)
    return Plan(
        segments=segments,
        hardware=hardware,
        home=home,
        host=host,
        shares=shares,
        cost=cost_of(segments, hardware, home, shares),
        bound=Bound(0, "none", "all plans"),
        baseline=Baseline(0, 0),
    )


def _homes(segments: Segments, hardware: Hardware, rng: random.Random) -> tuple[np.ndarray, dict[int, tuple[int, int]]]:
    """Homes that fit at every moment, and the moves: cut event -> (segment before it, module after it)."""
    free = hardware.data_capacity.copy()
    home = np.zeros(segments.num_segments, dtype=np.int16)
    place = []
    for wire in range(segments.num_wires):
        module = rng.choice(np.flatnonzero(free).tolist())
        free[module] -= 1
        place.append(module)
        home[segments.first[wire]] = module
    moves = {}
    for event in range(segments.num_events):
        segment = int(segments.segment[event])
        wire = int(segments.wire[segment])
        if segments.kind[event] not in (Kind.CUT, Kind.RESET) or segment == segments.first[wire]:
            continue
        if segments.kind[event] == Kind.CUT and segments.fresh[segment]:
            continue
        options = [*np.flatnonzero(free).tolist(), place[wire]]
        target = rng.choice(options) if rng.random() < 0.5 else place[wire]
        if target != place[wire]:
            free[place[wire]] += 1
            free[target] -= 1
            if not segments.fresh[segment]:
                moves[event] = (segment - 1, target)
            place[wire] = target
        home[segment] = target
    return home, moves


def _survivors(segments: Segments, home: np.ndarray, num_modules: int, rng: random.Random) -> dict[int, frozenset[int]]:
    """For some of the stretches that copies can live through: the modules where they do."""
    found: dict[int, frozenset[int]] = {}
    partners = defaultdict(set)
    for a, b in segments.gate_pairs.tolist():
        partners[a].add(b)
        partners[b].add(a)
    for stretch in np.flatnonzero(bridgeable(segments)).tolist():
        stays = len({*home[stretch - 1 : stretch + 2].tolist()}) == 1
        disturbed = (partners[stretch] | {stretch - 1}) & found.keys()
        if stays and not disturbed and rng.random() < 0.8:
            others = [module for module in range(num_modules) if module != home[stretch]]
            found[stretch] = frozenset(rng.sample(others, min(len(others), rng.randint(1, 2))))
    return {stretch: modules for stretch, modules in found.items() if modules}


def _needs(
    segments: Segments,
    home: np.ndarray,
    host: np.ndarray,
    moves: Mapping[int, tuple[int, int]],
    survivors: Mapping[int, frozenset[int]],
) -> Needs:
    needs = defaultdict(list)
    for event, (segment, target) in moves.items():
        needs[segment, target].append(event)
    for stretch, modules in survivors.items():
        for module in modules:
            needs[stretch - 1, module].append(int(segments.opening[stretch]))
            needs[stretch + 1, module].append(int(segments.opening[stretch + 1]))
    for gate, pair in enumerate(segments.gate_pairs.tolist()):
        modules = {int(host[gate])}.union(*(survivors.get(segment, ()) for segment in pair))
        for segment in pair:
            for module in modules - {int(home[segment])}:
                if segment not in survivors:
                    needs[segment, module].append(int(segments.gates[gate]))
    return needs


@dataclass
class _Copy:
    """A copy in one module, from its first need to its last."""

    segment: int
    module: int
    begin: int
    end: int
    bridges: int = 0

    @property
    def until(self) -> int:
        return self.segment + 2 * self.bridges


def _copies(needs: Needs, survivors: Mapping[int, frozenset[int]]) -> Iterator[_Copy]:
    """One copy for each run of segments that it can live through."""
    waiting: dict[tuple[int, int], _Copy] = {}
    for (segment, module), events in sorted(needs.items()):
        copy = waiting.pop((segment, module), None)
        if copy is None:
            copy = _Copy(segment, module, min(events), max(events))
        copy.end = max(events)
        if module in survivors.get(segment + 1, ()):
            copy.bridges += 1
            waiting[segment + 2, module] = copy
        else:
            yield copy


def _shares(
    copies: list[_Copy],
    home: np.ndarray,
    moves: Mapping[int, tuple[int, int]],
    hardware: Hardware,
    rng: random.Random,
) -> tuple[Share, ...]:
    """Each copy comes from home or from any other copy that is there by then."""
    graph = nx.Graph(list(hardware.quantum_links))
    graph.add_nodes_from(range(hardware.num_modules))
    arrivals = set(moves.values())
    shares = []
    copies.sort(key=lambda copy: copy.begin)
    for number, copy in enumerate(copies):
        there = [
            other.module
            for other in copies[:number]
            if other.segment <= copy.segment <= other.until and (copy.segment - other.segment) % 2 == 0
            if other.begin < copy.begin <= other.end
        ]
        source = rng.choice([int(home[copy.segment]), *there])
        route = tuple(nx.shortest_path(graph, source, copy.module))
        teleport = (copy.until, copy.module) in arrivals
        shares.append(Share(copy.segment, route, copy.begin, copy.end, teleport, copy.bridges))
    return tuple(shares)
