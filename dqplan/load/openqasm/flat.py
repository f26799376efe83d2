"""The fast path: plain gate calls, measurements and resets on single qubits, straight from text to the call table.

It accepts nothing that the reference path would read differently (a test holds both side by side), and whatever it
does not recognise, errors included, it leaves to the reference path. Heads (`rz(pi/4)`) and tails (`q[0],q[1]`) are
understood once and remembered as numbers, because programs repeat them endlessly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from dqplan.core.circuit import Condition, Term
from dqplan.core.errors import InputError
from dqplan.core.gates import Op
from dqplan.load.openqasm.blocks import gate_block
from dqplan.load.openqasm.conditions import MAX_BITS, bare_term
from dqplan.load.openqasm.expressions import plain_value
from dqplan.load.openqasm.names import Gate, Wires
from dqplan.load.openqasm.program import Program
from dqplan.load.openqasm.reference import RESERVED, parse_statement

Operands = tuple[tuple[int, ...], int]
"""Qubits, and the classical bit of a measurement or -1."""

_OPERAND = re.compile(r"\s*+(\$?\w++)\s*+(?:\[\s*+([0-9]{1,9}+)\s*+\]\s*+)?+")
_ARROW = re.compile(r"([^-=]*)->([^-=]*)")
_ASSIGNED = re.compile(r"([^-=]*)=\s*measure\b([^-=]*)")
_PLAIN_CONDITION = re.compile(
    r"\s*+(?P<bits>\w++\s*+(?:\[\s*+[0-9]{1,9}+\s*+\])?+)\s*+(?:(?P<op>[=!]=)\s*+(?P<value>[0-9]{1,18}+)\s*+)?+"
)
_OLD_DECLARATION = re.compile(r"(?P<kind>[qc])reg\s+(?P<name>[^\W\d]\w*)\s*\[\s*(?P<size>[1-9][0-9]{0,6})\s*\]\s*;")
_DECLARATION = re.compile(r"(?P<kind>qu)?bit(?:\s*\[\s*(?P<size>[1-9][0-9]{0,6})\s*\]\s*|\s+)(?P<name>[^\W\d]\w*)\s*;")
_IF = re.compile(r"if\s*+\(([^(){};]*+)\)\s*+({\s*+)?+(\w++(?:\s*\([^;{}]*\))?+)\s*+([^;{}()]*+);\s*+(})?+")
_IF_HEAD = re.compile(r"if\s*+\(([^(){};]*+)\)")
_MEMORY = 200_000
"""Remembered heads before they are forgotten, so that a million different angles stay small."""


class _Head(NamedTuple):
    """A head that was understood: the number of its block, how to read its tails, and those read so far."""

    block: int
    read: Callable[[str], Operands | None]
    tails: dict[str, int]


class FlatReader:
    """Adds flat statements to a program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._heads: dict[str, _Head] = {}
        self._gate_tails: dict[int, tuple[Callable[[str], Operands | None], dict[str, int]]] = {}
        self._singles: dict[bool, dict[str, int]] = {True: {}, False: {}}
        self._conditions: dict[str, Condition] = {}

    def forget(self) -> None:
        """To be called when a gate's name changes its meaning."""
        self._heads.clear()

    def add(self, head: str, tail: str, line: int, condition: Condition | None = None) -> bool:
        """Append a flat statement; False if it takes the reference path."""
        found = self._heads.get(head)
        if found is None:
            if "=" in tail:
                return self._add_assignment(head + tail, line, condition)
            if head.startswith("if") and (test := _IF_HEAD.fullmatch(head)):
                return condition is None and self._add_if(test[1], tail, line)
            found = self._new_head(head)
            if found is None:
                return False
        wires = found.tails.get(tail)
        if wires is None:
            operands = found.read(tail)
            if operands is None:
                return False
            wires = found.tails[tail] = self._program.wires_number(*operands)
        self._program.calls.add(found.block, wires, line, condition)
        return True

    def _add_assignment(self, text: str, line: int, condition: Condition | None) -> bool:
        """Append `bit = measure qubit`; such statements are seldom seen twice, so that nothing is remembered."""
        operands = self._measured(_ASSIGNED.fullmatch(text), 2, 1)
        if operands is None:
            return False
        self._program.calls.add(self._simple_block(Op.MEASURE), self._program.wires_number(*operands), line, condition)
        return True

    def _add_if(self, test: str, tail: str, line: int) -> bool:
        """Append `if (test) name operands` where the test is of the plainest form."""
        condition = self._known_condition(test)
        name, _, operands = tail.partition(" ")
        return condition is not None and self.add(name, operands, line, condition)

    def add_barrier(self, tail: str) -> bool:
        """Whether all operands of a barrier are known qubits; a barrier leaves no trace."""
        return all(self._operand(part, quantum=True) is not None for part in tail.split(","))

    def add_conditional(self, text: str, line: int, read: Callable[[str], Condition | None]) -> bool:
        """Append an `if` around one flat statement; `read` translates a condition that is new."""
        match = _IF.fullmatch(text)
        if match is None or bool(match[2]) != bool(match[5]):
            return False
        condition = self._known_condition(match[1])
        if condition is None:
            condition = read(match[1])
            if condition is None:
                return False
            self._conditions[match[1]] = condition = self._program.calls.lean(condition)
        return self.add(match[3], match[4], line, condition)

    def _known_condition(self, text: str) -> Condition | None:
        """A condition that was read before or that is of the plainest form."""
        found = self._conditions.get(text)
        if found is None:
            found = self._plain_condition(text)
            if len(self._conditions) > _MEMORY:
                self._conditions.clear()
            if found is not None:
                found = self._conditions[text] = self._program.calls.lean(found)
        return found

    def declare(self, text: str) -> bool:
        """Declare a register or a single bit whose size is a plain number."""
        scope = self._program.scope
        match = _OLD_DECLARATION.fullmatch(text)
        if match is None and scope.version == 3:
            match = _DECLARATION.fullmatch(text)
        if match is None or match["name"] in RESERVED or match["name"] in scope.names:
            return False
        size = int(match["size"]) if match["size"] else None
        if match["kind"] in ("q", "qu"):
            self._program.declare_qubits(match["name"], size)
        else:
            self._program.declare_bits(match["name"], size)
        return True

    def _plain_condition(self, text: str) -> Condition | None:
        match = _PLAIN_CONDITION.fullmatch(text)
        bits = self._operand(match["bits"], quantum=False) if match else None
        if match is None or bits is None or len(bits.indices) > MAX_BITS:
            return None
        if match["op"] is None:
            return Condition((bare_term(bits),))
        return Condition((Term(tuple(bits.indices), int(match["value"]), match["op"] == "=="),))

    def _new_head(self, head: str) -> _Head | None:
        if len(self._heads) > _MEMORY:
            self._heads.clear()
        found = self._read_head(head)
        if found is not None:
            self._heads[head] = found
        return found

    def _read_head(self, head: str) -> _Head | None:
        name, _, arguments = head.partition("(")
        if name == "measure":
            return _Head(self._simple_block(Op.MEASURE), lambda tail: self._measured(_ARROW.fullmatch(tail), 1, 2), {})
        if name == "reset":
            return _Head(self._simple_block(Op.RESET), *self._operands(1))
        meaning = self._program.scope.find(name.rstrip())
        if isinstance(meaning, Gate):
            return self._gate_head(meaning, head, arguments[:-1])
        return None

    def _gate_head(self, gate: Gate, head: str, arguments: str) -> _Head | None:
        angles = self._angles(arguments)
        if angles is None:
            angles = self._evaluated(head)
        if gate.opaque or angles is None or len(angles) != gate.num_params:
            return None
        if gate.op is None:
            block = self._program.block_number((gate, angles), lambda: gate.expand(angles))
        else:  # the only case that a large program meets at every statement
            block = self._program.calls.add_gate(gate.op, angles)
        return _Head(block, *self._operands(gate.num_qubits))

    def _angles(self, arguments: str) -> tuple[float, ...] | None:
        if not arguments or arguments.isspace():
            return ()
        real_division = self._program.scope.version == 2
        angles = []
        for part in arguments.split(","):
            value = plain_value(part, real_division=real_division)
            if value is None:
                return None
            angles.append(value)
        return tuple(angles)

    def _evaluated(self, head: str) -> tuple[float, ...] | None:
        """The angles of a head that takes the full grammar, which is slow, but happens once for each head."""
        scope = self._program.scope
        try:
            node = parse_statement(f"{head} q;", scope.place, scope.version)
            return tuple([scope.angle(argument) for argument in node.arguments])
        except (InputError, RecursionError):
            return None  # the reference path says what is wrong, and where

    def _simple_block(self, op: Op) -> int:
        return self._program.block_number((op,), lambda: gate_block(op))

    def _operands(self, num_qubits: int) -> tuple[Callable[[str], Operands | None], dict[str, int]]:
        """How to read the operands of gates on so many qubits, and those read so far."""
        found = self._gate_tails.get(num_qubits)
        if found is None:
            found = self._gate_tails[num_qubits] = (partial(self._acted_on, num_qubits), {})
        return found

    def _acted_on(self, num_qubits: int, tail: str) -> Operands | None:
        found = []
        for part in tail.split(","):
            qubit = self._single(part, quantum=True)
            if qubit is None or qubit in found:
                return None
            found.append(qubit)
        return (tuple(found), -1) if len(found) == num_qubits else None

    def _measured(self, match: re.Match[str] | None, qubit_group: int, bit_group: int) -> Operands | None:
        if match is None:
            return None
        qubit, bit = self._single(match[qubit_group], quantum=True), self._single(match[bit_group], quantum=False)
        return None if qubit is None or bit is None else ((qubit,), bit)

    def _single(self, text: str, *, quantum: bool) -> int | None:
        known = self._singles[quantum]
        index = known.get(text)
        if index is None:
            wires = self._operand(text, quantum=quantum)
            if wires is None or not wires.single:
                return None
            index = known[text] = wires.indices[0]
        return index

    def _operand(self, text: str, *, quantum: bool) -> Wires | None:
        match = _OPERAND.fullmatch(text)
        wires = self._program.scope.find(match[1]) if match else None
        if match is None or not isinstance(wires, Wires) or wires.quantum != quantum:
            return None
        if match[2] is None:
            return wires
        index = int(match[2])
        in_range = not wires.single and index < len(wires.indices)
        return Wires((wires.indices[index],), quantum, single=True) if in_range else None
