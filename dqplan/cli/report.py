"""`dqplan report`: what split wrote, as a page to read and to hand on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.options import QuietOption, VerboseOption
from dqplan.cli.output.output_file import check_file, write_file
from dqplan.cli.profile import demand_of, numbers_of_modules
from dqplan.cli.terminal.progress import Reporter
from dqplan.cli.terminal.streams import answer
from dqplan.core.errors import UsageError

if TYPE_CHECKING:
    from dqplan.core.profile import Demand
    from dqplan.load.written_plan import WrittenPlan


def report(
    directory: Annotated[str, typer.Argument(metavar="DIRECTORY", help="What `dqplan split -o` wrote.")],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE.html", help="Write the page there; - is standard output.")
    ] = "-",
    modules: Annotated[
        str,
        typer.Option(metavar="LIST", help="Also find the e-bits of the circuit for these numbers of modules (2,3,4)."),
    ] = "none",
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Draw what split wrote as one HTML page that loads nothing.

    Its numbers, modules and links, the circuit over the modules, the schedule, where time and infidelity go, and what
    was checked.
    """
    wanted = numbers_of_modules(modules) or []
    if output != "-":
        check_file(output)
    from dqplan.cli.render.html.page import report_page
    from dqplan.load.plan_document import read_directory
    from dqplan.load.written_plan import written_plan

    written = written_plan(read_directory(directory))
    page = report_page(written, _demand(written, wanted, Reporter(quiet, verbose)))
    if output == "-":
        answer(page)
    else:
        write_file(output, page)


def _demand(written: WrittenPlan, wanted: Sequence[int], reporter: Reporter) -> list[Demand]:
    """What the circuit would cost on other numbers of modules."""
    if not wanted:
        return []
    if written.circuit is None:
        raise UsageError("--modules: the directory holds no copy of the circuit", hint="leave --modules out")
    from dqplan.core.normalise import segments_of

    with reporter.step("find segments"):
        segments = segments_of(written.circuit)
    return [demand_of(segments, number, reporter) for number in wanted]
