"""An audit as text in the format that was asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TextIO

from dqplan.cli.audits.audit import Audit
from dqplan.cli.options import AuditFormat
from dqplan.cli.terminal.streams import drawn

_MODULES = {
    AuditFormat.JSON: "document",
    AuditFormat.NDJSON: "json_lines",
    AuditFormat.CSV: "csv_table",
    AuditFormat.MARKDOWN: "markdown",
    AuditFormat.GITHUB: "github",
    AuditFormat.JUNIT: "junit",
    AuditFormat.SARIF: "sarif",
}


def audit_text(audit: Audit, format_: AuditFormat, stream: TextIO | None = None) -> str:
    """The report; a table is drawn for the stream that it goes to, or plain if that is None."""
    if format_ is AuditFormat.TABLE:
        from dqplan.cli.render.audit.terminal import render

        return drawn(render(audit), stream)
    text: str = import_module(f"dqplan.cli.render.audit.{_MODULES[format_]}").render(audit)
    return text.encode(errors="backslashreplace").decode()  # names of files may hold bytes that are no UTF-8
