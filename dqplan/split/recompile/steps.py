"""The operations of each module, in the order of the joint program, as they go through routing and translation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dqplan.core.circuit import Operation
from dqplan.core.gates import Op
from dqplan.core.program import Program

ADDED = -1
"""The row of a SWAP that routing put in."""
SWAPPED = Operation(Op.SWAP, (), (), -1, None, 0)


class Step(NamedTuple):
    """One operation of a module.

    Attributes:
        row: of the joint program, or `ADDED`.
        operation: what happens.
        qubits: of the module; their contents before routing, their places behind it. An e-bit has one here.
    """

    row: int
    operation: Operation
    qubits: tuple[int, ...]

    @property
    def fixed(self) -> bool:
        """Whether it keeps its place among all such operations: all but gates that happen in any case."""
        op = self.operation.op
        return op >= Op.EPR or self.operation.condition is not None

    @property
    def wipes(self) -> bool:
        """Whether what the qubit held does not matter."""
        return self.operation.op == Op.RESET and self.operation.condition is None

    @property
    def exchanges(self) -> bool:
        """Whether it is a SWAP that happens in any case."""
        return self.operation.op == Op.SWAP and self.operation.condition is None


def added_swap(a: int, b: int) -> Step:
    """A SWAP of two places."""
    return Step(ADDED, SWAPPED, (a, b))


def steps_by_module(program: Program, local: Sequence[int]) -> dict[int, list[Step]]:
    """The steps of every module in use; `local` numbers the joint program's qubits within their modules."""
    module_of = program.module_of.tolist()
    found: dict[int, list[Step]] = {module: [] for module in sorted(set(module_of))}
    for row, operation in enumerate(program.circuit):
        if operation.op == Op.EPR:
            for qubit in operation.qubits:
                found[module_of[qubit]].append(Step(row, operation, (local[qubit],)))
        else:
            qubits = tuple(local[qubit] for qubit in operation.qubits)
            found[module_of[operation.qubits[0]]].append(Step(row, operation, qubits))
    return found
