"""Verdict -> what was checked, how strongly, and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from dqplan.cli.render.widgets import facts, heading, listing
from dqplan.cli.terminal.streams import printable
from dqplan.core.units import count
from dqplan.core.verdict import Check, Status, Verdict

_STYLE = {Status.PROVED: "green", Status.TESTED: "cyan", Status.FAILED: "bold red", Status.SKIPPED: "yellow"}


def verdict_report(verdict: Verdict, name: str) -> Iterator[RenderableType]:
    """The parts of the report, one below the other; `name` is the directory that was verified."""
    yield heading(f"{name}: {'holds' if verdict.holds else 'FAILED'}")
    yield Text()
    yield checks_table(verdict.checks)
    yield Text()
    yield facts(
        [
            ("e-bits", count(verdict.ebits)),
            ("by link", _pairs(verdict.ebits_by_link)),
            ("peak comm", _pairs(verdict.peak_comm)),
        ]
    )


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON-able values."""
    return {"schema": "dqplan.verdict/1", "holds": verdict.holds, **asdict(verdict)}


def checks_table(checks: Sequence[Check]) -> Table:
    """One line a check: what, how strongly, and the evidence."""
    table = listing("check", "status", "found in the emitted text")
    for check in checks:
        detail = Text(printable(check.detail))
        table.add_row(check.name, Text(check.status.value, style=_STYLE[check.status]), detail)
    if not checks:
        table.add_row("all", Text("skipped", style=_STYLE[Status.SKIPPED]), "not asked for (--no-check)")
    return table


def _pairs(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count(number)}" for name, number in counts.items()) or "none"
