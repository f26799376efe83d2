"""What must be over before an operation of a program may start.

On each qubit, consecutive operations on one axis (`core.commuting`) form a group: they may happen in any order, but one
at a time, and after all of the group before. Classical bits are written before they are read, and read before they are
written again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dqplan.core.commuting import AXES, Axis
from dqplan.core.program import Program
from dqplan.core.touches import touches_of
from dqplan.model.clock import messages_of

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Dependencies:
    """The groups of a program's operations, and its classical dependencies.

    Attributes:
        groups: int64 (n, 3), the group of each operand, -1 behind the last. Groups of one qubit are numbered one after
            the other, in order.
        rows: int64 (t,), the rows by group.
        first_row: int64 (g + 1,), where each group begins in `rows`.
        opens: bool (g,), whether the group is the first of its qubit.
        waits: for some rows, those whose classical bits they need, each with seconds that the message takes.
    """

    groups: Ints
    rows: Ints
    first_row: Ints
    opens: NDArray[np.bool_]
    waits: dict[int, list[tuple[int, float]]]

    @cached_property
    def heard_by(self) -> dict[int, list[tuple[int, float]]]:
        """The inverse of `waits`: the rows that wait for a row."""
        found: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
        for row, sources in self.waits.items():
            for source, seconds in sources:
                found[source].append((row, seconds))
        return dict(found)

    def members(self, group: int) -> list[int]:
        """The rows of a group, in program order."""
        found: list[int] = self.rows[self.first_row[group] : self.first_row[group + 1]].tolist()
        return found

    def follows(self, group: int) -> bool:
        """Whether there is a next group on the same qubit."""
        return group + 1 < len(self.opens) and not self.opens[group + 1]


def dependencies_of(program: Program, latency_s: NDArray[np.float64]) -> Dependencies:
    """The dependencies of the joint program.

    Args:
        program: its joint program is read.
        latency_s: shape (k, k), seconds of a classical message between modules.
    """
    circuit = program.circuit
    touches = touches_of(circuit)
    operand = np.argmax(circuit.qubits[touches.row] == touches.qubit[:, None], axis=1)
    axis = AXES[circuit.op[touches.row], operand]
    begins = touches.first.copy()
    begins[1:] |= (axis[1:] != axis[:-1]) | (axis[1:] == Axis.ANY)
    group = np.cumsum(begins) - 1
    groups = np.full(circuit.qubits.shape, -1, dtype=np.int64)
    groups[touches.row, operand] = group
    starts = np.flatnonzero(begins)
    return Dependencies(
        groups=groups,
        rows=touches.row,
        first_row=np.append(starts, len(group)),
        opens=touches.first[starts],
        waits=messages_of(program, latency_s),
    )
