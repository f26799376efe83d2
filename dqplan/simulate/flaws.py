"""Flaws: what goes wrong in some runs, written down for a kernel instead of done.

Only Paulis and wrong readouts can be written down. Relaxation is therefore twirled, run by run, which keeps its process
fidelity: with probability γ of a jump, X and Y become γ/4 each, and Z becomes 1/2 - γ/4 - √(1 - γ)/2 (Geller & Zhou,
arXiv:1305.2021).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Operation
from dqplan.core.outlook import Floats
from dqplan.simulate.runs import Mask
from dqplan.simulate.slots import Slots

X, Z, MISREAD, CYCLE = range(4)
"""What goes wrong: X or Z on a slot; a bit is wrong. And a turn on purpose: Z becomes X, X becomes Y, Y becomes Z."""


class Flaws:
    """What goes wrong in some runs; `run_machine` tells it.

    Args:
        count: how many runs.
        slots: where the qubits are.
        ends: the number of steps when nothing, and when each operation in order, is done.
        begun: qubits that hold something before, in the first slots.
    """

    def __init__(self, count: int, slots: Slots, ends: list[int], begun: tuple[int, ...]) -> None:
        self._count, self._slots, self._ends = count, slots, ends
        self._slot = {qubit: slot for slot, qubit in enumerate(begun)}
        self._done = 0
        self._found: list[tuple[NDArray[np.int64], int, int, int]] = []

    def __len__(self) -> int:
        return self._count

    def do(self, operation: Operation) -> None:
        """The next operation happens."""
        self._slot |= self._slots.taken[self._done]
        self._done += 1

    def flip(self, qubit: int, rows: Mask) -> None:
        """X on a qubit in some runs."""
        self._note(rows, X, self._slot[qubit])

    def turn(self, qubit: int, rows: Mask) -> None:
        """Z on a qubit in some runs."""
        self._note(rows, Z, self._slot[qubit])

    def misread(self, clbit: int, rows: Mask) -> None:
        """A bit is wrong in some runs."""
        self._note(rows, MISREAD, clbit)

    def decay(self, qubit: int, probability: Floats, rng: np.random.Generator) -> None:
        """Twirled amplitude damping of a qubit with `probability`, by run."""
        chance = rng.random(self._count)
        dephased = 0.5 - probability / 4 - np.sqrt(1 - probability) / 2
        self.flip(qubit, chance < probability / 2)
        self.turn(qubit, (chance >= probability / 4) & (chance < probability / 2 + dephased))

    def prepare(self, states: NDArray[np.int64]) -> None:
        """Turn |0> in the first slots into eigenstates of Z, X or Y, numbered 0 … 5, shape (qubits, runs)."""
        for slot, state in enumerate(states):
            self._note(state % 2 == 1, X, slot)
            self._note(state >= 2, CYCLE, slot)
            self._note(state >= 4, CYCLE, slot)

    def restore(self, states: NDArray[np.int64], slots: Sequence[int], step: int) -> None:
        """Turn them back into |0>, before a step; `slots` is where they are found."""
        for slot, state in zip(slots, states, strict=True):
            self._note(state >= 2, CYCLE, slot, step)
            self._note(state // 2 == 1, CYCLE, slot, step)
            self._note(state % 2 == 1, X, slot, step)

    def columns(self, length: int) -> tuple[list[int], list[int], list[int]]:
        """The steps before which something goes wrong, what, and where.

        Args:
            length: the steps of a run; those of the next go on counting.

        Returns:
            All in the order in which they happen, run by run, and one behind the last.
        """
        found = [np.stack([run * length + step, *_alike(run, what, where)]) for run, step, what, where in self._found]
        flaws = np.concatenate([*found, np.array([[self._count * length], [0], [0]])], axis=1)
        place, what, where = flaws[:, np.argsort(flaws[0], kind="stable")].tolist()
        return place, what, where

    def _note(self, rows: Mask, what: int, where: int, step: int | None = None) -> None:
        if rows.any():
            self._found.append((np.flatnonzero(rows), self._ends[self._done] if step is None else step, what, where))


def _alike(run: NDArray[np.int64], *values: int) -> list[NDArray[np.int64]]:
    return [np.full(len(run), value) for value in values]
