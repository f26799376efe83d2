"""Legality: could the joint program run on this hardware? Gates inside a module are taken for granted."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from itertools import chain

from dqplan.core.circuit import Operation
from dqplan.core.gates import Op
from dqplan.core.hardware import Role
from dqplan.core.program import QubitKind
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import Emitted

NAME = "legality"
_SWAPPING = frozenset({Op.H, Op.X, Op.Z, Op.CX, Op.MEASURE, Op.RESET})
"""All that entanglement swapping needs; a repeater does nothing else."""


class _Use(Enum):
    """What a comm qubit holds."""

    STALE = auto()
    """Nothing that may be used: never reset, or measured or swapped out since."""
    RESET = auto()
    RAISED = auto()
    """|+>, from one H on a reset qubit: the first half of an e-bit's preparation."""
    HELD = auto()


def check_legality(emitted: Emitted) -> Check:
    """Look for the first operation that the hardware cannot do.

    Checked: every gate stays inside one module, but for e-bits; an e-bit is `h u; cx u, v` on two comm qubits that were
    reset just before, in modules that a quantum link joins; a comm qubit is reset before every use; registers are no
    larger than their modules (comm qubits only if the plan is not relaxed); repeaters only swap entanglement; no share
    of plan.json begins or ends in one, or in a memory module; memory qubits take part in nothing but SWAP with the
    other qubits of their modules; a message bit is written once, unconditionally, and not read before.
    """
    violations = chain(
        size_violations(emitted), _place_violations(emitted), _role_violations(emitted), _Walk(emitted).violations()
    )
    violation = next(violations, None)
    if violation:
        return Check(NAME, Status.FAILED, violation)
    detail = "gates stay inside modules, e-bits use links, comm qubits and messages are used in turn, sizes hold"
    if emitted.document.relaxed:
        detail += "; comm-qubit limits not checked, because the plan is relaxed"
    return Check(NAME, Status.PROVED, detail)


def size_violations(emitted: Emitted) -> Iterator[str]:
    """Registers larger than what the hardware has of their kind."""
    capacity = emitted.hardware.data_capacity.tolist()
    for register in emitted.joint.qregs:
        if register.size == 0:
            continue
        index = emitted.module_of[register.start]
        module = emitted.hardware.modules[index]
        kind = emitted.kind_of[register.start]
        sizes = {
            QubitKind.DATA: capacity[index],
            QubitKind.COMM: None if emitted.document.relaxed else module.comm_qubits,
            QubitKind.MEMORY: module.memory_qubits,
        }
        allowed = sizes[kind]
        used = list(zip(emitted.module_of, emitted.kind_of, strict=True)).count((index, kind))
        if allowed is not None and used > allowed:
            purpose = "" if kind is QubitKind.MEMORY else " for gates"
            yield f"module {module.name} has {allowed} {kind} qubits{purpose}, the program uses {used}"


def _place_violations(emitted: Emitted) -> Iterator[str]:
    """Circuit qubits that begin or end elsewhere than in a data qubit."""
    for what, qubits in (("starts", emitted.input), ("ends", emitted.output)):
        for number, qubit in enumerate(qubits):
            kind = emitted.kind_of[qubit]
            if kind is not QubitKind.DATA:
                yield f"circuit qubit {number} {what} in the {kind} qubit {emitted.qubit_names[qubit]}"


def _role_violations(emitted: Emitted) -> Iterator[str]:
    """Copies in modules that may not hold any; operations alone do not tell them from entanglement that is swapped."""
    role = {module.name: module.role for module in emitted.hardware.modules}
    for number, share in enumerate(emitted.document.plan.shares):
        for name in (share.route[0], share.route[-1]):
            if role.get(name) in (Role.REPEATER, Role.MEMORY):
                yield f"share {number} of plan.json has a copy in {name}, a {role[name]} module"


