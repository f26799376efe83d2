"""Slots: which data and comm qubits of each module are in use while a program is written."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple


class Side(IntEnum):
    """Which of a module's two registers a slot lies in."""

    DATA = 0
    COMM = 1


class Slot(NamedTuple):
    """One physical qubit: `place` within the data or comm register of `module`."""

    module: int
    side: Side
    place: int


@dataclass
class _Register:
    size: int = 0
    free: list[int] = field(default_factory=list)


class Slots:
    """Hands out the lowest free slot, so that registers grow no larger than the most that is in use at once."""

    def __init__(self, num_modules: int) -> None:
        self._registers = {(module, side): _Register() for module in range(num_modules) for side in Side}
        self._used: set[Slot] = set()

    def take(self, module: int, side: Side) -> Slot:
        """A slot that nobody holds."""
        register = self._registers[module, side]
        if not register.free:
            heapq.heappush(register.free, register.size)
            register.size += 1
        return Slot(module, side, heapq.heappop(register.free))

    def release(self, slot: Slot) -> None:
        """Give a slot back; its state is unknown from now on."""
        heapq.heappush(self._registers[slot.module, slot.side].free, slot.place)
        self._used.add(slot)

    def clean(self, slot: Slot) -> bool:
        """Whether the slot was never held before, so that it is still in |0>."""
        return slot not in self._used

    def size(self, module: int, side: Side) -> int:
        """How many slots of the register have been handed out at the same time, at most."""
        return self._registers[module, side].size
