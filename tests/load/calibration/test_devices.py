"""IBM's files -> devices: what works, and one number for many. All numbers are made up, to be checked by hand."""

from __future__ import annotations

import json

import pytest

from dqplan.core.errors import HardwareError
from dqplan.load.calibration.device import Device, Reduction
from dqplan.load.calibration.read_calibration import read_device
from dqplan.load.source import Source
from tests.load.calibration.devices import CSV_HEADER, number, properties, properties_text, table_text


def device(text: str, name: str = "made_up.json") -> Device:
    return read_device(Source(name, text))


def values(found: Device, reduction: Reduction = Reduction.MEDIAN) -> dict[str, float]:
    return {name: number.value for name, number in found.numbers(reduction).items()}


EXPECTED = {
    "one_qubit.fidelity": 0.9997,
    "one_qubit.duration_s": 32e-9,
    "two_qubit.fidelity": 0.995,
    "two_qubit.duration_s": 68e-9,
    "readout.fidelity": 0.97,
    "readout.duration_s": 1.5e-6,
    "t1_s": 140e-6,
    "t2_s": 100e-6,
}
"""The medians of the numbers in `devices.py`."""


def test_properties_become_medians() -> None:
    found = device(properties_text())
    assert values(found) == pytest.approx(EXPECTED | {"reset.duration_s": 1.6e-6})
    assert (found.name, found.date, found.num_qubits) == ("made_up", "2026-11-25T08:30:00Z", 5)
    assert (found.gates, found.one_qubit_gate, found.two_qubit_gate) == (("sx", "rz", "cz"), "sx", "cz")
    assert sorted(found.pairs) == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert found.left_out() == ""


@pytest.mark.parametrize("pairs", ["{b}:{value}", "{a}_{b}:{value}", " cz{a}_{b}: {value} "])
def test_a_table_says_the_same(pairs: str) -> None:
    """Partners, pairs, and pairs behind the gate's name, as the years brought them."""
    found = device(table_text(pairs=pairs), "made_up_2026-11-25.csv")
    assert values(found) == pytest.approx(EXPECTED)
    assert found.pairs == device(properties_text()).pairs
    assert found.date == "2026-11-25"


def test_the_mean_is_worse_than_the_median() -> None:
    """Errors 2, 4, 6 and 50 in a thousand: the median is 5, the mean 15.5, and either note tells the other."""
    found = device(properties_text())
    assert values(found, Reduction.MEAN)["two_qubit.fidelity"] == pytest.approx(1 - 0.0155)
    notes = [found.numbers(each)["two_qubit.fidelity"].note for each in (Reduction.MEDIAN, Reduction.MEAN)]
    assert notes[0].startswith("median of 4 pairs, mean 0.9845, 0.95 to 0.998")
    assert notes[1].startswith("mean of 4 pairs, median 0.995")


def test_the_uncertainty_is_half_of_what_lies_between_two_percentiles() -> None:
    """T1 of 100, 120, 140, 160 and 500 µs: the 16th percentile is 112.8, the 84th 282.4, half of the way 84.8."""
    number = device(properties_text()).numbers()["t1_s"]
    assert number.uncertainty == pytest.approx(84.8e-6)
    assert device(properties_text()).numbers()["readout.duration_s"].uncertainty is None


def test_pairs_with_an_error_of_one_do_not_work() -> None:
    """Without the pair 3-4, qubit 4 has no partner: it is left out, with its numbers."""
    found = device(properties_text(cz={(3, 4): 1.0}))
    assert found.dead == {(3, 4)}
    assert list(found.working) == [0, 1, 2, 3]
    assert values(found)["t1_s"] == pytest.approx(130e-6)
    assert values(found)["two_qubit.fidelity"] == pytest.approx(0.996)
    assert found.left_out() == "1 qubit (4) and 1 pair that do not work, or not well enough, are left out"


def test_the_largest_part_is_kept() -> None:
    """Without 1-2 there are 0-1 and 2-3-4."""
    assert list(device(properties_text(cz={(1, 2): 1.0})).working) == [2, 3, 4]


def test_what_is_said_not_to_be_operational_does_not_work() -> None:
    document = properties()
    document["qubits"][0].append(number("operational", 0))
    document["gates"][-6]["parameters"].append(number("operational", False))
    assert document["gates"][-6]["qubits"] == [4, 3]
    assert list(device(json.dumps(document)).working) == [1, 2, 3]
    rows = table_text().replace("Yes\n", "No\n", 1)
    assert list(device(rows, "x.csv").working) == [1, 2, 3, 4]


