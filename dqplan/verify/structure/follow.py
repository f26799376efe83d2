"""Joint program -> logical steps: every operation is followed on the forms that the physical qubits hold.

No protocol is looked for. A share, a routed share, a teleport, a parked copy, a host or a stretch of flips is accepted
because of what its operations do to forms and signs, whatever their order.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op, one_qubit_matrix
from dqplan.core.touches import touches_of
from dqplan.load.emitted import Emitted
from dqplan.verify.structure.forms import NOTHING, ONE, FaultError, LostError
from dqplan.verify.structure.gates import Gates
from dqplan.verify.structure.steps import Do, Step

_END = 255
"""Stands for the operation behind a qubit's last one."""


@dataclass(frozen=True)
class Followed:
    """What the joint program does to logical qubits.

    Attributes:
        steps: in an order in which they may be done.
        outputs: the logical qubit that each circuit qubit is at the end; at the start, it has its own number.
    """

    steps: list[Step]
    outputs: list[int]


class StoppedError(Exception):
    """The program could not be followed to its end: why, at which row, and whether that proves it wrong."""

    def __init__(self, reason: str, row: int, *, wrong: bool) -> None:
        super().__init__(reason)
        self.row = row
        self.wrong = wrong


def follow(emitted: Emitted, resets: Sequence[int]) -> Followed:
    """Rebuild the logical circuit from the joint program.

    Qubits that hold no input begin in |0>.

    Args:
        emitted: read back.
        resets: the logical qubits that the circuit resets, in its order. It is used, not believed: when a qubit begins
            anew in another place, one of those that were given up is chosen by it, and a wrong choice cannot match.

    Raises:
        StoppedError: at the first operation that makes no sense.
    """
    follower = _Follower(emitted, resets)
    row = -1
    try:
        for row, operation in enumerate(emitted.joint):
            follower.forms.line = operation.line
            follower.take(row, operation.op, operation.qubits, operation.params, operation.clbit)
        row = len(emitted.joint)
        return Followed(follower.forms.steps, follower.outputs())
    except (FaultError, LostError) as stop:
        raise StoppedError(str(stop), row, wrong=isinstance(stop, FaultError)) from None


