"""Progress: what a search tells while it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """One moment of a search.

    Attributes:
        phase: what is done now, for people; empty before the search begins.
        step: how many steps of the phase have begun.
        steps: how many there are at most; 0 if not known.
        ebits: of the best plan so far; None as long as there is none.
        bound: no plan needs fewer.
        elapsed_s: wall-clock seconds since the search began.
    """

    phase: str = ""
    step: int = 0
    steps: int = 0
    ebits: int | None = None
    bound: int = 0
    elapsed_s: float = 0.0

    @property
    def gap(self) -> float | None:
        """The part of the e-bits that is not proved to be needed, 0 … 1; None as long as there is no plan."""
        if self.ebits is None:
            return None
        return (self.ebits - self.bound) / self.ebits if self.ebits else 0.0
