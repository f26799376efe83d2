"""Comm qubits that are left to a program when pairs are purified, counted by hand."""

from __future__ import annotations

import pytest

from dqplan.core.hardware import Hardware, Link, Module
from dqplan.core.room import comm_limits


def row(comm: int | None, channels: int = 1) -> Hardware:
    """Three modules in a line."""
    modules = tuple(Module(f"m{i}", 1, comm) for i in range(3))
    links = tuple(Link(i, i + 1, ebit_fidelity=0.9, parallel_channels=channels) for i in range(2))
    return Hardware("row", modules, links)


@pytest.mark.parametrize(
    ("comm", "channels", "rounds", "left"),
    [
        (4, 1, {}, [4, 4, 4]),
        (4, 1, {"m0--m1": 1}, [3, 3, 4]),
        (4, 1, {"m0--m1": 2, "m1--m2": 1}, [2, 1, 3]),
        (4, 9, {"m0--m1": 1}, [2, 2, 4]),  # two are made at once, each of two pairs
        (4, 9, {"m0--m1": 3}, [1, 1, 4]),
        (2, 1, {"m0--m1": 1, "m1--m2": 1}, [1, 0, 1]),  # no room for both in the middle
        (None, 9, {"m0--m1": 3}, [None, None, None]),
    ],
)
def test_a_round_takes_a_comm_qubit_for_every_pair_that_is_made(
    comm: int | None, channels: int, rounds: dict[str, int], left: list[int | None]
) -> None:
    assert comm_limits(row(comm, channels), rounds) == left
