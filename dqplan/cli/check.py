"""`dqplan check`: the circuits of a project, each held against its budget."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.audits.reports import wanted_reports, write_reports
from dqplan.cli.options import AuditFormat, QuietOption, ReportsOption, VerboseOption
from dqplan.cli.output.output_file import check_file, write_file
from dqplan.cli.terminal.progress import Reporter
from dqplan.cli.terminal.streams import answer, answer_json, talk
from dqplan.core.errors import InternalError, Place, SourceError

if TYPE_CHECKING:
    from dqplan.cli.audits.audit import Audit
    from dqplan.load.config_file.load_config import Case, Config


def _print_schema(wanted: bool) -> None:
    if wanted:
        from dqplan.load.config_file.schema import ConfigFile

        answer_json(ConfigFile.model_json_schema())
        raise typer.Exit


def check(
    circuits: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="Check only what these circuits or hardware files take part in."),
    ] = None,
    config: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="A TOML file. [default: the nearest dqplan.toml or pyproject.toml, here or above]"
        ),
    ] = "",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="PATH", help="Write the answer there; - is standard output.")
    ] = "-",
    format_: Annotated[
        AuditFormat, typer.Option("--format", metavar="FORMAT", help=f"How to write it: {', '.join(AuditFormat)}.")
    ] = AuditFormat.TABLE,
    reports: ReportsOption = None,
    workers: Annotated[int, typer.Option(min=0, metavar="N", help="Processes; 0 is one for each core.")] = 1,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    schema: Annotated[
        bool, typer.Option("--schema", callback=_print_schema, is_eager=True, help="Print the JSON Schema of FILE.")
    ] = False,
) -> None:
    """Hold the circuits of a project against their budgets.

    dqplan.toml, or [tool.dqplan] in pyproject.toml, names them. Everything that is broken is told, and the exit status
    is then 1. The answer does not depend on --workers.
    """
    further = wanted_reports(reports, output)
    if output != "-":
        check_file(output)
    reporter = Reporter(quiet, verbose)
    with reporter.step("read the budgets"):
        from dqplan.load.config_file.load_config import load_config

        wanted = load_config(config)
    cases = _chosen(wanted, circuits, reporter)
    from dqplan.cli.audits.audit import Audit
    from dqplan.cli.audits.judging import judge_cases
    from dqplan.cli.plans.planning import cores

    audit = Audit(judge_cases(cases, workers or cores(), reporter))
    write_reports(audit, further)
    _deliver(audit, output, format_)
    if audit.broken:
        rules = {finding.rule for _, finding in audit.findings}
        raise typer.Exit(InternalError.exit_status if InternalError.code in rules else 1)


def _chosen(config: Config, files: Sequence[str] | None, reporter: Reporter) -> Sequence[Case]:
    """The cases that any of the files takes part in: a circuit, a hardware, or the file of the budgets."""
    if files is None:
        return config.cases
    wanted = {os.path.realpath(file) for file in files}
    for file in files:
        if not os.path.exists(file):
            raise SourceError("no such file", place=Place(file), hint="check the spelling")
    everything = os.path.realpath(config.source) in wanted
    parts = [{os.path.realpath(case.circuit), os.path.realpath(case.hardware)} for case in config.cases]
    cases = [case for case, taking in zip(config.cases, parts, strict=True) if everything or taking & wanted]
    known = {os.path.realpath(config.source)}.union(*parts)
    skipped = [file for file in files if os.path.realpath(file) not in known]
    if skipped and reporter.verbose:
        for file in skipped:
            talk(f"skipped, as no budget names it: {file}")
    if not cases:
        reporter.say(f"no budget in {config.source} names any of these files: nothing was checked")
    return cases


def _deliver(audit: Audit, output: str, format_: AuditFormat) -> None:
    """Write the answer, and tell on standard error what is broken if standard output does not."""
    from dqplan.cli.render.audit.audit_text import audit_text

    if output == "-":
        answer(audit_text(audit, format_, sys.stdout))
    else:
        write_file(output, audit_text(audit, format_))
    if output != "-" or format_ not in (AuditFormat.TABLE, AuditFormat.GITHUB):
        for judged, finding in audit.findings:
            talk(f"broken: {judged.name}: {finding}")
