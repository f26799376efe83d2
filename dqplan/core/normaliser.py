"""The state of the pass that brings a circuit into its normal form.

Each wire carries a *pending* unitary, the product of one-qubit gates not yet written down. A diagonal or anti-diagonal
pending unitary commutes with CP gates (X past CP(θ) flips its sign and leaves P(θ) on the other wire), so it travels
on; any other is written as a cut when a gate arrives. A gate whose angle is merged to zero disappears; a segment that
becomes empty is taken back into its predecessor, so that computing and un-computing leaves no trace.
"""

from __future__ import annotations

import math
from array import array

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Matrix2, Op, multiply, one_qubit_matrix
from dqplan.core.recipes import Exchange, Phase, canonical_operands, phase_matrix, recipe_of
from dqplan.core.segments import Kind, Segments

IDENTITY: Matrix2 = (1, 0, 0, 1)
_X: Matrix2 = (0, 1, 1, 0)
MATRIX_TOLERANCE = 1e-11
"""Matrix entries below this are rounding noise of a product of gates and count as zero."""
ANGLE_TOLERANCE = 1e-14
"""An angle below this many radians, per merged gate, counts as zero."""
_TWO_PI = 2 * math.pi


def is_diagonal(matrix: Matrix2) -> bool:
    """Whether both off-diagonal entries are zero, up to rounding."""
    return abs(matrix[1]) < MATRIX_TOLERANCE and abs(matrix[2]) < MATRIX_TOLERANCE


def is_antidiagonal(matrix: Matrix2) -> bool:
    """Whether both diagonal entries are zero, up to rounding."""
    return abs(matrix[0]) < MATRIX_TOLERANCE and abs(matrix[3]) < MATRIX_TOLERANCE


def _is_identity(matrix: Matrix2) -> bool:
    """Whether the matrix is the identity up to global phase and rounding."""
    return is_diagonal(matrix) and abs(matrix[0] - matrix[3]) < MATRIX_TOLERANCE


