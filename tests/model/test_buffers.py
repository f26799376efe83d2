"""Which of the pairs that wait is used, and which are thrown away: cases that hands can check, and ages in trials."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dqplan.model.buffers import Buffers
from dqplan.model.purification import Recurrence

SOON = Recurrence((), 1e-9)
"""Pairs that are there at once."""


def buffers(made: list[list[float]], cutoff_s: float = math.inf, recurrence: Recurrence = SOON) -> Buffers:
    """Pairs of one link, on qubits 0 and 1, 2 and 3, …, with the times at which they were made in each trial."""
    free = np.repeat(np.array(made), 2, axis=0)
    found = Buffers(free, [recurrence], [cutoff_s], [np.zeros((1, free.shape[1]))], np.random.default_rng(0))
    for number in range(len(made)):
        found.put(0, (2 * number, 2 * number + 1))
    return found


@pytest.mark.parametrize(
    ("made", "wanted", "start", "left"),
    [
        ((1.0, 3.0), 4.0, 4.0, (3.0, 1.0)),  # both wait: the youngest, and the other one stays
        ((3.0, 1.0), 4.0, 4.0, (3.0, 1.0)),  # it is the youngest already
        ((3.0, 1.0), 2.0, 2.0, (1.0, 3.0)),  # one is there, and the other is not
        ((5.0, 3.0), 2.0, 3.0, (3.0, 5.0)),  # the first that comes
        ((1.0, 3.0), 2.0, 2.0, (1.0, 3.0)),  # what comes later is of no use
    ],
)
def test_the_youngest_pair_is_used(
    made: tuple[float, float], wanted: float, start: float, left: tuple[float, float]
) -> None:
    found = buffers([[made[0]], [made[1]]])
    assert found.take(found.pop([0]), np.array([wanted])) == pytest.approx([start])
    assert found.free[:, 0] == pytest.approx([left[0], left[0], left[1], left[1]])


def test_trials_are_independent() -> None:
    found = buffers([[1.0, 1.0, 5.0], [2.0, 3.0, 4.0]])
    assert found.take(found.pop([1]), np.array([2.5, 2.5, 2.5])) == pytest.approx([2.5, 2.5, 4.0])
    assert found.free[0] == pytest.approx([2.0, 1.0, 4.0])


def test_a_pair_that_is_used_waits_no_longer() -> None:
    found = buffers([[1.0], [2.0]])
    found.take(found.pop([0]), np.array([3.0]))
    assert found.pop([1]) == []
    assert found.take(found.pop([2]), np.array([3.0])) == pytest.approx([3.0])
    assert found.free[2:, 0] == pytest.approx([1.0, 1.0])


def test_what_is_too_old_is_made_again() -> None:
    """Made at 0 and 3 and 6 and 9; at 10 the last one is 1 s old."""
    found = buffers([[0.0]], cutoff_s=3.0)
    assert found.take(found.pop([0]), np.array([10.0])) == pytest.approx([10.0])
    assert found.free[:, 0] == pytest.approx([9.0, 9.0])
    assert found.remade == [3]


def test_making_again_takes_a_channel() -> None:
    """Of two channels, one is busy until 7: what is too old at 3, and at 3.5, is made by the other."""
    found = buffers([[0.0], [0.5]], cutoff_s=3.0)
    found.channels = [np.array([[7.0], [0.0]])]
    assert found.take(found.pop([0]), np.array([5.0])) == pytest.approx([5.0])
    assert found.free[:, 0] == pytest.approx([3.5, 3.5, 3.0, 3.0])  # both were made again, and the younger one is used
    assert found.channels[0][:, 0] == pytest.approx([7.0, 3.5])


def test_an_operation_waits_for_what_is_made_again() -> None:
    found = buffers([[0.0] * 1000], cutoff_s=1.0, recurrence=Recurrence((), 1.0))
    start = found.take(found.pop([0]), np.full(1000, 1.5))
    assert start.min() == 1.5
    assert (start - 1.5).mean() == pytest.approx(math.exp(-0.5), rel=0.15)  # beyond 0.5 s, a mean of 1 s again


def test_both_pairs_of_a_swap_are_young_at_once() -> None:
    """Pairs of two links, of which either grows too old while the other is made again."""
    free = np.zeros((4, 500))
    channels = [np.zeros((1, 500)) for _ in range(2)]
    found = Buffers(free, [Recurrence((), 1.0)] * 2, [2.0, 2.0], channels, np.random.default_rng(3))
    found.put(0, (0, 1))
    found.put(1, (2, 3))
    start = found.take(found.pop([1, 2]), np.full(500, 5.0))
    assert (start - found.free[[1, 2]]).max() <= 2.0
    assert (start - found.free[[1, 2]]).min() >= 0.0


def test_pairs_can_grow_old_very_often() -> None:
    """In 100 s each of them, with its wait, lasts 2 ms: about 50,000 renewals, far too many to look at one by one."""
    found = buffers([[0.0] * 100], cutoff_s=1e-3, recurrence=Recurrence((), 1e-3))
    start = found.take(found.pop([0]), np.full(100, 100.0))
    assert (start - found.free[0]).max() <= 1e-3
    assert found.remade[0] / 100 == pytest.approx(50_000, rel=0.01)
    assert (start > 100.0).mean() == pytest.approx(0.5, abs=0.2)  # it waits, or is being made, half of the time each


def test_direct_gates_are_no_pairs_that_wait() -> None:
    found = Buffers(np.zeros((2, 1)), [None], [math.inf], [np.zeros((1, 1))], np.random.default_rng(0))
    found.put(0, (0, 1))
    assert found.pop([0]) == []
