"""Placement: homes and hosts, and what they cost before comm-qubit limits are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.network import Network


@dataclass(frozen=True, eq=False)
class Placement:
    """Where each qubit is at home and each gate runs.

    Attributes:
        home: int16 (num_segments,), module indices.
        host: int16 (num_gates,), module indices, in the order of `segments.gates`.
        bridged: X-type stretches (`core.embedding`) that copies live through. The segments before and behind have the
            same home as the stretch, its gates run there, and no two stretches are neighbours or joined by a gate.
    """

    home: NDArray[np.int16]
    host: NDArray[np.int16]
    bridged: tuple[int, ...] = ()


def handed_on(segments: Segments, home: NDArray[np.int16]) -> NDArray[np.int64]:
    """The segments whose qubit must be brought to another home before the next begins: teleports."""
    following = segments.following
    next_home = home[following]
    moved = (following >= 0) & (next_home != home) & ~segments.fresh[following]
    return np.flatnonzero(moved)


def kept_presence(segments: Segments, network: Network, home: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Where each segment's qubit is present for its homes alone, shape (num_segments, num_modules)."""
    present = np.zeros((segments.num_segments, network.size), dtype=np.bool_)
    present[np.arange(segments.num_segments), home] = True
    moved = handed_on(segments, home)
    present[moved, home[moved + 1]] = True
    return present


def presence(segments: Segments, network: Network, placement: Placement) -> NDArray[np.bool_]:
    """S(s): where each segment's qubit is present at some time, shape (num_segments, num_modules)."""
    present = kept_presence(segments, network, placement.home)
    present[segments.gate_pairs, placement.host[:, None]] = True
    return present


def survivors(segments: Segments, placement: Placement, present: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where copies live through each bridged stretch, shape (len(placement.bridged), num_modules).

    That is wherever the qubit is present both before and behind, away from home, and so are all partners of its gates.
    """
    if not placement.bridged:
        return np.zeros((0, present.shape[1]), dtype=np.bool_)
    stretches = np.array(placement.bridged, dtype=np.int64)
    alive: NDArray[np.bool_] = present[stretches - 1] & present[stretches + 1]
    alive[np.arange(len(stretches)), placement.home[stretches]] = False
    row = np.full(segments.num_segments, -1)
    row[stretches] = np.arange(len(stretches))
    for mine, partner in (segments.gate_pairs.T, segments.gate_pairs.T[::-1]):
        gates = np.flatnonzero(row[mine] >= 0)
        np.logical_and.at(alive, row[mine[gates]], present[partner[gates]])
    return alive


def ebits_of(segments: Segments, network: Network, placement: Placement) -> int:
    """E-bits of a placement: for each segment the Steiner tree that spans its presence.

    Copies that live through a stretch count once. At least `UNREACHABLE` if some copy cannot be brought where it is
    needed.
    """
    present = presence(segments, network, placement)
    alive = survivors(segments, placement, present)
    if network.complete:
        return int(present.sum()) - segments.num_segments - int(alive.sum())
    held = np.zeros_like(present)
    held[np.array(placement.bridged, dtype=np.int64) + 1] = alive
    spread = np.flatnonzero(present.sum(axis=1) > 1)
    rows = np.column_stack(
        [placement.home[spread], np.packbits(present[spread], axis=1), np.packbits(held[spread], axis=1)]
    )
    _, sample, counts = np.unique(rows, axis=0, return_index=True, return_counts=True)
    total = 0
    for segment, count in zip(spread[sample].tolist(), counts.tolist(), strict=True):
        targets, there = (frozenset(np.flatnonzero(row[segment]).tolist()) for row in (present, held))
        total += count * network.tree_ebits(int(placement.home[segment]), targets, there)
    return total
