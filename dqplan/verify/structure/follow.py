"""Joint program -> logical steps: every operation is followed on the forms that the physical qubits hold.

No protocol is looked for. A share, a routed share, a teleport, a parked copy, a host or a stretch of flips is accepted
because of what its operations do to forms and signs, whatever their order.
"""

from __future__ import annotations

import cmath
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dqplan.core.circuit import Circuit, Condition
from dqplan.core.gates import Matrix2, Op, one_qubit_matrix
from dqplan.core.touches import touches_of
from dqplan.verify.readback import Emitted
from dqplan.verify.structure.forms import NOTHING, ONE, Fault, Form, Forms, H, Lost
from dqplan.verify.structure.steps import Do, Guard, Step, plain_guard

_EXACT = 1e-12
"""Angles this near to π are π."""
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


class Stopped(Exception):
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
            anew in another place, one of them is chosen by it, and a wrong choice cannot match.

    Raises:
        Stopped: at the first operation that makes no sense.
    """
    follower = _Follower(emitted, resets)
    row = -1
    try:
        for row, operation in enumerate(emitted.joint):
            follower.forms.line = operation.line
            follower.take(row, operation.op, operation.qubits, operation.params, operation.clbit)
        row = len(emitted.joint)
        return Followed(follower.forms.steps, follower.outputs())
    except (Fault, Lost) as stop:
        raise Stopped(str(stop), row, wrong=isinstance(stop, Fault)) from None


class _Follower:
    def __init__(self, emitted: Emitted, resets: Sequence[int]) -> None:
        joint = emitted.joint
        self.emitted = emitted
        self.outputs_at = frozenset(emitted.output)
        self.forms = Forms(emitted.qubit_names, emitted.clbit_names, emitted.input)
        self.condition: list[int] = joint.condition.tolist()
        self.next_op, first = _ops_behind(joint)
        self.bit = {there: here for here, there in enumerate(emitted.clbits)}
        self.known: dict[int, Form] = {}
        """Forms of the message bits written so far."""
        self.guard_symbol: dict[Condition, int] = {}
        self.next_symbol = ONE - 1 - joint.num_clbits
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
            self._reset(qubits[0], condition, self.next_op[row][0])
        elif len(qubits) == 1:
            self._turn(qubits[0], one_qubit_matrix(op, params), condition)
        elif op in (Op.CZ, Op.CP):
            self._phase(qubits[0], qubits[1], params[0] if params else math.pi, condition)
        elif op is Op.CX:
            self._flip_by(qubits[0], qubits[1], condition)
        elif op in (Op.SWAP, Op.EPR) and condition < 0:
            (self._exchange if op is Op.SWAP else self._entangle)(*qubits)
        else:
            raise Lost(f"{op.spelling} of several qubits{' under a condition' if condition >= 0 else ''}")
        for place, following in zip(qubits, self.next_op[row], strict=False):
            self._leave(place, following)

    # -- conditions --------------------------------------------------------------------------------------------------

    def _message(self, condition: int) -> Form | None:
        """The form that a condition on one message bit stands for; None for a condition on bits of the circuit."""
        found = self.emitted.joint.conditions[condition]
        messages = [clbit for clbit in found.clbits if clbit not in self.bit]
        if not messages:
            return None
        if len(found.terms) > 1 or len(found.terms[0].clbits) > 1:
            raise Lost("a condition that reads several message bits")
        term = found.terms[0]
        if messages[0] not in self.known:
            raise Fault(f"{self.emitted.clbit_names[messages[0]]} is read before it is written")
        if term.value not in (0, 1):
            raise Lost("a condition that compares a bit with a larger number")
        return self.known[messages[0]] ^ (NOTHING if (term.value == 1) == term.equal else frozenset({ONE}))

    def _guard(self, condition: int) -> Guard:
        """The condition on bits of the circuit, in the circuit's own numbers."""
        if condition < 0:
            return None
        return plain_guard(self.emitted.joint.conditions[condition], self.bit)

    def _symbol(self, guard: Guard) -> int:
        """The classical symbol that is 1 if a guard holds now."""
        if guard is None:
            return ONE
        if guard not in self.guard_symbol:
            self.guard_symbol[guard] = self.next_symbol
            self.forms.guard_of[self.next_symbol] = guard
            self.next_symbol -= 1
        return self.guard_symbol[guard]

    def _overwrite(self, clbit: int) -> None:
        """A bit of the circuit changes: guards that read it mean something else from now on."""
        for guard in [guard for guard in self.guard_symbol if clbit in guard.clbits]:
            del self.forms.guard_of[self.guard_symbol.pop(guard)]

    # -- gates -------------------------------------------------------------------------------------------------------

    def _held(self, place: int) -> Form:
        form = self.forms.form[place]
        if form is None:
            raise Fault(f"{self.emitted.qubit_names[place]} is used, but what it held was given up")
        return form

    def _turn(self, place: int, matrix: Matrix2, condition: int) -> None:
        a, b, c, d = matrix
        message = self._message(condition) if condition >= 0 else None
        if message is not None:
            self._correct(place, matrix, message)
        elif max(abs(b), abs(c)) < _EXACT:
            self._diagonal(place, cmath.phase(d / a), self._guard(condition))
        elif max(abs(a), abs(d)) < _EXACT:
            self._diagonal(place, cmath.phase(b / c), self._guard(condition))
            self._flip(place, self._guard(condition))
        elif condition >= 0:
            self.forms.turn(self._alone(place), matrix, self._guard(condition))
        else:
            self._mix(place, matrix)

    def _correct(self, place: int, matrix: Matrix2, message: Form) -> None:
        """A Pauli matrix that waits for a message."""
        a, b, c, d = matrix
        z = max(abs(b), abs(c), abs(a + d)) < _EXACT
        x = max(abs(a), abs(d), abs(b - c)) < _EXACT
        y = max(abs(a), abs(d), abs(b + c)) < _EXACT
        if not (x or y or z):
            raise Lost("a gate other than X, Y and Z that waits for a message")
        if y or z:
            self.forms.multiply(self._held(place), message)
        if x or y:
            self.forms.put(place, self._held(place) ^ message)

    def _diagonal(self, place: int, angle: float, guard: Guard) -> None:
        """P(angle) on one physical qubit; global phases do not matter."""
        form = self._held(place)
        free = self.forms.free_in(form)
        if abs(angle) < _EXACT or all(symbol < 0 for symbol in form):
            return
        if abs(abs(angle) - math.pi) < _EXACT and guard is None:
            self.forms.multiply(form, (ONE,))
        elif free and guard is None and form <= {free[0], ONE}:
            self.forms.angle[free[0]] = self.forms.angle.get(free[0], 0.0) + (-angle if ONE in form else angle)
        else:
            self.forms.turn(self.forms.settle(place), (1, 0, 0, cmath.exp(1j * angle)), guard)

    def _flip(self, place: int, guard: Guard) -> None:
        """X, on one of the places that hold a logical qubit: the first flips the qubit, the others follow."""
        symbol, form = self._symbol(guard), self._held(place)
        logical = [each for each in form if self.forms.is_logical(each)]
        if len(logical) == 1 and symbol not in form and not self.forms.free_in(form):
            self.forms.rename(logical[0], frozenset({symbol}))
        self.forms.put(place, self._held(place) ^ {symbol})

    def _alone(self, place: int) -> int:
        """The logical qubit that a place holds and no other place does, without any sign left."""
        logical = self.forms.settle(place)
        name = self.emitted.qubit_names[place]
        late = sorted(symbol for symbol in self.forms.signs[logical] if symbol < 0)
        if self.forms.holders[logical] != {place} or len(late) < len(self.forms.signs[logical]):
            others = sorted(self.forms.holders[logical] - {place})
            where = f" ({self.emitted.qubit_names[others[0]]} is another)" if others else ""
            raise Fault(f"a gate that is neither diagonal nor a flip acts on {name}, one of several copies{where}")
        if late:
            raise Fault(f"{name} is used, but no Z has corrected it for {self.forms.bit_name(late[-1])}")
        return logical

    def _mix(self, place: int, matrix: Matrix2) -> None:
        """A unitary that is neither diagonal nor anti-diagonal: logical if it can be, else D·H·D' on paths."""
        form = self._held(place)
        if not self.forms.free_in(form) and any(map(self.forms.is_logical, form)):
            logical = self.forms.settle(place)
            partners = self.forms.signs[logical]
            if self.forms.holders[logical] == {place} and all(symbol < 0 for symbol in partners):
                self.forms.turn(self._alone(place), matrix)
                return
        if max(abs(abs(entry) - abs(H[0])) for entry in matrix) > _EXACT:
            self.forms.turn(self._alone(place), matrix)
            return
        a, b, c, _ = matrix
        self._diagonal(place, cmath.phase(b / a), None)
        self._hadamard(place)
        self._diagonal(place, cmath.phase(c / a), None)

    def _hadamard(self, place: int) -> None:
        form, free = self._held(place), self.forms.new_free()
        self.forms.put(place, frozenset({free}))
        self.forms.multiply((free,), form)
        for old in self.forms.free_in(form):
            self.forms.eliminate(old)

    def _phase(self, p: int, q: int, angle: float, condition: int) -> None:
        guard = self._no_message(condition)
        if abs(abs(angle) - math.pi) < _EXACT and guard is None:
            self.forms.multiply(self._held(p), self._held(q))
            return
        self.forms.settle(p)
        second, first = self.forms.settle(q), self.forms.settle(p)
        if first == second:
            self.forms.turn(first, (1, 0, 0, cmath.exp(1j * angle)), guard)
        else:
            wires = (min(first, second), max(first, second))
            self.forms.do(Step(Do.PHASE, wires, angle=angle, guard=guard, line=self.forms.line))

    def _no_message(self, condition: int) -> Guard:
        """The guard of a gate of two qubits, which must not wait for a message."""
        if condition >= 0 and self._message(condition) is not None:
            raise Lost("a gate of two qubits that waits for a message")
        return self._guard(condition)

    def _flip_by(self, control: int, target: int, condition: int) -> None:
        """CX: the target's form changes, and with it the logical qubit that it holds alone."""
        if self._no_message(condition) is not None:
            logical = self._alone(target)
            self.forms.turn(logical, H)
            self._phase_between(self.forms.settle(control), logical, self._guard(condition))
            self.forms.turn(logical, H)
            return
        source, form = self._held(control), self._held(target)
        logicals = [symbol for symbol in form if self.forms.is_logical(symbol)]
        plain = not self.forms.free_in(form) and not self.forms.free_in(source) and len(logicals) == 1
        if plain and logicals[0] not in source and any(map(self.forms.is_logical, source)):
            kept = {s for s in source if self.forms.is_logical(s) or s == ONE or s in self.forms.guard_of}
            self.forms.rename(logicals[0], frozenset(kept))
        self.forms.put(target, self._held(target) ^ self._held(control))

    def _phase_between(self, first: int, second: int, guard: Guard) -> None:
        if first == second:
            raise Fault("a controlled flip whose control and target are the same qubit")
        self.forms.do(Step(Do.PHASE, (first, second), angle=math.pi, guard=guard, line=self.forms.line))

    def _exchange(self, p: int, q: int) -> None:
        first, second = self.forms.form[p], self.forms.form[q]
        self.forms.put(p, None)
        self.forms.put(q, first)
        self.forms.put(p, second)
        own = self.forms.own
        own[p], own[q] = own.get(q, -1), own.get(p, -1)

    def _entangle(self, p: int, q: int) -> None:
        for place in (p, q):
            if self.forms.form[place] != NOTHING:
                raise Fault(f"an e-bit is made of {self.emitted.qubit_names[place]}, which was not reset just before")
        half = frozenset({self.forms.new_free()})
        self.forms.put(p, half)
        self.forms.put(q, half)

    # -- measurements and resets -------------------------------------------------------------------------------------

    def _measure(self, place: int, clbit: int, condition: int) -> None:
        if clbit in self.bit:
            guard = self._no_message(condition)
            logical = self.forms.settle(place)
            step = Step(Do.MEASURE, (logical,), clbit=self.bit[clbit], guard=guard, line=self.forms.line)
            self.forms.do(step)
            self._overwrite(self.bit[clbit])
            return
        name = self.emitted.clbit_names[clbit]
        if clbit in self.known or condition >= 0:
            raise Fault(f"{name} is written {'under a condition' if condition >= 0 else 'a second time'}")
        form = self._held(place)
        free = self.forms.free_in(form)
        logical = next(filter(self.forms.is_logical, sorted(form)), -1)
        if free:
            message = frozenset({ONE - 1 - clbit})
            self.forms.substitute(free[-1], form ^ {free[-1]} ^ message)
        elif logical >= 0:
            raise Fault(f"the measurement of {self.emitted.qubit_names[place]} reveals qubit {logical}")
        self.known[clbit] = self._held(place)

    def _reset(self, place: int, condition: int, following: int) -> None:
        if condition >= 0:
            guard, logical = self._no_message(condition), self._alone(place)
            self.forms.do(Step(Do.RESET, (logical,), guard=guard, line=self.forms.line))
            return
        logical = self._dropped(place)
        self.forms.put(place, NOTHING)
        data = not self.emitted.is_comm[place]
        if logical >= 0 and data and following != Op.SWAP:
            self._begin(logical, place)
            return
        if logical >= 0:
            self.given_up[logical] = -1
        if logical < 0 and data and following != Op.SWAP and self.given_up:
            self._begin(min(self.given_up, key=self._next_reset), place)

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
            raise Fault(f"{name} is reset while it is one of several copies, or half of an e-bit")
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
        if following not in (Op.RESET, _END) or (following == _END and place in self.outputs_at):
            return
        logical = next(filter(self.forms.is_logical, self.forms.form[place] or NOTHING), -1)
        if logical >= 0 and self.forms.is_alone(place, logical):
            self.given_up[logical] = place

    def outputs(self) -> list[int]:
        """The logical qubit in each place that the layout calls an output."""
        found = []
        for number, place in enumerate(self.emitted.output):
            try:
                logical = self._alone(place)
            except Fault as fault:
                raise Fault(f"at the end, circuit qubit {number}: {fault}") from None
            found.append(logical)
        return found


def _ops_behind(joint: Circuit) -> tuple[list[list[int]], list[int]]:
    """For each operand of each row the next operation on its qubit, and for each qubit the first one.

    `_END` stands behind the last operation; a conditional reset counts as an identity.
    """
    touches = touches_of(joint)
    hidden = (joint.op == Op.RESET) & (joint.condition >= 0)
    code = np.where(hidden, np.int64(Op.ID), joint.op.astype(np.int64))[touches.row]
    behind = np.where(touches.last, _END, np.roll(code, -1))
    first = np.full(joint.num_qubits, _END, dtype=np.int64)
    first[touches.qubit[touches.first]] = code[touches.first]
    found = np.full(joint.qubits.shape, _END, dtype=np.int64)
    operand = (joint.qubits[touches.row] == touches.qubit[:, None]).argmax(axis=1)
    found[touches.row, operand] = behind
    return found.tolist(), first.tolist()
