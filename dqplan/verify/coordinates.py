"""Coordinates: which axes of a state tensor say the value of which qubit, as parities over GF(2).

Copies of a qubit always hold the same value, and a CX only adds one value to another. So each qubit's value is kept as
the parity of some axes, and X, CX and SWAP change this book-keeping instead of amplitudes; a qubit gets an axis of its
own only when a gate that is not diagonal needs one. A live share then costs no memory, and neither does a reference
qubit until its partner leaves the Z basis.

Every change of coordinates is a CNOT circuit on the axes; the methods return it as moves for the caller to carry out.
"""

from __future__ import annotations

from collections.abc import Sequence

Move = tuple[int, int]
"""(control, target): flip the target axis where the control axis is 1; both are positions in the tensor."""


class Coordinates:
    """The parities of all qubits, as bit masks over axis labels; label 0 is the bit 1, label 1 the bit 2, and so on.

    Invariant: no two values of the axes give all qubits the same values.
    """

    def __init__(self, num_qubits: int) -> None:
        self.masks = [0] * num_qubits
        self.axes: list[int] = []
        """The label bit of each axis, by position in the tensor."""

    def positions(self, mask: int) -> list[int]:
        """Where the axes of a mask stand in the tensor, in increasing order."""
        return [place for place, axis in enumerate(self.axes) if axis & mask]

    def add_axis(self) -> int:
        """Label bit of a new axis at position 0 that no qubit depends on yet."""
        taken = sum(self.axes)
        axis = ~taken & (taken + 1)
        self.axes.insert(0, axis)
        return axis

    def drop_axis(self, axis: int) -> list[int]:
        """Forget an axis that has become constant; returns the qubits that depended on it."""
        self.axes.remove(axis)
        dependent = [qubit for qubit, mask in enumerate(self.masks) if mask & axis]
        for qubit in dependent:
            self.masks[qubit] ^= axis
        return dependent

    def isolate(self, qubit: int, avoid: int = 0) -> list[Move]:
        """Let one axis alone say the qubit's value, unless only axes in `avoid` do already."""
        mask = self.masks[qubit]
        free = mask & ~avoid
        return self._substitute(1 << free.bit_length() - 1, mask) if free else []

    def separate(self, qubit: int) -> list[Move] | None:
        """Let one axis say the qubit's value and nothing else's; None if other qubits determine that value."""
        mask = self.masks[qubit]
        others = [other for place, other in enumerate(self.masks) if other and place != qubit]
        if mask and not mask & (mask - 1) and not any(other & mask for other in others):
            return []
        direction = solve_parities([*others, mask], [0] * len(others) + [1])
        if not _parity(mask & direction):
            return None
        pivot = mask & direction
        pivot &= -pivot
        return self._shear(pivot, direction) + self._substitute(pivot, self.masks[qubit])

    def _substitute(self, pivot: int, mask: int) -> list[Move]:
        """Replace the axis `pivot`, a part of `mask`, by the parity of `mask`."""
        rest = mask ^ pivot
        self.masks = [other ^ rest if other & pivot else other for other in self.masks]
        return [(place, self.axes.index(pivot)) for place in self.positions(rest)]

    def _shear(self, pivot: int, direction: int) -> list[Move]:
        """Let a step along `pivot` be what a step along all axes of `direction` was."""
        self.masks = [mask & ~pivot | pivot * _parity(mask & direction) for mask in self.masks]
        return [(self.axes.index(pivot), place) for place in self.positions(direction ^ pivot)]


def solve_parities(rows: Sequence[int], values: Sequence[int]) -> int:
    """A bit mask whose parity with each row is the row's value; rows that depend on earlier ones are not looked at."""
    reduced: list[tuple[int, int, int]] = []
    for row, value in zip(rows, values, strict=True):
        for other, known, pivot in reduced:
            if row & pivot:
                row, value = row ^ other, value ^ known
        if row:
            lowest = row & -row
            reduced = [(o ^ row, k ^ value, p) if o & lowest else (o, k, p) for o, k, p in reduced]
            reduced.append((row, value, lowest))
    return sum(pivot for _, value, pivot in reduced if value)


def _parity(mask: int) -> int:
    return mask.bit_count() & 1
