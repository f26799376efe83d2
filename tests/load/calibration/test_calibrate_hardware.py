"""Measured values over a hardware's numbers: what changes, what does not, and what is refused, with file and line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqplan.core.drift import drifts_between
from dqplan.core.errors import HardwareError
from dqplan.core.hardware import Basis, Hardware
from dqplan.core.quantities import LINK_QUANTITIES, MODULE_QUANTITIES
from dqplan.load.calibration.calibrate_hardware import Calibrated, calibrate_hardware
from dqplan.load.calibration.read_calibration import read_calibration
from dqplan.load.hardware_files.document import hardware_yaml
from dqplan.load.load_hardware import load_hardware, read_hardware
from dqplan.load.source import Source
from tests.load.calibration.devices import properties_text

HEADER = "part,qubits,quantity,value,unit,uncertainty,date,source"
OXFORD = load_hardware("oxford_2025")
LINE = load_hardware("line:4x5+2")


def calibrated(hardware: Hardware, *rows: str, module: str = "", name: str = "d.csv") -> Calibrated:
    text = "\n".join([HEADER, *rows]) + "\n"
    return calibrate_hardware(hardware, [read_calibration(Source(name, text))], module=module)


def test_a_measured_number_replaces_the_old_one_and_says_where_it_comes_from() -> None:
    found = calibrated(OXFORD, "alice--bob,,ebit.rate_hz,7.1,,0.2,2026-11-26,")
    assert found.hardware.links[0].rate_hz == 7.1
    origin = found.hardware.provenance["links.0.ebit.rate_hz"]
    assert (origin.basis, origin.source, origin.uncertainty, origin.date) == (
        Basis.MEASURED,
        "d.csv",
        0.2,
        "2026-11-26",
    )
    (drift,) = found.drifts
    assert (drift.part, drift.was, drift.found) == ("alice--bob", 9.7, 7.1)
    assert drift.worsening == pytest.approx(2.6 / 9.7)
    assert drift.sigmas == pytest.approx(-2.6 / 0.2)


def test_all_other_numbers_keep_their_values_and_bases() -> None:
    found = calibrated(OXFORD, "alice--bob,,ebit.rate_hz,7.1,,0.2,2026-11-26,").hardware
    kept = {key: origin for key, origin in OXFORD.provenance.items() if key != "links.0.ebit.rate_hz"}
    assert {key: found.provenance[key] for key in kept} == kept
    assert [(drift.part, drift.quantity.name) for drift in drifts_between(OXFORD, found)] == [
        ("alice--bob", "ebit.rate_hz")
    ]
    assert found.modules == OXFORD.modules


def test_a_number_that_is_confirmed_has_not_moved() -> None:
    (drift,) = calibrated(OXFORD, "alice--bob,,ebit.rate_hz,9.7,,0.2,2026-11-26,").drifts
    assert (drift.moved, drift.worsening, drift.sigmas) == (False, 0.0, 0.0)


def test_parts_of_one_entry_part_ways_only_where_they_must() -> None:
    """Four modules by one count: one of them is measured, the other three stay as they are, and so do all names."""
    four = load_hardware("simref_nv_4x5")
    found = calibrated(four, "nv2,,t2_s,0.5,,,,", "nv0--nv1,,ebit.fidelity,0.7,,,,").hardware
    assert [module.name for module in found.modules] == [module.name for module in four.modules]
    assert [module.t2_s for module in found.modules] == [1, 1, 0.5, 1]
    assert [module.one_qubit for module in found.modules] == [module.one_qubit for module in four.modules]
    assert found.provenance[f"{found.modules[3].entry}.t2_s"] == four.provenance["modules.0.t2_s"]
    assert [link.ebit_fidelity for link in found.links] == [0.7, 0.8, *[0.75] * 4]
    assert [(link.a, link.b) for link in found.links] == [(link.a, link.b) for link in four.links]


def test_a_name_of_several_modules_means_each_of_them() -> None:
    found = calibrated(load_hardware("simref_nv_4x5"), "nv,,t2_s,0.8,,,,").hardware
    assert {module.t2_s for module in found.modules} == {0.8}
    assert len({module.entry for module in found.modules}) == 1


def test_single_qubits_are_put_together() -> None:
    """Three qubits of 100, 120 and 200 µs; the pair with an error of 1 does not work, the other has 7 in 1,000."""
    rows = [f"m0,{qubit},t1_s,{value},us,,," for qubit, value in enumerate((100, 120, 200))]
    found = calibrated(LINE, *rows, "m0,0 1,two_qubit.error,0.007,,,,", "m0,4 3,two_qubit.error,1,,,,")
    module = found.hardware.modules[0]
    assert module.t1_s == pytest.approx(120e-6)
    assert module.two_qubit.fidelity == pytest.approx(0.993)
    assert module.coupling is not None
    assert (len(module.coupling), (3, 4) in module.coupling) == (20, False)
    assert found.remarks == ("1 pair of m0 does not work and left its coupling map",)
    assert found.hardware.modules[1].coupling is None


def test_the_latest_value_counts() -> None:
    rows = [f"m0,,t1_s,{value},,,{date}," for value, date in ((1, "2026-11-01"), (3, "2026-11-26"), (2, "2026-11-10"))]
    assert calibrated(LINE, *rows).hardware.modules[0].t1_s == 3


def test_weights_of_errors_follow_the_fidelity() -> None:
    """From 0.9689 to 0.95 with the errors in their proportions; nobody measured these, so they are assumed now."""
    found = calibrated(OXFORD, "bob--alice,,ebit.fidelity,0.95,,0.002,2026-11-26,")
    old, new = OXFORD.links[0].bell_diagonal, found.hardware.links[0].bell_diagonal
    assert old is not None
    assert new is not None
    assert sum(new) == pytest.approx(1)
    assert [weight / 0.05 for weight in new[1:]] == pytest.approx([weight / sum(old[1:]) for weight in old[1:]])
    assert found.hardware.provenance["links.0.ebit.bell_diagonal"].basis is Basis.ASSUMED
    assert found.remarks == ("the remote gate of alice--bob still counts in place of its e-bits",)


def test_a_whole_device_needs_its_module_named_where_there_are_several() -> None:
    data = [read_calibration(Source("p.json", properties_text()))]
    with pytest.raises(HardwareError, match="has 4 modules, and the data do not say"):
        calibrate_hardware(LINE, data)
    found = calibrate_hardware(LINE, data, module="m1").hardware
    assert [module.t1_s for module in found.modules] == [None, pytest.approx(140e-6), None, None]
    assert found.modules[1].two_qubit.gate == "cz"
    assert found.provenance[f"{found.modules[1].entry}.t1_s"].source == "p.json 2026-11-25"


def test_couplings_are_kept_where_the_sizes_do_not_agree() -> None:
    data = [read_calibration(Source("p.json", properties_text(cz={(3, 4): 1.0})))]
    found = calibrate_hardware(load_hardware("all:1x9+0"), data)
    assert found.remarks == ("m0 has 9 qubits and the data 5: its couplings stay as they are",)
    five = calibrate_hardware(load_hardware("all:1x5+0"), data)
    assert five.remarks == ("1 pair of m0 does not work and left its coupling map",)


def test_json_and_yaml_say_the_same_as_csv() -> None:
    row = {"part": "m0", "qubits": [3], "quantity": "t1_s", "value": 181, "unit": "us", "date": "2026-11-26"}
    want = calibrated(LINE, "m0,3,t1_s,181,us,,2026-11-26,").hardware.digest
    for text in (json.dumps([row]), json.dumps({"schema": "dqplan.calibration/1", "readings": [row]})):
        assert calibrate_hardware(LINE, [read_calibration(Source("d.json", text))]).hardware.digest == want
    text = "- {part: m0, qubits: 3, quantity: t1_s, value: 181, unit: us, date: 2026-11-26}\n"
    assert calibrate_hardware(LINE, [read_calibration(Source("d.yaml", text))]).hardware.digest == want


MISTAKES = {
    "m9,,t1_s,1,,,,": "has no part `m9`",
    "m0--m3,,ebit.rate_hz,1,,,,": "has no part `m0--m3`",
    "m0,,t1_s,-1,,,,": "t1_s is -1; expected seconds, above 0",
    "m0,,t1_s,inf,,,,": "is no finite number",
    "m0,,t1_s,1_0,,,,": "is no finite number",
    "m0,,t1_s,,,,,": "`value` is missing",
    "m0--m1,,ebit.fidelity,1.01,,,,": "expected a fidelity, 0 to 1",
    "m0,,two_qubit.error,-0.1,,,,": "two_qubit.fidelity is 1.1 as a fidelity",
    "m0,,ebit.fidelity,0.9,,,,": "is a number of links",
    "m0,,t3_s,0.9,,,,": "there is no quantity `t3_s`",
    "m0,7,t1_s,1,,,,": "m0 has no qubit 7; its data and comm qubits are 0 to 6",
    "m0,1 2,t1_s,1,,,,": "t1_s concerns 1 qubit at a time, found 2",
    "m0,1 1,two_qubit.fidelity,0.9,,,,": "two_qubit.fidelity concerns 2 qubits at a time",
    "m0,one,t1_s,1,,,,": "is not one number or two",
    "m0,,t1_s,1,Hz,,,": "t1_s has no unit `Hz`",
    "m0,,t1_s,1,,-1,,": "the uncertainty is -1",
    "m0,,t1_s,1,,,yesterday,": "`yesterday` is no date",
    "m0,,data,2.5,,,,": "data is 2.5; expected a whole number",
}


@pytest.mark.parametrize("row", MISTAKES)
def test_mistakes_are_refused_with_file_and_line(row: str) -> None:
    with pytest.raises(HardwareError) as caught:
        calibrated(LINE, "m1,,t1_s,1,,,,", row)
    assert str(caught.value).startswith("d.csv:3: ")
    assert MISTAKES[row] in str(caught.value)


def test_a_value_may_stand_once_a_day() -> None:
    with pytest.raises(HardwareError, match=r"d.csv:3: t1_s of m0 stands in line 2 already"):
        calibrated(LINE, "m0,,t1_s,1,,,,", "m0,,t1_s,2,,,,")
    with pytest.raises(HardwareError, match=r"d.csv:3: t1_s of m0 stands in line 2 as a whole"):
        calibrated(LINE, "m0,,t1_s,1,,,,", "m0,3,t1_s,2,,,,")


def test_lifetimes_that_no_qubit_can_have_are_refused() -> None:
    with pytest.raises(HardwareError, match=r"d.csv:2: alice: T2 = 26 s exceeds 2 T1 = 6 s"):
        calibrated(OXFORD, "alice,,t1_s,3,,,,")


@pytest.mark.parametrize(
    "text", ["part,value\nm0,1\n", "part,quantity,value,colour\nm0,t1_s,1,red\n", "a\n\n", "{}", "[1]"]
)
def test_what_is_no_calibration_is_refused(text: str) -> None:
    with pytest.raises(HardwareError):
        read_calibration(Source("d.csv", text))


NUMBERS = [("m1", name) for name in ("t1_s", "two_qubit.fidelity", "comm_reset.duration_s", "data")]
NUMBERS += [("m0--m1", name) for name in ("ebit.fidelity", "ebit.rate_hz", "latency_s", "parallel_channels")]


@given(st.dictionaries(st.sampled_from(NUMBERS), st.floats(0.01, 1).map(lambda x: round(x, 6)), min_size=1))
def test_what_comes_out_is_a_hardware_file_that_says_what_was_measured(values: dict[tuple[str, str], float]) -> None:
    """Each number is read back from the YAML text as it was measured, and nothing else has changed."""
    whole = {"data": 3, "parallel_channels": 2}
    rows = [f"{part},,{name},{whole.get(name, value)},,,," for (part, name), value in values.items()]
    made = calibrated(LINE, *rows).hardware
    again = read_hardware(Source("again.yaml", hardware_yaml(made)))
    assert again.digest == made.digest
    assert again.provenance == made.provenance
    quantities = {**MODULE_QUANTITIES, **LINK_QUANTITIES}
    parts = {"m1": again.modules[1], "m0--m1": again.links[0]}
    for (part, name), value in values.items():
        assert quantities[name].of(parts[part]) == whole.get(name, value)
    moved = {(drift.part, drift.quantity.name) for drift in drifts_between(LINE, again)}
    assert moved <= values.keys()
