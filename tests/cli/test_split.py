"""`dqplan split` from outside: pipes, streams, gates, what is written and what is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from dqplan.load.load_hardware import hardware_source
from tests.conftest import ROOT, SAMPLES, Run, plain_environment

GHZ = SAMPLES / "ghz_8.qasm"
QFT = SAMPLES / "qft_8.qasm"
HINT = "nothing was written: -o DIR writes the programs\n"


def test_a_report_alone_writes_nothing(dqplan: Run, tmp_path: Path) -> None:
    done = dqplan("split", GHZ, "-H", "all:2x5")
    assert (done.returncode, done.stderr) == (0, HINT)
    assert "ghz_8 on all:2x5" in done.stdout
    assert "seed 0" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert list(tmp_path.iterdir()) == []


def test_a_directory_gets_the_files_and_stdout_the_report(dqplan: Run, tmp_path: Path) -> None:
    done = dqplan("split", GHZ, "-H", "all:2x5", "-o", "out")
    assert (done.returncode, done.stderr) == (0, "")
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["input.qasm", "joint.qasm", "m0.qasm", "m1.qasm", "plan.json"]
    assert f"out: {', '.join(written)}" in " ".join(done.stdout.split())
    assert (tmp_path / "out" / "input.qasm").read_text(encoding="utf-8") == GHZ.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("dialect", ["qasm3", "qasm2"])
def test_what_comes_out_of_a_pipe_loads_in_qiskit_and_cirq(dialect: str, dqplan: Run) -> None:
    import qiskit.qasm2
    import qiskit.qasm3
    from cirq.contrib.qasm_import import circuit_from_qasm

    done = dqplan("split", "-", "-H", "line:4x9", "-o", "-", "--emit", dialect, input=QFT.read_text(encoding="utf-8"))
    assert done.returncode == 0
    reader = qiskit.qasm3.loads if dialect == "qasm3" else qiskit.qasm2.loads
    in_qiskit = reader(done.stdout)
    in_cirq = circuit_from_qasm(done.stdout)
    assert in_qiskit.num_qubits >= len(in_cirq.all_qubits()) >= 8
    assert "stdin on line:4x9" in done.stderr


EXPORTS = {
    "qasm2": ["joint.qasm2", "m0.qasm2", "m1.qasm2"],
    "cirq": ["joint.cirq.json", "m0.cirq.json", "m1.cirq.json"],
    "qiskit": ["qiskit_joint.py", "qiskit_m0.py", "qiskit_m1.py"],
    "cudaq": ["cudaq_joint.py", "cudaq_m0.py", "cudaq_m1.py"],
    "netqasm": ["app_m0.py", "app_m1.py"],
    "stim": ["joint.stim", "m0.stim", "m1.stim"],
}


def test_further_languages_stand_beside_openqasm_3_which_is_verified(dqplan: Run, tmp_path: Path) -> None:
    command = ["split", GHZ, "-H", "all:2x5", "-o", "out", "--emit", ",".join(EXPORTS), "--format", "json"]
    plan = json.loads(dqplan(*command).stdout)
    always = ["input.qasm", "joint.qasm", "m0.qasm", "m1.qasm", "plan.json"]
    assert plan["files"] == sorted([*always, *(name for names in EXPORTS.values() for name in names)])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == plan["files"]
    assert "OPENQASM 3.0;" in (tmp_path / "out" / "joint.qasm").read_text(encoding="utf-8")
    assert "OPENQASM 2.0;" in (tmp_path / "out" / "joint.qasm2").read_text(encoding="utf-8")
    assert dqplan("verify", "out").returncode == 0


def test_one_language_alone_is_verified_too(dqplan: Run, tmp_path: Path) -> None:
    assert dqplan("split", GHZ, "-H", "all:2x5", "-o", "out", "--emit", "stim", "-q").returncode == 0
    assert dqplan("verify", "out").returncode == 0


@pytest.mark.parametrize("dialect", [name for name in EXPORTS if name != "netqasm"])
def test_a_pipe_gets_the_joint_program_of_one_language(dialect: str, dqplan: Run, tmp_path: Path) -> None:
    done = dqplan("split", GHZ, "-H", "all:2x5", "-o", "-", "--emit", dialect, "-q")
    dqplan("split", GHZ, "-H", "all:2x5", "-o", "out", "--emit", dialect, "-q")
    assert done.stdout == (tmp_path / "out" / EXPORTS[dialect][0]).read_text(encoding="utf-8")


def test_a_language_without_a_joint_program_cannot_be_piped(dqplan: Run) -> None:
    done = dqplan("split", "does-not-exist.qasm", "-H", "all:2x5", "-o", "-", "--emit", "netqasm")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error[DQ401]: -o - prints the joint program, but netqasm has only programs of modules",
        "hint: -o DIR writes one for each module",
    ]


def test_a_language_that_cannot_hold_the_program_says_what_it_cannot(dqplan: Run, tmp_path: Path) -> None:
    done = dqplan("split", QFT, "-H", "all:2x5", "-o", "out", "--emit", "stim", "--effort", "quick")
    assert done.returncode == 2
    assert "is not Clifford, and Stim knows nothing else" in done.stderr
    assert "error[DQ103]: qft_8:" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_quiet_leaves_the_program_alone(dqplan: Run) -> None:
    done = dqplan("split", GHZ, "-H", "all:2x5", "-o", "-", "-q")
    assert (done.returncode, done.stderr) == (0, "")
    assert "OPENQASM 3.0;" in done.stdout


def test_verbose_names_the_steps_on_stderr(dqplan: Run) -> None:
    done = dqplan("split", GHZ, "-H", "all:2x5", "-v", "--no-check")
    steps = [line.partition(":")[0] for line in done.stderr.splitlines() if not line.startswith("  ")]
    assert steps == [
        "read the circuit",
        "find segments",
        "plan ghz_8 on all",
        "compile and schedule the programs",
        "write the programs",
        HINT.split(":")[0],
    ]


def test_json_is_the_plan_and_fits_the_published_schema(dqplan: Run) -> None:
    plan = json.loads(dqplan("split", QFT, "-H", "all:2x5", "--format", "json").stdout)
    jsonschema.validate(plan, json.loads(dqplan("split", "--schema").stdout))
    assert plan["files"] == []
    assert plan["seed"] == 0
    assert {"proved"} <= {check["status"] for check in plan["checks"]}


def test_the_schema_refuses_another_version(dqplan: Run) -> None:
    plan = json.loads(dqplan("split", GHZ, "-H", "all:2x5", "--format", "json", "--no-check").stdout)
    schema = json.loads(dqplan("split", "--schema").stdout)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**plan, "schema": "dqplan.plan/2"}, schema)


def test_split_records_the_checks_that_verify_makes(dqplan: Run, tmp_path: Path) -> None:
    assert dqplan("split", GHZ, "-H", "all:2x5", "-o", "out").returncode == 0
    recorded = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["checks"]
    found = json.loads(dqplan("verify", "out", "--format", "json").stdout)["checks"]
    assert [check for check in found if check["name"] != "stabilizer"] == recorded


def test_without_checks_nothing_claims_to_be_checked(dqplan: Run) -> None:
    done = dqplan("split", GHZ, "-H", "all:2x5", "--no-check", "--format", "json")
    assert json.loads(done.stdout)["checks"] == []


def test_the_same_seed_gives_the_same_bytes(dqplan: Run, tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert dqplan("split", QFT, "-H", "line:4x3+2", "--seed", "7", "-o", name, "--no-check").returncode == 0
    for file in (tmp_path / "first").iterdir():
        texts = [(tmp_path / name / file.name).read_text(encoding="utf-8") for name in ("first", "second")]
        if file.name == "plan.json":
            plans = [{**json.loads(text), "elapsed_s": 0} for text in texts]
            assert plans[0] == plans[1]
            assert plans[0]["seed"] == 7
        else:
            assert texts[0] == texts[1]


def test_relaxed_plans_where_comm_qubits_are_missing(dqplan: Run) -> None:
    """No comm qubits: nothing can be shared, unless the limits are ignored."""
    strict = dqplan("split", GHZ, "-H", "all:2x5+0")
    assert strict.returncode in (2, 3)
    relaxed = dqplan("split", GHZ, "-H", "all:2x5+1", "--relaxed", "--format", "json")
    assert json.loads(relaxed.stdout)["relaxed"] is True


@pytest.mark.parametrize("output", [[], ["-o", "out"], ["-o", "-"]], ids=["report", "directory", "pipe"])
def test_a_gate_that_fails_reports_but_writes_no_program(output: list[str], dqplan: Run, tmp_path: Path) -> None:
    done = dqplan("split", GHZ, "-H", "all:2x5", "--max-ebits", "0", *output)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "gate failed: the plan needs 1 e-bit, --max-ebits allows 0"
    assert list(tmp_path.iterdir()) == []
    assert "OPENQASM" not in done.stdout


def test_a_gate_that_holds(dqplan: Run) -> None:
    assert dqplan("split", GHZ, "-H", "all:2x5", "--max-ebits", "1").returncode == 0


def test_a_gate_refuses_numbers_that_are_not_measured(dqplan: Run, tmp_path: Path) -> None:
    """Oxford's file assumes durations; with everything measured, and the times for which there are defaults, it passes.

    An ideal network assumes all that it is.
    """
    text = hardware_source("oxford_2025").text
    known = text.replace("basis: assumed, source: us", "basis: measured, source: main2025")
    known = known.replace("basis: assumed", "basis: measured").replace(
        "  t2_s:", "  t1_s: {value: 99, basis: measured}\n  t2_s:"
    )
    known = known.replace("  readout:", "  reset: {duration_s: {value: 1e-5, basis: measured}}\n  readout:")
    (tmp_path / "known.yaml").write_text(known, encoding="utf-8")
    circuit = str(SAMPLES / "grover_2.qasm")
    passed, *refused = (
        dqplan("split", circuit, "-H", hardware, "--effort", "quick", "--require-measured")
        for hardware in (str(tmp_path / "known.yaml"), "oxford_2025", "all:2x1")
    )
    assert (passed.returncode, [done.returncode for done in refused]) == (0, [1, 1])
    gates = [done.stderr.splitlines()[-1] for done in refused]
    assert all(gate.startswith("gate failed: of ") for gate in gates)
    assert "assumed, 0 roadmap, and 2 defaults for unknown ones; --require-measured allows none" in gates[0]


FAULTY = """
import sys
import dqplan.verify.verify_plan
from dqplan.__main__ import main
from dqplan.core.verdict import Check, Status, Verdict

