"""The operations of the joint program that the replay of a native program has not yet met, by qubit."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import merge

import numpy as np

from dqplan.core.circuit import Circuit, Operation
from dqplan.core.gates import Op, gate_matrix
from dqplan.verify.frames import TOLERANCE, distance


def is_fixed(operation: Operation) -> bool:
    """Whether an operation keeps its place among all such: all but gates that happen in any case."""
    return operation.op >= Op.EPR or operation.condition is not None


def does_nothing(operation: Operation) -> bool:
    """Whether an operation is an identity under a condition, which a compiler may leave out."""
    if operation.condition is None or operation.op >= Op.EPR:
        return False
    unitary = gate_matrix(operation.op, operation.params)
    return distance(unitary, np.eye(len(unitary), dtype=np.complex128)) <= TOLERANCE


class Queue:
    """What is still to come.

    Attributes:
        rows: all operations of the joint program.
        left: the numbers of those that do something.
    """

    def __init__(self, joint: Circuit, outputs: Sequence[int]) -> None:
        self.rows: list[Operation] = list(joint)
        self._outputs = frozenset(outputs)
        self._of_qubit: list[list[int]] = [[] for _ in range(joint.num_qubits)]
        self.left = [row for row, operation in enumerate(self.rows) if not does_nothing(operation)]
        for row in self.left:
            for qubit in self.rows[row].qubits:
                self._of_qubit[qubit].append(row)
        self._met: defaultdict[int, int] = defaultdict(int)

    def head(self, qubit: int) -> int:
        """The next row on a qubit; -1 if there is none. Numbers that no qubit has stand for places without one."""
        return next(iter(self._ahead(qubit)), -1)

    def ready(self, row: int) -> bool:
        """Whether a row is the next one on all its qubits."""
        return all(self.head(qubit) == row for qubit in self.rows[row].qubits)

    def meet(self, row: int) -> None:
        """Take a row that is ready."""
        for qubit in self.rows[row].qubits:
            self._met[qubit] += 1

    def first_left(self) -> int:
        """The first row of all; -1 if there is none."""
        return min((row for qubit in range(len(self._of_qubit)) if (row := self.head(qubit)) >= 0), default=-1)

    def is_gate_of(self, row: int, qubits: set[int]) -> bool:
        """Whether a row is a gate that happens in any case, on some of these qubits and no others."""
        return row >= 0 and not is_fixed(self.rows[row]) and qubits.issuperset(self.rows[row].qubits)

    def gates_of(self, a: int, b: int) -> Iterator[int]:
        """The next gates that act on nothing but two qubits, in order, up to the first other operation on either."""
        last = -1
        for row in merge(self._ahead(a), self._ahead(b)):
            if not self.is_gate_of(row, {a, b}):
                return
            if row != last:
                yield row
            last = row

    def idle(self, qubit: int) -> bool:
        """Whether what a qubit holds is wiped before it is used, if ever; SWAPs carry it from one to the other."""
        row = self.head(qubit)
        while row >= 0:
            operation = self.rows[row]
            if operation.condition is not None or operation.op not in (Op.SWAP, Op.RESET):
                return False
            if operation.op == Op.RESET:
                return True
            a, b = operation.qubits
            qubit = b if qubit == a else a
            later = self._of_qubit[qubit][bisect_right(self._of_qubit[qubit], row) :][:1]
            row = later[0] if later else -1
        return qubit not in self._outputs

    def _ahead(self, qubit: int) -> Iterator[int]:
        rows = self._of_qubit[qubit] if qubit < len(self._of_qubit) else ()
        return (rows[place] for place in range(self._met[qubit], len(rows)))
