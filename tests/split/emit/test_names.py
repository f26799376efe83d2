"""Names of circuits, registers and hardware are data: no comment, string or source can be broken by them."""

from __future__ import annotations

import ast
import json
from dataclasses import replace

import pytest
import stim

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.program import Program
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.load_hardware import load_hardware
from dqplan.split.dialects import Dialect
from dqplan.split.emit.emit_program import emit_program
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.verify_plan import verify_plan
from tests.arbitrary_plans import arbitrary_plan

HOSTILE = [
    "two\nlines",
    "\r\nimport os",
    'quote " and """ and \'\'\'',
    "*/ } ; x q[0];",
    "back\\slash\\",
    "ünicode \u2028 \u0085 \u202e snow ☃ \U0001f600",
    "tab\t and \x00 null \x1b[31m",
    "{title} {0} %s [tag] ]",
    " of x on y",
    "class",
]


def program_of(name: str) -> Program:
    builder = CircuitBuilder(name=name)
    builder.add_qreg(name, 3)
    builder.add_creg(name, 2)
    builder.add_creg("lambda", 1)
    builder.append(Op.H, [0])
    builder.append(Op.CX, [0, 1])
    builder.append(Op.MEASURE, [0], clbit=0)
    builder.append(Op.X, [2], condition=Condition((Term((0,), 1),)))
    builder.append(Op.MEASURE, [2], clbit=2)
    hardware = replace(load_hardware("all:3x1"), name=name)
    return split_circuit(arbitrary_plan(segments_of(builder.build()), hardware, 1))


def shape_of(text: str) -> list[str]:
    """What a Python source consists of, names and strings left out."""
    return [type(node).__name__ for node in ast.walk(ast.parse(text))]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("dialect", [Dialect.QISKIT, Dialect.CUDAQ, Dialect.NETQASM])
def test_python_sources_are_the_same_for_any_name(name: str, dialect: Dialect) -> None:
    harmless, hostile = (emit_program(program_of(each), dialect) for each in ("plain", name))
    assert hostile.keys() == harmless.keys()
    for part, text in hostile.items():
        assert shape_of(text) == shape_of(harmless[part])
        assert text.isascii()
        assert text.count("\n") == harmless[part].count("\n")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("dialect", [Dialect.QASM3, Dialect.QASM2, Dialect.STIM])
def test_texts_have_the_same_lines_for_any_name(name: str, dialect: Dialect) -> None:
    harmless, hostile = (emit_program(program_of(each), dialect) for each in ("plain", name))
    for part, text in hostile.items():
        assert text.isascii()
        assert len(text.splitlines()) == len(harmless[part].splitlines())
        if dialect is Dialect.STIM:
            assert len(stim.Circuit(text)) == len(stim.Circuit(harmless[part]))
        else:
            assert read(text).digest == read(harmless[part]).digest


def read(text: str) -> Circuit:
    return circuit_of_text(text, "program.qasm")


@pytest.mark.parametrize("name", HOSTILE)
def test_cirq_json_is_json_for_any_name(name: str) -> None:
    texts = emit_program(program_of(name), Dialect.CIRQ)
    assert all("cirq_type" in json.loads(text) for text in texts.values())


@pytest.mark.parametrize("name", HOSTILE)
def test_programs_with_any_name_are_put_together_again(name: str) -> None:
    program = program_of(name)
    verdict = verify_plan(program_files(program), program.plan.segments.circuit)
    checks = {check.name: check for check in verdict.checks}
    assert checks["module programs"].status == "proved", checks["module programs"].detail
