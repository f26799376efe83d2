"""Queues: which steps of a circuit may come next, if steps that are diagonal on a common qubit commute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from dqplan.core.gates import Matrix2
from dqplan.verify.structure.forms import TOLERANCE
from dqplan.verify.structure.steps import Do, Step

Wire = tuple[str, int] | int
"""A qubit by number, or a classical bit."""


def is_diagonal(matrix: Matrix2) -> bool:
    """Whether a one-qubit unitary is diagonal, up to rounding."""
    return abs(matrix[1]) < TOLERANCE and abs(matrix[2]) < TOLERANCE


def is_antidiagonal(matrix: Matrix2) -> bool:
    """Whether a one-qubit unitary is X up to phases, up to rounding."""
    return abs(matrix[0]) < TOLERANCE and abs(matrix[3]) < TOLERANCE


def can_wait(measurement: Step, step: Step) -> bool:
    """Whether a measurement may be done behind a step that comes after it."""
    if step.guard and measurement.clbit in step.guard.clbits:
        return False
    if step.clbit >= 0 and (step.clbit == measurement.clbit or _reads(measurement, step.clbit)):
        return False
    diagonal = step.do in (Do.PHASE, Do.MEASURE) or (step.matrix is not None and is_diagonal(step.matrix))
    return diagonal or step.wires != measurement.wires


def _reads(step: Step, clbit: int) -> bool:
    return step.guard is not None and clbit in step.guard.clbits


class Queues:
    """The steps of one circuit, qubit by qubit and bit by bit, and which of them are done."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        self.done = bytearray(len(steps))
        self.queue: defaultdict[Wire, list[int]] = defaultdict(list)
        self._head: defaultdict[Wire, int] = defaultdict(int)
        self._before: list[list[tuple[Wire, int]]] = []
        """For each step and wire: the last step that it does not commute with; -1 if that is all before."""
        border: dict[Wire, int] = {}
        for number, step in enumerate(steps):
            before = []
            for wire, commutes in self._wires(step):
                if not commutes:
                    before.append((wire, -1))
                    border[wire] = number
                elif wire in border:
                    before.append((wire, border[wire]))
                self.queue[wire].append(number)
            self._before.append(before)

    @staticmethod
    def _wires(step: Step) -> list[tuple[Wire, bool]]:
        """What a step touches, and whether diagonally, or only reading."""
        diagonal = step.do in (Do.PHASE, Do.MEASURE) or (step.matrix is not None and is_diagonal(step.matrix))
        touched: list[tuple[Wire, bool]] = [(wire, diagonal) for wire in step.wires]
        if step.guard:
            touched += [(("bit", clbit), True) for clbit in step.guard.clbits - {step.clbit}]
        if step.clbit >= 0:
            touched.append((("bit", step.clbit), False))
        return touched

    def first(self, wire: Wire) -> int:
        """The first step of a wire that is not done, -1 if all are."""
        queue, place = self.queue[wire], self._head[wire]
        while place < len(queue) and self.done[queue[place]]:
            place += 1
        self._head[wire] = place
        return queue[place] if place < len(queue) else -1

    def open(self, wire: Wire) -> Iterator[int]:
        """The steps of a wire that are not done, in order."""
        self.first(wire)
        queue = self.queue[wire]
        for place in range(self._head[wire], len(queue)):
            if not self.done[queue[place]]:
                yield queue[place]

    def advance(self, number: int, apply: Callable[[int], bool]) -> bool:
        """Do a step, and before it all that it waits for.

        Args:
            number: of the step.
            apply: does one step; says whether it could.

        Returns:
            Whether the step is done; if not, some of those before it may be.
        """
        waiting = [number]
        while waiting:
            last = waiting[-1]
            if self.done[last]:
                waiting.pop()
            elif (blocking := self._blocking(last)) >= 0:
                waiting.append(blocking)
            elif not apply(last):
                return False
            else:
                self.done[last] = 1
                waiting.pop()
        return True

    def _blocking(self, number: int) -> int:
        """A step that is not done and must come before, -1 if there is none."""
        for wire, border in self._before[number]:
            if border >= 0:
                if not self.done[border]:
                    return border
            else:
                first = self.first(wire)
                if 0 <= first < number:
                    return first
        return -1
