"""From circuit to verdict: any circuit on any hardware gives a legal, equivalent, recounted program, or a reason."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit, CircuitBuilder
from dqplan.core.errors import InfeasibleError
from dqplan.core.gates import SYMMETRIC, Op
from dqplan.core.hardware import Hardware
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort, Plan
from dqplan.core.verdict import Status, Verdict
from dqplan.load.load_circuit import Language, circuit_of_text, load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.dialects import Dialect
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.verify_plan import verify_plan
from tests.arbitrary_plans import arbitrary_plan
from tests.strategies import compiled_circuits, dynamic_circuits, flipping_circuits, networks, unitary_circuits


def verdict_of(plan: Plan, dialect: Dialect = Dialect.QASM3) -> Verdict:
    return verify_plan(program_files(split_circuit(plan), emit=[dialect]), plan.segments.circuit)


def ebits(circuit: Circuit, hardware: str) -> int:
    plan = solve_plan(segments_of(circuit), load_hardware(hardware), effort=Effort.QUICK)
    return plan.cost.ebits


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_circuit_on_any_hardware(data: st.DataObject) -> None:
    kinds = unitary_circuits(max_gates=12), dynamic_circuits(max_gates=10), compiled_circuits(dynamic=True)
    circuit = data.draw(st.one_of(*kinds))
    hardware = data.draw(networks(num_qubits=circuit.num_qubits))
    dialect = data.draw(st.sampled_from([Dialect.QASM3, Dialect.QASM2]))
    try:
        plan = solve_plan(segments_of(circuit), hardware, effort=Effort.QUICK)
    except InfeasibleError:
        assume(all(module.comm_qubits is None for module in hardware.modules))
        raise
    verdict = verdict_of(plan, dialect)
    assert verdict.holds, verdict
    assert verdict.ebits == plan.cost.ebits
    assert plan.bound.ebits <= plan.cost.ebits
    limits = {module.name: module.comm_qubits for module in hardware.modules}
    assert all(limits[name] is None or peak <= limits[name] for name, peak in verdict.peak_comm.items())


@given(st.data(), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_arbitrary_plans_of_dynamic_circuits_are_equivalent(data: st.DataObject, seed: int) -> None:
    """Homes that move at any cut, hosts anywhere, copies that live through measurements, conditional flips and CX.

    Compiled circuits hide SWAPs, so that wires change names in the middle.
    """
    kinds = dynamic_circuits(max_qubits=4, max_gates=10), flipping_circuits(measured=True)
    circuit = data.draw(st.one_of(*kinds, compiled_circuits(dynamic=True)))
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3, limited=False))
    verdict = verdict_of(arbitrary_plan(segments_of(circuit), hardware, seed))
    assert [check for check in verdict.checks if check.status is Status.FAILED] == []
    assert next(check for check in verdict.checks if check.name == "equivalence").status is Status.PROVED


SAMPLES = ["qft_16.qasm", "qaoa_16.qasm", "cdkm_adder_10.qasm", "vqe_two_local_12.qasm", "pitfalls_6.qasm"]


def rebuilt(circuit: Circuit, change: str) -> Circuit:
    """The same circuit in other words."""
    rng = random.Random(7)
    builder = CircuitBuilder(name=circuit.name)
    if change == "registers":
        for k in range(circuit.num_qubits):
            builder.add_qreg(f"r{k}", 1)
    else:
        builder.add_qreg("q", circuit.num_qubits)
    builder.add_creg("c", circuit.num_clbits)
    for row in circuit:
        qubits = row.qubits[::-1] if change == "operands" and row.op in SYMMETRIC else row.qubits
        if change == "identities" and rng.random() < 0.3 and len(qubits) == 2 and row.condition is None:
            for _ in range(2):
                builder.append(Op.CX, qubits, line=row.line)
        if change == "spelling" and row.op is Op.CX and row.condition is None:
            for op, operands in ((Op.H, qubits[1:]), (Op.CZ, qubits[::-1]), (Op.H, qubits[1:])):
                builder.append(op, operands, line=row.line)
        elif change == "swaps" and row.op is Op.SWAP and row.condition is None:
            for operands in (qubits, qubits[::-1], qubits):
                builder.append(Op.CX, operands, line=row.line)
        else:
            builder.append(row.op, qubits, row.params, clbit=row.clbit, condition=row.condition, line=row.line)
    return builder.build()


@pytest.mark.parametrize("change", ["operands", "registers", "spelling", "identities", "swaps"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_how_a_circuit_is_spelled_does_not_change_its_cost(sample: str, change: str) -> None:
    """A peer's cost on qft_16 moves from 7 to 61 e-bits when the operands of cp are turned round."""
    circuit = load_circuit(f"sample_circuits/{sample}")
    size = -(-circuit.num_qubits // 2) + 1
    for hardware in (f"all:2x{size}", f"line:3x{size}+2"):
        assert ebits(rebuilt(circuit, change), hardware) == ebits(circuit, hardware)


def test_barriers_do_not_change_the_circuit() -> None:
    with open("sample_circuits/qft_16.qasm", encoding="utf-8") as file:
        lines = file.read().split("\n")
    barred = [f"{line}\nbarrier q;" if line.startswith(("cp(", "h ")) else line for line in lines]
    assert len("".join(barred)) > len("".join(lines))
    plain, with_barriers = (circuit_of_text("\n".join(text), "qft_16.qasm") for text in (lines, barred))
    assert with_barriers.digest == plain.digest


def test_module_names_do_not_change_the_cost() -> None:
    circuit = load_circuit("sample_circuits/qaoa_16.qasm")
    hardware = load_hardware("line:4x5+2")
    renamed = replace(hardware, modules=tuple(replace(m, name=f"z{9 - i}") for i, m in enumerate(hardware.modules)))
    plans = [solve_plan(segments_of(circuit), h, effort=Effort.QUICK) for h in (hardware, renamed)]
    assert plans[0].cost.ebits == plans[1].cost.ebits
    assert [share.route for share in plans[0].shares] == [share.route for share in plans[1].shares]


def test_the_same_input_gives_the_same_files() -> None:
    circuit = load_circuit("sample_circuits/vqe_two_local_12.qasm")
    texts = []
    for _ in range(2):
        plan = solve_plan(segments_of(circuit), load_hardware("line:3x5+2"), seed=4, effort=Effort.QUICK)
        texts.append(program_files(split_circuit(replace(plan, elapsed_s=0.0)), source_language=Language.QASM2))
    assert texts[0] == texts[1]


def test_a_refused_network_says_what_is_missing() -> None:
    circuit = load_circuit("sample_circuits/qft_16.qasm")
    apart: Hardware = replace(load_hardware("all:2x8"), links=())
    with pytest.raises(InfeasibleError, match="8 too few"):
        solve_plan(segments_of(circuit), apart)
