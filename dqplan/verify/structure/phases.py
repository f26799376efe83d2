"""Phases and flips: the part D · F of a residue, phases of single qubits and of pairs behind flips."""

from __future__ import annotations

import math

from dqplan.verify.structure.forms import TOLERANCE
from dqplan.verify.structure.steps import Guard


class Phases:
    """D · F, with the qubits numbered as the steps of I number them; `residue` tells what I is."""

    def __init__(self, num_wires: int) -> None:
        self.single = [0.0] * num_wires
        self.pairs: list[dict[int, float]] = [{} for _ in range(num_wires)]
        self.waiting: dict[tuple[Guard, int, int], float] = {}
        """Phases under conditions: by condition and two qubits, the second -1 for a phase of one."""
        self.flip = bytearray(num_wires)
        self.slack = 0.0
        """Sum of all deviations that counted as zero."""

    def add_single(self, wire: int, angle: float, guard: Guard = None) -> None:
        """One more phase of one qubit."""
        if guard is None:
            self.single[wire] = self._rounded(self.single[wire] + angle)
        else:
            self._add_waiting((guard, wire, -1), angle)

    def add_pair(self, a: int, b: int, angle: float, guard: Guard = None) -> None:
        """One more CP between two qubits."""
        if guard is not None:
            self._add_waiting((guard, min(a, b), max(a, b)), angle)
            return
        total = self._rounded(self.pairs[a].get(b, 0.0) + angle)
        if total:
            self.pairs[a][b] = self.pairs[b][a] = total
        else:
            self.pairs[a].pop(b, None)
            self.pairs[b].pop(a, None)

    def _add_waiting(self, key: tuple[Guard, int, int], angle: float) -> None:
        total = self._rounded(self.waiting.pop(key, 0.0) + angle)
        if total:
            self.waiting[key] = total

    def _rounded(self, angle: float) -> float:
        angle = math.remainder(angle, 2 * math.pi)
        if abs(angle) < TOLERANCE:
            self.slack += abs(angle)
            return 0.0
        return angle

    def waits(self, wire: int) -> bool:
        """Whether a phase under a condition is open on a qubit."""
        return bool(self.waiting) and any(wire in key[1:] for key in self.waiting)

    def add_flipped(self, a: int, b: int, angle: float, guard: Guard) -> None:
        """CP(angle) that stands behind F, in front of it (b = -1: a phase of one qubit)."""
        flips = self.flip[a]
        if b < 0:
            self.add_single(a, -angle if flips else angle, guard)
            return
        signs = (1 - 2 * flips) * (1 - 2 * self.flip[b])
        self.add_pair(a, b, signs * angle, guard)
        if self.flip[b]:
            self.add_single(a, (1 - 2 * flips) * angle, guard)
        if flips:
            self.add_single(b, (1 - 2 * self.flip[b]) * angle, guard)

    def flip_left(self, wire: int) -> None:
        """X from the left: it passes D and changes F."""
        self.single[wire] = -self.single[wire]
        for other, angle in list(self.pairs[wire].items()):
            self.add_pair(wire, other, -2 * angle)
            self.add_single(other, angle)
        for (guard, a, b), angle in list(self.waiting.items()):
            if wire in (a, b):
                self._add_waiting((guard, a, b), -2 * angle)
                if b >= 0:
                    self.add_single(b if wire == a else a, angle, guard)
        self.flip[wire] ^= 1
