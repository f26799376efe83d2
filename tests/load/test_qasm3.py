"""OpenQASM 3, one feature at a time: each program against the plain operations that it means."""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest
from qiskit import qasm3

from dqplan.core.gates import NUM_PARAMS, Op, gate_matrix
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.openqasm.library import STDGATES
from tests.branches import Unitary, is_same_up_to_phase, unitary_of
from tests.load.qasm_cases import QASM3, qiskit_unitary, read3, shown

_THREE = "qubit[3] q; "

UNITARY_CASES = {
    # feature: (program, the same in plain calls)
    "register": ("qubit[2] a; cx a[0], a[1];", "qubit[2] a; cx a[0], a[1];"),
    "single qubit": ("qubit a; qubit b; cx a, b;", "qubit[2] q; cx q[0], q[1];"),
    "old register": ("qreg q[2]; cx q[0], q[1];", "qubit[2] q; cx q[0], q[1];"),
    "size from a constant": ("const int n = 2; qubit[n + 1] q; x q[2];", _THREE + "x q[2];"),
    "physical qubits": ("h $1; cx $1, $2;", _THREE + "h q[1]; cx q[1], q[2];"),
    "broadcast": ("qubit[2] a; qubit[2] b; cx a, b;", "qubit[4] q; cx q[0], q[2]; cx q[1], q[3];"),
    "broadcast with a single qubit": ("qubit a; qubit[2] b; cx a, b;", _THREE + "cx q[0], q[1]; cx q[0], q[2];"),
    "slice": (_THREE + "h q[0:1];", _THREE + "h q[0]; h q[1];"),
    "slice with a step": (_THREE + "h q[0:2:2];", _THREE + "h q[0]; h q[2];"),
    "slice backwards": (_THREE + "cx q[2:-1:1], q[1:-1:0];", _THREE + "cx q[2], q[1]; cx q[1], q[0];"),
    "open slice": (_THREE + "h q[1:];", _THREE + "h q[1]; h q[2];"),
    "index set": (_THREE + "h q[{0, 2}];", _THREE + "h q[0]; h q[2];"),
    "negative index": (_THREE + "h q[-1];", _THREE + "h q[2];"),
    "alias": (_THREE + "let a = q[1:2]; cx a[0], a[1];", _THREE + "cx q[1], q[2];"),
    "alias of joined registers": (
        "qubit[2] a; qubit b; let c = a[{1}] ++ a[0:0]; let d = c ++ a[0:0]; x c[0]; y d[1];",
        _THREE + "x q[1]; y q[0];",
    ),
    "alias in a broadcast": (
        _THREE + "let a = q[0:1]; let b = q[1:2]; cx a, b;",
        _THREE + "cx q[0], q[1]; cx q[1], q[2];",
    ),
    "built-in U": ("qubit q; U(0.1, 0.2, 0.3) q;", "qubit q; u3(0.1, 0.2, 0.3) q;"),
    "user gate": (
        "gate g(a, b) x, y { rz(a/b) x; cx x, y; } qubit[2] q; g(pi, 3) q[1], q[0];",
        "qubit[2] q; rz(pi/3) q[1]; cx q[1], q[0];",
    ),
    "user gate with a broadcast": (
        "gate g a, b { cx b, a; } qubit[2] q; qubit[2] r; g q, r;",
        "qubit[4] q; cx q[2], q[0]; cx q[3], q[1];",
    ),
    "ctrl": (_THREE + "ctrl @ ry(0.3) q[1], q[0];", _THREE + "cry(0.3) q[1], q[0];"),
    "ctrl of ctrl": (_THREE + "ctrl @ ctrl @ x q[2], q[1], q[0];", _THREE + "ccx q[2], q[1], q[0];"),
    "ctrl with a number": (_THREE + "ctrl(2) @ x q[0], q[1], q[2];", _THREE + "ccx q[0], q[1], q[2];"),
    "ctrl of a two-qubit gate": (_THREE + "ctrl @ swap q[0], q[1], q[2];", _THREE + "cswap q[0], q[1], q[2];"),
    "negctrl": (_THREE + "negctrl @ x q[0], q[1];", _THREE + "x q[0]; cx q[0], q[1]; x q[0];"),
    "negctrl beside ctrl": (
        _THREE + "negctrl @ ctrl @ x q[0], q[1], q[2];",
        _THREE + "x q[0]; ccx q[0], q[1], q[2]; x q[0];",
    ),
    "inv": (_THREE + "inv @ s q[0]; inv @ rx(0.3) q[1];", _THREE + "sdg q[0]; rx(-0.3) q[1];"),
    "inv of a user gate": ("gate g a { h a; t a; } qubit q; inv @ g q;", "qubit q; tdg q; h q;"),
    "pow with an integer": (_THREE + "pow(3) @ t q[0];", _THREE + "t q[0]; t q[0]; t q[0];"),
    "pow with a negative integer": (_THREE + "pow(-2) @ t q[0];", _THREE + "sdg q[0];"),
    "pow with 0": (_THREE + "pow(0) @ cx q[0], q[1];", _THREE),
    "pow with a fraction": (_THREE + "pow(0.5) @ x q[0];", _THREE + "sx q[0];"),
    "pow with a fraction of a controlled gate": (
        _THREE + "pow(0.5) @ cx q[0], q[1];",
        _THREE + "h q[1]; cp(pi/2) q[0], q[1]; h q[1];",
    ),
    "pow of a user gate": (
        "gate g a, b { h a; cx a, b; } qubit[2] q; pow(2) @ g q[0], q[1];",
        "qubit[2] q; h q[0]; cx q[0], q[1]; h q[0]; cx q[0], q[1];",
    ),
    "inv after ctrl": (_THREE + "inv @ ctrl @ s q[0], q[1];", _THREE + "cp(-pi/2) q[0], q[1];"),
    "ctrl of pow": (_THREE + "ctrl @ pow(0.5) @ z q[0], q[1];", _THREE + "cp(pi/2) q[0], q[1];"),
    "gphase": (_THREE + "gphase(0.3); x q[0];", _THREE + "x q[0];"),
    "ctrl of gphase": (_THREE + "ctrl @ gphase(0.3) q[1];", _THREE + "p(0.3) q[1];"),
    "gphase in a gate under ctrl": (
        "gate g a { gphase(0.4); x a; } qubit[2] q; ctrl @ g q[0], q[1];",
        "qubit[2] q; p(0.4) q[0]; cx q[0], q[1];",
    ),
    "ctrl of rz keeps the phase": (_THREE + "ctrl @ rz(0.4) q[0], q[1];", _THREE + "crz(0.4) q[0], q[1];"),
    "constants": ("const float a = pi / 2; const int k = 3; qubit q; rz(a * k) q;", "qubit q; rz(3 * pi / 2) q;"),
    "a variable that keeps its value": ("float a = 0.5; int k = 3; qubit q; rz(a * k) q;", "qubit q; rz(1.5) q;"),
    "unicode names and pi": ("qubit ψ; rz(π/4) ψ; gate γ(θ) α { rz(θ) α; } γ(τ/8) ψ;", "qubit q; rz(pi/2) q;"),
    "euler and powers": ("qubit q; rz(euler ** 2) q; rz(ℇ) q;", "qubit q; rz(10.107337927389695) q;"),
    "functions": ("qubit q; rz(arcsin(1) + mod(7, 4) + floor(1.5)) q;", "qubit q; rz(pi/2 + 4) q;"),
    "integers divide to integers": ("const int n = 7; qubit[3] q; x q[n / 3];", _THREE + "x q[2];"),
    "loop over a range": (
        _THREE + "for int i in [0:1] { cx q[i], q[i + 1]; }",
        _THREE + "cx q[0], q[1]; cx q[1], q[2];",
    ),
    "loop over a set": (_THREE + "for uint i in {2, 0} x q[i];", _THREE + "x q[2]; x q[0];"),
    "nested loops": (
        _THREE + "for int i in [0:2] { for int j in [i + 1:2] { cp(pi / 2 ** (j - i)) q[i], q[j]; } }",
        _THREE + "cp(pi/2) q[0], q[1]; cp(pi/4) q[0], q[2]; cp(pi/2) q[1], q[2];",
    ),
    "annotation and pragma": ('pragma dqplan "x;{"\n@note here {\nqubit q;\n#pragma more\nx q;', "qubit q; x q;"),
    "block comment with statements": (_THREE + "/* x q[0];\n { */ y q[1]; // }", _THREE + "y q[1];"),
    "barrier": (_THREE + "barrier q; barrier q[0], q[1:2]; barrier; x q[0];", _THREE + "x q[0];"),
    "bare block": (_THREE + "{ const int k = 1; x q[k]; } { const int k = 2; x q[k]; }", _THREE + "x q[1]; x q[2];"),
    "condition that is constant": (
        _THREE + "if (true) { x q[0]; } else { y q[0]; } if (1 > 2) z q[0];",
        _THREE + "x q[0];",
    ),
    "user gate in place of one from the library": ("gate h a { x a; } qubit q; h q;", "qubit q; x q;"),
    "cphase, phase, CX, id": (
        _THREE + "cphase(0.3) q[0], q[1]; phase(0.2) q[0]; CX q[0], q[1]; id q[2];",
        _THREE + "cp(0.3) q[0], q[1]; p(0.2) q[0]; cx q[0], q[1];",
    ),
    "library of OpenQASM 2": (
        'include "qelib1.inc"; qubit[2] q; rzz(0.3) q[0], q[1];',
        "qubit[2] q; cx q[0], q[1]; rz(0.3) q[1]; cx q[0], q[1];",
    ),
}
_BEYOND_QISKIT = {
    "size from a constant",
    "slice backwards",
    "alias of joined registers",
    "pow with a fraction of a controlled gate",
    "constants",
    "a variable that keeps its value",
    "unicode names and pi",
    "euler and powers",
    "functions",
    "integers divide to integers",
    "loop over a range",
    "loop over a set",
    "nested loops",
    "annotation and pragma",
    "bare block",
    "condition that is constant",
    "user gate in place of one from the library",
    "library of OpenQASM 2",
}


