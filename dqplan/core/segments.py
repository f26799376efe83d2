"""Segments: the normal form that all planning rests on.

A circuit is rewritten, exactly and up to global phase, into one-qubit unitaries and symmetric diagonal gates CP(θ).
Each wire is cut wherever a unitary that is neither diagonal nor anti-diagonal stands, or a reset. Between two cuts, in
a *segment*, every gate is diagonal on that wire: all of them commute, and one shared copy of the qubit serves all of
them (Andres-Martinez & Heunen, arXiv:1811.10972; Wu et al., arXiv:2212.12688). Gates between the same two segments are
merged by adding their angles; SWAP only renames wires.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Matrix2

_CHUNK = 1 << 14
"""Events that a walk turns into Python values at a time."""


class Kind(IntEnum):
    """What an event of the normal form does; the values of the column `Segments.kind`."""

    CUT = 0
    """A unitary that begins the segment (or, on a wire's first segment, precedes its first gate)."""
    GATE = 1
    """CP(angle) between two segments."""
    LOCAL = 2
    """A diagonal unitary inside a segment, which acts on one copy, or an anti-diagonal one, which acts on all."""
    MEASURE = 3
    """Measurement in the Z basis; copies of the qubit stay consistent with its outcome."""
    RESET = 4
    """The qubit becomes |0>, which begins a fresh segment."""


class Event(NamedTuple):
    """One event of the normal form as plain values, for walks in program order; the columns of `Segments` say more.

    `matrix` is the unitary of a CUT or LOCAL, None for the others.
    """

    kind: Kind
    segment: int
    other: int
    angle: float
    clbit: int
    condition: int
    line: int
    merged: int
    matrix: Matrix2 | None


@dataclass(frozen=True, eq=False)
class Segments:
    """The normal form of a circuit, as columns: s segments, e events in program order, u unitaries.

    Attributes:
        circuit: what was normalised.
        wire: int32 (s,): the wire of each segment; segments are numbered wire by wire, in time order on each.
        fresh: bool (s,): the segment begins with a reset, so nothing quantum enters it from the one before.
        kind: uint8 (e,): codes of `Kind`.
        segment: int32 (e,): the segment that the event belongs to; for a GATE, the one on the lower wire.
        other: int32 (e,): for a GATE, its second segment; else -1.
        angle: float64 (e,): for a GATE, radians in (-π, π]; else 0.
        unitary: int32 (e,): for a CUT or LOCAL, row of `unitaries`; else -1.
        clbit: int32 (e,): for a MEASURE, the bit it writes; else -1.
        condition: int32 (e,): index into `circuit.conditions`, -1 for unconditional.
        line: int32 (e,): source line of the (first) operation that caused the event.
        merged: int32 (e,): for a GATE, how many gates of the circuit it stands for; else 0.
        unitaries: complex128 (u, 4): 2 x 2 matrices, row by row.
        output_wire: int32 (num_qubits,): the wire that holds each circuit qubit at the end; at the start it is wire i.
        order: int64 (e,): where each event stands in the normal form as it was found; None if they stand there still.
    """

    circuit: Circuit
    wire: NDArray[np.int32]
    fresh: NDArray[np.bool_]
    kind: NDArray[np.uint8]
    segment: NDArray[np.int32]
    other: NDArray[np.int32]
    angle: NDArray[np.float64]
    unitary: NDArray[np.int32]
    clbit: NDArray[np.int32]
    condition: NDArray[np.int32]
    line: NDArray[np.int32]
    merged: NDArray[np.int32]
    unitaries: NDArray[np.complex128]
    output_wire: NDArray[np.int32]
    order: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def num_wires(self) -> int:
        """One wire per qubit of the circuit."""
        return self.circuit.num_qubits

    @property
    def num_segments(self) -> int:
        """Number of segments, at least one per wire."""
        return len(self.wire)

    @property
    def num_events(self) -> int:
        """Number of events."""
        return len(self.kind)

    def events(self) -> Iterator[Event]:
        """All events in order."""
        kinds = list(Kind)
        columns = (self.segment, self.other, self.angle, self.clbit, self.condition, self.line, self.merged)
        for start in range(0, self.num_events, _CHUNK):
            part = slice(start, start + _CHUNK)
            values = (column[part].tolist() for column in (self.kind, *columns))
            for kind, *rest in zip(*values, self._matrices(part), strict=True):
                yield Event(kinds[kind], *rest)

    def _matrices(self, part: slice) -> Iterator[Matrix2 | None]:
        """The unitaries of some events."""
        rows = self.unitary[part]
        matrices = iter(self.unitaries[rows[rows >= 0]].tolist())
        for row in rows.tolist():
            if row < 0:
                yield None
            else:
                a, b, c, d = next(matrices)
                yield a, b, c, d

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The first segment of each wire, shape (num_wires,)."""
        return np.searchsorted(self.wire, np.arange(self.num_wires))

    @cached_property
    def following(self) -> NDArray[np.int64]:
        """The next segment on the same wire, -1 behind a wire's last; shape (s,)."""
        following = np.arange(1, self.num_segments + 1)
        last = np.append(self.wire[1:] != self.wire[:-1], True)
        following[last] = -1
        return following

    @cached_property
    def opening(self) -> NDArray[np.int64]:
        """The CUT or RESET event that begins each segment, -1 for a wire's first segment; shape (s,).

        A CUT behind it in the same segment is a preparation: it begins nothing.
        """
        events = np.flatnonzero((self.kind == Kind.CUT) | (self.kind == Kind.RESET))
        opening = np.full(self.num_segments, -1, dtype=np.int64)
        opening[self.segment[events[::-1]]] = events[::-1]
        opening[self.first] = -1
        return opening

    @cached_property
    def gates(self) -> NDArray[np.int64]:
        """The events that are gates, in order; a gate's number is its place in this array."""
        return np.flatnonzero(self.kind == Kind.GATE)

    @cached_property
    def gate_pairs(self) -> NDArray[np.int32]:
        """The two segments of each gate, shape (g, 2), lower wire first."""
        return np.stack([self.segment[self.gates], self.other[self.gates]], axis=1)

    @cached_property
    def gates_per_segment(self) -> NDArray[np.int64]:
        """How many gates touch each segment, shape (s,)."""
        return np.bincount(self.gate_pairs.ravel(), minlength=self.num_segments)


def reordered(segments: Segments, order: NDArray[np.int64]) -> Segments:
    """The same normal form with its events in another order, which must be as good.

    Gates of one segment commute, and events of different wires do unless a gate or a classical bit joins them.

    Args:
        segments: the normal form.
        order: (e,), a permutation of its events.
    """
    columns = ("kind", "segment", "other", "angle", "unitary", "clbit", "condition", "line", "merged")
    found = order.astype(np.int64) if segments.order is None else segments.order[order]
    return replace(segments, order=found, **{name: getattr(segments, name)[order] for name in columns})
