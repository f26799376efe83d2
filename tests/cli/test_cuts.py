"""Cutting from outside: split, run by Qiskit Aer, merge, verify; and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from qiskit import qasm3
from qiskit_aer import AerSimulator

from dqplan.cli.output.directory import check_directory
from dqplan.core.errors import OutputError, PlanError
from dqplan.load.cuts_document import cuts_schema
from dqplan.load.load_circuit import load_circuit
from dqplan.load.plan_document import plan_schema, read_directory
from tests.conftest import SAMPLES, Run

PAIR = """schema: dqplan.hardware/1
modules: [{name: m, count: 2, data: 4, comm: 0}]
links: [{between: [m0, m1], type: classical}]
"""
MIXED = """schema: dqplan.hardware/1
modules: [{name: a, count: 2, data: 2, comm: 2}, {name: b, data: 4, comm: 0}]
links:
- {between: [a0, a1], type: ebit, ebit: {fidelity: 1.0}}
- {between: [a1, b], type: classical}
"""
GHZ = """OPENQASM 3.0;
include "stdgates.inc";
qubit[130] q;
bit[130] c;
h q[0];
for int k in [0:128] { cx q[k], q[k + 1]; }
c = measure q;
"""
CUT_34 = ("-H", "net.yaml", "--max-overhead", "34", "--effort", "quick")
SEED = 5


def _results(folder: Path, shots: int, method: str = "automatic") -> dict[str, dict[str, int]]:
    """Counts of every subexperiment, as many shots as its share of those of its island."""
    document = json.loads((folder / "cuts.json").read_text())
    simulator = AerSimulator(seed_simulator=SEED, method=method)
    found = {}
    for each in (each for island in document["islands"] for each in island["subexperiments"]):
        circuit = qasm3.loads((folder / f"{each['name']}.qasm").read_text())
        known = circuit.decompose("epr") if "epr" in circuit.count_ops() else circuit
        found[each["name"]] = simulator.run(known, shots=max(2, round(shots * each["share"]))).result().get_counts()
    return found


def _expected(
    dqplan: Run, folder: Path, results: dict[str, dict[str, int]], *parities: str
) -> list[tuple[float, float]]:
    """What `merge` says of each product of Z, and its standard error."""
    file = folder.with_suffix(".json")
    file.write_text(json.dumps(results))
    done = dqplan(
        "merge", folder, file, "--format", "json", *(word for each in parities for word in ("--parity", each))
    )
    assert done.returncode == 0, done.stderr
    return [(each["value"], each["error"]) for each in json.loads(done.stdout)["parities"]]


def test_ghz_over_two_eagles(dqplan: Run, tmp_path: Path) -> None:
    """130 qubits do not fit into one machine of 127: neighbours agree for certain, single bits are a coin's."""
    (tmp_path / "ghz.qasm").write_text(GHZ)
    arguments = ("ghz.qasm", "-H", "ibm_eagle_classical_link_2024", "--effort", "quick")
    refused = dqplan("split", *arguments)
    assert refused.returncode == 3
    assert "or cut, with 9 times as many samples: --max-overhead 9" in refused.stderr
    done = dqplan("split", *arguments, "--max-overhead", "9", "-o", "out")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    found = _expected(dqplan, out, _results(out, 1500, "matrix_product_state"), "c[0] c[129]", "c[64] c[65]", "c[3]")
    for (value, error), wanted in zip(found, (1.0, 1.0, 0.0), strict=True):
        assert value == pytest.approx(wanted, abs=max(5 * error, 1e-9))
    assert found[2][1] < 0.15


