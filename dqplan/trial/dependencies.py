"""What must be over before an operation of a program may start.

On each qubit, consecutive operations on one axis (`core.commuting`) form a group: they may happen in any order, but one
at a time, and after all of the group before. Classical bits are written before they are read, and read before they are
written again. A qubit is fetched from memory when all else that its next operation needs is ready, and not before:
otherwise it would wait in the data qubit again, which forgets faster.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dqplan.core.commuting import AXES, Axis
from dqplan.core.program import Program
from dqplan.core.touches import Touches, touches_of
from dqplan.model.clock import Messages, messages_of

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
        waits: for some rows, those whose classical bits they need, or that tell them to fetch a qubit, each with
            seconds that the message takes.
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
        waits=_merged(messages_of(program, latency_s), _fetches(program, touches, latency_s)),
    )


def _merged(waits: Messages, more: Messages) -> Messages:
    """Both; a row may wait for another twice."""
    return {row: [*waits.get(row, ()), *more.get(row, ())] for row in waits.keys() | more.keys()}


def _fetches(program: Program, touches: Touches, latency_s: NDArray[np.float64]) -> Messages:
    """What fetching a qubit from memory waits for: what is done before with the partners in its next operation.

    Only what stands before in the program counts, so that nothing waits in a circle.
    """
    if program.trace is None or not program.trace.fetches:
        return {}
    circuit, module = program.circuit, program.module_of_row.tolist()
    bounds = np.searchsorted(touches.qubit, np.arange(circuit.num_qubits + 1)).tolist()
    rows = [touches.row[start:end].tolist() for start, end in pairwise(bounds)]
    waits: Messages = {}
    for row, swap in program.trace.fetches.items():
        brought = int(circuit.qubits[swap, 1])
        use = rows[brought][bisect_right(rows[brought], swap)]
        for partner in circuit[use].qubits:
            before = bisect_left(rows[partner], row) - 1
            if partner != brought and before >= 0:
                source = rows[partner][before]
                waits.setdefault(row, []).append((source, float(latency_s[module[source], module[row]])))
    return waits
