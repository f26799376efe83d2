"""Runs by Stim: the same numbers as density matrices and state vectors, at sizes that those do not reach."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.errors import UsageError
from dqplan.core.gates import NUM_QUBITS, Op
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.simulate.affine import affine_distribution
from dqplan.simulate.ideal import ideal_distribution
from dqplan.simulate.simulate_program import Backend, simulate_program
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from tests.conftest import SAMPLES
from tests.model.test_errors import CASES, network, simulated
from tests.simulate.test_simulate_program import described, emitted, punctual
from tests.solve.circuits import ghz, segments

pytest.importorskip("stim")

GATES = st.sampled_from([Op.H, Op.S, Op.X, Op.SX, Op.CX, Op.CZ, Op.CY, Op.SWAP, Op.ISWAP, Op.ECR, Op.RESET, Op.MEASURE])


@st.composite
def clifford_circuits(draw: st.DrawFn) -> Circuit:
    """On three qubits, with measurements and Paulis that wait for them; each measurement has a bit of its own."""
    builder = CircuitBuilder(name="drawn")
    builder.add_qreg("q", 3)
    bits = 0
    for op, qubits in draw(st.lists(st.tuples(GATES, st.permutations(range(3))), max_size=14)):
        waits = bits and op is Op.X and draw(st.booleans())
        condition = Condition((Term((draw(st.integers(0, bits - 1)),), draw(st.integers(0, 1))),)) if waits else None
        builder.append(op, qubits[: NUM_QUBITS[op]], clbit=bits if op is Op.MEASURE else -1, condition=condition)
        bits += op is Op.MEASURE
    builder.append(Op.MEASURE, (0,), clbit=bits)
    builder.add_creg("c", bits + 1)
    return builder.build()


@given(clifford_circuits())
@settings(max_examples=50, deadline=None)
def test_ideal_outcomes_are_those_of_state_vectors(circuit: Circuit) -> None:
    assert affine_distribution(circuit) == pytest.approx(ideal_distribution(circuit))


@pytest.mark.parametrize("name", ["e-bit", "packet", "gates", "readout", "idling"])
def test_process_fidelities_are_those_of_density_matrices(name: str) -> None:
    circuit, hardware = CASES[name]
    program = split_circuit(solve_plan(circuit, punctual(hardware)))
    schedule = trial_program(program).schedule
    assert schedule is not None
    files = emitted(described(program))
    found = simulate_program(files, circuit.circuit, shots=20_000, backend=Backend.STIM).figures["process fidelity"]
    assert found.low <= simulated(program, schedule) <= found.high


def test_outcomes_are_those_of_state_vectors() -> None:
    """Deterministic outcomes, random waits and all kinds of noise."""
    circuit = load_circuit(str(SAMPLES / "bernstein_vazirani_8.qasm"))
    hardware = network(3, 3, ebit=0.95, gate=0.995, readout=0.98, t2_s=0.1)
    modules = tuple(replace(module, t1_s=0.2) for module in hardware.modules)
    program = split_circuit(solve_plan(segments_of(circuit), replace(hardware, modules=modules), effort=Effort.QUICK))
    assert program.plan.cost.ebits > 0
    files = emitted(program)
    one, other = (
        simulate_program(files, circuit, shots=4000, backend=backend) for backend in (Backend.STATEVECTOR, Backend.STIM)
    )
    assert one.ideal == pytest.approx(other.ideal)
    first, second = one.figures["classical fidelity"], other.figures["classical fidelity"]
    assert first.low < second.high
    assert second.low < first.high
    assert first.high < 0.9


def test_a_hundred_qubits() -> None:
    program = split_circuit(solve_plan(ghz(100), network(4, 26, ebit=0.99, gate=0.9999), effort=Effort.QUICK))
    experiment = simulate_program(emitted(program), ghz(100).circuit, shots=5000, backend=Backend.STIM)
    found, predicted = experiment.figures["process fidelity"], experiment.predicted["process fidelity"]
    assert found.low - 0.1 * (1 - found.value) <= predicted <= found.high
    assert found.high < 1


@pytest.mark.parametrize(
    ("gates", "message"),
    [
        ([(Op.T, (0,)), (Op.H, (0,)), (Op.CX, (0, 1)), (Op.T, (1,))], r"^joint\.qasm:\d+: .* is not Clifford here and"),
        ([(Op.RESET, (0,)), (Op.H, (0,))], "no process fidelity"),
    ],
)
def test_what_stim_cannot_do(gates: list[tuple[Op, tuple[int, ...]]], message: str) -> None:
    circuit = segments(2, gates)
    files = emitted(split_circuit(solve_plan(circuit, load_hardware("all:2x1+1"))))
    with pytest.raises(UsageError, match=message):
        simulate_program(files, circuit.circuit, backend=Backend.STIM)


def test_a_gate_that_waits_for_a_bit_is_refused() -> None:
    builder = CircuitBuilder(name="test")
    builder.add_qreg("q", 2)
    builder.add_creg("c", 1)
    builder.append(Op.H, (0,))
    builder.append(Op.MEASURE, (0,), clbit=0)
    builder.append(Op.H, (1,), condition=Condition((Term((0,), 1),)))
    files = emitted(split_circuit(solve_plan(segments_of(builder.build()), load_hardware("all:2x1"))))
    with pytest.raises(UsageError, match=r"^joint\.qasm:\d+: .* under this condition cannot be simulated by Stim"):
        simulate_program(files, builder.build(), backend=Backend.STIM)