@pytest.mark.parametrize("name", UNITARY_CASES)
def test_feature(name: str) -> None:
    program, meaning = UNITARY_CASES[name]
    assert is_same_up_to_phase(unitary_of(read3(program)), unitary_of(read3(meaning)))


@pytest.mark.parametrize("name", sorted(UNITARY_CASES.keys() - _BEYOND_QISKIT))
def test_qiskit_agrees(name: str) -> None:
    program, _ = UNITARY_CASES[name]
    assert is_same_up_to_phase(unitary_of(read3(program)), qiskit_unitary(qasm3.loads(QASM3 + program)))


_ALL_70 = ",".join(map(str, range(70)))
_BITS = "qubit[2] q; bit[2] c; "

DYNAMIC_CASES = {
    "measure into a new bit": ("qubit q; bit c = measure q;", ["measure 0 -> 0"]),
    "measure into a new register": ("qubit[2] q; bit[2] c = measure q;", ["measure 0 -> 0", "measure 1 -> 1"]),
    "measure by assignment": (_BITS + "c[1] = measure q[0];", ["measure 0 -> 1"]),
    "measure by arrow": (_BITS + "measure q[0] -> c[1];", ["measure 0 -> 1"]),
    "measure registers": (_BITS + "c = measure q;", ["measure 0 -> 0", "measure 1 -> 1"]),
    "measure slices": (_BITS + "c[1:-1:0] = measure q[0:1];", ["measure 0 -> 1", "measure 1 -> 0"]),
    "alias of bits": (_BITS + "let d = c[1:1]; d[0] = measure q[0];", ["measure 0 -> 1"]),
    "bits that begin as 0": ('qubit q; bit[2] c = "00"; bit d = 0; c[0] = measure q;', ["measure 0 -> 0"]),
    "reset": (_BITS + "reset q; reset q[0];", ["reset 0", "reset 1", "reset 0"]),
    "register equals": (_BITS + "if (c == 2) x q[0];", ["x 0 if 0,1 == 2"]),
    "register equals, reversed": (_BITS + "if (2 == c) x q[0];", ["x 0 if 0,1 == 2"]),
    "register differs": (_BITS + "if (c != 2) x q[0];", ["x 0 if 0,1 != 2"]),
    "register against a bit string": (_BITS + 'if (c == "10") x q[0];', ["x 0 if 0,1 == 2"]),
    "slice of a register": ("qubit q; bit[3] c; if (c[1:2] == 1) x q;", ["x 0 if 1,2 == 1"]),
    "bare register": (_BITS + "if (c) x q[0];", ["x 0 if 0,1 != 0"]),
    "bare bit": (_BITS + "if (c[1]) x q[0];", ["x 0 if 1 == 1"]),
    "not": (_BITS + "if (!c[1]) x q[0]; if (!(c == 1)) x q[1];", ["x 0 if 1 != 1", "x 1 if 0,1 != 1"]),
    "bit equals": (_BITS + "if (c[0] == 1) x q[0]; if (c[0] == false) y q[0];", ["x 0 if 0 == 1", "y 0 if 0 == 0"]),
    "and": (_BITS + "if (c[0] && (c[1] == 0)) x q[0];", ["x 0 if 0 == 1 && 1 == 0"]),
    "and with a constant": (_BITS + "if (true && c[0]) x q[0]; if (false && c[0]) y q[0];", ["x 0 if 0 == 1"]),
    "else": (
        _BITS + "if (c[0]) { x q[0]; } else { y q[0]; z q[1]; }",
        ["x 0 if 0 == 1", "y 0 if 0 != 1", "z 1 if 0 != 1"],
    ),
    "else without braces": (_BITS + "if (c == 1) x q[0]; else y q[0];", ["x 0 if 0,1 == 1", "y 0 if 0,1 != 1"]),
    "else if": (
        _BITS + "if (c[0]) x q[0]; else if (c[1]) y q[0]; else z q[0];",
        ["x 0 if 0 == 1", "y 0 if 0 != 1 && 1 == 1", "z 0 if 0 != 1 && 1 != 1"],
    ),
    "nested": (_BITS + "if (c[0]) { if (c[1]) { x q[0]; } y q[0]; }", ["x 0 if 0 == 1 && 1 == 1", "y 0 if 0 == 1"]),
    "block of one": (_BITS + "if (c[0] == 1) { x q[0]; }", ["x 0 if 0 == 1"]),
    "block with a measurement into another bit": (
        _BITS + "if (c[0]) { c[1] = measure q[0]; if (c[1]) x q[0]; }",
        ["measure 0 -> 1 if 0 == 1", "x 0 if 0 == 1 && 1 == 1"],
    ),
    "block that ends with a measurement into its own bit": (
        _BITS + "if (c[0]) { x q[0]; c[0] = measure q[0]; } y q[0];",
        ["x 0 if 0 == 1", "measure 0 -> 0 if 0 == 1", "y 0"],
    ),
    "condition in a loop": (
        _BITS + "for int i in [0:1] { if (c[i]) x q[i]; }",
        ["x 0 if 0 == 1", "x 1 if 1 == 1"],
    ),
    "expanded gate under a condition": (
        "gate g a, b { h a; cx a, b; } " + _BITS + "if (c[0]) g q[0], q[1];",
        ["h 0 if 0 == 1", "cx 0 1 if 0 == 1"],
    ),
    "wide register": (
        "qubit q; bit[70] c; if (c == 1180591620717411303423) x q;",
        [f"x 0 if {_ALL_70} == {2**70 - 1}"],
    ),
    "cast": (_BITS + "if (uint(c) == 3) x q[0]; if (bool(c[0])) y q[0];", ["x 0 if 0,1 == 3", "y 0 if 0 == 1"]),
}


