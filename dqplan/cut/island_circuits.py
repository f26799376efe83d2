"""The circuits of the islands: the events of the normal form, each where it happens, and a measurement at every end."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import CircuitBuilder, Condition, Register, Term, bit_names
from dqplan.core.cutting import Cut, CutEnd, CutKind, Island
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware
from dqplan.core.one_qubit import name_unitary, snapped
from dqplan.core.segments import Event, Kind, Segments


@dataclass
class _Part:
    """What is known of an island on the way.

    Attributes:
        number: of the island.
        order: numbers of islands, one for each row of any, in the order in which they were written.
        clbits: of the whole circuit, ascending.
        rows: what its circuit does.
        used: qubits of its circuit so far; `free` are those of them that nobody is in.
        ends: how many ends of cuts there are so far.
    """

    number: int
    order: list[int]
    clbits: tuple[int, ...]
    rows: list[tuple[Op, tuple[int, ...], tuple[float, ...], int, int, int]] = field(default_factory=list)
    used: int = 0
    free: list[int] = field(default_factory=list)
    ends: int = 0

    def take(self) -> int:
        """The lowest qubit that is free, or a new one."""
        if self.free:
            return heappop(self.free)
        self.used += 1
        return self.used - 1

    def do(
        self,
        op: Op,
        *qubits: int,
        params: tuple[float, ...] = (),
        clbit: int = -1,
        condition: int = -1,
        line: int = 0,
    ) -> None:
        """One operation; bits are those of the island, ends count down from -2."""
        self.order.append(self.number)
        self.rows.append((op, qubits, params, clbit, condition, line))

    def end(self, qubit: int, line: int) -> int:
        """A measurement that stands for whatever is done at the next end; returns its number."""
        self.ends += 1
        self.do(Op.MEASURE, qubit, clbit=-1 - self.ends, line=line)
        return self.ends - 1


class IslandWriter:
    """Walks over the events of the normal form; where each wire is, is looked up by its present segment."""

    def __init__(self, segments: Segments, island_of: NDArray[np.int64], num_islands: int) -> None:
        self.segments, self.island_of = segments, island_of.tolist()
        self.wire = segments.wire.tolist()
        self.names = bit_names(segments.circuit.qregs)
        self.order: list[int] = []
        self.parts = [_Part(number, self.order, clbits) for number, clbits in enumerate(self._clbits(num_islands))]
        self.cuts: list[Cut] = []
        self.place = [self._settle(segment) for segment in segments.first.tolist()]
        self.inputs = tuple(self.place)
        self.opening = {event: segment for segment, event in enumerate(segments.opening.tolist()) if event >= 0}
        for number, event in enumerate(segments.events()):
            if self.opening.get(number) == event.segment:
                self._enter(event)
            self._act(event)
        self.outputs = tuple(self.place[wire] for wire in segments.output_wire.tolist())

    def _clbits(self, num_islands: int) -> list[tuple[int, ...]]:
        """The bits that each island writes or reads."""
        found: dict[int, set[int]] = defaultdict(set)
        for event in self.segments.events():
            island = self.island_of[event.segment]
            if event.kind is Kind.MEASURE:
                found[island].add(event.clbit)
            if event.condition >= 0:
                found[island] |= self.segments.circuit.conditions[event.condition].clbits
        return [tuple(sorted(found[island])) for island in range(num_islands)]

    def _settle(self, segment: int) -> tuple[int, int]:
        island = self.island_of[segment]
        return island, self.parts[island].take()

    def _enter(self, event: Event) -> None:
        """If a segment begins in another island than the one before, cut the wire, or begin anew with its reset."""
        wire = self.wire[event.segment]
        (before, old), after = self.place[wire], self.island_of[event.segment]
        if after == before:
            return
        source = self.parts[before]
        heappush(source.free, old)
        if self.segments.fresh[event.segment]:
            self.place[wire] = self._settle(event.segment)
            return
        source.do(Op.H, old, line=event.line)
        first = CutEnd(before, source.end(old, event.line))
        self.place[wire] = self._settle(event.segment)
        target, new = self.parts[after], self.place[wire][1]
        target.do(Op.RESET, new, line=event.line)
        second = CutEnd(after, target.end(new, event.line))
        self.cuts.append(Cut(CutKind.WIRE, (first, second), event.line, (self.names[wire],)))

    def _act(self, event: Event) -> None:
        island, qubit = self.place[self.wire[event.segment]]
        part, line, condition = self.parts[island], event.line, event.condition
        match event.kind:
            case Kind.GATE:
                self._gate(event)
            case Kind.MEASURE:
                part.do(Op.MEASURE, qubit, clbit=part.clbits.index(event.clbit), condition=condition, line=line)
            case Kind.RESET:
                part.do(Op.RESET, qubit, condition=condition, line=line)
            case _ if event.matrix:
                op, params = name_unitary(event.matrix)
                part.do(op, qubit, params=params, condition=condition, line=line)

    def _gate(self, event: Event) -> None:
        """CP(θ) = P(θ/2) ⊗ P(θ/2) · exp(iθ/4 Z⊗Z), up to a phase; between islands the last factor is cut."""
        places = [self.place[self.wire[segment]] for segment in (event.segment, event.other)]
        angle = snapped(event.angle)
        if places[0][0] == places[1][0]:
            op, params = (Op.CZ, ()) if abs(angle) == math.pi else (Op.CP, (angle,))
            qubits = places[0][1], places[1][1]
            self.parts[places[0][0]].do(op, *qubits, params=params, condition=event.condition, line=event.line)
            return
        ends = []
        for island, qubit in places:
            self.parts[island].do(Op.P, qubit, params=(angle / 2,), line=event.line)
            ends.append(CutEnd(island, self.parts[island].end(qubit, event.line)))
        names = tuple(self.names[self.wire[segment]] for segment in (event.segment, event.other))
        self.cuts.append(Cut(CutKind.GATE, (ends[0], ends[1]), event.line, names, -angle / 2))

    def islands(self, networks: Sequence[Hardware]) -> tuple[Island, ...]:
        """What each island runs; an island without qubits runs nothing, but keeps its place."""
        return tuple(
            Island(f"island{number}", network, self._circuit(number).build(), part.clbits, part.ends)
            for number, (network, part) in enumerate(zip(networks, self.parts, strict=True))
        )

    def _circuit(self, number: int) -> CircuitBuilder:
        part, whole = self.parts[number], self.segments.circuit
        builder = CircuitBuilder(name=f"{whole.name}_island{number}")
        builder.add_qreg("q", part.used)
        for register in whole.cregs:
            if size := sum(register.start <= clbit < register.start + register.size for clbit in part.clbits):
                builder.add_creg(register.name, size)
        if part.ends:
            builder.add_creg(_unused("cut", whole.cregs), part.ends)
        place = {clbit: index for index, clbit in enumerate(part.clbits)}
        for op, qubits, params, clbit, condition, line in part.rows:
            bit = clbit if clbit >= -1 else len(part.clbits) - 2 - clbit
            under = None if condition < 0 else _moved(whole.conditions[condition], place)
            builder.append(op, qubits, params, clbit=bit, condition=under, line=line)
        return builder


def _moved(condition: Condition, place: dict[int, int]) -> Condition:
    """The same condition on an island's bits."""
    terms = (Term(tuple(place[c] for c in term.clbits), term.value, term.equal) for term in condition.terms)
    return Condition(tuple(terms))


def _unused(name: str, registers: Sequence[Register]) -> str:
    while name in {register.name for register in registers}:
        name += "_"
    return name
