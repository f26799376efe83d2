"""OpenQASM 2: the language's corners one by one, and every gate of its library against Qiskit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, qasm2

from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.openqasm.library import QELIB1
from tests.branches import is_same_up_to_phase, unitary_of
from tests.load.qasm_cases import QASM2, qiskit_unitary, read2, shown

_QISKIT_NAMES = {gate.name for gate in qasm2.LEGACY_CUSTOM_INSTRUCTIONS}
_COMMON = sorted(QELIB1.keys() & _QISKIT_NAMES - {"u0"})  # u0 takes integers only in Qiskit
_ANGLES = (0.3, -1.1, 2.5, 0.7)


def _qiskit(body: str) -> QuantumCircuit:
    return qasm2.loads(QASM2 + body, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)


def _call(name: str, num_params: int, num_qubits: int) -> str:
    angles = f"({','.join(map(str, _ANGLES[:num_params]))})" if num_params else ""
    operands = ",".join(f"q[{i}]" for i in range(num_qubits))
    return f"qreg q[{num_qubits}];\n{name}{angles} {operands};"


@pytest.mark.parametrize("name", _COMMON)
def test_library_gate_equals_qiskits(name: str) -> None:
    gate = QELIB1[name]
    body = _call(name, gate.num_params, gate.num_qubits)
    assert is_same_up_to_phase(unitary_of(read2(body)), qiskit_unitary(_qiskit(body)))


def test_library_covers_the_original_and_qiskits_file() -> None:
    assert not _QISKIT_NAMES - QELIB1.keys() - {"delay", "CX", "U"}


CASES = {
    "two registers": ("qreg a[1]; qreg b[2]; cx a[0],b[1];", ["cx 0 2"]),
    "broadcast of one register": ("qreg q[3]; h q;", ["h 0", "h 1", "h 2"]),
    "broadcast of two registers": ("qreg a[2]; qreg b[2]; cx a,b;", ["cx 0 2", "cx 1 3"]),
    "broadcast of a register and a qubit": ("qreg a[1]; qreg b[2]; cx a[0],b;", ["cx 0 1", "cx 0 2"]),
    "built-in gates": ("qreg q[2]; U(0.5,0,0) q[0]; CX q[0],q[1];", ["u(0.5, 0, 0) 0", "cx 0 1"]),
    "caret is a power": ("qreg q[1]; rz(pi/2^2) q[0];", ["rz(0.785398) 0"]),
    "caret binds to the right": ("qreg q[1]; rz(2^3^0) q[0];", ["rz(2) 0"]),
    "division of integers is real": ("qreg q[1]; rz(1/2) q[0]; rz((1)/4) q[0];", ["rz(0.5) 0", "rz(0.25) 0"]),
    "unary minus": ("qreg q[1]; rz(-pi/-2) q[0]; rz(-(1+1)) q[0];", ["rz(1.5708) 0", "rz(-2) 0"]),
    "functions": ("qreg q[1]; rz(sin(0)+cos(0)+ln(exp(1))+sqrt(4)) q[0];", ["rz(4) 0"]),
    "exponents": ("qreg q[1]; rz(1e-1) q[0]; rz(.5E1) q[0]; rz(2.) q[0];", ["rz(0.1) 0", "rz(5) 0", "rz(2) 0"]),
    "user gate": ("gate g(a) x,y { rz(2*a) y; cx y,x; }\nqreg q[2]; g(0.1) q[0],q[1];", ["rz(0.2) 1", "cx 1 0"]),
    "nested user gates": (
        "gate g(a) x { rz(a) x; } gate f(a,b) x,y { g(a+b) y; g(a-b) x; }\nqreg q[2]; f(3,1) q[1],q[0];",
        ["rz(4) 0", "rz(2) 1"],
    ),
    "user gate in place of one from the library": ("gate h a { x a; }\nqreg q[1]; h q[0];", ["x 0"]),
    "a gate keeps the meaning its names had": (
        "gate g a { h a; } gate h a { x a; }\nqreg q[1]; g q[0]; h q[0];",
        ["h 0", "x 0"],
    ),
    "empty gate": ("gate g a,b {}\nqreg q[2]; g q[0],q[1]; x q[1];", ["x 1"]),
    "gate without parameters but with parentheses": (
        "gate g() a { x a; }\nqreg q[1]; g() q[0]; g q[0];",
        ["x 0", "x 0"],
    ),
    "barrier in a gate and outside": ("gate g a,b { barrier a,b; x a; }\nqreg q[2]; barrier q; g q[0],q[1];", ["x 0"]),
    "opaque gate that is never called": ("opaque g(a,b) x,y;\nqreg q[1]; x q[0];", ["x 0"]),
    "measure registers": ("qreg q[2]; creg c[2]; measure q -> c;", ["measure 0 -> 0", "measure 1 -> 1"]),
    "measure a bit": ("qreg q[2]; creg a[1]; creg b[2]; measure q[1] -> b[0];", ["measure 1 -> 1"]),
    "reset": ("qreg q[2]; reset q; reset q[1];", ["reset 0", "reset 1", "reset 1"]),
    "if compares the whole register": ("qreg q[1]; creg c[3]; if(c==5) x q[0];", ["x 0 if 0,1,2 == 5"]),
    "if measures and resets": (
        "qreg q[1]; creg c[1]; creg d[1]; if(c==1) measure q[0] -> d[0]; if (d == 0) reset q[0];",
        ["measure 0 -> 1 if 0 == 1", "reset 0 if 1 == 0"],
    ),
    "if with a broadcast": ("qreg q[2]; creg c[1]; if(c==1) x q;", ["x 0 if 0 == 1", "x 1 if 0 == 1"]),
    "if with a user gate": (
        "gate g a { x a; z a; }\nqreg q[1]; creg c[1]; if(c==1) g q[0];",
        ["x 0 if 0 == 1", "z 0 if 0 == 1"],
    ),
    "words that only OpenQASM 3 reserves": (
        "gate bit(input) let,end { rz(input) let; cx let,end; }\nqreg in[2]; creg def[1]; bit(1) in[0],in[1];"
        " measure in[1] -> def[0];",
        ["rz(1) 0", "cx 0 1", "measure 1 -> 0"],
    ),
    "comments": ("qreg q[1]; // x q[0];\n/* y q[0]; */ x /* z */ q[0]; // end", ["x 0"]),
    "a statement over several lines": ("qreg q[2]; cx\n  q[0],\n  q[1]\n;", ["cx 0 1"]),
    "several statements in a line": ("qreg q[1]; x q[0];y q[0];z q[0];", ["x 0", "y 0", "z 0"]),
    "upper-case register": ("qreg Q[1]; x Q[0];", ["x 0"]),
}


@pytest.mark.parametrize("name", CASES)
def test_corner(name: str) -> None:
    body, wanted = CASES[name]
    assert shown(read2(body)) == wanted


_BEYOND_QISKIT = {
    "a gate keeps the meaning its names had",  # its table of library gates wins over the file's own definitions
    "user gate in place of one from the library",
    "comments",  # only line comments
    "upper-case register",
}


@pytest.mark.parametrize("name", sorted(CASES.keys() - _BEYOND_QISKIT))
def test_qiskit_reads_the_case_too(name: str) -> None:
    """The cases are OpenQASM 2, not a dialect of ours."""
    body, _ = CASES[name]
    assert _qiskit(body).num_qubits == read2(body).num_qubits


def test_wide_registers_are_compared_as_a_whole() -> None:
    circuit = read2(f"qreg q[1]; creg c[100]; if(c=={2**99 + 1}) x q[0];")
    (term,) = circuit.conditions[0].terms
    assert (len(term.clbits), term.value) == (100, 2**99 + 1)


def test_lines_are_kept() -> None:
    circuit = read2(
        "qreg q[2];\n\n/* a\n b */ x q[0]; h q[1];\ngate g a { x a; }\ng\nq[0];\ncreg c[1];\nif(c==1) y q;\n"
    )
    assert circuit.line.tolist() == [6, 6, 8, 11, 11]


def test_windows_line_ends_and_byte_order() -> None:
    circuit = circuit_of_text('OPENQASM 2.0;\r\ninclude "qelib1.inc";\r\nqreg q[1];\r\nx q[0];\r\n', "a.qasm")
    assert (shown(circuit), circuit.line.tolist()) == (["x 0"], [4])


def test_version_line_may_be_missing() -> None:
    assert shown(circuit_of_text('include "qelib1.inc"; qreg q[1]; rz(1/2) q[0];', "a.qasm")) == ["rz(0.5) 0"]


def test_registers_and_name() -> None:
    circuit = circuit_of_text(QASM2 + "qreg a[2]; qreg b[1]; creg c[4]; x b[0];", "folder/bell.qasm")
    assert circuit.name == "bell"
    assert [(r.name, r.start, r.size) for r in circuit.qregs] == [("a", 0, 2), ("b", 2, 1)]
    assert [(r.name, r.start, r.size) for r in circuit.cregs] == [("c", 0, 4)]


def test_many_calls_of_a_user_gate_are_expanded_once() -> None:
    """10^4 calls with few different angles; without remembering, this takes minutes in the reference parser."""
    calls = "".join(f"g({i % 7}) q[{i % 3}],q[3];\n" for i in range(10_000))
    circuit = read2(f"gate g(a) x,y {{ rz(a) x; cx x,y; rz(-a) y; }}\nqreg q[4];\n{calls}")
    assert len(circuit) == 30_000
    assert shown(circuit)[-3:] == ["rz(3) 0", "cx 0 3", "rz(-3) 3"]


_STEP = st.tuples(
    st.sampled_from(_COMMON),
    st.permutations(range(5)),
    st.lists(
        st.sampled_from(["0.3", "-pi/4", "3*pi/8", "pi/2 + 0.1", "sin(0.5)", "2^-1", "-(pi-1)/3"]),
        min_size=4,
        max_size=4,
    ),
)


@given(st.lists(_STEP, max_size=8))
@settings(max_examples=25, deadline=None)
def test_random_programs_equal_qiskits(steps: list[tuple[str, list[int], list[str]]]) -> None:
    lines = ["qreg a[2]; qreg b[3];"]
    for name, order, angles in steps:
        gate = QELIB1[name]
        operands = ",".join(f"a[{i}]" if i < 2 else f"b[{i - 2}]" for i in order[: gate.num_qubits])
        arguments = f"({','.join(angles[: gate.num_params])})" if gate.num_params else ""
        lines.append(f"{name}{arguments} {operands};")
    body = "\n".join(lines)
    assert is_same_up_to_phase(unitary_of(read2(body)), qiskit_unitary(_qiskit(body)))
