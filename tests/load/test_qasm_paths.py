"""The fast path and the reference path read the same text alike, to the last bit of every angle."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.errors import InputError
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.openqasm.expressions import plain_value
from dqplan.load.openqasm.flat import FlatReader
from dqplan.load.openqasm.library import QELIB1
from tests.load.qasm_cases import QASM2, QASM3

_NUMBERS = st.one_of(
    st.integers(0, 99).map(str),
    st.floats(0, 1e6, allow_nan=False).map(repr),
    st.sampled_from(["pi", "0", "0.0", "1e3", ".5", "2.", "1E-2", "007"]),
)
_SUMS = st.lists(st.tuples(st.sampled_from(["+", "-", "*", "/", " * ", " / "]), _NUMBERS), max_size=4).flatmap(
    lambda rest: st.tuples(st.sampled_from(["", "-", "- "]), _NUMBERS).map(
        lambda first: first[0] + first[1] + "".join(op + number for op, number in rest)
    )
)
_ANGLES = st.one_of(_SUMS, st.sampled_from(["sin(0.3)", "(1+2)*pi", "-(pi)", "sqrt(2)/2", "cos(pi/3)**2"]))
_QUBITS = st.sampled_from(["a[0]", "a[1]", "b[0]", "b [ 1 ]", "b[2]", "s", "a", "b", "e", "e[1]"])
_BITS = st.sampled_from(["c[0]", "c[1]", "d", "e"])
_DECLARED = (
    "bit e; | bit[3] e; | bit [ 2 ]e; | creg e[2]; | qubit e; | qubit[2] e; | qreg e [2]; | bit c; | bit if;"
    " | bit[0] e; | qreg e; | qubit 3e; | bit[99999999] e;"
)
_DECLARATIONS = st.sampled_from(_DECLARED.split(" | "))
_CONDITIONS = st.sampled_from(["c == 1", "c==0", "c[0] == 1", "d != 1", "!d", "c[1]", "d && !c[0]"])


@st.composite
def _flat(draw: st.DrawFn) -> str:
    kind = draw(st.integers(0, 10))
    if kind == 10:
        return draw(_DECLARATIONS)
    if kind == 0:
        return f"{draw(_BITS)} = measure {draw(_QUBITS)};"
    if kind == 1:
        return f"measure {draw(_QUBITS)}->{draw(_BITS)};"
    if kind == 2:
        return f"reset {draw(_QUBITS)};"
    if kind == 3:
        return f"barrier {draw(_QUBITS)}, {draw(_QUBITS)};"
    gate = QELIB1[draw(st.sampled_from(sorted(QELIB1)))]
    angles = ",".join(draw(_ANGLES) for _ in range(gate.num_params))
    operands = " , ".join(draw(_QUBITS) for _ in range(gate.num_qubits))
    return f"{gate.name}{f'({angles})' if angles else ''} {operands};"


@st.composite
def _statement(draw: st.DrawFn) -> str:
    flat = draw(_flat())
    form = draw(st.integers(0, 5))
    condition = draw(_CONDITIONS)
    return {0: f"if ({condition}) {flat}", 1: f"if({condition}){{ {flat} }}"}.get(form, flat)


def _outcome(text: str) -> Circuit | str:
    try:
        return circuit_of_text(text, "test.qasm")
    except InputError as error:
        return str(error)


def _reference_outcome(text: str) -> Circuit | str:
    """With the fast path switched off."""
    methods = dict.fromkeys(["add", "add_barrier", "add_conditional", "declare"], lambda *_: False)
    with patch.multiple(FlatReader, **methods):
        return _outcome(text)


def _assert_same(text: str) -> None:
    fast, slow = _outcome(text), _reference_outcome(text)
    if isinstance(fast, str) or isinstance(slow, str):
        assert fast == slow
        return
    assert fast.digest == slow.digest
    assert np.array_equal(fast.line, slow.line)


@given(st.lists(_statement(), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_both_paths_agree_on_qasm3(statements: list[str]) -> None:
    declarations = 'include "qelib1.inc"; qubit[2] a; qubit[3] b; qubit s; bit[2] c; bit d;\n'
    _assert_same(QASM3 + declarations + "\n".join(statements))


@given(st.lists(_flat(), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_both_paths_agree_on_qasm2(statements: list[str]) -> None:
    declarations = "qreg a[2]; qreg b[3]; qreg s[1]; creg c[2]; creg d[1];\n"
    _assert_same(QASM2 + declarations + "\n".join(statements))


@given(_SUMS)
@example("1/3*3")
@example("-0")
@example("0-0.1-0.2")
@settings(max_examples=150, deadline=None)
def test_plain_values_equal_pythons(text: str) -> None:
    """Python's grammar agrees with OpenQASM's on sums of products, except for leading zeros."""
    value = plain_value(text, real_division=True)
    if value is None or "007" in text:
        return
    assert value == eval(text, {"pi": np.pi})


@pytest.mark.parametrize(
    "text", ["", "1/0", "1e999", "nan", "inf", "1 2", "2pi", "--1", "+1", "1..2", "١", "pi pi", "1e", "0x1", "a"]
)
def test_doubtful_values_are_left_to_the_reference_path(text: str) -> None:
    assert plain_value(text, real_division=True) is None


def test_division_of_integers_is_left_to_the_reference_path_in_qasm3() -> None:
    assert plain_value("1/2", real_division=True) == 0.5
    assert plain_value("1/2", real_division=False) is None
    assert plain_value("1/2.0", real_division=False) == 0.5


def test_names_that_change_their_meaning() -> None:
    """A head that was remembered must be forgotten when a gate takes its name."""
    text = QASM3 + "qubit q; h q; h q; gate h a { x a; } h q; gate z a { y a; } z q;"
    _assert_same(text)
    circuit = circuit_of_text(text, "a.qasm")
    assert [row.op.spelling for row in circuit] == ["h", "h", "x", "y"]
