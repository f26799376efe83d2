"""Audit -> JSON of the schema dqplan.check/1."""

from __future__ import annotations

import json
from typing import Any

from dqplan.cli.audits.audit import Audit, Finding, Judged, split_command
from dqplan.cli.terminal.streams import printable_json

SCHEMA = "dqplan.check/1"


def render(audit: Audit) -> str:
    """One object, indented."""
    document = {
        "schema": SCHEMA,
        "holds": not audit.broken,
        "counts": {"cases": len(audit.cases), "broken": len(audit.broken)},
        "cases": [case_document(judged) for judged in audit.cases],
    }
    return printable_json(json.dumps(document, indent=1, ensure_ascii=False)) + "\n"


def case_document(judged: Judged) -> dict[str, Any]:
    """A case; budgets by the names of gates, figures by those of a sweep's table."""
    settings = judged.case.settings
    return {
        "circuit": judged.case.circuit,
        "hardware": judged.case.hardware,
        "holds": judged.holds,
        "effort": settings.effort,
        "objective": settings.objective,
        "seed": settings.seed,
        "budget": judged.limits,
        "figures": dict(judged.figures),
        "findings": [_finding_document(finding) for finding in judged.findings],
        "again": split_command(judged.case),
    }


def _finding_document(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "message": finding.message,
        "hint": finding.hint,
        "found": finding.found,
        "allowed": finding.allowed,
        "file": finding.place.source,
        "line": finding.place.line or None,
        "column": finding.place.column or None,
        "stated": None if finding.stated is None else str(finding.stated),
    }
