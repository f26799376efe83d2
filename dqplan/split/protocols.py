"""The protocols that move and copy qubits, as rows of operations on slots.

All of them use local operations, one message bit per measurement, and e-bits |00> + |11>:

- share: the cat-entangler, which copies a qubit's Z basis (Eisert et al., quant-ph/0005101; Yimsiriwattana & Lomonaco,
  quant-ph/0402148): a|0> + b|1> becomes a|00> + b|11>;
- unshare: the cat-disentangler, which removes either copy. Removing the original completes a teleport;
- swap: entanglement swapping, which joins two e-bits that end in the same module (Zukowski et al., PRL 71, 4287).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import MAX_PARAMS, Op
from dqplan.split.slots import Side, Slot, Slots

SLOTS_PER_ROW = 2
_NO_PARAMS = (0.0,) * MAX_PARAMS
_WIDTHS = {"op": 1, "slots": SLOTS_PER_ROW, "params": MAX_PARAMS, "clbit": 1, "condition": 1, "message": 1, "line": 1}
"""Numbers per row of each column."""


@dataclass
class Script:
    """Operations on slots in program order, as columns, because there may be millions of them.

    Attributes:
        op: codes of `gates.Op`.
        slots: `SLOTS_PER_ROW` per row, -1 behind the last.
        params: `MAX_PARAMS` per row, 0 behind the last.
        clbit: where a measurement of the input circuit writes, else -1.
        condition: of the input circuit, else -1.
        message: the bit that a measurement writes or that a correction waits for, else -1.
        line: of the input circuit, else 0.
        comments: what a row begins, in words, for the reader.
        num_messages: how many message bits there are.
        event_row: the first row of each event so far.
        homes: (row, wire, slot): from the row on, the wire is at home in the slot.
        fetches: rows that wait until a qubit is needed, and the SWAP that brings it to the slot where it is.
    """

    op: array[int] = field(default_factory=lambda: array("B"))
    slots: array[int] = field(default_factory=lambda: array("i"))
    params: array[float] = field(default_factory=lambda: array("d"))
    clbit: array[int] = field(default_factory=lambda: array("i"))
    condition: array[int] = field(default_factory=lambda: array("i"))
    message: array[int] = field(default_factory=lambda: array("i"))
    line: array[int] = field(default_factory=lambda: array("i"))
    comments: dict[int, str] = field(default_factory=dict)
    num_messages: int = 0
    event_row: array[int] = field(default_factory=lambda: array("q"))
    homes: list[tuple[int, int, Slot]] = field(default_factory=list)
    fetches: dict[int, int] = field(default_factory=dict)

    def _add(
        self,
        op: Op,
        slots: tuple[Slot, ...],
        params: tuple[float, ...] = (),
        clbit: int = -1,
        condition: int = -1,
        message: int = -1,
        line: int = 0,
    ) -> None:
        self.op.append(op)
        self.slots.extend(slots if len(slots) == SLOTS_PER_ROW else (slots[0], -1))
        self.params.extend(params + _NO_PARAMS[len(params) :])
        self.clbit.append(clbit)
        self.condition.append(condition)
        self.message.append(message)
        self.line.append(line)

    def part(self, kept: NDArray[np.bool_]) -> Script:
        """Some of the rows; a remark about a row that is gone stands before the next one."""
        columns: dict[str, Any] = {
            name: _numbers(getattr(self, name), np.repeat(kept, width)) for name, width in _WIDTHS.items()
        }
        place: NDArray[np.int64] = np.concatenate([[0], np.cumsum(kept)])
        return Script(
            **columns,
            comments={int(place[row]): text for row, text in self.comments.items()},
            num_messages=self.num_messages,
            event_row=array("q", place[np.array(self.event_row, dtype=np.int64)].tobytes()),
            homes=[(int(place[row]), wire, slot) for row, wire, slot in self.homes],
            fetches={int(place[row]): int(place[swap]) for row, swap in self.fetches.items()},
        )

    def remark(self, text: str) -> None:
        """Say what the next row begins."""
        self.comments[len(self.op)] = text

    def do(self, op: Op, *slots: Slot, params: tuple[float, ...] = (), condition: int = -1, line: int = 0) -> None:
        """A gate or reset, under a condition of the input circuit if `condition` is not -1."""
        self._add(op, slots, params, condition=condition, line=line)

    def measure(self, slot: Slot, clbit: int, condition: int, line: int) -> None:
        """A measurement of the input circuit."""
        self._add(Op.MEASURE, (slot,), clbit=clbit, condition=condition, line=line)

    def send(self, slot: Slot) -> int:
        """Measure a slot into a new message bit, whose number is returned."""
        self.num_messages += 1
        self._add(Op.MEASURE, (slot,), message=self.num_messages - 1)
        return self.num_messages - 1

    def correct(self, op: Op, slot: Slot, message: int) -> None:
        """A Pauli if the message bit is 1."""
        self._add(op, (slot,), message=message)

    def ebit(self, a: Slot, b: Slot) -> None:
        """Generate an e-bit between two comm qubits of neighbouring modules."""
        self.do(Op.RESET, a)
        self.do(Op.RESET, b)
        self.do(Op.EPR, a, b)

    def route(self, ends: Sequence[tuple[Slot, Slot]]) -> None:
        """One e-bit between the first and the last slot, over the links between the pairs of `ends`."""
        for a, b in ends:
            self.ebit(a, b)
        far = ends[-1][1]
        for (_, left), (right, _) in pairwise(ends):
            self.do(Op.CX, left, right)
            self.correct(Op.X, far, self.send(right))
            self.do(Op.H, left)
            self.correct(Op.Z, far, self.send(left))

    def entangle(self, source: Slot, near: Slot, far: Slot) -> None:
        """Copy `source` to `far`, using up the e-bit between `near`, in the source's module, and `far`."""
        self.do(Op.CX, source, near)
        self.correct(Op.X, far, self.send(near))

    def teleport(self, source: Slot, near: Slot, far: Slot) -> None:
        """Move what `source` holds to `far`, using up the e-bit between `near`, in the source's module, and `far`."""
        self.entangle(source, near, far)
        self.disentangle(source, far)

    def fetch(self, slots: tuple[Slot, Slot], waiting: Sequence[int] = ()) -> None:
        """Exchange two slots to bring a qubit to the second when it is needed there, and no sooner.

        Args:
            slots: where it is, and where it is needed.
            waiting: rows that serve nothing but this, and wait, too.
        """
        row = len(self.op)
        self.fetches |= dict.fromkeys((*waiting, row), row)
        self.do(Op.SWAP, *slots)

    def disentangle(self, copy: Slot, remaining: Slot) -> None:
        """Remove one copy of a qubit that `remaining` holds too."""
        self.do(Op.H, copy)
        self.correct(Op.Z, remaining, self.send(copy))


def joined(script: Script, slots: Slots, route: Sequence[int]) -> tuple[Slot, Slot]:
    """Make an e-bit along a route of modules; returns its halves. The comm qubits in between are free again."""
    ends = [(slots.take(a, Side.COMM), slots.take(b, Side.COMM)) for a, b in pairwise(route)]
    script.route(ends)
    near, *between, far = [slot for pair in ends for slot in pair]
    for slot in between:
        slots.release(slot)
    return near, far


def _numbers(column: array[Any], kept: NDArray[np.bool_]) -> array[Any]:
    """Some numbers of a column."""
    return array(column.typecode, np.array(column)[kept].tobytes())
