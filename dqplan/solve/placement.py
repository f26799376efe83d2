"""Placement: homes and hosts, and what they cost before comm-qubit limits are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
        bridged: X-type stretches (`core.embedding`) that copies live through, and in which modules. The segments before
            and behind have the same home as the stretch, its gates run there and in all those modules, and no two
            stretches are neighbours or joined by a gate.
    """

    home: NDArray[np.int16]
    host: NDArray[np.int16]
    bridged: Mapping[int, frozenset[int]] = field(default_factory=dict)


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
    flips = flips_of(segments, placement)
    present[flips[:, 0], flips[:, 1]] = True
    return present


def flips_of(segments: Segments, placement: Placement) -> NDArray[np.int64]:
    """What copies that live through stretches ask for, as rows of segment, module, event.

    They are there when the stretch begins and when it ends, and the partners of its gates are where they are.
    """
    if not placement.bridged:
        return np.zeros((0, 3), dtype=np.int64)
    stretch, module = np.array(
        [(stretch, module) for stretch in sorted(placement.bridged) for module in sorted(placement.bridged[stretch])]
    ).T
    found = [(stretch - 1, module, segments.opening[stretch]), (stretch + 1, module, segments.opening[stretch + 1])]
    for mine, partner in (segments.gate_pairs.T, segments.gate_pairs.T[::-1]):
        begin, end = (np.searchsorted(stretch, mine, side) for side in ("left", "right"))
        gate = np.repeat(np.arange(len(mine)), end - begin)
        copy = np.arange(len(gate)) + np.repeat(end - np.cumsum(end - begin), end - begin)
        found.append((partner[gate], module[copy], segments.gates[gate]))
    return np.concatenate([np.stack(columns, axis=1) for columns in found]).astype(np.int64)


def price_of(segments: Segments, network: Network, placement: Placement) -> int:
    """The price of a placement: for each segment the Steiner tree that spans its presence.

    Copies that live through a stretch count once. At least `UNREACHABLE` if some copy cannot be brought where it is
    needed.
    """
    present = presence(segments, network, placement)
    held = np.zeros_like(present)
    for stretch, modules in placement.bridged.items():
        held[stretch + 1, list(modules)] = True
    if network.complete:
        return int(present.sum()) - segments.num_segments - int(held.sum())
    spread = np.flatnonzero(present.sum(axis=1) > 1)
    rows = np.column_stack(
        [placement.home[spread], np.packbits(present[spread], axis=1), np.packbits(held[spread], axis=1)]
    )
    _, sample, counts = np.unique(rows, axis=0, return_index=True, return_counts=True)
    total = 0
    for segment, count in zip(spread[sample].tolist(), counts.tolist(), strict=True):
        targets, there = (frozenset(np.flatnonzero(row[segment]).tolist()) for row in (present, held))
        total += count * network.tree_price(int(placement.home[segment]), targets, there)
    return total
