"""What every physical qubit holds, as an affine function: the state that the structural proof keeps.

At every moment the state of the joint program is a sum over paths (Dawson et al., Quantum Inf. Comput. 5, 102, 2005;
Amy, arXiv:1805.06908): over the values x of the logical qubits, with the amplitudes that the logical circuit gives
them, and over free bits y, each of them equally often 0 and 1, which e-bits and Hadamard gates bring in. Physical qubit
p holds a *form*: the parity of some logical qubits, free bits and classical bits. Signs are (-1) to the power of
products of two symbols. A measurement of a form with a free bit makes that bit known; what it may not do is to reveal a
logical qubit.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from dqplan.core.gates import Matrix2
from dqplan.verify.structure.steps import Do, Guard, Step

Form = frozenset[int]
"""Symbols whose parity a qubit holds: logical qubits 0 … n-1, free bits from n on, classical symbols below 0."""

ONE = -1
"""The constant 1."""
NOTHING: Form = frozenset()
"""The form of |0>."""
X: Matrix2 = (0, 1, 1, 0)
Z: Matrix2 = (1, 0, 0, -1)
H: Matrix2 = (math.sqrt(0.5), math.sqrt(0.5), math.sqrt(0.5), -math.sqrt(0.5))
TOLERANCE = 1e-9
"""Angles and matrix elements (radians, absolute) up to this count as zero; a wrong angle of 1e-6 lies above."""


class FaultError(Exception):
    """The program does something that a right one never does."""


class LostError(Exception):
    """The program does something that cannot be followed, which need not be wrong."""


class Forms:
    """Forms of all physical qubits, signs between symbols, and the logical steps found so far.

    Attributes:
        form: by physical qubit; None where the content was given up.
        holders: by logical qubit or free bit: the physical qubits whose forms contain it.
        signs: by logical qubit or free bit: the symbols with which it has a sign (-1)^product.
        angle: by free bit: a phase of so many radians if it is 1.
        steps: the logical circuit, as far as it has been rebuilt.
    """

    def __init__(self, names: Sequence[str], clbits: Sequence[str], inputs: Iterable[int]) -> None:
        self.names = names
        self.clbits = clbits
        self.form: list[Form | None] = [NOTHING] * len(names)
        self.holders: defaultdict[int, set[int]] = defaultdict(set)
        self.signs: defaultdict[int, set[int]] = defaultdict(set)
        self.angle: dict[int, float] = {}
        self.steps: list[Step] = []
        self.own: dict[int, int] = {}
        """By physical qubit: the logical qubit that it was last known to hold alone."""
        self.guard_of: dict[int, Guard] = {}
        """Of classical symbols that stand for a condition of the circuit."""
        self.line = 0
        self.num_logical = 0
        for place in inputs:
            self.put(place, frozenset({self.num_logical}))
            self.own[place] = self.num_logical
            self.num_logical += 1
        self.next_free = self.num_logical

    # -- forms and signs ---------------------------------------------------------------------------------------------

    def put(self, place: int, form: Form | None) -> None:
        """Let a physical qubit hold a form."""
        for symbol in self.form[place] or ():
            if symbol >= 0:
                self.holders[symbol].discard(place)
        for symbol in form or ():
            if symbol >= 0:
                self.holders[symbol].add(place)
        self.form[place] = form

    def new_free(self) -> int:
        """A free bit."""
        self.next_free += 1
        return self.next_free - 1

    def is_logical(self, symbol: int) -> bool:
        """Whether a symbol is a logical qubit."""
        return 0 <= symbol < self.num_logical

    def free_in(self, form: Form) -> list[int]:
        """The free bits of a form."""
        return sorted(symbol for symbol in form if symbol >= self.num_logical)

    def multiply(self, left: Iterable[int], right: Iterable[int]) -> None:
        """The sign (-1)^(left · right)."""
        right = tuple(right)
        for a in left:
            for b in right:
                self._sign(a, b)

    def _sign(self, a: int, b: int) -> None:
        """The sign (-1)^(ab): a logical step if it is one, else kept; without a quantum symbol it does not matter."""
        if a == b:
            b = ONE
        if a < b:
            a, b = b, a
        if a < 0:
            return
        if self.is_logical(a) and b == ONE:
            self.do(Step(Do.TURN, (a,), matrix=Z, line=self.line))
        elif self.is_logical(a) and b >= 0:
            self.do(Step(Do.PHASE, (b, a), angle=math.pi, line=self.line))
        else:
            self.signs[a] ^= {b}
            if b >= 0:
                self.signs[b] ^= {a}

    def substitute(self, free: int, value: Form) -> None:
        """A free bit turns out to be a parity of other symbols."""
        self._close_angle(free)
        for place in list(self.holders[free]):
            self.put(place, (self.form[place] or NOTHING) ^ {free} ^ value)
        self.multiply(value, self._forget(free))

    def _close_angle(self, free: int) -> None:
        """The phase of a free bit that is to vanish must be a sign, or nothing."""
        angle = abs(math.remainder(self.angle.pop(free, 0.0), 2 * math.pi))
        if abs(angle - math.pi) < TOLERANCE:
            self._sign(free, ONE)
        elif angle > TOLERANCE:
            raise FaultError("a phase is lost: the unitaries around a copy's stretch of flips do not undo each other")

    def _forget(self, free: int) -> set[int]:
        """A free bit is gone; returns what it had signs with."""
        self.holders.pop(free, None)
        partners = self.signs.pop(free, set())
        for partner in partners:
            if partner >= 0:
                self.signs[partner].discard(free)
        return partners

    def eliminate(self, free: int) -> None:
        """Sum over a free bit that no qubit holds: its sign makes another free bit known."""
        if self.holders.get(free):
            return
        self._close_angle(free)
        partners = self._forget(free)
        others = self.free_in(frozenset(partners))
        if not others:
            raise FaultError("a Hadamard gate acts on a copy whose counterpart is gone")
        self.substitute(others[-1], frozenset(partners - {others[-1]}))

    # -- logical qubits ----------------------------------------------------------------------------------------------

    def do(self, step: Step) -> None:
        """Note one more logical step."""
        self.steps.append(step)

    def turn(self, logical: int, matrix: Matrix2, guard: Guard = None) -> None:
        """Note a one-qubit unitary."""
        self.do(Step(Do.TURN, (logical,), matrix=matrix, guard=guard, line=self.line))

    def rename(self, logical: int, change: Form) -> None:
        """A logical qubit is flipped by other symbols: CX, X, or X under a condition; all forms follow."""
        for symbol in sorted(change, reverse=True):
            if self.is_logical(symbol):
                self.turn(logical, H)
                self.do(Step(Do.PHASE, (symbol, logical), angle=math.pi, line=self.line))
                self.turn(logical, H)
            else:
                self.turn(logical, X, self.guard_of.get(symbol))
        for place in list(self.holders[logical]):
            self.put(place, (self.form[place] or NOTHING) ^ change)
        self.multiply(change, tuple(self.signs[logical]))

    def is_alone(self, place: int, logical: int) -> bool:
        """Whether a physical qubit is all that holds a logical qubit, but for signs of known bits."""
        holders, signs = self.holders[logical], self.signs.get(logical)
        return len(holders) == 1 and place in holders and (not signs or all(symbol < 0 for symbol in signs))

    def untangle(self, place: int, logical: int) -> None:
        """Settle what a logical qubit has flipped: other places that hold it for that reason only, and other qubits.

        Those are qubits that no place holds, because their copies live through a stretch of flips.
        """
        if self.is_alone(place, logical):
            return
        for other in sorted(self.holders[logical] - {place}):
            self._flip_free(place, other, logical)
        for other in self._flipped_unseen(logical):
            self.rename(other, frozenset({logical}))
        for other in sorted(self.holders[logical] - {place}):
            form, own = self.form[other] or NOTHING, self.own.get(other, logical)
            if own != logical and own in form and all(ONE <= symbol < self.num_logical for symbol in form):
                self.settle(other)

    def _flip_free(self, place: int, other: int, logical: int) -> None:
        """A free bit that is held only together with a logical qubit may stand for both: it is as free as before."""
        for free in self.free_in(self.form[other] or NOTHING):
            partners = self.signs.get(free, set())
            plain = logical not in partners and all(symbol < self.num_logical for symbol in partners)
            together = place not in self.holders[free] and self.holders[free] <= self.holders[logical]
            if plain and together and free not in self.angle:
                self.substitute(free, frozenset({self.new_free(), logical}))
                return

    def _flipped_unseen(self, logical: int) -> list[int]:
        """Qubits without a place whose free bits all have a sign with this one, too."""
        free = {symbol for symbol in self.signs[logical] if symbol >= self.num_logical}
        near = {other for symbol in free for other in self.signs[symbol] if self.is_logical(other)} - {logical}
        unseen = [other for other in sorted(near) if not self.holders[other]]
        return [other for other in unseen if {s for s in self.signs[other] if s >= self.num_logical} <= free]

    def settle(self, place: int) -> int:
        """Let a physical qubit hold one logical qubit, which is returned, by renaming if necessary."""
        form = self.form[place]
        if form is None:
            raise FaultError(f"{self.names[place]} is used, but what it held was given up")
        if len(form) == 1:
            (only,) = form
            if self.is_logical(only):
                self.own[place] = only
                return only
        free = self.free_in(form)
        if free:
            form = self._as_logical(place, free, form)
        late = sorted(symbol for symbol in form if symbol < ONE and symbol not in self.guard_of)
        logical = [symbol for symbol in form if self.is_logical(symbol)]
        if not logical:
            raise FaultError(f"{self.names[place]} is used, but holds no qubit of the circuit")
        if late:
            raise FaultError(f"{self.names[place]} is used, but no X has corrected it for {self.bit_name(late[-1])}")
        chosen = self._chosen(place, logical)
        if len(form) > 1:
            self.rename(chosen, form - {chosen})
        self.own[place] = chosen
        return chosen

    def _chosen(self, place: int, logical: list[int]) -> int:
        if len(logical) == 1:
            return logical[0]
        own = self.own.get(place, -1)
        if own in logical:
            return own
        return next((each for each in logical if self.holders[each] == {place}), logical[0])

    def bit_name(self, symbol: int) -> str:
        """Name of the classical bit that a symbol stands for."""
        place = ONE - 1 - symbol
        return self.clbits[place] if place < len(self.clbits) else "a condition on bits that have changed"

    def _as_logical(self, place: int, free: list[int], form: Form) -> Form:
        """A free bit that has a sign with a logical qubit, which nothing holds any more, is that qubit behind an H."""
        partners = self.signs.get(free[0], set())
        logical = next(iter(partners), -1)
        right = len(free) == 1 and len(partners) == 1 and self.is_logical(logical) and not self.holders[logical]
        if not right or self.signs[logical] != {free[0]}:
            raise FaultError(
                f"{self.names[place]} is used, but holds half of an e-bit or a copy that was to be removed"
            )
        self.turn(logical, H)
        angle = self.angle.pop(free[0], 0.0)
        if angle:
            self.turn(logical, (1, 0, 0, complex(math.cos(angle), math.sin(angle))))
        self.signs.pop(free[0])
        self.signs.pop(logical)
        for holder in list(self.holders[free[0]]):
            self.put(holder, (self.form[holder] or NOTHING) ^ {free[0], logical})
        return form ^ {free[0], logical}
