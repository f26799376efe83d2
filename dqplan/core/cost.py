"""Cost: the one definition of what a plan consumes. `verify` counts the same things again from the emitted text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dqplan.core.hardware import Hardware
from dqplan.core.segments import Segments
from dqplan.core.share import NOT_PARKED, Share


@dataclass(frozen=True)
class Cost:
    """What the emitted programs consume.

    Attributes:
        ebits: e-bits, after purification if there is any; a share routed over two links counts 2.
        ebits_by_link: the same by link name (`m0--m1`), links without e-bits left out.
        weighted_ebits: e-bits, each times the weight of its link; what the planner keeps low.
        shares: copies made, however long their routes.
        teleports: shares whose copy became the home.
        peak_data: most data qubits of each module in use at once, by module name.
        peak_comm: most comm qubits of each module in use at once, by module name.
    """

    ebits: int
    ebits_by_link: dict[str, int]
    weighted_ebits: float
    shares: int
    teleports: int
    peak_data: dict[str, int]
    peak_comm: dict[str, int]


def cost_of(segments: Segments, hardware: Hardware, home: NDArray[np.int16], shares: Sequence[Share]) -> Cost:
    """Count e-bits, shares and the peaks of both kinds of qubits.

    A share occupies one comm qubit of its target module from its making until its end or until it is parked, and then
    one data qubit until its end. While it is made, it also occupies one comm qubit in its source module and two in
    every inner module of its route (one for either e-bit that is swapped there).

    Args:
        segments: the normal form that the indices in `home` and `shares` refer to.
        hardware: the network that module indices refer to.
        home: int16 (num_segments,), module indices.
        shares: ordered by `begin`.
    """
    by_link: dict[str, int] = {}
    for share in shares:
        for a, b in pairwise(share.route):
            name = hardware.link_name(a, b)
            by_link[name] = by_link.get(name, 0) + 1
    names = [module.name for module in hardware.modules]
    return Cost(
        ebits=sum(by_link.values()),
        ebits_by_link=dict(sorted(by_link.items())),
        weighted_ebits=weighted_ebits(hardware, by_link),
        shares=len(shares),
        teleports=sum(share.teleport for share in shares),
        peak_data=dict(zip(names, _peak_data(segments, hardware, home, shares), strict=True)),
        peak_comm=dict(zip(names, _peak_comm(hardware, shares), strict=True)),
    )


def weighted_ebits(hardware: Hardware, by_link: Mapping[str, int]) -> float:
    """E-bits by link name, each times the weight of its link, rounded to nine decimals; no link, no weight: 1."""
    weight = hardware.weight_by_link
    return round(math.fsum(weight.get(name, 1.0) * ebits for name, ebits in by_link.items()), 9)


def _peak_comm(hardware: Hardware, shares: Sequence[Share]) -> list[int]:
    """Most comm qubits in use at once, per module: a sweep over beginnings and ends in time order."""
    live = [0] * hardware.num_modules
    peak = [0] * hardware.num_modules
    parked = parked_before(shares)
    ends = sorted(((share.end, share.target) for share in shares if share.parked == NOT_PARKED), reverse=True)
    for number, share in enumerate(shares):
        while ends and ends[-1][0] < share.begin:
            live[ends.pop()[1]] -= 1
        for copy in parked.get(number, ()):
            live[copy.target] -= 1
        live[share.target] += 1
        for place, module in enumerate(share.route):
            passing = 0 if place == len(share.route) - 1 else 1 if place == 0 else 2
            peak[module] = max(peak[module], live[module] + passing)
    return peak


def parked_before(shares: Sequence[Share]) -> dict[int, list[Share]]:
    """The shares that are parked before the making of another one, by the number of that one."""
    parked: dict[int, list[Share]] = {}
    for share in shares:
        if share.parked != NOT_PARKED:
            parked.setdefault(share.parked, []).append(share)
    return parked


class _Phase(IntEnum):
    """What happens in which order at one event, as far as data qubits are concerned."""

    PARK = 0
    LEAVE = 1
    ARRIVE = 2
    FREE = 3


def _peak_data(segments: Segments, hardware: Hardware, home: NDArray[np.int16], shares: Sequence[Share]) -> list[int]:
    """Most data qubits in use at once, per module; a teleported qubit takes one when it leaves its comm qubit."""
    used = np.bincount(home[segments.first], minlength=hardware.num_modules)
    arrivals = {share.until: share for share in shares if share.teleport}
    changes: list[tuple[int, _Phase, int]] = []
    moved = np.flatnonzero((home[1:] != home[:-1]) & (segments.opening[1:] >= 0)) + 1
    for segment in moved.tolist():
        event = int(segments.opening[segment])
        arrival = arrivals.get(segment - 1)
        changes.append((event, _Phase.LEAVE, int(home[segment - 1])))
        changes.append((arrival.end if arrival else event, _Phase.ARRIVE, int(home[segment])))
    for share in shares:
        if share.parked != NOT_PARKED:
            changes.append((shares[share.parked].begin, _Phase.PARK, share.target))
            changes.append((share.end, _Phase.LEAVE if share.teleport else _Phase.FREE, share.target))
    peak = used.copy()
    for _, phase, module in sorted(changes):
        used[module] += 1 if phase in (_Phase.PARK, _Phase.ARRIVE) else -1
        peak[module] = max(peak[module], used[module])
    return [int(count) for count in peak]
