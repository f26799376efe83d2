"""Purification: many imperfect e-bits of a link become few better ones.

Recurrence with DEJMPS (Deutsch et al., Phys. Rev. Lett. 77, 2818 (1996)): a pair of some round is made from two pairs
of the round before. Both ends turn their halves, do a CX from the pair that is kept onto the other, measure the other,
and tell each other the result; if the two bits differ, both pairs are thrown away. One channel makes all pairs one
after the other, so the first of two waits for the second, and a pair of round r takes up to r more comm qubits at
either end while it is made.

Errors are those of Bell-diagonal pairs, as weights of (I, X, Y, Z). Local gates depolarise, readout flips bits, waiting
relaxes and dephases both ends (relaxation as its Pauli twirl). Approximation: the weights of the pairs of a round are
their means over all waits and outcomes before it. For one round that is exact; beyond, a pair that was made quickly is
a little better than the mean, and how long it took and how good it is are taken as independent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.outlook import Floats

_SIGNS = np.array([[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]], dtype=np.float64)
"""Of each error (column) in what is seen of a pair along each Pauli operator (row)."""
_LABELS = ([0, 1, 2, 3], [0, 1, 3, 2], [0, 2, 1, 3])
"""Which error each place of the weights holds after a local Clifford on both halves; only what stands for Y matters."""


@dataclass(frozen=True)
class Ends:
    """What the two ends of a link do to pairs.

    Attributes:
        turned: what a one-qubit gate on either half leaves of what is seen of a pair; in [0, 1].
        joined: probability that neither end's two-qubit gate depolarises both pairs.
        misread: probability that just one of the two ends reads the wrong bit.
        relaxation_hz, dephasing_hz: 1 / T1 and 1 / T2, each summed over both ends.
        attempt_s: seconds from two pairs to the next one: turn, gate, readout, message, reset.
        herald_s: the part of it in which the pair that is kept waits: readout and message.
    """

    turned: float = 1.0
    joined: float = 1.0
    misread: float = 0.0
    relaxation_hz: float = 0.0
    dephasing_hz: float = 0.0
    attempt_s: float = 0.0
    herald_s: float = 0.0


@dataclass(frozen=True)
class Recurrence:
    """How one channel makes pairs, one after the other.

    Attributes:
        successes: probability that each round succeeds, the first round first; none for raw pairs.
        raw_s: mean seconds of a raw pair, which takes an exponentially distributed time.
        attempt_s: seconds of one attempt at a round, behind its two pairs.
    """

    successes: tuple[float, ...]
    raw_s: float
    attempt_s: float = 0.0

    @property
    def raw_pairs(self) -> float:
        """Expected number of raw pairs in a finished one: the product of 2 / p over the rounds."""
        return math.prod(2 / success for success in self.successes)

    @property
    def mean_s(self) -> float:
        """Mean seconds of a finished pair: every attempt at a round takes two pairs of the round before."""
        seconds = self.raw_s
        for success in self.successes:
            seconds = (2 * seconds + self.attempt_s) / success
        return seconds

    def decay(self, rate_hz: float) -> float:
        """The mean of exp(-rate t), t being the seconds of a finished pair: a geometric sum over failed attempts."""
        left = 1 / (1 + rate_hz * self.raw_s)
        for success in self.successes:
            attempt = left**2 * math.exp(-rate_hz * self.attempt_s)
            left = success * attempt / (1 - (1 - success) * attempt)
        return left

    def draw(self, rng: np.random.Generator, pairs: NDArray[np.int64]) -> Floats:
        """Random seconds in which one channel finishes numbers of pairs, 1 or more, one after the other.

        The attempts at each round follow a negative binomial distribution, given how many must succeed, and the time of
        all raw pairs is a gamma distributed one.
        """
        attempts = np.zeros(pairs.shape, dtype=np.int64)
        for success in reversed(self.successes):
            tried = pairs + rng.negative_binomial(pairs, success)
            attempts += tried
            pairs = 2 * tried
        seconds: Floats = rng.standard_gamma(pairs) * self.raw_s + attempts * self.attempt_s
        return seconds


@dataclass(frozen=True, eq=False)
class Purified:
    """A finished pair: float64 (4,), the weights of its errors, and how it is made."""

    weights: Floats
    recurrence: Recurrence

    @property
    def fidelity(self) -> float:
        """To the Bell state, in [0, 1]."""
        return float(self.weights[0])


def werner(fidelity: float) -> Floats:
    """The weights of a pair of which nothing but the fidelity is known: all errors alike."""
    return np.array([fidelity, *[(1 - fidelity) / 3] * 3])


def purify(weights: Floats, rounds: int, raw_s: float, ends: Ends) -> Purified:
    """Pairs after some rounds; before each, errors are relabelled so that the outcome is best.

    Args:
        weights: float64 (4,), of the raw pairs.
        rounds: 0 or more.
        raw_s: mean seconds of a raw pair.
        ends: what is done to them, how well and how fast.
    """
    recurrence = Recurrence((), raw_s, ends.attempt_s)
    for _ in range(rounds):
        waited = _worn(weights, recurrence.decay(ends.dephasing_hz), recurrence.decay(ends.relaxation_hz))
        outcomes = (compare(waited[labels], weights[labels], ends) for labels in _LABELS)
        weights, success = max(outcomes, key=lambda outcome: float(outcome[0][0]))
        weights = _worn(weights, *(math.exp(-rate * ends.herald_s) for rate in (ends.dephasing_hz, ends.relaxation_hz)))
        recurrence = Recurrence((*recurrence.successes, success), raw_s, ends.attempt_s)
    return Purified(weights, recurrence)


def compare(kept: Floats, measured: Floats, ends: Ends) -> tuple[Floats, float]:
    """One DEJMPS step with imperfect operations: the weights of the kept pair if the bits agree, and how often they do.

    A depolarising gate on two qubits is, with some probability, one that leaves both of them wholly mixed: then the
    pair that is kept is mixed and the bits agree by chance.

    Args:
        kept: float64 (4,), the weights of one pair.
        measured: of the other, independent one.
        ends: what the operations do.
    """
    first, second = (_worn(pair, ends.turned, ends.turned) for pair in (kept, measured))
    agree, differ = np.zeros(4), np.zeros(4)
    for one, left in enumerate(first):
        for other, right in enumerate(second):
            seen, error = _PROPAGATED[one, other]
            (differ if seen else agree)[error] += left * right
    passed = ends.joined * ((1 - ends.misread) * agree + ends.misread * differ) + (1 - ends.joined) / 8
    success = float(passed.sum())
    return passed / success, success


def _worn(weights: Floats, across: float, along: float) -> Floats:
    """A pair of which some part is left: `across` of what is seen along X and Y, `along` of what is seen along Z."""
    worn: Floats = _SIGNS @ (np.array([1.0, across, across, along]) * (_SIGNS @ weights)) / 4
    return worn


def _propagated() -> NDArray[np.int64]:
    """For the errors of two pairs: whether their bits differ, and the error of the pair that is kept; (4, 4, 2).

    Turns about X by a quarter exchange Y and Z. A CX from the kept pair then copies its bit flips to the other, and
    takes over the other's phase flips.
    """
    turned, flips, phases = [0, 1, 3, 2], [0, 1, 1, 0], [0, 0, 1, 1]
    error = {(0, 0): 0, (1, 0): 1, (1, 1): 2, (0, 1): 3}
    found = np.zeros((4, 4, 2), dtype=np.int64)
    for one in range(4):
        for other in range(4):
            kept, measured = turned[one], turned[other]
            phase = phases[kept] ^ phases[measured]
            found[one, other] = flips[kept] ^ flips[measured], error[flips[kept], phase]
    return found


_PROPAGATED = _propagated()
