"""Programs compiled for their modules: native, coupled, equivalent, the same outside; or a reason why not."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import cirq
import numpy as np
import pytest
from cirq.contrib.qasm_import import circuit_from_qasm
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import qasm2, qasm3

from dqplan.core.circuit import Circuit, CircuitBuilder
from dqplan.core.errors import HardwareError, InfeasibleError
from dqplan.core.gates import NUM_QUBITS, Op
from dqplan.core.hardware import Module
from dqplan.core.native import Native, native_ops
from dqplan.core.normalise import segments_of
from dqplan.core.program import Program
from dqplan.core.verdict import Status
from dqplan.load.emitted import read_emitted, read_native
from dqplan.load.load_circuit import circuit_of_text, load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.split.dialects import Dialect, native_file_name
from dqplan.split.files import program_files
from dqplan.split.qasm import program_texts
from dqplan.split.recompile.coupling import Coupling
from dqplan.split.recompile.recompile_program import recompile_program
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from dqplan.verify.equivalence import check_equivalence
from dqplan.verify.native.native_check import check_native
from dqplan.verify.verify_plan import verify_plan
from tests.arbitrary_plans import arbitrary_plan
from tests.conftest import SAMPLES
from tests.split.recompile.programs import network, program_on
from tests.strategies import (
    GATE_SETS,
    compiled_circuits,
    dynamic_circuits,
    flipping_circuits,
    limited,
    networks,
    unitary_circuits,
)

OPENQASM = (Dialect.QASM3, Dialect.QASM2)


def compiled(program: Program) -> Native:
    native = recompile_program(program)
    assert native is not None
    return native


def outside(program: Program) -> list[tuple[object, ...]]:
    """What the modules exchange, measure and reset, with the names of comm qubits that make e-bits."""
    circuit, found = program.circuit, []
    names = [f"{register.name}[{k}]" for register in circuit.qregs for k in range(register.size)]
    for row in circuit:
        if row.op is Op.EPR:
            found.append((row.op, *(names[qubit] for qubit in row.qubits)))
        elif row.op > Op.EPR:
            found.append((row.op, row.clbit, row.condition, program.module_of[row.qubits[0]]))
    return found


@given(st.data(), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_any_program_on_any_modules(data: st.DataObject, seed: int) -> None:
    """Its native program is verified, and compared with the circuit by exact simulation, which shares nothing."""
    kinds = dynamic_circuits(max_gates=10), flipping_circuits(measured=True), unitary_circuits(max_gates=12)
    circuit = data.draw(st.one_of(*kinds, compiled_circuits(dynamic=True)))
    network_ = data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3, limited=False))
    plan = arbitrary_plan(segments_of(circuit), network_, seed)
    hardware = data.draw(limited(split_circuit(plan)))
    program = split_circuit(replace(plan, hardware=hardware))
    native = recompile_program(program)
    files = program_files(program, native=native, emit=[data.draw(st.sampled_from(OPENQASM))])
    verdict = verify_plan(files, circuit)
    assert [check for check in verdict.checks if check.status is Status.FAILED] == []
    if native is None:
        used = [hardware.modules[number] for number in set(program.module_of.tolist())]
        assert all(module.native_gates is module.coupling is None for module in used)
        return
    assert next(check for check in verdict.checks if check.name == "native programs").status is Status.PROVED
    assert outside(program) == outside(native.program)
    read = read_native(read_emitted(files, circuit), files)
    assert read is not None
    alone = replace(read, input=native.program.input_qubit)
    assert check_equivalence(alone).status in (Status.PROVED, Status.TESTED)


@pytest.mark.parametrize("gates", GATE_SETS)
def test_every_gate_is_native_and_acts_on_coupled_places(gates: tuple[str, ...]) -> None:
    hardware = network(gates)
    native = compiled(program_on(hardware))
    pairs = hardware.modules[0].coupling
    assert pairs is not None
    offset = {module: int(np.argmax(native.program.module_of == module)) for module in (0, 1)}
    for row in native.program.circuit:
        if row.op < Op.EPR:
            assert row.op in (native_ops(hardware.modules[0]) or ())
            places = sorted(qubit - offset[int(native.program.module_of[qubit])] for qubit in row.qubits)
            assert len(places) == 1 or tuple(places) in pairs


@pytest.mark.parametrize("dialect", OPENQASM)
@pytest.mark.parametrize("gates", GATE_SETS)
def test_native_texts_load_in_qiskit_and_cirq(gates: tuple[str, ...], dialect: Dialect) -> None:
    for text in program_texts(compiled(program_on(network(gates))).program, dialect).values():
        assert (qasm3 if dialect is Dialect.QASM3 else qasm2).loads(text).size() > 0
        assert len(list(circuit_from_qasm(text).all_operations())) > 0


def test_native_programs_are_written_in_every_language_that_is_asked_for() -> None:
    program = program_on(network())
    wanted = [dialect for dialect in Dialect if dialect is not Dialect.STIM]
    files = program_files(program, native=compiled(program), emit=wanted)
    names = {native_file_name(name, dialect) for dialect in wanted for name in ("m0", "m1")}
    assert names <= files.keys()
    native = cirq.read_json(json_text=files[native_file_name("joint", Dialect.CIRQ)])
    logical = cirq.read_json(json_text=files["joint.cirq.json"])
    assert len(list(native.all_operations())) > len(list(logical.all_operations()))
    for source in (files[name] for name in files if name.endswith(".py")):
        compile(source, "emitted", "exec")


def test_nothing_is_compiled_where_nothing_is_limited() -> None:
    assert recompile_program(program_on(load_hardware("all:2x2+2"))) is None


def test_the_registers_of_a_routed_module_are_its_whole_coupling_map() -> None:
    native = compiled(program_on(network(coupling=tuple((k, k + 1) for k in range(9)), shorthand="all:2x8+2")))
    assert {register.name: register.size for register in native.program.circuit.qregs} == {
        "m0_data": 8,
        "m0_comm": 2,
        "m1_data": 8,
        "m1_comm": 2,
    }


def test_gates_are_translated_where_the_coupling_is_unknown() -> None:
    hardware = network(coupling=None)
    hardware = replace(hardware, modules=tuple(replace(m, coupling_known=False) for m in hardware.modules))
    program = program_on(hardware)
    native = compiled(program)
    assert [(part.routed, part.swaps) for part in native.modules] == [(False, 0), (False, 0)]
    check = next(
        check
        for check in verify_plan(program_files(program, native=native), program.plan.segments.circuit).checks
        if check.name == "native programs"
    )
    assert check.status is Status.PROVED
    assert "not routed, because its coupling is unspecified: m0 and 1 other module" in check.detail


@pytest.mark.parametrize("gates", [("cz", "rz"), ("h", "t", "cx"), ("gpi", "gpi2", "ms"), ("rz", "sx"), ()])
def test_native_gates_that_do_not_suffice_are_named(gates: tuple[str, ...]) -> None:
    with pytest.raises(HardwareError, match="native gates of module m0") as caught:
        recompile_program(program_on(network(gates)))
    assert "--no-recompile" in caught.value.hint


@pytest.mark.parametrize(("coupling", "missing"), [(((0, 1), (2, 3)), 1), (((0, 1), (1, 2)), 1), ((), 3)])
def test_a_coupling_that_leaves_qubits_unconnected(coupling: tuple[tuple[int, int], ...], missing: int) -> None:
    """Two data and two comm qubits are needed, and the largest connected part does not have them.

    The pairs that the hint names are enough, and none of them can be left out.
    """
    with pytest.raises(InfeasibleError, match="in one connected part of its coupling map") as caught:
        recompile_program(program_on(network(coupling=coupling)))
    assert "--no-recompile" in caught.value.hint
    pairs = [(int(a), int(b)) for a, b in re.findall(r"\[(\d+), (\d+)\]", caught.value.hint)]
    assert len(pairs) == missing
    recompile_program(program_on(network(coupling=(*coupling, *pairs))))
    for left_out in pairs:
        with pytest.raises(InfeasibleError):
            recompile_program(program_on(network(coupling=(*coupling, *(set(pairs) - {left_out})))))


def test_only_as_many_parts_are_joined_as_are_needed() -> None:
    """Three qubits, one of them in the comm qubit, which stands alone: the pair of data qubits is enough."""
    module = Module("a", 5, 1, coupling=((0, 1),))
    with pytest.raises(InfeasibleError) as caught:
        Coupling(module, comm_used=1, contents=3)
    assert "add [0, 5] to the `coupling` of a;" in caught.value.hint
    assert Coupling(replace(module, coupling=((0, 1), (0, 5))), comm_used=1, contents=3).places == [0, 1, 5]


def test_a_far_target_costs_swaps_and_depth() -> None:
    """Four qubits on a line, each with a gate to each other: not every pair can be neighbours."""
    text = 'OPENQASM 3.0; include "stdgates.inc"; qubit[4] q;'
    text += "".join(f"cz q[{a}], q[{b}];" for a in range(4) for b in range(a))
    circuit: Circuit = circuit_of_text(text, "all.qasm")
    (part,) = compiled(program_on(network(coupling=((0, 1), (1, 2), (2, 3)), shorthand="all:1x4"), circuit)).modules
    assert part.swaps >= 2
    assert part.two_qubit_gates <= 6 + 3 * part.swaps
    assert part.depth_after > part.depth_before >= 3


def test_swaps_of_the_program_are_renamings() -> None:
    """A qubit that arrives in a comm qubit stays there until the place is needed."""
    text = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[1] c; c[0] = measure q[0]; if (c == 0) h q[1];'
    circuit = circuit_of_text(text + "cx q[0], q[1];", "arrives.qasm")
    all_pairs = tuple((a, b) for b in range(4) for a in range(b))
    programs = [program_on(network(coupling=all_pairs), circuit, seed) for seed in range(20)]
    arriving = [program for program in programs if Op.SWAP in program.circuit.counts]
    swaps = [sum(part.swaps for part in compiled(program).modules) for program in arriving]
    assert 0 in swaps
    assert all(count <= program.circuit.counts[Op.SWAP] for count, program in zip(swaps, arriving, strict=True))


def test_small_angles_are_kept() -> None:
    """CP(1e-5) is close to nothing; it costs two CZ all the same, as dropping it would be an error of 1e-5."""
    text = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; cp(1e-5) q[0], q[1];'
    (part,) = compiled(program_on(network(shorthand="all:1x4"), circuit_of_text(text, "small.qasm"))).modules
    assert part.two_qubit_gates == 2


def test_what_the_native_program_costs_is_felt_by_the_schedule() -> None:
    program = program_on(load_hardware("all:2x2+2"))
    limits = network()
    timed = replace(limits, modules=tuple(replace(m, t2_s=1.0, **TIMED) for m in limits.modules))
    timed = replace(timed, links=tuple(replace(link, rate_hz=1e6) for link in timed.links))
    program = program_on(timed)
    native = compiled(program)
    logical, real = trial_program(program, work=0), trial_program(native.program, work=0)
    assert logical.makespan is not None
    assert real.makespan is not None
    assert logical.fidelity is not None
    assert real.fidelity is not None
    assert real.makespan.expected_s > logical.makespan.expected_s
    assert real.fidelity.gates < logical.fidelity.gates
    assert real.fidelity.links == logical.fidelity.links


TIMED = {
    name: replace(getattr(load_hardware("all:2x2").modules[0], name), fidelity=0.999, duration_s=1e-7)
    for name in ("one_qubit", "two_qubit", "readout", "reset")
}


def test_the_same_program_gives_the_same_bytes() -> None:
    circuit = load_circuit(str(SAMPLES / "qft_8.qasm"))
    hardware = network(coupling=tuple((k, k + 1) for k in range(6)), shorthand="all:2x5+2")
    texts = [program_texts(compiled(program_on(hardware, circuit)).program) for _ in range(2)]
    assert texts[0] == texts[1]
    assert all(NUM_QUBITS[op] < 3 for op in compiled(program_on(hardware, circuit)).program.circuit.counts)


@pytest.mark.parametrize("seed", range(2))
def test_a_program_beyond_simulation_is_proved(seed: int) -> None:
    """Twenty-four qubits that come and go between three grids; qubits that arrive stay in comm qubits for a while."""
    rng, builder = random.Random(seed), CircuitBuilder(name="busy")
    builder.add_qreg("q", 24)
    for _ in range(150):
        first = rng.randrange(22)
        builder.append(Op.CP, [first, first + rng.randint(1, 2)], [rng.uniform(-3, 3)])
        builder.append(Op.H, [rng.randrange(24)])
    hardware = load_hardware("all:3x9")
    plan = arbitrary_plan(segments_of(builder.build()), hardware, seed)
    comm = max(plan.cost.peak_comm.values())
    limits = {"data_qubits": 12, "comm_qubits": comm, "native_gates": ("cz", "rz", "sx", "x")}
    pairs = tuple((k, k + step) for k in range(12 + comm) for step in (1, 4) if k + step < 12 + comm)
    modules = tuple(replace(module, coupling=pairs, **limits) for module in hardware.modules)
    program = split_circuit(replace(plan, hardware=replace(hardware, modules=modules)))
    files = program_files(program, native=recompile_program(program))
    emitted = read_emitted(files, program.plan.segments.circuit)
    check = check_native(emitted, read_native(emitted, files), files)
    assert check.status is Status.PROVED, check.detail
