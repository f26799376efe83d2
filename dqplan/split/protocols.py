"""The protocols that move and copy qubits, as rows of operations on slots.

All of them use local operations, one message bit per measurement, and e-bits |00> + |11>:

- share: the cat-entangler, which copies a qubit's Z basis (Eisert et al., quant-ph/0005101; Yimsiriwattana & Lomonaco,
  quant-ph/0402148): a|0> + b|1> becomes a|00> + b|11>;
- unshare: the cat-disentangler, which removes either copy. Removing the original completes a teleport;
- swap: entanglement swapping, which joins two e-bits that end in the same module (Zukowski et al., PRL 71, 4287).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dqplan.core.gates import Op
from dqplan.split.slots import Slot


@dataclass(slots=True)
class Row:
    """One operation on slots. `message` is the bit that a measurement writes or that a correction waits for."""

    op: Op
    slots: tuple[Slot, ...]
    params: tuple[float, ...] = ()
    clbit: int = -1
    condition: int = -1
    message: int = -1
    line: int = 0


@dataclass
class Script:
    """Rows in program order, with remarks for the reader, and the count of message bits."""

    rows: list[Row] = field(default_factory=list)
    comments: dict[int, str] = field(default_factory=dict)
    num_messages: int = 0

    def remark(self, text: str) -> None:
        """Say what the next row begins."""
        self.comments[len(self.rows)] = text

    def do(self, op: Op, *slots: Slot, params: tuple[float, ...] = (), condition: int = -1, line: int = 0) -> None:
        """A gate or reset, under a condition of the input circuit if `condition` is not -1."""
        self.rows.append(Row(op, slots, params, condition=condition, line=line))

    def measure(self, slot: Slot, clbit: int, condition: int, line: int) -> None:
        """A measurement of the input circuit."""
        self.rows.append(Row(Op.MEASURE, (slot,), clbit=clbit, condition=condition, line=line))

    def message(self, slot: Slot) -> int:
        """Measure a slot into a new message bit."""
        self.num_messages += 1
        self.rows.append(Row(Op.MEASURE, (slot,), message=self.num_messages - 1))
        return self.num_messages - 1

    def correct(self, op: Op, slot: Slot, message: int) -> None:
        """A Pauli if the message bit is 1."""
        self.rows.append(Row(op, (slot,), message=message))

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
            self.correct(Op.X, far, self.message(right))
            self.do(Op.H, left)
            self.correct(Op.Z, far, self.message(left))

    def entangle(self, source: Slot, near: Slot, far: Slot) -> None:
        """Copy `source` to `far`, using up the e-bit between `near`, in the source's module, and `far`."""
        self.do(Op.CX, source, near)
        self.correct(Op.X, far, self.message(near))

    def disentangle(self, copy: Slot, remaining: Slot) -> None:
        """Remove one copy of a qubit that `remaining` holds too."""
        self.do(Op.H, copy)
        self.correct(Op.Z, remaining, self.message(copy))
