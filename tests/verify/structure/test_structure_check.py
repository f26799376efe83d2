"""Every emitted program is proved by its structure, and what is not equivalent never is."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.errors import InputError
from dqplan.core.hardware import Hardware
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import Emitted, read_emitted
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.equivalence import check_equivalence
from dqplan.verify.structure.structure_check import check_structure
from tests.arbitrary_plans import arbitrary_plan
from tests.strategies import compiled_circuits, dynamic_circuits, flipping_circuits, networks, unitary_circuits
from tests.verify.programs import CIRCUIT, EBIT, HEADER, JOINT, directory
from tests.verify.test_verify_plan import EQUIVALENCE_BUGS, TELEPORT, teleport_files

CIRCUITS = st.one_of(
    unitary_circuits(),
    dynamic_circuits(max_gates=20),
    flipping_circuits(max_gates=24, measured=True),
    compiled_circuits(max_blocks=8),
    compiled_circuits(dynamic=True),
)


def checked(files: dict[str, str]) -> Check:
    return check_structure(read_emitted(files))


def emitted_by_chance(circuit: Circuit, hardware: Hardware, seed: int) -> Emitted:
    """Arbitrary homes, hosts, sources of shares, and copies that live through flips."""
    files = program_files(split_circuit(arbitrary_plan(segments_of(circuit), hardware, seed)))
    return read_emitted(files, circuit)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_legal_plan_gives_a_program_that_is_proved(data):
    circuit = data.draw(CIRCUITS)
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, limited=False))
    check = check_structure(emitted_by_chance(circuit, hardware, data.draw(st.integers(0, 99))))
    assert check.status in allowed(circuit), check.detail


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_programs_of_planned_circuits_are_proved_under_comm_limits(data):
    circuit = data.draw(CIRCUITS)
    hardware = data.draw(networks(num_qubits=circuit.num_qubits))
    plan = solve_plan(segments_of(circuit), hardware, effort=Effort.QUICK, relaxed=data.draw(st.booleans()))
    check = check_structure(read_emitted(program_files(split_circuit(plan)), circuit))
    assert check.status in allowed(circuit), check.detail


def allowed(circuit: Circuit) -> set[Status]:
    """Exchanges that hide among conditions of the circuit are not always found; that is said, and never an error."""
    return {Status.PROVED, Status.SKIPPED} if circuit.conditions else {Status.PROVED}


def altered(text: str, rng: random.Random) -> Iterator[str]:
    """The program with one operation left out, one operand replaced, or two exchanged, for every operation."""
    lines = text.splitlines()
    registers = re.findall(r"^qubit\[(\d+)\] (\w+);", text, re.MULTILINE)
    names = [f"{name}[{place}]" for size, name in registers for place in range(int(size))]
    for number, line in enumerate(lines):
        if not line or line.startswith(("OPENQASM", "include", "gate", "qubit", "bit", "//")):
            continue
        operands = [name for name in names if name in line]
        others = [name for name in names if name not in line]
        changed = [""]
        changed += [line.replace(rng.choice(operands), rng.choice(others))] if others else []
        if len(operands) == 2:
            changed.append(re.sub(r"(\S+), (\S+);", r"\2, \1;", line))
        for new in changed:
            yield "\n".join([*lines[:number], new, *lines[number + 1 :]])


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_any_altered_operation_is_caught_or_harmless(data):
    small = st.one_of(
        unitary_circuits(max_qubits=3, max_gates=8),
        dynamic_circuits(max_qubits=3, max_gates=6),
        flipping_circuits(max_qubits=3, max_gates=8, measured=True),
    )
    circuit = data.draw(small)
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, limited=False))
    seed = data.draw(st.integers(0, 99))
    files = program_files(split_circuit(arbitrary_plan(segments_of(circuit), hardware, seed)))
    rng = random.Random(seed)
    variants = list(altered(files["joint.qasm"], rng))
    for joint in rng.sample(variants, min(len(variants), 12)):
        try:
            emitted = read_emitted({**files, "joint.qasm": joint}, circuit)
        except InputError:
            continue
        if check_structure(emitted).status is Status.PROVED:
            assert check_equivalence(emitted).status is not Status.FAILED, joint


def test_a_program_written_by_hand_is_proved():
    assert checked(directory()).status is Status.PROVED


def test_a_routed_teleport_with_measurements_and_conditions_is_proved():
    assert checked(teleport_files()).status is Status.PROVED


@pytest.mark.parametrize("message", range(4))
def test_a_missing_correction_is_named_by_its_message(message):
    joint = re.sub(rf"if \(msg{message} == 1\).*\n", "", TELEPORT)
    check = checked(teleport_files(joint))
    assert check.status is Status.FAILED
    assert f"has corrected it for msg{message}[0]" in check.detail


@pytest.mark.parametrize("bug", EQUIVALENCE_BUGS)
def test_no_program_that_computes_something_else_is_proved(bug):
    old, new = EQUIVALENCE_BUGS[bug]
    check = checked(directory(joint=JOINT.replace(old, new, 1)))
    assert check.status is Status.FAILED
    assert check.detail.startswith("joint.qasm")


def test_a_wrong_angle_is_named_with_both_lines():
    check = checked(directory(joint=JOINT.replace("cp(0.7)", "cp(0.700001)")))
    assert re.fullmatch(
        r"joint\.qasm:1[78]: cp\(.*\) .* stands where cp\(.*\) .*\(input, line 6\) is expected", check.detail
    )


def test_corrections_may_wait_for_as_long_as_they_commute():
    """X after the CZ, made good by a Z on its partner; nothing says that a correction must follow its message."""
    circuit = HEADER + "qubit[2] q;\nh q[0];\nh q[1];\ncz q[0], q[1];\n"
    joint = (
        HEADER
        + EBIT
        + """qubit[1] m0_data;