@pytest.mark.parametrize("name", DYNAMIC_CASES)
def test_dynamic_feature(name: str) -> None:
    program, wanted = DYNAMIC_CASES[name]
    assert shown(read3(program)) == wanted


def test_u_has_the_phase_of_the_specification() -> None:
    """U(θ, φ, λ) carries e^{iθ/2} in OpenQASM 3 (section "Built-in gates"); a control turns it into a gate."""
    theta, phi, lam = 0.7, 0.2, 0.5
    wanted = np.eye(4, dtype=complex)
    wanted[2:, 2:] = cmath.exp(0.5j * theta) * gate_matrix(Op.U, (theta, phi, lam))
    found = unitary_of(read3(f"qubit[2] q; ctrl @ U({theta}, {phi}, {lam}) q[0], q[1];"))
    assert is_same_up_to_phase(found, wanted)


_DEFINITIONS = {
    # stdgates.inc defines these; written here with U and gphase only
    "x": "U(π, 0, π) a; gphase(-π/2);",
    "y": "U(π, π/2, π/2) a; gphase(-π/2);",
    "h": "U(π/2, 0, π) a; gphase(-π/4);",
    "rx": "U(t, -π/2, π/2) a; gphase(-t/2);",
    "ry": "U(t, 0, 0) a; gphase(-t/2);",
    "rz": "gphase(-t/2); U(0, 0, t) a;",
    "p": "U(0, 0, t) a;",
    "u2": "gphase(-(t + s + π/2)/2); U(π/2, t, s) a;",
    "u3": "gphase(-(t + s + r)/2); U(t, s, r) a;",
    "sx": "U(π, 0, π) a; gphase(-π/2);",
}


