"""The simulator of all branches against Cirq, by deferred measurement."""

from __future__ import annotations

import random
from collections.abc import Sequence

import cirq
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Operation, Term
from dqplan.core.gates import NUM_PARAMS, NUM_QUBITS, Op
from dqplan.verify.distance import trace_distance
from dqplan.verify.process import Budget, Mixture, Process, run_process
from tests.strategies import dynamic_circuits

PLENTY = Budget(1 << 24, 1 << 40)

GATES = {
    Op.H: lambda: cirq.H,
    Op.X: lambda: cirq.X,
    Op.Y: lambda: cirq.Y,
    Op.S: lambda: cirq.S,
    Op.T: lambda: cirq.T,
    Op.RX: cirq.rx,
    Op.RY: cirq.ry,
    Op.RZ: cirq.rz,
    Op.CX: lambda: cirq.CX,
    Op.CZ: lambda: cirq.CZ,
    Op.CP: lambda angle: cirq.CZ ** (angle / np.pi),
    Op.CRX: lambda angle: cirq.rx(angle).controlled(),
    Op.SWAP: lambda: cirq.SWAP,
    Op.ISWAP: lambda: cirq.ISWAP,
    Op.RXX: lambda angle: cirq.XXPowGate(exponent=angle / np.pi, global_shift=-0.5),
    Op.CCX: lambda: cirq.CCX,
    Op.CCZ: lambda: cirq.CCZ,
    Op.CSWAP: lambda: cirq.CSWAP,
}
"""Gates as Cirq defines them."""


class Deferred:
    """A dynamic circuit as a unitary one: measurements and resets copy or move qubits to fresh ones."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self.references = cirq.LineQubit.range(circuit.num_qubits)
        self.qubits: list[cirq.Qid] = list(cirq.LineQubit.range(1000, 1000 + circuit.num_qubits))
        self.bits: list[cirq.Qid | None] = [None] * circuit.num_clbits
        self.fresh = iter(cirq.LineQubit.range(2000, 3000))
        pairs = zip(self.references, self.qubits, strict=True)
        self.operations = [op for a, b in pairs for op in (cirq.H(a), cirq.CX(a, b))]
        for operation in circuit:
            self.operations += self.deferred(operation)

    def deferred(self, operation: Operation) -> list[cirq.Operation]:
        if operation.op == Op.MEASURE:
            bit = self.bits[operation.clbit] = next(self.fresh)
            return [cirq.CX(self.qubits[operation.qubits[0]], bit)]
        if operation.op == Op.RESET:
            self.qubits[operation.qubits[0]] = next(self.fresh)
            return []
        gate = GATES[operation.op](*operation.params).on(*(self.qubits[qubit] for qubit in operation.qubits))
        if operation.condition is None:
            return [gate]
        (term,) = operation.condition.terms
        wanted = [(self.bits[clbit], term.value >> place & 1) for place, clbit in enumerate(term.clbits)]
        if any(bit is None and value for bit, value in wanted):
            return []  # a bit that was never measured is 0
        controls = [(bit, value) for bit, value in wanted if bit is not None]
        return [gate.controlled_by(*(bit for bit, _ in controls), control_values=[value for _, value in controls])]

    def mixture(self, kept: Sequence[int]) -> Mixture:
        """The result in the simulator's form: references first, other qubits traced out."""
        quantum = [*self.references, *(self.qubits[qubit] for qubit in kept)]
        measured = [bit for bit in self.bits if bit is not None]
        everything = sorted({*quantum, *measured, *cirq.Circuit(self.operations).all_qubits()})
        rest = [qubit for qubit in everything if qubit not in (*quantum, *measured)]
        order = [*measured, *rest, *quantum]
        state = cirq.Circuit(self.operations).final_state_vector(qubit_order=order, dtype=np.complex128)
        parts = state.reshape(1 << len(measured), 1 << len(rest), 1 << len(quantum))
        places = [place for place, bit in enumerate(self.bits) if bit is not None]
        return {
            sum((key >> (len(places) - 1 - k) & 1) << place for k, place in enumerate(places)): rows
            for key, rows in enumerate(parts)
        }


def random_circuit(rng: random.Random, num_qubits: int) -> Circuit:
    """At most five measurements and resets, so that Cirq's unitary stays small."""
    builder = CircuitBuilder()
    builder.add_qreg("q", num_qubits)
    builder.add_creg("c", 2)
    kinds = [*rng.choices(list(GATES), k=18), *rng.choices([Op.MEASURE, Op.MEASURE, Op.RESET], k=5)]
    rng.shuffle(kinds)
    for op in kinds:
        qubits = rng.sample(range(num_qubits), int(NUM_QUBITS[op]))
        params = [rng.uniform(-3, 3) for _ in range(NUM_PARAMS[op])]
        condition = Condition((Term((0, 1), rng.randrange(4)),)) if op < Op.MEASURE and rng.random() < 0.3 else None
        builder.append(op, qubits, params, clbit=rng.randrange(2) if op == Op.MEASURE else -1, condition=condition)
    return builder.build()


