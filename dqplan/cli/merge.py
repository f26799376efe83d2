"""`dqplan merge`: what modules measured, back in the registers of the circuit."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.terminal.streams import answer, answer_json, answer_table, check_read_once
from dqplan.core.errors import UsageError

if TYPE_CHECKING:
    from dqplan.load.source import Source


class CountsFormat(StrEnum):
    """How counts are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def merge(
    directory: Annotated[str, typer.Argument(metavar="DIRECTORY", help="What `dqplan split -o` wrote.")],
    results: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS", help="Files named after their module, or MODULE=FILE; or one of all."),
    ],
    parity: Annotated[
        list[str] | None,
        typer.Option(
            "--parity",
            metavar="BITS",
            help='Of a cut circuit: only the product of Z of these bits, such as "c[0] c[1]"; may be repeated.',
        ),
    ] = None,
    uncorrected: Annotated[
        bool,
        typer.Option("--uncorrected", help="The programs ran without what waits for messages: correct bits here."),
    ] = False,
    format_: Annotated[CountsFormat, typer.Option("--format", help="How to write the answer.")] = CountsFormat.TABLE,
) -> None:
    """Put measurement results of modules back into the circuit's registers.

    RESULTS are counts or shots as Qiskit and Cirq write them, or CSV. Shots of several modules are joined by number.
    Outcomes are written in Qiskit's order: the register declared last first, in it the highest bit.

    Of a circuit that was cut, RESULTS are those of all subexperiments: files or folders with files such as
    island0/3.json, or one JSON object with their names as keys. The sum over all terms gives expectations and
    quasi-probabilities with standard errors.
    """
    from dqplan.load.cuts_document import read_cut_directory

    cut = read_cut_directory(directory)
    if cut is not None:
        if uncorrected:
            raise UsageError("--uncorrected is for programs with messages; those of a cut circuit are run as written")
        _merge_cut(cut, results, parity or [], format_)
        return
    if parity:
        raise UsageError("--parity is for circuits that were cut", hint="compute products from the counts")
    from dqplan.cli.render.counts import counts_csv, counts_document, counts_report
    from dqplan.load.plan_document import read_directory
    from dqplan.merge.merge_counts import merge_counts

    check_read_once([result.rpartition("=")[2] for result in results])
    files = read_directory(directory)
    counts = merge_counts(files, _by_module(results, files), uncorrected=uncorrected)
    match format_:
        case CountsFormat.JSON:
            answer_json(counts_document(counts))
        case CountsFormat.CSV:
            answer(counts_csv(counts))
        case _:
            answer_table(counts_report(counts))


def _merge_cut(files: dict[str, str], results: list[str], parities: list[str], format_: CountsFormat) -> None:
    from dqplan.cli.plans.cut_results import merge_cut
    from dqplan.cli.render.cuts import estimates_csv, estimates_document, estimates_report

    estimates = merge_cut(files, results, parities)
    match format_:
        case CountsFormat.JSON:
            answer_json(estimates_document(estimates))
        case CountsFormat.CSV:
            answer(estimates_csv(estimates))
        case _:
            answer_table(estimates_report(estimates))


def _by_module(arguments: list[str], files: dict[str, str]) -> dict[str, Source]:
    """The texts by module, which FILE is named after up to its first dot; a single FILE may be of all modules."""
    from dqplan.load.source import read_source
    from dqplan.merge.merge_counts import JOINT

    found: dict[str, Source] = {}
    for argument in arguments:
        before, named, path = argument.partition("=")
        module, path = (before, path) if named else (Path(argument).name.partition(".")[0], argument)
        if not named and len(arguments) == 1 and f"{module}.qasm" not in files:
            module = JOINT
        if module in found:
            raise UsageError(f"two files of results for {module}", hint="give each module's results once")
        found[module] = read_source(path, "measurement results: counts or shots")
    return found
