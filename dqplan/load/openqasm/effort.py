"""What reading one program may take, so that no short text can keep a machine busy or fill its memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dqplan.load.openqasm.blocks import Block

MAX_STEPS = 2_000_000
"""Statements executed in loops and calls written out in gates, all together: about half a minute."""
MAX_WORK = 10_000_000
"""Operations written out or changed by a modifier, all together."""
_MEMORY = 1_000_000
"""Operations of gates that are remembered before they are forgotten: a few hundred megabytes."""


class EffortError(Exception):
    """The program takes more than it may; the message tells of what."""


@dataclass
class Effort:
    """What was spent on one program, and the gates that were written out and may be needed again."""

    steps: int = 0
    work: int = 0
    _known: dict[tuple[object, ...], Block] = field(default_factory=dict)
    _remembered: int = 0

    def step(self) -> None:
        """A statement of a loop, or a call in a gate; raises EffortError."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise EffortError(f"more than {MAX_STEPS:,} statements in loops and in the bodies of gates")

    def change(self, block: Block) -> None:
        """Operations are written out or changed; raises EffortError."""
        self.work += len(block.rows)
        if self.work > MAX_WORK:
            raise EffortError(f"gates and their modifiers that write out more than {MAX_WORK:,} operations")

    def block(self, key: tuple[object, ...], expand: Callable[[], Block]) -> Block:
        """A gate for given angles, written out if it is new."""
        found = self._known.get(key)
        if found is None:
            found = expand()
            self.change(found)
            self._remember(key, found)
        return found

    def _remember(self, key: tuple[object, ...], block: Block) -> None:
        size = 1 + len(block.rows)
        if self._remembered + size > _MEMORY:
            self._known.clear()
            self._remembered = 0
        self._known[key] = block
        self._remembered += size
