"""plan.json as text: the same values, and no more lines for a longer circuit."""

import json

from dqplan.core.circuit import CircuitBuilder
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.program import Program
from dqplan.load.load_hardware import load_hardware
from dqplan.split.files import plan_text
from dqplan.split.plan_document import plan_document
from dqplan.split.split_circuit import split_circuit
from tests.arbitrary_plans import arbitrary_plan


def program_of(rounds: int) -> Program:
    builder = CircuitBuilder(name="ünicode")
    builder.add_qreg("q", 3)
    for _ in range(rounds):
        for qubit in range(3):
            builder.append(Op.H, [qubit])
            builder.append(Op.CP, [qubit, (qubit + 1) % 3], [0.3])
    return split_circuit(arbitrary_plan(segments_of(builder.build()), load_hardware("all:2x3"), 1))


def test_the_text_holds_the_document() -> None:
    program = program_of(2)
    text = plan_text(program, [], ["plan.json"])
    assert "ünicode" in text
    assert json.loads(text) == json.loads(json.dumps(plan_document(program, [], ["plan.json"])))


def test_columns_are_lines_however_long() -> None:
    short, long = (plan_text(program_of(rounds), [], []) for rounds in (2, 40))
    assert len(long) > 4 * len(short)
    assert long.count("\n") == short.count("\n")
