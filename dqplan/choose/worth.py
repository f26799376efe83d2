"""What stays in memory are worth: waiting at home against waiting in memory and the ways there and back.

All are estimates in the logarithm of the process fidelity, with the formulas of `model.errors`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from itertools import pairwise

from dqplan.choose.idle import Idle
from dqplan.core.hardware import Hardware, Link, Module, Operating, Role
from dqplan.core.stay import Stay
from dqplan.model.durations import SWAP_GATES
from dqplan.model.errors import process_fidelity

_MOST = 2000
"""Stays that are looked at more closely."""


def worthwhile(hardware: Hardware, idle: Iterable[Idle]) -> list[Stay]:
    """Stays that raise the fidelity by the estimate, the best first; one for every place that a qubit could wait in."""
    places = {home: _places(hardware, home) for home in range(hardware.num_modules)}
    found: list[tuple[float, Idle, tuple[int, ...]]] = []
    for wait in idle:
        lost = waiting_loss(hardware.modules[wait.home], wait.seconds)
        for route, moving in places[wait.home]:
            lifetime_s = hardware.modules[route[-1]].memory_lifetime_s or math.inf
            gain = lost - moving - _dephased(wait.seconds, lifetime_s)
            if gain > 0:
                found.append((gain, wait, route))
    found.sort(key=lambda entry: -entry[0])
    return [Stay(wait.wire, route, wait.begin, wait.end) for _, wait, route in found[:_MOST]]


def waiting_loss(module: Module, seconds: float) -> float:
    """What waiting in a data qubit costs in the logarithm of the fidelity."""
    relaxed, dephased = (math.exp(-seconds / (time_s or math.inf)) for time_s in (module.t1_s, module.t2_s))
    return -math.log((1 + relaxed + 2 * dephased) / 4)


def _dephased(seconds: float, lifetime_s: float) -> float:
    """The same in a memory qubit, which does not relax."""
    return -math.log((1 + math.exp(-seconds / lifetime_s)) / 2)


def remembers(module: Module) -> bool:
    """Whether qubits can stay in a module and it is known for how long; a repeater does nothing but swap e-bits."""
    return bool(module.memory_qubits and module.memory_lifetime_s) and module.role is not Role.REPEATER


def _places(hardware: Hardware, home: int) -> list[tuple[tuple[int, ...], float]]:
    """Routes to the memory qubits that a module's qubits can reach, and what the ways there and back cost."""
    able = [number for number, module in enumerate(hardware.modules) if remembers(module)]
    routes = _routes(hardware, home)
    places = [(routes[number], _moving(hardware, routes[number])) for number in able if number in routes]
    return [(route, moving) for route, moving in places if moving < math.inf]


def _moving(hardware: Hardware, route: tuple[int, ...]) -> float:
    """What the ways to a memory qubit and back cost in the logarithm of the fidelity, by the operations of `split`."""
    home, there = hardware.modules[route[0]], hardware.modules[route[-1]]
    if len(route) == 1:
        return 2 * SWAP_GATES * gate_loss(home)
    links = hardware.quantum_links
    ways = sum(ebit_loss(links[min(pair), max(pair)]) for pair in pairwise(route))
    inside = sum(_swapping(hardware.modules[module]) for module in route[1:-1])
    ends = sum(2 * readout_loss(module) + 3 * turn_loss(module) + gate_loss(module) for module in (home, there))
    return 2 * (ways + inside) + ends + swap_in_loss(home) + SWAP_GATES * 2 * gate_loss(there)


def _routes(hardware: Hardware, home: int) -> dict[int, tuple[int, ...]]:
    """The route to each module on which e-bits and swapping cost the least (Dijkstra)."""
    found: dict[int, tuple[int, ...]] = {}
    waiting: list[tuple[float, tuple[int, ...]]] = [(0.0, (home,))]
    while waiting:
        loss, route = heapq.heappop(waiting)
        module = hardware.modules[route[-1]]
        if route[-1] in found or loss == math.inf:
            continue
        found[route[-1]] = route
        passing = _swapping(module) if len(route) > 1 else 0.0
        for ends, link in hardware.quantum_links.items():
            if route[-1] in ends:
                onward = (*route, sum(ends) - route[-1])
                heapq.heappush(waiting, (loss + passing + ebit_loss(link), onward))
    return found


def _swapping(module: Module) -> float:
    return gate_loss(module) + turn_loss(module) + 2 * readout_loss(module)


def gate_loss(module: Module) -> float:
    """What a two-qubit gate costs."""
    return _logarithm(_process(module.two_qubit, 4))


def turn_loss(module: Module) -> float:
    """What a one-qubit gate costs."""
    return _logarithm(_process(module.one_qubit, 2))


def swap_in_loss(module: Module) -> float:
    """What the SWAP of a comm and a data qubit costs."""
    if module.swap_in.fidelity is None:
        return SWAP_GATES * gate_loss(module)
    return _logarithm(_process(module.swap_in, 4))


def readout_loss(module: Module) -> float:
    """What a measurement costs."""
    return _logarithm(module.readout.fidelity)


def ebit_loss(link: Link) -> float:
    """What an e-bit costs, or a remote gate that was measured as a whole."""
    measured = _process(link.remote_gate, 4)
    return _logarithm(link.ebit_fidelity if measured is None else measured)


def _process(operation: Operating, dimension: int) -> float | None:
    return None if operation.fidelity is None else process_fidelity(operation.fidelity, dimension)


def _logarithm(fidelity: float | None) -> float:
    """Its negative; infinite for what is unknown or never succeeds."""
    return -math.log(fidelity) if fidelity else math.inf
