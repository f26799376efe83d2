"""The script for third parties: short, alone, right about right directories and about wrong ones."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify import recheck
from tests.arbitrary_plans import arbitrary_plan
from tests.conftest import ROOT, SAMPLES, Run
from tests.strategies import compiled_circuits, dynamic_circuits, flipping_circuits, networks, unitary_circuits
from tests.trial.test_memory import SHORT, clocked, tried

SCRIPT = ROOT / "dqplan" / "verify" / "recheck.py"
CIRCUITS = st.one_of(
    unitary_circuits(),
    dynamic_circuits(),
    flipping_circuits(max_gates=24, measured=True),
    compiled_circuits(dynamic=True),
)


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """Packets, teleports and routed shares."""
    plan = solve_plan(
        segments_of(load_circuit(str(SAMPLES / "qft_8.qasm"))), load_hardware("line:3x3+2"), effort=Effort.QUICK
    )
    return program_files(split_circuit(plan))


def rechecked(directory: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(directory)], capture_output=True, text=True, timeout=60
    )


def test_the_script_is_short_and_needs_only_the_standard_library():
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 200
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {name for node in imports for name in ([node.module] if isinstance(node, ast.ImportFrom) else _names(node))}
    assert names <= sys.stdlib_module_names


def _names(node: ast.Import) -> list[str]:
    return [alias.name for alias in node.names]


def test_it_is_printed_by_verify(dqplan: Run):
    done = dqplan("verify", "--script")
    assert done.returncode == 0
    assert done.stdout == SCRIPT.read_text(encoding="utf-8")


def test_a_right_directory_is_right(tmp_path, files):
    done = rechecked(tmp_path, files)
    ebits = json.loads(files["plan.json"])["cost"]["ebits"]
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"right: {ebits} e-bits, ")


@pytest.mark.parametrize("route", [(0,), (0, 1)])
def test_qubits_that_stay_in_memory_go_there_and_back(tmp_path, route):
    program, _ = tried(SHORT, route, clocked())
    done = rechecked(tmp_path, program_files(program))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"right: {2 * (len(route) - 1)} e-bits, ")


def corrected(text: str, start: str, new: str) -> str:
    """The text with the middle one of the lines that begin so replaced."""
    lines = text.splitlines(keepends=True)
    found = [number for number, line in enumerate(lines) if line.startswith(start)]
    lines[found[len(found) // 2]] = new
    return "".join(lines)


BUGS = {
    "missing correction": ("if (msg", "", "wrong: "),
    "missing gate": ("cp(", "", "wrong: CP gates between qubits"),
    "wrong angle": ("cp(", "cp(0.1) m0_data[0], m0_data[1];\n", "wrong: CP gates between qubits"),
    "missing e-bit": ("epr ", "", "wrong: joint.qasm"),
    "e-bit on a used qubit": ("reset m1_comm", "", "wrong: joint.qasm"),
    "gate across modules": ("h m", "cz m0_data[0], m1_data[0];\n", "wrong: joint.qasm"),
    "line that is no OpenQASM": ("h m", "hadamard!\n", "not followed: joint.qasm"),
}


@pytest.mark.parametrize("bug", BUGS)
def test_planted_bugs_are_found(tmp_path, files, bug):
    start, new, told = BUGS[bug]
    done = rechecked(tmp_path, {**files, "joint.qasm": corrected(files["joint.qasm"], start, new)})
    assert done.stdout.startswith(told)
    assert done.returncode == (2 if told.startswith("not") else 1)


@pytest.mark.parametrize("key", ["ebits", "ebits_by_link"])
def test_wrong_numbers_in_the_plan_are_found(tmp_path, files, key):
    plan = json.loads(files["plan.json"])
    plan["cost"][key] = 1 if key == "ebits" else {"m0--m1": 1}
    done = rechecked(tmp_path, {**files, "plan.json": json.dumps(plan)})
    assert done.returncode == 1
    assert "contradict" in done.stdout


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_right_program_is_called_wrong(data):
    circuit = data.draw(CIRCUITS)
    segments = segments_of(circuit)
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, limited=False))
    files = program_files(split_circuit(arbitrary_plan(segments, hardware, data.draw(st.integers(0, 99)))))
    # A second argument says: not followed, as where qubits begin anew in another place.
    assert len(complaint(files)) != 1, complaint(files)


def complaint(files: dict[str, str]) -> tuple[object, ...]:
    """What the script has to say against a program."""
    try:
        recheck.check(json.loads(files["plan.json"]), files["joint.qasm"])
    except recheck.Wrong as problem:
        return problem.args
    return ()
