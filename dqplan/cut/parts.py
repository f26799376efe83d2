"""What can be joined by e-bits, and what has to stay together because bits pass between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from dqplan.core.hardware import Hardware
from dqplan.core.segments import Kind, Segments


def islands_of(hardware: Hardware, *, relaxed: bool) -> list[list[int]]:
    """The sets of modules that quantum links join and that have data qubits, in the order of their first modules.

    A link is of use only if both its modules have comm qubits, or their number is ignored.
    """
    ready = [relaxed or module.comm_qubits != 0 for module in hardware.modules]
    pairs = [pair for pair in hardware.quantum_links if ready[pair[0]] and ready[pair[1]]]
    found = _joined(hardware.num_modules, pairs)
    return [island for island in found if hardware.data_capacity[island].sum()]


def part_of(hardware: Hardware, island: Sequence[int]) -> Hardware:
    """The network of one island: its modules, and the links among them, with what is known about their numbers."""
    place = {module: number for number, module in enumerate(island)}
    links = [link for link in hardware.links if link.a in place and link.b in place]
    entries = [hardware.modules[module].entry for module in island], [link.entry for link in links]
    known = {key: origin for key, origin in hardware.provenance.items() if key.startswith("facts.")}
    for kind, olds in zip(("modules", "links"), entries, strict=True):
        for number, old in enumerate(olds):
            own = {key.removeprefix(f"{old}."): value for key, value in hardware.provenance.items() if _below(key, old)}
            known |= {f"{kind}.{number}.{key}": origin for key, origin in own.items() if key != "count"}
    return replace(
        hardware,
        modules=tuple(replace(hardware.modules[m], entry=f"modules.{n}") for m, n in place.items()),
        links=tuple(
            replace(link, a=place[link.a], b=place[link.b], entry=f"links.{n}") for n, link in enumerate(links)
        ),
        provenance=MappingProxyType(known),
    )


def _below(key: str, entry: str) -> bool:
    return bool(entry) and key.startswith(f"{entry}.")


def bound_segments(segments: Segments) -> list[list[int]]:
    """Segments that have to be in one island: they write or read the same classical bit, and only islands have bits.

    Lists of two or more; bits that are written once and never read hold nothing together.
    """
    users: dict[int, list[int]] = defaultdict(list)
    for event in segments.events():
        touched = [event.segment] if event.other < 0 else [event.segment, event.other]
        bits = [event.clbit] if event.kind is Kind.MEASURE else []
        if event.condition >= 0:
            bits += segments.circuit.conditions[event.condition].clbits
            users[-1 - event.condition] += touched
        for bit in bits:
            users[bit] += touched
    pairs = [(group[0], other) for group in users.values() for other in group[1:]]
    return [group for group in _joined(segments.num_segments, pairs) if len(group) > 1]


def occupants(segments: Segments) -> NDArray[np.int64]:
    """The segment of each wire at the start and behind every opening, shape (openings + 1, num_wires)."""
    opened = np.flatnonzero(segments.opening >= 0)
    opened = opened[np.argsort(segments.opening[opened])]
    rows = np.tile(segments.first, (len(opened) + 1, 1))
    for moment, segment in enumerate(opened.tolist(), start=1):
        rows[moment:, segments.wire[segment]] = segment
    return rows


def _joined(number: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The connected components of 0 … number - 1, in the order of their first members."""
    leader = list(range(number))

    def find(member: int) -> int:
        while leader[member] != member:
            leader[member] = leader[leader[member]]
            member = leader[member]
        return member

    for a, b in pairs:
        first, second = sorted((find(a), find(b)))
        leader[second] = first
    groups: dict[int, list[int]] = defaultdict(list)
    for member in range(number):
        groups[find(member)].append(member)
    return list(groups.values())
