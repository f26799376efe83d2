"""Audit -> annotations of GitHub Actions: an error at its file and line for each finding, then a line for the log."""

from __future__ import annotations

from dqplan.cli.audits.audit import Audit, Finding, Judged
from dqplan.cli.render.audit.cells import headline
from dqplan.cli.terminal.streams import printable


def render(audit: Audit) -> str:
    """Workflow commands; GitHub shows ten of one kind for each step of a job, the log holds all."""
    annotations = dict.fromkeys(_annotation(*found) for found in audit.findings)  # a line that several cases read: once
    return "".join(annotations) + f"{headline(audit)}\n"


def _annotation(judged: Judged, finding: Finding) -> str:
    place = finding.place
    where = {"file": place.source, "line": str(place.line or 1)}
    if place.column:
        where["col"] = str(place.column)
    where["title"] = f"dqplan {finding.rule}"
    properties = ",".join(f"{name}={_escaped_property(value)}" for name, value in where.items())
    return f"::error {properties}::{_escaped(finding.told_of(judged.name))}\n"


def _escaped(text: str) -> str:
    """Text that ends with its line and holds no command."""
    return printable(text).replace("%", "%25").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
