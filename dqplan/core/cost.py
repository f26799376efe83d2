"""Cost: the one definition of what a plan consumes. `verify` counts the same things again from the emitted text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dqplan.core.hardware import Hardware
from dqplan.core.segments import Segments
from dqplan.core.share import NOT_PARKED, Share
from dqplan.core.stay import Stay


@dataclass(frozen=True)
class Cost:
    """What the emitted programs consume.

    Attributes:
        ebits: e-bits, after purification if there is any; a share routed over two links counts 2.
        ebits_by_link: the same by link name (`m0--m1`), links without e-bits left out.
        weighted_ebits: e-bits, each times the weight of its link; what the planner keeps low.
        shares: copies made, however long their routes; a stay in another module makes two.
        teleports: shares whose original was removed, among them those of stays.
        peak_data: most data qubits of each module in use at once, by module name.
        peak_comm: most comm qubits of each module in use at once, by module name.
        peak_memory: most memory qubits of each module in use at once, by module name.
    """

    ebits: int
    ebits_by_link: dict[str, int]
    weighted_ebits: float
    shares: int
    teleports: int
    peak_data: dict[str, int]
    peak_comm: dict[str, int]
    peak_memory: dict[str, int] = field(default_factory=dict)


def cost_of(
    segments: Segments,
    hardware: Hardware,
    home: NDArray[np.int16],
    shares: Sequence[Share],
    stays: Sequence[Stay] = (),
) -> Cost:
    """Count e-bits, shares and the peaks of all kinds of qubits.

    A share occupies one comm qubit of its target module from its making until its end or until it is parked, and then
    one data qubit until its end. While it is made, it also occupies one comm qubit in its source module and two in
    every inner module of its route (one for either e-bit that is swapped there). A stay in another module occupies the
    same while its qubit is on the way there, and on the way back one more in the module of the memory qubit, which the
    qubit passes through; its data qubit at home stays its own.

    Args:
        segments: the normal form that the indices in `home` and `shares` refer to.
        hardware: the network that module indices refer to.
        home: int16 (num_segments,), module indices.
        shares: ordered by `begin`.
        stays: in any order.
    """
    by_link: dict[str, int] = {}
    moved = 2 * sum(stay.away for stay in stays)
    for route in (*(share.route for share in shares), *(stay.route for stay in stays for _ in range(2))):
        for a, b in pairwise(route):
            name = hardware.link_name(a, b)
            by_link[name] = by_link.get(name, 0) + 1
    names = [module.name for module in hardware.modules]
    return Cost(
        ebits=sum(by_link.values()),
        ebits_by_link=dict(sorted(by_link.items())),
        weighted_ebits=weighted_ebits(hardware, by_link),
        shares=len(shares) + moved,
        teleports=sum(share.teleport for share in shares) + moved,
        peak_data=dict(zip(names, _peak_data(segments, hardware, home, shares), strict=True)),
        peak_comm=dict(zip(names, _peak_comm(segments, hardware, shares, stays), strict=True)),
        peak_memory=dict(zip(names, _peak_memory(hardware, stays), strict=True)),
    )


def weighted_ebits(hardware: Hardware, by_link: Mapping[str, int]) -> float:
    """E-bits by link name, each times the weight of its link, rounded to nine decimals; no link, no weight: 1."""
    weight = hardware.weight_by_link
    return round(math.fsum(weight.get(name, 1.0) * ebits for name, ebits in by_link.items()), 9)


def _peak_comm(segments: Segments, hardware: Hardware, shares: Sequence[Share], stays: Sequence[Stay]) -> list[int]:
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
    for _, used in comm_on_trips(segments, hardware, shares, stays):
        for module, count in used.items():
            peak[module] = max(peak[module], count)
    return peak


_Moment = tuple[int, float, int]
"""An event; before, among or behind the shares that begin at it, which stand at their numbers; before them or not."""


def comm_on_trips(
    segments: Segments, hardware: Hardware, shares: Sequence[Share], stays: Sequence[Stay]
) -> Iterator[tuple[int, dict[int, int]]]:
    """For every way into memory in another module, and every way back: the stay's number, and the comm qubits in use.

    By module, where the way takes some; those that copies hold meanwhile are counted, too. Qubits travel one after the
    other, so what one of them needs does not depend on the others.
    """
    trips = sorted(_trips(segments, shares, stays), key=lambda trip: trip[0], reverse=True) if stays else []
    live = [0] * hardware.num_modules
    for moment, step, module in sorted(_holding(shares)) if trips else ():
        while trips and trips[-1][0] < moment:
            yield _underway(trips.pop(), live)
        live[module] += step
    while trips:
        yield _underway(trips.pop(), live)


_Trip = tuple[_Moment, int, Counter[int]]
"""When it is, the stay's number, and the comm qubits that it takes, by module."""


def _underway(trip: _Trip, live: Sequence[int]) -> tuple[int, dict[int, int]]:
    _, stay, taken = trip
    return stay, {module: live[module] + count for module, count in taken.items()}


def _holding(shares: Sequence[Share]) -> Iterator[tuple[_Moment, int, int]]:
    """(moment, 1 or -1, module) of every beginning and end of a copy in a comm qubit."""
    for number, share in enumerate(shares):
        yield (share.begin, number, 1), 1, share.target
        if share.parked == NOT_PARKED:
            yield (share.end, math.inf, 1), -1, share.target
        else:
            yield (shares[share.parked].begin, share.parked, 0), -1, share.target


def _trips(segments: Segments, shares: Sequence[Share], stays: Sequence[Stay]) -> Iterator[_Trip]:
    first_uses = _first_shares(segments, shares)
    for number, stay in enumerate(stays):
        if not stay.away:
            continue
        yield (stay.begin + 1, -1, 0), number, _passing(stay.route, near=1, far=1)
        back = _passing(stay.route[::-1], near=2, far=1)
        use = first_uses.get((stay.wire, stay.end))
        if use is None:
            yield (stay.end, math.inf, 0), number, back
        else:  # while the e-bit of the share waits
            yield (stay.end, use + 0.5, 0), number, back + Counter([stay.home])


def _passing(route: Sequence[int], *, near: int, far: int) -> Counter[int]:
    """The comm qubits that are taken while a copy is made: two in inner modules, and those given at both ends."""
    return Counter({route[0]: near, route[-1]: far} | dict.fromkeys(route[1:-1], 2))


def _first_shares(segments: Segments, shares: Sequence[Share]) -> dict[tuple[int, int], int]:
    """The number of the first share of each wire that is made at each event."""
    found: dict[tuple[int, int], int] = {}
    for number, share in enumerate(shares):
        found.setdefault((int(segments.wire[share.segment]), share.begin), number)
    return found


def _peak_memory(hardware: Hardware, stays: Sequence[Stay]) -> list[int]:
    """Most memory qubits in use at once, per module; one that is left at an event may be taken again at it."""
    used = [0] * hardware.num_modules
    peak = [0] * hardware.num_modules
    changes = [(stay.begin, 1, stay.module) for stay in stays] + [(stay.end, -1, stay.module) for stay in stays]
    for _, step, module in sorted(changes):
        used[module] += step
        peak[module] = max(peak[module], used[module])
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
