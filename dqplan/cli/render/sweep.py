"""Results of a sweep -> a report: how its rows ended, the best plans, and what no other row beats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dqplan.cli.render.widgets import facts, heading, listing, words
from dqplan.cli.terminal.streams import printable
from dqplan.core.tally import Figure
from dqplan.core.units import count, counted, duration, significant
from dqplan.sweep.results import Results
from dqplan.sweep.row import Ending, Row
from dqplan.sweep.summary import Planned, best_rows, fronts

Figures = Mapping[str, Figure]

MAX_LINES = 40
"""Lines of each table; the rest is in the file."""
MAX_ERRORS = 5
"""Different errors that are told."""


def sweep_report(results: Results, directory: str, written: Sequence[str]) -> Iterator[RenderableType]:
    """The parts of the report, one below the other; they fit 80 columns.

    Args:
        results: of the sweep, finished or not.
        directory: where they are.
        written: names of the files there.
    """
    yield heading(results.manifest.title or f"sweep in {directory}")
    tables = [facts(_facts(results)), *_best(best_rows(results)), *_fronts(fronts(results)), *_errors(results)]
    tables.append(facts([("written", f"{directory}: {', '.join(written)}")]))
    for table in tables:
        yield Text()
        yield table


def _facts(results: Results) -> Iterable[tuple[str, str]]:
    rows = results.manifest.rows
    circuits, networks = {row.circuit_digest for row in rows}, {row.hardware_digest for row in rows}
    yield (
        "sweep",
        words(
            counted(len(rows), "row"),
            counted(len(circuits), "circuit"),
            counted(len(networks), "network"),
        ),
    )
    endings = [f"{count(results.count(ending))} {ending}" for ending in Ending if results.count(ending)]
    unfinished = results.unfinished
    yield "rows", words(*endings, f"{count(unfinished)} unfinished" if unfinished else "")


def _best(rows: Sequence[Planned]) -> Iterator[Table]:
    """The best plan of every circuit on every network."""
    if rows:
        table = listing("best plans", "e-bits", "bound", "p95", "fidelity", "effort", "seed", right=[1, 2, 3, 4, 6])
        yield _filled(table, rows, lambda row, figures: (_bound(figures), *_outlook(figures), *_search(row)))


def _fronts(found: Mapping[str, Sequence[Planned]]) -> Iterator[Table]:
    """What no other row of the circuit beats in e-bits, time, fidelity and qubits at once."""
    rows = [planned for front in found.values() for planned in front]
    if rows:
        table = listing("Pareto fronts", "e-bits", "p95", "fidelity", "qubits", "objective", right=[1, 2, 3, 4])
        yield _filled(table, rows, lambda row, figures: (*_outlook(figures), count(row.qubits), row.options.objective))


def _filled(table: Table, rows: Sequence[Planned], cells: Callable[[Row, Figures], Sequence[str]]) -> Table:
    """The table with a line for every circuit and, below it, one for each of its rows: hardware, e-bits, `cells`."""
    circuit = ""
    for row, outcome in rows[:MAX_LINES]:
        if row.circuit != circuit:
            circuit = row.circuit
            table.add_row(printable(circuit), style="bold")
        ebits = str(outcome.figures.get("ebits", ""))
        table.add_row(Padding(printable(row.hardware), (0, 0, 0, 2)), ebits, *cells(row, outcome.figures))
    if len(rows) > MAX_LINES:
        table.add_row(f"{count(len(rows) - MAX_LINES)} more in table.csv")
    return table


def _bound(figures: Figures) -> str:
    return "optimal" if figures.get("optimal") else str(figures.get("bound", ""))


def _search(row: Row) -> tuple[str, str]:
    return row.options.effort, str(row.seed)


def _outlook(figures: Figures) -> tuple[str, str]:
    """Makespan and fidelity, as far as they are known."""
    p95_s, fidelity = figures.get("p95_s"), figures.get("fidelity")
    return (
        duration(p95_s) if isinstance(p95_s, float) else "-",
        significant(fidelity) if isinstance(fidelity, float) else "-",
    )


def _errors(results: Results) -> Iterator[Table]:
    """The errors of failed rows, the most frequent first."""
    failed = [outcome for _, outcome in results.finished if outcome.status is Ending.FAILED]
    if not failed:
        return
    found = Counter((outcome.code, outcome.message) for outcome in failed)
    table = listing("failed", "code", "error", right=[0])
    for (code, message), number in found.most_common(MAX_ERRORS):
        table.add_row(count(number), code, Text(printable(message)))
    if len(found) > MAX_ERRORS:
        table.add_row("", "", f"{count(len(found) - MAX_ERRORS)} more errors are in table.csv")
    yield table
