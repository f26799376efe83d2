"""Stim reads what is written for it, and runs it as the original circuit does; what is not Clifford is refused."""

from __future__ import annotations

import random

import numpy as np
import pytest
import stim

from dqplan.core.circuit import CircuitBuilder, Condition, Term, bit_names
from dqplan.core.errors import UnsupportedError
from dqplan.core.gates import Op
from dqplan.core.program import Program
from dqplan.split.dialects import Dialect
from dqplan.split.emit.emit_program import emit_program
from tests.split.emit.circuits import clifford, cluster, ghz
from tests.split.emit.judge import any_program, is_a_branch, is_sample_of, without_correction


def texts_of(program: Program) -> dict[str, str]:
    return emit_program(program, Dialect.STIM)


def run_once(program: Program, text: str, seed: int) -> bool:
    """Whether one run ends as it should."""
    circuit = stim.Circuit(text)
    simulator = stim.TableauSimulator(seed=seed)
    simulator.do(circuit)
    simulator.set_num_qubits(program.circuit.num_qubits)
    record = dict(zip(measured_bits(circuit), simulator.current_measurement_record(), strict=True))  # the last counts
    bits = [record.get(name, False) for name in bit_names(program.circuit.cregs)]
    return is_a_branch(program, bits, simulator.state_vector(endian="big"))


def measured_bits(circuit: stim.Circuit) -> list[str]:
    return [step.tag for step in circuit if step.name == "M"]


@pytest.mark.parametrize("seed", range(12))
def test_every_run_ends_as_the_circuit_can_end(seed: int) -> None:
    program = any_program(clifford(seed), seed, "line:3x2+1")
    text = texts_of(program)["joint"]
    assert all(run_once(program, text, k) for k in range(4))


@pytest.mark.parametrize("seed", range(40))
def test_any_run_of_clifford_gates_is_clifford_when_it_is_merged(seed: int) -> None:
    """Among the 24 products there are some that no gate of the vocabulary but U names."""
    rng = random.Random(seed)
    builder = CircuitBuilder(name="merged")
    builder.add_qreg("q", 1)
    for _ in range(rng.randint(2, 9)):
        builder.append(rng.choice([Op.H, Op.S, Op.SX, Op.Y]), [0])
    program = any_program(builder.build(), 0, "all:1x1")
    assert run_once(program, texts_of(program)["joint"], seed)


def test_samples_have_the_distribution_of_the_circuit() -> None:
    program = any_program(ghz(5), 1)
    circuit = stim.Circuit(texts_of(program)["joint"])
    columns = [measured_bits(circuit).index(f"c[{k}]") for k in range(5)]
    assert is_sample_of(program.plan.segments.circuit, circuit.compile_sampler(seed=3).sample(500)[:, columns].tolist())


def test_a_missing_correction_is_seen() -> None:
    program = without_correction(any_program(cluster(), 3))
    assert not all(run_once(program, texts_of(program)["joint"], k) for k in range(12))


def test_qubits_carry_their_names_and_modules() -> None:
    program = any_program(ghz(5), 1)
    coordinates = [step for step in stim.Circuit(texts_of(program)["joint"]) if step.name == "QUBIT_COORDS"]
    assert [step.tag for step in coordinates] == bit_names(program.circuit.qregs)
    assert [int(step.gate_args_copy()[0]) for step in coordinates] == program.module_of.tolist()


def test_a_module_does_its_part_for_any_bits_that_it_receives() -> None:
    """Without e-bits, comm qubits hold |0>: what arrives is then known, and sweep bits flip it."""
    builder = CircuitBuilder(name="feed")
    builder.add_qreg("q", 2)
    builder.add_creg("c", 2)
    builder.append(Op.X, [0])
    builder.append(Op.MEASURE, [0], clbit=0)
    builder.append(Op.X, [1], condition=Condition((Term((0,), 1),)))
    builder.append(Op.MEASURE, [1], clbit=1)
    texts = texts_of(any_program(builder.build(), 0, "all:2x1"))
    parts = [stim.Circuit(texts[name]) for name in ("m0", "m1")]
    said = [step.tag for part in parts for step in part if step.name == "TICK"]
    assert sorted(said) == ["receive c_0[0] from m0", "send c_0[0] to m1"] or sorted(said) == [
        "receive c_0[0] from m1",
        "send c_0[0] to m0",
    ]
    receiver = next(part for part in parts if part.num_sweep_bits)
    assert receiver.num_sweep_bits == 1
    flips = stim.Circuit(str(receiver).replace("sweep[0]", "rec[-1]").replace("CX", "X 9\nM 9\nCX"))
    assert flips.compile_sampler().sample(1)[0].tolist() == [True, True]


@pytest.mark.parametrize("name", ["joint", "m0", "m1", "m2"])
def test_all_texts_are_circuits_of_stim(name: str) -> None:
    assert stim.Circuit(texts_of(any_program(clifford(1), 2, "line:3x2+1"))[name]).num_qubits > 0


def refused(op: Op, qubits: list[int], params: list[float], condition: Condition | None = None) -> str:
    builder = CircuitBuilder(name="file")
    builder.add_qreg("q", 2)
    builder.add_creg("c", 2)
    builder.append(Op.H, [0], line=3)
    builder.append(Op.MEASURE, [0], clbit=0, line=4)
    builder.append(Op.MEASURE, [0], clbit=1, line=5)
    builder.append(op, qubits, params, condition=condition, line=17)
    builder.append(Op.T, [1], line=18)
    with pytest.raises(UnsupportedError) as caught:
        texts_of(any_program(builder.build(), 0, "all:1x2"))
    return str(caught.value)


def test_the_first_operation_that_is_not_clifford_is_named_with_its_line() -> None:
    told = "is not Clifford, and Stim knows nothing else"
    assert refused(Op.T, [0], []) == f"file:17: `t q[0];` {told}"
    assert refused(Op.CP, [0, 1], [np.pi / 2]) == f"file:17: `cp(pi/2) q[0], q[1];` {told}"
    assert refused(Op.RX, [0], [0.3]) == f"file:17: `rx(0.3) q[0];` {told}"
    assert refused(Op.CX, [0, 1], []) == f"file:18: `t q[1];` {told}"


def test_feed_forward_that_stim_lacks_is_named_with_its_line() -> None:
    both, one = Condition((Term((0, 1), 3),)), Condition((Term((0,), 1),))
    told = "has a condition; Stim can only apply Paulis under one bit"
    assert refused(Op.X, [0], [], both) == f"file:17: `if (c == 3) x m0_data[0];` {told}"
    assert refused(Op.H, [0], [], one) == f"file:17: `if (c_0 == 1) h m0_data[0];` {told}"
