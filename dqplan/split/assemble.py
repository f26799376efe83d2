"""Rows on slots -> a circuit over named registers, which is the joint program."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Register, Term
from dqplan.core.gates import Op
from dqplan.core.plan import Plan
from dqplan.core.program import ClbitRun, Program
from dqplan.split.protocols import Row, Script
from dqplan.split.slots import Side, Slot, Slots

_RESERVED = frozenset(op.spelling for op in Op) | {
    *("bit", "bool", "box", "barrier", "const", "ctrl", "def", "else", "for", "gate", "if", "in", "include", "input"),
    *(
        "int",
        "inv",
        "let",
        "negctrl",
        "opaque",
        "output",
        "p",
        "pi",
        "pow",
        "qreg",
        "creg",
        "qubit",
        "return",
        "stretch",
    ),
    *(
        "tau",
        "u1",
        "u2",
        "u3",
        "uint",
        "while",
        "euler",
        "duration",
        "delay",
        "complex",
        "array",
        "angle",
        "float",
        "end",
    ),
}
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


def assemble(plan: Plan, script: Script, slots: Slots, inputs: Sequence[Slot], outputs: Sequence[Slot]) -> Program:
    """Give every slot in use a place in a register, and every message a bit."""
    builder = CircuitBuilder(name=plan.segments.circuit.name)
    start, module_of = _quantum_registers(builder, plan, slots)
    runs = _classical_registers(builder, plan.segments.circuit)
    message = _message_registers(builder, script.num_messages)
    number = {slot: start[slot.module, slot.side] + slot.place for slot in _mentioned(script.rows, inputs, outputs)}
    conditions = plan.segments.circuit.conditions
    for row in script.rows:
        builder.append(
            row.op,
            [number[slot] for slot in row.slots],
            row.params,
            clbit=message + row.message if row.op is Op.MEASURE and row.message >= 0 else row.clbit,
            condition=_condition(row, conditions, message),
            line=row.line,
        )
    return Program(
        plan=plan,
        circuit=builder.build(),
        module_of=np.array(module_of, dtype=np.int32),
        input_qubit=tuple(number[slot] for slot in inputs),
        output_qubit=tuple(number[slot] for slot in outputs),
        clbit_runs=runs,
        num_messages=script.num_messages,
        comments=script.comments,
    )


def _mentioned(rows: Iterable[Row], *more: Sequence[Slot]) -> set[Slot]:
    slots = {slot for row in rows for slot in row.slots}
    return slots.union(*more)


def _condition(row: Row, conditions: Sequence[Condition], message: int) -> Condition | None:
    if row.condition >= 0:
        return conditions[row.condition]
    if row.message >= 0 and row.op is not Op.MEASURE:
        return Condition((Term((message + row.message,), 1),))
    return None


def _quantum_registers(
    builder: CircuitBuilder, plan: Plan, slots: Slots
) -> tuple[dict[tuple[int, Side], int], list[int]]:
    """Declare the registers of all modules in use; returns where each begins, and the module of each qubit."""
    start: dict[tuple[int, Side], int] = {}
    module_of: list[int] = []
    for index, module in enumerate(plan.hardware.modules):
        for side, suffix in ((Side.DATA, "data"), (Side.COMM, "comm")):
            size = slots.size(index, side)
            if size:
                start[index, side] = builder.add_qreg(f"{module.name}_{suffix}", size).start
                module_of += [index] * size
    return start, module_of


def _classical_registers(builder: CircuitBuilder, circuit: Circuit) -> tuple[ClbitRun, ...]:
    """Declare the circuit's own bits again, in the same order, under names that every toolchain accepts."""
    taken = {register.name for register in builder.qregs}
    runs = []
    for register in circuit.cregs:
        split = register.size > 1 and _read_bit_by_bit(register, circuit.conditions)
        for offset, size in [(k, 1) for k in range(register.size)] if split else [(0, register.size)]:
            name = _free_name(f"{register.name}_{offset}" if split else register.name, taken)
            builder.add_creg(name, size)
            runs.append(ClbitRun(register.name, offset, name, size))
    return tuple(runs)


def _read_bit_by_bit(register: Register, conditions: Sequence[Condition]) -> bool:
    """Whether conditions read single bits of the register and never all of it.

    OpenQASM 2, and the part of OpenQASM 3 that all readers share, can only compare whole registers.
    """
    bits = range(register.start, register.start + register.size)
    reads = {term.clbits for condition in conditions for term in condition.terms if term.clbits[0] in bits}
    return bool(reads) and all(len(clbits) == 1 for clbits in reads)


def _message_registers(builder: CircuitBuilder, count: int) -> int:
    """Declare one one-bit register per message; returns the number of the first bit."""
    first = builder.num_clbits
    names = {register.name for register in (*builder.qregs, *builder.cregs)}
    prefix = "msg"
    while any(name.startswith(prefix) for name in names):
        prefix += "_"
    for k in range(count):
        builder.add_creg(f"{prefix}{k}", 1)
    return first


def _free_name(name: str, taken: set[str]) -> str:
    """A lower-case ASCII name close to the given one, not in use; it is added to `taken`."""
    name = name.lower()
    if not _PLAIN_NAME.fullmatch(name) or name in _RESERVED:
        name = "c_" + re.sub(r"[^a-z0-9_]", "_", name)
    while name in taken:
        name += "_"
    taken.add(name)
    return name
