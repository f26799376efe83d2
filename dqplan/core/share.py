"""Share: the one primitive that packets, teleports, hosting and routing are made of."""

from __future__ import annotations

from dataclasses import dataclass

NOT_PARKED = -1


@dataclass(frozen=True, slots=True)
class Share:
    """One copy of a qubit in one more module, for a stretch of time.

    Attributes:
        segment: the segment that is copied, in which the share begins.
        route: module indices from one that holds a copy (the source) to the module that gets one; consecutive modules
            share a quantum link. It costs len(route) - 1 e-bits; inner modules swap entanglement.
        begin: the share is made just before this event of the normal form.
        end: its qubit is freed just after this event, or just before it, but after the shares that begin there, if it
            is the cut that begins the next segment. A teleport's copy, by then the home, moves to a data qubit at that
            cut, or after a later event if the data qubits of the module are full until then.
        teleport: the copy becomes the home of the segment behind `until`.
        bridges: how many X-type stretches the copy lives through (`core.embedding`): the segment behind `segment`, and
            then every other one. In each of them, every gate also runs in the module of the copy.
        parked: the number in `Plan.shares` of the share before whose making the copy moves from its comm qubit to a
            free data qubit, where it stays; `NOT_PARKED` if it never does.
    """

    segment: int
    route: tuple[int, ...]
    begin: int
    end: int
    teleport: bool = False
    bridges: int = 0
    parked: int = NOT_PARKED

    @property
    def until(self) -> int:
        """The segment of the same wire in which it ends; segments are numbered wire by wire."""
        return self.segment + 2 * self.bridges

    @property
    def bridged(self) -> range:
        """The segments that it lives through, where the copy can do nothing but be flipped."""
        return range(self.segment + 1, self.until, 2)

    @property
    def target(self) -> int:
        """The module that gets a copy."""
        return self.route[-1]

    @property
    def ebits(self) -> int:
        """Raw e-bits that the share consumes."""
        return len(self.route) - 1
