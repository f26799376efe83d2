"""CUDA-Q compiles the kernels that are written for it, and runs them as the original circuit does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.gates import Op
from dqplan.core.program import Program
from dqplan.split.dialects import Dialect
from dqplan.split.emit.emit_program import emit_program
from tests.split.emit.circuits import every_gate, ghz, remote_cx
from tests.split.emit.judge import any_program, is_sample_of, without_correction
from tests.split.emit.sources import imported

_SHOTS = 100
"""A few: the simulator begins anew for each."""


def texts_of(program: Program) -> dict[str, str]:
    return emit_program(program, Dialect.CUDAQ)


def measured(circuit: Circuit) -> Circuit:
    """The circuit, each qubit turned out of the Z basis and measured."""
    builder = CircuitBuilder(name=circuit.name)
    builder.add_qreg("q", circuit.num_qubits)
    for register in circuit.cregs:
        builder.add_creg(register.name, register.size)
    builder.add_creg("last", circuit.num_qubits)
    for row in circuit:
        builder.append(row.op, row.qubits, row.params, clbit=row.clbit, condition=row.condition, line=row.line)
    for qubit in range(circuit.num_qubits):
        builder.append(Op.H, [qubit])
        builder.append(Op.MEASURE, [qubit], clbit=circuit.num_clbits + qubit)
    return builder.build()


@pytest.mark.parametrize("name", ["joint", "m0", "m1", "m2"])
def test_all_sources_are_python(name: str) -> None:
    tree = ast.parse(texts_of(any_program(every_gate(), 2))[name])
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert [function.name for function in functions] == ["joint" if name == "joint" else f"module_{name}"]


def run(program: Program, folder: Path, shots: int = _SHOTS) -> list[list[bool]]:
    cudaq = pytest.importorskip("cudaq", reason="CUDA-Q is not installed: pip install cudaq")
    cudaq.set_random_seed(7)
    return list(cudaq.run(imported(texts_of(program)["joint"], folder, "cudaq_joint").joint, shots_count=shots))


@pytest.mark.parametrize("circuit", [ghz(3), every_gate(), measured(remote_cx(3))], ids=lambda c: c.name)
def test_samples_have_the_distribution_of_the_circuit(circuit: Circuit, tmp_path: Path) -> None:
    assert is_sample_of(circuit, run(any_program(circuit, 2, "all:2x2"), tmp_path))


def test_a_missing_correction_is_seen(tmp_path: Path) -> None:
    circuit = ghz(3)
    assert not is_sample_of(circuit, run(without_correction(any_program(circuit, 2, "all:2x2")), tmp_path))


def test_a_module_does_its_part_for_any_bits_that_it_receives(tmp_path: Path) -> None:
    cudaq = pytest.importorskip("cudaq", reason="CUDA-Q is not installed: pip install cudaq")
    builder = CircuitBuilder(name="feed")
    builder.add_qreg("q", 2)
    builder.add_creg("c", 2)
    builder.append(Op.MEASURE, [0], clbit=0)
    builder.append(Op.X, [1], condition=Condition((Term((0,), 1),)))
    builder.append(Op.MEASURE, [1], clbit=1)
    program = any_program(builder.build(), 0, "all:2x1")
    texts = texts_of(program)
    reader = next(name for name in ("m0", "m1") if "received: list[bool]" in texts[name])
    module = imported(texts[reader], tmp_path, f"cudaq_{reader}")
    assert module.RECEIVED == ["c_0[0]"]
    for value in (True, False):
        outcomes = cudaq.run(getattr(module, f"module_{reader}"), [value], shots_count=5)
        assert [dict(zip(module.BITS, outcome, strict=True))["c_1[0]"] for outcome in outcomes] == [value] * 5


def test_a_circuit_without_bits_gives_a_kernel_that_returns_nothing(tmp_path: Path) -> None:
    cudaq = pytest.importorskip("cudaq", reason="CUDA-Q is not installed: pip install cudaq")
    builder = CircuitBuilder(name="quiet")
    builder.add_qreg("q", 2)
    builder.append(Op.H, [0])
    builder.append(Op.CX, [0, 1])
    texts = texts_of(any_program(builder.build(), 0, "all:1x2"))
    state = cudaq.get_state(imported(texts["joint"], tmp_path, "cudaq_joint").joint)
    assert [abs(state[k]) ** 2 for k in range(4)] == pytest.approx([0.5, 0, 0, 0.5], abs=1e-6)
