"""Verdict: what was checked about an emitted program, how strongly, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How much a check is worth."""

    PROVED = "proved"
    TESTED = "tested"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Check:
    """One property of the emitted program: what it is, how it ended, and the evidence or the reason in words."""

    name: str
    status: Status
    detail: str


@dataclass(frozen=True)
class Verdict:
    """All checks of one program, and the counts that were read back from its text.

    Attributes:
        checks: in the order they were made.
        ebits: e-bits found in the emitted text.
        ebits_by_link: the same by link name.
        peak_comm: most comm qubits in use at once, by module name, found in the emitted text.
    """

    checks: tuple[Check, ...]
    ebits: int
    ebits_by_link: dict[str, int]
    peak_comm: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether no check failed."""
        return all(check.status is not Status.FAILED for check in self.checks)
