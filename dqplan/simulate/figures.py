"""How close results are to the ideal ones, with 95 % confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from dqplan.core.counts import Counts
from dqplan.core.experiment import Interval
from dqplan.core.outlook import Floats

_Z = 1.959963984540054
"""Half the width of a 95 % interval, in standard deviations of a normal distribution."""
_RESAMPLED = 1000
_SEED = 5

Figure = Callable[[Floats, Floats], Floats]
"""Of frequencies, shape (…, outcomes), and ideal probabilities, shape (outcomes,)."""


def overlap_interval(total: float, runs: int) -> Interval:
    """The mean of numbers in [0, 1] that sum up to `total`, with Wilson's interval (J. Am. Stat. Assoc. 22, 209, 1927).

    It is made for zeros and ones; numbers in between vary less, so that it is then wider than it need be.
    """
    mean, part = total / runs, _Z**2 / runs
    middle = (mean + part / 2) / (1 + part)
    half = _Z / (1 + part) * math.sqrt(mean * (1 - mean) / runs + part / (4 * runs))
    return Interval(mean, min(mean, max(0.0, middle - half)), max(mean, min(1.0, middle + half)))


def figures_of(counts: Counts, ideal: Mapping[str, float]) -> dict[str, Interval]:
    """Classical fidelity (Σ √(p q))² and total variation distance Σ |p - q| / 2 of what was found from the ideal.

    Frequencies from few runs look farther from the ideal than they are: that bias is estimated by the bootstrap and
    taken off (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, sections 10.3 and 13.4), which corrects it to
    first order. Where only one outcome is right, both are a frequency, and Wilson's interval is given.
    """
    found = np.array(list(counts.outcomes.values()), dtype=np.float64)
    right = np.array([ideal.get(name, 0.0) for name in counts.outcomes])
    if right.max(initial=0.0) > 1 - 1e-9 or (len(ideal) == 1 and not right.any()):
        hit = overlap_interval(float(found[right > 0].sum()), counts.total)
        return {
            "classical fidelity": hit,
            "total variation distance": Interval(1 - hit.value, 1 - hit.high, 1 - hit.low),
        }
    drawn = np.random.default_rng(_SEED).multinomial(counts.total, found / counts.total, size=_RESAMPLED)
    figures: dict[str, Figure] = {
        "classical fidelity": lambda p, q: np.minimum(np.sqrt(p * q).sum(axis=-1), 1.0) ** 2,
        "total variation distance": lambda p, q: 1 - np.minimum(p, q).sum(axis=-1),
    }
    return {
        name: _corrected(figure(found / counts.total, right), figure(drawn / counts.total, right))
        for name, figure in figures.items()
    }


def _corrected(value: Floats, resampled: Floats) -> Interval:
    """The basic bootstrap interval, around the value less its bias; all in [0, 1]."""
    low, high = np.quantile(resampled, [0.025, 0.975])
    parts = np.clip([2 * value - resampled.mean(), 2 * value - high, 2 * value - low], 0.0, 1.0)
    return Interval(*parts.tolist())
