"""The calls of a program, collected as numbers and written out as circuit columns in one vectorised step.

A call is (block, wires): which gate sequence, on which qubits. Equal blocks and equal wires are stored once, so that a
program of 10^6 statements costs a few numbers per statement.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit, Condition, Register
from dqplan.core.gates import MAX_PARAMS, MAX_QUBITS, NUM_QUBITS, Op
from dqplan.load.openqasm.blocks import Block

Ints = NDArray[np.int64]
MAX_OPERATIONS = 20_000_000
"""A program that expands to more operations than this is refused: its columns would need more than a gigabyte."""
_NO_QUBITS = (-1,) * MAX_QUBITS
_NO_PARAMS = (0.0,) * MAX_PARAMS
_IN_ORDER = [array("i", [i if i < width else -1 for i in range(MAX_QUBITS)]) for width in NUM_QUBITS.tolist()]
_CHUNK = 1 << 18
"""Calls that are written out at a time, which bounds the temporary memory."""


class TooManyOperationsError(Exception):
    """The program expands to more than MAX_OPERATIONS operations."""


@dataclass
class CallTable:
    """Blocks, wires and calls so far. Numbers returned by `add_block` and `add_wires` identify their entries."""

    block_of: array[int] = field(default_factory=lambda: array("i"))
    wires_of: array[int] = field(default_factory=lambda: array("i"))
    line_of: array[int] = field(default_factory=lambda: array("i"))
    conditions: dict[Condition, int] = field(default_factory=dict)
    _conditional_calls: array[int] = field(default_factory=lambda: array("q"))
    _condition_of: array[int] = field(default_factory=lambda: array("i"))
    _ops: array[int] = field(default_factory=lambda: array("B"))
    _local: array[int] = field(default_factory=lambda: array("i"))
    _params: array[float] = field(default_factory=lambda: array("d"))
    _block_start: array[int] = field(default_factory=lambda: array("q", [0]))
    _qubits: array[int] = field(default_factory=lambda: array("i"))
    _wires_start: array[int] = field(default_factory=lambda: array("q"))
    _clbits: dict[tuple[int, ...], tuple[int, ...]] = field(default_factory=dict)
    _clbit: array[int] = field(default_factory=lambda: array("i"))

    def add_block(self, block: Block) -> int:
        """Store a gate sequence; its phase is global here and is dropped.

        Raises:
            TooManyOperationsError: the sequences together hold more than MAX_OPERATIONS operations.
        """
        if len(self._ops) + len(block.rows) > MAX_OPERATIONS:
            raise TooManyOperationsError
        for op, qubits, params in block.rows:
            self._ops.append(op)
            self._local.extend(qubits)
            self._local.extend(_NO_QUBITS[len(qubits) :])
            self._params.extend(params)
            self._params.extend(_NO_PARAMS[len(params) :])
        return self._end_block()

    def add_gate(self, op: Op, params: tuple[float, ...]) -> int:
        """Store a single gate, like `add_block(gate_block(op, params))`."""
        self._ops.append(op)
        self._local.extend(_IN_ORDER[op])
        self._params.extend(params + _NO_PARAMS[len(params) :])
        return self._end_block()

    def add_wires(self, qubits: Sequence[int], clbit: int = -1) -> int:
        """Store operands; `clbit` is where a measurement writes."""
        self._wires_start.append(len(self._qubits))
        self._qubits.extend(qubits)
        self._clbit.append(clbit)
        return len(self._clbit) - 1

    def add(self, block: int, wires: int, line: int, condition: Condition | None = None) -> None:
        """Append a call.

        Raises:
            TooManyOperationsError: counted in calls here; in operations when the columns are built.
        """
        if condition is not None:
            self._conditional_calls.append(len(self.block_of))
            number = self.conditions.get(condition)
            if number is None:
                number = self.conditions[self.lean(condition)] = len(self.conditions)
            self._condition_of.append(number)
        self.block_of.append(block)
        self.wires_of.append(wires)
        self.line_of.append(line)
        if len(self.block_of) > MAX_OPERATIONS:
            raise TooManyOperationsError

    def lean(self, condition: Condition) -> Condition:
        """The same, with equal bits stored once: programs compare one long register with many numbers."""
        terms = [replace(term, clbits=self._clbits.setdefault(term.clbits, term.clbits)) for term in condition.terms]
        return replace(condition, terms=tuple(terms))

    def build(self, name: str, qregs: Sequence[Register], cregs: Sequence[Register]) -> Circuit:
        """All calls as a circuit.

        Raises:
            TooManyOperationsError: for more than MAX_OPERATIONS operations.
        """
        starts = np.array(self._block_start, dtype=np.int64)
        blocks = np.array(self.block_of, dtype=np.int64)
        lengths = np.diff(starts)[blocks]
        total = int(lengths.sum())
        if total > MAX_OPERATIONS:
            raise TooManyOperationsError
        columns = _Columns.empty(total)
        self._write(columns, starts[blocks], lengths)
        return Circuit(
            name=name,
            num_qubits=sum(register.size for register in qregs),
            num_clbits=sum(register.size for register in cregs),
            op=columns.op,
            qubits=columns.qubits,
            params=columns.params,
            clbit=columns.clbit,
            condition=columns.condition,
            line=columns.line,
            conditions=tuple(self.conditions),
            qregs=tuple(qregs),
            cregs=tuple(cregs),
        )

    def _end_block(self) -> int:
        self._block_start.append(len(self._ops))
        return len(self._block_start) - 2

    def _write(self, columns: _Columns, starts: Ints, lengths: Ints) -> None:
        ops = np.array(self._ops, dtype=np.uint8)
        local = np.array(self._local, dtype=np.int32).reshape(-1, MAX_QUBITS)
        params = np.array(self._params, dtype=np.float64).reshape(-1, MAX_PARAMS)
        qubits = np.array(self._qubits, dtype=np.int32)
        wires_start, clbit = np.array(self._wires_start, dtype=np.int64), np.array(self._clbit, dtype=np.int32)
        wires, lines = np.array(self.wires_of, dtype=np.int64), np.array(self.line_of, dtype=np.int32)
        conditions = np.full(len(wires), -1, dtype=np.int32)
        conditions[np.array(self._conditional_calls, dtype=np.int64)] = self._condition_of
        end = 0
        for first in range(0, len(wires), _CHUNK):
            call = np.repeat(np.arange(first, min(first + _CHUNK, len(wires))), lengths[first : first + _CHUNK])
            begin, end = end, end + len(call)
            rows = _ragged(starts, lengths, call)
            part = slice(begin, end)
            columns.op[part] = ops[rows]
            columns.params[part] = params[rows]
            operand = wires_start[wires[call]][:, None] + local[rows]
            columns.qubits[part] = np.where(local[rows] < 0, -1, qubits[np.minimum(operand, len(qubits) - 1)])
            columns.clbit[part] = np.where(ops[rows] == Op.MEASURE, clbit[wires[call]], -1)
            columns.condition[part] = conditions[call]
            columns.line[part] = lines[call]


@dataclass
class _Columns:
    op: NDArray[np.uint8]
    qubits: NDArray[np.int32]
    params: NDArray[np.float64]
    clbit: NDArray[np.int32]
    condition: NDArray[np.int32]
    line: NDArray[np.int32]

    @classmethod
    def empty(cls, rows: int) -> _Columns:
        return cls(
            np.empty(rows, dtype=np.uint8),
            np.empty((rows, MAX_QUBITS), dtype=np.int32),
            np.empty((rows, MAX_PARAMS), dtype=np.float64),
            np.empty(rows, dtype=np.int32),
            np.empty(rows, dtype=np.int32),
            np.empty(rows, dtype=np.int32),
        )


def _ragged(starts: Ints, lengths: Ints, call: Ints) -> Ints:
    """Row numbers start, start + 1, … of each call; `call` repeats every call's number once per row."""
    if not len(call):
        return call
    ends = np.cumsum(lengths[call[0] : call[-1] + 1])
    offset = np.arange(len(call)) - (ends - lengths[call[0] : call[-1] + 1])[call - call[0]]
    rows: Ints = starts[call] + offset
    return rows
