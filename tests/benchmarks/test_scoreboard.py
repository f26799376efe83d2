"""The scoreboard itself: what counts, what is written, and the command from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dqplan.core.plan import Effort
from tests.benchmarks.documents import README, SCOREBOARD, readme_with, scoreboard_document, summary_text
from tests.benchmarks.instances import ROOT, SAMPLES, Instance, peers_instances
from tests.benchmarks.results import RECORDED, Result, merged, read_results, write_results
from tests.benchmarks.summary import Standing, family_of, losses, shares_of_proofs, standings
from tests.benchmarks.tables import blocks_of, csv_text, json_text, markdown
from tests.conftest import plain_environment

HARD = {
    "dSABRE (teledata only, hard ports, recorded)": 22,
    "TeleSABRE (recorded)": 9,
    "pytket-dqc (same device, ports as bound, recorded)": 48,
    "pytket-dqc (as published: even split, unbounded comm, recorded)": 7,
}


def result(name: str = "ae_32", ebits: int = 4, bound: int = 2, **peers: int) -> Result:
    return Result(
        Instance(f"circuits/{name}.qasm", "all:2x9", "relaxed", Effort.NORMAL, peers), 16, 2, ebits, bound, "", 1.0, 100
    )


def scoreboard(*arguments: str, bench: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = plain_environment() | ({"DQPLAN_BENCH": str(bench)} if bench else {})
    command = [sys.executable, "-m", "tests.benchmarks.scoreboard", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


def test_documents_agree_with_what_is_recorded() -> None:
    """If not: python -m tests.benchmarks.scoreboard --only NOTHING --write."""
    results = read_results()
    assert SCOREBOARD.read_text(encoding="utf-8") == scoreboard_document(results)
    text = README.read_text(encoding="utf-8")
    assert text == readme_with(summary_text(results), text)


def test_results_survive_being_written(tmp_path: Path) -> None:
    write_results(read_results(), tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text(encoding="utf-8") == RECORDED.read_text(encoding="utf-8")


def test_new_results_take_the_places_of_old_ones() -> None:
    old = [result("a", 5), result("b", 5)]
    assert merged(old, [result("b", 4)]) == [old[0], result("b", 4)]


def test_scripts_are_no_peers() -> None:
    assert result(DISQCO=5, **{"pytket-dqc": 8, "trial: 45 s": 1}).best_peers == (5, ["DISQCO"])
    assert result(**{"trial: 45 s": 1}).best_peers is None


def test_in_hard_accounting_only_plans_for_the_device_count() -> None:
    instance = replace(result().instance, accounting="hard", peers=HARD)
    assert replace(result(), instance=instance).best_peers == (22, ["dSABRE"])


def test_all_who_are_best_are_named() -> None:
    assert result(DISQCO=5, **{"pytket-dqc": 5, "memq-dqc": 6}).best_peers == (5, ["pytket-dqc", "DISQCO"])


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("draper_qft_adder_16", "adders"),
        ("qft_16", "QFT, phase estimation"),
        ("ae_nativegates_ibm_qiskit_opt3_25", "AE"),
        ("wstate_32", "W states"),
        ("pitfalls_6", "other"),
    ],
)
def test_families(name: str, family: str) -> None:
    assert family_of(result(name)) == family


def test_means_are_geometric_and_counts_are_by_ratio() -> None:
    results = [result(ebits=2, DISQCO=4), result(ebits=6, DISQCO=6), result("qft_16", ebits=16, DISQCO=4), result()]
    found = {standing.name: standing for standing in standings(results)}
    assert found["all"].mean_ratio == pytest.approx(2 ** (1 / 3))
    assert [found["all"].count(better) for better in (-1, 0, 1)] == [1, 1, 1]
    assert (found["all"].ebits, found["all"].best_peers) == (24, 14)
    assert found["AE"].mean_ratio == found["adders, AE, multipliers, W states, Grover, random"].mean_ratio
    assert losses(results) == [results[2]]


def test_no_ebits_count_as_one_in_the_mean() -> None:
    assert Standing("", [result(ebits=0, bound=0, DISQCO=2)]).mean_ratio == pytest.approx(0.5)
    assert result(ebits=0, bound=0, DISQCO=2).optimal


def test_shares_of_proofs() -> None:
    optimal, loose = result(ebits=2, bound=2, DISQCO=1), result(ebits=5, bound=2, DISQCO=1)
    sentences = shares_of_proofs([optimal, loose, replace(loose, num_modules=4), replace(loose, num_qubits=64)])
    assert [sentence.split(" inst")[0] for sentence in sentences] == ["1 of 2", "1 of 3"]


def bench_folder(tmp_path: Path, circuits: Mapping[str, str]) -> Path:
    rows = [
        {"circuit": name, "hardware": "all:2x5", "accounting": "relaxed", "peers": {"DISQCO": {"ebits": 9}}}
        for name in circuits
    ]
    for name, text in circuits.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "peers.json").write_text(json.dumps({"schema": "bench/1", "instances": rows}), encoding="utf-8")
    return tmp_path


def test_instances_of_a_folder(tmp_path: Path) -> None:
    (instance,) = peers_instances(bench_folder(tmp_path, {"w_8.qasm": ""}), Effort.QUICK)
    assert instance.key == ("w_8.qasm", "all:2x5", "relaxed", "quick")
    assert instance.peers == {"DISQCO": 9}


def test_the_command(tmp_path: Path) -> None:
    """Samples and a folder together, two at once; one circuit is broken."""
    good = (ROOT / SAMPLES / "ghz_8.qasm").read_text(encoding="utf-8")
    bench = bench_folder(tmp_path, {"circuits/ghz_8.qasm": good, "broken_8.qasm": "OPENQASM 2.0; qreg q[8"})
    only = "^circuits|broken|/ghz_8.*line"
    done = scoreboard("--only", only, "--effort", "quick", "--jobs", "2", "--format", "json", bench=bench)
    rows = {(row["circuit"], row["hardware"]): row for row in json.loads(done.stdout)}
    assert {key: row["ebits"] for key, row in rows.items()} == {
        ("circuits/ghz_8.qasm", "all:2x5"): 1,
        (f"{SAMPLES}/ghz_8.qasm", "line:4x3"): 2,
    }
    assert rows["circuits/ghz_8.qasm", "all:2x5"]["best_peer"] == 9
    assert all(row["cpu_s"] > 0 and row["peak_mb"] > 10 for row in rows.values())
    assert done.returncode == 1
    assert "failed: broken_8.qasm all:2x5 relaxed quick" in done.stderr


def test_forms() -> None:
    """The same numbers in every form; a result without peers leaves their columns empty."""
    results = [result(DISQCO=5), result("qft_16", ebits=2)]
    header, *lines = csv_text(results).splitlines()
    assert header.endswith("best_peer,ratio,DISQCO")
    assert [line.rsplit(",", 3)[1:] for line in lines] == [["5", "0.8", "5"], ["", "", ""]]
    assert [row["ebits"] for row in json.loads(json_text(results))] == [4, 2]
    (block,) = blocks_of(results)
    assert markdown(block).splitlines()[3] == "| qft_16 | all:2x9 | 2 | 2 | optimal |  |  |  | 1 | 100 |"
