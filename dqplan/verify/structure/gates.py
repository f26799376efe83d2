"""Gates of the joint program, followed on the forms that the physical qubits hold."""

from __future__ import annotations

import cmath
import math

from dqplan.core.circuit import Condition
from dqplan.core.gates import Matrix2
from dqplan.load.emitted import Emitted
from dqplan.verify.structure.forms import NOTHING, ONE, FaultError, Form, Forms, H, LostError
from dqplan.verify.structure.steps import Do, Guard, Step, plain_guard

_EXACT = 1e-12
"""Matrix elements and angles this near to 0, 1 or π are these."""


class Gates:
    """What unitaries and corrections do to forms, and what the conditions of the joint program mean."""

    def __init__(self, emitted: Emitted) -> None:
        self.emitted = emitted
        self.forms = Forms(emitted.qubit_names, emitted.clbit_names, emitted.input)
        self.bit = {there: here for here, there in enumerate(emitted.clbits)}
        """The circuit's number for each of its bits in the joint program."""
        self.known: dict[int, Form] = {}
        """Forms of the message bits written so far."""
        self.guard_symbol: dict[Condition, int] = {}
        self.next_symbol = ONE - 1 - emitted.joint.num_clbits

    # -- conditions --------------------------------------------------------------------------------------------------

    def _message(self, condition: int) -> Form | None:
        """The form that a condition on one message bit stands for; None for a condition on bits of the circuit."""
        found = self.emitted.joint.conditions[condition]
        messages = [clbit for clbit in found.clbits if clbit not in self.bit]
        if not messages:
            return None
        if len(found.terms) > 1 or len(found.terms[0].clbits) > 1:
            raise LostError("a condition that reads several message bits")
        term = found.terms[0]
        if messages[0] not in self.known:
            raise FaultError(f"{self.emitted.clbit_names[messages[0]]} is read before it is written")
        if term.value not in (0, 1):
            raise LostError("a condition that compares a bit with a larger number")
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

    def overwrite(self, clbit: int) -> None:
        """A bit of the circuit changes: guards that read it mean something else from now on."""
        for guard in [guard for guard in self.guard_symbol if clbit in guard.clbits]:
            del self.forms.guard_of[self.guard_symbol.pop(guard)]

    # -- gates -------------------------------------------------------------------------------------------------------

    def held(self, place: int) -> Form:
        """The form of a physical qubit that is used."""
        form = self.forms.form[place]
        if form is None:
            raise FaultError(f"{self.emitted.qubit_names[place]} is used, but what it held was given up")
        return form

    def turn(self, place: int, matrix: Matrix2, condition: int) -> None:
        """A one-qubit unitary."""
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
            self.forms.turn(self.alone(place), matrix, self._guard(condition))
        else:
            self._mix(place, matrix)

    def _correct(self, place: int, matrix: Matrix2, message: Form) -> None:
        """A Pauli matrix that waits for a message."""
        a, b, c, d = matrix
        z = max(abs(b), abs(c), abs(a + d)) < _EXACT
        x = max(abs(a), abs(d), abs(b - c)) < _EXACT
        y = max(abs(a), abs(d), abs(b + c)) < _EXACT
        if not (x or y or z):
            raise LostError("a gate other than X, Y and Z that waits for a message")
        if y or z:
            self.forms.multiply(self.held(place), message)
        if x or y:
            self.forms.put(place, self.held(place) ^ message)

    def _diagonal(self, place: int, angle: float, guard: Guard) -> None:
        """P(angle) on one physical qubit; global phases do not matter."""
        form = self.held(place)
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
        symbol, form = self._symbol(guard), self.held(place)
        logical = [each for each in form if self.forms.is_logical(each)]
        if len(logical) == 1 and symbol not in form and not self.forms.free_in(form):
            self.forms.rename(logical[0], frozenset({symbol}))
        self.forms.put(place, self.held(place) ^ {symbol})

    def alone(self, place: int) -> int:
        """The logical qubit that a place holds and no other place does, without any sign left."""
        logical = self.forms.settle(place)
        self.forms.untangle(place, logical)
        name = self.emitted.qubit_names[place]
        late = sorted(symbol for symbol in self.forms.signs[logical] if symbol < 0)
        if self.forms.holders[logical] != {place} or len(late) < len(self.forms.signs[logical]):
            others = sorted(self.forms.holders[logical] - {place})
            where = f" ({self.emitted.qubit_names[others[0]]} is another)" if others else ""
            raise FaultError(f"a gate that is neither diagonal nor a flip acts on {name}, one of several copies{where}")
        if late:
            raise FaultError(f"{name} is used, but no Z has corrected it for {self.forms.bit_name(late[-1])}")
        return logical

    def _mix(self, place: int, matrix: Matrix2) -> None:
        """A unitary that is neither diagonal nor anti-diagonal: logical if it can be, else D·H·D' on paths."""
        for logical in filter(self.forms.is_logical, sorted(self.held(place))):
            self.forms.untangle(place, logical)
        form = self.held(place)
        own = any(self.forms.is_alone(place, symbol) for symbol in form if self.forms.is_logical(symbol))
        if own and not self.forms.free_in(form):
            self.forms.turn(self.alone(place), matrix)
            return
        if max(abs(abs(entry) - abs(H[0])) for entry in matrix) > _EXACT:
            self.forms.turn(self.alone(place), matrix)
            return
        a, b, c, _ = matrix
        self._diagonal(place, cmath.phase(b / a), None)
        self._hadamard(place)
        self._diagonal(place, cmath.phase(c / a), None)

    def _hadamard(self, place: int) -> None:
        form, free = self.held(place), self.forms.new_free()
        self.forms.put(place, frozenset({free}))
        self.forms.multiply((free,), form)
        for old in self.forms.free_in(form):
            self.forms.eliminate(old)

    def phase(self, p: int, q: int, angle: float, condition: int) -> None:
        """CP; CZ may also act on what holds no logical qubit."""
        guard = self.no_message(condition)
        if abs(abs(angle) - math.pi) < _EXACT and guard is None:
            self.forms.multiply(self.held(p), self.held(q))
            return
        self.forms.settle(p)
        second, first = self.forms.settle(q), self.forms.settle(p)
        if first == second:
            self.forms.turn(first, (1, 0, 0, cmath.exp(1j * angle)), guard)
        else:
            wires = (min(first, second), max(first, second))
            self.forms.do(Step(Do.PHASE, wires, angle=angle, guard=guard, line=self.forms.line))

    def no_message(self, condition: int) -> Guard:
        """The guard of a gate of two qubits, which must not wait for a message."""
        if condition >= 0 and self._message(condition) is not None:
            raise LostError("a gate of two qubits that waits for a message")
        return self._guard(condition)

    def flip_by(self, control: int, target: int, condition: int) -> None:
        """CX: the target's form changes, and with it the logical qubit that it holds alone."""
        if self.no_message(condition) is not None:
            logical = self.alone(target)
            self.forms.turn(logical, H)
            self._phase_between(self.forms.settle(control), logical, self._guard(condition))
            self.forms.turn(logical, H)
            return
        source, form = self.held(control), self.held(target)
        logicals = [symbol for symbol in form if self.forms.is_logical(symbol)]
        plain = not self.forms.free_in(form) and not self.forms.free_in(source) and len(logicals) == 1
        if plain and logicals[0] not in source and any(map(self.forms.is_logical, source)):
            kept = {s for s in source if self.forms.is_logical(s) or s == ONE or s in self.forms.guard_of}
            self.forms.rename(logicals[0], frozenset(kept))
        self.forms.put(target, self.held(target) ^ self.held(control))

    def _phase_between(self, first: int, second: int, guard: Guard) -> None:
        if first == second:
            raise FaultError("a controlled flip whose control and target are the same qubit")
        self.forms.do(Step(Do.PHASE, (first, second), angle=math.pi, guard=guard, line=self.forms.line))

    def exchange(self, p: int, q: int) -> None:
        """SWAP: contents change places."""
        first, second = self.forms.form[p], self.forms.form[q]
        self.forms.put(p, None)
        self.forms.put(q, first)
        self.forms.put(p, second)
        own = self.forms.own
        own[p], own[q] = own.get(q, -1), own.get(p, -1)

    def entangle(self, p: int, q: int) -> None:
        """An e-bit: both qubits hold the same free bit."""
        for place in (p, q):
            if self.forms.form[place] != NOTHING:
                raise FaultError(
                    f"an e-bit is made of {self.emitted.qubit_names[place]}, which was not reset just before"
                )
        half = frozenset({self.forms.new_free()})
        self.forms.put(p, half)
        self.forms.put(q, half)
