"""Audit -> a report for people: what is broken, then every case with its figures; lines fit 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dqplan.cli.audit import Audit, Judged, split_command
from dqplan.cli.render.audit.cells import COLUMNS, broken_rules, cells, headline
from dqplan.cli.render.widgets import facts, heading, listing
from dqplan.cli.streams import printable


def render(audit: Audit) -> Iterator[RenderableType]:
    """The parts of the report, one below the other."""
    yield heading(headline(audit))
    for judged in audit.broken:
        yield Text()
        yield heading(judged.name)
        yield facts(_broken(judged))
    if audit.cases:
        yield Text()
        yield _figures(audit)


def _broken(judged: Judged) -> Iterable[tuple[str, str]]:
    for finding in judged.findings:
        yield finding.rule, str(finding)
        if finding.hint:
            yield "hint", finding.hint
    yield "again", split_command(judged.case)


def _figures(audit: Audit) -> Table:
    """A line for every circuit and, below it, one for each hardware."""
    table = listing("case", *COLUMNS, "", right=range(1, len(COLUMNS) + 1))
    circuit = ""
    for judged in audit.cases:
        if judged.case.circuit != circuit:
            circuit = judged.case.circuit
            table.add_row(printable(circuit), style="bold")
        hardware = Padding(printable(judged.case.hardware), (0, 0, 0, 2))
        table.add_row(hardware, *cells(judged), _ending(judged))
    return table


def _ending(judged: Judged) -> Text:
    if judged.holds:
        return Text("holds", style="green")
    return Text(f"broken: {', '.join(broken_rules(judged))}", style="bold red")
