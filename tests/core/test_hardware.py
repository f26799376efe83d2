"""Derived numbers of a network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dqplan.core.hardware import Hardware, Link, Module


def row(**link: float) -> Hardware:
    """Three modules in a line that forget in 2 s and 3 s, and do not."""
    modules = (Module("a", 1, t2_s=9.0, comm_t2_s=2.0), Module("b", 1, t2_s=3.0), Module("c", 1))
    return Hardware("row", modules, (Link(0, 1, **link), Link(1, 2, **link)))


def test_pairs_per_lifetime_count_both_ends_and_all_channels() -> None:
    """1 / (1/2 + 1/3) s, at 2 x 5 pairs a second; a comm qubit's own T2 comes before the module's."""
    hardware = row(rate_hz=5.0)
    links = [replace(link, parallel_channels=2) for link in hardware.links]
    assert hardware.pairs_per_lifetime(links[0]) == pytest.approx(12.0)
    assert hardware.pairs_per_lifetime(links[1]) is None
    assert row().pairs_per_lifetime(row().links[0]) is None


def test_messages_take_the_fastest_chain_of_links() -> None:
    latency = row(latency_s=1e-3).latency_s
    assert latency[0, 2] == pytest.approx(2e-3)
    assert latency[1, 1] == 0.0
    assert Hardware("apart", row().modules, ()).latency_s[0, 1] == 0.0


def test_links_of_one_weight_are_not_weighted() -> None:
    assert not row(weight=3.0).weighted
    hardware = row()
    assert replace(hardware, links=(hardware.links[0], replace(hardware.links[1], weight=2.0))).weighted
