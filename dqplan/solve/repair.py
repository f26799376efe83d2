"""Shares under comm-qubit limits: a replay of the circuit that never holds more copies than there are comm qubits.

The replay asks, gate by gate, where the gate can run most cheaply now: where both qubits are already present, where the
placement wants it, or at one of the two homes. A copy in the way is removed early and paid for again later; of several,
the one whose next use is farthest away (Belady, IBM Systems Journal 5, 1966).
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from dataclasses import dataclass, replace

import numpy as np

from dqplan.core.errors import InfeasibleError
from dqplan.core.segments import Kind, Segments
from dqplan.core.share import Share
from dqplan.solve.network import Network, Route
from dqplan.solve.placement import Placement, handed_on
from dqplan.solve.shares import uses_of

_HOP = 1 << 16
"""Price of one e-bit; removing a copy that is still needed counts as one more, an idle one as almost nothing."""
_NEVER = 1 << 60
"""Price of the impossible."""


@dataclass(slots=True)
class _Copy:
    """A live copy away from home; `last` is the event of its last use so far."""

    route: Route
    begin: int
    last: int


@dataclass(frozen=True, slots=True)
class _Room:
    """Segments whose copies in a module must go, and the price of that."""

    evicted: tuple[int, ...]
    price: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One share that could be made now: its route, the copies that must go first, and the price of both."""

    route: Route
    evicted: tuple[tuple[int, int], ...]
    price: int


_EMPTY_ROOM = _Room((), 0)


def replay_shares(segments: Segments, network: Network, placement: Placement) -> tuple[Placement, tuple[Share, ...]]:
    """Realise a placement within the comm-qubit limits; gates may change their hosts, homes stay.

    Raises:
        InfeasibleError: if a gate or a move cannot be brought about with these homes; other homes may still work.
    """
    replay = _Replay(segments, network, placement)
    host = replay.run()
    return replace(placement, host=np.array(host, dtype=np.int16)), tuple(
        sorted(replay.shares, key=lambda share: share.begin)
    )


