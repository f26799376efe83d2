"""Program -> OpenQASM texts, joint and per module; what OpenQASM has no words for stands in `// dqplan:` comments."""

from __future__ import annotations

from collections.abc import Sequence

from dqplan.core.program import Program
from dqplan.split.modules import module_texts
from dqplan.split.writer import Dialect, Writer


def program_texts(program: Program, dialect: Dialect = Dialect.QASM3) -> dict[str, str]:
    """All texts of a program: "joint", the whole of it, and the part of each module in use, by the module's name.

    What other modules take part in stands in comments of a module's text: `// dqplan: ebit N a -- b` where e-bit N is
    generated, `// dqplan: send BIT to MODULE` behind a measurement whose outcome others need, and `// dqplan: receive
    BIT from MODULE` before the first use of an outcome from elsewhere.

    Raises:
        UnsupportedError: the dialect has no way to write a condition.
    """
    writer = Writer(program.circuit, dialect)
    statements = [writer.statement(operation) for operation in program.circuit]
    return {"joint": _joint_text(program, writer, statements), **module_texts(program, writer, statements)}


def _joint_text(program: Program, writer: Writer, statements: Sequence[str]) -> str:
    circuit = program.circuit
    lines = [f"// dqplan: joint program of {circuit.name!a} on {program.plan.hardware.name!a}\n"]
    lines += writer.declarations(circuit.qregs, circuit.cregs, circuit.counts)
    begin = 0
    for row in sorted(program.comments):
        lines += statements[begin:row]
        lines.append(f"// {program.comments[row]}\n")
        begin = row
    return "".join([*lines, *statements[begin:]])