class _Follower(Gates):
    def __init__(self, emitted: Emitted, resets: Sequence[int]) -> None:
        super().__init__(emitted)
        self.outputs_at = frozenset(emitted.output)
        self.condition: list[int] = emitted.joint.condition.tolist()
        self.behind, first = _rows_behind(emitted.joint)
        self.seen = _seen(emitted.joint)
        self.given_up: dict[int, int] = {}
        """Where logical qubits wait for a reset in another place; -1 if that place is used for something else."""
        self.resets: dict[int, list[int]] = {}
        for place, logical in reversed(list(enumerate(resets))):
            self.resets.setdefault(logical, []).append(place)
        for place in emitted.input:
            self._leave(place, first[place])

    def take(self, row: int, op: Op, qubits: tuple[int, ...], params: tuple[float, ...], clbit: int) -> None:
        """Follow one operation."""
        condition = self.condition[row]
        if op is Op.MEASURE:
            self._measure(qubits[0], clbit, condition)
        elif op is Op.RESET:
            self._reset(row, qubits[0], condition)
        elif len(qubits) == 1:
            self.turn(qubits[0], one_qubit_matrix(op, params), condition)
        elif op in (Op.CZ, Op.CP):
            self.phase(qubits[0], qubits[1], params[0] if params else math.pi, condition)
        elif op is Op.CX:
            self.flip_by(qubits[0], qubits[1], condition)
        elif op in (Op.SWAP, Op.EPR) and condition < 0:
            (self.exchange if op is Op.SWAP else self.entangle)(*qubits)
        else:
            raise LostError(f"{op.spelling} of several qubits{' under a condition' if condition >= 0 else ''}")
        for place, following in zip(qubits, self.behind[row], strict=False):
            self._leave(place, following)

    # -- measurements and resets -------------------------------------------------------------------------------------

    def _measure(self, place: int, clbit: int, condition: int) -> None:
        if clbit in self.bit:
            guard = self.no_message(condition)
            logical = self.forms.settle(place)
            step = Step(Do.MEASURE, (logical,), clbit=self.bit[clbit], guard=guard, line=self.forms.line)
            self.forms.do(step)
            self.overwrite(self.bit[clbit])
            return
        name = self.emitted.clbit_names[clbit]
        if clbit in self.known or condition >= 0:
            raise FaultError(f"{name} is written {'under a condition' if condition >= 0 else 'a second time'}")
        form = self.held(place)
        free = self.forms.free_in(form)
        logical = next(filter(self.forms.is_logical, sorted(form)), -1)
        if free:
            message = frozenset({ONE - 1 - clbit})
            self.forms.substitute(free[-1], form ^ {free[-1]} ^ message)
        elif logical >= 0:
            raise FaultError(f"the measurement of {self.emitted.qubit_names[place]} reveals qubit {logical}")
        self.known[clbit] = self.held(place)

    def _reset(self, row: int, place: int, condition: int) -> None:
        if condition >= 0:
            guard, logical = self.no_message(condition), self.alone(place)
            self.forms.do(Step(Do.RESET, (logical,), guard=guard, line=self.forms.line))
            return
        logical = self._dropped(place)
        self.forms.put(place, NOTHING)
        begins = not self.emitted.is_comm[place] and not self._makes_way(row, place)
        if logical >= 0 and begins:
            self._begin(logical, place)
        elif logical >= 0:
            self.given_up[logical] = -1
        elif begins and self.given_up:
            self._begin(min(self.given_up, key=self._next_reset), place)

    def _makes_way(self, row: int, place: int) -> bool:
        """Whether a reset only makes room: a SWAP takes the |0> away, and it is thrown away wherever it comes to."""
        following = self.behind[row][0]
        if self.seen[following] != Op.SWAP:
            return False
        while self.seen[following] == Op.SWAP:
            ends = self.emitted.joint.qubits[following, :2].tolist()
            place = ends[1 - ends.index(place)]
            following = self.behind[following][ends.index(place)]
        return self._is_thrown_away(place, following)

    def _next_reset(self, logical: int) -> int:
        """When the circuit resets a logical qubit next, as far as that can be told without its hidden SWAPs."""
        return self.resets[logical][-1] if self.resets.get(logical) else sys.maxsize

    def _dropped(self, place: int) -> int:
        """The logical qubit that a reset throws away, -1 if none; it must be the only copy."""
        form = self.forms.form[place] or NOTHING
        quantum = [symbol for symbol in form if symbol >= 0]
        if not quantum:
            return -1
        name = self.emitted.qubit_names[place]
        logical = quantum[0]
        if len(quantum) > 1 or not self.forms.is_alone(place, logical):
            raise FaultError(f"{name} is reset while it is one of several copies, or half of an e-bit")
        return logical if self.forms.is_logical(logical) else -1

    def _begin(self, logical: int, place: int) -> None:
        """A reset of a logical qubit, which is in this place from now on."""
        old = self.given_up.pop(logical, -1)
        if old >= 0 and self.forms.holders[logical] == {old}:
            self.forms.put(old, None)
        self.forms.signs.pop(logical, None)
        if self.resets.get(logical):
            self.resets[logical].pop()
        self.forms.put(place, frozenset({logical}))
        self.forms.own[place] = logical
        self.forms.do(Step(Do.RESET, (logical,), line=self.forms.line))

    def _leave(self, place: int, following: int) -> None:
        """Nothing looks at a place any more before its next reset: the qubit there may begin anew elsewhere."""
        if not self._is_thrown_away(place, following):
            return
        logical = next(filter(self.forms.is_logical, self.forms.form[place] or NOTHING), -1)
        if logical >= 0 and self.forms.is_alone(place, logical):
            self.given_up[logical] = place

    def _is_thrown_away(self, place: int, following: int) -> bool:
        """Whether a place's next row is a reset, or it has none and is no output."""
        op = self.seen[following]
        return op == Op.RESET or (op == _END and place not in self.outputs_at)

    def outputs(self) -> list[int]:
        """The logical qubit in each place that the layout calls an output."""
        found = []
        for number, place in enumerate(self.emitted.output):
            try:
                logical = self.alone(place)
            except FaultError as fault:
                rows = np.flatnonzero((self.emitted.joint.qubits == place).any(axis=1)).tolist()
                row = rows[-1] if rows else len(self.emitted.joint)
                reason = f"behind this, at the end of circuit qubit {number}: {fault}"
                raise StoppedError(reason, row, wrong=True) from None
            found.append(logical)
        return found


def _rows_behind(joint: Circuit) -> tuple[list[list[int]], list[int]]:
    """For each operand of each row the next row of its qubit, and for each qubit the first one; else their number."""
    touches = touches_of(joint)
    behind = np.where(touches.last, len(joint), np.roll(touches.row, -1))
    first = np.full(joint.num_qubits, len(joint), dtype=np.int64)
    first[touches.qubit[touches.first]] = touches.row[touches.first]
    found: NDArray[np.int64] = np.full(joint.qubits.shape, len(joint), dtype=np.int64)
    operand = (joint.qubits[touches.row] == touches.qubit[:, None]).argmax(axis=1)
    found[touches.row, operand] = behind
    return found.tolist(), first.tolist()


def _seen(joint: Circuit) -> list[int]:
    """The operation of each row, `_END` behind the last; a conditional reset counts as an identity."""
    hidden = (joint.op == Op.RESET) & (joint.condition >= 0)
    return [*np.where(hidden, np.int64(Op.ID), joint.op.astype(np.int64)).tolist(), _END]