def test_a_readout_that_is_always_wrong_is_no_readout() -> None:
    """Of errors 1, 2, 3, 4 in a hundred and 1, the last is left out of the median."""
    document = properties()
    document["qubits"][4][3]["value"] = 1.0
    assert values(device(json.dumps(document)))["readout.fidelity"] == pytest.approx(0.975)


def test_the_better_direction_of_a_pair_counts() -> None:
    document = properties()
    document["gates"][10]["parameters"] = [number("gate_error", 0.003), number("gate_length", 100, "ns")]
    assert document["gates"][10]["qubits"] == [0, 1]
    found = device(json.dumps(document))
    assert found.samples["two_qubit.fidelity"][0, 1] == pytest.approx(0.998)
    assert found.samples["two_qubit.duration_s"][0, 1] == pytest.approx(68e-9)


def test_unknown_numbers_stay_unknown() -> None:
    """IBM writes null, or 0 for a lifetime; in tables a cell is empty."""
    found = device(properties_text(t1_us=(None, 0, 140.0, None, None)))
    assert found.samples["t1_s"] == {(2,): pytest.approx(140e-6)}
    cells = table_text().splitlines()
    cells[1] = cells[1].replace("0,100.0,", "0,,", 1)
    assert (0,) not in device("\n".join(cells), "x.csv").samples["t1_s"]


def test_a_configuration_has_couplings_and_no_numbers() -> None:
    text = json.dumps(
        {
            "backend_name": "c",
            "n_qubits": 3,
            "basis_gates": ["cz", "id", "sx"],
            "coupling_map": [[0, 1], [1, 0], [1, 2]],
        }
    )
    found = device(text)
    assert (found.gates, sorted(found.pairs), values(found)) == (("cz", "sx"), [(0, 1), (1, 2)], {})


BROKEN_DOCUMENTS = {
    "T1 is -1": properties(t1_us=(-1.0, 1, 1, 1, 1)),
    "T1 is nan": properties(t1_us=(float("nan"), 1, 1, 1, 1)),
    "T1 is 1000000000000": properties(t1_us=(10**400, 1, 1, 1, 1)),
    "`gates` is no list": properties(gates=5),
    "0 qubits": properties(qubits=[]),
    "qubit 0 is no list": properties(qubits=[7]),
    "names qubit 9": properties(gates=[{"gate": "cz", "qubits": [0, 9]}]),
    "has no `gate`": properties(gates=[{"qubits": [0]}]),
    "has no `qubits`": properties(gates=[{"gate": "x", "qubits": []}]),
    "units are s, ms": properties(qubits=[[number("T1", 5, "years")]]),
}


@pytest.mark.parametrize("message", BROKEN_DOCUMENTS)
def test_broken_properties_are_refused(message: str) -> None:
    with pytest.raises(HardwareError, match=message):
        device(json.dumps(BROKEN_DOCUMENTS[message]))


BROKEN_TABLES = {
    "2: `x` stands where a number": "x,1,0.1,0.1,0.1,5,0,32,0,0,0,,,0,Yes",
    "2: `-1` stands where a number": "-1,1,0.1,0.1,0.1,5,0,32,0,0,0,,,0,Yes",
    "2: `7:0.1` names a pair": "1,1,0.1,0.1,0.1,5,0,32,0,0,0,7:0.1,,0,Yes",
    "2: `0:0.1` names a pair": "1,1,0.1,0.1,0.1,5,0,32,0,0,0,0:0.1,,0,Yes",
    "2: `12:03` is not as|2: `12:03` names a pair": "1,1,0.1,0.1,0.1,5,0,32,0,0,0,12:03,,0,Yes",
    "2: the row has 3 cells, the header 16": "1,2",
}


@pytest.mark.parametrize("message", BROKEN_TABLES)
def test_broken_tables_are_refused_with_their_line(message: str) -> None:
    with pytest.raises(HardwareError) as caught:
        device(f"{CSV_HEADER}\n0,{BROKEN_TABLES[message]}\n", "t.csv")
    assert any(str(caught.value).startswith(f"t.csv:{each}") for each in message.split("|"))


def test_a_qubit_may_stand_in_one_row_only() -> None:
    lines = table_text().splitlines()
    with pytest.raises(HardwareError, match=r"t.csv:7: qubit 0 stands in line 2 already"):
        device("\n".join([*lines, lines[1]]), "t.csv")


def test_a_file_of_readings_is_no_device() -> None:
    with pytest.raises(HardwareError, match="single readings, not a whole processor"):
        device("part,quantity,value\nm0,t1_s,1\n", "x.csv")