class _Walk:
    """One pass over the joint program, which remembers what each comm qubit and message bit went through."""

    def __init__(self, emitted: Emitted) -> None:
        self.emitted = emitted
        self.use = [_Use.STALE] * emitted.joint.num_qubits
        self.written: set[int] = set()

    def violations(self) -> Iterator[str]:
        """What is wrong, in program order, with file and line."""
        for row, operation in enumerate(self.emitted.joint):
            for fault in (*self._message_faults(operation), *self._qubit_faults(operation)):
                yield f"{self.emitted.place(row)}: {fault}"

    def _message_faults(self, operation: Operation) -> Iterator[str]:
        read = operation.condition.clbits if operation.condition else frozenset()
        first = self.emitted.first_message
        for clbit in sorted(read - self.written):
            if clbit >= first:
                yield f"message {self.emitted.clbit_names[clbit]} is read before it is written"
        if operation.op != Op.MEASURE or operation.clbit < first:
            return
        name = self.emitted.clbit_names[operation.clbit]
        if operation.clbit in self.written:
            yield f"message {name} is written a second time"
        if operation.condition is not None:
            yield f"message {name} is written under a condition"
        self.written.add(operation.clbit)

    def _qubit_faults(self, operation: Operation) -> Iterator[str]:
        modules = {self.emitted.module_of[qubit] for qubit in operation.qubits}
        if len(modules) > 1:
            yield from self._ebit_faults(operation)
        elif operation.op not in _SWAPPING:
            module = self.emitted.hardware.modules[modules.pop()]
            if module.role is Role.REPEATER:
                yield f"{operation.op.spelling} in {module.name}, a repeater, which only swaps entanglement"
        held = [self.use[qubit] for qubit in operation.qubits]
        for qubit in operation.qubits:
            if self.emitted.is_comm[qubit]:
                yield from self._comm_faults(operation, qubit)
            elif self.emitted.is_memory[qubit]:
                yield from self._memory_faults(operation, qubit)
        if operation.op == Op.SWAP and operation.condition is None:
            self._exchange((operation.qubits[0], operation.qubits[1]), (held[0], held[1]))

    def _ebit_faults(self, operation: Operation) -> Iterator[str]:
        """Everything that keeps a gate between two modules from being the preparation of an e-bit."""
        names = [self.emitted.qubit_names[qubit] for qubit in operation.qubits]
        gate = f"{operation.op.spelling} {', '.join(names)}"
        if operation.op not in (Op.CX, Op.EPR) or operation.condition is not None:
            yield f"{gate} acts on two modules and is not the preparation of an e-bit"
            return
        a, b = operation.qubits
        raised = _Use.RAISED if operation.op == Op.CX else _Use.RESET
        if not (self.emitted.is_comm[a] and self.emitted.is_comm[b]):
            yield f"{gate} acts on two modules, but e-bits join comm qubits only"
        elif (self.use[a], self.use[b]) != (raised, _Use.RESET):
            yield f"{gate} joins two modules, but its qubits were not reset just before"
        ends = sorted(self.emitted.module_of[qubit] for qubit in (a, b))
        if (ends[0], ends[1]) not in self.emitted.hardware.quantum_links:
            first, second = (self.emitted.module_name(module) for module in ends)
            yield f"{gate} needs a quantum link between {first} and {second}, and there is none"

    def _comm_faults(self, operation: Operation, qubit: int) -> Iterator[str]:
        """Use of a comm qubit that holds nothing; then remember what it holds now."""
        plain = operation.condition is None
        before = self.use[qubit]
        if operation.op == Op.RESET:
            self.use[qubit] = _Use.RESET if plain else before
            return
        if before is _Use.STALE:
            yield f"comm qubit {self.emitted.qubit_names[qubit]} is used without a reset since its last measurement"
        if operation.op == Op.MEASURE:
            self.use[qubit] = _Use.STALE
        elif operation.op == Op.H and plain and before is _Use.RESET:
            self.use[qubit] = _Use.RAISED
        else:
            self.use[qubit] = _Use.HELD

    def _memory_faults(self, operation: Operation, qubit: int) -> Iterator[str]:
        """Anything but an exchange with a qubit that is no memory qubit."""
        inside = sum(self.emitted.is_memory[other] for other in operation.qubits) == 1
        if operation.op != Op.SWAP or operation.condition is not None or not inside:
            name = self.emitted.qubit_names[qubit]
            yield f"{operation.op.spelling} on the memory qubit {name}, which can only be swapped with other qubits"

    def _exchange(self, pair: tuple[int, int], held: tuple[_Use, _Use]) -> None:
        """Now each holds what the other held; a comm qubit that was swapped with a data qubit, nothing of use.

        What a memory qubit got from a data qubit counts as something.
        """
        kind = self.emitted.kind_of
        for qubit, other, gets in zip(pair, pair[::-1], held[::-1], strict=True):
            if kind[qubit] is QubitKind.MEMORY:
                self.use[qubit] = _Use.HELD if kind[other] is QubitKind.DATA else gets
            elif kind[qubit] is QubitKind.COMM and kind[other] is not QubitKind.COMM:
                useful = kind[other] is QubitKind.MEMORY and gets is _Use.HELD
                self.use[qubit] = _Use.HELD if useful else _Use.STALE
