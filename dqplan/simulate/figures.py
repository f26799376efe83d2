"""How close results are to the ideal ones, with 95 % confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from dqplan.core.counts import Counts
from dqplan.core.experiment import Interval
from dqplan.core.outlook import Floats

_Z = 1.959963984540054
"""Half the width of a 95 % interval, in standard deviations of a normal distribution."""
_RESAMPLED = 1000
_SEED = 5
_CERTAIN = 1 - 1e-9
"""An outcome that is as probable is the only one."""
FIDELITY, DISTANCE = "classical fidelity", "total variation distance"


def overlap_interval(total: float, runs: int, least: float = 0.0) -> Interval:
    """The mean of numbers that sum up to `total`, with Wilson's interval (J. Am. Stat. Assoc. 22, 209, 1927).

    It is made for zeros and ones; numbers in between vary less, so that it is then wider than it need be. Numbers in
    [least, 1] are moved into [0, 1], and the interval is moved back, as far as it is not negative.
    """
    width = 1 - least
    mean, part = (total / runs - least) / width, _Z**2 / runs
    middle = (mean + part / 2) / (1 + part)
    half = _Z / (1 + part) * math.sqrt(mean * (1 - mean) / runs + part / (4 * runs))
    parts = (mean, min(mean, max(0.0, middle - half)), max(mean, min(1.0, middle + half)))
    return Interval(*(max(0.0, least + width * part) for part in parts))


def figures_of(counts: Counts, ideal: Mapping[str, float]) -> dict[str, Interval]:
    """Classical fidelity (Σ √(p q))² and total variation distance Σ |p - q| / 2 of what was found from the ideal.

    Frequencies from few runs look farther from the ideal than they are: that bias is estimated by the bootstrap and
    taken off (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, sections 10.3 and 13.4), which corrects it to
    first order. At the perfect end, where the bootstrap fails, the interval ends at perfection unless a perfect machine
    would seldom (5 %) look as bad. Where only one outcome is right, both are a frequency with Wilson's interval.
    """
    found = np.array(list(counts.outcomes.values()), dtype=np.float64)
    right = np.array([ideal.get(name, 0.0) for name in counts.outcomes])
    if max(ideal.values()) > _CERTAIN:
        hit = overlap_interval(float(found[right > _CERTAIN].sum()), counts.total)
        return {FIDELITY: hit, DISTANCE: Interval(1 - hit.value, 1 - hit.high, 1 - hit.low)}
    rng = np.random.default_rng(_SEED)
    drawn = rng.multinomial(counts.total, found / counts.total, size=_RESAMPLED)
    fidelity, distance = _of_frequencies(found / counts.total, right)
    fidelities, distances = _of_frequencies(drawn / counts.total, right)
    least, most = _of_perfect_machine(np.array(list(ideal.values())), counts.total, rng)
    close = _corrected(fidelity, fidelities)
    far = _corrected(distance, distances)
    return {
        FIDELITY: replace(close, high=1.0) if fidelity >= least else close,
        DISTANCE: replace(far, low=0.0) if distance <= most else far,
    }


def _of_frequencies(found: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Fidelity and distance of frequencies, shape (…, outcomes), from probabilities, shape (outcomes,)."""
    fidelity: Floats = np.minimum(np.sqrt(found * right).sum(axis=-1), 1.0) ** 2
    distance: Floats = 1 - np.minimum(found, right).sum(axis=-1)
    return fidelity, distance


def _of_perfect_machine(ideal: Floats, shots: int, rng: np.random.Generator) -> tuple[float, float]:
    """The fidelity that a perfect machine reaches in 95 % of experiments with so many shots, and the distance."""
    ideal = ideal / ideal.sum()
    figures = [_of_frequencies(rng.multinomial(shots, ideal) / shots, ideal) for _ in range(_RESAMPLED)]
    fidelities, distances = zip(*figures, strict=True)
    return float(np.quantile(fidelities, 0.05)), float(np.quantile(distances, 0.95))


def _corrected(value: Floats, resampled: Floats) -> Interval:
    """The basic bootstrap interval, around the value less its bias; all in [0, 1]."""
    low, high = np.quantile(resampled, [0.025, 0.975])
    parts = np.clip([2 * value - resampled.mean(), 2 * value - high, 2 * value - low], 0.0, 1.0)
    return Interval(*parts.tolist())
