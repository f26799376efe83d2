"""The integer program for two modules, far smaller than the general one.

A segment is present at its home or in both modules, so one bit for the home and one for the second copy say all: a gate
between different homes needs one of its two copies, a change of home needs the copy. (With two modules there is no
third party.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments
from dqplan.solve.exact.network_model import moments
from dqplan.solve.hosts import cover_hosts
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, presence


@dataclass(frozen=True, eq=False)
class PairModel:
    """The variables and constraints for two linked modules.

    Attributes:
        segments, network: what is planned, and where.
        model: the `CpModel` to fill.
    """

    segments: Segments
    network: Network
    model: Any

    @staticmethod
    def fits(network: Network) -> bool:
        """Whether the network is two linked processors, both with data qubits, and nothing else."""
        return network.size == 2 and len(network.homes) == 2 and network.complete

    @cached_property
    def second(self) -> list[Any]:
        """Whether each segment is at home in module 1."""
        return [self.model.new_bool_var(f"second_{s}") for s in range(self.segments.num_segments)]

    @cached_property
    def copied(self) -> list[Any]:
        """Whether each segment is present in both modules."""
        return [self.model.new_bool_var(f"copied_{s}") for s in range(self.segments.num_segments)]

    @property
    def spent(self) -> list[Any]:
        """The e-bits of each segment."""
        return self.copied

    def build(self, at_least: int) -> None:
        """State all constraints and the objective."""
        for a, b in np.unique(self.segments.gate_pairs, axis=0).tolist():
            self._meet(a, b, self.copied[a], self.copied[b])
        following, fresh = self.segments.following.tolist(), self.segments.fresh.tolist()
        for s, after in enumerate(following):
            if after >= 0 and not fresh[after]:
                self._meet(s, after, self.copied[s])
        first, second = self.network.capacity.tolist()
        for current in moments(self.segments):
            homes = sum(self.second[s] for s in current)
            self.model.add_linear_constraint(homes, len(current) - first, second)
        if first == second:
            self.model.add(self.second[self._leader] == 0)
        self.model.add(sum(self.copied) >= at_least)
        self.model.minimize(sum(self.copied))

    def _meet(self, a: int, b: int, *copies: Any) -> None:
        """Two segments have the same home unless one of the copies is made."""
        for one, other in ((a, b), (b, a)):
            self.model.add_bool_or([*copies, self.second[one].negated(), self.second[other]])

    @cached_property
    def _leader(self) -> int:
        """The first segment of the busiest wire; of two equal modules, it is at home in module 0."""
        busy = np.bincount(self.segments.wire[self.segments.gate_pairs].ravel(), minlength=self.segments.num_wires)
        return int(self.segments.first[np.argmax(busy)])

    def hint(self, start: Placement) -> None:
        """Tell the solver a placement that it may start from."""
        first, second = self.network.capacity.tolist()
        turned = first == second and start.home[self._leader] == 1
        copied = presence(self.segments, self.network, start).sum(axis=1) > 1
        for s, home in enumerate(start.home.tolist()):
            self.model.add_hint(self.second[s], home != turned)
            self.model.add_hint(self.copied[s], bool(copied[s]))

    def placement(self, solver: Any) -> Placement:
        """The solution: its homes, and the hosts that fit them best."""
        home: NDArray[np.int16] = np.array([solver.boolean_value(bit) for bit in self.second], dtype=np.int16)
        return Placement(home, cover_hosts(self.segments, self.network, home))
