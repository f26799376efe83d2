"""The integer program for any network.

For each segment s and module m there is `home[s, m]`, exactly one per segment, and copies that arrive at m over arcs
from modules that have one. Each gate needs a module where both its qubits are present; the home of the next segment
must be a module where the qubit is present; no module ever holds more homes than data qubits. The objective counts
arrivals by price, so that 0 is the trivial bound: CP-SAT proves nothing if it counts presences.

Comm qubits limit only who can pass copies on, and on networks with cycles a ring of arrivals could feed itself. Both
make the model cheaper than reality, never dearer, so its bound holds for real plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, presence


@dataclass(frozen=True, eq=False)
class NetworkModel:
    """The variables and constraints for any network; absent variables are impossible.

    Attributes:
        segments, network: what is planned, and where.
        model: the `CpModel` to fill.
    """

    segments: Segments
    network: Network
    model: Any

    @cached_property
    def home(self) -> dict[tuple[int, int], Any]:
        """Whether module m is home of segment s."""
        pairs = [(s, m) for s in range(self.segments.num_segments) for m in self.network.homes]
        return {(s, m): self.model.new_bool_var(f"home_{s}_{m}") for s, m in pairs}

    @cached_property
    def arcs(self) -> dict[tuple[int, int, int], Any]:
        """Whether segment s is shared from module u to its neighbour v; u is -1 (the home) on complete networks."""
        if self.network.complete:
            links = [(-1, m) for m in self.network.processors]
        else:
            links = [(u, v) for u, others in enumerate(self.network.neighbours) for v in others]
        return {
            (s, u, v): self.model.new_bool_var(f"share_{s}_{u}_{v}")
            for s in range(self.segments.num_segments)
            for u, v in links
        }

    @cached_property
    def pairs(self) -> NDArray[np.int32]:
        """The distinct pairs of segments with a gate."""
        return np.unique(self.segments.gate_pairs, axis=0)

    @cached_property
    def run(self) -> dict[tuple[int, int], Any]:
        """Whether the gates of pair number g run in module m."""
        return {
            (g, m): self.model.new_bool_var(f"run_{g}_{m}")
            for g in range(len(self.pairs))
            for m in self.network.processors
        }

    @cached_property
    def present(self) -> dict[tuple[int, int], Any]:
        """The number of ways, 0 or 1, in which segment s is present in module m: at home or by arrival."""
        found: dict[tuple[int, int], Any] = {
            (s, m): self.home.get((s, m), 0)
            for s in range(self.segments.num_segments)
            for m in range(self.network.size)
        }
        for (s, _, v), arc in self.arcs.items():
            found[s, v] += arc
        return found

    @cached_property
    def spent(self) -> list[Any]:
        """The e-bits of each segment."""
        found: list[Any] = [0] * self.segments.num_segments
        for (s, _, _), arc in self.arcs.items():
            found[s] += arc
        return found

    def build(self, at_least: int) -> None:
        """State all constraints and the objective."""
        for s in range(self.segments.num_segments):
            self.model.add_exactly_one(self.home[s, m] for m in self.network.homes)
        for expression in self.present.values():
            if not isinstance(expression, int):
                self.model.add(expression <= 1)
        self._sources()
        self._gates()
        self._moves()
        self._capacity()
        self._symmetry()
        self.model.add(sum(self.arcs.values()) >= at_least)
        self.model.minimize(sum(self._price(u, v) * arc for (_, u, v), arc in self.arcs.items()))

    def _price(self, u: int, v: int) -> int:
        """What an arrival over an arc costs."""
        return 1 if u < 0 else self.network.price(u, v)

    def _sources(self) -> None:
        """A share starts where the qubit is present; a module that cannot pass copies on shares only what is at home.

        No share goes straight back, and none goes home.
        """
        for (s, u, v), arc in self.arcs.items():
            if u < 0:
                continue
            source = self.present[s, u] if self.network.passes[u] else self.home.get((s, u), 0)
            self.model.add(arc <= source)
            if u < v:
                self.model.add(arc + self.arcs[s, v, u] <= 1)

    def _gates(self) -> None:
        for g, pair in enumerate(self.pairs.tolist()):
            self.model.add_bool_or([self.run[g, m] for m in self.network.processors])
            for m in self.network.processors:
                for segment in pair:
                    self.model.add(self.run[g, m] <= self.present[segment, m])

    def _moves(self) -> None:
        following, fresh = self.segments.following.tolist(), self.segments.fresh.tolist()
        for s, after in enumerate(following):
            if after >= 0 and not fresh[after]:
                for m in self.network.homes:
                    self.model.add(self.home[after, m] <= self.present[s, m])

    def _capacity(self) -> None:
        """After each beginning of a segment, every module has a data qubit for each home."""
        tight = [m for m in self.network.homes if self.network.capacity[m] < self.segments.num_wires]
        for current in moments(self.segments):
            for m in tight:
                self.model.add(sum(self.home[s, m] for s in current) <= int(self.network.capacity[m]))

    @cached_property
    def _equal_modules(self) -> bool:
        """Whether all modules play the same part, so that any permutation of them is the same plan."""
        network = self.network
        alike = len(set(network.capacity.tolist())) == 1 and len(set(network.passes)) == 1
        return alike and network.complete and len(network.homes) == network.size

    @cached_property
    def _leaders(self) -> list[int]:
        """The first segments of as many wires as there are modules, the busiest wires first."""
        busy = np.bincount(self.segments.wire[self.segments.gate_pairs].ravel(), minlength=self.segments.num_wires)
        order = np.argsort(-busy, kind="stable")[: self.network.size]
        return [int(segment) for segment in self.segments.first[order]]

    def _symmetry(self) -> None:
        """Of equal modules, the n-th leader is at home in one of the first n."""
        if self._equal_modules:
            for place, segment in enumerate(self._leaders):
                for m in range(place + 1, self.network.size):
                    self.model.add(self.home[segment, m] == 0)

    def hint(self, start: Placement) -> None:
        """Tell the solver a placement that it may start from."""
        name = self._names(start)
        start = Placement(name[start.home], name[start.host])
        here = presence(self.segments, self.network, start)
        for (s, m), variable in self.home.items():
            self.model.add_hint(variable, int(start.home[s]) == m)
        used = self._hinted_arcs(start, here)
        for key, variable in self.arcs.items():
            self.model.add_hint(variable, key in used)
        for (g, m), variable in self.run.items():
            a, b = self.pairs[g]
            self.model.add_hint(variable, bool(here[a, m] and here[b, m]))

    def _hinted_arcs(self, start: Placement, here: NDArray[np.bool_]) -> set[tuple[int, int, int]]:
        used: set[tuple[int, int, int]] = set()
        for s in np.flatnonzero(here.sum(axis=1) > 1).tolist():
            home, targets = int(start.home[s]), frozenset(np.flatnonzero(here[s]).tolist())
            if self.network.complete:
                used.update((s, -1, m) for m in targets if m != home)
            elif self.network.reaches(home, targets):
                for route in self.network.tree(home, targets):
                    used.update((s, u, v) for u, v in pairwise(route))
        return used

    def _names(self, start: Placement) -> NDArray[np.int16]:
        """New numbers of the modules, so that a placement keeps the rule of `_symmetry`."""
        if not self._equal_modules:
            return np.arange(self.network.size, dtype=np.int16)
        order = list(dict.fromkeys([*start.home[self._leaders].tolist(), *range(self.network.size)]))
        return np.argsort(order).astype(np.int16)

    def placement(self, solver: Any) -> Placement:
        """The solution as homes and hosts; of several possible hosts, the first."""
        home = np.zeros(self.segments.num_segments, dtype=np.int16)
        for (s, m), variable in self.home.items():
            if solver.boolean_value(variable):
                home[s] = m
        runs = np.zeros((len(self.pairs), self.network.size), dtype=np.bool_)
        for (g, m), variable in self.run.items():
            runs[g, m] = solver.boolean_value(variable)
        keys = self.segments.gate_pairs.astype(np.int64) @ [self.segments.num_segments, 1]
        wanted = self.pairs.astype(np.int64) @ [self.segments.num_segments, 1]
        return Placement(home, np.argmax(runs, axis=1).astype(np.int16)[np.searchsorted(wanted, keys)])


def moments(segments: Segments) -> Iterator[list[int]]:
    """The current segment of every wire, at the start and after each beginning of a segment."""
    current = segments.first.tolist()
    yield list(current)
    opened = np.flatnonzero(segments.opening >= 0)
    for segment in opened[np.argsort(segments.opening[opened])].tolist():
        current[segments.wire[segment]] = segment
        yield list(current)
