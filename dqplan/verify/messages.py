"""Messages between modules, followed in the order of the joint program."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dqplan.core.errors import Place, PlanError
from dqplan.load.emitted import Emitted
from dqplan.load.joint_program import Piece
from dqplan.load.module_program import Exchange


class Messages:
    """Which module knows which classical bit, and what is on its way.

    Attributes:
        count: messages received so far.
    """

    def __init__(self, emitted: Emitted, modules: Sequence[str]) -> None:
        """`modules` are those of the manifest, whose pieces name them by number."""
        self.count = 0
        self._names = modules
        self._bits = emitted.clbit_names
        self._number = {name: clbit for clbit, name in enumerate(self._bits)}
        self._accesses = _accesses(emitted)
        self._measured: dict[int, str] = {}
        self._known: dict[int, set[str]] = {}
        self._travelling: dict[tuple[int, str, str], Place] = {}

    def follow(self, piece: Piece, number: int) -> None:
        """One statement or e-bit, which is line `number` of the joint program, with its messages."""
        item, module = piece.item, self._names[piece.module]
        access = self._accesses.get(number)
        if item is None or not (access or item.received or item.sent):
            return
        for exchange in item.received:
            self._receive(exchange, module, Place(piece.file, exchange.line))
        reads, writes = access or ((), -1)
        for clbit in reads:
            if module not in self._known.get(clbit, {module}):
                found = f"{self._bits[clbit]} is read, which {self._measured[clbit]} measured, but not received before"
                raise PlanError(found, place=Place(piece.file, item.line))
        if writes >= 0:
            self._measured[writes], self._known[writes] = module, {module}
        for exchange in item.sent:
            self._send(exchange, module, writes, Place(piece.file, exchange.line))

    def finish(self) -> None:
        """Nothing may still be on its way."""
        for (clbit, _, target), place in self._travelling.items():
            raise PlanError(f"{self._bits[clbit]} is sent to {target}, which never receives it", place=place)

    def _receive(self, exchange: Exchange, module: str, place: Place) -> None:
        clbit, origin = self._number.get(exchange.bit, -1), exchange.module
        if self._travelling.pop((clbit, origin, module), None) is None:
            raise PlanError(f"{exchange.bit} is received from {origin}, which has not sent it", place=place)
        if self._measured[clbit] == origin:
            self._known[clbit].add(module)
        self.count += 1

    def _send(self, exchange: Exchange, module: str, measured: int, place: Place) -> None:
        target = exchange.module
        if self._number.get(exchange.bit, -1) != measured or measured < 0:
            raise PlanError(f"{exchange.bit} is sent, which was not measured just before", place=place)
        if target not in self._names or target == module:
            raise PlanError(f"{exchange.bit} is sent to {target}, which is no other module's name", place=place)
        if (measured, module, target) in self._travelling:
            raise PlanError(f"{exchange.bit} is sent to {target} again, before it was received", place=place)
        self._travelling[measured, module, target] = place


def _accesses(emitted: Emitted) -> dict[int, tuple[tuple[int, ...], int]]:
    """Line of the joint program -> bits that its statement must know, and the bit that it measures, or -1.

    A measurement under a condition may leave its bit as it was.
    """
    joint = emitted.joint
    reads = [tuple(sorted(condition.clbits)) for condition in joint.conditions]
    rows = np.flatnonzero((joint.condition >= 0) | (joint.clbit >= 0))
    found = {}
    columns = (joint.line[rows], joint.condition[rows], joint.clbit[rows])
    for line, condition, clbit in zip(*(column.tolist() for column in columns), strict=True):
        known = reads[condition] if condition >= 0 else ()
        found[line] = ((*known, clbit) if known and clbit >= 0 else known, clbit)
    return found
