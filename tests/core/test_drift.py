"""How far numbers have moved, and whether for the worse."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from dqplan.core.drift import Drift, drifts_between
from dqplan.core.hardware import Hardware, Link, Module, Operating, Provenance
from dqplan.core.quantities import LINK_QUANTITIES, MODULE_QUANTITIES, Kind, Quantity

QUANTITIES = {**MODULE_QUANTITIES, **LINK_QUANTITIES}


@pytest.mark.parametrize(
    ("name", "was", "found", "worse"),
    [
        ("two_qubit.fidelity", 0.99, 0.985, 0.5),
        ("two_qubit.fidelity", 0.985, 0.99, 0.0),
        ("two_qubit.fidelity", 1.0, 0.99, math.inf),
        ("two_qubit.duration_s", 1e-6, 3e-6, 2.0),
        ("two_qubit.duration_s", 3e-6, 1e-6, 0.0),
        ("t1_s", 4.0, 3.0, 0.25),
        ("t1_s", 3.0, 4.0, 0.0),
        ("ebit.rate_hz", 10.0, 5.0, 0.5),
        ("length_m", 10.0, 15.0, 0.5),
        ("length_m", 10.0, 5.0, 0.5),
        ("data", 10, 9, 0.1),
        ("latency_s", 0.0, 1e-6, math.inf),
        ("latency_s", 0.0, 0.0, 0.0),
    ],
)
def test_worse_means_another_way_for_each_number(name: str, was: float, found: float, worse: float) -> None:
    """Fidelities by what they lack, times by how much longer, rates by how much less, lengths either way."""
    assert QUANTITIES[name].worsening(was, found) == pytest.approx(worse)


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [
        (Kind.FIDELITY, [0, 0.5, 1], [-0.1, 1.1, math.nan, math.inf]),
        (Kind.SECONDS, [0, 1e9], [-1, math.inf]),
        (Kind.LIFETIME, [1e-9], [0, -1]),
        (Kind.COUNT, [0, 7], [-1, 0.5, 10**7]),
        (Kind.CHANNELS, [1], [0, 1.5]),
    ],
)
def test_ranges(kind: Kind, inside: list[float], outside: list[float]) -> None:
    assert all(map(kind.allows, inside))
    assert not any(map(kind.allows, outside))


def test_the_difference_in_units_of_both_uncertainties() -> None:
    """From 10 +- 3 to 5 +- 4: one sigma of 5."""
    quantity = LINK_QUANTITIES["ebit.rate_hz"]
    drift = Drift("a--b", quantity, 10.0, 5.0, Provenance(uncertainty=3), Provenance(uncertainty=4))
    assert drift.sigmas == pytest.approx(-1)
    assert replace(drift, old=Provenance(), new=Provenance()).sigmas is None
    assert replace(drift, was=None).sigmas is None
    assert replace(drift, was=None).worsening == 0


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_can_be_set_read_and_compared(name: str) -> None:
    quantity: Quantity = QUANTITIES[name]
    module = Module("a", 1, 1, one_qubit=Operating("x", 0.5, 1.0))
    old = Hardware("h", (module, replace(module, name="b")), (Link(0, 1, ebit_fidelity=0.3),))
    link = name in LINK_QUANTITIES
    part = quantity.put(old.links[0] if link else module, 1 if quantity.kind.allows(1) else 0.5)
    part = quantity.put(part, 9 if quantity.kind.allows(9) else 0.9)  # type: ignore[type-var]
    assert quantity.of(part) in (9, 0.9)
    new = replace(old, links=(part,)) if link else replace(old, modules=(part, old.modules[1]))
    (drift,) = drifts_between(old, new)  # type: ignore[arg-type]
    assert (drift.part, drift.quantity, drift.found) == ("a--b" if link else "a", quantity, quantity.of(part))
