"""Gates: limits that the user states; where one does not hold, the exit status is 1 and nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dqplan.core.objective import Objective
from dqplan.core.units import counted, duration, significant

if TYPE_CHECKING:
    from dqplan.core.hardware import Hardware
    from dqplan.core.outlook import Outlook
    from dqplan.core.plan import Plan
    from dqplan.core.segments import Segments

_DIGITS = 6
"""Of what is compared, lest both sides look equal."""


@dataclass(frozen=True)
class Complaint:
    """A gate that does not hold.

    Attributes:
        gate: its name, such as `max-ebits`.
        found: what the plan comes to: e-bits, the gap, seconds, a fidelity, or how many numbers are not measured.
        allowed: what the gate asks for, in the same unit.
        message: for people, one sentence.
    """

    gate: str
    found: float
    allowed: float
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Gates:
    """The limits; None where there is none.

    Attributes:
        max_ebits: e-bits.
        max_gap: the part of the e-bits that may lie above the proved bound, 0 to 1.
        max_time_s: the 95 % quantile of the makespan.
        min_fidelity: the process fidelity, 0 to 1.
        measured: whether all numbers used must be measured.
    """

    max_ebits: int | None = None
    max_gap: float | None = None
    max_time_s: float | None = None
    min_fidelity: float | None = None
    measured: bool = False

    def check_numbers(self, segments: Segments, hardware: Hardware) -> None:
        """Refuse gates that no plan can be held against on this hardware.

        Raises:
            UsageError: a number is missing that every plan needs.
        """
        from dqplan.choose.numbers import check_numbers

        if self.max_time_s is not None:
            check_numbers("--max-time", Objective.TIME, segments, hardware)
        if self.min_fidelity is not None:
            check_numbers("--min-fidelity", Objective.FIDELITY, segments, hardware)

    def complaints(self, plan: Plan, outlook: Outlook) -> Iterator[Complaint]:
        """What does not hold.

        Raises:
            UsageError: the hardware does not give a number that a gate needs for this plan.
        """
        yield from self._ebits(plan)
        yield from self._time(outlook)
        yield from self._fidelity(plan, outlook)
        if self.measured:
            yield from _unmeasured(plan.hardware, outlook)

    def ebits_complaints(self, ebits: int) -> Iterator[Complaint]:
        """The one about a number of e-bits, of a plan or of several together, if there are too many."""
        if self.max_ebits is not None and ebits > self.max_ebits:
            said = f"the plan needs {counted(ebits, 'e-bit')}, --max-ebits allows {self.max_ebits}"
            yield Complaint("max-ebits", ebits, self.max_ebits, said)

    def _ebits(self, plan: Plan) -> Iterator[Complaint]:
        ebits, bound, gap = plan.cost.ebits, plan.bound.ebits, plan.gap
        yield from self.ebits_complaints(ebits)
        if self.max_gap is not None and gap > self.max_gap:
            proved = f"{bound} of {counted(ebits, 'e-bit')} are proved necessary"
            said = f"{proved}, a gap of {significant(gap, _DIGITS)}; --max-gap allows {self.max_gap:g}"
            yield Complaint("max-gap", gap, self.max_gap, said)

    def _time(self, outlook: Outlook) -> Iterator[Complaint]:
        from dqplan.choose.numbers import lacking

        limit_s, makespan = self.max_time_s, outlook.makespan
        if limit_s is None:
            return
        if makespan is None:
            raise lacking("--max-time", outlook.missing[0])
        if makespan.p95_s > limit_s:
            found, limit = (duration(seconds, _DIGITS) for seconds in (makespan.p95_s, limit_s))
            said = f"95 % of all runs end within {found}, --max-time allows {limit}"
            yield Complaint("max-time", makespan.p95_s, limit_s, said)

    def _fidelity(self, plan: Plan, outlook: Outlook) -> Iterator[Complaint]:
        from dqplan.choose.numbers import lacking

        limit, fidelity = self.min_fidelity, outlook.fidelity
        if limit is None:
            return
        if fidelity is None:
            raise lacking("--min-fidelity", outlook.missing[0])
        dropped = plan.dropped.infidelity if plan.dropped else 0.0
        process = fidelity.process * (1 - dropped)
        if process < limit:
            what = "process fidelity, dropped gates counted," if dropped else "process fidelity"
            said = f"the {what} is {significant(process, _DIGITS)}, --min-fidelity asks for {limit:g}"
            yield Complaint("min-fidelity", process, limit, said)


def _unmeasured(hardware: Hardware, outlook: Outlook) -> Iterator[Complaint]:
    """The complaint about numbers that are not measured, of those that time, fidelity and the modules' sizes used."""
    from dqplan.core.hardware import Basis, Provenance

    sizes = {f"{module.entry}.{key}" for module in hardware.modules for key in ("data", "comm")}
    used = Counter(hardware.provenance.get(key, Provenance()).basis for key in sizes) + Counter(outlook.basis)
    assumed, roadmap, defaults = used[Basis.ASSUMED], used[Basis.ROADMAP], len(outlook.assumed)
    if assumed or roadmap or defaults:
        found = f"{assumed} assumed, {roadmap} roadmap"
        stead = f", and {counted(defaults, 'default')} for unknown ones" if defaults else ""
        said = f"of {counted(used.total(), 'number')} used, {found}{stead}; --require-measured allows none"
        yield Complaint("require-measured", assumed + roadmap + defaults, 0, said)
