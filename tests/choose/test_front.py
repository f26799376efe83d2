"""The front holds what no candidate dominates, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dqplan.choose.front import undominated
from dqplan.choose.judge import Candidate
from dqplan.core.objective import Figures
from tests.core.test_objective import FIGURES


def candidates(found: list[Figures]) -> list[Candidate]:
    return [Candidate(None, figures) for figures in found]  # type: ignore[arg-type]  # plans are not looked at


@given(st.lists(FIGURES, max_size=12))
def test_no_listed_plan_dominates_another_and_each_candidate_is_listed_or_dominated(found: list[Figures]) -> None:
    listed = [candidate.figures for candidate in undominated(candidates(found))]
    assert not any(one.dominates(other) for one in listed for other in listed)
    for figures in found:
        assert figures in listed or any(one.dominates(figures) for one in listed)
    assert listed == sorted(set(listed))


def test_of_equal_candidates_the_first_is_listed() -> None:
    pair = candidates([Figures(1.0, 1.0, 1.0)] * 2)
    assert undominated(pair) == pair[:1]
