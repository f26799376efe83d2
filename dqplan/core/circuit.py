"""Circuit: a quantum circuit as numpy columns, one row per operation, so that 10^6 gates stay small and fast."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import MAX_PARAMS, MAX_QUBITS, NUM_OPS, NUM_PARAMS, NUM_QUBITS, Op
from dqplan.core.units import ranges

if TYPE_CHECKING:
    import cirq

_CHUNK = 1 << 14
"""Rows that an iteration turns into Python values at a time."""
_OPS, _WIDTHS, _LENGTHS = list(Op), NUM_QUBITS.tolist(), NUM_PARAMS.tolist()


@dataclass(frozen=True, slots=True)
class Register:
    """A named, contiguous run of qubits or classical bits: indices start … start + size - 1."""

    name: str
    start: int
    size: int


def bit_names(registers: Sequence[Register]) -> list[str]:
    """The names `register[k]` of all (qu)bits, by number."""
    return [f"{register.name}[{k}]" for register in registers for k in range(register.size)]


def names_together(registers: Sequence[Register], numbers: Collection[int]) -> str:
    """Some (qu)bits, by number, in few words: `q[0-3,7] anc[0]`."""
    runs = []
    for register in registers:
        here = [k for k in range(register.size) if register.start + k in numbers]
        if here:
            runs.append(f"{register.name}[{ranges(here)}]")
    return " ".join(runs)


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison: the integer held by `clbits` (first bit least significant) equals `value`, or differs from it."""

    clbits: tuple[int, ...]
    value: int
    equal: bool = True

    def holds(self, bits: Sequence[int]) -> bool:
        """Whether the comparison is true for the given values of all classical bits."""
        found = sum(int(bits[clbit]) << k for k, clbit in enumerate(self.clbits))
        return (found == self.value) == self.equal


@dataclass(frozen=True, slots=True)
class Condition:
    """A conjunction of comparisons; an operation under it happens if all of them hold when it is reached."""

    terms: tuple[Term, ...]

    @property
    def clbits(self) -> frozenset[int]:
        """All classical bits that the condition reads."""
        return frozenset(clbit for term in self.terms for clbit in term.clbits)

    def holds(self, bits: Sequence[int]) -> bool:
        """Whether all comparisons are true for the given values of all classical bits."""
        return all(term.holds(bits) for term in self.terms)


class Operation(NamedTuple):
    """One row of a circuit, for reading and printing; the columns remain the representation."""

    op: Op
    qubits: tuple[int, ...]
    params: tuple[float, ...]
    clbit: int
    condition: Condition | None
    line: int


