"""Qubits on their ways into memory qubits and back, as rows of operations on slots.

In a module, a qubit changes places with the memory qubit by SWAP. To another module it is teleported first. On the way
back it passes through a comm qubit beside its memory qubit, which knows no gates but SWAP.
"""

from __future__ import annotations

from dqplan.core.gates import Op
from dqplan.core.stay import Stay
from dqplan.split.protocols import Script, joined
from dqplan.split.slots import Side, Slot, Slots


class Memory:
    """The memory qubits of all modules, while a program is written."""

    def __init__(self, script: Script, slots: Slots) -> None:
        self.script = script
        self.slots = slots
        self.stays: dict[int, Stay] = {}
        """Those that go on, by wire."""
        self._places: dict[int, Slot] = {}

    def store(self, stay: Stay, home: Slot) -> None:
        """Bring a qubit from its slot at home, which is kept for it, to a memory qubit."""
        memory = self.slots.take(stay.module, Side.MEMORY)
        self.stays[stay.wire], self._places[stay.wire] = stay, memory
        if not stay.away:
            self.script.do(Op.SWAP, home, memory)
            return
        near, far = joined(self.script, self.slots, stay.route)
        self.script.teleport(home, near, far)
        self.script.do(Op.SWAP, far, memory)
        for used in (near, far):
            self.slots.release(used)

    def fetch(self, stay: Stay, home: Slot) -> None:
        """Bring the qubit back to its slot at home, when it is needed there."""
        memory = self._places.pop(stay.wire)
        del self.stays[stay.wire]
        if stay.away:
            self._teleport_home(stay, memory, home)
        else:
            self.script.fetch((memory, home))
        self.slots.release(memory)

    def _teleport_home(self, stay: Stay, memory: Slot, home: Slot) -> None:
        begin = len(self.script.op)
        near, far = joined(self.script, self.slots, stay.route[::-1])
        requests = [row for row in range(begin, len(self.script.op)) if self.script.op[row] == Op.EPR]
        beside = self.slots.take(stay.module, Side.COMM)
        self.script.do(Op.RESET, beside)
        self.script.fetch((memory, beside))
        self.script.teleport(beside, near, far)
        self.script.do(Op.RESET, home)
        self.script.fetch((far, home), requests)
        for used in (near, beside, far):
            self.slots.release(used)
