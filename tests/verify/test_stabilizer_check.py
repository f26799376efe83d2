"""The second judge agrees with the first about right programs, and sees for itself what is wrong with others."""

from __future__ import annotations

import builtins
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import read_emitted
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.stabilizer_check import check_stabilizer
from tests.arbitrary_plans import arbitrary_plan
from tests.strategies import flipping_circuits, networks, unitary_circuits
from tests.verify.programs import directory
from tests.verify.test_verify_plan import teleport_files

pytest.importorskip("stim")


def checked(files: dict[str, str]) -> Check:
    return check_stabilizer(read_emitted(files))


def clifford_circuit(num_qubits: int, num_gates: int) -> str:
    rng = random.Random(3)
    lines = []
    for _ in range(num_gates):
        a, b = rng.sample(range(num_qubits), 2)
        lines += [f"cx q[{a}],q[{b}];", f"{rng.choice(['h', 's', 'x', 'sdg'])} q[{rng.choice((a, b))}];"]
    return "\n".join(["OPENQASM 2.0;", 'include "qelib1.inc";', f"qreg q[{num_qubits}];", *lines, ""])


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    text = clifford_circuit(60, 150)
    segments = segments_of(circuit_of_text(text, "input.qasm"))
    plan = solve_plan(segments, load_hardware("all:4x16"), effort=Effort.QUICK)
    return {**program_files(split_circuit(plan)), "input.qasm": text}


def test_a_clifford_program_is_compared_with_the_circuit_itself(files):
    check = checked(files)
    assert check.status is Status.TESTED
    assert check.detail.startswith("equal to the circuit: ")


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r"if \(msg\d+ == 1\) x .*\n", ""),
        (r"if \(msg\d+ == 1\) z .*\n", ""),
        (r"cx (\w+_data\S+), (\w+_data\S+);", r"cx \2, \1;"),
        (r"(?m)^(s|sdg|h|x) (\w+_data.*)$", r"z \2"),
        (r"(?m)^cz.*\n", ""),
    ],
)
def test_planted_bugs_are_seen(files, pattern, new):
    places = list(re.finditer(pattern, files["joint.qasm"]))
    place = places[len(places) // 2]
    text = files["joint.qasm"]
    wrong = text[: place.start()] + place.expand(new) + text[place.end() :]
    assert checked({**files, "joint.qasm": wrong}).status is Status.FAILED


def test_a_message_that_is_measured_twice_is_the_later_one(files):
    """A second measurement of the same qubit, right behind the first, finds the same."""
    text = re.sub(r"(msg\d+\[0\] = measure .*\n)", r"\1\1", files["joint.qasm"])
    assert checked({**files, "joint.qasm": text}).status is Status.TESTED


def test_angles_are_replaced_where_there_are_others():
    check = checked(directory())
    assert check.status is Status.TESTED
    assert "1 angles replaced" in check.detail


def test_conditions_of_the_circuit_are_not_checked():
    assert checked(teleport_files()).status is Status.SKIPPED


def test_without_stim_it_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def refusing(name: str, *rest: object) -> object:
        if name == "stim":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refusing)
    assert checked(directory()).detail == "needs stim: pip install 'dqplan[stim]'"


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_right_program_fails(data):
    circuit = data.draw(st.one_of(unitary_circuits(), flipping_circuits(max_gates=24)))
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, limited=False))
    plan = arbitrary_plan(segments_of(circuit), hardware, data.draw(st.integers(0, 99)))
    check = check_stabilizer(read_emitted(program_files(split_circuit(plan)), circuit))
    assert check.status is not Status.FAILED, check.detail