def simulated(circuit: Circuit, kept: Sequence[int]) -> Mixture:
    process = Process(circuit, tuple(range(circuit.num_qubits)), tuple(kept), tuple(range(circuit.num_clbits)))
    return run_process(process, None, range(circuit.num_qubits), (), PLENTY, dry=False).mixture


@pytest.mark.parametrize("seed", range(25))
def test_random_dynamic_circuits_agree_with_cirq(seed):
    rng = random.Random(seed)
    circuit = random_circuit(rng, 3)
    kept = rng.sample(range(3), rng.randint(1, 3))
    expected = Deferred(circuit).mixture(kept)
    assert trace_distance(simulated(circuit, kept), expected, 3 + len(kept), ()) < 1e-12


@settings(max_examples=40, deadline=None)
@given(dynamic_circuits(max_qubits=3), st.data())
def test_any_circuit_keeps_its_probability_and_its_book_keeping(circuit, data):
    """A dry run must foresee the largest tensor of the real one exactly, or budgets would mean nothing."""
    kept = tuple(data.draw(st.sets(st.integers(0, circuit.num_qubits - 1), min_size=1)))
    process = Process(circuit, tuple(range(circuit.num_qubits)), kept, tuple(range(circuit.num_clbits)))
    given_inputs = range(circuit.num_qubits)
    run = run_process(process, None, given_inputs, (), PLENTY, dry=False)
    assert sum(np.linalg.norm(rows) ** 2 for rows in run.mixture.values()) == pytest.approx(1)
    assert run_process(process, None, given_inputs, (), PLENTY, dry=True).peak_axes == run.peak_axes


def conditional_reset(bit: int) -> Circuit:
    builder = CircuitBuilder()
    builder.add_qreg("q", 2)
    builder.add_creg("c", 2)
    builder.append(Op.MEASURE, [1], clbit=0)
    condition = Condition((Term((0,), bit),))
    builder.append(Op.RESET, [0], condition=condition)
    builder.append(Op.MEASURE, [0], clbit=1, condition=condition)
    return builder.build()


@pytest.mark.parametrize("bit", [0, 1])
def test_a_conditional_reset_and_measurement_happen_in_their_branch_only(bit):
    """Qubit 0 keeps its entanglement in one branch and holds |0> in the other, where its measurement gives 0."""
    mixture = simulated(conditional_reset(bit), [0])
    ranks = {record: np.linalg.matrix_rank(rows) for record, rows in mixture.items()}
    assert ranks == {bit: 2, 1 - bit: 1}


def test_a_simulation_stops_at_its_budget():
    builder = CircuitBuilder()
    builder.add_qreg("q", 3)
    builder.add_creg("c", 3)
    for qubit in range(3):
        builder.append(Op.H, [qubit])
    process = Process(builder.build(), (0, 1, 2), (0, 1, 2), ())
    for budget in (Budget(32, 1 << 20), Budget(1 << 20, 30)):
        for dry in (True, False):
            run = run_process(process, None, range(3), (), budget, dry=dry)
            assert not run.within
            assert not run.mixture


def vector(*amplitudes: complex) -> NDArray[np.complex128]:
    return np.array([amplitudes], dtype=np.complex128)


def test_trace_distance_of_known_mixtures():
    zero, one, plus = vector(1, 0), vector(0, 1), vector(1, 1) / np.sqrt(2)
    mixed = np.concatenate([zero, one]) / np.sqrt(2)
    assert trace_distance({0: zero}, {0: 1j * zero}, 1, ()) == pytest.approx(0, abs=1e-15)
    assert trace_distance({0: zero}, {0: one}, 1, ()) == pytest.approx(1)
    assert trace_distance({0: zero}, {0: plus}, 1, ()) == pytest.approx(np.sqrt(0.5))
    assert trace_distance({0: plus}, {0: mixed}, 1, ()) == pytest.approx(0.5)
    assert trace_distance({0: plus}, {0: mixed}, 1, [0]) == pytest.approx(0, abs=1e-15), "equal once it is measured"
    assert trace_distance({0: zero}, {1: zero}, 1, ()) == pytest.approx(1), "the record differs"
