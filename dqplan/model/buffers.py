"""Buffers: e-bits that are made and wait for their first use, in all trials at once.

Pairs of one link that wait at the same time are interchangeable: the controllers at both ends exchange the names of
their comm qubits. The youngest is used first, which is best for the mean fidelity of what is used (Chandra, Dai and
Towsley, arXiv:2205.06300); if none is there yet, the first that comes.

A pair older than its link's cut-off is thrown away and made again, by the channel that is free first. Approximation:
pairs are looked at when one of their link is needed, in the order of the schedule; so a pair that grew too old before
that is made again behind all that the link was asked for until then, and its comm qubits may wait a little too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dqplan.core.outlook import Floats
from dqplan.model.purification import Recurrence

_LOOKED_AT = 8
"""Pairs, the last ones made, that may take another one's place."""
_PASSES = 50
"""How often an operation that uses two new pairs waits until both are young enough at once."""
_FAR = 32
"""From so many expected renewals on, a third of them is drawn at once; that it is too many is next to impossible."""


class Pair(NamedTuple):
    """An e-bit that waits: the link that made it, and the comm qubits of its halves."""

    link: int
    qubits: tuple[int, int]


class Buffers:
    """Which pairs wait, and which of them is taken."""

    def __init__(
        self,
        free: Floats,
        recurrences: Sequence[Recurrence | None],
        cutoff_s: Sequence[float],
        channels: Sequence[Floats],
        rng: np.random.Generator,
    ) -> None:
        """Times at which things are free are kept up to date.

        Args:
            free: float64 (qubits, trials), of qubits.
            recurrences: how links make pairs; None for direct gates, whose pairs do not wait here.
            cutoff_s: ages at which pairs are thrown away, by link.
            channels: float64 (channels, trials) for each link.
            rng: of the times of pairs that are made again.
        """
        self.free = free
        self.channels = channels
        self.recurrences = recurrences
        self.cutoff_s = cutoff_s
        self.rng = rng
        self.remade = [0] * len(recurrences)
        """E-bits made again, by link, in all trials together."""
        self._waiting: list[list[Pair]] = [[] for _ in recurrences]
        self._of: dict[int, Pair] = {}

    def put(self, link: int, qubits: Sequence[int]) -> None:
        """A heralded e-bit was made."""
        if self.recurrences[link] is not None:
            pair = Pair(link, (qubits[0], qubits[1]))
            self._waiting[link].append(pair)
            self._of |= dict.fromkeys(pair.qubits, pair)

    def pop(self, qubits: Sequence[int]) -> list[Pair]:
        """The pairs of which one of the qubits is an unused half; they wait no longer."""
        pairs = [self._of[qubit] for qubit in qubits if qubit in self._of]
        for pair in pairs:
            self._waiting[pair.link].remove(pair)
            for qubit in pair.qubits:
                del self._of[qubit]
        return pairs

    def take(self, pairs: Sequence[Pair], start: Floats) -> Floats:
        """When an operation that could start otherwise has the pairs, if any, that it is the first to use."""
        for _ in range(_PASSES):
            before = start
            for pair in pairs:
                start = self._take(pair, start)
            if len(pairs) <= 1 or np.array_equal(before, start):
                break
        return start

    def _take(self, pair: Pair, start: Floats) -> Floats:
        others = self._waiting[pair.link][-_LOOKED_AT:]
        if np.isfinite(self.cutoff_s[pair.link]):
            for each in (pair, *others):
                self._renew(each, start)
        for other in others:
            self._exchange(pair, other, start)
        ready: Floats = np.maximum(start, self.free[pair.qubits[0]])
        return ready

    def _exchange(self, pair: Pair, other: Pair, start: Floats) -> None:
        """Let two pairs change places in the trials in which the other is the better one to use."""
        mine, theirs = self.free[pair.qubits[0]], self.free[other.qubits[0]]
        better = np.where(mine > start, theirs < mine, (mine < theirs) & (theirs <= start))
        if better.any():
            changed = np.where(better, theirs, mine), np.where(better, mine, theirs)
            self.free[list(pair.qubits)], self.free[list(other.qubits)] = changed

    def _renew(self, pair: Pair, now: Floats) -> None:
        """Throw away and make again what is too old, until it is not, or is still being made."""
        recurrence, cutoff, ends = self.recurrences[pair.link], self.cutoff_s[pair.link], self.channels[pair.link]
        made = self.free[pair.qubits[0]].copy()
        while recurrence is not None and (old := np.flatnonzero(now - made > cutoff)).size:
            expected = (now - made)[old] / (cutoff + recurrence.mean_s)
            again = np.where(expected < _FAR, 1, expected / 3).astype(np.int64)
            channel = ends[:, old].argmin(axis=0)
            begin = np.maximum(made[old] + cutoff, ends[channel, old])
            made[old] = begin + (again - 1) * cutoff + recurrence.draw(self.rng, again)
            ends[channel, old] = made[old]
            self.remade[pair.link] += int(again.sum())
        self.free[list(pair.qubits)] = made
