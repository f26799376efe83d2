"""Where a native program stands beside the joint program: places, frames, and the gates that happen in any case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from dqplan.core.circuit import Operation
from dqplan.core.gates import Matrix2, adjoint, multiply, one_qubit_matrix
from dqplan.load.emitted import Emitted
from dqplan.verify.native.frames import EXCHANGE, SAME, Unitary, factors_of, on_pair, on_places
from dqplan.verify.native.queue import Queue, is_fixed
from dqplan.verify.words import words_of


class StrayedError(Exception):
    """The native program does something else than the joint program; the message says where."""


@dataclass
class _Run:
    """Native gates on one pair of places since a row, and the turns of both since the last gate."""

    pair: tuple[int, int]
    row: int
    product: Unitary = field(default_factory=lambda: np.eye(4, dtype=np.complex128))
    after: list[Matrix2] = field(default_factory=lambda: [SAME, SAME])

    def turn(self, place: int, matrix: Matrix2) -> None:
        side = self.pair.index(place)
        self.after[side] = multiply(matrix, self.after[side])

    def gate(self, unitary: Unitary) -> None:
        self.product = unitary @ self.whole()
        self.after = [SAME, SAME]

    def whole(self) -> Unitary:
        return self.product if self.after == [SAME, SAME] else on_places(self.after) @ self.product


class State:
    """Both programs side by side.

    Attributes:
        deviation: sum of the deviations of matrix elements that counted as rounding.
        queue: what is still to come in the joint program.
        frame: by place, what has to follow the native program so that it has done what the joint program has.
        runs: by place, the native gates that are not yet matched.
        place_of: by content; numbers behind those of the joint program's qubits stand for places without one.
        content_at: the inverse.
    """

    def __init__(self, emitted: Emitted, native: Emitted) -> None:
        """`emitted` and `native` have e-bits as one operation each; `native.input` places all qubits of `emitted`."""
        self.emitted, self.native = emitted, native
        self.deviation = 0.0
        self.queue = Queue(emitted.joint, emitted.output)
        self.frame: list[Matrix2] = [SAME] * native.joint.num_qubits
        self.runs: dict[int, _Run] = {}
        rest = sorted(set(range(native.joint.num_qubits)) - set(native.input))
        self.place_of = [*native.input, *rest]
        self.content_at: list[int] = np.argsort(self.place_of).tolist()
        for content in range(emitted.joint.num_qubits):
            self.advance(content)

    def turn(self, operation: Operation) -> None:
        """A native gate on one qubit."""
        place, matrix = operation.qubits[0], one_qubit_matrix(operation.op, operation.params)
        run = self.runs.get(place)
        if run is not None:
            run.turn(place, matrix)
        else:
            self.frame[place] = multiply(self.frame[place], adjoint(matrix))

    def gather(self, row: int, operation: Operation) -> None:
        """A native gate on two qubits."""
        a, b = operation.qubits
        run = self.runs.get(a)
        if run is None or run is not self.runs.get(b):
            self.close(operation.qubits)
            run = self.runs[a] = self.runs[b] = _Run((a, b), row)
        run.gate(on_pair(operation.op, operation.params, flipped=run.pair != (a, b)))

    def close(self, places: Sequence[int]) -> None:
        """Match the runs that places take part in."""
        for place in places:
            run = self.runs.get(place)
            if run is not None:
                for each in run.pair:
                    del self.runs[each]
                self._match(run)

    def _match(self, run: _Run) -> None:
        """Find the gates of the joint program that a run stands for."""
        if self._explained(run):
            return
        pair = [self.content_at[place] for place in run.pair]
        for content in pair:
            self.pass_over(content)
        if not self._explained(run):
            raise self.strayed(run.row, "the gates on this pair, from here on, are not those of", self._first(*pair))

    def _explained(self, run: _Run) -> bool:
        """Whether the next gates of the joint program, as few as will do, are those of a run, which is then done."""
        a, b = (self.content_at[place] for place in run.pair)
        rest = on_places([self.frame[place] for place in run.pair]) @ run.whole().conj().T
        rows: list[int] = []
        coming = iter(list(self.queue.gates_of(a, b)))
        while not (self._settled(rest, run.pair) or self._settled(EXCHANGE @ rest, run.pair, exchanged=True)):
            row = next(coming, -1)
            if row < 0:
                return False
            rest = self._of_pair(row, a, b) @ rest
            rows.append(row)
        self._take(rows, a, b)
        return True

    def _take(self, rows: Sequence[int], a: int, b: int) -> None:
        for row in rows:
            self.queue.meet(row)
        self.advance(a)
        self.advance(b)

    def _settled(self, rest: Unitary, pair: tuple[int, int], *, exchanged: bool = False) -> bool:
        """Whether a unitary on two places is a frame of either; they are then put in place."""
        found = factors_of(rest)
        if found is None:
            return False
        p, q = pair
        self.frame[p], self.frame[q], deviation = found
        self.deviation += deviation
        if exchanged:
            self.exchange(self.content_at[p], self.content_at[q])
        return True

    def _of_pair(self, row: int, a: int, b: int) -> Unitary:
        """A gate of the joint program on one or both of two qubits."""
        operation = self.queue.rows[row]
        if len(operation.qubits) == 2:
            return on_pair(operation.op, operation.params, flipped=operation.qubits == (b, a))
        turn = one_qubit_matrix(operation.op, operation.params)
        return on_places((turn, SAME) if operation.qubits == (a,) else (SAME, turn))

    def advance(self, content: int) -> None:
        """Take the next gates of the joint program that change one frame only."""
        row = self.queue.head(content)
        while self.queue.is_gate_of(row, {content}):
            operation, place = self.queue.rows[row], self.place_of[content]
            self.frame[place] = multiply(one_qubit_matrix(operation.op, operation.params), self.frame[place])
            self.queue.meet(row)
            row = self.queue.head(content)

    def pass_over(self, content: int) -> None:
        """Take gates of the joint program on one pair that cancel out, of which the native program has none."""
        row = self.queue.head(content)
        if row < 0 or is_fixed(self.queue.rows[row]):
            return
        a, b = self.queue.rows[row].qubits
        if not self.queue.ready(row):
            self.pass_over(b if content == a else a)
        if not self.queue.ready(row):
            return
        product, rows = np.eye(4, dtype=np.complex128), []
        for each in self.queue.gates_of(a, b):
            product = self._of_pair(each, a, b) @ product
            rows.append(each)
            pair = self.place_of[a], self.place_of[b]
            if self._settled(product @ on_places([self.frame[place] for place in pair]), pair):
                self._take(rows, a, b)
                self.pass_over(content)
                return

    def exchange(self, a: int, b: int) -> None:
        """Two contents change places."""
        here, there = self.place_of[a], self.place_of[b]
        self.place_of[a], self.place_of[b] = there, here
        self.content_at[here], self.content_at[there] = b, a

    def _first(self, *contents: int) -> int:
        """The first row that is next on one of some contents."""
        return min((row for content in contents if (row := self.queue.head(content)) >= 0), default=-1)

    def strayed(self, row: int, what: str, wanted: int) -> StrayedError:
        """A fault at a native row; `wanted` is the row of the joint program that belongs there, -1 for none."""
        told = f"{self.emitted.place(wanted)}: {words_of(self.emitted.joint, wanted)}" if wanted >= 0 else "nothing"
        return StrayedError(f"{self.native.place(row)}: {what} {told}")