@dataclass(frozen=True, eq=False)
class Circuit:
    """A circuit as columns; row i is the i-th operation in program order.

    Attributes:
        name: for reports; usually the file's stem.
        num_qubits: qubits are numbered 0 … num_qubits - 1 in the order of their declaration.
        num_clbits: likewise for classical bits; unmeasured bits hold 0.
        op: uint8, shape (n,): codes of `gates.Op`.
        qubits: int32, shape (n, 3): operands, -1 behind the last.
        params: float64, shape (n, 4): angles in radians, 0 behind the last.
        clbit: int32, shape (n,): where a measurement writes; -1 for everything else.
        condition: int32, shape (n,): index into `conditions`, -1 for unconditional.
        line: int32, shape (n,): source line, 0 if unknown.
        conditions: the distinct conditions.
        qregs, cregs: registers in order of declaration; together they cover all qubits and bits.

    Barriers are checked when a file is read and not stored: they hold no quantum operation, and commuting past
    them does not change what a program computes.
    """

    name: str
    num_qubits: int
    num_clbits: int
    op: NDArray[np.uint8]
    qubits: NDArray[np.int32]
    params: NDArray[np.float64]
    clbit: NDArray[np.int32]
    condition: NDArray[np.int32]
    line: NDArray[np.int32]
    conditions: tuple[Condition, ...] = ()
    qregs: tuple[Register, ...] = ()
    cregs: tuple[Register, ...] = ()

    def __post_init__(self) -> None:
        for column in (self.op, self.qubits, self.params, self.clbit, self.condition, self.line):
            column.setflags(write=False)

    def __len__(self) -> int:
        return len(self.op)

    def __getitem__(self, row: int) -> Operation:
        row = range(len(self))[row]
        return next(self._operations(slice(row, row + 1)))

    def __iter__(self) -> Iterator[Operation]:
        for start in range(0, len(self), _CHUNK):
            yield from self._operations(slice(start, start + _CHUNK))

    def __reversed__(self) -> Iterator[Operation]:
        for end in range(len(self), 0, -_CHUNK):
            yield from reversed(list(self._operations(slice(max(0, end - _CHUNK), end))))

    def _operations(self, part: slice) -> Iterator[Operation]:
        columns = (self.op, self.qubits, self.params, self.clbit, self.condition, self.line)
        for op, qubits, params, clbit, condition, line in zip(
            *(column[part].tolist() for column in columns), strict=True
        ):
            yield Operation(
                _OPS[op],
                tuple(qubits[: _WIDTHS[op]]),
                tuple(params[: _LENGTHS[op]]),
                clbit,
                self.conditions[condition] if condition >= 0 else None,
                line,
            )

    @cached_property
    def counts(self) -> dict[Op, int]:
        """Number of operations of each kind that occurs, in order of their codes."""
        totals = np.bincount(self.op, minlength=NUM_OPS)
        return {Op(code): int(total) for code, total in enumerate(totals) if total}

    @cached_property
    def num_gates_2q(self) -> int:
        """Number of gates with two or more operands."""
        return int((NUM_QUBITS[self.op] >= 2).sum())

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of what the circuit does: independent of names, source lines and file format."""
        sha = hashlib.sha256()
        sha.update(f"{self.num_qubits} {self.num_clbits} {self.conditions!r}".encode())
        for column in (self.op, self.qubits, self.params + 0.0, self.clbit, self.condition):
            sha.update(np.ascontiguousarray(column).tobytes())
        return sha.hexdigest()

    @classmethod
    def from_cirq(cls, circuit: cirq.AbstractCircuit, name: str = "circuit") -> Circuit:
        """Convert a Cirq circuit; needs cirq-core.

        Args:
            circuit: qubits are numbered in Cirq's sorted order; measurement keys become classical registers.
            name: for reports.

        Raises:
            UnsupportedError: for an operation that cannot be decomposed into dqplan's vocabulary.
        """
        # The one upward import of the package: the conversion belongs to `load`, the constructor to its noun.
        from dqplan.load.cirq_circuits.cirq_json import circuit_from_cirq

        return circuit_from_cirq(circuit, name)


@dataclass
class CircuitBuilder:
    """Collects operations row by row and freezes them into a `Circuit`."""

    name: str = "circuit"
    qregs: list[Register] = field(default_factory=list)
    cregs: list[Register] = field(default_factory=list)
    num_qubits: int = 0
    num_clbits: int = 0
    op: array[int] = field(default_factory=lambda: array("B"))
    qubits: array[int] = field(default_factory=lambda: array("i"))
    params: array[float] = field(default_factory=lambda: array("d"))
    clbit: array[int] = field(default_factory=lambda: array("i"))
    condition: array[int] = field(default_factory=lambda: array("i"))
    line: array[int] = field(default_factory=lambda: array("i"))
    conditions: dict[Condition, int] = field(default_factory=dict)

    def add_qreg(self, name: str, size: int) -> Register:
        """Declare `size` more qubits."""
        register = Register(name, self.num_qubits, size)
        self.qregs.append(register)
        self.num_qubits += size
        return register

    def add_creg(self, name: str, size: int) -> Register:
        """Declare `size` more classical bits."""
        register = Register(name, self.num_clbits, size)
        self.cregs.append(register)
        self.num_clbits += size
        return register

    def append(
        self,
        op: int,
        qubits: Sequence[int],
        params: Sequence[float] = (),
        *,
        clbit: int = -1,
        condition: Condition | None = None,
        line: int = 0,
    ) -> None:
        """Add one operation. Operands are not checked here: the reader knows line and spelling, this does not."""
        self.op.append(op)
        self.qubits.extend(qubits)
        self.qubits.extend((-1,) * (MAX_QUBITS - len(qubits)))
        self.params.extend(params)
        self.params.extend((0.0,) * (MAX_PARAMS - len(params)))
        self.clbit.append(clbit)
        self.condition.append(-1 if condition is None else self.conditions.setdefault(condition, len(self.conditions)))
        self.line.append(line)

    def build(self) -> Circuit:
        """The circuit collected so far."""
        return Circuit(
            name=self.name,
            num_qubits=self.num_qubits,
            num_clbits=self.num_clbits,
            op=np.array(self.op, dtype=np.uint8),
            qubits=np.array(self.qubits, dtype=np.int32).reshape(-1, MAX_QUBITS),
            params=np.array(self.params, dtype=np.float64).reshape(-1, MAX_PARAMS),
            clbit=np.array(self.clbit, dtype=np.int32),
            condition=np.array(self.condition, dtype=np.int32),
            line=np.array(self.line, dtype=np.int32),
            conditions=tuple(self.conditions),
            qregs=tuple(self.qregs),
            cregs=tuple(self.cregs),
        )
