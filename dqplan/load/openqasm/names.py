"""What names stand for in OpenQASM: qubits, bits, numbers and gates, in nested scopes; and indexing of registers."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dqplan.core.errors import Place, SemanticError, UnsupportedError
from dqplan.core.gates import Op
from dqplan.load.openqasm.blocks import Block
from dqplan.load.openqasm.effort import Effort
from dqplan.load.openqasm.expressions import Evaluator, ExpressionError, Number
from dqplan.load.openqasm.reference import Node, moved, plain_name

MAX_WIRES = 1_000_000
"""Qubits, and likewise bits, that a program may declare, join or give other names."""


@dataclass(frozen=True)
class Wires:
    """Qubits or classical bits that a name or an indexed name refers to.

    Attributes:
        indices: numbers within the circuit.
        quantum: qubits rather than bits.
        single: one qubit or bit rather than a register (of any size); matters for broadcasting and comparisons.
    """

    indices: Sequence[int]
    quantum: bool
    single: bool

    @property
    def kind(self) -> str:
        """For messages."""
        return ("qubit" if self.quantum else "bit") + ("" if self.single else " register")


@dataclass(frozen=True, eq=False)
class Gate:
    """A gate that can be called; `expand` writes it with the operations of `gates.Op` for given angles.

    `op` is the operation if, up to its phase, the gate is nothing else, with the same operands and angles. An `opaque`
    gate has no body and cannot be called.
    """

    name: str
    num_params: int
    num_qubits: int
    expand: Callable[[tuple[float, ...]], Block]
    op: Op | None = None
    opaque: bool = False


Meaning = Wires | Gate | int | float | bool
_KINDS = {Wires: "a register", Gate: "a gate", int: "a constant", float: "a constant", bool: "a constant"}


@dataclass
class Scope:
    """Names that are visible in a piece of text, and where that text begins.

    Attributes:
        place: of the statement that is being read.
        version: 2 or 3; decides how integers are divided.
        names: declared here.
        outer: the enclosing scope.
        built_in: names that the user may redeclare: standard libraries.
        effort: what was spent on the program.
    """

    place: Place
    version: int
    names: dict[str, Meaning] = field(default_factory=dict)
    outer: Scope | None = None
    built_in: dict[str, Gate] = field(default_factory=dict)
    effort: Effort = field(default_factory=Effort)

    def inner(self) -> Scope:
        """A new scope inside this one."""
        return Scope(self.place, self.version, outer=self, built_in=self.built_in, effort=self.effort)

    def find(self, name: str) -> Meaning | None:
        """What a name means here, or None."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return self.built_in.get(name)

    def declare(self, name: str, meaning: Meaning, node: Node = None) -> None:
        """Raises SemanticError if the name is already declared in this scope."""
        name = plain_name(name)
        if name in self.names:
            kind = _KINDS[type(self.names[name])]
            raise self.error(f"{name!r} is already declared as {kind}", node, hint="use another name")
        self.names[name] = meaning

    def error(self, message: str, node: Node = None, hint: str = "") -> SemanticError:
        """A SemanticError at a node of the current statement."""
        return SemanticError(message, place=self.at(node), hint=hint)

    def unsupported(self, message: str, node: Node = None, hint: str = "") -> UnsupportedError:
        """An UnsupportedError at a node of the current statement; the message names the construct."""
        return UnsupportedError(f"not supported: {message}", place=self.at(node), hint=hint)

    def at(self, node: Node) -> Place:
        """Where a node of the current statement stands."""
        span = getattr(node, "span", None)
        return moved(self.place, span.start_line, span.start_column) if span else self.place

    def gate(self, node: Node) -> Gate:
        """The gate that an identifier names."""
        name = plain_name(node.name)
        meaning = self.find(name)
        if isinstance(meaning, Gate):
            return meaning
        if meaning is not None:
            raise self.error(f"{name!r} is {_KINDS[type(meaning)]}, not a gate", node)
        raise self.error(f"unknown gate {name!r}", node, hint=self._close_names(name, Gate) or self._library_hint())

    def wires(self, node: Node) -> Wires:
        """The qubits or bits that an operand names: an identifier, indexed or not, or a concatenation."""
        kind = type(node).__name__
        if kind == "Identifier":
            return self._named_wires(node)
        if kind == "IndexedIdentifier":
            wires = self._named_wires(node.name)
            for index in node.indices:
                wires = self._indexed(wires, index, node)
            return wires
        if kind == "IndexExpression":
            return self._indexed(self.wires(node.collection), node.index, node)
        if kind == "Concatenation":
            left, right = self.wires(node.lhs), self.wires(node.rhs)
            if len(left.indices) + len(right.indices) > MAX_WIRES:
                raise self.unsupported(f"more than {MAX_WIRES:,} qubits or bits joined", node)
            if left.quantum != right.quantum:
                raise self.error(f"cannot join a {left.kind} and a {right.kind}", node)
            return Wires((*left.indices, *right.indices), left.quantum, single=False)
        raise self.error("an operand must be a qubit or a register", node)

    def qubits(self, node: Node) -> Wires:
        """Like `wires`, but only qubits are allowed."""
        wires = self.wires(node)
        if not wires.quantum:
            raise self.error(f"a {wires.kind} is given where qubits are wanted", node)
        return wires

    def bits(self, node: Node) -> Wires:
        """Like `wires`, but only classical bits are allowed."""
        wires = self.wires(node)
        if wires.quantum:
            raise self.error(f"a {wires.kind} is given where classical bits are wanted", node)
        return wires

    def number(self, node: Node, what: str = "value") -> Number:
        """The value of a constant expression."""
        return self._value(node, what, exact=False)

    def angle(self, node: Node) -> float:
        """The value of a parameter, in radians; see `Evaluator` on divisions of integers."""
        try:
            return float(self._value(node, "parameter", exact=True))
        except OverflowError:
            raise self.error("parameter: the value is too large", node) from None

    def integer(self, node: Node, what: str) -> int:
        """The value of a constant expression that must be whole."""
        value = self.number(node, what)
        if value != int(value):
            raise self.error(f"the {what} must be an integer, found {value:g}", node)
        return int(value)

    def _value(self, node: Node, what: str, *, exact: bool) -> Number:
        evaluator = Evaluator(self._constant, real_division=self.version == 2, exact_division=exact)
        try:
            return evaluator.value(node)
        except ExpressionError as error:
            raise self.error(f"{what}: {error}", error.node or node, error.hint) from None

    def _constant(self, node: Node) -> Number:
        name = plain_name(node.name)
        meaning = self.find(name)
        if isinstance(meaning, int | float):
            return meaning
        if meaning is None:
            raise ExpressionError(f"unknown name {name!r}", node, self._close_names(name, int, float, bool))
        raise ExpressionError(f"{name!r} is {_KINDS[type(meaning)]}, not a constant number", node)

    def _named_wires(self, node: Node) -> Wires:
        name = plain_name(node.name)
        meaning = self.find(name)
        if isinstance(meaning, Wires):
            return meaning
        if meaning is None:
            example = f"qreg {name}[2];" if self.version == 2 else f"qubit[2] {name};"
            hint = self._close_names(name, Wires) or f"declare it first, for example: {example}"
            raise self.error(f"unknown register {name!r}", node, hint)
        raise self.error(f"{name!r} is {_KINDS[type(meaning)]}, not a register", node)

    def _indexed(self, wires: Wires, index: Node, node: Node) -> Wires:
        if wires.single:
            raise self.error(f"a single {wires.kind} cannot be indexed", node)
        if type(index).__name__ == "DiscreteSet":
            chosen = [self._position(wires, item) for item in index.values]
            return Wires([wires.indices[i] for i in chosen], wires.quantum, single=False)
        if len(index) != 1:
            raise self.error("registers have one dimension, found two or more indices", node)
        if type(index[0]).__name__ == "RangeDefinition":
            chosen = [self._position(wires, index[0], value) for value in self._range(wires, index[0])]
            return Wires([wires.indices[i] for i in chosen], wires.quantum, single=False)
        return Wires((wires.indices[self._position(wires, index[0])],), wires.quantum, single=True)

    def _range(self, wires: Wires, node: Node) -> range:
        size = len(wires.indices)
        step = self.integer(node.step, "step") if node.step else 1
        first, last = (0, size - 1) if step > 0 else (size - 1, 0)
        first = self._position(wires, node.start) if node.start else first
        last = self._position(wires, node.end) if node.end else last
        return self.steps(first, step, last, node)

    def steps(self, first: int, step: int, last: int, node: Node) -> range:
        """The inclusive range first:step:last."""
        if step == 0:
            raise self.error("the step of a range must not be 0", node)
        return range(first, last + (1 if step > 0 else -1), step)

    def _position(self, wires: Wires, node: Node, value: int | None = None) -> int:
        index = self.integer(node, "index") if value is None else value
        size = len(wires.indices)
        lowest = 0 if self.version == 2 else -size
        if not lowest <= index < size:
            allowed = f"{lowest} to {size - 1}" if size > 1 else "0"
            raise self.error(f"index {index} is out of range, allowed: {allowed}", node)
        return index % size

    def _close_names(self, name: str, *kinds: type) -> str:
        known: list[str] = []
        scope: Scope | None = self
        while scope is not None:
            known += [other for other, meaning in scope.names.items() if isinstance(meaning, kinds)]
            scope = scope.outer
        if Gate in kinds:
            known += self.built_in
        close = difflib.get_close_matches(name, known, n=3)
        return f"did you mean {' or '.join(close)}?" if close else ""

    def _library_hint(self) -> str:
        if "x" in self.built_in:  # of every library
            return "define it with gate …, above its first call"
        library = "qelib1.inc" if self.version == 2 else "stdgates.inc"
        return f'define it with gate …, or add include "{library}"; at the top'