dqplan.verify.verify_plan.verify_plan = lambda files, circuit: Verdict(
    (Check("recount", Status.FAILED, "2 e-bits, not 1"),), 2, {}, {}
)
sys.argv = ["dqplan", "split", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize("output", [["-o", "out"], ["-o", "-"]], ids=["directory", "pipe"])
def test_a_program_that_fails_its_check_is_not_written(output: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-c", FAULTY, str(GHZ), "-H", "all:2x5", *output]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=plain_environment() | {"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 1
    assert "verification failed: recount" in done.stderr
    assert "2 e-bits, not 1" in done.stdout + done.stderr
    assert "OPENQASM" not in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_used_is_found_before_the_work(dqplan: Run, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("precious", encoding="utf-8")
    done = dqplan("split", "does-not-exist.qasm", "-H", "all:2x5", "-o", "notes")
    assert done.returncode == 2
    assert done.stderr.startswith("error[DQ402]: notes: holds files that dqplan did not write: mine.txt")


@pytest.mark.skipif(os.name != "posix", reason="needs pseudo-terminals")
@pytest.mark.parametrize("no_color", [False, True])
def test_on_a_terminal(no_color: bool, tmp_path: Path) -> None:
    """Colour unless NO_COLOR is set, and a line of progress that is taken away again."""
    output, shown = on_a_terminal(["split", str(GHZ), "-H", "all:2x5"], tmp_path, {"NO_COLOR": "1"} if no_color else {})
    assert ("\x1b[32m" in output) is not no_color
    assert "read the circuit …\r\x1b[K" in shown


def on_a_terminal(args: list[str], directory: Path, extra: dict[str, str]) -> tuple[str, str]:
    """Run with standard output and standard error each on a pseudo-terminal of its own; return what they show."""
    import pty

    masters, slaves = zip(pty.openpty(), pty.openpty(), strict=True)
    environment = plain_environment() | {"TERM": "xterm-256color"} | extra
    process = subprocess.Popen(
        [sys.executable, "-m", "dqplan", *args], stdout=slaves[0], stderr=slaves[1], cwd=directory, env=environment
    )
    for slave in slaves:
        os.close(slave)
    texts = [_everything(master) for master in masters]
    assert process.wait(timeout=60) == 0
    return texts[0], texts[1]


def _everything(descriptor: int) -> str:
    """Read a terminal until it is closed, which Linux reports as an error."""
    found = b""
    try:
        while part := os.read(descriptor, 65536):
            found += part
    except OSError:
        pass
    os.close(descriptor)
    return found.decode("utf-8")


def test_links_that_make_less_than_a_pair_per_lifetime_are_warned_about(dqplan: Run, tmp_path: Path) -> None:
    module = "{name: m, count: 2, data: 5, comm: 2, coupling: all, t2_s: 0.1}"
    link = "{shape: line, type: ebit, ebit: {fidelity: 0.9, rate_hz: 4}}"
    (tmp_path / "slow.yaml").write_text(f"schema: dqplan.hardware/1\nmodules:\n- {module}\nlinks:\n- {link}\n")
    done = dqplan("split", GHZ, "-H", "slow.yaml", "--effort", "quick")
    assert "warning[DQW203]: m0--m1 makes less than one e-bit in the lifetime of a stored one" in done.stderr
    assert "0.2 (below 1)" in done.stdout
