"""What `split` hands over: programs or files, and the report, where and in what form they were asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from dqplan.cli.options import Format
from dqplan.cli.output.directory import check_directory, write_directory
from dqplan.cli.plans.planning import Result
from dqplan.cli.terminal.progress import Reporter
from dqplan.cli.terminal.streams import answer, drawn, printable_json, tell
from dqplan.core.errors import UsageError

if TYPE_CHECKING:
    from dqplan.split.dialects import Dialect


@dataclass(frozen=True)
class Delivery:
    """Where the answer goes, and in what form.

    Attributes:
        output: a directory, `-` for a single program on standard output, or empty for the report alone.
        dialects: languages to write.
        format: of the report.
        pictures: options that draw something below it.
    """

    output: str
    dialects: Sequence[Dialect]
    format: Format
    pictures: Sequence[str] = ()

    def check(self) -> None:
        """Refuse what could not be delivered, before the work is done.

        Raises:
            UsageError: options that contradict each other.
            OutputError: the directory cannot be written.
        """
        first = self.dialects[0]
        if self.output == "-" and len(self.dialects) > 1:
            raise UsageError("-o - prints one program, but --emit names several", hint=f"--emit {first}, or -o DIR")
        if self.output == "-" and not first.has_joint_program:
            message = f"-o - prints the joint program, but {first} has only programs of modules"
            raise UsageError(message, hint="-o DIR writes one for each module")
        if self.pictures and self.format is not Format.TABLE:
            message = f"{self.pictures[0]} is drawn below the table, which --format json leaves out"
            raise UsageError(message, hint="drop one of them")
        if self.output not in ("", "-"):
            check_directory(self.output)


def dialects_of(names: str) -> list[Dialect]:
    """The languages that `--emit` names.

    Raises:
        UsageError: one is unknown.
    """
    from dqplan.split.dialects import Dialect

    known = {dialect.value: dialect for dialect in Dialect}
    wanted = list(dict.fromkeys(names.split(",")))
    for name in wanted:
        if name not in known:
            raise UsageError(f"--emit: `{name}` is not a language to write", hint=f"choose from {', '.join(known)}")
    return [known[name] for name in wanted]


def deliver(result: Result, delivery: Delivery, refused: bool, reporter: Reporter) -> None:
    """Write files or program, then the report. A program that failed a check or a gate is reported, not written."""
    from dqplan.split.dialects import file_name
    from dqplan.split.files import plan_text

    directory = "" if refused or delivery.output == "-" else delivery.output
    written = sorted(result.files) if directory else []
    tried = result.tried
    document = plan_text(tried.program, result.checks, written, tried.outlook, tried.native, result.survival)
    if directory:
        write_directory(directory, {**result.files, "plan.json": document})
    if delivery.output == "-" and not refused:
        answer(result.files[file_name("joint", delivery.dialects[0])])
    as_json = delivery.format is Format.JSON
    where = f"{directory}: {', '.join(written)}" if written else ""
    if delivery.output != "-":
        answer(printable_json(document) if as_json else _table(result, where, delivery.pictures, sys.stdout))
    elif not reporter.quiet:
        tell(printable_json(document) if as_json else _table(result, where, delivery.pictures, sys.stderr))
    if not (delivery.output or refused or as_json):
        reporter.say("nothing was written: -o DIR writes the programs")


def _table(result: Result, where: str, pictures: Sequence[str], stream: TextIO | None) -> str:
    from dqplan.cli.render.plan import plan_report

    tried = result.tried
    parts = [drawn(plan_report(tried.program.plan, tried.outlook, result.checks, where, tried.native), stream)]
    if result.survival is not None:
        from dqplan.cli.render.survival import survival_page

        parts.append(drawn(survival_page(result.survival).report(), stream))
    if "--map" in pictures:
        from rich.text import Text

        from dqplan.cli.render.plan_map import plan_map

        parts.append(drawn(Text(plan_map(tried.program.plan)), stream))
    if "--timeline" in pictures:
        parts.append(_timeline(result, stream))
    return "\n".join(parts)


def _timeline(result: Result, stream: TextIO | None) -> str:
    from dqplan.cli.render.timeline import WIDEST, Timeline, no_timeline
    from dqplan.core.native import run_by_modules

    outlook, run = result.tried.outlook, run_by_modules(result.tried.program, result.tried.native)
    picture = no_timeline(outlook) if outlook.schedule is None else Timeline(run, outlook.schedule)
    return drawn(picture, stream, WIDEST)
