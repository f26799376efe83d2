"""Static placement: choices of modules, and the fallback where Mt-KaHyPar has no wheel."""

from __future__ import annotations

import sys

import pytest

from dqplan.core.hardware import Hardware, ideal_network
from dqplan.core.plan import Effort
from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.solve_plan import solve_plan
from dqplan.solve.static.static_placements import module_choices
from tests.solve.circuits import everyone, ghz, line, qft
from tests.solve.replay import check_plan


def test_fewer_modules_than_there_are() -> None:
    network = Network(everyone(4, 3))
    assert [len(modules) for modules in module_choices(network, network.groups, 5, sweep=True)] == [2, 3, 4]
    assert [len(modules) for modules in module_choices(network, network.groups, 5, sweep=False)] == [2, 4]


def test_chosen_modules_lie_together() -> None:
    network = Network(line(6, 2))
    for modules in module_choices(network, network.groups, 6, sweep=True):
        assert modules == list(range(modules[0], modules[0] + len(modules)))


def test_uneven_modules_are_filled_as_far_as_they_go() -> None:
    hardware = ideal_network("uneven", [1, 5, 2], None, [(0, 1), (1, 2), (0, 2)])
    plan = check_plan(solve_plan(ghz(8), hardware))
    assert plan.cost.ebits == plan.bound.ebits == 2
    assert plan.cost.peak_data == {"m0": 1, "m1": 5, "m2": 2}


def test_the_largest_modules_are_preferred() -> None:
    hardware = ideal_network("uneven", [2, 5, 2], None, [(0, 1), (1, 2), (0, 2)])
    assert solve_plan(ghz(7), hardware, effort=Effort.QUICK).cost.ebits == 1


@pytest.mark.parametrize(
    ("circuit", "hardware", "most"),
    [(ghz(12), everyone(3, 4), 2), (qft(8), everyone(2, 4), 4), (ghz(12), line(4, 3), 3)],
)
def test_without_mt_kahypar(circuit: Segments, hardware: Hardware, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing wheel costs quality, never the plan."""
    monkeypatch.setitem(sys.modules, "mtkahypar", None)
    plan = check_plan(solve_plan(circuit, hardware, effort=Effort.QUICK))
    assert plan.cost.ebits <= most
