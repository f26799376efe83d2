"""What tables of several formats say of a case: its figures, each with what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dqplan.cli.audits.audit import Audit, Judged
from dqplan.core.units import count, counted, duration, significant


def _whole(value: float) -> str:
    return count(int(value))


def _percent(value: float) -> str:
    return f"{significant(100 * value)}%"


COLUMNS: dict[str, tuple[str, str, Callable[[float], str]]] = {
    "e-bits": ("ebits", "max-ebits", _whole),
    "gap": ("gap", "max-gap", _percent),
    "95 % within": ("p95_s", "max-time", duration),
    "fidelity": ("fidelity", "min-fidelity", significant),
}
"""By header: the figure, its gate, and how a value is written."""


UNKNOWN = "-"


def headline(audit: Audit) -> str:
    """The whole in one line."""
    broken, cases = len(audit.broken), counted(len(audit.cases), "case")
    return f"{count(broken)} of {cases} broken" if broken else f"{cases}, nothing broken"


def more(others: Sequence[Judged]) -> str:
    """Behind the name of the first of several cases."""
    return f" and {counted(len(others), 'other case')}" if others else ""


def cells(judged: Judged) -> Iterator[str]:
    """For each column, what was found and how it compares with what is allowed: `24 > 20`."""
    for figure, gate, written in COLUMNS.values():
        value, limit = judged.figures.get(figure), judged.limits.get(gate)
        if value is None:
            yield UNKNOWN
        elif limit is None:
            yield written(float(value))
        else:
            signs = "≥<" if gate.startswith("min") else "≤>"
            sign = signs[any(finding.rule == gate for finding in judged.findings)]
            yield f"{written(float(value))} {sign} {written(float(limit))}"


def broken_rules(judged: Judged) -> list[str]:
    """The rules that are broken, each once."""
    return list(dict.fromkeys(finding.rule for finding in judged.findings))
