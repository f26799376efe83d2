"""Network: which routes e-bits can take under the comm-qubit limits, and the cheapest trees of routes.

The planner counts in whole prices: an e-bit over a link has the price that stands to others as their weights do, and 1
if all links weigh the same. Then prices are e-bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dqplan.core.cost import Cost
from dqplan.core.hardware import UNREACHABLE, Hardware, Role

UNLIMITED = 1 << 30
"""Comm qubits of a module without a limit."""
_EXACT_TARGETS = 7
"""Trees with up to so many targets are exact; 3^n steps each."""
_PARTS = 12
"""How finely weights are told apart that are not multiples of each other."""

Route = tuple[int, ...]
Tree = tuple[Route, ...]


@dataclass(frozen=True, eq=False)
class Network:
    """The hardware as the planner sees it.

    A module in the middle of a route needs two comm qubits at that moment. One with a single comm qubit passes copies
    on all the same if it has data qubits: a copy rests there, is parked in a data qubit, and is shared on. Modules
    without comm qubits are alone.

    Attributes:
        hardware: the network that module indices refer to.
        relaxed: comm qubits count as unlimited.
        rests: whether routes may be planned through modules with a single comm qubit.
    """

    hardware: Hardware
    relaxed: bool = False
    rests: bool = True
    _trees: dict[tuple[int, frozenset[int], frozenset[int]], Tree] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of modules of any role."""
        return self.hardware.num_modules

    @cached_property
    def comm(self) -> list[int]:
        """Comm qubits per module, `UNLIMITED` where there is no limit."""
        limits = [module.comm_qubits for module in self.hardware.modules]
        return [UNLIMITED if limit is None or self.relaxed else limit for limit in limits]

    @cached_property
    def limited(self) -> bool:
        """Whether any module can run short of comm qubits."""
        return min(self.comm, default=UNLIMITED) < UNLIMITED

    @cached_property
    def capacity(self) -> NDArray[np.int64]:
        """Data qubits per module, shape (size,); 0 for modules that do not run gates."""
        return self.hardware.data_capacity

    @cached_property
    def processors(self) -> list[int]:
        """The modules that can run gates."""
        return [i for i, module in enumerate(self.hardware.modules) if module.role is Role.PROCESSOR]

    @cached_property
    def homes(self) -> list[int]:
        """The modules where qubits can be at home."""
        return np.flatnonzero(self.capacity > 0).tolist()

    @cached_property
    def thin(self) -> list[bool]:
        """Whether a copy that passes through the module must rest in a data qubit."""
        return [self.rests and comm == 1 and room > 0 for comm, room in zip(self.comm, self.capacity, strict=True)]

    @cached_property
    def passes(self) -> list[bool]:
        """Whether a module can swap entanglement, or share on a copy that it holds."""
        return [comm >= 2 or thin for comm, thin in zip(self.comm, self.thin, strict=True)]

    @cached_property
    def relays(self) -> list[bool]:
        """Whether a copy may rest in the module only to be shared on."""
        able = (Role.PROCESSOR, Role.COMMUNICATION)
        return [
            passes and module.role in able for passes, module in zip(self.passes, self.hardware.modules, strict=True)
        ]

    @cached_property
    def neighbours(self) -> list[list[int]]:
        """The modules at the other ends of each module's usable quantum links, in ascending order."""
        found: list[list[int]] = [[] for _ in range(self.size)]
        for a, b in self.links:
            found[a].append(b)
            found[b].append(a)
        return [sorted(modules) for modules in found]

    @cached_property
    def links(self) -> dict[tuple[int, int], int]:
        """The price of an e-bit over each usable link, by its modules (a < b), 1 or more.

        Weights that are not small multiples of the smallest are rounded to a part in `_PARTS` of it.
        """
        usable = {pair: link.weight for pair, link in self.hardware.quantum_links.items() if all(map(self._able, pair))}
        ratios = np.array(list(usable.values())) / min(usable.values(), default=1.0)
        whole = np.allclose(ratios, ratios.round(), rtol=0, atol=1e-9)
        prices = (ratios * (1 if whole else _PARTS)).round().astype(np.int64)
        return dict(zip(usable, (prices // max(1, np.gcd.reduce(prices))).tolist(), strict=True))

    def _able(self, module: int) -> bool:
        return self.comm[module] > 0

    @cached_property
    def unit(self) -> int:
        """The price of the cheapest e-bit."""
        return min(self.links.values(), default=1)

    @cached_property
    def usual(self) -> float:
        """The mean price of an e-bit, over all links."""
        return sum(self.links.values()) / len(self.links) if self.links else 1.0

    def price_of(self, cost: Cost) -> int:
        """What e-bits cost."""
        return sum(self._price_by_name[name] * ebits for name, ebits in cost.ebits_by_link.items())

    @cached_property
    def _price_by_name(self) -> dict[str, int]:
        return {self.hardware.link_name(a, b): price for (a, b), price in self.links.items()}

    @cached_property
    def distance(self) -> NDArray[np.int64]:
        """Price of the cheapest route between modules, shape (size, size); `UNREACHABLE` where there is none."""
        distance = np.full((self.size, self.size), UNREACHABLE, dtype=np.int64)
        np.fill_diagonal(distance, 0)
        for (a, b), price in self.links.items():
            distance[a, b] = distance[b, a] = price
        for via in np.flatnonzero(self.passes):
            np.minimum(distance, distance[:, via, None] + distance[None, via, :], out=distance)
        return np.minimum(distance, UNREACHABLE)

    @cached_property
    def route_ebits(self) -> NDArray[np.int64]:
        """E-bits of the cheapest route between modules, shape (size, size); `UNREACHABLE` where there is none."""
        if not self.hardware.weighted:
            return self.distance
        ebits = np.full_like(self.distance, UNREACHABLE)
        for a, b in np.argwhere(self.distance < UNREACHABLE).tolist():
            ebits[a, b] = len(self.route(a, b)) - 1
        return ebits

    @cached_property
    def complete(self) -> bool:
        """Whether every two processors share a usable link and all links cost the same: every copy costs 1."""
        return bool((self.distance[np.ix_(self.processors, self.processors)] <= 1).all())

    @cached_property
    def groups(self) -> list[list[int]]:
        """The processors that can reach each other, as lists; the one with most data qubits first."""
        left, groups = list(self.processors), []
        while left:
            near = self.distance[left[0]] < UNREACHABLE
            group = self._closed_group(left[0], [m for m in left if near[m]])
            groups.append(group)
            left = [m for m in left if m not in group]
        return sorted(groups, key=lambda group: -int(self.capacity[group].sum()))

    def _closed_group(self, start: int, group: list[int]) -> list[int]:
        """Everything that is reachable in several steps, even where no single route passes."""
        found, waiting = {start}, [start]
        while waiting:
            near = self.distance[waiting.pop()] < UNREACHABLE
            new = [m for m in self.processors if near[m] and m not in found]
            found.update(new)
            waiting.extend(new)
        return sorted(found)

    def route(self, source: int, target: int) -> Route:
        """A cheapest route; of several, the one through the lowest indices.

        Raises:
            ValueError: if the modules cannot reach each other.
        """
        route = [source]
        while route[-1] != target:
            closer = self.closer(route[-1], target)
            if not closer:
                raise ValueError(f"no route from module {source} to module {target}")
            route.append(closer[0])
        return tuple(route)

    def closer(self, module: int, target: int) -> list[int]:
        """The next modules on the cheapest routes to a target, in ascending order."""
        left = self.distance[module, target]
        near = [m for m in self.neighbours[module] if m == target or self.passes[m]]
        return [m for m in near if left < UNREACHABLE and self.distance[m, target] == left - self.price(module, m)]

    def price(self, a: int, b: int) -> int:
        """The price of an e-bit over the link between two modules."""
        return self.links[min(a, b), max(a, b)]

    def tree(self, home: int, targets: frozenset[int], held: frozenset[int] = frozenset()) -> Tree:
        """The cheapest routes that bring copies from `home` to all targets, each behind the one that it starts from.

        Exact up to seven targets (Dreyfus & Wagner, Networks 1, 1971), nearest target first beyond, and if there are
        copies already, in the modules `held`. A copy may rest in a module that is not a target, where routes part.
        """
        key = (home, targets, held)
        if key not in self._trees:
            self._trees[key] = self._rested(self._grow(home, targets - {home} - held, held), held | {home})
        return self._trees[key]

    def tree_price(self, home: int, targets: frozenset[int], held: frozenset[int] = frozenset()) -> int:
        """The price of `tree`, or at least `UNREACHABLE` if there is none."""
        if not self.reaches(home, targets):
            return UNREACHABLE * len(targets)
        return sum(self.price(a, b) for route in self.tree(home, targets, held) for a, b in pairwise(route))

    def reaches(self, home: int, targets: frozenset[int]) -> bool:
        """Whether a copy can be brought from `home` to every target."""
        return all(self.distance[home, target] < UNREACHABLE for target in targets)

    def _rested(self, tree: Tree, there: frozenset[int]) -> Tree:
        """The same routes with a rest in every thin module; a part that was made before is left out."""
        if not any(self.thin):
            return tree
        routes: list[Route] = []
        made = set(there)
        for route in tree:
            for piece in _pieces(route, self.thin):
                if piece[-1] not in made:
                    routes.append(piece)
                    made.add(piece[-1])
        return tuple(routes)

    def _grow(self, home: int, targets: frozenset[int], held: frozenset[int]) -> Tree:
        ordered = sorted(targets)
        if (len(ordered) < 2 and not held) or (self.distance[home, ordered] == self.unit).all():
            return tuple(self.route(home, target) for target in ordered)
        if len(ordered) > _EXACT_TARGETS or held:
            return self._nearest_first(home, ordered, held)
        return _ExactTree(self, home, ordered).routes()

    def _nearest_first(self, home: int, targets: list[int], held: frozenset[int] = frozenset()) -> Tree:
        """Join the nearest target to the tree, again and again (Takahashi & Matsuyama 1980)."""
        routes: list[Route] = []
        holders, left = [home, *(module for module in sorted(held) if self.relays[module])], list(targets)
        while left:
            source, target = min(
                ((s, t) for s in holders for t in left), key=lambda pair: (self.distance[pair], left.index(pair[1]))
            )
            for piece in _pieces(self.route(source, target), self.relays):
                routes.append(piece)
                if self.relays[piece[-1]]:
                    holders.append(piece[-1])
            left = [t for t in left if t != target and not any(route[-1] == t for route in routes)]
        return _joined(routes, home, frozenset(targets) | held)


def _pieces(route: Route, rests: list[bool]) -> Iterator[Route]:
    """The route cut at every module where a copy rests."""
    start = 0
    for place in range(1, len(route)):
        if place == len(route) - 1 or rests[route[place]]:
            yield route[start : place + 1]
            start = place


def _joined(routes: list[Route], home: int, targets: frozenset[int]) -> Tree:
    """Routes with rests where nothing parts taken out again."""
    parts = {home, *targets}
    sources = [route[0] for route in routes]
    parts.update(module for module in sources if sources.count(module) > 1)
    joined: list[Route] = []
    open_end: dict[int, Route] = {}
    for route in routes:
        whole = open_end.pop(route[0], ()) + (route[1:] if route[0] not in parts else route)
        if route[-1] in parts:
            joined.append(whole)
        else:
            open_end[route[-1]] = whole
    return tuple(joined)


class _ExactTree:
    """The Dreyfus-Wagner recursion, for trees whose inner modules can pass copies on.

    best[X][v] is the price of the cheapest tree that brings copies from v, which has one, to all of X;
    split[X][u] the same if the tree parts at u.
    """

    def __init__(self, network: Network, home: int, targets: list[int]) -> None:
        self.network = network
        self.home = home
        self.targets = targets
        self.all = (1 << len(targets)) - 1
        parting = np.array(network.relays)
        parting[home] = True
        self.closed = np.where(parting, 0, UNREACHABLE)
        self.best: dict[int, NDArray[np.int64]] = {}
        self.split: dict[int, NDArray[np.int64]] = {}
        for place, target in enumerate(targets):
            self.best[1 << place] = network.distance[:, target]
        for subset in range(1, self.all + 1):
            if subset not in self.best:
                self._solve(subset)

    def _solve(self, subset: int) -> None:
        split = np.full(self.network.size, UNREACHABLE, dtype=np.int64)
        for part in _parts(subset):
            np.minimum(split, self.best[part] + self.best[subset ^ part], out=split)
        self.split[subset] = split + self.closed
        self.best[subset] = (self.network.distance + self.split[subset][None, :]).min(axis=1)

    def routes(self) -> Tree:
        """The tree from `home` to all targets."""
        found: list[Route] = []
        waiting = [(self.home, self.all)]
        while waiting:
            start, subset = waiting.pop()
            if subset not in self.split:
                end = self.targets[subset.bit_length() - 1]
            else:
                end = int(np.argmin(self.network.distance[start] + self.split[subset]))
                part = next(p for p in _parts(subset) if self._parts_at(end, subset, p))
                waiting += [(end, part), (end, subset ^ part)]
            if end != start:
                found.append(self.network.route(start, end))
        return tuple(found)

    def _parts_at(self, module: int, subset: int, part: int) -> bool:
        whole = self.best[part][module] + self.best[subset ^ part][module]
        return bool(whole + self.closed[module] == self.split[subset][module])


def _parts(subset: int) -> Iterator[int]:
    """Every way to divide a bit set in two, by the part that holds its lowest bit."""
    lowest = subset & -subset
    part = (subset - 1) & subset
    while part:
        if part & lowest:
            yield part
        part = (part - 1) & subset
