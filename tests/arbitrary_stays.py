"""Arbitrary stays in memory, legal if comm qubits are unlimited, on top of any plan. For tests of what follows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import networkx as nx
from hypothesis import strategies as st

from dqplan.core.cost import cost_of
from dqplan.core.hardware import Hardware, Module
from dqplan.core.plan import Plan
from dqplan.core.segments import Kind, Segments
from dqplan.core.stay import Stay


@st.composite
def remembering(draw: st.DrawFn, hardware: Hardware) -> Hardware:
    """The same network with up to two memory qubits in every module, and lifetimes for them."""
    lifetimes = st.sampled_from([None, 0.1, 10.0])

    def module(old: Module) -> Module:
        return replace(old, memory_qubits=draw(st.integers(0, 2)), memory_lifetime_s=draw(lifetimes))

    return replace(hardware, modules=tuple(map(module, hardware.modules)))


def with_stays(plan: Plan, seed: int) -> Plan:
    """The plan with qubits that stay in memory, as many as memory qubits allow, there and then at random."""
    rng = random.Random(seed)
    graph = nx.Graph(list(plan.hardware.quantum_links))
    graph.add_nodes_from(range(plan.hardware.num_modules))
    possible = list(_gaps(plan))
    rng.shuffle(possible)
    stays: list[Stay] = []
    for wire, home, begin, end in possible:
        open_to = [module for module in range(plan.hardware.num_modules) if _room(plan, stays, module, begin, end)]
        if open_to and rng.random() < 0.8:
            stays.append(Stay(wire, tuple(nx.shortest_path(graph, home, rng.choice(open_to))), begin, end))
    return replace(
        plan,
        stays=tuple(stays),
        cost=cost_of(plan.segments, plan.hardware, plan.home, plan.shares, stays),
    )


def _room(plan: Plan, stays: list[Stay], module: int, begin: int, end: int) -> bool:
    """Whether a memory qubit of the module is free for so long."""
    there = [stay for stay in stays if stay.module == module and stay.begin < end and begin < stay.end]
    most = max((sum(s.begin <= moment < s.end for s in there) for moment in range(begin, end)), default=0)
    return most < plan.hardware.modules[module].memory_qubits


def _gaps(plan: Plan) -> Iterator[tuple[int, int, int, int]]:
    """(wire, home, begin, end) between events and shares of one wire, where nothing but its home holds it."""
    segments = plan.segments
    for wire in range(segments.num_wires):
        shares = [share for share in plan.shares if segments.wire[share.segment] == wire]
        own = _events(segments, wire)
        marks = sorted({*own, *(share.begin for share in shares), *(share.end for share in shares)})
        for begin, end in pairwise(marks):
            alone = all(share.begin >= end or share.end <= begin for share in shares)
            used_at_end = (end in own and not _emptied(segments, end)) or any(share.begin == end for share in shares)
            if alone and used_at_end:
                yield wire, _home(plan, wire, begin), begin, end


def _events(segments: Segments, wire: int) -> list[int]:
    mine = segments.wire[segments.segment] == wire
    mine |= (segments.kind == Kind.GATE) & (segments.wire[segments.other] == wire)
    return [event for event in range(segments.num_events) if mine[event]]


def _emptied(segments: Segments, event: int) -> bool:
    """Whether nothing is looked at that was there before."""
    return segments.kind[event] == Kind.RESET and segments.condition[event] < 0


def _home(plan: Plan, wire: int, event: int) -> int:
    """Where the wire is at home behind an event."""
    mine = [s for s in range(plan.segments.num_segments) if plan.segments.wire[s] == wire]
    begun = [segment for segment in mine if plan.segments.opening[segment] <= event]
    return int(plan.home[begun[-1]])
