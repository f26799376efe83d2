"""Cirq reads what is written for it, and runs it as the original circuit does."""

from __future__ import annotations

import json

import cirq
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import bit_names
from dqplan.core.program import Program
from dqplan.split.dialects import Dialect
from dqplan.split.emit.emit_program import emit_program
from tests.split.emit.circuits import every_gate, ghz, remote_cx
from tests.split.emit.judge import any_program, is_a_branch, is_sample_of, without_correction
from tests.strategies import dynamic_circuits


def read(text: str) -> cirq.Circuit:
    circuit = cirq.read_json(json_text=text)
    assert isinstance(circuit, cirq.Circuit)
    return circuit


def joint(program: Program) -> cirq.Circuit:
    return read(emit_program(program, Dialect.CIRQ)["joint"])


def run_once(program: Program, circuit: cirq.Circuit, seed: int) -> bool:
    """Whether one run ends as it should."""
    order = [cirq.NamedQubit(name) for name in bit_names(program.circuit.qregs)]
    result = cirq.Simulator(seed=seed, dtype=np.complex128).simulate(circuit, qubit_order=order)
    keys = bit_names(program.circuit.cregs)
    bits = [int(result.measurements[key][-1]) if key in result.measurements else 0 for key in keys]
    return is_a_branch(program, bits, result.final_state_vector)


@given(dynamic_circuits(max_qubits=3, max_gates=9), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_every_run_ends_as_the_circuit_can_end(circuit, seed: int) -> None:
    program = any_program(circuit, seed, "line:3x2+1")
    assume(program.circuit.num_qubits <= 13)
    assert run_once(program, joint(program), seed)


def test_all_gates_of_the_vocabulary() -> None:
    program = any_program(every_gate(), 4, "all:2x2")
    assert all(run_once(program, joint(program), seed) for seed in range(3))


def test_samples_have_the_distribution_of_the_circuit() -> None:
    program = any_program(ghz(4), 1)
    result = cirq.Simulator(seed=2).run(joint(program), repetitions=200)
    outcomes = np.stack([result.records[f"c[{k}]"][:, -1, 0] for k in range(4)], axis=1)
    assert is_sample_of(program.plan.segments.circuit, outcomes.tolist())


def test_a_missing_correction_is_seen() -> None:
    program = without_correction(any_program(remote_cx(), 5))
    assert not all(run_once(program, joint(program), seed) for seed in range(8))


def test_the_circuits_of_the_modules_make_up_the_joint_one() -> None:
    """Every operation of the joint circuit is in one module's, but the e-bits, for which the modules have marks."""
    program = any_program(every_gate(), 4)
    texts = emit_program(program, Dialect.CIRQ)
    whole, parts = read(texts.pop("joint")), [read(text) for text in texts.values()]
    assert len(parts) > 1
    operations = [operation for part in parts for operation in part.all_operations()]
    made = sorted(str(op.untagged) for op in whole.all_operations() if not is_ebit(op))
    assert sorted(str(op.untagged) for op in operations if not is_ebit(op)) == made
    marks = [tag for op in operations for tag in op.tags if is_ebit(op)]
    ebits = [tag for op in whole.all_operations() for tag in op.tags if is_ebit(op)]
    assert sorted(marks) == sorted(ebits)
    said = [tag for op in operations for tag in op.tags if not is_ebit(op)]
    assert sum("send" in tag for tag in said) == sum("receive" in tag for tag in said) > 0


def is_ebit(operation: cirq.Operation) -> bool:
    return any(str(tag).startswith("dqplan: ebit") for tag in operation.tags)


def test_the_text_is_one_json_object() -> None:
    texts = emit_program(any_program(ghz(4), 1), Dialect.CIRQ)
    assert {json.loads(text)["cirq_type"] for text in texts.values()} == {"Circuit"}
