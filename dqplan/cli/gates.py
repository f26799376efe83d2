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
class Gates:
    """The limits; None where there is none.

    Attributes:
        max_ebits: e-bits.
        max_time_s: the 95 % quantile of the makespan.
        min_fidelity: the process fidelity, 0 to 1.
        measured: whether all numbers used must be measured.
    """

    max_ebits: int | None = None
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

    def complaints(self, plan: Plan, outlook: Outlook) -> Iterator[str]:
        """What does not hold.

        Raises:
            UsageError: the hardware does not give a number that a gate needs for this plan.
        """
        from dqplan.choose.numbers import lacking

        ebits, makespan, fidelity = plan.cost.ebits, outlook.makespan, outlook.fidelity
        if self.max_ebits is not None and ebits > self.max_ebits:
            yield f"gate failed: the plan needs {counted(ebits, 'e-bit')}, --max-ebits allows {self.max_ebits}"
        if self.max_time_s is not None:
            if makespan is None:
                raise lacking("--max-time", outlook.missing[0])
            if makespan.p95_s > self.max_time_s:
                found, limit = (duration(seconds, _DIGITS) for seconds in (makespan.p95_s, self.max_time_s))
                yield f"gate failed: 95 % of all runs end within {found}, --max-time allows {limit}"
        if self.min_fidelity is not None:
            if fidelity is None:
                raise lacking("--min-fidelity", outlook.missing[0])
            dropped = plan.dropped.infidelity if plan.dropped else 0.0
            process = fidelity.process * (1 - dropped)
            if process < self.min_fidelity:
                found = significant(process, _DIGITS)
                what = "process fidelity, dropped gates counted," if dropped else "process fidelity"
                yield f"gate failed: the {what} is {found}, --min-fidelity asks for {self.min_fidelity:g}"
        if self.measured:
            yield from _unmeasured(plan.hardware, outlook)


def _unmeasured(hardware: Hardware, outlook: Outlook) -> Iterator[str]:
    """The complaint about numbers that are not measured, of those that time, fidelity and the modules' sizes used."""
    from dqplan.core.hardware import Basis, Provenance

    sizes = {f"{module.entry}.{key}" for module in hardware.modules for key in ("data", "comm")}
    used = Counter(hardware.provenance.get(key, Provenance()).basis for key in sizes) + Counter(outlook.basis)
    assumed, defaults = used[Basis.ASSUMED], len(outlook.assumed)
    if assumed or used[Basis.ROADMAP] or defaults:
        found = f"{assumed} assumed, {used[Basis.ROADMAP]} roadmap"
        stead = f", and {counted(defaults, 'default')} for unknown ones" if defaults else ""
        yield f"gate failed: of {counted(used.total(), 'number')} used, {found}{stead}; --require-measured allows none"
