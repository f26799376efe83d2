"""The estimated fidelity against density matrices of the emitted program with the same noise, by Cirq; and Oxford 2025.

Tolerance: the estimate leaves out that errors may cancel, so it may lie below the simulated process fidelity, by up to
a tenth of the infidelity in these circuits. It may lie above by a fiftieth, because it is a mean over random waits, and
the simulation takes the schedule with mean waits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import cirq
import numpy as np
import pytest

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op, gate_matrix
from dqplan.core.hardware import Hardware, Link, Module, Operating
from dqplan.core.outlook import Schedule
from dqplan.core.plan import Plan
from dqplan.core.program import Program, QubitKind
from dqplan.load.load_hardware import load_hardware
from dqplan.model.ebits import purified_pair
from dqplan.model.errors import process_fidelity
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from tests.solve.circuits import Gate, ghz, segments

BELOW, ABOVE = 0.1, 0.02
"""Parts of the infidelity by which the estimate may lie below and above the simulation."""


def network(
    modules: int, data: int, *, ebit: float = 1.0, gate: float = 1.0, readout: float = 1.0, t2_s: float | None = None
) -> Hardware:
    """Modules in a line; fidelities of gates are process fidelities here."""
    one, two = (Operating(None, (d * gate + 1) / (d + 1), 1e-4) for d in (2, 4))
    module = {"one_qubit": one, "two_qubit": two, "readout": Operating(None, readout, 1e-3), "t2_s": t2_s}
    made = tuple(Module(f"m{i}", data, 2, **module) for i in range(modules))
    links = tuple(Link(i, i + 1, ebit_fidelity=ebit, rate_hz=100.0, latency_s=1e-4) for i in range(modules - 1))
    return Hardware("line", made, links)


def noisy_operations(program: Program, schedule: Schedule, qubits: Sequence[cirq.Qid]) -> Iterator[cirq.Operation]:
    """The joint program with noise, measurements put off: a bit that is read becomes a control."""
    hardware = program.plan.hardware
    measured: dict[int, cirq.Qid] = {}
    waits = _waits(program, schedule)
    for row, operation in enumerate(program.circuit):
        on = [qubits[qubit] for qubit in operation.qubits]
        module = hardware.modules[program.module_of[operation.qubits[0]]]
        for qubit in operation.qubits:
            remembers = program.kind_of[qubit] is QubitKind.MEMORY
            t2_s = module.memory_lifetime_s if remembers else module.t2_s
            if t2_s and (row, qubit) in waits:
                yield cirq.phase_flip((1 - math.exp(-waits[row, qubit] / t2_s)) / 2)(qubits[qubit])
        if operation.op is Op.RESET:
            yield cirq.ResetChannel()(*on)
        elif operation.op is Op.MEASURE:
            yield cirq.bit_flip(1 - (module.readout.fidelity or 1.0))(*on)
            yield cirq.phase_flip(0.5)(*on)
            measured[operation.clbit] = on[0]
        else:
            gate = cirq.MatrixGate(gate_matrix(operation.op, operation.params))(*on)
            if operation.condition is not None:
                gate = gate.controlled_by(*(measured[term.clbits[0]] for term in operation.condition.terms))
            yield gate
            yield (
                _ebit_errors(program.plan, on[0]) if operation.op is Op.EPR else _depolarised(operation.op, on, module)
            )


def _waits(program: Program, schedule: Schedule) -> dict[tuple[int, int], float]:
    """By row and qubit: how long the qubit, which holds something, has waited, in the order of the schedule."""
    free: dict[int, float] = {}
    found: dict[tuple[int, int], float] = {}
    for row in schedule.order.tolist():
        operation = program.circuit[row]
        for qubit in operation.qubits:
            if qubit in free and operation.op is not Op.RESET:
                found[row, qubit] = max(0.0, schedule.start_s[row] - free[qubit])
            free.pop(qubit, None)
            if operation.op not in (Op.RESET, Op.MEASURE):
                free[qubit] = schedule.end_s[row]
    return found


def _ebit_errors(plan: Plan, half: cirq.Qid) -> cirq.Operation:
    """Those of a Bell-diagonal pair; all links are alike."""
    pair = purified_pair(plan.hardware, plan.hardware.links[0], max(plan.purification.values(), default=0))
    assert pair is not None
    errors = dict(zip("IXYZ", pair.weights.tolist(), strict=True))
    return cirq.asymmetric_depolarize(error_probabilities=errors)(half)


def _depolarised(op: Op, on: Sequence[cirq.Qid], module: Module) -> cirq.Operation:
    """What an imperfect gate adds: any other Pauli error, all alike; a SWAP is three gates."""
    average = (module.one_qubit if len(on) == 1 else module.two_qubit).fidelity or 1.0
    left = process_fidelity(average, 2 ** len(on)) ** (3 if op is Op.SWAP else 1)
    return cirq.depolarize(max(0.0, 1 - left), n_qubits=len(on))(*on)


def simulated(program: Program, schedule: Schedule) -> float:
    """The process fidelity: that of the output with the ideal one, when each input is half of a Bell pair."""
    size, wires = program.circuit.num_qubits, len(program.input_qubit)
    qubits = cirq.LineQubit.range(size + wires)
    pairs = [(qubits[size + k], qubits[q]) for k, q in enumerate(program.input_qubit)]
    start = cirq.Circuit((cirq.H(one), cirq.CX(one, other)) for one, other in pairs)
    noisy = start + cirq.Circuit(noisy_operations(program, schedule, qubits[:size]))
    simulator = cirq.DensityMatrixSimulator(dtype=np.complex128)
    rho = simulator.simulate(noisy, qubit_order=qubits).final_density_matrix.reshape((2,) * 2 * len(qubits))
    kept = [*program.output_qubit, *range(size, size + wires)]
    rho = cirq.partial_trace(rho, kept).reshape(4**wires, -1)
    around = cirq.LineQubit.range(2 * wires)
    bells = ((cirq.H(around[wires + k]), cirq.CX(around[wires + k], around[k])) for k in range(wires))
    ideal = cirq.Circuit(bells, _gates(program.plan.segments.circuit, around))
    psi = ideal.final_state_vector(qubit_order=around, dtype=np.complex128)
    return float(np.real(psi.conj() @ rho @ psi))


def _gates(circuit: Circuit, wires: Sequence[cirq.Qid]) -> Iterator[cirq.Operation]:
    """A circuit without noise."""
    for operation in circuit:
        yield cirq.MatrixGate(gate_matrix(operation.op, operation.params))(*(wires[q] for q in operation.qubits))


MIXED = segments(3, [(Op.H, (0,)), (Op.CX, (0, 2)), (Op.T, (2,)), (Op.H, (2,)), (Op.CZ, (1, 2)), (Op.CX, (2, 0))])
CASES = {
    "e-bit": (ghz(2), network(2, 1, ebit=0.9)),
    "packet": (segments(3, [(Op.H, (0,)), (Op.CZ, (0, 1)), (Op.CZ, (0, 2))]), network(2, 2, ebit=0.9)),
    "gates": (ghz(3), network(2, 2, gate=0.99)),
    "readout": (ghz(3), network(2, 2, readout=0.95)),
    "idling": (ghz(3), network(2, 2, t2_s=0.2)),
    "swapping": (
        segments(3, [(Op.H, (0,)), (Op.CX, (0, 1)), (Op.CX, (1, 2)), (Op.CX, (0, 2))]),
        network(3, 1, ebit=0.93),
    ),
    "purified": (MIXED, network(2, 2, ebit=0.85, gate=0.997, readout=0.99, t2_s=1.0)),
    "purified twice": (ghz(3), network(2, 2, ebit=0.85, gate=0.999)),
    "all": (MIXED, network(2, 2, ebit=0.96, gate=0.997, readout=0.99, t2_s=1.0)),
}


ROUNDS = {"purified": {"m0--m1": 1}, "purified twice": {"m0--m1": 2}}


@pytest.mark.parametrize("name", CASES)
def test_estimates_agree_with_density_matrices(name: str) -> None:
    circuit, hardware = CASES[name]
    program = split_circuit(replace(solve_plan(circuit, hardware), purification=ROUNDS.get(name, {})))
    assert program.plan.cost.ebits > 0
    outlook = trial_program(program)
    assert outlook.fidelity is not None
    assert outlook.schedule is not None
    found = simulated(program, outlook.schedule)
    assert -BELOW * (1 - found) <= outlook.fidelity.process - found <= ABOVE * (1 - found)


OXFORD = load_hardware("oxford_2025")
MEASURED = {
    "CZ": (1, OXFORD.links[0].remote_gate.fidelity, 0.009),
    "Grover": (2, OXFORD.facts["grover_success"].value, 0.01),
    "iSWAP": (2, OXFORD.facts["iswap_fidelity_2_teleported_gates"].value, 0.02),
    "SWAP": (3, OXFORD.facts["swap_fidelity_3_teleported_gates"].value, 0.02),
}
"""What took so many teleported CZ, what was measured, and its uncertainty."""
MODEL_UNCERTAINTY = 0.02
"""Of one-qubit gates, readout and durations, which the preset assumes."""


def teleported(gates: int) -> Program:
    """As the experiment did it: every CZ by an e-bit of its own; turns between them keep packets apart."""
    sequence: list[Gate] = []
    for number in range(gates):
        turns = [(Op.U, (q,), (0.7 + q + number, 0.4 * q + 1, number - 0.6)) for q in range(2)]
        sequence += [(Op.CZ, (0, 1)), *turns]
    return split_circuit(solve_plan(segments(2, sequence), OXFORD))


@pytest.mark.parametrize("name", MEASURED)
def test_oxford_is_predicted(name: str) -> None:
    """From the measured remote gate alone, one or more of them in a row."""
    gates, measured, uncertainty = MEASURED[name]
    assert measured is not None
    program = teleported(gates)
    fidelity = trial_program(program).fidelity
    assert fidelity is not None
    propagated = math.hypot(uncertainty, gates * MEASURED["CZ"][2], MODEL_UNCERTAINTY)
    assert program.plan.cost.ebits == gates
    assert abs(fidelity.average - measured) <= 2 * propagated
