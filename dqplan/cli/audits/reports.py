"""Reports of an audit beside the answer: `--report junit=report.xml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dqplan.cli.options import AuditFormat
from dqplan.cli.output.output_file import check_file, write_file
from dqplan.core.errors import UsageError

if TYPE_CHECKING:
    from dqplan.cli.audits.audit import Audit


def wanted_reports(reports: Sequence[str] | None, output: str) -> dict[str, AuditFormat]:
    """Formats by path, each of which may be written to; the answer itself goes to `output`.

    Raises:
        UsageError: no such format, or no file of its own.
        OutputError: nothing can be written there.
    """
    wanted: dict[str, AuditFormat] = {}
    for report in reports or []:
        name, _, path = report.partition("=")
        if name not in list(AuditFormat) or path in ("", "-", output, *wanted):
            hint = f"--report junit=report.xml; formats: {', '.join(AuditFormat)}"
            raise UsageError(f"--report: `{report}` is not a format and a file of its own", hint=hint)
        check_file(path)
        wanted[path] = AuditFormat(name)
    return wanted


def write_reports(audit: Audit, wanted: Mapping[str, AuditFormat]) -> None:
    """Write each report, whole or not at all."""
    from dqplan.cli.render.audit.audit_text import audit_text

    for path, format_ in wanted.items():
        write_file(path, audit_text(audit, format_))
