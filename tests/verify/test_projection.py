"""The modules' programs make up the joint program, and whatever does not fit is named with its file and line."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dqplan.core.errors import PlanError
from dqplan.core.normalise import segments_of
from dqplan.core.verdict import Status
from dqplan.load.emitted import read_emitted
from dqplan.load.joint_program import joint_program
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.load_hardware import load_hardware
from dqplan.load.module_program import module_program_of_text
from dqplan.load.plan_document import plan_document_of_text
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.projection import check_modules
from tests.arbitrary_plans import arbitrary_plan
from tests.strategies import dynamic_circuits, networks, unitary_circuits
from tests.verify.programs import directory, edited, plan_with
from tests.verify.test_verify_plan import teleport_files

Files = dict[str, str]


def fault(files: Files) -> str:
    """What is wrong with the modules' programs, or nothing."""
    check = check_modules(read_emitted(files), files)
    return check.detail if check.status is Status.FAILED else ""


@st.composite
def emitted(draw: st.DrawFn) -> Files:
    circuit = draw(st.one_of(unitary_circuits(max_qubits=4, max_gates=10), dynamic_circuits(max_gates=12)))
    hardware = draw(networks(num_qubits=circuit.num_qubits))
    program = split_circuit(arbitrary_plan(segments_of(circuit), hardware, draw(st.integers(0, 10**6))))
    return {**program_files(program), "input.qasm": "OPENQASM 3.0;\nqubit q;\n"}


@given(emitted())
@settings(max_examples=60, deadline=None)
def test_the_programs_of_any_plan_put_together_are_the_joint_program(files: Files) -> None:
    document = plan_document_of_text(files["plan.json"])
    assert document.manifest is not None
    names = document.manifest.modules
    programs = [module_program_of_text(files[f"{name}.qasm"], f"{name}.qasm") for name in names]
    pieces = joint_program(programs, document.manifest, document.layout.clbits)
    assert "".join(piece.text for piece in pieces) == files["joint.qasm"]
    assert fault(files) == ""