@pytest.mark.parametrize(("network", "ebits"), [(PAIR, False), (MIXED, True)], ids=["classical", "mixed"])
def test_qaoa_gives_its_expectations(dqplan: Run, tmp_path: Path, network: str, ebits: bool) -> None:
    """<ZZ> of every edge of the ring is -1/2; with e-bits, the programs of one island are distributed themselves.

    A coefficient of the wrong sign is found by verify.
    """
    (tmp_path / "net.yaml").write_text(network)
    done = dqplan("split", SAMPLES / "qaoa_8.qasm", *CUT_34, "-o", "out", "--format", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    jsonschema.validate(document, cuts_schema())
    assert (sum(island["ebits"] for island in document["islands"]) > 0) == ebits
    assert {check["status"] for check in document["checks"]} == {"proved"}
    out = tmp_path / "out"
    edges = [f"c[{k}] c[{(k + 1) % 8}]" for k in range(8)]
    for value, error in _expected(dqplan, out, _results(out, 20_000), *edges):
        assert value == pytest.approx(-0.5, abs=5 * error)
        assert error < (2 * document["overhead"] / 20_000) ** 0.5  # the bound that the report tells
    if ebits:
        return
    document["cuts"][1]["terms"][3]["coefficient"] *= -1
    (out / "cuts.json").write_text(json.dumps(document))
    verdict = dqplan("verify", "out", "--format", "json")
    assert verdict.returncode == 1
    failed = [check for check in json.loads(verdict.stdout)["checks"] if check["status"] == "failed"]
    assert [check["name"] for check in failed] == ["sums of the cuts"]
    assert "the terms of cut 2 differ from the gate of line" in failed[0]["detail"]


def test_results_in_files_named_after_their_programs(dqplan: Run, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(PAIR.replace("data: 4", "data: 1"))
    (tmp_path / "bell.qasm").write_text(
        'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;'
    )
    assert dqplan("split", "bell.qasm", "-H", "net.yaml", "--max-overhead", "9", "-o", "out").returncode == 0
    for name, counts in _results(tmp_path / "out", 3000).items():
        (tmp_path / "results" / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / "results" / f"{name}.json").write_text(json.dumps(counts))
    table = dqplan("merge", "out", "results")
    assert table.returncode == 0, table.stderr
    assert "c[0] c[1]" in table.stdout
    assert "quasi-probability" in table.stdout
    missing = dqplan("merge", "out", "results/island0")
    assert missing.returncode == 2
    assert "results of 5 of 10 subexperiments are missing, the first is island1/0" in missing.stderr


def test_what_is_refused(dqplan: Run, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(PAIR)
    few = dqplan("split", SAMPLES / "qaoa_8.qasm", "-H", "net.yaml", "--max-overhead", "30", "--effort", "quick")
    assert few.returncode == 3
    assert "2 cuts between 2 islands would need 33.97 times as many samples, --max-overhead allows 30" in few.stderr
    assert "hint: --max-overhead 34" in few.stderr
    many = dqplan("split", SAMPLES / "qaoa_8.qasm", *CUT_34, "--max-subexperiments", "49")
    assert many.returncode == 3
    assert "make 50 subexperiments, --max-subexperiments allows 49" in many.stderr
    unmeasured = dqplan("split", SAMPLES / "ghz_8.qasm", "-H", "net.yaml")
    assert unmeasured.returncode == 3
    assert "circuits can be cut with --max-overhead, but the circuit measures nothing" in unmeasured.stderr


def test_directories_of_cuts_are_replaced_and_foreign_files_kept(dqplan: Run, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(PAIR)
    cutting = ("split", SAMPLES / "qaoa_8.qasm", *CUT_34, "-o", "out", "--no-check")
    assert dqplan(*cutting).returncode == 0
    before = {str(path.relative_to(tmp_path)): path.read_bytes() for path in (tmp_path / "out").rglob("*.qasm")}
    assert dqplan(*cutting).returncode == 0
    assert before == {str(path.relative_to(tmp_path)): path.read_bytes() for path in (tmp_path / "out").rglob("*.qasm")}
    with pytest.raises(PlanError, match="there is no plan") as info:
        read_directory(str(tmp_path / "out"))
    assert "name an island" in info.value.hint
    (tmp_path / "out" / "island1" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="island1/mine"):
        check_directory(str(tmp_path / "out"))


def test_an_error_budget_saves_e_bits(dqplan: Run, tmp_path: Path) -> None:
    """The QFT's small angles; the circuit in plan.json is the whole one, and all that is dropped is listed."""
    arguments = ("split", SAMPLES / "qft_16.qasm", "-H", "line:4x5+2", "--effort", "quick", "--format", "json")
    done = dqplan(*arguments, "--error-budget", "0.01", "-o", "out")
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    jsonschema.validate(plan, plan_schema())
    assert plan["circuit"]["digest"] == load_circuit(str(SAMPLES / "qft_16.qasm")).digest
    assert plan["cost"]["ebits"] <= 13
    assert plan["dropped"]["ebits_saved"] >= 11
    assert plan["dropped"]["infidelity"] <= 0.01
    verdict = dqplan("verify", "out")
    assert verdict.returncode == 0
    assert "dropped gates     proved" in verdict.stdout
    old = dqplan("split", SAMPLES / "qft_16.qasm", "-H", "line:4x5+2", "--against", "out")
    assert old.returncode == 2
    assert "the plan in out leaves out weak gates" in old.stderr


@pytest.mark.parametrize(
    "option", [("--timeline",), ("--map",), ("--pareto",), ("--error-budget", "0.1"), ("--report", "junit=x.xml")]
)
def test_what_is_for_one_plan_is_refused_where_there_are_many(option: tuple[str, ...], dqplan: Run) -> None:
    done = dqplan("split", SAMPLES / "qaoa_8.qasm", "-H", "line:2x4+0", "--max-overhead", "40", *option)
    assert done.returncode == 2
    assert f"{option[0]} is for one plan, but a circuit that is cut has many" in done.stderr
