"""Bad input of each kind: one clear error with a place, the right exit status, nothing written."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.conftest import SAMPLES, Run

EXCERPT = re.compile(r" *\d* \|")
"""The line that an error is about, and the caret below it."""
QASM2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\n'
QASM3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\n'

CIRCUITS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "DQ101"),
    "only spaces": (b" \n\t\n", "DQ101"),
    "binary": (bytes(range(256)), "DQ101"),
    "null characters": (b"OPENQASM 3.0;\0\0", "DQ101"),
    "not a circuit": (b"Dear all,\n", "DQ102"),
    "truncated": ((QASM3 + "cx q[0], q").encode(), "DQ102"),
    "truncated JSON": (b'{"cirq_type": "Circ', "DQ102"),
    "JSON of something else": (b'{"cirq_type": "Nothing"}', "DQ103"),
    "version that does not exist": (b"OPENQASM 9.0;\nqubit q;\n", "DQ102"),
    "unknown gate": ((QASM3 + "foo q[0];\n").encode(), "DQ104"),
    "index out of range": ((QASM2 + "h q[2];\n").encode(), "DQ104"),
    "operand used twice": ((QASM2 + "cx q[1], q[1];\n").encode(), "DQ104"),
    "gates that call each other": ((QASM2 + "gate a x { b x; }\ngate b x { a x; }\na q[0];\n").encode(), "DQ104"),
    "no qubits": (b"OPENQASM 3.0;\n", "DQ104"),
    "negative size": (b"OPENQASM 2.0;\nqreg q[-2];\n", "DQ102"),
    "immense size": (b"OPENQASM 2.0;\nqreg q[99999999999];\n", "DQ103"),
    "not a number": ((QASM2 + "rz(0/0) q[0];\n").encode(), "DQ104"),
    "file of its own as include": (b'OPENQASM 2.0;\ninclude "circuit.qasm";\n', "DQ103"),
    "loop": ((QASM3 + "while (true) { h q[0]; }\n").encode(), "DQ103"),
    "escape sequences": ((QASM3 + "\x1b[31mh q[0];\n").encode(), "DQ102"),
}


def assert_refused(dqplan: Run, tmp_path: Path, *args: str, code: str, status: int = 2) -> str:
    """Run split with an output directory; it must end with one error and hint, and leave nothing behind."""
    before = sorted(tmp_path.iterdir())
    done = dqplan("split", *args, "-o", "out")
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0].startswith(f"error[{code}]: ")
    assert all(line.startswith("hint: ") or EXCERPT.match(line) for line in lines[1:])
    assert "\x1b" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before
    return lines[0]


@pytest.mark.parametrize("kind", CIRCUITS)
def test_circuit(kind: str, dqplan: Run, tmp_path: Path) -> None:
    content, code = CIRCUITS[kind]
    (tmp_path / "circuit.qasm").write_bytes(content)
    message = assert_refused(dqplan, tmp_path, "circuit.qasm", "-H", "all:2x2", code=code)
    assert message.removeprefix(f"error[{code}]: ").startswith("circuit.qasm")


def test_an_error_names_line_and_column(dqplan: Run, tmp_path: Path) -> None:
    (tmp_path / "circuit.qasm").write_text(QASM3 + "h q[0];\nfoo q[0];\n", encoding="utf-8")
    message = assert_refused(dqplan, tmp_path, "circuit.qasm", "-H", "all:2x2", code="DQ104")
    assert message.startswith("error[DQ104]: circuit.qasm:5:1: ")


def test_a_directory_as_circuit(dqplan: Run, tmp_path: Path) -> None:
    assert_refused(dqplan, tmp_path, ".", "-H", "all:2x2", code="DQ101")


def test_a_missing_circuit(dqplan: Run, tmp_path: Path) -> None:
    assert_refused(dqplan, tmp_path, "missing.qasm", "-H", "all:2x2", code="DQ101")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind root")
def test_no_permission_to_read(dqplan: Run, tmp_path: Path) -> None:
    (tmp_path / "circuit.qasm").write_text(QASM3, encoding="utf-8")
    (tmp_path / "circuit.qasm").chmod(0)
    assert_refused(dqplan, tmp_path, "circuit.qasm", "-H", "all:2x2", code="DQ101")


@pytest.mark.parametrize(
    "hardware", ["nosuch", "all:2xx9", "all:-2x9", "all:2x0", "line:4xnan", "grid:3x9", "tree:2x9", "", "missing.yaml"]
)
def test_hardware_that_does_not_exist(hardware: str, dqplan: Run, tmp_path: Path) -> None:
    code = "DQ101" if hardware == "missing.yaml" else "DQ201"
    assert_refused(dqplan, tmp_path, str(SAMPLES / "ghz_8.qasm"), "-H", hardware, code=code)


MODULES = "modules:\n  - {name: a, data: 9, comm: 1}\n  - {name: b, data: 9, comm: 1}\n"
HARDWARE = {
    "not a number": f"{MODULES}links:\n  - {{between: [a, b], ebit: {{fidelity: .nan}}}}\n",
    "negative": "modules:\n  - {name: a, data: -9}\n",
    "alias of itself": "modules: &loop\n  - *loop\n",
    "unknown module": f"{MODULES}links:\n  - {{between: [a, z]}}\n",
    "module named like a file of ours": "modules:\n  - {name: joint, data: 9, comm: 1}\n",
    "empty list": "modules: []\n",
    "broken YAML": "modules: [\n",
}


@pytest.mark.parametrize("kind", HARDWARE)
def test_hardware_file(kind: str, dqplan: Run, tmp_path: Path) -> None:
    (tmp_path / "hardware.yaml").write_text(f"schema: dqplan.hardware/1\nname: x\n{HARDWARE[kind]}", encoding="utf-8")
    message = assert_refused(dqplan, tmp_path, str(SAMPLES / "ghz_8.qasm"), "-H", "hardware.yaml", code="DQ201")
    assert "hardware.yaml" in message


def test_more_qubits_than_the_machine(dqplan: Run, tmp_path: Path) -> None:
    message = assert_refused(dqplan, tmp_path, str(SAMPLES / "ghz_8.qasm"), "-H", "all:2x3", code="DQ501", status=3)
    assert "8 qubits" in message
    assert "6" in message


def test_modules_that_nothing_joins(dqplan: Run, tmp_path: Path) -> None:
    """Two islands of four qubits; the circuit needs both."""
    modules = MODULES.replace("data: 9", "data: 4")
    text = f"schema: dqplan.hardware/1\nname: islands\n{modules}"
    (tmp_path / "islands.yaml").write_text(text, encoding="utf-8")
    message = assert_refused(
        dqplan, tmp_path, str(SAMPLES / "ghz_8.qasm"), "-H", "islands.yaml", code="DQ501", status=3
    )
    assert "link" in message or "join" in message


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda out: (out / "plan.json").unlink(), "DQ301"),
        (lambda out: (out / "plan.json").write_text("{"), "DQ301"),
        (lambda out: (out / "plan.json").write_text('{"schema": "dqplan.plan/9"}'), "DQ301"),
        (lambda out: (out / "plan.json").write_bytes(b"\xff\xfe"), "DQ101"),
        (lambda out: (out / "joint.qasm").write_bytes(b""), "DQ101"),
    ],
    ids=["no plan", "truncated plan", "another version", "binary plan", "empty program"],
)
def test_a_damaged_directory_cannot_be_verified(damage: object, code: str, dqplan: Run, tmp_path: Path) -> None:
    assert dqplan("split", SAMPLES / "ghz_8.qasm", "-H", "all:2x5", "-o", "out", "--no-check").returncode == 0
    damage(tmp_path / "out")
    done = dqplan("verify", "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error[{code}]: ")


def test_a_program_that_was_altered_fails_with_status_1(dqplan: Run, tmp_path: Path) -> None:
    assert dqplan("split", SAMPLES / "ghz_8.qasm", "-H", "all:2x5", "-o", "out", "--no-check").returncode == 0
    joint = tmp_path / "out" / "joint.qasm"
    joint.write_text(joint.read_text(encoding="utf-8") + "x m0_data[0];\n", encoding="utf-8")
    done = dqplan("verify", "out")
    assert done.returncode == 1
    assert "FAILED" in done.stdout
    assert "equivalence       failed" in done.stdout


def test_a_directory_compared_with_another_circuit(dqplan: Run) -> None:
    assert dqplan("split", SAMPLES / "ghz_8.qasm", "-H", "all:2x5", "-o", "out", "--no-check").returncode == 0
    assert dqplan("verify", "out", SAMPLES / "ghz_8.qasm").returncode == 0
    assert dqplan("verify", "out", SAMPLES / "w_8.qasm").returncode == 1


def test_verify_of_a_missing_directory(dqplan: Run) -> None:
    done = dqplan("verify", "missing")
    assert done.returncode == 2
    assert done.stderr.startswith("error[DQ101]: missing: ")
