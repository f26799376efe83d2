"""dqplan simulate from outside."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.test_interrupt import Session
from tests.conftest import SAMPLES, Run

GROVER = ["split", SAMPLES / "grover_2.qasm", "-H", "oxford_2025", "--effort", "quick", "-o", "out"]


def test_a_report_says_how_close_the_results_are(dqplan: Run) -> None:
    assert dqplan(*GROVER).returncode == 0
    done = dqplan("simulate", "out", "--shots", "500", "--seed", "1")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "out: 500 runs with noise"
    assert any(line.startswith("classical fidelity") and " … " in line for line in lines)
    assert any(line.startswith("average fidelity") and line.endswith("0.8568") for line in lines)
    assert any(line.startswith("11") for line in lines)
    assert all(len(line) <= 80 for line in lines)


def test_json_holds_counts_and_intervals_and_a_seed_repeats_them(dqplan: Run) -> None:
    dqplan(*GROVER)
    one, again = (dqplan("simulate", "out", "--format", "json", "--seed", "7").stdout for _ in range(2))
    assert one == again
    document = json.loads(one)
    assert document["schema"] == "dqplan.experiment/1"
    assert sum(document["results"]["counts"].values()) == document["shots"] == 1000
    assert document["results"]["registers"] == [{"name": "c", "size": 2}]
    interval = document["figures"]["classical fidelity"]
    assert interval["low"] < interval["value"] < interval["high"]
    assert document["predicted"].keys() == {"average fidelity", "process fidelity"}


def test_a_circuit_without_measurements(dqplan: Run) -> None:
    dqplan("split", SAMPLES / "ghz_8.qasm", "-H", "all:2x4", "--effort", "quick", "-o", "out")
    done = dqplan("simulate", "out", "--shots", "20")
    assert "process fidelity" in done.stdout
    assert "taken as perfect" in done.stdout
    assert "a Haar-random state in every run" in done.stdout


def test_no_directory_is_an_error(dqplan: Run) -> None:
    done = dqplan("simulate", "nowhere")
    assert done.returncode == 2
    assert done.stderr.startswith("error[DQ101]: nowhere: cannot be listed")


@pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")
def test_ctrl_c_gives_the_runs_that_are_done(dqplan: Run, tmp_path: Path) -> None:
    dqplan(*GROVER)
    with Session(tmp_path, "simulate", "out", "--shots", "9900000", "--format", "json") as session:
        session.wait_for(r"simulate [█░]+ [\d,]+ of 9,900,000 runs")
        session.interrupt()
        session.wait_for("interrupted: ending with the runs that are done")
        status, output = session.end()
    assert status == 130
    assert 0 < json.loads(output)["shots"] < 9_900_000


WIDE = """OPENQASM 3.0;
include "stdgates.inc";
qubit[60] q;
bit[60] c;
h q[0];
for uint i in [0:58] { cx q[i], q[i+1]; }
c = measure q;
"""


def test_sixty_qubits_fit_into_a_table(dqplan: Run, tmp_path: Path) -> None:
    pytest.importorskip("stim")
    (tmp_path / "wide.qasm").write_text(WIDE)
    dqplan("split", "wide.qasm", "-H", "line:2x30+2", "--effort", "quick", "--no-check", "-o", "out")
    done = dqplan("simulate", "out", "--backend", "stim")
    assert any(line.split()[:1] == [f"{'0' * 14}…{'0' * 13}"] and " 0.5 " in line for line in done.stdout.splitlines())
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
