"""Gates on how far a plan has drifted from what it was; where one does not hold, the exit status is 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.core.errors import UsageError
from dqplan.core.units import counted, duration, significant

if TYPE_CHECKING:
    from dqplan.core.tally import Tally

_DIGITS = 6
"""Of what is compared, lest both sides look equal."""

EbitsRiseOption = Annotated[
    int | None, typer.Option(min=0, metavar="N", help="Gate: exit 1 if more than N e-bits were added.")
]
TimeRiseOption = Annotated[
    float | None,
    typer.Option(min=0, metavar="PERCENT", help="Gate: exit 1 if the time of 95 % of runs rose by more."),
]
FidelityDropOption = Annotated[
    float | None,
    typer.Option(min=0, max=1, metavar="F", help="Gate: exit 1 if the process fidelity fell by more than F."),
]


@dataclass(frozen=True)
class DriftGates:
    """The limits; None where there is none.

    Attributes:
        ebits_rise: e-bits.
        time_rise_percent: of the 95 % quantile of the makespan.
        fidelity_drop: of the process fidelity, absolute.
    """

    ebits_rise: int | None = None
    time_rise_percent: float | None = None
    fidelity_drop: float | None = None

    def __bool__(self) -> bool:
        """Whether there is a limit."""
        return (self.ebits_rise, self.time_rise_percent, self.fidelity_drop) != (None, None, None)

    def complaints(self, was: Tally, now: Tally) -> Iterator[str]:
        """What does not hold.

        Raises:
            UsageError: a figure that a gate needs is unknown.
        """
        if self.ebits_rise is not None and now.ebits - was.ebits > self.ebits_rise:
            rise = f"{was.ebits:,} to {counted(now.ebits, 'e-bit')}"
            yield f"gate failed: the plan went from {rise}, --max-ebits-rise allows {self.ebits_rise} more"
        if self.time_rise_percent is not None:
            yield from self._slower(*_known("--max-time-rise", was.p95_s, now.p95_s, "time"))
        if self.fidelity_drop is not None:
            yield from self._worse(*_known("--max-fidelity-drop", was.fidelity, now.fidelity, "fidelity"))

    def _slower(self, was: float, now: float) -> Iterator[str]:
        assert self.time_rise_percent is not None
        if now > was * (1 + self.time_rise_percent / 100):
            rise = f"{duration(was, _DIGITS)} to {duration(now, _DIGITS)}"
            limit = f"--max-time-rise allows {self.time_rise_percent:g} %"
            yield f"gate failed: the time of 95 % of runs rose from {rise}, {limit}"

    def _worse(self, was: float, now: float) -> Iterator[str]:
        assert self.fidelity_drop is not None
        if was - now > self.fidelity_drop:
            drop = f"{significant(was, _DIGITS)} to {significant(now, _DIGITS)}"
            limit = f"--max-fidelity-drop allows {self.fidelity_drop:g}"
            yield f"gate failed: the process fidelity fell from {drop}, {limit}"


def _known(option: str, was: float | None, now: float | None, what: str) -> tuple[float, float]:
    if was is None or now is None:
        which = "old" if was is None else "new"
        raise UsageError(
            f"{option} needs a {what} that is not known of the {which} plan",
            hint="its hardware does not give all numbers; add them, or leave the option out",
        )
    return was, now
