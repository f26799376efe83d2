"""`dqplan verify`: read back what `split` wrote and check it."""

from __future__ import annotations

from typing import Annotated

import typer

from dqplan.cli.options import Format, FormatOption, LanguageOption
from dqplan.cli.terminal.streams import answer, answer_json, answer_table


def _print_script(wanted: bool) -> None:
    if wanted:
        from importlib.resources import files

        answer(files("dqplan.verify").joinpath("recheck.py").read_text(encoding="utf-8"))
        raise typer.Exit


def verify(
    directory: Annotated[str, typer.Argument(metavar="DIRECTORY", help="What `dqplan split -o` wrote.")],
    circuit: Annotated[
        str, typer.Argument(metavar="CIRCUIT", help="Compare with this file (or -), not with the copy in DIRECTORY.")
    ] = "",
    language: LanguageOption = None,
    format_: FormatOption = Format.TABLE,
    script: Annotated[
        bool,
        typer.Option(
            "--script",
            callback=_print_script,
            is_eager=True,
            help="Print a script that rechecks a directory without dqplan: python recheck.py DIRECTORY.",
        ),
    ] = False,
) -> None:
    """Check what split wrote: legal, counted, equivalent.

    Everything is read back from the emitted text. Exit status 1 if a check fails.
    """
    from dqplan.cli.render.verdict import verdict_document, verdict_report
    from dqplan.load.cuts_document import read_cut_directory
    from dqplan.load.load_circuit import Language, load_circuit
    from dqplan.load.plan_document import read_directory
    from dqplan.verify.cuts.verify_cuts import verify_cuts
    from dqplan.verify.verify_plan import verify_plan

    cut = read_cut_directory(directory)
    files = read_directory(directory) if cut is None else cut
    expected = load_circuit(circuit, Language(language) if language else None) if circuit else None
    verdict = (verify_plan if cut is None else verify_cuts)(files, expected, stabilizer=True)
    if format_ is Format.JSON:
        answer_json(verdict_document(verdict))
    else:
        answer_table(verdict_report(verdict, directory))
    if not verdict.holds:
        raise typer.Exit(1)