@pytest.mark.parametrize("name", _DEFINITIONS)
def test_library_phases_under_a_control(name: str) -> None:
    """What `ctrl @` makes of a library gate equals what it makes of the definition in the specification."""
    names = ["t", "s", "r"][: STDGATES[name].num_params]
    formal = f"({', '.join(names)})" if names else ""
    actual = f"({', '.join(['0.3', '1.1', '-0.4'][: len(names)])})" if names else ""
    root = "pow(0.5) @ " if name == "sx" else ""
    program = f"gate mine{formal} a {{ {_DEFINITIONS[name]} }} qubit[2] q; ctrl @ {root}mine{actual} q[0], q[1];"
    wanted = f"qubit[2] q; ctrl @ {name}{actual} q[0], q[1];"
    assert is_same_up_to_phase(unitary_of(read3(program)), unitary_of(read3(wanted)))


def _under_two_controls(matrix: Unitary) -> Unitary:
    wanted = np.eye(4 * len(matrix), dtype=complex)
    wanted[-len(matrix) :, -len(matrix) :] = matrix
    return wanted


@pytest.mark.parametrize("op", [op for op in Op if op < Op.EPR])
def test_every_operation_under_controls_inverted_and_powered(op: Op) -> None:
    """One program with ctrl, inv and pow for each operation of the vocabulary, against its matrix."""
    angles = (0.3, -1.1, 2.5, 0.7)[: NUM_PARAMS[op]]
    matrix = gate_matrix(op, angles)
    k = round(math.log2(len(matrix)))
    arguments = f"({', '.join(map(str, angles))})" if angles else ""
    operands = ", ".join(f"q[{i}]" for i in range(k + 2))
    program = f'include "qelib1.inc"; qubit[{k + 2}] q; ctrl(2) @ inv @ pow(3) @ {op.spelling}{arguments} {operands};'
    wanted = _under_two_controls(np.linalg.matrix_power(matrix.conj().T, 3))
    assert is_same_up_to_phase(unitary_of(read3(program)), wanted)


