"""Text that cannot be used: the class of the error, the line, and what the message names. Never a traceback."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.errors import CircuitSyntaxError, InputError, SemanticError, UnsupportedError
from dqplan.load.load_circuit import Language, circuit_of_text, detect_language, load_circuit
from dqplan.load.openqasm import gates as qasm_gates
from tests.load.qasm_cases import QASM2, QASM3, read2, read3

SYNTAX2 = {
    "qreg q[2];\nx q[0]": (4, "does not end"),
    "qreg q[2];\nx q[;": (4, "';'"),
    "qreg q[2];\nx q[0];\n}": (5, "closing brace"),
    "qreg q[2];\ngate g a {\n x a;\n": (4, "does not end"),
    "qreg q[2];\n\n/* x": (5, "comment"),
    'qreg q[2];\nx "q;': (4, "string"),
    "qreg q[1];\nh q[0] q[0];": (4, "'q'"),
    "qreg q[1];\nOPENQASM 2.0;": (4, "not a statement"),
    "qreg q[1];\n3x q[0];": (4, "3"),
    "qreg q[1];\nx\n\n#q;": (6, "#"),
    "qreg q[1];\nctrl @ x q[0];": (4, "unexpected"),
    "qreg q[1];\nrx(" + "(" * 400 + "1" + ")" * 400 + ") q[0];": (4, "nested"),
    "qreg q[1];\nrx(" + "1" * 5000 + ") q[0];": (4, "digits"),
}
SEMANTIC2 = {
    "qreg q[2];\nx q[2];": (4, "index 2 is out of range, allowed: 0 to 1"),
    "qreg q[2];\nx q[-1];": (4, "index -1"),
    "qreg q[2];\nx\n r[0];": (5, "unknown register 'r'"),
    "qreg q[2];\ncx q[0],q[0];": (4, r"q\[0\] is used twice"),
    "qreg q[2];\ncx q,q[1];": (4, r"q\[1\] is used twice"),
    "qreg q[2]; qreg r[3];\ncx q,r;": (4, "2 and 3"),
    "qreg q[2];\nfoo q[0];": (4, "unknown gate 'foo'"),
    "qreg q[2];\nq q[0];": (4, "'q' is a register, not a gate"),
    "qreg q[2];\nx x;": (4, "'x' is a gate, not a register"),
    "qreg q[2]; creg c[1];\nx c[0];": (4, "qubits are wanted"),
    "qreg q[2]; creg c[1];\nmeasure q[0] -> q[1];": (4, "classical bits are wanted"),
    "qreg q[2];\nrx q[0];": (4, "takes 1 parameter, found 0"),
    "qreg q[2];\nx(1) q[0];": (4, "takes 0 parameters, found 1"),
    "qreg q[2];\ncx q[0];": (4, "acts on 2 qubits here, found 1"),
    "qreg q[1];\nrx(1/0) q[0];": (4, "division by zero"),
    "qreg q[1];\nrx(1/(pi-pi)) q[0];": (4, "division by zero"),
    "qreg q[1];\nrx(ln(-1)) q[0];": (4, "outside its domain"),
    "qreg q[1];\nrx(1e999) q[0];": (4, "not finite"),
    "qreg q[1];\nrx(exp(1000)) q[0];": (4, "too large"),
    "qreg q[1];\nrx(9^9^9^9) q[0];": (4, "too large"),
    "qreg q[1];\nrx(nan) q[0];": (4, "unknown name 'nan'"),
    "qreg q[1];\nrx(foo(1)) q[0];": (4, "unknown function 'foo'"),
    "qreg q[1];\nrx(sin(1,2)) q[0];": (4, "types"),
    "qreg q[2];\nqreg q[3];": (4, "'q' is already declared as a register"),
    "gate g a { x a; }\nqreg g[3];": (4, "already declared as a gate"),
    "qreg q[2]; creg c[3];\nmeasure q -> c;": (4, "2 qubits into 3 bits"),
    "qreg q[1]; creg c[2];\nif(c==-1) x q[0];": (4, "never negative"),
    "qreg q[1];\nif(d==1) x q[0];": (4, "unknown register 'd'"),
    "gate g a {\n h a;\n g a;\n}": (5, "calls itself"),
    "gate g a { f a; }\ngate f a { g a; }": (3, "unknown gate 'f'"),
    "gate g a,b { cx a,a; }": (3, "used twice"),
    "qreg q[1]; gate g a { x q; }": (3, "its own qubits, which are: a"),
    "gate g(t) t { x t; }": (3, "already declared"),
    "gate g(t) a { rx(1/t) a; }\nqreg q[1];\ng(0) q[0];": (3, "division by zero"),
    "creg c[2];": (0, "no qubits"),
}
UNSUPPORTED3 = {
    'qubit q;\ninclude "mine.inc";': (4, "mine.inc"),
    "qubit q;\nwhile (true) { x q; }": (4, "while"),
    "input float t;\nqubit q;": (3, "input"),
    "def f(qubit q) { x q; }\nqubit q;": (3, "def"),
    "extern f(int) -> int;\nqubit q;": (3, "extern"),
    "qubit q;\ndelay[10ns] q;": (4, "delay"),
    "qubit q;\nbox { x q; }": (4, "box"),
    "qubit q;\nstretch s;": (4, "stretch"),
    "qubit q;\nduration d = 10ns;": (4, "duration"),
    "qubit q;\narray[int, 3] a;": (4, "array"),
    "qubit q;\nx[10ns] q;": (4, "duration"),
    "qubit q;\nint i;": (4, "'i' without a constant value"),
    "qubit q;\nint i = 1;\ni = 2;": (5, "assignment"),
    "qubit q; bit c;\nc = 1;": (4, "assignment"),
    'qubit q;\nbit[2] c = "01";': (4, "initial value"),
    "qubit q;\nmeasure q;": (4, "without a classical bit"),
    "qubit q;\nend;": (4, "end"),
    "qubit q;\nswitch (1) { case 1 { x q; } }": (4, "switch"),
    "qubit q;\ncal { x }": (4, "cal"),
    "qubit q; bit[2] c;\nif (c[0] || c[1]) x q;": (4, "condition"),
    "qubit q; bit[2] c;\nif (c[0] == c[1]) x q;": (4, "comparison"),
    "qubit q; bit[2] c;\nif (c < 2) x q;": (4, "condition"),
    "qubit q; bit[2] c;\nif (c[0] && c[1]) x q; else y q;": (4, "opposite"),
    "qubit q; bit[2] c;\nif (c == 1) {\n c[0] = measure q;\n x q; }": (4, r"its own condition \(c\[0\]\)"),
    "qubit q; bit c;\nif (c) { c = measure q; } else { x q; }": (4, "own condition"),
    "qubit[2] q;\npow(0.5) @ swap q[0], q[1];": (4, "fractional power 0.5"),
    "qubit[2] q;\npow(10000000) @ swap q[0], q[1];": (4, "power of 10000000"),
    "qubit q;\nx $0;": (3, "physical"),
    "qubit q;\nfor int i in [0:1000000000] { x q; }": (4, "passes"),
    "qubit[99999999999] q;": (3, "qubits"),
    "qubit q;\ngate g a { for int i in [0:1] { x a; } }": (4, "body of a gate"),
}


def _check(read: object, body: str, error: type[InputError], line: int, message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        read(body)  # type: ignore[operator]
    assert caught.value.place is not None
    assert caught.value.place.line == line
    assert caught.value.place.source == "test.qasm"


@pytest.mark.parametrize("body", SYNTAX2, ids=lambda body: body[-25:])
def test_syntax(body: str) -> None:
    _check(read2, body, CircuitSyntaxError, *SYNTAX2[body])


@pytest.mark.parametrize("body", SEMANTIC2, ids=lambda body: body[-25:])
def test_semantics(body: str) -> None:
    _check(read2, body, SemanticError, *SEMANTIC2[body])


@pytest.mark.parametrize("body", UNSUPPORTED3, ids=lambda body: body[-25:])
def test_unsupported(body: str) -> None:
    _check(read3, body, UnsupportedError, *UNSUPPORTED3[body])


def test_condition_over_a_register_that_the_same_statement_measures() -> None:
    """The second bit would be measured under a condition that the first one has changed."""
    body = "qreg q[2]; creg c[2];\nif(c==1) measure q -> c;"
    _check(read2, body, UnsupportedError, 4, r"c\[0\]")


def test_opaque_gate_that_is_called() -> None:
    _check(read2, "opaque g(a) x;\nqreg q[1];\ng(1) q[0];", UnsupportedError, 5, "'g', which is opaque")


def test_qasm3_specific_semantics() -> None:
    _check(read3, "qubit q;\nrx(1/2) q;", SemanticError, 4, "division of integers")
    _check(read3, "qubit q;\nctrl(0) @ x q, q;", SemanticError, 4, "number of controls")
    _check(read3, "qubit[2] q;\nx q[0.5];", SemanticError, 4, "integer")
    _check(read3, "qubit[2] q;\nx q[0:0:1];", SemanticError, 4, "step")
    _check(read3, "qubit[2] q;\nx q[0, 1];", SemanticError, 4, "one dimension")
    _check(read3, "qubit q;\nx q[0];", SemanticError, 4, "cannot be indexed")
    _check(read3, "qubit[2] q; bit[2] c;\nlet a = q ++ c;", SemanticError, 4, "cannot join")
    _check(read3, 'qubit q; bit[2] c;\nif (c == "001") x q;', SemanticError, 4, "3 digits for 2 bits")
    _check(read3, "qubit q; bit c;\nif (c) { qubit r; }", CircuitSyntaxError, 4, "must be global")


def test_doubling_definitions_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty short lines that mean 2^40 operations; the limit is lowered only to keep the test quick."""
    monkeypatch.setattr(qasm_gates, "MAX_ROWS", 1000)
    gates = "gate g0 a { x a; x a; }\n" + "".join(f"gate g{i} a {{ g{i - 1} a; g{i - 1} a; }}\n" for i in range(1, 40))
    with pytest.raises(UnsupportedError, match="more than 1,000 operations"):
        read2(gates + "qreg q[1]; g39 q[0];")


