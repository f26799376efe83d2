"""Two lists of steps are matched: both circuits are followed side by side, and their residue must end as the identity.

The circuit goes first, step by step. Before a unitary that does not commute with what is open on its qubit, the other
circuit is advanced there by what it can do without new blocks. Blocks of gates on a few qubits that one circuit writes
otherwise than the other are multiplied out.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable, Sequence

import numpy as np

from dqplan.core.gates import Matrix2, adjoint, multiply
from dqplan.verify.structure.advance import Advance
from dqplan.verify.structure.forms import TOLERANCE, X
from dqplan.verify.structure.queues import can_wait, is_antidiagonal, is_diagonal
from dqplan.verify.structure.residue import TooLargeError
from dqplan.verify.structure.steps import Do, Step


class MismatchError(Exception):
    """The circuits differ, or cannot be shown to be equal.

    Attributes:
        expected: a step of the circuit that is not matched, if one is known.
        found: a step of the other that stands in its place, if one is known.
    """

    def __init__(self, reason: str, expected: Step | None = None, found: Step | None = None) -> None:
        super().__init__(reason)
        self.expected = expected
        self.found = found


def match(
    steps: Sequence[Step],
    wires: Sequence[int],
    others: Sequence[Step],
    other_wires: Sequence[int],
    *,
    most: int,
) -> float:
    """Show that two circuits are equal up to global phase, for all outcomes of their measurements.

    Args:
        steps: a circuit.
        wires: the wire of each of its qubits at the end; at the start, qubit i is on wire i.
        others: another circuit.
        other_wires: the same for it.
        most: qubits that a block may have.

    Returns:
        The sum of all deviations of matrix elements and angles that counted as rounding.

    Raises:
        MismatchError: at the first place where that cannot be shown.
    """
    matcher = _Matcher(len(wires), others, most)
    for step in steps:
        try:
            matcher.take(step)
        except TooLargeError:
            raise matcher.mismatch("is not matched", step) from None
    return matcher.finish(wires, other_wires)


class _Matcher(Advance):
    def __init__(self, num_wires: int, others: Sequence[Step], most: int) -> None:
        super().__init__(num_wires, others, most)
        self.waited: list[Step] = []
        """Measurements of the circuit that did not fit when they came."""

    # -- steps of the circuit ----------------------------------------------------------------------------------------

    def take(self, step: Step) -> None:
        """Follow the circuit's next step; a measurement that does not fit yet waits for steps that commute with it."""
        if self.waited and (step.do is not Do.PHASE or step.guard):
            self._settle_measurements(step)
        if step.do is Do.PHASE:
            a, b = sorted(step.wires)
            self.last[a, b] = step
            self.owe(step.guard, a, b, step.angle)
            self.residue.add_pair(a, b, step.angle, step.guard)
        elif step.do is Do.MEASURE:
            if any(not can_wait(step, before) for before in self.waited) or not self._measure(step):
                self.waited.append(step)
        elif step.do is Do.RESET:
            self._reset(step)
        elif step.matrix is not None and is_diagonal(step.matrix):
            angle = cmath.phase(step.matrix[3] / step.matrix[0])
            self.owe(step.guard, step.wires[0], -1, angle)
            self.residue.add_single(step.wires[0], angle, step.guard)
        elif step.matrix is not None and step.guard is not None:
            self._guarded(step, step.matrix)
        elif step.matrix is not None:
            self._turn(step, step.matrix)

    def _turn(self, step: Step, matrix: Matrix2) -> None:
        (wire,), residue = step.wires, self.residue
        if is_antidiagonal(matrix):
            _, b, c, _ = matrix
            residue.add_single(wire, cmath.phase(b / c))  # X · diag(c, b)
            residue.flip_left(wire)
            return
        self.clear_phases(wire)
        if residue.waits(wire):
            raise self.mismatch("is not matched", step)
        residue.turn_left(wire, matrix)
        self.close_block(wire)

    def _guarded(self, step: Step, matrix: Matrix2) -> None:
        """A unitary under a condition: the other circuit must have its counterpart, and the residue must not notice."""
        (wire,) = step.wires
        if is_antidiagonal(matrix):
            _, b, c, _ = matrix
            self.owe(step.guard, wire, -1, cmath.phase(b / c))
            self.residue.add_single(wire, cmath.phase(b / c), step.guard)
            matrix = X
        self.clear_phases(wire)
        if not self._meets(self._counterpart(step), lambda other: self._turn_alike(step, matrix, other)):
            raise self.mismatch("is not matched", step)

    def _turn_alike(self, step: Step, matrix: Matrix2, other: Step) -> bool:
        whole = self.residue.whole(step.wires[0])
        if whole is None or other.matrix is None or not self._faces(step, other):
            return False
        return self._same(multiply(multiply(matrix, whole), adjoint(other.matrix)), whole)

    def _faces(self, step: Step, other: Step) -> bool:
        """Whether steps of both circuits act on the same qubit under the same condition."""
        return self.residue.left_of[other.wires[0]] == step.wires[0] and other.guard == step.guard

    def _measure(self, step: Step) -> bool:
        """A measurement, if the other circuit can do it now, too; W must not notice."""
        self.close_block(step.wires[0])
        number = next((n for n in self.queues.open(("bit", step.clbit)) if self.others[n].clbit == step.clbit), -1)
        return self._meets(number, lambda other: self._measure_alike(step, other))

    def _measure_alike(self, step: Step, other: Step) -> bool:
        (wire,), residue = step.wires, self.residue
        if other.guard != step.guard:
            return False
        read = any(step.clbit in guard.clbits for guard, _, _ in residue.waiting if guard)
        return not read and not residue.flip[wire] and residue.carried(residue.left_of[other.wires[0]]) == wire

    def _reset(self, step: Step) -> None:
        (wire,) = step.wires
        self.clear_phases(wire)
        if not self._meets(self._counterpart(step), lambda other: self._reset_alike(step, other)):
            raise self.mismatch("is not matched", step)
        if step.guard is None:
            self.residue.clear(wire)

    def _reset_alike(self, step: Step, other: Step) -> bool:
        """A reset forgets what W does to its qubit alone; a conditional one only forgets phases."""
        whole = self.residue.whole(step.wires[0])
        return whole is not None and self._faces(step, other) and (step.guard is None or is_diagonal(whole))

    def _counterpart(self, step: Step) -> int:
        """The other circuit's next step of the same kind on the same qubit, -1 if there is none."""
        self.close_block(step.wires[0])
        right = self.residue.right_of[step.wires[0]]
        return next((n for n in self.queues.open(right) if _is_like(self.others[n], step)), -1)

    def _meets(self, number: int, alike: Callable[[Step], bool]) -> bool:
        """Do a step of the other circuit that both do at the same time, if it is the right one."""
        if number < 0:
            return False
        return self.queues.advance(
            number, lambda n: alike(self.others[n]) if n == number else self.apply(n, early=True)
        )

    def _settle_measurements(self, step: Step | None) -> None:
        """Do the measurements that waited; those that do not commute with a step can wait no longer."""
        waited, self.waited = self.waited, []
        for number, measurement in enumerate(waited):
            if self._measure(measurement):
                continue
            if step is None or not can_wait(measurement, step):
                raise self.mismatch("is not matched", measurement)
            self.waited.append(measurement)
            if any(not can_wait(measurement, later) for later in waited[number + 1 :]):
                self.waited += waited[number + 1 :]
                return

    # -- the end -----------------------------------------------------------------------------------------------------

    def finish(self, wires: Sequence[int], other_wires: Sequence[int]) -> float:
        """Follow the other circuit to its end; the residue must be the identity."""
        residue, queues = self.residue, self.queues
        self._settle_measurements(None)
        for number, step in enumerate(self.others):
            try:
                if not queues.advance(number, lambda n: self.apply(n, early=True, grow=True)):
                    raise self.mismatch("", None, step)
            except TooLargeError:
                raise self.mismatch("", None, step) from None
        for wire in range(len(wires)):
            if wire in residue.block:
                residue.take_in_pairs(residue.block[wire])
        for wire in range(len(wires)):
            if not self._is_clear(wire):
                raise MismatchError(self._open_words(wire), None, None)
        for qubit, (wire, other) in enumerate(zip(wires, other_wires, strict=True)):
            if residue.left_of[other] != wire:
                raise MismatchError(f"circuit qubit {qubit} ends in the place of another qubit")
        return residue.slack

    def _is_clear(self, wire: int) -> bool:
        whole = self.residue.whole(wire)
        return whole is not None and self._same(whole, (1, 0, 0, 1))

    def _same(self, left: Matrix2, right: Matrix2) -> bool:
        """Whether two unitaries agree up to a global phase; what is taken for rounding is added up."""
        overlap = np.vdot(left, right)
        if abs(overlap) < 1:
            return False
        turn = overlap / abs(overlap)
        deviation = max(abs(x * turn - y) for x, y in zip(left, right, strict=True))
        if deviation > TOLERANCE:
            return False
        self.residue.slack += float(deviation)
        return True

    def _open_words(self, wire: int) -> str:
        residue = self.residue
        if residue.pairs[wire]:
            other, angle = next(iter(residue.pairs[wire].items()))
            return f"at the end, cp({angle:.6g}) between qubits {wire} and {other} is missing"
        return f"at the end, a unitary on qubit {wire} is missing"

    def mismatch(self, reason: str, expected: Step | None, found: Step | None = None) -> MismatchError:
        """What to say about a step that is not matched: of the open phases in its way, if there are any."""
        if expected is not None and found is None:
            for wire in expected.wires:
                for other in self.residue.pairs[wire]:
                    a, b = sorted((wire, other))
                    if (a, b) in self.last and (b, a) in self.last:
                        return MismatchError(reason, self.last[a, b], self.last[b, a])
                    expected = self.last.get((a, b), expected)
        if expected is not None and found is None:
            number = self.queues.first(self.residue.right_of[expected.wires[0]])
            found = self.others[number] if number >= 0 else None
        return MismatchError(reason, expected, found)


def _is_like(other: Step, step: Step) -> bool:
    if other.do is not step.do:
        return False
    if step.do is Do.RESET:
        return True
    return other.matrix is not None and other.guard is not None and not is_diagonal(other.matrix)
