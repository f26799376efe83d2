"""Legal plans without any planning: homes that move at any cut, arbitrary hosts. For tests of what follows."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np

from dqplan.core.cost import cost_of
from dqplan.core.hardware import Hardware
from dqplan.core.plan import Baseline, Bound, Plan
from dqplan.core.segments import Kind, Segments
from dqplan.core.share import Share


def arbitrary_plan(segments: Segments, hardware: Hardware, seed: int) -> Plan:
    """A plan that is legal if comm qubits are unlimited; needs a connected network with enough data qubits."""
    rng = random.Random(seed)
    graph = nx.Graph(list(hardware.quantum_links))
    graph.add_nodes_from(range(hardware.num_modules))
    home, moves = _homes(segments, hardware, rng)
    host = np.array([rng.randrange(hardware.num_modules) for _ in segments.gates], dtype=np.int16)
    last_use: dict[tuple[int, int], int] = {}
    for gate, event in enumerate(segments.gates.tolist()):
        for segment in segments.gate_pairs[gate].tolist():
            last_use[segment, int(host[gate])] = event
    shares: list[Share] = []
    open_until: dict[tuple[int, int], int] = {}
    host_of = dict(zip(segments.gates.tolist(), host.tolist(), strict=True))
    for event in range(segments.num_events):
        if event in moves:
            segment, target = moves[event]
            route = tuple(nx.shortest_path(graph, int(home[segment]), target))
            if open_until.get((segment, target), -1) < 0:
                shares.append(Share(segment, route, event, event, teleport=True))
            continue
        if segments.kind[event] != Kind.GATE:
            continue
        module = host_of[event]
        for segment in (int(segments.segment[event]), int(segments.other[event])):
            if module != home[segment] and (segment, module) not in open_until:
                end = last_use[segment, module]
                cut = next((c for c, (s, m) in moves.items() if s == segment and m == module), None)
                open_until[segment, module] = end if cut is None else cut
                route = tuple(nx.shortest_path(graph, int(home[segment]), module))
                shares.append(Share(segment, route, event, end if cut is None else cut, teleport=cut is not None))
    return Plan(
        segments=segments,
        hardware=hardware,
        home=home,
        host=host,
        shares=tuple(shares),
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
        target = rng.choice(options)
        if target != place[wire]:
            free[place[wire]] += 1
            free[target] -= 1
            if not segments.fresh[segment]:
                moves[event] = (segment - 1, target)
            place[wire] = target
        home[segment] = target
    return home, moves
