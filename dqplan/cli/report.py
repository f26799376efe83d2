"""`dqplan report`: what split wrote, as a page to read and to hand on."""

from __future__ import annotations

from typing import Annotated

import typer

from dqplan.cli.output_file import check_file, write_file
from dqplan.cli.streams import answer


def report(
    directory: Annotated[str, typer.Argument(metavar="DIRECTORY", help="What `dqplan split -o` wrote.")],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE.html", help="Write the page there; - is standard output.")
    ] = "-",
) -> None:
    """Draw what split wrote as one HTML page.

    Numbers, modules, the circuit over them, the schedule. The page loads nothing from anywhere.
    """
    if output != "-":
        check_file(output)
    from dqplan.cli.render.html.page import report_page
    from dqplan.load.plan_document import read_directory
    from dqplan.load.written_plan import written_plan

    page = report_page(written_plan(read_directory(directory)))
    if output == "-":
        answer(page)
    else:
        write_file(output, page)
