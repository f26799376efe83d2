"""Program -> OpenQASM texts, joint and per module; what OpenQASM has no words for stands in `// dqplan:` comments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dqplan.core.gates import Op
from dqplan.core.program import Program
from dqplan.split.dialects import Dialect
from dqplan.split.modules import Traffic
from dqplan.split.writer import Writer


def program_texts(program: Program, dialect: Dialect = Dialect.QASM3) -> dict[str, str]:
    """All texts of a program: "joint", the whole of it, and the part of each module in use, by the module's name.

    The grammar of what stands in comments of a module's text is that of `load.module_program`.

    Raises:
        UnsupportedError: the dialect has no way to write a condition.
    """
    writer = Writer(program.circuit, dialect)
    statements = [writer.statement(operation) for operation in program.circuit]
    for row, remark in program.comments.items():
        statements[row] = f"// {remark}\n{statements[row]}"
    return {"joint": _joint_text(program, writer, statements), **_module_texts(program, writer, statements)}


def _joint_text(program: Program, writer: Writer, statements: Sequence[str]) -> str:
    circuit = program.circuit
    title = f"// dqplan: joint program of {circuit.name!a} on {program.plan.hardware.name!a}\n"
    return "".join([title, *writer.declarations(circuit.qregs, circuit.cregs, circuit.counts), *statements])


def _module_texts(program: Program, writer: Writer, statements: Sequence[str]) -> dict[str, str]:
    circuit, traffic = program.circuit, Traffic(program)
    lines, texts = _module_lines(program, traffic, writer, statements), {}
    for module, name, rows in traffic.parts():
        title = f"// dqplan: module {name} of {circuit.name!a} on {program.plan.hardware.name!a}\n"
        qregs = [register for register in circuit.qregs if program.module_of[register.start] == module]
        cregs = [circuit.cregs[number] for number in traffic.registers(rows)]
        ops = {Op(code) for code in np.unique(circuit.op[rows]).tolist()} - {Op.EPR}
        texts[name] = "".join([title, *writer.declarations(qregs, cregs, ops), *[lines[row] for row in rows.tolist()]])
    return texts


def _module_lines(program: Program, traffic: Traffic, writer: Writer, statements: Sequence[str]) -> list[str]:
    """What the modules' texts say for each row."""
    lines, qubits, clbits = list(statements), writer.qubit_names, writer.clbit_names
    for row, number in traffic.ebits.items():
        a, b = program.circuit.qubits[row, :2].tolist()
        remark = f"// {program.comments[row]}\n" if row in program.comments else ""
        lines[row] = f"{remark}// dqplan: ebit {number} {qubits[a]} -- {qubits[b]}\n"
    for row, exchanges in traffic.received.items():
        for clbit, origin in reversed(exchanges):
            lines[row] = f"// dqplan: receive {clbits[clbit]} from {traffic.names[origin]}\n{lines[row]}"
    for row, exchanges in traffic.sent.items():
        for clbit, target in exchanges:
            lines[row] += f"// dqplan: send {clbits[clbit]} to {traffic.names[target]}\n"
    return lines
