"""The native program against the hardware and the joint program: every planted bug is found, with its line."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dqplan.core.errors import InputError, PlanError
from dqplan.core.normalise import segments_of
from dqplan.core.verdict import Status
from dqplan.load.emitted import read_emitted, read_native
from dqplan.load.load_circuit import circuit_of_text
from dqplan.split.files import program_files
from dqplan.split.recompile.recompile_program import recompile_program
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.equivalence import check_equivalence
from dqplan.verify.native.native_check import check_native
from dqplan.verify.verify_plan import verify_plan
from tests.arbitrary_plans import arbitrary_plan
from tests.split.recompile.programs import CIRCUIT, network, program_on
from tests.strategies import dynamic_circuits, flipping_circuits, limited, networks, unitary_circuits
from tests.verify.programs import EBIT, HEADER, directory, plan_with

JOINT = "joint.native.qasm"


def written(gates: tuple[str, ...] | None = ("cz", "rz", "sx", "x")) -> dict[str, str]:
    program = program_on(network(gates))
    return program_files(program, source_text=CIRCUIT, native=recompile_program(program))


def found(files: Mapping[str, str]) -> tuple[Status, str]:
    checks = verify_plan(files, circuit_of_text(CIRCUIT, "input.qasm")).checks
    return next((check.status, check.detail) for check in checks if check.name == "native programs")


def edited(files: Mapping[str, str], pattern: str, new: str, number: int = 0) -> dict[str, str]:
    """The files with the `number`-th match of a pattern in the joint native program replaced."""
    match = list(re.finditer(pattern, files[JOINT], re.MULTILINE))[number]
    text = files[JOINT]
    return {**files, JOINT: text[: match.start()] + match.expand(new) + text[match.end() :]}


def test_what_split_writes_is_proved() -> None:
    status, detail = found(written())
    assert status is Status.PROVED
    assert "native and on coupled places" in detail


BUGS = {
    "a gate that is not native": (r"^sx (.*);\n", r"h \1;\n", 3, "h is no native gate of m"),
    "a pair that is not coupled": (r"^cz .*;\n", "cz m0_data[0], m0_data[1];\n", 2, "that m0 does not couple"),
    "a gate across modules": (r"^cz .*;\n", "cz m0_data[0], m1_data[0];\n", 2, "acts on two modules"),
    "a two-qubit gate lost": (r"^cz .*;\n", "", 1, "joint.qasm:"),
    "the last two-qubit gate lost": (r"^cz .*;\n", "", -1, ""),
    "a two-qubit gate too many": (r"^(cz .*;\n)", r"\1x m0_data[0];\n\1", 1, ""),
    "a wrong angle": (r"^rz\((\S+)\)", r"rz(\1 + 1e-6)", 6, ""),
    "a turn lost": (r"^sx .*;\n", "", 5, ""),
    "the last turn lost": (r"^(rz|sx|x)\b.*;\n", "", -1, ""),
    "a correction lost": (r"^if \(msg0 == 1\).*\n", "", 0, "but what comes next is joint.qasm:"),
    "a correction on another outcome": (
        r"^if \(msg0 == 1\)",
        "if (msg0 == 0)",
        0,
        "but what comes next is joint.qasm:",
    ),
    "a measurement into another bit": (r"^msg0\[0\] = ", "msg1[0] = ", 0, "but what comes next is joint.qasm:"),
    "an e-bit on another comm place": (r"^epr m0_comm\[(0|1)\]", "epr m0_data[1]", 0, ""),
    "an e-bit lost": (r"^epr .*\n", "", 0, "but what comes next is joint.qasm:"),
    "a reset of what is needed": (r"^reset m0_comm\[\d\]", "reset m0_data[0]", 0, ""),
    "a reset too many": (r"^(reset .*\n)", r"\1\1", 0, ""),
}


@pytest.mark.parametrize("bug", BUGS)
def test_every_planted_bug_is_found(bug: str) -> None:
    pattern, new, number, told = BUGS[bug]
    status, detail = found(edited(written(), pattern, new, number))
    assert status is Status.FAILED, detail
    assert told in detail
    assert re.match(r"joint\.(native\.)?qasm:\d+: |circuit qubit \d is turned", detail), detail


@pytest.mark.parametrize("number", range(3))
def test_a_lost_swap_is_found(number: int) -> None:
    """With all gates allowed, routing leaves its SWAPs as they are."""
    files = written(None)
    swaps = len(re.findall(r"^swap ", files[JOINT], re.MULTILINE))
    assert swaps
    status, detail = found(edited(files, r"^swap .*\n", "", number % swaps))
    assert status is Status.FAILED
    assert "joint" in detail or "ends in" in detail


@given(st.data(), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_what_is_proved_is_equivalent(data: st.DataObject, seed: int) -> None:
    """Programs with one line lost, doubled, moved or turned: none is proved that exact simulation tells apart."""
    circuit = data.draw(st.one_of(dynamic_circuits(max_gates=6), unitary_circuits(max_gates=6)))
    plan = arbitrary_plan(segments_of(circuit), data.draw(networks(num_qubits=circuit.num_qubits, limited=False)), seed)
    program = split_circuit(replace(plan, hardware=data.draw(limited(split_circuit(plan)))))
    native = recompile_program(program)
    assume(native is not None and len(native.program.circuit))
    files = altered(program_files(program, native=native), random.Random(seed))
    try:
        emitted = read_emitted(files, circuit)
        read = read_native(emitted, files)
    except InputError:
        return
    if check_native(emitted, read, files).status is Status.PROVED:
        assert check_equivalence(replace(read, input=native.program.input_qubit)).status is not Status.FAILED


@given(st.data(), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_the_order_of_what_commutes_does_not_matter(data: st.DataObject, seed: int) -> None:
    """Gates and resets that share no qubit with the line before change places with it, many times over."""
    circuit = data.draw(flipping_circuits(measured=True))
    network_ = data.draw(networks(num_qubits=circuit.num_qubits, max_modules=2, limited=False))
    plan = arbitrary_plan(segments_of(circuit), network_, seed)
    program = split_circuit(replace(plan, hardware=data.draw(limited(split_circuit(plan)))))
    native = recompile_program(program)
    assume(native is not None)
    files = shuffled(program_files(program, native=native), random.Random(seed))
    emitted = read_emitted(files, circuit)
    check = check_native(emitted, read_native(emitted, files), files)
    assert check.status is Status.PROVED, check.detail


def shuffled(files: Mapping[str, str], rng: random.Random) -> dict[str, str]:
    lines = files[JOINT].splitlines(keepends=True)
    for _ in range(20 * len(lines)):
        place = rng.randrange(1, len(lines))
        pair = lines[place - 1 : place + 1]
        qubits = [set(re.findall(r"m\d_\w+\[\d+\]", line)) for line in pair]
        fixed = [
            re.match(r"reset|msg|c\[|d\[|epr|if|qubit|bit|gate|OPEN|include|//", line) is not None for line in pair
        ]
        held = any(line.startswith("if") for line in pair)
        if qubits[0] and qubits[1] and not qubits[0] & qubits[1] and not all(fixed) and not held:
            lines[place - 1 : place + 1] = pair[::-1]
    return {**files, JOINT: "".join(lines)}


def altered(files: Mapping[str, str], rng: random.Random) -> dict[str, str]:
    """The files with one line of the joint native program changed."""
    lines = files[JOINT].splitlines(keepends=True)
    first = max(k for k, line in enumerate(lines) if line.startswith(("qubit", "bit", "gate"))) + 1
    place, other = rng.randrange(first, len(lines)), rng.randrange(first, len(lines))
    match rng.randrange(4):
        case 0:
            lines[place] = ""
        case 1:
            lines[place] *= 2
        case 2:
            lines[place], lines[other] = lines[other], lines[place]
        case _:
            lines[place] = lines[place].replace("pi/2", "pi/4").replace("sx ", "x ").replace("== 1", "== 0")
    return {**files, JOINT: "".join(lines)}


BEFORE = """qubit[2] m0_data;
qubit[1] m0_comm;
qubit[2] m1_data;
qubit[1] m1_comm;
reset m0_comm[0];
reset m1_comm[0];
epr m0_comm[0], m1_comm[0];
"""
AGAIN = "reset m0_comm[0];\nreset m1_comm[0];\nepr m0_comm[0], m1_comm[0];\n"
ARRIVES, MEETS = "swap m1_comm[0], m1_data[1];\n", "cx m1_comm[0], m1_data[0];\n"


@pytest.mark.parametrize(
    ("native", "proved"),
    [
        (MEETS + ARRIVES + AGAIN, True),
        (ARRIVES + AGAIN + "cx m1_data[1], m1_data[0];\n", True),
        (ARRIVES + AGAIN + MEETS, False),
        (MEETS + AGAIN, False),
    ],
)
def test_a_gate_may_wait_until_its_qubit_has_moved_on(native: str, proved: bool) -> None:
    """A qubit arrives, meets another, and leaves its comm qubit to the next e-bit; the meeting may come last."""
    files = directory(
        joint=HEADER + EBIT + BEFORE + MEETS + ARRIVES + AGAIN, end=["m0_data[0]", "m1_data[1]", "m1_data[0]"]
    )
    sizes = {"m0_data": 2, "m0_comm": 1, "m1_data": 2, "m1_comm": 1}
    told = {
        "registers": [
            {"name": name, "module": name[:2], "kind": name[3:], "size": size} for name, size in sizes.items()
        ],
        "start": [f"{name}[{k}]" for name, size in sizes.items() for k in range(size)],
        "output": ["m0_data[0]", "m1_data[1]", "m1_data[0]"],
        "modules": [],
        "manifest": {"modules": ["m0", "m1"], "order": []},
    }
    files = plan_with({**files, JOINT: HEADER + EBIT + BEFORE + native}, native=told)
    emitted = read_emitted(files)
    assert (check_native(emitted, read_native(emitted, files), files).status is Status.PROVED) == proved


def test_a_wrong_place_in_the_plan_is_found() -> None:
    program = program_on(network())
    native = recompile_program(program)
    assert native is not None
    files = program_files(program, native=native)
    names = [f"{r.name}[{k}]" for r in native.program.circuit.qregs for k in range(r.size)]
    output = [names[place] for place in native.program.output_qubit]
    other = next(name for name in names if name not in output)
    status, detail = found(plan_with(files, native__output=[other, *output[1:]]))
    assert status is Status.FAILED
    assert f"plan.json says {other}" in detail
    start = [names[place] for place in native.start]
    status, _ = found(plan_with(files, native__start=[start[1], start[0], *start[2:]]))
    assert status is Status.FAILED


def test_a_native_program_that_does_not_fit_the_plan() -> None:
    files = written()
    with pytest.raises(PlanError, match=re.escape(f"{JOINT} is missing")):
        found({name: text for name, text in files.items() if name != JOINT})
    with pytest.raises(PlanError, match="places at the start"):
        found(plan_with(files, native__start=["m0_data[0]"]))


def test_an_altered_native_module_program_is_found() -> None:
    files = written()
    files["m0.native.qasm"] = files["m0.native.qasm"].replace("sx ", "x ", 1)
    checks = verify_plan(files, circuit_of_text(CIRCUIT, "input.qasm")).checks
    assert [check.name for check in checks if check.status is Status.FAILED] == ["native module programs"]


def test_logical_programs_for_limited_modules_are_no_proof() -> None:
    status, detail = found(program_files(program_on(network()), source_text=CIRCUIT))
    assert status is Status.SKIPPED
    assert "they are not compiled for m0 and 1 other module" in detail
