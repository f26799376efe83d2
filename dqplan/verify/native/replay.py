"""Replay of a native program beside the joint program that it was compiled from.

At every moment, what the joint program did so far is what the native program did so far, followed by one unitary on
each place: its frame. A native gate on one qubit changes the frame of its place, and so does one of the joint program.
Native gates on one pair of places are collected until something else happens to either; then the next gates of the
joint program on what lies there, as few as will do, must turn frames, with the native gates taken back, into new
frames, perhaps behind an exchange of what lies there, which is how routing moves qubits. All else (e-bits,
measurements, resets, conditional gates) comes in the same order in both, and in frames that do not matter to it. SWAPs
of the joint program are renamings. Nothing that the compiler says about its steps is used but the places of
qubits at the start and at the end; what cannot be matched is a fault, with its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dqplan.core.circuit import Operation
from dqplan.core.gates import NUM_QUBITS, Op, gate_matrix, one_qubit_matrix
from dqplan.load.emitted import Emitted
from dqplan.verify.native.frames import SAME, TOLERANCE, Unitary, distance, on_pair, on_places, slant
from dqplan.verify.native.queue import does_nothing, is_fixed
from dqplan.verify.native.state import State, StrayedError
from dqplan.verify.words import words_of


@dataclass
class _Part:
    """What the native program did so far of a conditional gate of the joint program."""

    row: int
    places: tuple[int, ...]
    product: Unitary


class Replay(State):
    """Goes through both programs."""

    def __init__(self, emitted: Emitted, native: Emitted) -> None:
        super().__init__(emitted, native)
        self._fixed = (row for row in self.queue.left if is_fixed(self.queue.rows[row]))
        self._expected = next(self._fixed, -1)
        self._part: _Part | None = None

    def run(self) -> None:
        """To the end.

        Raises:
            StrayedError: at the first difference.
        """
        for row, operation in enumerate(self.native.joint):
            if does_nothing(operation):
                continue
            if is_fixed(operation) or self._part is not None:
                self._fix(row, operation)
            elif NUM_QUBITS[operation.op] == 1:
                self.turn(operation)
            else:
                self.gather(row, operation)
        self._end()

    # -- what comes in the same order in both ----------------------------------------------------------------------

    def _fix(self, row: int, operation: Operation) -> None:
        if operation.op < Op.EPR:
            self._conditional(row, operation)
            return
        wanted = self.queue.rows[self._expected] if self._expected >= 0 else None
        if self._part is not None or wanted is None or not self._alike(operation, wanted):
            raise self._disordered(row)
        self.close(operation.qubits)
        if operation.op == Op.RESET and operation.condition is None:
            self._wipe(row, wanted.qubits[0], operation.qubits[0])
        self._meet(row, operation.qubits, wanted.qubits)
        named = [self.emitted.qubit_names[qubit] for qubit in self.emitted.joint[self._expected].qubits]
        for place, name in zip(operation.qubits, named, strict=True):
            if operation.op == Op.EPR and self.native.qubit_names[place] != name:
                raise self.strayed(row, f"{self.native.qubit_names[place]} is another place than in", self._expected)
            self._free_of_frame(row, place, diagonal=operation.op != Op.EPR)
        self._done()

    def _alike(self, operation: Operation, wanted: Operation) -> bool:
        return (operation.op, operation.clbit, operation.condition) == (wanted.op, wanted.clbit, wanted.condition)

    def _wipe(self, row: int, content: int, place: int) -> None:
        """Prepare for a reset: it may happen elsewhere than at its content, in a place that holds nothing of use."""
        other = self.content_at[place]
        if other != content:
            if not self.queue.idle(other):
                raise self.strayed(row, "this reset destroys what is still needed by", self.queue.head(other))
            self.exchange(content, other)
        self.frame[place] = SAME

    def _meet(self, row: int, places: Sequence[int], contents: Sequence[int]) -> None:
        """Check that everything before the expected operation is done, and that its contents are here."""
        for place, content in zip(places, contents, strict=True):
            if self.content_at[place] != content:
                raise self.strayed(row, f"{self.native.qubit_names[place]} does not hold the qubit of", self._expected)
            if self.queue.head(content) != self._expected:
                self.pass_over(content)
            if self.queue.head(content) != self._expected:
                raise self.strayed(row, "this comes too early, before", self.queue.head(content))

    def _free_of_frame(self, row: int, place: int, *, diagonal: bool) -> None:
        """Check that a frame does not matter to a measurement or reset (diagonal), or that there is none."""
        frame = self.frame[place]
        found = slant(frame) if diagonal else distance(on_places([frame]), on_places([SAME]))
        if found > TOLERANCE:
            raise self.strayed(row, f"{self.native.qubit_names[place]} is not yet ready for", self._expected)
        self.deviation += found

    def _conditional(self, row: int, operation: Operation) -> None:
        """One more native gate of a conditional gate of the joint program."""
        if self._part is None:
            self._part = self._begun(row, operation)
        part, wanted = self._part, self.queue.rows[self._part.row]
        if operation.condition != wanted.condition or not set(operation.qubits) <= set(part.places):
            raise self._disordered(row)
        part.product = self._on_part(operation, part.places) @ part.product
        frames = on_places([self.frame[place] for place in part.places])
        there = frames.conj().T @ gate_matrix(wanted.op, wanted.params) @ frames
        found = distance(there, part.product)
        if found <= TOLERANCE:
            self.deviation += found
            self._part = None
            self._done()

    def _begun(self, row: int, operation: Operation) -> _Part:
        """The conditional gate of the joint program to which a native gate belongs."""
        self.close(operation.qubits)
        acted_on = {self.content_at[place] for place in operation.qubits}
        if not self._belongs(operation, acted_on):
            raise self._disordered(row)
        contents = self.queue.rows[self._expected].qubits
        for content in contents:
            self.close([self.place_of[content]])
        places = tuple(self.place_of[content] for content in contents)
        self._meet(row, places, contents)
        return _Part(self._expected, places, np.eye(1 << len(places), dtype=np.complex128))

    def _belongs(self, operation: Operation, acted_on: set[int]) -> bool:
        """Whether a native gate under a condition can be a part of the expected operation."""
        if self._expected < 0:
            return False
        wanted = self.queue.rows[self._expected]
        return wanted.op < Op.EPR and wanted.condition == operation.condition and acted_on <= set(wanted.qubits)

    def _disordered(self, row: int) -> StrayedError:
        return self.strayed(row, f"found {words_of(self.native.joint, row)}, but what comes next is", self._expected)

    @staticmethod
    def _on_part(operation: Operation, places: tuple[int, ...]) -> Unitary:
        if len(operation.qubits) == 2:
            return on_pair(operation.op, operation.params, flipped=operation.qubits != places)
        turn = one_qubit_matrix(operation.op, operation.params)
        return on_places([turn if operation.qubits == (place,) else SAME for place in places])

    def _done(self) -> None:
        """The expected operation has happened."""
        row, self._expected = self._expected, next(self._fixed, -1)
        self.queue.meet(row)
        for content in self.queue.rows[row].qubits:
            self.advance(content)

    # -- the end ---------------------------------------------------------------------------------------------------

    def _end(self) -> None:
        self.close(list(self.runs))
        for content in range(self.emitted.joint.num_qubits):
            self.pass_over(content)
        left = self.queue.first_left()
        if left >= 0:
            missing = f"{self.emitted.place(left)}: {words_of(self.emitted.joint, left)}"
            raise StrayedError(f"{missing} is not carried out in {self.native.joint_file}")
        for number, (content, place) in enumerate(zip(self.queue.outputs, self.native.output, strict=True)):
            if self.place_of[content] != place:
                found, told = (self.native.qubit_names[each] for each in (self.place_of[content], place))
                raise StrayedError(f"circuit qubit {number} ends in {found}, plan.json says {told}")
            turned = distance(on_places([self.frame[place]]), on_places([SAME]))
            if turned > TOLERANCE:
                raise StrayedError(f"circuit qubit {number} is turned at the end of {self.native.joint_file}")
            self.deviation += turned