def test_file_without_version_line() -> None:
    assert shown(circuit_of_text('include "stdgates.inc"; qubit q; x q;', "a.qasm")) == ["x 0"]


def test_lines_inside_blocks() -> None:
    circuit = read3("qubit q;\nbit c;\nif (c) {\n  x q;\n\n  y q;\n}\nfor int i in [0:1] {\n  z q;\n}\n")
    assert circuit.line.tolist() == [6, 8, 11, 11]


def test_local_bits_of_a_loop_are_new_in_each_pass() -> None:
    circuit = read3("qubit q;\nfor int i in [0:1] { bit c = measure q; if (c) x q; }")
    assert shown(circuit) == ["measure 0 -> 0", "x 0 if 0 == 1", "measure 0 -> 1", "x 0 if 1 == 1"]
    assert len({register.name for register in circuit.cregs}) == 2


@pytest.mark.parametrize(
    ("definition", "call", "op"),
    [
        ("gate rzz(t) a, b { cx a, b; rz(t) b; cx a, b; }", "rzz(0.3) q[0], q[1];", Op.RZZ),
        ("gate epr a, b { h a; cx a, b; }", "epr q[0], q[1];", Op.EPR),
        ("gate sx a { sdg a; h a; sdg a; }", "sx q[0];", Op.SX),
    ],
)
def test_defined_gates_that_are_known_can_be_kept_whole(definition: str, call: str, op: Op) -> None:
    text = f"{QASM3}{definition} qubit[2] q; {call}"
    whole, spelled = circuit_of_text(text, "x.qasm", keep_known=True), circuit_of_text(text, "x.qasm")
    assert [row.op for row in whole] == [op]
    assert [row.op for row in spelled] != [op]
    assert is_same_up_to_phase(unitary_of(whole), unitary_of(spelled))


@pytest.mark.parametrize("body", ["cx a, b; rz(2*t) b; cx a, b;", "cx b, a; rz(t) b; cx b, a;", ""])
def test_a_definition_that_means_something_else_is_not_taken_for_the_known_gate(body: str) -> None:
    text = f"{QASM3}gate rzz(t) a, b {{ {body} }} qubit[2] q; rzz(0.3) q[0], q[1];"
    assert Op.RZZ not in circuit_of_text(text, "x.qasm", keep_known=True).counts
