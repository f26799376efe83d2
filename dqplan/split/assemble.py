"""Rows on slots -> a circuit over named registers, which is the joint program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Register, Term
from dqplan.core.gates import MAX_PARAMS, MAX_QUBITS, Op
from dqplan.core.plan import Plan
from dqplan.core.program import ClbitRun, Program, QubitKind, Trace
from dqplan.split.protocols import SLOTS_PER_ROW, Script
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
    number = [start[module, side] + offset for module, side, offset in slots.positions]
    conditions = plan.segments.circuit.conditions
    received = tuple(Condition((Term((message + k,), 1),)) for k in range(script.num_messages))
    columns = _columns(script, np.array([*number, -1], dtype=np.int32), len(conditions), message)
    return Program(
        plan=plan,
        circuit=replace(builder.build(), **columns, conditions=conditions + received),
        module_of=np.array(module_of, dtype=np.int32),
        input_qubit=tuple(number[slot] for slot in inputs),
        output_qubit=tuple(number[slot] for slot in outputs),
        clbit_runs=runs,
        num_messages=script.num_messages,
        comments=script.comments,
        trace=Trace(
            event_row=np.array([*script.event_row, len(script.op)], dtype=np.int64),
            homes=np.array([(row, wire, number[slot]) for row, wire, slot in script.homes], dtype=np.int64),
            fetches=script.fetches,
        ),
    )


def _columns(script: Script, number: NDArray[np.int32], condition: int, clbit: int) -> dict[str, Any]:
    """The columns of the joint program.

    Args:
        script: what to write.
        number: of the qubit of each slot; -1 behind the last.
        condition: number of the condition that waits for the first message; those for the others follow.
        clbit: number of the first message's bit; the others follow.
    """
    op, message = np.array(script.op, dtype=np.uint8), np.array(script.message, dtype=np.int32)
    measured, qubits = op == Op.MEASURE, np.full((len(op), MAX_QUBITS), -1, dtype=np.int32)
    qubits[:, :SLOTS_PER_ROW] = number[np.array(script.slots, dtype=np.int32)].reshape(-1, SLOTS_PER_ROW)
    return {
        "op": op,
        "qubits": qubits,
        "params": np.array(script.params, dtype=np.float64).reshape(-1, MAX_PARAMS),
        "clbit": np.where((message >= 0) & measured, clbit + message, np.array(script.clbit, dtype=np.int32)),
        "condition": np.where(
            (message >= 0) & ~measured, condition + message, np.array(script.condition, dtype=np.int32)
        ),
        "line": np.array(script.line, dtype=np.int32),
    }


def _quantum_registers(
    builder: CircuitBuilder, plan: Plan, slots: Slots
) -> tuple[dict[tuple[int, Side], int], list[int]]:
    """Declare the registers of all modules in use; returns where each begins, and the module of each qubit."""
    start: dict[tuple[int, Side], int] = {}
    module_of: list[int] = []
    for index, module in enumerate(plan.hardware.modules):
        for side, kind in zip(Side, QubitKind, strict=True):
            size = slots.size(index, side)
            if size:
                start[index, side] = builder.add_qreg(f"{module.name}_{kind}", size).start
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
