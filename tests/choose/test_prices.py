"""Links weigh what an e-bit over them costs by the objective."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from dqplan.choose.prices import HEAVIEST, Factors, busier, reweighted
from dqplan.core.hardware import Hardware, Link, LinkKind, Module, Operating
from dqplan.core.objective import Objective
from dqplan.core.plan import Plan
from tests.arbitrary_plans import arbitrary_plan
from tests.solve.circuits import ghz

FAST = Link(0, 1, ebit_fidelity=0.99, rate_hz=100.0, parallel_channels=2)
SLOW = Link(1, 2, ebit_fidelity=0.9, rate_hz=10.0, weight=3.0)
UNKNOWN = Link(0, 2, kind=LinkKind.EBIT)
CHIP = Link(2, 3, kind=LinkKind.DIRECT_GATE, remote_gate=Operating(None, 0.95, 0.05))


def network(*links: Link) -> Hardware:
    return Hardware("links", tuple(Module(f"m{i}", 2, 2) for i in range(4)), links)


def even(hardware: Hardware) -> Factors:
    return dict.fromkeys(hardware.quantum_links.values(), 1.0)


def weights(objective: Objective) -> list[float]:
    hardware = network(FAST, SLOW, UNKNOWN, CHIP)
    return [link.weight for link in reweighted(hardware, objective, even(hardware)).links]


def test_time_weighs_what_an_ebit_takes_on_all_channels_together() -> None:
    assert weights(Objective.TIME) == pytest.approx([1, 20, HEAVIEST, 10])


def test_fidelity_weighs_what_an_ebit_loses() -> None:
    """A gate that was measured counts with its process fidelity, (5 x 0.95 - 1) / 4."""
    lost = [-math.log(fidelity) for fidelity in (0.99, 0.9, 0.9375)]
    assert weights(Objective.FIDELITY) == pytest.approx([1, lost[1] / lost[0], HEAVIEST, lost[2] / lost[0]])


def test_ebits_weigh_what_the_file_says() -> None:
    assert weights(Objective.EBITS) == [1, 3, 1, 1]


def test_weights_of_objectives_add_up() -> None:
    assert weights(Objective(ebits=1, time=1))[:2] == pytest.approx([1, (3 + 20) / 2])


def test_perfect_links_weigh_the_same() -> None:
    links = [replace(FAST, ebit_fidelity=1.0), replace(SLOW, ebit_fidelity=1.0)]
    hardware = network(*links)
    assert [link.weight for link in reweighted(hardware, Objective.FIDELITY, even(hardware)).links] == [1, 1]


def test_the_busiest_link_gets_dearer_by_a_half() -> None:
    hardware = network(FAST, SLOW, replace(CHIP, a=0, b=3))
    plan: Plan = arbitrary_plan(ghz(4), hardware, seed=1)
    factors = busier(hardware, plan, even(hardware))
    assert max(factors.values()) == 1.5
    for link, factor in factors.items():
        assert (factor > 1) == (hardware.link_name(link.a, link.b) in plan.cost.ebits_by_link)
