"""The digital twin against density matrices of the emitted program with the same noise, by Cirq; and its promises."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Event

import cirq
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit, CircuitBuilder
from dqplan.core.errors import PlanError, UsageError
from dqplan.core.experiment import Experiment
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, LinkKind, Operating
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.core.program import Program
from dqplan.core.segments import Segments
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.simulate.simulate_program import simulate_program
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import plan_text, program_files
from dqplan.split.recompile.recompile_program import recompile_program
from dqplan.split.split_circuit import split_circuit
from dqplan.split.writer import Dialect
from dqplan.trial.trial_program import trial_program
from tests.conftest import SAMPLES
from tests.model.test_errors import BELOW, CASES, MEASURED, network, noisy_operations, simulated, teleported
from tests.solve.circuits import ghz, segments
from tests.strategies import dynamic_circuits, networks


def emitted(program: Program, emit: Dialect = Dialect.QASM3) -> dict[str, str]:
    outlook = trial_program(program)
    files = program_files(program, outlook=outlook, emit=[emit])
    return {**files, "plan.json": plan_text(program, (), sorted(files), outlook)}


def twin(circuit: Segments, hardware: Hardware, shots: int = 1000, seed: int = 0) -> Experiment:
    program = split_circuit(solve_plan(circuit, hardware, effort=Effort.QUICK))
    return simulate_program(emitted(program), circuit.circuit, shots=shots, seed=seed)


def measured_at_the_end(num_qubits: int, gates: Sequence[tuple[Op, tuple[int, ...]]]) -> Circuit:
    """Gates, then a measurement of every qubit into a bit of its own."""
    builder = CircuitBuilder(name="test")
    builder.add_qreg("q", num_qubits)
    builder.add_creg("c", num_qubits)
    for op, qubits in gates:
        builder.append(op, qubits)
    for qubit in range(num_qubits):
        builder.append(Op.MEASURE, (qubit,), clbit=qubit)
    return builder.build()


def punctual(hardware: Hardware) -> Hardware:
    """The same with e-bits that always take the same time, as density matrices need it.

    Links that are direct gates do; hardware files then do not say how good their e-bits are (`described`).
    """
    links = [
        replace(link, kind=LinkKind.DIRECT_GATE, remote_gate=Operating(None, (4 * link.ebit_fidelity + 1) / 5, 0.01))
        for link in hardware.links
        if link.ebit_fidelity is not None
    ]
    return replace(hardware, links=tuple(links))


def described(program: Program) -> Program:
    """The program on hardware as a file describes it."""
    hardware = program.plan.hardware
    links = tuple(replace(link, ebit_fidelity=None, rate_hz=None) for link in hardware.links)
    return replace(program, plan=replace(program.plan, hardware=replace(hardware, links=links)))


@pytest.mark.parametrize("name", CASES)
def test_process_fidelities_are_those_of_density_matrices(name: str) -> None:
    circuit, hardware = CASES[name]
    program = split_circuit(solve_plan(circuit, punctual(hardware)))
    schedule = trial_program(program).schedule
    assert schedule is not None
    wanted = simulated(program, schedule)
    assert wanted < 0.99
    found = simulate_program(emitted(described(program)), circuit.circuit, shots=6000).figures["process fidelity"]
    assert found.low <= wanted <= found.high


SPREAD = [(Op.X, (0,)), (Op.CX, (0, 1)), (Op.CX, (0, 2)), (Op.H, (1,)), (Op.CZ, (1, 0)), (Op.H, (1,))]
OUTCOMES = {
    "Grover": (
        load_circuit(str(SAMPLES / "grover_2.qasm")),
        network(2, 1, ebit=0.85, gate=0.98, readout=0.95, t2_s=0.1),
    ),
    "gates": (measured_at_the_end(3, SPREAD), network(2, 2, gate=0.9)),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_outcomes_are_those_of_density_matrices(name: str) -> None:
    """From |0…0>, readout and all."""
    circuit, hardware = OUTCOMES[name]
    program = split_circuit(solve_plan(segments_of(circuit), punctual(hardware)))
    schedule = trial_program(program).schedule
    assert schedule is not None
    qubits = cirq.LineQubit.range(program.circuit.num_qubits)
    noisy = cirq.Circuit(noisy_operations(program, schedule, qubits))
    rho = cirq.DensityMatrixSimulator().simulate(noisy, qubit_order=qubits).final_density_matrix
    measured = {row.clbit: row.qubits[0] for row in program.circuit if row.op is Op.MEASURE}
    kept = [measured[clbit] for clbit in reversed(range(circuit.num_clbits))]
    rho = cirq.partial_trace(rho.reshape((2,) * 2 * len(qubits)), kept).reshape(2 ** len(kept), -1)
    experiment = simulate_program(emitted(described(program)), circuit, shots=6000)
    assert experiment.counts is not None
    assert experiment.ideal is not None
    parts = {f"{outcome:0{len(kept)}b}": part for outcome, part in enumerate(np.real(np.diag(rho)).tolist())}
    for outcome, part in parts.items():
        found = experiment.counts.outcomes.get(outcome, 0)
        assert abs(found - 6000 * part) < 3 * (6000 * part) ** 0.5 + 1
    fidelity = experiment.figures["classical fidelity"]
    assert fidelity.low <= parts[max(experiment.ideal, key=experiment.ideal.__getitem__)] <= fidelity.high


@pytest.mark.parametrize("name", MEASURED)
def test_oxford_is_as_predicted(name: str) -> None:
    """Random waits included: the estimate is below by no more than errors may cancel."""
    program = teleported(MEASURED[name][0])
    predicted = trial_program(program).fidelity
    assert predicted is not None
    found = simulate_program(emitted(program), program.plan.segments.circuit, shots=4000).figures["average fidelity"]
    assert found.low - BELOW * (1 - found.value) <= predicted.average <= found.high


def test_grover_on_oxford_is_at_least_as_good_as_predicted() -> None:
    """The prediction is a mean over inputs; from |00> the circuit does not notice many of the phases."""
    circuit = load_circuit(str(SAMPLES / "grover_2.qasm"))
    experiment = twin(segments_of(circuit), load_hardware("oxford_2025"))
    assert experiment.ideal == pytest.approx({"11": 1.0})
    assert experiment.predicted["average fidelity"] <= experiment.figures["classical fidelity"].low
    assert experiment.figures["classical fidelity"].high < 1


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_without_noise_only_ideal_outcomes_are_found(data: st.DataObject) -> None:
    circuit = data.draw(dynamic_circuits(max_gates=10))
    hardware = data.draw(networks(num_qubits=circuit.num_qubits))
    perfect = replace(hardware, links=tuple(replace(link, ebit_fidelity=1.0) for link in hardware.links))
    if Op.MEASURE not in circuit.counts:
        return
    experiment = twin(segments_of(circuit), perfect, shots=50)
    assert experiment.counts is not None
    assert experiment.ideal is not None
    assert all(experiment.ideal.get(outcome, 0.0) > 0 for outcome in experiment.counts.outcomes)
    assert sum(experiment.ideal.values()) == pytest.approx(1)
    assert experiment.figures["classical fidelity"].high == 1


def test_without_noise_a_circuit_is_itself() -> None:
    experiment = twin(ghz(4), network(2, 2), shots=50)
    assert experiment.figures["process fidelity"].value == pytest.approx(1, abs=1e-9)
    assert experiment.predicted["process fidelity"] == 1


@pytest.mark.parametrize("worse", [{"ebit": 0.8}, {"gate": 0.97}, {"readout": 0.9}, {"t2_s": 0.03}])
def test_more_noise_lowers_the_fidelity(worse: dict[str, float]) -> None:
    little = twin(ghz(3), network(2, 2, ebit=0.99, gate=0.999, readout=0.99, t2_s=10.0))
    much = twin(ghz(3), network(2, 2, **{"ebit": 0.99, "gate": 0.999, "readout": 0.99, "t2_s": 10.0, **worse}))
    assert much.figures["process fidelity"].high < little.figures["process fidelity"].low


def test_errors_of_ebits_are_of_the_kind_that_the_link_makes() -> None:
    """A copy of a bit does not notice a Z on its e-bit, and takes over an X; in the other basis, it is the other."""
    circuit = segments(2, [(Op.X, (0,)), (Op.CX, (0, 1)), (Op.MEASURE, (1,))])
    right = []
    for weights in ((0.7, 0.0, 0.0, 0.3), (0.7, 0.3, 0.0, 0.0)):
        hardware = network(2, 1, ebit=0.7)
        links = tuple(replace(link, bell_diagonal=weights) for link in hardware.links)
        right.append(twin(circuit, replace(hardware, links=links)).figures["classical fidelity"])
    worse, better = sorted(right, key=lambda interval: interval.value)
    assert better.value == 1
    assert worse.low <= 0.7 <= worse.high


def test_a_seed_gives_the_same_again() -> None:
    circuit, hardware = segments(2, [(Op.H, (0,)), (Op.CX, (0, 1)), (Op.MEASURE, (1,))]), network(2, 1, ebit=0.9)
    one, again, other = (twin(circuit, hardware, seed=seed).counts for seed in (3, 3, 4))
    assert one is not None
    assert again is not None
    assert other is not None
    assert one.outcomes == again.outcomes != other.outcomes


def test_openqasm_2_and_unscheduled_programs_run_as_well() -> None:
    circuit = segments(3, [(Op.X, (0,)), (Op.SWAP, (0, 1)), (Op.CX, (1, 2)), (Op.MEASURE, (2,))])
    program = split_circuit(solve_plan(circuit, load_hardware("line:2x2+1")))
    files = emitted(program, Dialect.QASM2)
    assert files["joint.qasm"].splitlines()[1] == "OPENQASM 2.0;"
    assert "schedule.json" not in files
    counts = simulate_program(files, circuit.circuit, shots=20).counts
    assert counts is not None
    assert counts.outcomes == {"1": 20}


def test_it_can_be_stopped_and_tells_how_far_it_is() -> None:
    program = split_circuit(solve_plan(ghz(2), network(2, 1, ebit=0.9)))
    stop, told = Event(), list[tuple[int, int]]()

    def watch(done: int, shots: int) -> None:
        told.append((done, shots))
        if done == 2000:
            stop.set()

    experiment = simulate_program(emitted(program), ghz(2).circuit, shots=5500, stop=stop, watch=watch)
    assert told == [(1000, 5500), (2000, 5500)]
    assert experiment.shots == 2000
    whole = simulate_program(emitted(program), ghz(2).circuit, shots=1500, watch=watch)
    assert whole.shots == 1500


def altered(files: Mapping[str, str], row: int) -> dict[str, str]:
    document = json.loads(files["schedule.json"])
    del next(iter(document["modules"].values()))[row]
    return {**files, "schedule.json": json.dumps(document)}


def test_what_cannot_be_simulated() -> None:
    files = emitted(split_circuit(solve_plan(ghz(2), network(2, 1))))
    with pytest.raises(PlanError, match=r"not the 13 of joint\.qasm"):
        simulate_program(altered(files, 0), ghz(2).circuit)
    wild = {**files, "joint.qasm": files["joint.qasm"].replace("epr m", "cx m")}
    with pytest.raises(PlanError, match=r"joint\.qasm:\d+: a gate between two modules that makes no e-bit"):
        simulate_program(wild, ghz(2).circuit)
    large = ghz(26)
    with pytest.raises(UsageError, match="28 qubits may be in superposition at once, at most 24"):
        twin(large, load_hardware("all:2x13"))
    mixed = segments(2, [(Op.H, (0,)), (Op.CX, (0, 1)), (Op.RESET, (0,))])
    with pytest.raises(UsageError, match="leave a mixture"):
        twin(mixed, load_hardware("all:2x1"))


def test_resets_at_the_start_are_fine() -> None:
    circuit = segments(2, [(Op.RESET, (0,)), (Op.H, (0,)), (Op.CX, (0, 1))])
    experiment = twin(circuit, load_hardware("all:2x1"), shots=10)
    assert experiment.inputs == "|0…0>"
    assert experiment.figures["fidelity of the output"].value == pytest.approx(1)


def test_compiled_programs_are_run_as_they_are() -> None:
    """Perfect operations of native gates give the ideal outcomes; bad native gates do not."""
    circuit = segments(3, [(Op.H, (0,)), (Op.CX, (0, 1)), (Op.CX, (1, 2))])
    good = Operating(None, 1.0, 1e-5)
    hardware = network(2, 2)
    limited = tuple(
        replace(
            module,
            native_gates=("cz", "rz", "sx", "x"),
            coupling=((0, 1), (1, 2), (2, 3)),
            one_qubit=good,
            two_qubit=good,
        )
        for module in hardware.modules
    )
    found = []
    for fidelity in (1.0, 0.9):
        modules = tuple(replace(module, two_qubit=replace(good, fidelity=fidelity)) for module in limited)
        program = split_circuit(
            solve_plan(circuit, replace(hardware, modules=modules), effort=Effort.QUICK, relaxed=False)
        )
        native = recompile_program(program)
        assert native is not None
        outlook = trial_program(native.program)
        files = program_files(program, outlook=outlook, native=native)
        found.append(simulate_program(files, circuit.circuit, shots=200).figures["average fidelity"].value)
    assert found[0] == pytest.approx(1.0)
    assert found[1] < 0.95
