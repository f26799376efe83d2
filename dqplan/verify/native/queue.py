"""The operations of the joint program that the replay of a native program has not yet met.

A SWAP of the joint program exchanges what two qubits hold, no more: it only decides on which of these contents later
operations act. A content has the number of the qubit that holds it at the start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import merge

import numpy as np

from dqplan.core.circuit import Circuit, Operation
from dqplan.core.gates import Op, gate_matrix
from dqplan.verify.native.frames import TOLERANCE, distance


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
        rows: all operations of the joint program, on contents.
        left: the numbers of those that do something, SWAPs being exchanges of names.
        outputs: the contents that circuit qubits are at the end.
    """

    def __init__(self, joint: Circuit, outputs: Sequence[int]) -> None:
        self.rows: list[Operation] = []
        self.left: list[int] = []
        self._of_content: list[list[int]] = [[] for _ in range(joint.num_qubits)]
        held = list(range(joint.num_qubits))
        for row, operation in enumerate(joint):
            self.rows.append(operation._replace(qubits=tuple(held[qubit] for qubit in operation.qubits)))
            if operation.op == Op.SWAP and operation.condition is None:
                a, b = operation.qubits
                held[a], held[b] = held[b], held[a]
            elif not does_nothing(operation):
                self.left.append(row)
                for content in self.rows[row].qubits:
                    self._of_content[content].append(row)
        self.outputs = tuple(held[qubit] for qubit in outputs)
        self._met: defaultdict[int, int] = defaultdict(int)

    def head(self, content: int) -> int:
        """The next row on a content; -1 if there is none, as for numbers that stand for places without content."""
        return next(iter(self._ahead(content)), -1)

    def ready(self, row: int) -> bool:
        """Whether a row is the next one on all its contents."""
        return all(self.head(content) == row for content in self.rows[row].qubits)

    def meet(self, row: int) -> None:
        """Take a row that is ready."""
        for content in self.rows[row].qubits:
            self._met[content] += 1

    def first_left(self) -> int:
        """The first row of all; -1 if there is none."""
        heads = (self.head(content) for content in range(len(self._of_content)))
        return min((row for row in heads if row >= 0), default=-1)

    def is_gate_of(self, row: int, contents: set[int]) -> bool:
        """Whether a row is a gate that happens in any case, on some of these contents and no others."""
        return row >= 0 and not is_fixed(self.rows[row]) and contents.issuperset(self.rows[row].qubits)

    def gates_of(self, a: int, b: int) -> Iterator[int]:
        """The next gates that act on nothing but two contents, in order, up to the first other operation on either."""
        last = -1
        for row in merge(self._ahead(a), self._ahead(b)):
            if not self.is_gate_of(row, {a, b}):
                return
            if row != last:
                yield row
            last = row

    def idle(self, content: int) -> bool:
        """Whether a content is wiped before it is used, if ever."""
        row = self.head(content)
        if row < 0:
            return content not in self.outputs
        return self.rows[row].op == Op.RESET and self.rows[row].condition is None

    def _ahead(self, content: int) -> Iterator[int]:
        rows = self._of_content[content] if content < len(self._of_content) else ()
        return (rows[place] for place in range(self._met[content], len(rows)))
