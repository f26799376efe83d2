"""Slots: which data and comm qubits of each module are in use while a program is written."""

from __future__ import annotations

import heapq
from enum import IntEnum
from typing import NamedTuple, NewType

Slot = NewType("Slot", int)
"""One physical qubit; `Slots.positions` says where it is. A number, because a program mentions millions of them."""


class Side(IntEnum):
    """Which of a module's two registers a slot lies in."""

    DATA = 0
    COMM = 1


class Position(NamedTuple):
    """The `offset`-th qubit of the data or comm register of `module`."""

    module: int
    side: Side
    offset: int


class Slots:
    """Hands out the lowest free slot, so that registers grow no larger than the most that is in use at once."""

    def __init__(self, num_modules: int) -> None:
        registers = [(module, side) for module in range(num_modules) for side in Side]
        self._free: dict[tuple[int, Side], list[Slot]] = {register: [] for register in registers}
        self._size = dict.fromkeys(registers, 0)
        self._used = bytearray()
        self.positions: list[Position] = []
        """Where each slot is, by its number."""

    def take(self, module: int, side: Side) -> Slot:
        """A slot that nobody holds."""
        free = self._free[module, side]
        return heapq.heappop(free) if free else self._new_slot(module, side)

    def _new_slot(self, module: int, side: Side) -> Slot:
        self.positions.append(Position(module, side, self._size[module, side]))
        self._size[module, side] += 1
        self._used.append(False)
        return Slot(len(self.positions) - 1)

    def release(self, slot: Slot) -> None:
        """Give a slot back; its state is unknown from now on."""
        module, side, _ = self.positions[slot]
        heapq.heappush(self._free[module, side], slot)  # slots of one register are numbered in order of their offsets
        self._used[slot] = True

    def clean(self, slot: Slot) -> bool:
        """Whether the slot was never held before, so that it is still in |0>."""
        return not self._used[slot]

    def size(self, module: int, side: Side) -> int:
        """How many slots of the register have been handed out at the same time, at most."""
        return self._size[module, side]
