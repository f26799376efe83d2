"""Audit -> a report for people: what is broken, then every case with its figures; lines fit 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from dqplan.cli.audits.audit import Audit, Judged, split_command
from dqplan.cli.render.audit.cells import COLUMNS, UNKNOWN, cells, headline, more
from dqplan.cli.render.widgets import facts, heading, listing
from dqplan.cli.terminal.streams import PLAIN_WIDTH, printable


def render(audit: Audit) -> Iterator[RenderableType]:
    """The parts of the report, one below the other."""
    yield heading(headline(audit))
    for first, *others in audit.groups:
        yield Text()
        yield heading(f"{first.name}{more(others)}")
        yield facts(_broken(first))
    if audit.cases:
        yield Text()
        yield from _figures(audit)


def _broken(judged: Judged) -> Iterable[tuple[str, str]]:
    for finding in judged.findings:
        yield finding.rule, str(finding)
        if finding.hint:
            yield "hint", finding.hint
    yield "again", split_command(judged.case)


def _figures(audit: Audit) -> Iterator[RenderableType]:
    """A line for every circuit and, below it, one for each hardware; columns of which nothing is known are left out."""
    rows = [[f"  {printable(judged.case.hardware)}", *cells(judged), _ending(judged)] for judged in audit.cases]
    header = ["case", *COLUMNS, ""]
    shown = [column for column in range(len(header)) if any(row[column] != UNKNOWN for row in rows)]
    widths = {column: max(len(row[column]) for row in [header, *rows]) for column in shown}
    widths[0] = min(widths[0], PLAIN_WIDTH - sum(widths[column] + 3 for column in shown[1:]))
    circuit = None
    for judged, row in zip(audit.cases, rows, strict=True):
        if judged.case.circuit != circuit:
            if circuit is None:
                yield _table(header, widths, shown)
            circuit = judged.case.circuit
            yield heading(circuit)
        table = _table(header, widths, shown)
        table.show_header = False
        table.add_row(*(row[column] for column in shown), style="" if judged.holds else "red")
        yield table


def _table(header: Sequence[str], widths: Mapping[int, int], shown: Sequence[int]) -> Table:
    """A table whose columns stand below those of the others."""
    table = listing(*(header[column] for column in shown), right=range(1, len(shown) - 1))
    for column, drawn in zip(shown, table.columns, strict=True):
        drawn.width = widths[column]
    return table


def _ending(judged: Judged) -> str:
    return "holds" if judged.holds else "broken"
