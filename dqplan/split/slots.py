"""Slots: which data, comm and memory qubits of each module are in use while a program is written."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple, NewType

Slot = NewType("Slot", int)
"""One physical qubit; `Slots.positions` says where it is. A number, because a program mentions millions of them."""


class Side(IntEnum):
    """Which of a module's registers a slot lies in."""

    DATA = 0
    COMM = 1
    MEMORY = 2


class Position(NamedTuple):
    """The `offset`-th qubit of one of the registers of `module`."""

    module: int
    side: Side
    offset: int


class Slots:
    """Hands out slots: of data and memory qubits, and of comm qubits without a limit, the lowest that is free.

    Then registers grow no larger than the most that is in use at once. Of limited comm qubits the one that was released
    first is taken: it has most time to make the next e-bit before that is needed.
    """

    def __init__(self, comm_qubits: Sequence[int | None]) -> None:
        """`comm_qubits` are the limits of the modules."""
        registers = [(module, side) for module in range(len(comm_qubits)) for side in Side]
        self._free: dict[tuple[int, Side], list[tuple[int, Slot]]] = {register: [] for register in registers}
        self._limits = comm_qubits
        self._released = 0
        self._size = dict.fromkeys(registers, 0)
        self._used = bytearray()
        self.positions: list[Position] = []
        """Where each slot is, by its number."""

    def take(self, module: int, side: Side) -> Slot:
        """A slot that nobody holds."""
        free, limit = self._free[module, side], self._limits[module]
        unused = side is Side.COMM and limit is not None and self._size[module, side] < limit
        return self._new_slot(module, side) if unused or not free else heapq.heappop(free)[1]

    def _new_slot(self, module: int, side: Side) -> Slot:
        self.positions.append(Position(module, side, self._size[module, side]))
        self._size[module, side] += 1
        self._used.append(False)
        return Slot(len(self.positions) - 1)

    def release(self, slot: Slot) -> None:
        """Give a slot back; its state is unknown from now on."""
        module, side, _ = self.positions[slot]
        in_turn = side is Side.COMM and self._limits[module] is not None
        self._released += in_turn
        # Slots of one register are numbered in order of their offsets.
        heapq.heappush(self._free[module, side], (self._released if in_turn else 0, slot))
        self._used[slot] = True

    def clean(self, slot: Slot) -> bool:
        """Whether the slot was never held before, so that it is still in |0>."""
        return not self._used[slot]

    def size(self, module: int, side: Side) -> int:
        """How many slots the register has."""
        return self._size[module, side]
