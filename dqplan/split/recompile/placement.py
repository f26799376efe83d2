"""The place of every content at the start: near its partners, comm qubits where the hardware has them.

Qiskit's layouts cannot keep some of the qubits in given places, so the first layout is made here; then the program is
routed there and back again a few times (as Sabre's layouts are found), and the best start is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from dqplan.split.recompile.coupling import Coupling
from dqplan.split.recompile.routing import Route, Sabre, Task, route_task

_ROUNDS = 4
"""Further starts."""


def placed_route(task: Task, coupling: Coupling, used: Sequence[int]) -> tuple[list[int], Route]:
    """The best of several starts, as the place of each content, and the route from there.

    Args:
        task: what is to be routed.
        coupling: where.
        used: contents that the program starts with, which do not only fill places.
    """
    sabre = Sabre(coupling)
    start = _near_partners(task, coupling, used)
    best = last = (start, route_task(task, coupling, start, sabre))
    for _ in range(_ROUNDS):
        if not best[1].swaps:
            break
        start = _with_comm_in_place(_way_back(task, last[1], sabre), coupling, used)
        last = start, route_task(task, coupling, start, sabre)
        best = min(best, last, key=lambda found: found[1].swaps)
    return best


def _near_partners(task: Task, coupling: Coupling, used: Sequence[int]) -> list[int]:
    """One content after the other, the one that is bound most strongly to those placed goes to the nearest place."""
    meetings = Counter(tuple(sorted(step.qubits)) for step in task.steps if len(step.qubits) == 2)
    bound = np.zeros((coupling.num_places, coupling.num_places))
    for (a, b), times in meetings.items():
        bound[a, b] = bound[b, a] = times
    placed = {content: content for content in used if content >= coupling.num_data}
    waiting = [content for content in used if content < coupling.num_data]
    free = sorted(set(coupling.places) - set(placed.values()), key=lambda place: place >= coupling.num_data)
    centre = coupling.distance[:, coupling.places].sum(axis=1)
    total, pull = bound.sum(axis=1), bound[:, list(placed)].sum(axis=1)
    while waiting:
        content = max(waiting, key=lambda waits: (pull[waits], total[waits], -waits))
        price = coupling.distance[:, list(placed.values())] @ bound[content, list(placed)]
        rooms = [place for place in free if place < coupling.num_data] or free
        place = min(rooms, key=lambda room: (price[room], centre[room], room))
        placed[content] = place
        pull += bound[:, content]
        waiting.remove(content)
        free.remove(place)
    return _filled(placed, coupling.num_places)


def _filled(placed: dict[int, int], num_places: int) -> list[int]:
    """The places of all contents; those without one, which do not matter, take what is left."""
    rest = iter(sorted(set(range(num_places)) - set(placed.values())))
    return [placed[content] if content in placed else next(rest) for content in range(num_places)]


def _way_back(task: Task, route: Route, sabre: Sabre) -> list[int]:
    """Where the contents are after the gates were routed in reverse, from where they ended."""
    place_of = list(route.place_of)
    content_at = {place: content for content, place in enumerate(place_of)}
    gates = [step for step in reversed(task.steps) if len(step.qubits) == 2]
    for step in sabre.route(gates, place_of):
        if step.row < 0:
            here, there = step.qubits
            content_at[here], content_at[there] = content_at[there], content_at[here]
    for place, content in content_at.items():
        place_of[content] = place
    return place_of


def _with_comm_in_place(start: list[int], coupling: Coupling, used: Sequence[int]) -> list[int]:
    """The same with comm qubits in their own places, in exchange for what was there."""
    for content in used:
        if content >= coupling.num_data:
            other = start.index(content)
            start[content], start[other] = content, start[content]
    return start
