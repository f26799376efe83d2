"""Advance: the other circuit is followed as far as the first one needs it, into the residue of both."""

from __future__ import annotations

import cmath
import math
from collections import Counter
from collections.abc import Sequence

from dqplan.verify.structure.forms import TOLERANCE
from dqplan.verify.structure.queues import Queues, is_diagonal
from dqplan.verify.structure.residue import Residue
from dqplan.verify.structure.steps import Do, Guard, Step


class Advance:
    """The other circuit, the residue, and what is known about phases that only one of the circuits has done."""

    def __init__(self, num_wires: int, others: Sequence[Step], most: int) -> None:
        self.others = others
        self.queues = Queues(others)
        self.residue = Residue(num_wires, most)
        self.owed: Counter[tuple[Guard, int, int]] = Counter()
        """Phases under conditions that the other circuit has still to do; they may cancel each other meanwhile."""
        self.last: dict[tuple[int, int], Step] = {}
        """The last CP of either circuit between two qubits: (a, b) of the first, (b, a) of the other, a < b."""

    def apply(self, number: int, *, early: bool = False, grow: bool = False) -> bool:
        """Do one step of the other circuit, if it needs no counterpart.

        Args:
            number: of the step.
            early: even if it is a phase under a condition that the circuit has not come to; it may bar the way.
            grow: even if it needs a larger block.

        Returns:
            Whether it is done.
        """
        step, residue = self.others[number], self.residue
        if step.do is Do.PHASE:
            a, b = (residue.left_of[wire] for wire in step.wires)
            key = (step.guard, a, b) if a < b else (step.guard, b, a)
            if not (early or self._is_due(key)):
                return False
            self.last[key[2], key[1]] = step
            passed = residue.phase_right(a, b, step.angle, step.guard, grow=grow)
            if passed:
                self._pay(key)
            return passed
        if step.do is not Do.TURN or step.matrix is None:
            return False
        wire = residue.left_of[step.wires[0]]
        if step.guard is None:
            residue.turn_right(wire, step.matrix)
            return True
        target, key = residue.carried(wire), (step.guard, wire, -1)
        if is_diagonal(step.matrix) and target >= 0 and (early or self._is_due(key)):
            residue.add_flipped(target, -1, -cmath.phase(step.matrix[3] / step.matrix[0]), step.guard)
            self._pay(key)
            return True
        return False

    def _is_due(self, key: tuple[Guard, int, int]) -> bool:
        """Whether a phase has no condition, or the circuit has come to it, too."""
        return key[0] is None or key in self.owed or key in self.residue.waiting

    def owe(self, guard: Guard, a: int, b: int, angle: float) -> None:
        """A phase under a condition, that the other circuit has to do, too."""
        if guard is not None and abs(math.remainder(angle, 2 * math.pi)) > TOLERANCE:
            self.owed[guard, a, b] += 1

    def _pay(self, key: tuple[Guard, int, int]) -> None:
        """The other circuit has done a phase under a condition."""
        if key in self.owed:
            self.owed[key] -= 1
            if not self.owed[key]:
                del self.owed[key]

    def clear_phases(self, wire: int) -> None:
        """Advance the other circuit until no pair, and no phase under a condition, is open on a qubit."""
        residue = self.residue
        if not self._is_done(wire):
            self.close_block(wire)
        for _ in range(2):
            block = residue.block.get(wire)
            for place in block.wires if block else (wire,):
                if self._is_done(wire):
                    return
                self._clear_place(wire, place)

    def _is_done(self, wire: int) -> bool:
        """Whether no phase of a qubit is open."""
        owed = self.owed and any(wire in key[1:] for key in self.owed)
        return not owed and not self.residue.pairs[wire] and not self.residue.waits(wire)

    def close_block(self, wire: int) -> None:
        """Advance the other circuit inside the block of a qubit, until that is taken apart or no more can be done."""
        if wire in self.residue.block:
            self.residue.take_in_pairs(self.residue.block[wire])
        moved = True
        while moved and wire in self.residue.block:
            moved = False
            for place in self.residue.block[wire].wires:
                number = self.queues.first(self.residue.right_of[place])
                if wire in self.residue.block and number >= 0 and self._stays_inside(place, self.others[number]):
                    moved |= self.queues.advance(number, self.apply)

    def _stays_inside(self, place: int, step: Step) -> bool:
        block = self.residue.block.get(place)
        inside = block is not None and all(self.residue.left_of[wire] in block.wires for wire in step.wires)
        return inside and step.do in (Do.TURN, Do.PHASE)

    def _clear_place(self, wire: int, place: int) -> None:
        residue = self.residue
        for number in self.queues.open(residue.right_of[place]):
            if self._is_done(wire):
                return
            step = self.others[number]
            if step.do is Do.PHASE and self._is_open(place, step):
                self.queues.advance(number, self.apply)
            elif step.do is Do.TURN and step.matrix is not None:
                right = residue.right_of[place]
                if not is_diagonal(step.matrix) and self.queues.first(right) != number:
                    return
                if not self._is_due((step.guard, place, -1)):
                    continue
                self.queues.advance(number, self.apply)
            elif step.do is Do.RESET:
                return

    def _is_open(self, place: int, step: Step) -> bool:
        """Whether a CP of the other circuit has a counterpart among the open phases, or lies inside a block."""
        residue = self.residue
        ends = [residue.left_of[end] for end in step.wires]
        if step.guard is not None:
            return (step.guard, min(ends), max(ends)) in self.owed
        other = ends[0] if ends[1] == place else ends[1]
        block = residue.block.get(place)
        return other in residue.pairs[place] or (block is not None and other in block.wires)
