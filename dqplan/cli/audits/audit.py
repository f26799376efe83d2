"""Audit: what `check` has found, as values that every format of its report is written from."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dqplan.core.errors import Place
from dqplan.core.tally import Figure
from dqplan.load.config_file.load_config import Case

VERIFICATION = "verification"
"""The rule that programs are right; the others are called like gates, or like the code of an error."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a case.

    Attributes:
        rule: what is broken: the name of a gate, `verification`, or the code of an error.
        message: for people, one sentence.
        place: the file to look at, with the line if it is known.
        hint: what to do next; empty if there is nothing useful to say.
        stated: where the gate that is broken was stated; None if it is no gate, or was an option.
        found, allowed: what a gate compared; None if it is no gate.
    """

    rule: str
    message: str
    place: Place
    hint: str = ""
    stated: Place | None = None
    found: float | None = None
    allowed: float | None = None

    @property
    def is_error(self) -> bool:
        """Whether there is no plan that could have been judged, or it is no use."""
        return self.found is None

    def told_of(self, name: str) -> str:
        """The message and what to do, where the place is told apart; a line tells more than the name of a case."""
        subject = "" if self.place.line else f"{name}: "
        stated = f" ({self.stated})" if self.stated else ""
        return "; ".join(filter(None, (f"{subject}{self.message}{stated}", self.hint)))

    def __str__(self) -> str:
        line = f"{self.place}: " if self.place.line else ""
        return f"{line}{self.message}" + (f" ({self.stated})" if self.stated else "")


@dataclass(frozen=True)
class Judged:
    """A case, and what became of it.

    Attributes:
        case: what was asked.
        figures: what the plan costs, by name, and its `gap`; empty if there is none.
        findings: what is wrong; empty if the case holds.
    """

    case: Case
    figures: Mapping[str, Figure] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.case.circuit} on {self.case.hardware}"

    @property
    def limits(self) -> dict[str, float | bool]:
        """The gates that were asked for, by name."""
        settings = self.case.settings
        limits = {
            "max-ebits": settings.max_ebits,
            "max-gap": settings.max_gap,
            "max-time": settings.max_time,
            "min-fidelity": settings.min_fidelity,
            "require-measured": settings.require_measured or None,
        }
        return {name: limit for name, limit in limits.items() if limit is not None}


@dataclass(frozen=True)
class Audit:
    """All cases of a check, in the order of its file."""

    cases: Sequence[Judged]

    @property
    def broken(self) -> list[Judged]:
        """Those of which something is wrong."""
        return [judged for judged in self.cases if not judged.holds]

    @property
    def groups(self) -> list[list[Judged]]:
        """Broken cases, those together that only fail to read one and the same line."""
        groups: dict[object, list[Judged]] = {}
        for judged in self.broken:
            shared = all(finding.place.line for finding in judged.findings)
            groups.setdefault(judged.findings if shared else judged.name, []).append(judged)
        return list(groups.values())

    @property
    def findings(self) -> Iterator[tuple[Judged, Finding]]:
        """Everything that is wrong, with the case that it is about."""
        for judged in self.cases:
            for finding in judged.findings:
                yield judged, finding


def split_command(case: Case) -> str:
    """What to type to plan a case once more, with the same gates."""
    settings = case.settings
    options = {
        "--effort": None if settings.effort == "normal" else settings.effort,
        "--objective": None if settings.objective == "ebits" else settings.objective,
        "--seed": settings.seed or None,
        "--time-limit": settings.time_limit,
        "--max-ebits": settings.max_ebits,
        "--max-gap": settings.max_gap,
        "--max-time": settings.max_time,
        "--min-fidelity": settings.min_fidelity,
    }
    switches = {
        "--relaxed": settings.relaxed,
        "--no-recompile": not settings.recompile,
        "--no-check": not settings.verify,
        "--require-measured": settings.require_measured,
    }
    words = ["dqplan", "split", case.circuit, "-H", case.hardware]
    for name, value in options.items():
        words += [] if value is None else [name, str(value).removesuffix(".0")]
    return shlex.join([*words, *(name for name, on in switches.items() if on)])
