"""Executing parsed statements: declarations, calls, measurements and branches, into a table of calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from dqplan.core.circuit import Circuit, Condition, Register
from dqplan.core.errors import Place
from dqplan.core.gates import Op
from dqplan.load.qasm_blocks import Block, gate_block
from dqplan.load.qasm_calls import MAX_OPERATIONS, CallTable, TooManyOperationsError
from dqplan.load.qasm_conditions import Truth, conjunction, negation, truth_of
from dqplan.load.qasm_gates import GPHASE, check_operands, define_gate, gate_call
from dqplan.load.qasm_library import LIBRARIES, built_in_gates
from dqplan.load.qasm_names import Gate, Meaning, Scope, Wires
from dqplan.load.qasm_reference import Node, plain_name

MAX_WIRES = 10_000_000
"""Qubits, and likewise bits, that a program may declare."""
MAX_ITERATIONS = 1_000_000
"""Passes through the bodies of all `for` loops together."""

_NUMBER_TYPES = {"IntType": "whole", "UintType": "whole", "FloatType": "real", "AngleType": "real", "BoolType": "truth"}
_UNSUPPORTED: dict[str, tuple[str, str]] = {
    "Box": ("box (timing)", "remove the box"),
    "BreakStatement": ("break", "write the loop out"),
    "CalibrationDefinition": ("defcal (pulses)", "remove it"),
    "CalibrationGrammarDeclaration": ("defcalgrammar (pulses)", "remove it"),
    "CalibrationStatement": ("cal (pulses)", "remove it"),
    "ClassicalAssignment": ("assignment to classical variables", "only measurements may change classical bits"),
    "ContinueStatement": ("continue", "write the loop out"),
    "DelayInstruction": ("delay (timing)", "remove it"),
    "EndStatement": ("end", "remove what follows it"),
    "ExpressionStatement": ("an expression as a statement", "remove it"),
    "ExternDeclaration": ("extern", "remove it"),
    "IODeclaration": ("input or output", "write const … = value; instead"),
    "ReturnStatement": ("return", "remove it"),
    "SubroutineDefinition": ("def", "write it as a gate, or write its statements out"),
    "SwitchStatement": ("switch", "write it with if"),
    "WhileLoop": ("while", "write it as a for loop with a constant range"),
}


@dataclass
class _Branch:
    """An `if` that is being executed, and the first of its bits that a measurement inside it has overwritten."""

    truth: tuple[tuple[int, ...], ...]
    overwritten: int = -1

    def reads(self, clbit: int) -> bool:
        return any(clbit in clbits for clbits in self.truth)


@dataclass
class Program:
    """State of reading one program.

    Attributes:
        scope: the innermost one; its place is that of the current statement.
        calls: everything the program does.
    """

    scope: Scope
    calls: CallTable = field(default_factory=CallTable)
    qregs: list[Register] = field(default_factory=list)
    cregs: list[Register] = field(default_factory=list)
    condition: Condition | None = None
    physical: bool = False
    _branches: list[_Branch] = field(default_factory=list)
    _iterations: int = 0
    _line: int = 0
    _block_numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    _wires_numbers: dict[tuple[int, ...], int] = field(default_factory=dict)

    @classmethod
    def empty(cls, source: str, version: int) -> Program:
        """A program before its first statement."""
        scope = Scope(Place(source, 1), version, built_in=built_in_gates(version))
        return cls(scope)

    def build(self, name: str) -> Circuit:
        """The circuit read so far."""
        return self.calls.build(name, self.qregs, self.cregs)

    def execute(self, node: Node) -> None:
        """Execute one statement.

        Raises:
            SemanticError, UnsupportedError: with the statement's place.
        """
        kind = type(node).__name__
        handler = _HANDLERS.get(kind)
        if handler is None:
            construct, hint = _UNSUPPORTED.get(kind, (f"a statement of the kind {kind}", "remove it"))
            raise self.scope.unsupported(construct, node, hint)
        self._line = self.scope.at(node).line
        handler(self, node)

    def use_physical_qubits(self, count: int) -> None:
        """Declare $0 … $(count - 1), the qubits of a program that was compiled for a device."""
        wires = self.declare_qubits("$", count)
        self.scope.names.update({f"${i}": Wires((i,), quantum=True, single=True) for i in wires.indices})
        self.physical = True

    def declare_qubits(self, name: str, size: int | None, node: Node = None) -> Wires:
        """A qubit register, or a single qubit if the size is None."""
        if self.physical:
            hint = "use either declared qubits or physical ones ($0, $1, …)"
            raise self.scope.unsupported("declared qubits beside physical ones", node, hint)
        return self._declare(self.qregs, name, size, node, quantum=True)

    def declare_bits(self, name: str, size: int | None, node: Node = None) -> Wires:
        """A classical register, or a single bit if the size is None."""
        return self._declare(self.cregs, name, size, node, quantum=False)

    def include(self, name: str, node: Node = None) -> None:
        """Make a standard library's gates known; nothing is read from disk."""
        library = LIBRARIES.get(name)
        if library is None:
            known = " and ".join(LIBRARIES)
            hint = f"built in are {known}; paste other files in place of the include"
            raise self.scope.unsupported(f"the include of {name!r}, which is not a standard library", node, hint)
        self.scope.built_in.update(library)

    def call(self, block: int, qubits: tuple[int, ...], clbit: int = -1) -> None:
        """Append one call, under the conditions of the branches that are open."""
        for branch in self._branches:
            if branch.overwritten >= 0:
                bit = self.bit_name(branch.overwritten)
                hint = "measure into another bit, or move the measurement to the end of the block"
                raise self.scope.unsupported(
                    f"a block that measures into a bit of its own condition ({bit}) and goes on after it", hint=hint
                )
            if clbit >= 0 and branch.reads(clbit):
                branch.overwritten = clbit
        try:
            self.calls.add(block, self.wires_number(qubits, clbit), self._line, self.condition)
        except TooManyOperationsError:
            raise self.scope.unsupported(f"a program of more than {MAX_OPERATIONS} operations") from None

    def block_number(self, key: tuple[object, ...], block: Callable[[], Block]) -> int:
        """The number of a block in the call table; built only for a new key."""
        number = self._block_numbers.get(key)
        if number is None:
            number = self._block_numbers[key] = self.calls.add_block(block())
        return number

    def bit_name(self, clbit: int) -> str:
        """A classical bit as the user wrote it."""
        return _wire_name(clbit, self.cregs)

    def qubit_name(self, qubit: int) -> str:
        """A qubit as the user wrote it."""
        return _wire_name(qubit, self.qregs)

    def declare_gate(self, name: str, gate: Gate, node: Node = None) -> None:
        """Add a gate, in place of one from a library if it has the same name."""
        self.scope.declare(name, gate, node)

    def _declare(self, registers: list[Register], name: str, size: int | None, node: Node, *, quantum: bool) -> Wires:
        count = 1 if size is None else size
        if count < 1:
            raise self.scope.error(f"a register's size must be positive, found {count}", node)
        start = registers[-1].start + registers[-1].size if registers else 0
        if start + count > MAX_WIRES:
            raise self.scope.unsupported(f"more than {MAX_WIRES} {'qubits' if quantum else 'bits'}", node)
        wires = Wires(range(start, start + count), quantum, single=size is None)
        self.scope.declare(name, wires, node)
        registers.append(Register(plain_name(name), start, count))
        return wires

    def wires_number(self, qubits: tuple[int, ...], clbit: int) -> int:
        """The number of operands in the call table; equal operands have equal numbers."""
        key = (*qubits, -1 - clbit)
        number = self._wires_numbers.get(key)
        if number is None:
            number = self._wires_numbers[key] = self.calls.add_wires(qubits, clbit)
        return number

    # one method per kind of statement

    def _size(self, node: Node) -> int | None:
        return None if node is None else self.scope.integer(node, "size")

    def _qubit_declaration(self, node: Node) -> None:
        self.declare_qubits(node.qubit.name, self._size(node.size), node.qubit)

    def _classical_declaration(self, node: Node) -> None:
        kind = type(node.type).__name__
        if kind == "BitType":
            self._bit_declaration(node)
        elif kind not in _NUMBER_TYPES:
            raise self.scope.unsupported(f"a variable of the type {_type_name(kind)}", node)
        elif node.init_expression is None or type(node.init_expression).__name__ == "QuantumMeasurement":
            name = node.identifier.name
            hint = f"write const … {name} = value; for a constant, bit {name}; for a measurement"
            found = f"the variable {name!r} of the type {_type_name(kind)} without a constant value"
            raise self.scope.unsupported(found, node, hint)
        else:
            self._constant_declaration(node)

    def _bit_declaration(self, node: Node) -> None:
        wires = self.declare_bits(node.identifier.name, self._size(node.type.size), node.identifier)
        value = node.init_expression
        if value is None:
            return
        if type(value).__name__ == "QuantumMeasurement":
            self._measure(self.scope.qubits(value.qubit), wires, node)
        elif self.scope.number(value) != 0 or self._branches or self._iterations:
            hint = "bits begin as 0; only measurements may change them"
            raise self.scope.unsupported("an initial value of classical bits other than 0", node, hint)

    def _constant_declaration(self, node: Node) -> None:
        value: Meaning
        match _NUMBER_TYPES.get(type(node.type).__name__):
            case "whole":
                value = self.scope.integer(node.init_expression, "value")
            case "real":
                value = self.scope.angle(node.init_expression)
            case "truth":
                value = bool(self.scope.number(node.init_expression))
            case _:
                raise self.scope.unsupported(f"a constant of the type {_type_name(type(node.type).__name__)}", node)
        self.scope.declare(node.identifier.name, value, node.identifier)

    def _alias(self, node: Node) -> None:
        self.scope.declare(node.target.name, self.scope.wires(node.value), node.target)

    def _include(self, node: Node) -> None:
        self.include(node.filename, node)

    def _gate_definition(self, node: Node) -> None:
        self.declare_gate(node.name.name, define_gate(node, self.scope), node.name)

    def _gate(self, node: Node) -> None:
        call = gate_call(node, self.scope)
        block = call.block(self.scope)
        operands = [self.scope.qubits(operand) for operand in node.qubits]
        check_operands(call, block, len(operands), self.scope)
        if call.gate is GPHASE and not operands:
            return  # a global phase
        number = self.calls.add_block(block)
        for qubits in self._broadcast(operands, node):
            self.call(number, qubits)

    def _broadcast(self, operands: Sequence[Wires], node: Node) -> Iterator[tuple[int, ...]]:
        """The operands of each call: registers run in step, single qubits take part in every call."""
        sizes = {len(operand.indices) for operand in operands if not operand.single}
        if len(sizes) > 1:
            found = " and ".join(str(size) for size in sorted(sizes))
            raise self.scope.error(f"registers of different sizes in one call: {found}", node)
        for i in range(sizes.pop() if sizes else 1):
            qubits = tuple([operand.indices[0 if operand.single else i] for operand in operands])
            if len(set(qubits)) < len(qubits):
                twice = self.qubit_name(next(q for q in qubits if qubits.count(q) > 1))
                raise self.scope.error(f"{twice} is used twice in one call", node, hint="operands must differ")
            yield qubits

    def _measurement(self, node: Node) -> None:
        if node.target is None:
            hint = "write bit c; c = measure …; the bit need not be used"
            raise self.scope.unsupported("a measurement without a classical bit", node, hint)
        self._measure(self.scope.qubits(node.measure.qubit), self.scope.bits(node.target), node)

    def _measure(self, qubits: Wires, bits: Wires, node: Node) -> None:
        if len(qubits.indices) != len(bits.indices):
            found = f"{len(qubits.indices)} qubits into {len(bits.indices)} bits"
            raise self.scope.error(f"a measurement needs as many bits as qubits, found {found}", node)
        if len(set(qubits.indices)) < len(qubits.indices):
            raise self.scope.error("a qubit is measured twice in one statement", node)
        block = self.block_number((Op.MEASURE,), lambda: gate_block(Op.MEASURE))
        for qubit, clbit in zip(qubits.indices, bits.indices, strict=True):
            self.call(block, (qubit,), clbit)

    def _reset(self, node: Node) -> None:
        block = self.block_number((Op.RESET,), lambda: gate_block(Op.RESET))
        for qubit in self.scope.qubits(node.qubits).indices:
            self.call(block, (qubit,))

    def _barrier(self, node: Node) -> None:
        for operand in node.qubits:
            self.scope.qubits(operand)

    def _branching(self, node: Node) -> None:
        truth = truth_of(node.condition, self.scope)
        opposite: Truth = negation(truth, self.scope, node) if node.else_block else False
        with self._branch(truth):
            self._block(node.if_block, truth)
            self._block(node.else_block, opposite)

    @contextmanager
    def _branch(self, truth: Truth) -> Iterator[None]:
        self._branches.append(_Branch(() if isinstance(truth, bool) else tuple(term.clbits for term in truth)))
        yield
        self._branches.pop()

    def _block(self, statements: Sequence[Node], truth: Truth) -> None:
        if truth is False:
            return
        before = self.condition
        terms = conjunction(before.terms if before else True, truth)
        self.condition = before if isinstance(terms, bool) else Condition(terms)
        self._in_inner_scope(statements)
        self.condition = before

    def _in_inner_scope(self, statements: Sequence[Node], names: dict[str, Meaning] | None = None) -> None:
        outer = self.scope
        self.scope = outer.inner()
        self.scope.names.update(names or {})
        for statement in statements:
            self.execute(statement)
        self.scope = outer

    def _compound(self, node: Node) -> None:
        self._in_inner_scope(node.statements)

    def _loop(self, node: Node) -> None:
        name = plain_name(node.identifier.name)
        values = self._loop_values(node.set_declaration)
        self._iterations += len(values)
        if self._iterations > MAX_ITERATIONS:
            raise self.scope.unsupported(f"more than {MAX_ITERATIONS} passes through loops", node)
        for value in values:
            self._in_inner_scope(node.block, {name: value})

    def _loop_values(self, node: Node) -> Sequence[int]:
        kind = type(node).__name__
        if kind == "RangeDefinition" and node.start and node.end:
            step = self.scope.integer(node.step, "step") if node.step else 1
            first, last = self.scope.integer(node.start, "start"), self.scope.integer(node.end, "end")
            return self.scope.steps(first, step, last, node)
        if kind == "DiscreteSet":
            return [self.scope.integer(value, "value") for value in node.values]
        raise self.scope.unsupported("a loop over anything but a range or a set", node, hint="write for int i in [0:2]")


_HANDLERS: dict[str, Callable[[Program, Node], None]] = {
    "AliasStatement": Program._alias,
    "BranchingStatement": Program._branching,
    "ClassicalDeclaration": Program._classical_declaration,
    "CompoundStatement": Program._compound,
    "ConstantDeclaration": Program._constant_declaration,
    "ForInLoop": Program._loop,
    "Include": Program._include,
    "QuantumBarrier": Program._barrier,
    "QuantumGate": Program._gate,
    "QuantumGateDefinition": Program._gate_definition,
    "QuantumMeasurementStatement": Program._measurement,
    "QuantumPhase": Program._gate,
    "QuantumReset": Program._reset,
    "QubitDeclaration": Program._qubit_declaration,
}


def _type_name(kind: str) -> str:
    """IntType -> int."""
    return kind.removesuffix("Type").lower()


def _wire_name(index: int, registers: Sequence[Register]) -> str:
    register = next(r for r in registers if r.start <= index < r.start + r.size)
    return f"{register.name}[{index - register.start}]"
