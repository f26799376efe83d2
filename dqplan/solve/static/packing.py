"""Parts of a circuit that do not interact, packed whole into modules or into networks that are not joined."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.pieces import wire_groups


def packed_wires(segments: Segments, rooms: list[int]) -> NDArray[np.int64] | None:
    """The bin of each wire if no gate shall join two bins, shape (num_wires,); None if no such packing was found."""
    part = wire_groups(segments)
    bins = _best_fit(np.bincount(part).tolist(), rooms)
    return None if bins is None else np.array(bins, dtype=np.int64)[part]


def _best_fit(sizes: list[int], rooms: list[int]) -> list[int] | None:
    """Largest first, each into the bin that it fills best."""
    left = list(rooms)
    chosen = [-1] * len(sizes)
    for part in sorted(range(len(sizes)), key=lambda part: -sizes[part]):
        fitting = [b for b, room in enumerate(left) if room >= sizes[part]]
        if not fitting:
            return None
        chosen[part] = min(fitting, key=lambda b: left[b])
        left[chosen[part]] -= sizes[part]
    return chosen


@dataclass(frozen=True, eq=False)
class Part:
    """Some wires of a circuit as a circuit of their own.

    Attributes:
        segments: their normal form, everything renumbered; `circuit` is still the whole one but for its qubit count.
        segment: the old number of each segment.
        gate: the old number of each gate.
    """

    segments: Segments
    segment: NDArray[np.int64]
    gate: NDArray[np.int64]


def part_of(segments: Segments, wires: NDArray[np.bool_]) -> Part:
    """The wires of a mask, shape (num_wires,), as a circuit to be placed, not run; no gate may join them to others."""
    kept = np.flatnonzero(wires[segments.wire])
    events = np.flatnonzero(wires[segments.wire[segments.segment]])
    number = np.full(segments.num_segments, -1, dtype=np.int32)
    number[kept] = np.arange(len(kept))
    wire_number = np.cumsum(wires) - 1
    columns = ("kind", "angle", "unitary", "clbit", "condition", "line", "merged")
    inside = replace(
        segments,
        circuit=replace(segments.circuit, num_qubits=int(wires.sum())),
        wire=wire_number[segments.wire[kept]].astype(np.int32),
        fresh=segments.fresh[kept],
        segment=number[segments.segment[events]],
        other=np.where(segments.other[events] >= 0, number[segments.other[events]], -1).astype(np.int32),
        output_wire=np.arange(int(wires.sum()), dtype=np.int32),
        **{name: getattr(segments, name)[events] for name in columns},
    )
    return Part(inside, kept, np.flatnonzero(wires[segments.wire[segments.gate_pairs[:, 0]]]))
