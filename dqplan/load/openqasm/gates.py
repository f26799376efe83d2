"""Gate calls with their modifiers, and gates that the user defines."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dqplan.core.controls import Row
from dqplan.load.openqasm.blocks import MAX_ROWS, Block, BlockError, inverted, moved_rows, powered, with_controls
from dqplan.load.openqasm.names import Gate, Scope, Wires
from dqplan.load.openqasm.reference import Node, plain_name

GPHASE = Gate("gphase", 1, 0, lambda params: Block(0, (), params[0]))
MAX_CONTROLS = 256
"""More controls than this on one gate are refused: the sequence grows with their square."""


@dataclass(frozen=True)
class GateCall:
    """A call whose gate is known and whose angles are still expressions."""

    node: Node
    gate: Gate
    arguments: tuple[Node, ...]
    modifiers: tuple[tuple[str, Node], ...]

    def block(self, scope: Scope) -> Block:
        """The unitary that is called, with all modifiers applied from right to left."""
        block = self._checked(self.gate.expand(tuple([scope.angle(argument) for argument in self.arguments])), scope)
        for kind, argument in reversed(self.modifiers):
            block = self._checked(self._modified(block, kind, argument, scope), scope)
            scope.effort.change(block)
        return block

    def _checked(self, block: Block, scope: Scope) -> Block:
        if not math.isfinite(block.phase):
            raise scope.error("the phase of the gate is not finite", self.node)
        if len(block.rows) > MAX_ROWS:
            raise scope.unsupported(f"a gate that expands to more than {MAX_ROWS:,} operations", self.node)
        return block

    def _modified(self, block: Block, kind: str, argument: Node, scope: Scope) -> Block:
        if kind == "inv":
            return inverted(block)
        try:
            if kind == "pow":
                return powered(block, scope.angle(argument))
            return with_controls(block, [kind == "negctrl"] * self._controls(argument, scope))
        except BlockError as error:
            hint = "use a small integer power, or write the gate out" if kind == "pow" else ""
            raise scope.unsupported(str(error), self.node, hint) from None

    def _controls(self, argument: Node, scope: Scope) -> int:
        count = 1 if argument is None else scope.integer(argument, "number of controls")
        if not 1 <= count <= MAX_CONTROLS:
            raise scope.error(f"the number of controls must be 1 to {MAX_CONTROLS}, found {count}", argument)
        return count


def gate_call(node: Node, scope: Scope) -> GateCall:
    """Resolve a QuantumGate or QuantumPhase node.

    Raises:
        SemanticError: unknown gate, or a wrong number of parameters.
        UnsupportedError: an opaque gate, or a call with a duration.
    """
    if getattr(node, "duration", None) is not None:
        raise scope.unsupported("a gate call with a duration", node, hint="remove the [...] behind the gate's name")
    if type(node).__name__ == "QuantumPhase":
        gate, arguments = GPHASE, (node.argument,)
    else:
        gate, arguments = scope.gate(node.name), tuple(node.arguments)
    if gate.opaque:
        hint = "give it a body: gate … { … }"
        raise scope.unsupported(f"a call of {gate.name!r}, which is opaque: it has no body", node, hint)
    if len(arguments) != gate.num_params:
        raise scope.error(f"{gate.name!r} takes {_count(gate.num_params, 'parameter')}, found {len(arguments)}", node)
    return GateCall(node, gate, arguments, tuple((m.modifier.name, m.argument) for m in node.modifiers))


def check_operands(call: GateCall, block: Block, num_operands: int, scope: Scope) -> None:
    """Raises SemanticError if a call has more or fewer operands than qubits."""
    if num_operands != block.num_qubits:
        wanted = _count(block.num_qubits, "qubit")
        raise scope.error(f"{call.gate.name!r} acts on {wanted} here, found {num_operands}", call.node)


def define_gate(node: Node, scope: Scope) -> Gate:
    """The gate that a QuantumGateDefinition node defines; names in its body mean what they mean now.

    Raises:
        SemanticError: also for a gate that calls itself, whose name is not yet known in its body.
    """
    name = plain_name(node.name.name)
    params = [plain_name(param.name) for param in node.arguments]
    formal = scope.inner()
    for i, qubit in enumerate(node.qubits):
        formal.declare(qubit.name, Wires((i,), quantum=True, single=True), qubit)
    for param in node.arguments:
        formal.declare(param.name, 0.0, param)
    steps = [step for statement in node.body for step in _body_step(statement, name, formal)]
    place, num_qubits = scope.place, len(node.qubits)

    def expand(values: tuple[float, ...]) -> Block:
        inside = scope.inner()
        inside.place = place
        inside.names.update(zip(params, values, strict=True))
        return _expanded(steps, num_qubits, inside)

    def remembered(values: tuple[float, ...]) -> Block:
        return scope.effort.block((expand, values), lambda: expand(values))

    return Gate(name, len(params), num_qubits, remembered)


def _expanded(steps: list[tuple[GateCall, tuple[int, ...]]], num_qubits: int, scope: Scope) -> Block:
    rows: list[Row] = []
    phase = 0.0
    for call, qubits in steps:
        scope.effort.step()
        block = call.block(scope)
        check_operands(call, block, len(qubits), scope)
        if len(rows) + len(block.rows) > MAX_ROWS:
            raise scope.unsupported(f"a gate that expands to more than {MAX_ROWS:,} operations", call.node)
        rows += moved_rows(block, qubits)
        phase += block.phase
    return Block(num_qubits, tuple(rows), phase)


def _body_step(node: Node, name: str, formal: Scope) -> list[tuple[GateCall, tuple[int, ...]]]:
    kind = type(node).__name__
    if kind == "QuantumBarrier":
        for operand in node.qubits:
            _formal_qubit(operand, formal)
        return []
    if kind not in ("QuantumGate", "QuantumPhase"):
        raise formal.unsupported("anything but gate calls in the body of a gate", node, hint="write loops out")
    if kind == "QuantumGate" and plain_name(node.name.name) == name and not isinstance(formal.find(name), Gate):
        raise formal.error(f"gate {name!r} calls itself", node, hint="gates cannot be recursive")
    qubits = tuple(_formal_qubit(operand, formal) for operand in node.qubits)
    if len(set(qubits)) < len(qubits):
        raise formal.error(f"a qubit is used twice in one call of {node.name.name!r}", node)
    return [(gate_call(node, formal), qubits)]


def _formal_qubit(node: Node, formal: Scope) -> int:
    name = plain_name(node.name) if type(node).__name__ == "Identifier" else ""
    meaning = formal.names.get(name)
    if not isinstance(meaning, Wires):
        known = ", ".join(name for name, meaning in formal.names.items() if isinstance(meaning, Wires))
        raise formal.error(f"the body of a gate may only use its own qubits, which are: {known}", node)
    return meaning.indices[0]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
