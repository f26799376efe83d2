"""What verify says of a circuit that was cut: all is well, or which file is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import dqplan
from dqplan.core.circuit import Circuit
from dqplan.core.errors import PlanError
from dqplan.load.load_circuit import load_circuit
from tests.cut.cases import cut_and_written, ghz, islands

Files = dict[str, str]


@pytest.fixture(scope="module")
def written() -> tuple[Circuit, Files]:
    circuit = load_circuit("sample_circuits/qaoa_8.qasm")
    return circuit, cut_and_written(circuit, islands((2, 2), 4))[1]


def _failed(files: Files, circuit: Circuit) -> dict[str, str]:
    verdict = dqplan.verify_cuts(files, circuit)
    return {check.name: check.detail for check in verdict.checks if check.status is dqplan.Status.FAILED}


def _changed(files: Files, change: Callable[[dict[str, Any]], object]) -> Files:
    document = json.loads(files["cuts.json"])
    change(document)
    return {**files, "cuts.json": json.dumps(document)}


def test_all_is_proved(written: tuple[Circuit, Files]) -> None:
    circuit, files = written
    verdict = dqplan.verify_cuts(files, circuit)
    assert verdict.holds
    assert {check.status for check in verdict.checks} == {dqplan.Status.PROVED}
    assert [check.name for check in verdict.checks] == [
        "files",
        "recount",
        "sums of the cuts",
        "islands together",
        "island0",
        "island1",
        "subexperiments",
    ]


WRONG: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("coefficient", lambda d: d["cuts"][0]["terms"][2].update(coefficient=0.3), "sums of the cuts"),
    ("flipped coefficient", lambda d: _flip(d["cuts"][1]["terms"][4]), "sums of the cuts"),
    ("sign", lambda d: d["cuts"][0]["terms"][2].update(signed=[False, False]), "sums of the cuts"),
    ("operation", lambda d: d["operations"]["s"].update(gates=["t"]), "sums of the cuts"),
    ("angle", lambda d: d["cuts"][0].update(angle=0.5), "sums of the cuts"),
    ("overhead", lambda d: d.update(overhead=20.0), "sums of the cuts"),
    ("allowed", lambda d: d.update(max_overhead=5.0), "sums of the cuts"),
    ("bound", lambda d: d.update(least_overhead=100.0), "sums of the cuts"),
    ("ends", lambda d: _exchange_ends(d), "islands together"),
    ("order", lambda d: d["order"].reverse(), "islands together"),
    ("outputs", lambda d: d["outputs"].reverse(), "islands together"),
    ("missing", lambda d: d["islands"][0]["subexperiments"].pop(), "subexperiments"),
    ("exchanged", lambda d: _exchange_programs(d), "subexperiments"),
    ("ebits", lambda d: d["islands"][0].update(ebits=0), "recount"),
    ("shots", lambda d: d.update(shots_per_island=10.0), "recount"),
    ("digest", lambda d: d["circuit"].update(digest="0" * 64), "files"),
]


def _flip(term: dict[str, Any]) -> None:
    term["coefficient"] = -term["coefficient"]


def _exchange_ends(document: dict[str, Any]) -> None:
    first, second = (cut["ends"] for cut in document["cuts"])
    first[0], second[0] = second[0], first[0]


def _exchange_programs(document: dict[str, Any]) -> None:
    first, second, *_ = document["islands"][1]["subexperiments"]
    first["operations"], second["operations"] = second["operations"], first["operations"]


@pytest.mark.parametrize(("change", "check"), [wrong[1:] for wrong in WRONG], ids=[wrong[0] for wrong in WRONG])
def test_a_planted_fault_in_the_document_is_found(
    written: tuple[Circuit, Files], change: Callable[[dict[str, Any]], object], check: str
) -> None:
    circuit, files = written
    assert check in _failed(_changed(files, change), circuit)


@pytest.mark.parametrize("name", ["island1/03.qasm", "island0/07_m1.qasm", "island0/11.qasm"])
def test_a_program_that_was_altered_is_found(written: tuple[Circuit, Files], name: str) -> None:
    circuit, files = written
    lines = files[name].splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if line.startswith(("h ", "u3", "rx", "p(", "cz", "cp")))
    altered = {**files, name: "".join([*lines[:place], *lines[place + 1 :]])}
    assert name.partition(".")[0] in _failed(altered, circuit)["subexperiments"]


def test_a_module_that_measures_an_end_declares_its_bit(written: tuple[Circuit, Files]) -> None:
    circuit, files = written
    names = [name for name in files if "_m" in name and "cut[0] = measure" in files[name]]
    altered = {**files, names[0]: files[names[0]].replace("bit[2] cut;\n", "")}
    assert names[0].partition("_")[0] in _failed(altered, circuit)["subexperiments"]


def test_an_island_that_was_altered_is_found(written: tuple[Circuit, Files]) -> None:
    """Circuit and programs of an island, all changed alike: together the islands are no longer the circuit."""
    circuit, files = written
    altered = {
        name: text.replace("u3(pi/4", "u3(pi/5") if name.startswith("island1/") else text
        for name, text in files.items()
    }
    assert altered != files
    assert "islands together" in _failed(altered, circuit)


def test_another_circuit_is_found(written: tuple[Circuit, Files]) -> None:
    assert {"files", "islands together"} <= set(_failed(written[1], ghz(8)))
    assert {"files", "islands together"} <= set(_failed(written[1], load_circuit("sample_circuits/ghz_8.qasm")))
    assert {"files", "islands together"} <= set(_failed(written[1], ghz(3)))


def test_a_document_that_contradicts_itself_is_refused(written: tuple[Circuit, Files]) -> None:
    circuit, files = written
    for change in (
        lambda d: d["cuts"].pop(),
        lambda d: d["islands"][0].update(clbits=[99]),
        lambda d: d["islands"][0]["subexperiments"][0].update(operations=["q", "q"]),
        lambda d: d["order"].append([7, 1]),
    ):
        with pytest.raises(PlanError, match="contradicts itself"):
            dqplan.verify_cuts(_changed(files, change), circuit)
    with pytest.raises(PlanError, match=r"island1/plan\.json is missing"):
        dqplan.verify_cuts({name: text for name, text in files.items() if name != "island1/plan.json"}, circuit)


def test_operations_that_undo_gates_are_no_fault() -> None:
    """An S at an end between two turns makes them cancel, so that the program differs from the circuit's text."""
    text = """OPENQASM 3.0; include "stdgates.inc"; qubit[3] q; bit[3] c;
        cz q[0], q[1]; sx q[1]; cz q[1], q[2]; sx q[1]; cz q[0], q[1]; c = measure q;"""
    from dqplan.load.load_circuit import circuit_of_text

    circuit = circuit_of_text(text, "undone.qasm")
    _, files = cut_and_written(circuit, islands((1, 1), 1))
    assert dqplan.verify_cuts(files, circuit).holds