qubit[1] m0_comm;
qubit[1] m1_data;
qubit[1] m1_comm;
bit[1] msg0;
bit[1] msg1;
h m1_data[0];
reset m0_comm[0];
reset m1_comm[0];
epr m0_comm[0], m1_comm[0];
h m0_data[0];
cx m0_data[0], m0_comm[0];
msg0[0] = measure m0_comm[0];
cz m1_comm[0], m1_data[0];
if (msg0 == 1) z m1_data[0];
h m1_comm[0];
msg1[0] = measure m1_comm[0];
if (msg1 == 1) z m0_data[0];
"""
    )
    files = directory(circuit, joint, begin=["m0_data[0]", "m1_data[0]"])
    assert checked(files).status is Status.PROVED
    assert check_equivalence(read_emitted(files)).status is Status.PROVED


def test_what_cannot_be_followed_is_skipped_with_its_place():
    joint = JOINT.replace("if (msg0 == 1) x m1_comm[0];", "if (msg0 == 1) h m1_comm[0];")
    check = checked(directory(joint=joint))
    assert check.status is Status.SKIPPED
    assert check.detail == "joint.qasm:17: a gate other than X, Y and Z that waits for a message"


def test_blocks_written_with_fewer_gates_are_multiplied_out():
    """CX, RZ, CX is one gate, and CX, CX, CX none."""
    circuit = HEADER + "qubit[3] q;\ncx q[0], q[1];\nrz(0.3) q[1];\ncx q[0], q[1];\n"
    circuit += "cx q[1], q[2];\ncx q[2], q[1];\ncx q[1], q[2];\n"
    joint = HEADER + "qubit[2] m0_data;\nqubit[1] m1_data;\np(0.3) m0_data[0];\np(0.3) m0_data[1];\n"
    joint += "cp(-0.6) m0_data[0], m0_data[1];\n"
    end = ["m0_data[0]", "m1_data[0]", "m0_data[1]"]
    files = directory(circuit, joint, begin=["m0_data[0]", "m0_data[1]", "m1_data[0]"], end=end, routes=[])
    assert checked(files).status is Status.PROVED
    wrong = directory(circuit, joint, begin=end, end=end, routes=[])
    assert checked(wrong).status is Status.FAILED


def test_a_circuit_of_another_size_fails():
    files = {**directory(), "input.qasm": CIRCUIT.replace("qubit[3]", "qubit[4]")}
    assert checked(files).detail.startswith("the circuit has 4 qubits")
