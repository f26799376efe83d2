"""Fusing gates: a block of gates on one pair of wires is written with fewer gates, and a SWAP hidden in it renames.

Compilers write RZZ as cx · rz · cx, which is one gate; SWAP as three CX, which is none; and a SWAP merged with a CP as
three CX, too, which is one.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from dqplan.core.gates import adjoint, multiply
from dqplan.core.normaliser import IDENTITY, Normaliser
from dqplan.core.one_qubit import eigenbasis
from dqplan.core.recipes import phase_matrix
from dqplan.core.replacements import Replacement, replacements_of
from dqplan.core.segments import Event, Kind, Segments

_MAX_PASSES = 16
"""What one pass fuses may let the next one fuse more; one or two are usual."""
_MANY_GATES = 10_000
"""Below this many gates another pass is always worth its time; above, it must replace one block per hundred gates."""


def fused(segments: Segments) -> Segments:
    """The normal form once more, with blocks written with fewer gates where that adds no cuts.

    This comes second because fusing while identities are still being cancelled would depend on where they stood.
    """
    if _has_lonely_pairs(segments):
        segments = _Rewriter(segments, []).rewritten()
    for _ in range(_MAX_PASSES):
        replacements = replacements_of(segments)
        if not replacements or 100 * len(replacements) < len(segments.gates) - _MANY_GATES:
            break
        segments = _Rewriter(segments, replacements).rewritten()
    return segments


def _has_lonely_pairs(segments: Segments) -> bool:
    """Whether some segment's only gate is followed, behind the next cut, by a gate with the same partner segment."""
    first, second = segments.gate_pairs.astype(np.int64).T
    targets, controls = np.concatenate([first, second]), np.concatenate([second, first])
    known = np.unique(targets * segments.num_segments + controls)
    lonely = (segments.gates_per_segment[targets] == 1) & (segments.following[targets] >= 0)
    after = segments.following[targets[lonely]] * segments.num_segments + controls[lonely]
    return bool(np.isin(after, known).any())


class _Rewriter(Normaliser):
    """Takes in the events of a normal form, with some blocks in other words. `wire_of` translates wires."""

    def __init__(self, segments: Segments, replacements: list[Replacement]) -> None:
        super().__init__(segments.circuit)
        self.segments = segments
        self.old_wire = segments.wire.tolist()
        self.waiting: defaultdict[int, list[Replacement]] = defaultdict(list)
        self.gone = np.zeros(segments.num_events, dtype=np.bool_)
        for replacement in replacements:
            block = replacement.block
            self.waiting[block.place].append(replacement)
            self.gone[list(block.events)] = True
            self.gone[segments.opening[block.crossed]] = True

    def rewritten(self) -> Segments:
        """The new normal form."""
        for number, (event, gone) in enumerate(zip(self.segments.events(), self.gone.tolist(), strict=True)):
            if not gone:
                self._repeat(event)
            for replacement in self.waiting.get(number, ()):
                self._write(replacement)
        self.wire_of = [self.wire_of[wire] for wire in self.segments.output_wire.tolist()]
        return self.finish()

    def _repeat(self, event: Event) -> None:
        """Take in an event as it is."""
        self.now, condition = event.line, event.condition
        wire = self.wire_of[self.old_wire[event.segment]]
        match event.kind:
            case Kind.GATE:
                self._phase(wire, self.wire_of[self.old_wire[event.other]], event.angle, condition, event.merged)
            case Kind.MEASURE:
                self._measure(wire, event.clbit, condition)
            case Kind.RESET:
                self._reset(wire, condition)
            case _ if event.matrix and condition < 0:
                self.pending[wire] = multiply(event.matrix, self.pending[wire])
            case _ if event.matrix:
                self._conditional_local(wire, event.matrix, condition)

    def _write(self, replacement: Replacement) -> None:
        """Write a block with other gates; a SWAP behind it exchanges the names of its wires."""
        segments, block, layers = self.segments, replacement.block, replacement.layers
        self.now = int(segments.line[block.events[0]])
        names = [int(segments.wire[side[0]]) for side in block.sides]
        a, b = (self.wire_of[name] for name in names)
        merged = int(segments.merged[list(block.events)].sum())
        for step, turn in enumerate(layers.turns):
            for wire, matrix in zip((a, b), turn, strict=True):
                self.pending[wire] = multiply(matrix, self.pending[wire])
            if step < len(layers.angles):
                rest = len(layers.angles) - step - 1
                self._phase(a, b, layers.angles[step], -1, merged - rest if step == 0 else 1)
        if layers.exchange:
            self.wire_of[names[0]], self.wire_of[names[1]] = b, a

    def _gate(self, a: int, b: int, angle: float, condition: int, merged: int) -> None:
        if condition >= 0 or not (self._fuse(a, b, angle, merged) or self._fuse(b, a, angle, merged)):
            super()._gate(a, b, angle, condition, merged)

    def _fuse(self, control: int, target: int, angle: float, merged: int) -> bool:
        """Replace CP(angle'), a cut W on the target, CP(angle) by one controlled gate and W, if nothing lies between.

        Both gates are diagonal on the control, so together with W they are W · controlled-V with
        V = W† P(angle) W P(angle'), and a controlled one-qubit gate is one CP between the eigenvectors of V. This is
        how cx · rz · cx, as compilers spell RZZ, becomes one gate again.
        """
        event = self._lonely_gate(control, target)
        if event < 0:
            return False
        opening = self.opening[self.current[target]]
        cut = self.unitaries[self.unitary[opening]]
        both = multiply(phase_matrix(angle), multiply(cut, phase_matrix(self.angle[event])))
        frame, alpha, beta = eigenbasis(multiply(adjoint(cut), both))
        after = self.pending[control], self.pending[target]
        self.pending[control], self.pending[target] = phase_matrix(alpha), IDENTITY
        self.kind[opening] = -1
        self.current[target] = self.previous[self.current[target]]
        merged += self._remove_gate(event, control, target)
        self._take_back(target)
        self.pending[target] = multiply(adjoint(frame), self.pending[target])
        self._phase(control, target, beta - alpha, -1, merged)
        self.pending[target] = multiply(after[1], multiply(cut, multiply(frame, self.pending[target])))
        self.pending[control] = multiply(after[0], self.pending[control])
        self._take_back(control)
        return True

    def _lonely_gate(self, control: int, target: int) -> int:
        """The only event between the last two cuts of the target, if it is a gate with the control's present segment.

        -1 if there is none, or if something came after the last cut.
        """
        segment = self.current[target]
        if self.contents[segment] or not self.removable[segment]:
            return -1
        before = self.previous[segment]
        if self.contents[before] != 1:
            return -1
        tokens = self.token[self.current[control]], self.token[before]
        return self.gate_of.get(tokens if control < target else tokens[::-1], -1)