@given(emitted(), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_no_line_can_be_lost_doubled_or_moved(files: Files, seed: int) -> None:
    """Registers of bits that a module never uses are the only lines that may be moved or missing."""
    rng = random.Random(seed)
    name = rng.choice([name for name in files if re.fullmatch(r"m\d+\.qasm", name)])
    lines = files[name].splitlines(keepends=True)
    place = rng.randrange(len(lines))
    wrong = [*lines]
    line = wrong.pop(place)
    target = rng.choice([None, place, rng.randrange(len(lines))])
    if target is not None:
        wrong.insert(target, line * (1 + (target == place)))
    assume(wrong != lines and not line.startswith("bit"))
    moved_among_neighbours = target is not None and target != place and _commute(lines, place, target)
    assume(not moved_among_neighbours)
    assert fault({**files, name: "".join(wrong)})


def _commute(lines: list[str], place: int, target: int) -> bool:
    """Whether only lines between whose order means nothing were exchanged: receives before one statement, sends."""
    between = lines[min(place, target) : max(place, target) + 1]
    return all(line.startswith(("// dqplan: receive", "// dqplan: send", "// ", "bit")) for line in between)


DYNAMIC = """OPENQASM 3.0;
include "stdgates.inc";
qubit[2] q;
bit[1] c;
bit[1] d;
bit[1] e;
h q[0];
c[0] = measure q[0];
if (c == 1) x q[1];
d[0] = measure q[1];
if (d == 1) { c[0] = measure q[1]; }
if (c == 1) x q[0];
c[0] = measure q[0];
if (c == 1) z q[1];
if (e == 1) z q[1];
if (c == 1) x q[1];
"""
"""A bit that is measured three times, by two modules, once under a condition; another that never is."""


def test_a_bit_is_sent_anew_whenever_it_was_measured_anew() -> None:
    circuit = circuit_of_text(DYNAMIC, "dynamic.qasm")
    program = split_circuit(arbitrary_plan(segments_of(circuit), load_hardware("all:2x1"), 0))
    files = {**program_files(program), "input.qasm": DYNAMIC}
    assert fault(files) == ""
    text = files["m0.qasm"] + files["m1.qasm"]
    assert text.count("send c[0] to m0") + text.count("send c[0] to m1") == text.count("receive c[0]") == 3
    assert "e[0] from" not in text


BUGS: dict[str, tuple[Callable[[], Files], str]] = {
    "a missing send": (
        lambda: edited(directory(), "m0.qasm", "// dqplan: send msg0[0] to m1\n", ""),
        r"m1\.qasm:10: msg0\[0\] is received from m0, which has not sent it",
    ),
    "a missing receive": (
        lambda: edited(directory(), "m1.qasm", "// dqplan: receive msg0[0] from m0\n", ""),
        r"m1\.qasm:10: msg0\[0\] is read, which m0 measured, but not received before",
    ),
    "a receive from the wrong module": (
        lambda: edited(teleport_files(), "m2.qasm", "receive msg0[0] from m1", "receive msg0[0] from m0"),
        r"m2\.qasm:\d+: msg0\[0\] is received from m0, which has not sent it",
    ),
    "a send to the wrong module": (
        lambda: edited(teleport_files(), "m1.qasm", "send msg0[0] to m2", "send msg0[0] to m0"),
        r"m2\.qasm:\d+: msg0\[0\] is received from m1, which has not sent it",
    ),
    "a send of another bit": (
        lambda: edited(directory(), "m0.qasm", "send msg0[0]", "send msg1[0]"),
        r"m0\.qasm:\d+: msg1\[0\] is sent, which was not measured just before",
    ),
    "a send to nobody": (
        lambda: edited(directory(), "m0.qasm", "send msg0[0] to m1", "send msg0[0] to m7"),
        r"m0\.qasm:\d+: msg0\[0\] is sent to m7, which is no other module's name",
    ),
    "a send that nobody waits for": (
        lambda: edited(
            teleport_files(), "m1.qasm", "send msg0[0] to m2\n", "send msg0[0] to m2\n// dqplan: send msg0[0] to m0\n"
        ),
        r"m1\.qasm:\d+: msg0\[0\] is sent to m0, which never receives it",
    ),
    "an e-bit numbered twice": (
        lambda: edited(teleport_files(), "m1.qasm", "ebit 2", "ebit 1"),
        r"m1\.qasm:\d+: e-bit 1, where the manifest has e-bit 2",
    ),
    "an e-bit numbered twice in both programs": (
        lambda: edited(edited(teleport_files(), "m1.qasm", "ebit 2", "ebit 1"), "m2.qasm", "ebit 2", "ebit 1"),
        r"m1\.qasm:\d+: e-bit 1, where the manifest has e-bit 2",
    ),
    "an e-bit of other qubits": (
        lambda: edited(directory(), "m1.qasm", "-- m1_comm[0]", "-- m1_data[0]"),
        r"m1\.qasm:9: e-bit 1 is `epr m0_comm\[0\], m1_data\[0\];`, but `epr .*;` in m0\.qasm:10",
    ),
    "a lost e-bit": (
        lambda: edited(directory(), "m1.qasm", "// dqplan: ebit 1 m0_comm[0] -- m1_comm[0]\n", ""),
        r"m1\.qasm:10: `if \(msg0 == 1\) x m1_comm\[0\];`, where the manifest has e-bit 1",
    ),
    "two files exchanged": (
        lambda: {**directory(), "m0.qasm": directory()["m1.qasm"], "m1.qasm": directory()["m0.qasm"]},
        r"m0\.qasm:1: the program of module m1, where m0's belongs",
    ),
    "two files exchanged, with their titles changed": (
        lambda: {
            **directory(),
            "m0.qasm": directory()["m1.qasm"].replace("module m1", "module m0"),
            "m1.qasm": directory()["m0.qasm"].replace("module m0", "module m1"),
        },
        r"m0\.qasm:4: `qubit\[1\] m1_data;` is a register of another module",
    ),
    "a lost line": (
        lambda: edited(directory(), "m1.qasm", "cx m1_comm[0], m1_data[0];\n", ""),
        r"m1\.qasm:12: `cp\(0\.7\) m1_comm\[0\], m1_data\[0\];`, but joint\.qasm:18 has `cx m1_comm\[0\], .*`",
    ),
    "a line of another circuit's program": (
        lambda: edited(directory(), "m1.qasm", "'input'", "'other'"),
        r"m1\.qasm:1: is of 'other' on 'by hand', but m0\.qasm of 'input' on 'by hand'",
    ),
    "a word that is not of the grammar": (
        lambda: edited(directory(), "m1.qasm", "// dqplan: ebit 1", "// dqplan: e-bit 1"),
        r"m1\.qasm:9: found '// dqplan: e-bit 1 .*, expected an ebit, a receive, or a send right behind a measurement",
    ),
    "a bit that is not declared": (
        lambda: edited(directory(), "m1.qasm", "bit[1] msg1;\n", ""),
        r"m1\.qasm:14:1: unknown register 'msg1'",
    ),
    "a manifest that ends too early": (
        lambda: shortened(directory()),
        r"m0\.qasm:17: `cx m0_data\[0\], m0_data\[1\];` is behind the manifest's last entry",
    ),
    "a manifest with a number twice": (
        lambda: edited(teleport_files(), "plan.json", "[1, 2, 2]", "[1, 2, 1]"),
        r"plan\.json: manifest: entry \d+ makes e-bit 1, where number 2 is next",
    ),
    "a manifest with an unknown module": (
        lambda: edited(directory(), "plan.json", '"order": [[0, 1]', '"order": [[5, 1]'),
        r"plan\.json: manifest: entry 0 names module 5 of 2",
    ),
    "no manifest": (
        lambda: plan_with(directory(), manifest=None),
        r"plan\.json has no manifest, as early versions .*; write the directory again with `dqplan split`",
    ),
}


def shortened(files: Files) -> Files:
    document = json.loads(files["plan.json"])
    document["manifest"]["order"].pop()
    return {**files, "plan.json": json.dumps(document)}


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_named_with_its_place(bug: str) -> None:
    make, told = BUGS[bug]
    assert re.match(told, fault(make()))


@pytest.mark.parametrize("text", ["", "\n", "// dqplan: module m0 of x on y\n", "OPENQASM 3.0;\n"])
def test_what_is_no_module_program_is_refused(text: str) -> None:
    with pytest.raises(PlanError, match=r"m0\.qasm:[12]: found .*, expected"):
        module_program_of_text(text, "m0.qasm")


def test_a_last_line_without_its_end_is_refused() -> None:
    with pytest.raises(PlanError, match=r"m0\.qasm:17: .* expected a line that ends"):
        module_program_of_text(directory()["m0.qasm"].rstrip("\n"), "m0.qasm")
