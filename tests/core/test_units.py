"""Formatting is checked by the examples in its docstrings, and at the edges here."""

import pytest

from dqplan.core import units


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.9999, "1 s"), (1.0, "1 s"), (59.0, "59 s"), (60.0, "1 min"), (1e-12, "0.001 ns"), (2 * 86400.0, "2 d")],
)
def test_duration_at_the_edges(seconds: float, text: str) -> None:
    assert units.duration(seconds) == text


def test_significant_of_what_is_not_finite() -> None:
    assert units.significant(float("inf")) == "inf"
    assert units.significant(float("nan")) == "nan"


def test_an_uncertainty_above_one_has_no_decimals() -> None:
    assert units.measured(1234.0, 20.0) == "1234(20)"


def test_ranges_of_nothing() -> None:
    assert units.ranges([]) == ""
