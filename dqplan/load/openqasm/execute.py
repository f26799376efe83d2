"""Executing parsed statements: what each kind of statement does to a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dqplan.core.gates import Op
from dqplan.load.openqasm.blocks import gate_block
from dqplan.load.openqasm.conditions import Truth, negation, truth_of
from dqplan.load.openqasm.gates import GPHASE, check_operands, define_gate, gate_call
from dqplan.load.openqasm.library import known_gate
from dqplan.load.openqasm.names import Meaning, Wires
from dqplan.load.openqasm.program import Program
from dqplan.load.openqasm.reference import Node, plain_name

MAX_PASSES = 1_000_000
"""Passes through the body of one `for` loop."""

_UNSUPPORTED: dict[str, tuple[str, str]] = {
    "Box": ("box (timing)", "remove the box"),
    "BreakStatement": ("break", "write the loop out"),
    "CalibrationDefinition": ("defcal (pulses)", "remove it"),
    "CalibrationGrammarDeclaration": ("defcalgrammar (pulses)", "remove it"),
    "CalibrationStatement": ("cal (pulses)", "remove it"),
    "ClassicalAssignment": ("assignment to classical variables", "only measurements may change classical bits"),
    "ContinueStatement": ("continue", "write the loop out"),
    "DelayInstruction": ("delay (timing)", "remove it"),
    "EndStatement": ("end", "remove it and what follows it"),
    "ExpressionStatement": ("an expression as a statement", "remove it"),
    "ExternDeclaration": ("extern", "remove it"),
    "IODeclaration": ("input or output", "write const … = value; instead"),
    "ReturnStatement": ("return", "remove it"),
    "SubroutineDefinition": ("def", "write it as a gate, or write its statements out"),
    "SwitchStatement": ("switch", "write it with if"),
    "WhileLoop": ("while", "write it as a for loop with a constant range"),
}
_NUMBER_TYPES = {"IntType": "whole", "UintType": "whole", "FloatType": "real", "AngleType": "real", "BoolType": "truth"}


def execute_statement(program: Program, node: Node) -> None:
    """Execute one statement.

    Raises:
        SemanticError, UnsupportedError: with the statement's place.
    """
    kind = type(node).__name__
    handler = _HANDLERS.get(kind)
    if handler is None:
        construct, hint = _UNSUPPORTED.get(kind, (f"a statement of the kind {kind}", "remove it"))
        raise program.scope.unsupported(construct, node, hint)
    program.line = program.scope.at(node).line
    handler(program, node)


def _qubit_declaration(program: Program, node: Node) -> None:
    program.declare_qubits(node.qubit.name, _size(program, node.size), node.qubit)


def _size(program: Program, node: Node) -> int | None:
    return None if node is None else program.scope.integer(node, "size")


def _variable(program: Program, node: Node) -> None:
    kind, value = type(node.type).__name__, node.init_expression
    if kind == "BitType":
        _bit_declaration(program, node)
    elif kind in _NUMBER_TYPES and (value is None or type(value).__name__ == "QuantumMeasurement"):
        name = node.identifier.name
        hint = f"write const … {name} = value; for a constant, bit {name}; for a measurement"
        raise program.scope.unsupported(f"the variable {name!r} without a constant value", node, hint)
    else:
        _constant(program, node)


def _bit_declaration(program: Program, node: Node) -> None:
    value = node.init_expression
    measured = program.scope.qubits(value.qubit) if type(value).__name__ == "QuantumMeasurement" else None
    bits = program.declare_bits(node.identifier.name, _size(program, node.type.size), node.identifier)
    if measured is not None:
        _measure(program, measured, bits, node)
    elif value is not None and program.scope.number(value) != 0:
        hint = "bits begin as 0; only measurements may change them"
        raise program.scope.unsupported("an initial value of classical bits other than 0", node, hint)


def _constant(program: Program, node: Node) -> None:
    """A constant, or a variable that keeps its first value, because assignments are not supported."""
    scope, value = program.scope, node.init_expression
    kind = type(node.type).__name__
    meaning: Meaning
    match _NUMBER_TYPES.get(kind):
        case "whole":
            meaning = scope.integer(value, "value")
        case "real":
            meaning = scope.angle(value)
        case "truth":
            meaning = bool(scope.number(value))
        case _:
            raise scope.unsupported(f"a variable of the type {kind.removesuffix('Type').lower()}", node)
    scope.declare(node.identifier.name, meaning, node.identifier)


def _alias(program: Program, node: Node) -> None:
    program.declare_alias(node.target.name, program.scope.wires(node.value), node.target)


def _include(program: Program, node: Node) -> None:
    program.include(node.filename, node)


def _gate_definition(program: Program, node: Node) -> None:
    gate = define_gate(node, program.scope)
    program.scope.declare(node.name.name, known_gate(gate) if program.keep_known else gate, node.name)


def _gate(program: Program, node: Node) -> None:
    call = gate_call(node, program.scope)
    block = call.block(program.scope)
    operands = [program.scope.qubits(operand) for operand in node.qubits]
    check_operands(call, block, len(operands), program.scope)
    if call.gate is GPHASE and not operands:
        return  # a global phase
    number = program.calls.add_block(block)
    for qubits in _broadcast(program, operands, node):
        program.call(number, qubits)


def _broadcast(program: Program, operands: Sequence[Wires], node: Node) -> Iterator[tuple[int, ...]]:
    """The operands of each call: registers run in step, single qubits take part in every call."""
    sizes = {len(operand.indices) for operand in operands if not operand.single}
    if len(sizes) > 1:
        found = " and ".join(str(size) for size in sorted(sizes))
        raise program.scope.error(f"registers of different sizes in one call: {found}", node)
    for i in range(sizes.pop() if sizes else 1):
        qubits = tuple([operand.indices[0 if operand.single else i] for operand in operands])
        if len(set(qubits)) < len(qubits):
            twice = program.qubit_name(next(qubit for qubit in qubits if qubits.count(qubit) > 1))
            raise program.scope.error(f"{twice} is used twice in one call", node, hint="operands must differ")
        yield qubits


def _measurement(program: Program, node: Node) -> None:
    if node.target is None:
        hint = "write bit c; c = measure …; the bit need not be used"
        raise program.scope.unsupported("a measurement without a classical bit", node, hint)
    _measure(program, program.scope.qubits(node.measure.qubit), program.scope.bits(node.target), node)


def _measure(program: Program, qubits: Wires, bits: Wires, node: Node) -> None:
    if len(qubits.indices) != len(bits.indices):
        found = f"{len(qubits.indices)} qubits into {len(bits.indices)} bits"
        raise program.scope.error(f"a measurement needs as many bits as qubits, found {found}", node)
    block = program.block_number((Op.MEASURE,), lambda: gate_block(Op.MEASURE))
    for qubit, clbit in zip(qubits.indices, bits.indices, strict=True):
        program.call(block, (qubit,), clbit)


def _reset(program: Program, node: Node) -> None:
    block = program.block_number((Op.RESET,), lambda: gate_block(Op.RESET))
    for qubit in program.scope.qubits(node.qubits).indices:
        program.call(block, (qubit,))


def _barrier(program: Program, node: Node) -> None:
    for operand in node.qubits:
        program.scope.qubits(operand)


def _branching(program: Program, node: Node) -> None:
    truth = truth_of(node.condition, program.scope)
    opposite: Truth = negation(truth, program.scope, node) if node.else_block else False
    with program.branch(truth):
        for condition, statements in ((truth, node.if_block), (opposite, node.else_block)):
            if condition is not False:
                with program.condition(condition):
                    _execute_all(program, statements)


def _execute_all(program: Program, statements: Sequence[Node], names: dict[str, Meaning] | None = None) -> None:
    with program.inner_scope(names):
        for statement in statements:
            program.scope.effort.step()
            execute_statement(program, statement)


def _compound(program: Program, node: Node) -> None:
    _execute_all(program, node.statements)


def _loop(program: Program, node: Node) -> None:
    values = _loop_values(program, node.set_declaration)
    if values[MAX_PASSES:]:  # a range may be longer than `len` can tell
        raise program.scope.unsupported(f"more than {MAX_PASSES:,} passes through a loop", node)
    for value in values:
        program.scope.effort.step()
        _execute_all(program, node.block, {plain_name(node.identifier.name): value})


def _loop_values(program: Program, node: Node) -> Sequence[int]:
    scope, kind = program.scope, type(node).__name__
    if kind == "RangeDefinition" and node.start and node.end:
        step = scope.integer(node.step, "step") if node.step else 1
        return scope.steps(scope.integer(node.start, "start"), step, scope.integer(node.end, "end"), node)
    if kind == "DiscreteSet":
        return [scope.integer(value, "value") for value in node.values]
    raise scope.unsupported("a loop over anything but a range or a set", node, hint="write for int i in [0:2]")


_HANDLERS: dict[str, Callable[[Program, Node], None]] = {
    "AliasStatement": _alias,
    "BranchingStatement": _branching,
    "ClassicalDeclaration": _variable,
    "CompoundStatement": _compound,
    "ConstantDeclaration": _constant,
    "ForInLoop": _loop,
    "Include": _include,
    "QuantumBarrier": _barrier,
    "QuantumGate": _gate,
    "QuantumGateDefinition": _gate_definition,
    "QuantumMeasurementStatement": _measurement,
    "QuantumPhase": _gate,
    "QuantumReset": _reset,
    "QubitDeclaration": _qubit_declaration,
}
