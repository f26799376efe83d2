"""Audit -> CSV: a line for each case. What a spreadsheet would take for a formula is text."""

from __future__ import annotations

import csv
import io

from dqplan.cli.audits.audit import Audit, Judged
from dqplan.cli.render.audit.cells import broken_rules
from dqplan.cli.terminal.streams import printable

_FIGURES = ("ebits", "bound", "gap", "p95_s", "fidelity")
_LIMITS = {"max-ebits": "max_ebits", "max-gap": "max_gap", "max-time": "max_time_s", "min-fidelity": "min_fidelity"}
_FORMULA = ("=", "+", "-", "@", "\t")
"""How texts begin that spreadsheets evaluate (OWASP, CSV injection)."""


def render(audit: Audit) -> str:
    """A header, then the cases; cells of what is unknown or not asked for are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["circuit", "hardware", "holds", *_FIGURES, *_LIMITS.values(), "require_measured", "broken", "why"])
    writer.writerows(map(_row, audit.cases))
    return text.getvalue()


def _row(judged: Judged) -> list[object]:
    return [
        _harmless(judged.case.circuit),
        _harmless(judged.case.hardware),
        _word(judged.holds),
        *(judged.figures.get(name) for name in _FIGURES),
        *(judged.limits.get(name) for name in _LIMITS),
        _word("require-measured" in judged.limits),
        " ".join(broken_rules(judged)),
        _harmless("; ".join(map(str, judged.findings))),
    ]


def _word(value: bool) -> str:
    return "true" if value else "false"


def _harmless(text: str) -> str:
    """Text in one line that is no formula."""
    plain = printable(text).replace("\n", " ")
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