class _Replay:
    """The state of the network while the circuit is replayed."""

    def __init__(self, segments: Segments, network: Network, placement: Placement) -> None:
        self.segments = segments
        self.network = network
        self.home: list[int] = placement.home.tolist()
        self.wanted: list[int] = placement.host.tolist()
        self.live = [0] * network.size
        self.copies: dict[tuple[int, int], _Copy] = {}
        self.at: list[set[int]] = [set() for _ in range(network.size)]
        self.of: dict[int, list[int]] = {}
        self.shares: list[Share] = []
        self.event = 0
        self.kept: set[tuple[int, int]] = set()
        self.runs_gates = [m in network.processors for m in range(network.size)]
        self.arrivals = {int(s): self.home[s + 1] for s in handed_on(segments, placement.home)}
        self.needs: dict[tuple[int, int], list[int]] = {}
        uses = uses_of(segments, placement)
        for s, m, e in zip(uses.segment.tolist(), uses.module.tolist(), uses.event.tolist(), strict=True):
            self.needs.setdefault((s, m), []).append(e)

    def run(self) -> list[int]:
        """Replay all events; returns the host of each gate."""
        hosts: list[int] = []
        begins = {int(event): s for s, event in enumerate(self.segments.opening.tolist()) if event >= 0}
        pairs = iter(self.segments.gate_pairs.tolist())
        is_gate = (self.segments.kind == Kind.GATE).tolist()
        for event, gate in enumerate(is_gate):
            self.event = event
            if gate:
                hosts.append(self._gate(next(pairs), self.wanted[len(hosts)]))
            elif event in begins:
                self._leave(begins[event] - 1)
        for segment, module in list(self.copies):
            self._drop(segment, module)
        return hosts

    # -- events ----------------------------------------------------------------------------------------------------

    def _gate(self, pair: list[int], wanted: int) -> int:
        """Bring both qubits to the cheapest host that can be had."""
        a, b = pair
        for _, host in self._options(a, b, wanted):
            if all(self._bring(segment, host) for segment in (a, b)):
                return host
        raise self._short(a, b)

    def _options(self, a: int, b: int, wanted: int) -> list[tuple[int, int]]:
        """Where the gate may run, with the price, cheapest first; of equals, the wanted host first."""
        places = [[self.home[s], *self.of.get(s, ())] for s in (a, b)]
        both = [m for m in places[0] if m in places[1] and self.runs_gates[m]]
        if both:
            return [(0, wanted if wanted in both else both[0])]
        candidates = dict.fromkeys((wanted, self.home[a], self.home[b], *places[0], *places[1]))
        prices = [(self._price(a, b, host), host) for host in candidates if self.runs_gates[host]]
        return sorted(((price, host) for price, host in prices if price < _NEVER), key=lambda option: option[0])

    def _price(self, a: int, b: int, host: int) -> int:
        """What it takes to bring both qubits to the host, at least `_NEVER` if it cannot be done."""
        self.kept = {(a, host), (b, host)}
        missing = [s for s in (a, b) if not self._present(s, host)]
        if self._room(host, len(missing)) is None:
            return _NEVER
        steps = [self._step(s, host) for s in missing]
        return sum(_NEVER if step is None else step.price for step in steps)

    def _leave(self, segment: int) -> None:
        """The segment ends before this event: its qubit moves, if it must, and its copies are removed."""
        target = self.arrivals.get(segment, -1)
        self.kept = set()
        for module in list(self.of.get(segment, ())):
            if module != target:
                self._drop(segment, module)
        if target >= 0:
            if not self._bring(segment, target):
                raise self._short(segment, segment + 1)
            self._drop(segment, target, teleport=True)

    # -- copies ----------------------------------------------------------------------------------------------------

    def _present(self, segment: int, module: int) -> bool:
        return module == self.home[segment] or (segment, module) in self.copies

    def _bring(self, segment: int, module: int) -> bool:
        """Use the segment's copy in the module, and make it first if it is missing; False if that is impossible."""
        if not self._present(segment, module):
            step = self._step(segment, module)
            if step is None:
                return False
            self._make(segment, step)
        if module != self.home[segment]:
            self.copies[segment, module].last = self.event
        return True

    def _next_need(self, segment: int, module: int) -> int | None:
        """The next planned use of a copy after this event."""
        needs = self.needs.get((segment, module), [])
        place = bisect_left(needs, self.event + 1)
        return needs[place] if place < len(needs) else None

    def _make(self, segment: int, step: _Step) -> None:
        for s, m in step.evicted:
            self._drop(s, m)
        source, target = step.route[0], step.route[-1]
        if source != self.home[segment]:
            self.copies[segment, source].last = self.event
        self.copies[segment, target] = _Copy(step.route, self.event, self.event)
        self.of.setdefault(segment, []).append(target)
        self.at[target].add(segment)
        self.live[target] += 1

    def _drop(self, segment: int, module: int, *, teleport: bool = False) -> None:
        """Remove a copy; its comm qubit counts as free from its last use on."""
        copy = self.copies.pop((segment, module))
        self.of[segment].remove(module)
        self.at[module].remove(segment)
        self.live[module] -= 1
        end = self.event if teleport else copy.last
        self.shares.append(Share(segment, copy.route, copy.begin, end, teleport))

    # -- routes ----------------------------------------------------------------------------------------------------

    def _step(self, segment: int, target: int) -> _Step | None:
        """The cheapest way to bring a copy of the segment to the target now (Dijkstra over modules)."""
        if self._room(target, 1) is None:
            return None
        heap: list[tuple[int, int, Route, tuple[tuple[int, int], ...]]] = []
        for source in (self.home[segment], *self.of.get(segment, ())):
            self._reach(heap, 0, (source,), self._room(source, 1, segment))
        done: set[int] = set()
        while heap:
            price, module, route, evicted = heapq.heappop(heap)
            if module == target:
                return _Step(route, evicted, price)
            if module in done:
                continue
            done.add(module)
            for near in self.network.neighbours[module]:
                if near not in done:
                    room = self._room(near, 1 if near == target else 2)
                    self._reach(heap, price + _HOP, (*route, near), room, evicted)
        return None

    @staticmethod
    def _reach(
        heap: list[tuple[int, int, Route, tuple[tuple[int, int], ...]]],
        price: int,
        route: Route,
        room: _Room | None,
        evicted: tuple[tuple[int, int], ...] = (),
    ) -> None:
        if room is not None:
            gone = tuple((segment, route[-1]) for segment in room.evicted)
            heapq.heappush(heap, (price + room.price, route[-1], route, evicted + gone))

    def _room(self, module: int, wanted: int, source: int = -1) -> _Room | None:
        """Which copies must go so that `wanted` comm qubits are free; None if they cannot be.

        Copies used at this very event stay, and so does the copy of the segment `source`, which is shared on.
        """
        short = self.live[module] + wanted - self.network.comm[module]
        if short <= 0:
            return _EMPTY_ROOM
        able = [
            (self._urgency(s, module), s)
            for s in self.at[module]
            if s != source and (s, module) not in self.kept and self.copies[s, module].last < self.event
        ]
        if len(able) < short:
            return None
        gone = sorted(able)[:short]
        price = sum(_HOP if needed else 1 for (needed, _), _ in gone)
        return _Room(tuple(s for _, s in gone), price)

    def _urgency(self, segment: int, module: int) -> tuple[bool, int]:
        """Sort key of copies to remove: unneeded ones first, then those whose next use is farthest away."""
        need = self._next_need(segment, module)
        return (False, 0) if need is None else (True, -need)

    def _short(self, a: int, b: int) -> InfeasibleError:
        """Name the module on the way between two homes that has too few comm qubits."""
        names = self.network.hardware.modules
        one, two = self.home[a], self.home[b]
        line = int(self.segments.line[self.event])
        return InfeasibleError(
            f"no plan found: a gate (line {line}) needs qubits from modules {names[one].name} and {names[two].name} "
            "together, but the modules between them have too few comm qubits",
            hint="give modules in the middle of a route 2 comm qubits, or add a link",
        )
