"""The state of a program that is being read: names, registers, open branches, and the calls made so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field

from dqplan.core.circuit import Circuit, Condition, Register, Term
from dqplan.core.errors import Place
from dqplan.load.openqasm.blocks import Block
from dqplan.load.openqasm.calls import MAX_OPERATIONS, CallTable, TooManyOperationsError
from dqplan.load.openqasm.conditions import Truth, conjunction
from dqplan.load.openqasm.library import LIBRARIES, built_in_gates
from dqplan.load.openqasm.names import MAX_WIRES, Meaning, Scope, Wires
from dqplan.load.openqasm.reference import Node, plain_name


@dataclass
class _Branch:
    """An `if` that is being executed, and the bit of its condition that was measured since, if any."""

    terms: tuple[Term, ...]
    overwritten: int = -1

    def reads(self, clbit: int) -> bool:
        return any(clbit in term.clbits for term in self.terms)


@dataclass
class Program:
    """State of reading one program.

    Attributes:
        scope: the innermost one; its place is that of the current top-level statement.
        line: of the statement that is being executed.
        calls: everything the program does.
        keep_known: whether a defined gate that is one of `gates.Op` counts as that, and is not written out.
    """

    scope: Scope
    keep_known: bool = False
    line: int = 0
    calls: CallTable = field(default_factory=CallTable)
    qregs: list[Register] = field(default_factory=list)
    cregs: list[Register] = field(default_factory=list)
    _condition: Condition | None = None
    _branches: list[_Branch] = field(default_factory=list)
    _physical: bool = False
    _register_names: set[str] = field(default_factory=set)
    _variants: dict[str, int] = field(default_factory=dict)
    _block_numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    _wires_numbers: dict[tuple[int, ...], int] = field(default_factory=dict)
    _named_again: int = 0

    @classmethod
    def empty(cls, source: str, version: int, keep_known: bool = False) -> Program:
        """A program before its first statement."""
        return cls(Scope(Place(source, 1), version, built_in=built_in_gates(version)), keep_known)

    def build(self, name: str) -> Circuit:
        """The circuit read so far.

        Raises:
            TooManyOperationsError: it expands to more than MAX_OPERATIONS operations.
        """
        return self.calls.build(name, self.qregs, self.cregs)

    def include(self, name: str, node: Node = None) -> None:
        """Make a standard library's gates known; nothing is read from disk."""
        library = LIBRARIES.get(name)
        if library is None:
            hint = f"built in are {' and '.join(LIBRARIES)}; paste other files in place of the include"
            raise self.scope.unsupported(f"the include of {name!r}, which is not a standard library", node, hint)
        self.scope.built_in.update(library)

    def declare_qubits(self, name: str, size: int | None, node: Node = None) -> Wires:
        """A qubit register, or a single qubit if the size is None."""
        if self._physical:
            hint = "use either declared qubits or physical ones ($0, $1, …)"
            raise self.scope.unsupported("declared qubits beside physical ones", node, hint)
        return self._declare(self.qregs, name, size, node, quantum=True)

    def declare_bits(self, name: str, size: int | None, node: Node = None) -> Wires:
        """A classical register, or a single bit if the size is None."""
        return self._declare(self.cregs, name, size, node, quantum=False)

    def declare_alias(self, name: str, wires: Wires, node: Node = None) -> None:
        """Another name for qubits or bits; all of them together may not mean more than MAX_WIRES."""
        self._named_again += len(wires.indices)
        if self._named_again > MAX_WIRES:
            raise self.scope.unsupported(f"aliases of more than {MAX_WIRES:,} qubits and bits together", node)
        self.scope.declare(name, wires, node)

    def use_physical_qubits(self, indices: Set[int]) -> None:
        """Declare $i for each index, the qubits of a program that was compiled for a device; all from $0 on count."""
        self.declare_qubits("$", max(indices) + 1)
        self.scope.names.update({f"${i}": Wires((i,), quantum=True, single=True) for i in indices})
        self._physical = True

    def call(self, block: int, qubits: tuple[int, ...], clbit: int = -1) -> None:
        """Append one call, under the conditions of the branches that are open.

        Raises:
            UnsupportedError: the call depends on a condition whose bits were measured since it was evaluated.
        """
        for branch in self._branches:
            if branch.overwritten >= 0:
                bit = _wire_name(branch.overwritten, self.cregs)
                found = f"a block that measures into a bit of its own condition ({bit}) and goes on after it"
                hint = "measure into another bit, or move the measurement to the end of the block"
                raise self.scope.unsupported(found, hint=hint)
            if clbit >= 0 and branch.reads(clbit):
                branch.overwritten = clbit
        try:
            self.calls.add(block, self.wires_number(qubits, clbit), self.line, self._condition)
        except TooManyOperationsError:
            raise self.scope.unsupported(f"a program of more than {MAX_OPERATIONS} operations") from None

    def block_number(self, key: tuple[object, ...], block: Callable[[], Block]) -> int:
        """The number of a block in the call table; built only for a new key."""
        number = self._block_numbers.get(key)
        if number is None:
            number = self._block_numbers[key] = self.calls.add_block(block())
        return number

    def wires_number(self, qubits: tuple[int, ...], clbit: int) -> int:
        """The number of operands in the call table; equal operands have equal numbers."""
        key = (*qubits, -1 - clbit)
        number = self._wires_numbers.get(key)
        if number is None:
            number = self._wires_numbers[key] = self.calls.add_wires(qubits, clbit)
        return number

    def qubit_name(self, qubit: int) -> str:
        """A qubit as the user wrote it, for messages."""
        return _wire_name(qubit, self.qregs)

    @contextmanager
    def inner_scope(self, names: dict[str, Meaning] | None = None) -> Iterator[None]:
        """Names declared inside are forgotten at the end."""
        outer, named_again = self.scope, self._named_again
        self.scope = outer.inner()
        self.scope.names.update(names or {})
        yield
        self.scope, self._named_again = outer, named_again

    @contextmanager
    def branch(self, truth: Truth) -> Iterator[None]:
        """Both branches of an `if` whose condition was evaluated now."""
        self._branches.append(_Branch(() if isinstance(truth, bool) else truth))
        yield
        self._branches.pop()

    @contextmanager
    def condition(self, truth: Truth) -> Iterator[None]:
        """Calls inside happen only if `truth`, which is not simply False, holds too."""
        before = self._condition
        terms = conjunction(before.terms if before else True, truth)
        self._condition = before if isinstance(terms, bool) else Condition(terms)
        yield
        self._condition = before

    def _declare(self, registers: list[Register], name: str, size: int | None, node: Node, *, quantum: bool) -> Wires:
        count = 1 if size is None else size
        if count < 1:
            raise self.scope.error(f"a register's size must be positive, found {count}", node)
        start = registers[-1].start + registers[-1].size if registers else 0
        if start + count > MAX_WIRES:
            raise self.scope.unsupported(f"more than {MAX_WIRES:,} {'qubits' if quantum else 'bits'}", node)
        wires = Wires(range(start, start + count), quantum, single=size is None)
        self.scope.declare(name, wires, node)
        registers.append(Register(self._free_name(plain_name(name)), start, count))
        return wires

    def _free_name(self, name: str) -> str:
        """The name itself, or a variant for a bit that a block declares again."""
        free = name
        while free in self._register_names:
            self._variants[name] = number = self._variants.get(name, 0) + 1
            free = f"{name}_{number}" if number > 1 else f"{name}_"
        self._register_names.add(free)
        return free


def _wire_name(index: int, registers: Sequence[Register]) -> str:
    register = next(r for r in registers if r.start <= index < r.start + r.size)
    return f"{register.name}[{index - register.start}]"
