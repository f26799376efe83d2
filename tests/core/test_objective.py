"""Weights are read as they are written, refused where they mean nothing, and weigh what the docstring says."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqplan.core.errors import UsageError
from dqplan.core.objective import NAMES, Figures, Objective

NUMBERS = st.sampled_from([0.0, 0.5, 1.0, 3.0, math.inf])
FIGURES = st.builds(Figures, NUMBERS, NUMBERS, NUMBERS)
WEIGHTS = st.floats(0, 1e9, allow_subnormal=False)
OBJECTIVES = st.tuples(WEIGHTS, WEIGHTS, WEIGHTS).filter(any).map(lambda weights: Objective(*weights))
ONE = Figures(10.0, 2.0, 0.5)


@pytest.mark.parametrize(
    ("text", "weights", "again"),
    [
        ("ebits", (1, 0, 0), "ebits"),
        ("time", (0, 1, 0), "time"),
        ("fidelity", (0, 0, 1), "fidelity"),
        ("fidelity=1,ebits=0.5", (0.5, 0, 1), "ebits=0.5,fidelity=1"),
        ("ebits, time = 2e3", (1, 2000, 0), "ebits=1,time=2000"),
        ("time=1,ebits=0", (0, 1, 0), "time"),
        ("time=2", (0, 2, 0), "time=2"),
    ],
)
def test_what_is_read(text: str, weights: tuple[float, float, float], again: str) -> None:
    assert Objective.of_text(text) == Objective(*weights)
    assert str(Objective.of_text(text)) == again


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "`` is nothing to plan for"),
        ("speed", "`speed` is nothing to plan for"),
        ("Time", "`Time` is nothing to plan for"),
        ("time=1,", "`` is nothing to plan for"),
        ("time=1,time=2", "`time` stands twice"),
        ("time,time", "`time` stands twice"),
        ("time=", "the weight of time is ``, not a number"),
        ("time=fast", "the weight of time is `fast`, not a number"),
        ("time=1=2", "the weight of time is `1=2`, not a number"),
        ("time=nan", "the weight of time is nan, not 0 or more and finite"),
        ("ebits=1,time=inf", "the weight of time is inf, not 0 or more and finite"),
        ("ebits=1e999", "the weight of ebits is inf, not 0 or more and finite"),
        ("fidelity=-1", "the weight of fidelity is -1, not 0 or more and finite"),
        ("ebits=0,time=0", "all weights are 0"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UsageError) as refusal:
        Objective.of_text(text)
    assert str(refusal.value) == f"--objective: {reason}"
    assert "ebits=1,time=2" in refusal.value.hint


@given(OBJECTIVES)
def test_what_is_written_reads_back(objective: Objective) -> None:
    assert Objective.of_text(str(objective)) == objective


def test_a_loss_is_a_weighted_sum_of_ratios() -> None:
    """Half the time, and a process fidelity of e^-1 where the plan for e-bits has e^-0.5, by weights 3 and 1."""
    assert Objective(time=3, fidelity=1).loss(Figures(99.0, 1.0, 1.0), ONE) == 3 * 0.5 + 1 * 2.0
    assert Objective(1, 2, 3).loss(ONE, ONE) == 6.0


@pytest.mark.parametrize("name", NAMES)
def test_nothing_over_nothing_is_one_and_something_over_nothing_is_worst(name: str) -> None:
    objective = Objective(**{name: 2.0})
    free = Figures(0.0, 0.0, 0.0)
    assert objective.loss(free, free) == 2.0
    assert objective.loss(ONE, free) == math.inf
    assert objective.loss(free, ONE) == 0.0


def test_what_weighs_nothing_is_not_looked_at() -> None:
    assert Objective.TIME.loss(Figures(5.0, 1.0, 0.3), Figures(0.0, 1.0, 0.0)) == 1.0


def test_what_is_unknown_is_as_bad_as_can_be() -> None:
    unknown = Figures(1.0, math.inf, math.inf)
    assert Objective.FIDELITY.loss(unknown, ONE) == math.inf
    assert Objective.FIDELITY.loss(unknown, unknown) == 1.0
    assert Objective.FIDELITY.loss(ONE, unknown) == 0.0


@given(OBJECTIVES, st.lists(FIGURES, min_size=1, max_size=8))
def test_the_smallest_loss_is_undominated_if_ties_go_to_the_smaller_figures(
    objective: Objective, found: list[Figures]
) -> None:
    best = min(found, key=lambda figures: (objective.loss(figures, found[0]), figures))
    assert not any(figures.dominates(best) for figures in found)


@given(FIGURES, FIGURES, FIGURES)
def test_dominance_is_a_strict_order(one: Figures, two: Figures, three: Figures) -> None:
    assert not (one.dominates(two) and two.dominates(one))
    assert not one.dominates(one)
    if one.dominates(two) and two.dominates(three):
        assert one.dominates(three)
