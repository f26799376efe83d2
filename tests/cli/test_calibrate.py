"""Calibration from the outside: today's numbers reach the plan, drift is gated, and nothing is half written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dqplan.core.hardware import Basis
from dqplan.load.load_hardware import load_hardware
from tests.conftest import SAMPLES, Run
from tests.load.calibration.devices import properties_text, table_text

GROVER = SAMPLES / "grover_2.qasm"
TODAY = """\
part,quantity,value,uncertainty,date,source
alice--bob,ebit.rate_hz,7.1,0.2,2026-11-26,counted for an hour
alice--bob,remote_gate.fidelity,0.845,0.009,2026-11-26,tomography
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "today.csv"
    path.write_text(TODAY)
    return path


def test_measured_values_become_a_hardware_file(dqplan: Run, data: Path, tmp_path: Path) -> None:
    done = dqplan("hardware", "calibrate", "oxford_2025", "--from", data, "-o", "today.yaml", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["written"] == "today.yaml"
    assert [(each["part"], each["quantity"], each["was"], each["is"]) for each in report["drifts"]] == [
        ("alice--bob", "ebit.rate_hz", 9.7, 7.1),
        ("alice--bob", "remote_gate.fidelity", 0.862, 0.845),
    ]
    made, old = load_hardware(str(tmp_path / "today.yaml")), load_hardware("oxford_2025")
    assert made.links[0].rate_hz == 7.1
    assert made.provenance["links.0.ebit.rate_hz"].source == "counted for an hour"
    assert made.basis_counts == old.basis_counts
    assert dqplan("hardware", "check", "today.yaml").returncode == 0


def test_the_table_shows_what_drifted_in_units_of_the_uncertainty(dqplan: Run, data: Path) -> None:
    done = dqplan("hardware", "calibrate", "oxford_2025", "--from", data)
    (row,) = [line.split() for line in done.stdout.splitlines() if "9.7 Hz" in line]
    assert row == ["alice--bob", "9.7", "Hz", "7.1", "Hz", "-26.8%", "-13.0", "2026-11-26"]
    assert "2 numbers, 2 of them other than they were" in done.stdout
    marked = dqplan("hardware", "calibrate", "oxford_2025", "--from", data, "--format", "markdown").stdout
    assert "| alice--bob ebit.rate\\_hz | 9.7 Hz | 7.1 Hz | -26.8% | -13.0 | 2026-11-26 |" in marked


def test_a_link_that_drifted_past_the_limit_exits_1_and_writes_nothing(dqplan: Run, data: Path, tmp_path: Path) -> None:
    done = dqplan("hardware", "calibrate", "oxford_2025", "--from", data, "-o", "new.yaml", "--max-drift", "20")
    assert done.returncode == 1
    assert done.stderr == (
        "gate failed: alice--bob ebit.rate_hz was 9.7 Hz and is 7.1 Hz, 26.8 % worse; --max-drift allows 20 %\n"
    )
    assert not (tmp_path / "new.yaml").exists()
    assert dqplan("hardware", "calibrate", "oxford_2025", "--from", data, "--max-drift", "30").returncode == 0


def test_the_new_hardware_may_go_to_standard_output(dqplan: Run, data: Path, tmp_path: Path) -> None:
    done = dqplan("hardware", "calibrate", "oxford_2025", "--from", "-", "-o", "-", input=TODAY)
    (tmp_path / "piped.yaml").write_text(done.stdout)
    assert load_hardware(str(tmp_path / "piped.yaml")).links[0].rate_hz == 7.1
    assert "2 numbers" in done.stderr


def test_ibms_files_fill_and_calibrate_modules(dqplan: Run, tmp_path: Path) -> None:
    """A module from yesterday's properties, calibrated by today's table, in which a pair has stopped working."""
    (tmp_path / "props.json").write_text(properties_text())
    (tmp_path / "today.csv").write_text(table_text({(3, 4): 1.0}))
    (tmp_path / "hw.yaml").write_text(
        "schema: dqplan.hardware/1\nmodules:\n- {name: a, use: props.json, comm: 1}\n- {name: b, data: 4, comm: 1}\n"
        "links:\n- {between: [a, b], type: ebit, ebit: {fidelity: 0.9, rate_hz: 1000}}\n"
    )
    done = dqplan("hardware", "calibrate", "hw.yaml", "--from", "today.csv", "--module", "a", "-o", "new.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 pair of a does not work and left its coupling map" in done.stdout
    old, new = load_hardware(str(tmp_path / "hw.yaml")), load_hardware(str(tmp_path / "new.json"))
    assert [len(module.coupling or ()) for module in (old.modules[0], new.modules[0])] == [4, 3]
    assert new.modules[0].t1_s == pytest.approx(130e-6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TODAY.replace("7.1", "-7.1"), "today.csv:2: ebit.rate_hz is -7.1; expected Hz, above 0"),
        (TODAY.replace("alice--bob,rem", "alice--eve,rem"), "today.csv:3: oxford_2025 has no part `alice--eve`"),
        ("\n\n", "today.csv: is empty"),
        ("\x00", "today.csv: is binary"),
    ],
)
def test_bad_data_exit_2_with_file_and_line_and_write_nothing(
    text: str, message: str, dqplan: Run, tmp_path: Path
) -> None:
    (tmp_path / "today.csv").write_text(text)
    (tmp_path / "new.yaml").write_text("kept\n")
    done = dqplan("hardware", "calibrate", "oxford_2025", "--from", "today.csv", "-o", "new.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert f": {message}" in done.stderr
    assert (tmp_path / "new.yaml").read_text() == "kept\n"


ALL = """\
part,quantity,value
alice,one_qubit.fidelity,0.9993
alice,one_qubit.duration_s,1e-5
alice,two_qubit.fidelity,0.98
alice,two_qubit.duration_s,1e-4
alice,readout.fidelity,0.997
alice,readout.duration_s,5e-4
alice,reset.duration_s,5e-4
alice,t1_s,20
alice,t2_s,10
alice,comm_t2_s,0.3
alice--bob,latency_s,1e-6
"""


def test_require_measured_turns_green_when_every_number_is_measured(dqplan: Run, tmp_path: Path) -> None:
    """The gate names how many numbers are assumed; a calibration of both modules and the link leaves none."""
    run = ("split", GROVER, "--effort", "quick", "--no-check", "-q", "--require-measured", "-H")
    before = dqplan(*run, "oxford_2025")
    assert before.returncode == 1
    assert "--require-measured allows none" in before.stderr
    (tmp_path / "all.csv").write_text(ALL + "".join(ALL.splitlines(keepends=True)[1:-1]).replace("alice", "bob"))
    assert dqplan("hardware", "calibrate", "oxford_2025", "--from", "all.csv", "-o", "lab.yaml").returncode == 0
    after = dqplan(*run, "lab.yaml")
    assert (after.returncode, after.stderr) == (0, "")
    (line,) = [line for line in after.stdout.splitlines() if line.startswith("numbers")]
    found = load_hardware(str(tmp_path / "lab.yaml")).basis_counts
    assert line.split(" ", 1)[1].strip().endswith("0 roadmap, 0 assumed")
    assert found[Basis.MEASURED] > load_hardware("oxford_2025").basis_counts[Basis.MEASURED]
