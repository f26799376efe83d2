"""Qiskit builds what is written for it, and runs it as the original circuit does."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, qpy, transpile
from qiskit_aer import AerSimulator

from dqplan.core.circuit import Circuit, bit_names
from dqplan.core.program import Program
from dqplan.split.dialects import Dialect
from dqplan.split.emit.emit_program import emit_program
from tests.split.emit.circuits import every_gate, ghz, remote_cx
from tests.split.emit.judge import any_program, is_a_branch, is_sample_of, without_correction
from tests.split.emit.sources import imported
from tests.strategies import dynamic_circuits


def built(program: Program, folder: Path) -> dict[str, QuantumCircuit]:
    texts = emit_program(program, Dialect.QISKIT)
    return {name: imported(text, folder, f"qiskit_{name}").build() for name, text in texts.items()}


def run_once(program: Program, circuit: QuantumCircuit, seed: int) -> bool:
    """Whether one run ends as it should; Qiskit's first qubit and bit are the least significant."""
    simulator = AerSimulator(method="statevector")
    measured = transpile(circuit, simulator, optimization_level=0)
    measured.save_statevector()
    result = simulator.run(measured, shots=1, seed_simulator=seed).result()
    bits = (
        [
            int(bit)
            for bit in next(
                iter(
                    result.get_counts(),
                ),
                "",
            ).replace(" ", "")[::-1]
        ]
        if circuit.clbits
        else []
    )
    state = result.get_statevector().data.reshape((2,) * circuit.num_qubits).transpose()
    return is_a_branch(program, bits, state)


@given(dynamic_circuits(max_qubits=3, max_gates=9), st.integers(0, 10**6))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_run_ends_as_the_circuit_can_end(tmp_path: Path, circuit: Circuit, seed: int) -> None:
    program = any_program(circuit, seed, "line:3x2+1")
    assume(program.circuit.num_qubits <= 13)
    assert run_once(program, built(program, tmp_path)["joint"], seed)


def test_all_gates_of_the_vocabulary(tmp_path: Path) -> None:
    program = any_program(every_gate(), 4, "all:2x2")
    circuit = built(program, tmp_path)["joint"]
    assert all(run_once(program, circuit, seed) for seed in range(3))


def test_a_missing_correction_is_seen(tmp_path: Path) -> None:
    program = without_correction(any_program(remote_cx(), 5))
    circuit = built(program, tmp_path)["joint"]
    assert not all(run_once(program, circuit, seed) for seed in range(8))


def test_samples_have_the_distribution_of_the_circuit(tmp_path: Path) -> None:
    program = any_program(ghz(5), 1)
    circuit = built(program, tmp_path)["joint"]
    counts = AerSimulator().run(transpile(circuit, AerSimulator()), shots=400, seed_simulator=1).result().get_counts()
    outcomes = [text.replace(" ", "")[::-1] for text, count in counts.items() for _ in range(count)]
    assert is_sample_of(program.plan.segments.circuit, outcomes)


def test_registers_keep_their_names_and_the_circuit_survives_qpy(tmp_path: Path) -> None:
    program = any_program(every_gate(), 4, "all:2x2")
    circuit = built(program, tmp_path)["joint"]
    assert bit_names(program.circuit.qregs) == [f"{r.name}[{k}]" for r in circuit.qregs for k in range(r.size)]
    assert bit_names(program.circuit.cregs) == [f"{r.name}[{k}]" for r in circuit.cregs for k in range(r.size)]
    file = io.BytesIO()
    qpy.dump(circuit, file)
    file.seek(0)
    assert qpy.load(file) == [circuit]


def test_the_circuits_of_the_modules_make_up_the_joint_one(tmp_path: Path) -> None:
    """Every operation is in one module's circuit, but the e-bits, for which the modules have barriers with labels."""
    program = any_program(every_gate(), 4)
    circuits = built(program, tmp_path)
    whole = circuits.pop("joint")
    assert len(circuits) > 1
    ebits = [step.label for step in whole.data if step.name == "barrier"]
    labels = [step.label for circuit in circuits.values() for step in circuit.data if step.name == "barrier"]
    assert sorted(label for label in labels if "ebit" in label) == sorted(ebits * 2)
    assert sum("send" in label for label in labels) == sum("receive" in label for label in labels) > 0
    parts = [step.name for circuit in circuits.values() for step in circuit.data if step.name != "barrier"]
    made = [step.name for step in whole.data if step.name != "barrier"]
    assert sorted([*parts, *["h", "cx"] * len(ebits)]) == sorted(made)


@pytest.mark.parametrize("seed", range(3))
def test_a_module_without_neighbours_is_the_whole_circuit(seed: int, tmp_path: Path) -> None:
    program = any_program(every_gate(), seed, "all:1x4")
    circuits = built(program, tmp_path)
    assert circuits["m0"] == circuits["joint"]
