"""Emitted text: the dialect that Qiskit and Cirq both read, complete, and with numbers that survive."""

import math
import random

import cirq
import numpy as np
import pytest
from cirq.contrib.qasm_import import circuit_from_qasm
from hypothesis import given
from hypothesis import strategies as st
from qiskit import qasm2, qasm3

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.errors import UnsupportedError
from dqplan.core.gates import NUM_PARAMS, NUM_QUBITS, Matrix2, Op, one_qubit_matrix
from dqplan.core.normalise import segments_of
from dqplan.core.one_qubit import name_unitary
from dqplan.core.program import Program
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.load_hardware import load_hardware
from dqplan.split.dialects import Dialect
from dqplan.split.qasm import program_texts
from dqplan.split.split_circuit import split_circuit
from dqplan.split.writer import format_angle
from tests.arbitrary_plans import arbitrary_plan
from tests.branches import is_same_up_to_phase


def program_of(circuit: Circuit, hardware: str = "line:3x2", seed: int = 1) -> Program:
    return split_circuit(arbitrary_plan(segments_of(circuit), load_hardware(hardware), seed))


def busy_circuit() -> Circuit:
    """Every gate of the vocabulary, measurements, conditions on whole registers."""
    rng = random.Random(5)
    builder = CircuitBuilder(name="busy")
    builder.add_qreg("q", 4)
    builder.add_creg("C", 2)
    builder.add_creg("h", 1)
    for op in Op:
        if op < Op.EPR:
            params = [rng.uniform(-3, 3) for _ in range(NUM_PARAMS[op])]
            builder.append(op, rng.sample(range(4), NUM_QUBITS[op]), params)
    for clbit in range(3):
        builder.append(Op.MEASURE, [clbit], clbit=clbit)
    builder.append(Op.X, [0], condition=Condition((Term((0, 1), 2),)))
    builder.append(Op.CRY, [0, 3], [0.3], condition=Condition((Term((2,), 1),)))
    return builder.build()


@pytest.mark.parametrize("dialect", [Dialect.QASM3, Dialect.QASM2])
def test_joint_and_module_texts_load_in_qiskit_and_cirq(dialect: Dialect) -> None:
    program = program_of(busy_circuit())
    texts = list(program_texts(program, dialect).values())
    assert len(texts) == 4
    for text in texts:
        loaded = (qasm3 if dialect is Dialect.QASM3 else qasm2).loads(text)
        assert loaded.size() > 0
        assert len(list(circuit_from_qasm(text).all_operations())) > 0
    assert qasm3.loads(program_texts(program)["joint"]).num_qubits == program.circuit.num_qubits


def test_cirq_runs_the_joint_program() -> None:
    """A GHZ state over three modules, sampled by Cirq: all outcomes agree."""
    builder = CircuitBuilder(name="ghz")
    builder.add_qreg("q", 4)
    builder.add_creg("c", 4)
    builder.append(Op.H, [0])
    for qubit in range(3):
        builder.append(Op.CX, [qubit, qubit + 1])
    for qubit in range(4):
        builder.append(Op.MEASURE, [qubit], clbit=qubit)
    loaded = circuit_from_qasm(program_texts(program_of(builder.build()))["joint"])
    result = cirq.Simulator(seed=1).run(loaded, repetitions=30)
    outcomes = {tuple(int(result.measurements[f"c_{k}"][shot, 0]) for k in range(4)) for shot in range(30)}
    assert outcomes == {(0, 0, 0, 0), (1, 1, 1, 1)}


def test_bits_read_one_by_one_become_registers_of_their_own() -> None:
    builder = CircuitBuilder()
    builder.add_qreg("q", 2)
    builder.add_creg("c", 2)
    builder.append(Op.MEASURE, [0], clbit=1)
    builder.append(Op.X, [1], condition=Condition((Term((1,), 1, equal=False),)))
    program = program_of(builder.build(), "all:1x2")
    assert [(run.register, run.offset, run.name, run.size) for run in program.clbit_runs] == [
        ("c", 0, "c_0", 1),
        ("c", 1, "c_1", 1),
    ]
    assert "if (c_1 == 0) x m0_data[1];" in program_texts(program)["joint"]


def test_conditions_that_cirq_cannot_read_still_load_in_qiskit_and_here() -> None:
    builder = CircuitBuilder()
    builder.add_qreg("q", 2)
    builder.add_creg("c", 2)
    builder.append(Op.MEASURE, [0], clbit=0)
    builder.append(Op.X, [1], condition=Condition((Term((0, 1), 2, equal=False), Term((0,), 0))))
    program = program_of(builder.build(), "all:1x2")
    text = program_texts(program)["joint"]
    assert qasm3.loads(text).num_clbits == 2
    bits = [[a, b] for a in (0, 1) for b in (0, 1)]
    read, wanted = circuit_of_text(text, "x.qasm")[1].condition, program.circuit[1].condition
    assert read is not None
    assert wanted is not None
    assert [read.holds(b) for b in bits] == [wanted.holds(b) for b in bits]
    with pytest.raises(UnsupportedError, match="OpenQASM 2"):
        program_texts(program, Dialect.QASM2)


@given(st.floats(-10, 10, allow_nan=False))
def test_angles_read_back_as_the_same_number(angle: float) -> None:
    assert eval(format_angle(angle), {"pi": math.pi}) == angle


def test_angles_are_written_as_fractions_of_pi() -> None:
    assert [format_angle(x * math.pi) for x in (1, -0.5, 0.75, 2)] == ["pi", "-pi/2", "3*pi/4", "2*pi"]
    assert format_angle(1e-5) == "1.0e-05"


@given(st.tuples(*[st.floats(-7, 7)] * 4))
def test_every_unitary_has_a_name(angles: tuple[float, float, float, float]) -> None:
    matrix: Matrix2 = one_qubit_matrix(Op.U, angles[:3])
    op, params = name_unitary(matrix)
    found = np.array(one_qubit_matrix(op, params))
    assert is_same_up_to_phase(found, np.array(matrix))


@pytest.mark.parametrize("op", [op for op in Op if op <= Op.TDG])
def test_plain_gates_keep_their_names(op: Op) -> None:
    assert name_unitary(one_qubit_matrix(op)) == (op, ())


def test_a_cx_between_neighbours_in_one_module_stays_a_cx() -> None:
    builder = CircuitBuilder()
    builder.add_qreg("q", 3)
    builder.append(Op.CX, [0, 2])
    builder.append(Op.CX, [1, 2])
    counts = program_of(builder.build(), "all:1x3").circuit.counts
    assert counts == {Op.CX: 2}
