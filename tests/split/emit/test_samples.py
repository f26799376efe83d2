"""Every sample circuit in every format that can hold it: the small ones run as they should, the large ones load."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
import stim
from qiskit import QuantumCircuit, qasm2, qasm3

from dqplan.core.errors import UnsupportedError
from dqplan.core.program import Program
from dqplan.load.load_circuit import load_circuit
from dqplan.split.dialects import Dialect
from dqplan.split.emit.emit_program import emit_program
from tests.conftest import SAMPLES
from tests.split.emit import test_cirq_json, test_qiskit_source, test_stim_text
from tests.split.emit.judge import planned_program

NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in (".qasm", ".json"))
_MOST_QUBITS = 14
"""Of joint programs that are run: a state vector of them is quick."""
_CLIFFORD = {"bernstein_vazirani_8", "cluster_12", "entanglement_swap_4", "ghz_8", "grover_2", "hidden_shift_10"}


@cache
def program_of(name: str) -> Program:
    circuit = load_circuit(str(SAMPLES / name))
    return planned_program(circuit, f"all:2x{-(-circuit.num_qubits // 2) + 1}")


def is_small(program: Program) -> bool:
    return program.circuit.num_qubits <= _MOST_QUBITS


@pytest.mark.parametrize("name", NAMES)
def test_cirq(name: str) -> None:
    program = program_of(name)
    circuits = {part: test_cirq_json.read(text) for part, text in emit_program(program, Dialect.CIRQ).items()}
    assert all(len(circuit) > 0 for circuit in circuits.values())
    assert not is_small(program) or test_cirq_json.run_once(program, circuits["joint"], 1)


@pytest.mark.parametrize("name", NAMES)
def test_qiskit(name: str, tmp_path: Path) -> None:
    program = program_of(name)
    circuits = test_qiskit_source.built(program, tmp_path)
    assert all(circuit.size() > 0 for circuit in circuits.values())
    assert not is_small(program) or test_qiskit_source.run_once(program, circuits["joint"], 1)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dialect", [Dialect.QASM2, Dialect.QASM3])
def test_openqasm_in_qiskit(name: str, dialect: Dialect) -> None:
    program = program_of(name)
    texts = emit_program(program, dialect)
    read = qasm2.loads if dialect is Dialect.QASM2 else qasm3.loads
    if dialect is Dialect.QASM3 and len(program.circuit) > 500:  # a thousand gates a second
        texts = {"joint": texts["joint"]} if len(program.circuit) < 1000 else {}
    circuits: dict[str, QuantumCircuit] = {part: read(text) for part, text in texts.items()}
    assert all(circuit.size() > 0 for circuit in circuits.values())
    assert not is_small(program) or test_qiskit_source.run_once(program, circuits["joint"], 1)


@pytest.mark.parametrize("name", NAMES)
def test_stim(name: str) -> None:
    program = program_of(name)
    if program.plan.segments.circuit.name not in _CLIFFORD:
        with pytest.raises(UnsupportedError, match=r"is not Clifford|has a condition"):
            emit_program(program, Dialect.STIM)
        return
    texts = emit_program(program, Dialect.STIM)
    assert all(stim.Circuit(text).num_qubits > 0 for text in texts.values())
    assert not is_small(program) or all(test_stim_text.run_once(program, texts["joint"], k) for k in range(4))


@pytest.mark.parametrize("name", NAMES)
def test_cudaq_and_netqasm_are_python_that_does_every_row(name: str) -> None:
    """That they run is shown elsewhere, where the packages are installed."""
    program = program_of(name)
    measurements = int((program.circuit.clbit >= 0).sum())
    for dialect, call in ((Dialect.CUDAQ, "mz"), (Dialect.NETQASM, "measure")):
        texts = emit_program(program, dialect)
        joint = texts.pop("joint", "")
        assert sum(calls(text).count(call) for text in texts.values()) == measurements
        assert not joint or calls(joint).count(call) == measurements


def calls(text: str) -> list[str]:
    """Names of the functions and methods that a source calls."""
    found = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "") for function in found]
