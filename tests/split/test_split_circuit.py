"""The emitted program computes what the circuit computes, whatever the plan."""

import random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit, CircuitBuilder
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.program import Program
from dqplan.core.statevector import State, apply_gate
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.load_hardware import load_hardware
from dqplan.split.dialects import Dialect
from dqplan.split.qasm import program_texts
from dqplan.split.split_circuit import split_circuit
from tests.arbitrary_plans import arbitrary_plan
from tests.strategies import flipping_circuits, networks, unitary_circuits


def run(circuit: Circuit, state: State, rng: random.Random) -> State:
    """One branch of a circuit, with outcomes drawn at random; measured and reset qubits stay in the tensor."""
    bits = [0] * circuit.num_clbits
    for operation in circuit:
        if operation.condition is not None and not operation.condition.holds(bits):
            continue
        if operation.op not in (Op.MEASURE, Op.RESET):
            state = apply_gate(state, operation.op, operation.qubits, operation.params)
            continue
        axis = operation.qubits[0]
        weights = [float(np.linalg.norm(np.take(state, value, axis))) ** 2 for value in (0, 1)]
        value = int(rng.random() * sum(weights) >= weights[0])
        kept = np.take(state, value, axis) / np.sqrt(weights[value])
        parts = [np.zeros_like(kept), np.zeros_like(kept)]
        parts[0 if operation.op is Op.RESET else value] = kept
        state = np.stack(parts, axis)
        if operation.op is Op.MEASURE:
            bits[operation.clbit] = value
    return state


def agrees(circuit: Circuit, program: Program, seed: int) -> bool:
    """Whether a random input state gives the circuit's output in a random branch of the program."""
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    n, total = circuit.num_qubits, program.circuit.num_qubits
    shape = (2,) * n
    given_state = noise.normal(size=shape) + 1j * noise.normal(size=shape)
    given_state /= np.linalg.norm(given_state)
    joint = np.zeros((2,) * total, dtype=complex)
    joint[tuple(slice(None) if q in program.input_qubit else 0 for q in range(total))] = np.transpose(
        given_state, np.argsort(np.argsort(program.input_qubit)).argsort()
    )
    joint = run(program.circuit, joint, rng)
    wanted = run(circuit, given_state, rng)
    others = [q for q in range(total) if q not in program.output_qubit]
    rest = np.transpose(joint, [*program.output_qubit, *others]).reshape(2**n, -1)
    overlap = wanted.reshape(-1).conj() @ rest
    return bool(abs(np.linalg.norm(overlap) - 1) < 1e-9)


@given(st.data(), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_any_plan_becomes_an_equivalent_program(data: st.DataObject, seed: int) -> None:
    circuit = data.draw(st.one_of(unitary_circuits(max_qubits=4, max_gates=8), flipping_circuits(max_gates=9)))
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3))
    program = split_circuit(arbitrary_plan(segments_of(circuit), hardware, seed))
    assume(program.circuit.num_qubits <= 15)
    assert agrees(circuit, program, seed)


@given(st.data(), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_text_reads_back_as_the_program(data: st.DataObject, seed: int) -> None:
    """Apart from the e-bit, which the reader expands into h and cx, row by row the same operations."""
    circuit = data.draw(unitary_circuits(max_qubits=5, max_gates=15))
    hardware = data.draw(networks(num_qubits=circuit.num_qubits))
    program = split_circuit(arbitrary_plan(segments_of(circuit), hardware, seed))
    for dialect in (Dialect.QASM3, Dialect.QASM2):
        read = circuit_of_text(program_texts(program, dialect)["joint"], "joint.qasm")
        wanted = expanded(program.circuit, swap=dialect is Dialect.QASM2)
        assert read.digest == wanted.digest


def expanded(circuit: Circuit, *, swap: bool) -> Circuit:
    """The circuit as a reader sees it, with the gates that the text defines replaced by their bodies."""
    builder = CircuitBuilder()
    builder.add_qreg("q", circuit.num_qubits)
    builder.add_creg("c", circuit.num_clbits)
    for row in circuit:
        if row.op is Op.EPR:
            builder.append(Op.H, row.qubits[:1])
            builder.append(Op.CX, row.qubits)
        elif row.op is Op.SWAP and swap:
            for pair in (row.qubits, row.qubits[::-1], row.qubits):
                builder.append(Op.CX, pair)
        else:
            builder.append(row.op, row.qubits, row.params, clbit=row.clbit, condition=row.condition)
    return builder.build()


@pytest.mark.parametrize("fault", ["x", "z"])
def test_a_missing_correction_is_seen_by_this_test(fault: str) -> None:
    """The judge above can fail: without its corrections, the program of a remote CX is wrong in some branch."""
    builder = CircuitBuilder()
    builder.add_qreg("q", 2)
    builder.append(Op.CX, [0, 1])
    circuit = builder.build()
    plan = next(
        plan
        for seed in range(99)
        if (plan := arbitrary_plan(segments_of(circuit), load_hardware("all:2x1"), seed)).cost.ebits
    )
    program = split_circuit(plan)
    assert all(agrees(circuit, program, seed) for seed in range(8))
    broken = CircuitBuilder()
    broken.add_qreg("q", program.circuit.num_qubits)
    broken.add_creg("c", program.circuit.num_clbits)
    for row in program.circuit:
        if not (row.condition and row.op is Op[fault.upper()]):
            broken.append(row.op, row.qubits, row.params, clbit=row.clbit, condition=row.condition)
    wrong = Program(**{**vars(program), "circuit": broken.build()})
    assert not all(agrees(circuit, wrong, seed) for seed in range(8))
