"""How many qubits are at home in each module over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.segments import Segments


@dataclass(frozen=True, eq=False)
class Occupancy:
    """Qubits at home in all modules, between the events at which that changes.

    Attributes:
        events: int64 (m,), ascending: where homes move.
        used: int64 (m + 1, num_modules): before the first of them, and behind each.
    """

    events: NDArray[np.int64]
    used: NDArray[np.int64]

    def most(self, module: int, begin: int, end: int) -> int:
        """The most in a module, from just before one event to just after another."""
        first, last = np.searchsorted(self.events, [begin, end + 1])
        return int(self.used[first : last + 1, module].max())

    def fits(self, capacity: NDArray[np.int64]) -> bool:
        """Whether no module ever holds more than it has data qubits."""
        return bool((self.used <= capacity).all())


def occupancy_of(segments: Segments, home: NDArray[np.int16], num_modules: int) -> Occupancy:
    """The homes over time.

    Args:
        segments: the normal form that `home` refers to.
        home: int16 (num_segments,), module indices.
        num_modules: of the network.
    """
    moved = np.flatnonzero((home[1:] != home[:-1]) & (segments.opening[1:] >= 0)) + 1
    moved = moved[np.argsort(segments.opening[moved])]
    steps = np.zeros((len(moved) + 1, num_modules), dtype=np.int64)
    steps[0] = np.bincount(home[segments.first], minlength=num_modules)
    places = np.arange(1, len(moved) + 1)
    steps[places, home[moved - 1]] -= 1
    steps[places, home[moved]] += 1
    return Occupancy(segments.opening[moved].astype(np.int64), steps.cumsum(axis=0))
