"""`dqplan sweep`: many circuits, networks, options and seeds, each planned once and stored as it is finished."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.options import QuietOption, VerboseOption
from dqplan.cli.plans.planning import cores
from dqplan.cli.terminal.interrupt import INTERRUPTED, interruptible
from dqplan.cli.terminal.progress import Reporter
from dqplan.cli.terminal.streams import answer, answer_bytes, answer_json, drawn, talk
from dqplan.core.errors import UsageError
from dqplan.core.units import count, counted, duration, significant

if TYPE_CHECKING:
    from dqplan.sweep.load_sweep import Sweep
    from dqplan.sweep.results import Results
    from dqplan.sweep.run_sweep import Tally

_REDRAW_S = 0.1
_BAR_WIDTH = 20


class SweepFormat(StrEnum):
    """How results are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def _print_schema(wanted: bool) -> None:
    if wanted:
        from dqplan.sweep.schema import SweepFile

        answer_json(SweepFile.model_json_schema())
        raise typer.Exit


def sweep(
    specs: Annotated[
        list[str], typer.Argument(metavar="SPEC", help="A YAML or JSON file; with --merge, directories of results.")
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="Results; those that are there are not planned again.")
    ] = "",
    merge: Annotated[
        bool, typer.Option("--merge", help="Put the results of several directories into a new one.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=0, metavar="N", help="Processes, or jobs of Slurm; 0 is one for each core.")
    ] = 0,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="A Dask scheduler, such as tcp://10.0.0.1:8786, or slurm.")
    ] = "",
    retries: Annotated[int, typer.Option(min=0, metavar="N", help="Further attempts for a row whose worker died.")] = 1,
    timeout: Annotated[
        float | None, typer.Option(min=0.001, metavar="SECONDS", help="A row fails whose search takes longer.")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Plan rows again that failed before.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count the rows, estimate their time, plan nothing.")
    ] = False,
    format_: Annotated[SweepFormat, typer.Option("--format", help="How to write the answer.")] = SweepFormat.TABLE,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    schema: Annotated[
        bool, typer.Option("--schema", callback=_print_schema, is_eager=True, help="Print the JSON Schema of SPEC.")
    ] = False,
) -> None:
    """Plan many combinations of circuits, hardware, options and seeds.

    Each row is stored in DIR as it is finished: the same command goes on where it was ended. A row that fails carries
    its error, the others go on, and the exit status is 1; that a circuit does not fit is a result.
    """
    reporter = Reporter(quiet, verbose)
    if not merge and len(specs) > 1:
        raise UsageError("one specification at a time", hint="put several grids in one file, or --merge results")
    if not output and not dry_run:
        raise UsageError("say where the results shall be", hint="add -o DIR")
    if format_ is SweepFormat.PARQUET:
        _check_parquet()
    processes = workers or cores()
    if merge:
        _conclude(_merged(specs, output, reporter), output, format_, stopped=False)
        return
    with reporter.step("read the specification and its circuits"):
        from dqplan.sweep.load_sweep import load_sweep

        wanted = load_sweep(specs[0])
    if dry_run:
        answer(_forecast(wanted, output, processes))
        return
    from dqplan.sweep.run_sweep import run_sweep

    with interruptible(reporter, "the rows that are finished") as stop, _watch(reporter) as show:
        results = run_sweep(
            wanted,
            output,
            workers=processes,
            scheduler=scheduler,
            retries=retries,
            timeout_s=timeout,
            retry_failed=retry_failed,
            stop=stop,
            watch=show,
        )
    _conclude(results, output, format_, stopped=stop.is_set())


def _check_parquet() -> None:
    """Refuse what could not be written, before any work is done."""
    if sys.stdout is not None and sys.stdout.isatty():
        raise UsageError("--format parquet is not for a terminal", hint="send it to a file: > table.parquet")
    if find_spec("pyarrow") is None:
        raise UsageError("--format parquet needs pyarrow", hint="pip install 'dqplan[parquet]'")


def _merged(directories: list[str], output: str, reporter: Reporter) -> Results:
    from dqplan.sweep.merge_sweeps import merge_sweeps

    with reporter.step("merge"):
        return merge_sweeps(directories, output)


def _forecast(wanted: Sweep, output: str, workers: int) -> str:
    """What `--dry-run` says."""
    from dqplan.sweep.estimate import estimate_sweep
    from dqplan.sweep.journal import read_journal
    from dqplan.sweep.manifest import OUTCOMES

    known = read_journal(Path(output, OUTCOMES)) if output else {}
    estimate = estimate_sweep(wanted, known, workers)
    circuits, networks = len(wanted.workloads), len(wanted.networks)
    return (
        f"{counted(estimate.rows, 'row')}: {counted(circuits, 'circuit')}, {counted(networks, 'network')}\n"
        f"{count(estimate.missing)} to be planned\n"
        f"about {duration(estimate.seconds, 2)} on {counted(workers, 'worker')}, {estimate.basis}\n"
    )


@contextmanager
def _watch(reporter: Reporter) -> Iterator[_Bar]:
    bar = _Bar(reporter)
    try:
        yield bar
    finally:
        bar.end()


class _Bar:
    """The line that says how far the sweep is; with -v the last one stays."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter, self._drawn_s, self._last = reporter, 0.0, ""

    def __call__(self, tally: Tally) -> None:
        self._last = _state(tally)
        if time.monotonic() - self._drawn_s > _REDRAW_S:
            self._drawn_s = time.monotonic()
            self._reporter.draw(self._last)

    def end(self) -> None:
        self._reporter.draw("")
        if self._reporter.verbose and self._last:
            talk(self._last)


def _state(tally: Tally) -> str:
    """For people: `█████▎               530 of 2,000 rows, 41.2 rows/s, 36 s left, 2 failed`."""
    done = tally.stored + tally.done
    eighths = 8 * _BAR_WIDTH * done // max(1, tally.total)
    bar = ("█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8]).ljust(_BAR_WIDTH)[:_BAR_WIDTH]
    parts = [f"{bar} {count(done)} of {counted(tally.total, 'row')}"]
    if tally.done:
        parts.append(f"{significant(tally.done / tally.elapsed_s)} rows/s")
    if tally.left_s:
        parts.append(f"{duration(tally.left_s, 2)} left")
    elif done < tally.total:
        parts.append("waiting for workers" if tally.elapsed_s and not tally.threads else "starting")
    if tally.failed:
        parts.append(f"{count(tally.failed)} failed")
    return ", ".join(parts)


def _conclude(results: Results, output: str, format_: SweepFormat, *, stopped: bool) -> None:
    """Write the answer, and end with a status that tells whether every row was planned."""
    from dqplan.cli.render.sweep import sweep_report
    from dqplan.sweep.row import Ending
    from dqplan.sweep.summary import results_document
    from dqplan.sweep.table import table_csv, table_parquet

    match format_:
        case SweepFormat.PARQUET:
            answer_bytes(table_parquet(results))
        case SweepFormat.CSV:
            answer(table_csv(results))
        case SweepFormat.JSON:
            answer_json(results_document(results))
        case _:
            answer(drawn(sweep_report(results, output, sorted(os.listdir(output))), sys.stdout))
    failed = results.count(Ending.FAILED)
    if failed:
        talk(f"{counted(failed, 'row')} failed; --retry-failed plans them again")
    if stopped or failed:
        raise typer.Exit(INTERRUPTED if stopped else 1)
