"""Ladders of values, and hardware with another value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqplan.core.errors import UsageError
from dqplan.core.hardware import Basis, Hardware
from dqplan.load.hardware_files.document import hardware_document, hardware_of_document
from dqplan.load.load_hardware import load_hardware
from dqplan.size.quantity import Knob, Quantity

RATES = st.integers(-5_000, 10_000)
LOSSES = st.integers(-5_000, 0)


@given(RATES)
def test_rates_have_three_digits_and_a_place_each(step: int) -> None:
    rate = Quantity.RATE.value_at(step)
    assert rate < Quantity.RATE.value_at(step + 1) <= rate * 1.0101
    assert float(f"{rate:.2e}") == rate
    assert Quantity.RATE.step_of(rate, up=True) == Quantity.RATE.step_of(rate, up=False) == step


@given(LOSSES)
def test_fidelities_lie_closer_together_the_better_they_are(step: int) -> None:
    fidelity, better = (Quantity.FIDELITY.value_at(each) for each in (step, step + 1))
    assert fidelity < better <= 1
    assert better == 1 or (1 - better) > (1 - fidelity) / 1.0101
    assert Quantity.FIDELITY.step_of(fidelity, up=True) == Quantity.FIDELITY.step_of(fidelity, up=False) == step


@pytest.mark.parametrize(
    ("quantity", "value", "below", "above"),
    [
        (Quantity.RATE, 1234.0, 1230.0, 1240.0),
        (Quantity.RATE, 99.95, 99.9, 100.0),
        (Quantity.FIDELITY, 0.8996, 0.899, 0.9),
        (Quantity.FIDELITY, 0.90005, 0.9, 0.9001),
        (Quantity.FIDELITY, 0.9999999, 0.999999, 1.0),
        (Quantity.DATA, 4.0, 4, 4),
    ],
)
def test_what_lies_between_two_steps(quantity: Quantity, value: float, below: float, above: float) -> None:
    assert quantity.value_at(quantity.step_of(value, up=False)) == below
    assert quantity.value_at(quantity.step_of(value, up=True)) == above


def reread(hardware: Hardware) -> Hardware:
    return hardware_of_document(json.loads(json.dumps(hardware_document(hardware))))


@pytest.mark.parametrize(
    ("base", "knob", "value"),
    [
        ("line:3x4+2", Knob(Quantity.DATA), 7),
        ("line:3x4", Knob(Quantity.COMM, "m1"), 3),
        ("memq_xqna_v0", Knob(Quantity.RATE), 1230.0),
        ("oxford_2025", Knob(Quantity.FIDELITY), 0.9),
        ("quantnet_style_v0", Knob(Quantity.DATA), 9),
    ],
)
def test_hardware_with_another_value_can_be_written_and_read(base: str, knob: Knob, value: float) -> None:
    """What `-o` writes is the hardware that was planned on, down to the digest that seeds and reports depend on."""
    turned = knob.turned(load_hardware(base), value)
    assert reread(turned).digest == turned.digest != load_hardware(base).digest


def test_what_was_measured_is_no_longer_what_was_varied() -> None:
    oxford = load_hardware("oxford_2025")
    assert oxford.provenance["links.0.ebit.fidelity"].basis is Basis.MEASURED
    better = Knob(Quantity.FIDELITY).turned(oxford, 0.99)
    assert "links.0.ebit.fidelity" not in better.provenance
    assert better.provenance["links.0.ebit.rate_hz"].basis is Basis.MEASURED
    (link,) = better.links
    assert link.remote_gate.fidelity is None


def test_errors_of_an_ebit_keep_their_ratio() -> None:
    (link,) = load_hardware("oxford_2025").links
    (other,) = Knob(Quantity.FIDELITY).turned(load_hardware("oxford_2025"), 0.9).links
    assert link.bell_diagonal is not None
    assert other.bell_diagonal is not None
    scale = 0.1 / sum(link.bell_diagonal[1:])
    assert other.bell_diagonal == pytest.approx((0.9, *(error * scale for error in link.bell_diagonal[1:])))


def test_one_module_or_link_alone() -> None:
    line = load_hardware("line:3x4+2")
    assert [m.data_qubits for m in Knob(Quantity.DATA, "m1").turned(line, 9).modules] == [4, 9, 4]
    assert [link.rate_hz for link in Knob(Quantity.RATE, "m1--m2").turned(line, 9.0).links] == [None, 9.0]


@pytest.mark.parametrize(
    ("base", "knob", "said"),
    [
        ("line:3x4+2", Knob(Quantity.DATA, "m9"), "--only: `m9` has no data qubits here"),
        ("line:3x4+2", Knob(Quantity.RATE, "m0--m2"), "--only: `m0--m2` has no heralded e-bits here"),
        ("ibm_eagle_classical_link_2024", Knob(Quantity.RATE), "nothing with heralded e-bits"),
    ],
)
def test_nothing_to_vary(base: str, knob: Knob, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        knob.turned(load_hardware(base), 5)


def test_modules_with_a_coupling_map_keep_their_size() -> None:
    document = hardware_document(load_hardware("line:2x3+1"))
    document["modules"][0]["coupling"] = "line"  # type: ignore[index]
    hardware = hardware_of_document(document)
    with pytest.raises(UsageError, match="has a coupling map"):
        Knob(Quantity.DATA).turned(hardware, 5)
    assert Knob(Quantity.FIDELITY).turned(hardware, 0.5).links[0].ebit_fidelity == 0.5
