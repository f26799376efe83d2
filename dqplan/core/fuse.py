"""Fusing gates across a cut: cx · rz · cx, as compilers spell RZZ, becomes one gate again."""

from __future__ import annotations

import numpy as np

from dqplan.core.gates import adjoint, multiply
from dqplan.core.normaliser import IDENTITY, Normaliser
from dqplan.core.one_qubit import eigenbasis
from dqplan.core.recipes import phase_matrix
from dqplan.core.segments import Kind, Segments


def fused(segments: Segments) -> Segments:
    """The normal form once more, with pairs of gates fused across the cut between them.

    This is a second pass because fusing while identities are still being cancelled would depend on where they stood.
    """
    if not _has_lonely_pairs(segments):
        return segments
    normaliser = _FusingNormaliser(segments.circuit)
    for event in range(segments.num_events):
        normaliser.repeat(segments, event)
    normaliser.wire_of = segments.output_wire.tolist()
    return normaliser.finish()


def _has_lonely_pairs(segments: Segments) -> bool:
    """Whether some segment's only gate is followed, behind the next cut, by a gate with the same partner segment."""
    first, second = segments.gate_pairs.astype(np.int64).T
    targets, controls = np.concatenate([first, second]), np.concatenate([second, first])
    known = np.unique(targets * segments.num_segments + controls)
    lonely = (segments.gates_per_segment[targets] == 1) & (segments.following[targets] >= 0)
    after = segments.following[targets[lonely]] * segments.num_segments + controls[lonely]
    return bool(np.isin(after, known).any())


class _FusingNormaliser(Normaliser):
    """Takes in the events of a normal form, and fuses where it can."""

    def repeat(self, segments: Segments, event: int) -> None:
        """Take in an event of a normal form."""
        self.now = int(segments.line[event])
        wire = int(segments.wire[segments.segment[event]])
        condition = int(segments.condition[event])
        match segments.kind[event]:
            case Kind.GATE:
                other = int(segments.wire[segments.other[event]])
                self._phase(wire, other, float(segments.angle[event]), condition, int(segments.merged[event]))
            case Kind.MEASURE:
                self._measure(wire, int(segments.clbit[event]), condition)
            case Kind.RESET:
                self._reset(wire, condition)
            case _:
                a, b, c, d = segments.unitaries[segments.unitary[event]].tolist()
                if condition < 0:
                    self.pending[wire] = multiply((a, b, c, d), self.pending[wire])
                else:
                    self._conditional_local(wire, (a, b, c, d), condition)

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
        event = self.gate_of.get(tokens if control < target else tokens[::-1], -1)
        return event if event >= 0 and self.angle[event] else -1

    def _remove_gate(self, event: int, control: int, target: int) -> int:
        """Take a gate out of the present segments of two wires; returns how many gates it stood for."""
        merged = self.merged[event]
        self.angle[event] = 0.0
        self.merged[event] = 0
        for wire in (control, target):
            self.contents[self.current[wire]] -= 1
        self._take_back(target)
        return merged