def test_close_names_are_suggested() -> None:
    with pytest.raises(SemanticError) as gate:
        read2("qreg q[2];\ncxx q[0],q[1];")
    assert "cx" in gate.value.hint
    with pytest.raises(SemanticError) as register:
        read2("qreg data[2];\nx dats[0];")
    assert register.value.hint == "did you mean data?"


def test_missing_include_is_suggested() -> None:
    with pytest.raises(SemanticError) as caught:
        circuit_of_text("OPENQASM 3.0;\nqubit q;\nh q;", "a.qasm")
    assert "stdgates.inc" in caught.value.hint


@pytest.mark.parametrize(
    "line", ["OPENQASM 4.0;", "OPENQASM 1;", "OPENQASM ;", "OPENQASM 3.0\nqubit q;", "OPENQASM three;"]
)
def test_wrong_version(line: str) -> None:
    with pytest.raises(CircuitSyntaxError, match="version"):
        circuit_of_text("// comment\n" + line + "\nqubit q;", "a.qasm")


@pytest.mark.parametrize("text", ["hello world", "x q;", "<html></html>", "\x01\x02"])
def test_other_languages(text: str) -> None:
    with pytest.raises(CircuitSyntaxError, match="neither"):
        circuit_of_text(text, "a.qasm")


def test_detection() -> None:
    assert detect_language("// OPENQASM 3.0;\nOPENQASM 2.0;", "a") == Language.QASM2
    assert detect_language("OPENQASM 3;", "a") == Language.QASM3
    assert detect_language("qreg bit[2];", "a") == Language.QASM3
    assert detect_language("qreg input[2];", "a") == Language.QASM2
    assert detect_language(' {"cirq_type": "Circuit"}', "a") == Language.CIRQ_JSON


def test_language_may_be_forced() -> None:
    text = "qreg q[1]; U(1/2,0,0) q[0];"
    assert circuit_of_text(text, "a", Language.QASM2).params[0, 0] == 0.5
    with pytest.raises(SemanticError, match="division of integers"):
        circuit_of_text(text, "a", Language.QASM3)


def test_missing_file() -> None:
    with pytest.raises(InputError, match="no such file"):
        load_circuit("no/such/file.qasm")


_TOKENS = """
OPENQASM 3.0; 2.0 include "stdgates.inc" qubit qreg q [2] [ ] ; , ( ) { } if else for in gate measure -> = == x cx rx
pi / * ** ctrl @ inv pow let ++ bit c $0 " // /* */ @note pragma reset barrier 1 0.5 -1 ! && : π é
"""
_PIECES = st.sampled_from([*_TOKENS.split(), "\n", "\0"])


@given(st.lists(_PIECES, max_size=25).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Fuzzing with the language's own tokens: nothing but our errors ever comes out."""
    for start in (QASM2 + "qreg q[2]; creg c[2];", QASM3 + "qubit[2] q; bit[2] c;", ""):
        with suppress(InputError):
            circuit_of_text(start + text, "fuzz.qasm")