class Normaliser:
    """The state of the pass: events as growing columns, and for each wire its current segment and pending unitary."""

    def __init__(self, circuit: Circuit) -> None:
        n = circuit.num_qubits
        self.circuit = circuit
        self.wire_of = list(range(n))
        self.pending: list[Matrix2] = [IDENTITY] * n
        self.current = list(range(n))
        # Per segment: wire, predecessor, opening event (-1: none), number of events inside, whether it begins with a
        # reset, whether it may be taken back, a token that changes when later gates must not merge with earlier ones.
        self.wire = array("i", range(n))
        self.previous = array("i", [-1] * n)
        self.opening = array("i", [-1] * n)
        self.contents = array("i", [0] * n)
        self.fresh = bytearray(n)
        self.removable = bytearray(n)
        self.token = array("q", range(n))
        self.next_token = n
        self.kind = array("b")
        self.segment = array("i")
        self.other = array("i")
        self.angle = array("d")
        self.unitary = array("i")
        self.clbit = array("i")
        self.condition = array("i")
        self.line = array("i")
        self.merged = array("i")
        self.unitaries: list[Matrix2] = []
        self.gate_of: dict[tuple[int, int], int] = {}
        self.preparation: dict[int, int] = {}
        """The CUT with which a wire begins, or begins again after a reset, by segment."""
        self.now = 0

    def add(
        self, op: Op, qubits: tuple[int, ...], params: tuple[float, ...], clbit: int, condition: int, line: int
    ) -> None:
        """Take in the circuit's next operation."""
        self.now = line
        wire = self.wire_of[qubits[0]]
        if op is Op.MEASURE:
            self._measure(wire, clbit, condition)
        elif op is Op.RESET:
            self._reset(wire, condition)
        elif len(qubits) > 1:
            self._apply_recipe(op, qubits, params, condition)
        elif condition < 0:
            self.pending[wire] = multiply(one_qubit_matrix(op, params), self.pending[wire])
        else:
            self._conditional_local(wire, one_qubit_matrix(op, params), condition)

    def _apply_recipe(self, op: Op, qubits: tuple[int, ...], params: tuple[float, ...], condition: int) -> None:
        qubits = canonical_operands(op, qubits)
        for step in recipe_of(op, params):
            if isinstance(step, Phase):
                self._phase(self.wire_of[qubits[step.i]], self.wire_of[qubits[step.j]], step.angle, condition)
            elif isinstance(step, Exchange):
                self._exchange(qubits[step.i], qubits[step.j], condition)
            elif condition < 0 or step.frame:
                wire = self.wire_of[qubits[step.i]]
                self.pending[wire] = multiply(step.matrix, self.pending[wire])
            else:
                self._conditional_local(self.wire_of[qubits[step.i]], step.matrix, condition)

    def _exchange(self, i: int, j: int, condition: int) -> None:
        """SWAP: names change; under a condition, which no name can depend on, three CX do it."""
        if condition < 0:
            self.wire_of[i], self.wire_of[j] = self.wire_of[j], self.wire_of[i]
            return
        for pair in ((i, j), (j, i), (i, j)):
            self._apply_recipe(Op.CX, pair, (), condition)

    # -- gates ---------------------------------------------------------------------------------------------------

    def _phase(self, a: int, b: int, angle: float, condition: int, merged: int = 1) -> None:
        """CP(angle) between two wires, moved in front of their pending unitaries."""
        if _vanishes(angle, 1):
            return
        if a > b:
            a, b = b, a
        flips = [self._settle(wire) for wire in (a, b)]
        # CP(θ)·X_a = X_a · P_b(θ) CP(-θ): a flipped wire leaves a phase on its partner, an odd number turns the sign.
        for flipped, partner in zip(flips, (b, a), strict=True):
            if flipped:
                self._diagonal(partner, angle, condition)
        self._gate(a, b, -angle if flips[0] != flips[1] else angle, condition, merged)

    def _settle(self, wire: int) -> bool:
        """Write down a pending unitary that does not commute with gates. Returns whether the one that stays flips Z."""
        pending = self.pending[wire]
        if pending is IDENTITY or is_diagonal(pending):
            return False
        if is_antidiagonal(pending):
            return True
        self._cut(wire)
        return False

    def _diagonal(self, wire: int, angle: float, condition: int) -> None:
        if condition < 0:
            self.pending[wire] = multiply(phase_matrix(angle), self.pending[wire])
        else:
            self._conditional_local(wire, phase_matrix(angle), condition)

    def _gate(self, a: int, b: int, angle: float, condition: int, merged: int) -> None:
        first, second = self.current[a], self.current[b]
        key = (self.token[first], self.token[second])
        event = self.gate_of.get(key, -1) if condition < 0 else -1
        if event < 0:
            event = self._event(
                Kind.GATE, first, other=second, angle=_wrapped(angle), condition=condition, merged=merged
            )
            if condition < 0:
                self.gate_of[key] = event
            return
        self.merged[event] += merged
        after = _wrapped(self.angle[event] + angle)
        if _vanishes(after, self.merged[event]):
            self._remove_gate(event, a, b)
            self._take_back(a)
            self._take_back(b)
        else:
            self.angle[event] = after

    def _remove_gate(self, event: int, a: int, b: int) -> int:
        """Take a gate out of the present segments of two wires; returns how many gates it stood for.

        A later gate between these segments gets a place of its own, so that no trace is left of this one.
        """
        merged, self.merged[event] = self.merged[event], 0
        self.angle[event] = 0.0
        first, second = (self.current[wire] for wire in sorted((a, b)))
        self.contents[first] -= 1
        self.contents[second] -= 1
        del self.gate_of[self.token[first], self.token[second]]
        return merged

    def _take_back(self, wire: int) -> None:
        """Undo a cut behind which nothing is left."""
        segment = self.current[wire]
        if self.contents[segment]:
            return
        if self.removable[segment]:
            cut = self.opening[segment]
            self.current[wire] = self.previous[segment]
        else:
            cut = self.preparation.pop(segment, -1)
            self._renew_token(wire)  # another preparation may follow, and no gate may be put in front of it
        if cut >= 0:
            self.kind[cut] = -1
            self.pending[wire] = multiply(self.pending[wire], self.unitaries[self.unitary[cut]])

    # -- cuts and local operations --------------------------------------------------------------------------------

    def _cut(self, wire: int) -> None:
        """Write the pending unitary as the beginning of a segment, or of a wire that has no gates yet."""
        pending, segment = self.pending[wire], self.current[wire]
        self.pending[wire] = IDENTITY
        rooted = self.previous[segment] < 0 or self.fresh[segment]
        if not rooted or self.contents[segment]:
            self._open(wire, Kind.CUT, removable=True, matrix=pending)
        elif segment in self.preparation:
            row = self.unitary[self.preparation[segment]]
            self.unitaries[row] = multiply(pending, self.unitaries[row])
        else:
            self.preparation[segment] = self._event(Kind.CUT, segment, matrix=pending, inside=False)

    def _open(
        self, wire: int, kind: Kind, *, removable: bool, matrix: Matrix2 | None = None, condition: int = -1
    ) -> None:
        """Begin a new segment on the wire."""
        segment = len(self.wire)
        self.wire.append(wire)
        self.previous.append(self.current[wire])
        self.contents.append(0)
        self.fresh.append(kind is Kind.RESET)
        self.removable.append(removable)
        self.token.append(self.next_token)
        self.next_token += 1
        self.current[wire] = segment
        self.opening.append(self._event(kind, segment, matrix=matrix, condition=condition, inside=False))

    def _conditional_local(self, wire: int, matrix: Matrix2, condition: int) -> None:
        """A one-qubit unitary under a classical condition: it can neither be merged nor moved."""
        if is_diagonal(matrix):
            if self._settle(wire):
                a, b, c, d = matrix
                matrix = (d, c, b, a)
            self._event(Kind.LOCAL, self.current[wire], matrix=matrix, condition=condition)
            return
        self._write_pending(wire)
        if is_antidiagonal(matrix):
            self._event(Kind.LOCAL, self.current[wire], matrix=matrix, condition=condition)
            self._renew_token(wire)
        else:
            self._open(wire, Kind.CUT, removable=False, matrix=matrix, condition=condition)

    def _write_pending(self, wire: int) -> None:
        """Write the pending unitary down here, whatever it is."""
        pending = self.pending[wire]
        if _is_identity(pending):
            return
        if is_diagonal(pending) or is_antidiagonal(pending):
            self.pending[wire] = IDENTITY
            self._event(Kind.LOCAL, self.current[wire], matrix=pending)
            self._renew_token(wire)
        else:
            self._cut(wire)

    def _renew_token(self, wire: int) -> None:
        """Forbid merging gates across this point of the wire."""
        self.token[self.current[wire]] = self.next_token
        self.next_token += 1

    def _measure(self, wire: int, clbit: int, condition: int) -> None:
        if self._settle(wire):  # the diagonal part may wait, the flip may not
            _, b, c, _ = self.pending[wire]
            self.pending[wire] = (b, 0, 0, c)
            self._event(Kind.LOCAL, self.current[wire], matrix=_X)
            self._renew_token(wire)
        self._event(Kind.MEASURE, self.current[wire], clbit=clbit, condition=condition)

    def _reset(self, wire: int, condition: int) -> None:
        if condition >= 0:
            self._write_pending(wire)
        self.pending[wire] = IDENTITY
        self._open(wire, Kind.RESET, removable=False, condition=condition)
        if condition >= 0:
            self.fresh[self.current[wire]] = False

    # -- bookkeeping -----------------------------------------------------------------------------------------------

    def _event(
        self,
        kind: Kind,
        segment: int,
        *,
        other: int = -1,
        angle: float = 0.0,
        matrix: Matrix2 | None = None,
        clbit: int = -1,
        condition: int = -1,
        merged: int = 0,
        inside: bool = True,
    ) -> int:
        """Append an event; returns its number."""
        if inside:
            self.contents[segment] += 1
            if other >= 0:
                self.contents[other] += 1
        self.kind.append(kind)
        self.segment.append(segment)
        self.other.append(other)
        self.angle.append(angle)
        self.unitary.append(-1 if matrix is None else len(self.unitaries))
        if matrix is not None:
            self.unitaries.append(matrix)
        self.clbit.append(clbit)
        self.condition.append(condition)
        self.line.append(self.now)
        self.merged.append(merged)
        return len(self.kind) - 1

    def finish(self) -> Segments:
        """Write down what is pending and freeze the columns."""
        self.now = 0
        for wire in range(self.circuit.num_qubits):
            self._write_pending(wire)
        kind = np.array(self.kind, dtype=np.int8)
        angle = np.array(self.angle, dtype=np.float64)
        alive = (kind >= 0) & ~((kind == Kind.GATE) & (angle == 0))
        number, order = self._numbering()
        unitary, unitaries = self._used_unitaries(alive)
        segment, other = np.array(self.segment, np.int32)[alive], np.array(self.other, np.int32)[alive]
        return Segments(
            circuit=self.circuit,
            wire=np.array(self.wire, dtype=np.int32)[order],
            fresh=np.frombuffer(bytes(self.fresh), dtype=np.bool_)[order].copy(),
            kind=kind[alive].astype(np.uint8),
            segment=number[segment],
            other=np.where(other >= 0, number[other], -1).astype(np.int32),
            angle=angle[alive],
            unitary=unitary,
            clbit=np.array(self.clbit, dtype=np.int32)[alive],
            condition=np.array(self.condition, dtype=np.int32)[alive],
            line=np.array(self.line, dtype=np.int32)[alive],
            merged=np.array(self.merged, dtype=np.int32)[alive],
            unitaries=unitaries,
            output_wire=np.array(self.wire_of, dtype=np.int32),
        )

    def _numbering(self) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
        """New numbers of the segments that are left, wire by wire: (old -> new, the old ones in their new order)."""
        opening = np.array(self.opening, dtype=np.int64)
        wires = self.circuit.num_qubits
        left = np.ones(len(opening), dtype=np.bool_)
        left[wires:] = np.array(self.kind, dtype=np.int8)[opening[wires:]] >= 0
        old = np.flatnonzero(left)
        order = old[np.argsort(np.array(self.wire, dtype=np.int32)[old], kind="stable")]
        number = np.full(len(opening), -1, dtype=np.int32)
        number[order] = np.arange(len(order), dtype=np.int32)
        return number, order

    def _used_unitaries(self, alive: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.complex128]]:
        """Rows of the unitaries that living events refer to, and the events' column renumbered."""
        unitary = np.array(self.unitary, dtype=np.int32)[alive]
        refers = unitary >= 0
        matrices = np.array(self.unitaries, dtype=np.complex128).reshape(-1, 4)[unitary[refers]]
        unitary[refers] = np.arange(len(matrices), dtype=np.int32)
        return unitary, matrices


def _wrapped(angle: float) -> float:
    """The same angle in (-π, π]."""
    angle = math.remainder(angle, _TWO_PI)
    return math.pi if angle <= -math.pi else angle


def _vanishes(angle: float, merged: int) -> bool:
    """Whether CP(angle) is the identity, up to the rounding of so many additions."""
    return abs(math.remainder(angle, _TWO_PI)) < ANGLE_TOLERANCE * merged
