"""Stay: an idle qubit kept in a memory qubit, where it forgets more slowly than at home."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stay:
    """One qubit in a memory qubit, between two events of the normal form; its data qubit at home is kept free for it.

    In a memory qubit of its home, the qubit is exchanged with it twice. Elsewhere it is teleported there and back.

    Attributes:
        wire: whose qubit it is; between `begin` and `end` it has no event, no home but one, and no other copy.
        route: module indices from home to the module of the memory qubit; consecutive modules share a quantum link.
        begin: the qubit leaves just after this event.
        end: it is back just before this event, or before the share of it that is made there, needs it; no reset.
    """

    wire: int
    route: tuple[int, ...]
    begin: int
    end: int

    @property
    def home(self) -> int:
        """The module that it leaves."""
        return self.route[0]

    @property
    def module(self) -> int:
        """The module of the memory qubit."""
        return self.route[-1]

    @property
    def away(self) -> bool:
        """Whether the memory qubit is in another module, so that e-bits are needed."""
        return len(self.route) > 1

    @property
    def ebits(self) -> int:
        """Raw e-bits for the ways there and back."""
        return 2 * (len(self.route) - 1)
