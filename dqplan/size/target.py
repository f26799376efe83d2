"""Target: what a plan must come to, by the gates of `dqplan split`."""

from __future__ import annotations

from dataclasses import dataclass

from dqplan.choose.numbers import check_numbers, lacking
from dqplan.core.errors import UsageError
from dqplan.core.hardware import Hardware
from dqplan.core.objective import Objective
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Plan
from dqplan.core.segments import Segments


@dataclass(frozen=True)
class Target:
    """Limits, at least one; None where there is none.

    Attributes:
        max_ebits: e-bits.
        max_time_s: the 95 % quantile of the makespan, seconds.
        min_fidelity: the process fidelity, 0 to 1.
    """

    max_ebits: int | None = None
    max_time_s: float | None = None
    min_fidelity: float | None = None

    def __post_init__(self) -> None:
        """Raises UsageError if there is no limit."""
        if self.max_ebits is None and not self.needs_outlook:
            hint = "add --max-ebits, --max-time or --min-fidelity, or several of them"
            raise UsageError("say what the plan shall come to", hint=hint)

    @property
    def needs_outlook(self) -> bool:
        """Whether anything but e-bits counts."""
        return self.max_time_s is not None or self.min_fidelity is not None

    @property
    def figure(self) -> str:
        """The first figure of a plan that is limited, by its name in `figures_of`."""
        if self.max_ebits is not None:
            return "ebits"
        return "fidelity" if self.max_time_s is None else "p95_s"

    def check_numbers(self, segments: Segments, hardware: Hardware) -> None:
        """Raises UsageError if the hardware lacks a number that every plan needs to be held against the target."""
        if self.max_time_s is not None:
            check_numbers("--max-time", Objective.TIME, segments, hardware)
        if self.min_fidelity is not None:
            check_numbers("--min-fidelity", Objective.FIDELITY, segments, hardware)

    def reached(self, plan: Plan, outlook: Outlook) -> bool:
        """Whether a plan keeps all limits; raises UsageError if the hardware does not tell."""
        if self.max_time_s is not None and outlook.makespan is None:
            raise lacking("--max-time", outlook.missing[0])
        if self.min_fidelity is not None and outlook.fidelity is None:
            raise lacking("--min-fidelity", outlook.missing[0])
        kept = [
            self.max_ebits is None or plan.cost.ebits <= self.max_ebits,
            self.max_time_s is None or (outlook.makespan is not None and outlook.makespan.p95_s <= self.max_time_s),
            self.min_fidelity is None
            or (outlook.fidelity is not None and outlook.fidelity.process >= self.min_fidelity),
        ]
        return all(kept)

    def excluded(self, plan: Plan) -> bool:
        """Whether the bound of a plan proves that no other one on its hardware keeps the limits."""
        return self.max_ebits is not None and plan.bound.ebits > self.max_ebits
