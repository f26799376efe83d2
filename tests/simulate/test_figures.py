"""Confidence intervals hold the true value about as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from dqplan.core.circuit import Register
from dqplan.core.counts import Counts, outcome_name
from dqplan.simulate.figures import DISTANCE, FIDELITY, figures_of, overlap_interval

C = (Register("c", 0, 3),)
NAMES = [outcome_name(C, [k & 1, k >> 1 & 1, k >> 2 & 1]) for k in range(8)]
IDEAL = np.array([0.5, 0.0, 0.25, 0.0, 0.0, 0.25, 0.0, 0.0])
TRUE = {
    "perfect": IDEAL,
    "depolarised": 0.8 * IDEAL + 0.2 / 8,
    "biased": np.array([0.7, 0.0, 0.15, 0.0, 0.05, 0.1, 0.0, 0.0]),
}


@pytest.mark.parametrize("name", TRUE)
def test_intervals_of_distributions(name: str) -> None:
    true = TRUE[name]
    right = {FIDELITY: np.sqrt(true * IDEAL).sum() ** 2, DISTANCE: abs(true - IDEAL).sum() / 2}
    hits = dict.fromkeys(right, 0)
    rng = np.random.default_rng(7)
    for drawn in rng.multinomial(500, true, size=60):
        counts = Counts(C, {label: int(n) for label, n in zip(NAMES, drawn, strict=True) if n})
        figures = figures_of(counts, {label: p for label, p in zip(NAMES, IDEAL.tolist(), strict=True) if p})
        for figure, interval in figures.items():
            assert 0 <= interval.low <= interval.value <= interval.high <= 1
            hits[figure] += interval.low - 1e-9 <= right[figure] <= interval.high + 1e-9
    assert all(hit >= 0.88 * 60 for hit in hits.values()), hits


@pytest.mark.parametrize("true", [0.0, 0.03, 0.5, 0.97, 1.0])
def test_intervals_of_frequencies(true: float) -> None:
    drawn = np.random.default_rng(3).binomial(400, true, size=300)
    intervals = [overlap_interval(float(total), 400) for total in drawn]
    assert np.mean([interval.low <= true <= interval.high for interval in intervals]) >= 0.92
    assert all(0 <= each.low <= each.value <= each.high <= 1 for each in intervals)


def test_a_single_right_outcome_is_a_frequency() -> None:
    figures = figures_of(Counts(C, {"111": 90, "110": 10}), {"111": 1.0})
    assert figures[FIDELITY] == overlap_interval(90.0, 100)
    assert figures[DISTANCE].value == pytest.approx(0.1)
    wrong = figures_of(Counts(C, {"110": 10}), {"111": 1.0})
    assert wrong[FIDELITY].value == 0
