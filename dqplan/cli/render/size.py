"""Sizing -> a report, JSON, CSV and a picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from html import escape

from rich.console import RenderableType
from rich.text import Text

from dqplan.cli.render.widgets import bar, facts, heading, listing, words
from dqplan.cli.terminal.streams import printable
from dqplan.core.tally import Figure
from dqplan.core.units import count, counted, duration, frequency, significant
from dqplan.size.curve import Point, Sizing
from dqplan.size.quantity import Quantity
from dqplan.size.target import Target
from dqplan.sweep.chart import Panel, line_chart

_BAR_WIDTH = 14
_DIGITS = 5
"""Of what is compared with a limit, lest both look equal."""
_UNITS = {
    Quantity.DATA: "data qubits",
    Quantity.COMM: "comm qubits",
    Quantity.RATE: "rate",
    Quantity.FIDELITY: "fidelity",
}
_HEADERS = {Quantity.DATA: "data", Quantity.COMM: "comm", Quantity.RATE: "rate", Quantity.FIDELITY: "e-bit F"}
_PANELS = {"ebits": "e-bits", "p95_s": "p95, s", "fidelity": "fidelity"}


def size_report(found: Sizing, title: str, num_qubits: int, written: str) -> Iterator[RenderableType]:
    """The parts of the report, one below the other; they fit 80 columns."""
    yield heading(f"{title}: smallest {_UNITS[found.knob.quantity]} for {told_target(found.target)}")
    yield Text()
    rows = [("varied", _varied(found)), ("smallest", conclusion(found))]
    if found.found and found.knob.quantity is Quantity.DATA:
        total = int(found.found.hardware.data_capacity.sum())
        rows.append(("together", f"{counted(total, 'data qubit')}, {total - num_qubits} more than the circuit has"))
    if not found.finished:
        rows.append(("interrupted", "values are missing"))
    if written:
        rows.append(("written", written))
    yield facts(rows)
    yield Text()
    yield _curve(found)
    if any(point.carried for point in found.points):
        yield Text("* found for a smaller value; a search at this value alone finds a worse plan, or none")


def conclusion(found: Sizing) -> str:
    """What is known of the smallest value, and how."""
    quantity = found.knob.quantity
    if found.found is None:
        every = f"from {shown(quantity, found.low)} to {shown(quantity, found.high)}"
        if found.proved:
            return f"none {every} can: {found.proof} (proved)"
        return f"none {every} was found; that there is none is not proved"
    value = shown(quantity, found.found.value)
    if found.proved and found.proof:
        return f"{value}; less cannot: {found.proof} (proved)"
    if found.found.value == found.low:
        return f"{value}, the smallest that was looked at"
    if not found.finished:
        return f"{value} so far"
    below = f"; below {shown(quantity, found.least)}: {found.proof} (proved)" if found.proof and found.least else ""
    return f"{value} (found); the next smaller value misses by the same search{below}"


def told_target(target: Target) -> str:
    """The limits in words."""
    return words(
        "" if target.max_ebits is None else f"at most {counted(target.max_ebits, 'e-bit')}",
        "" if target.max_time_s is None else f"p95 up to {duration(target.max_time_s)}",
        "" if target.min_fidelity is None else f"fidelity {target.min_fidelity:g} or more",
    )


def shown(quantity: Quantity, value: float) -> str:
    """A value with its unit."""
    match quantity:
        case Quantity.RATE:
            return frequency(value)
        case Quantity.FIDELITY:
            return f"{value:.10g}"
        case _:
            return count(int(value))


def _varied(found: Sizing) -> str:
    quantity, only = found.knob.quantity, found.knob.only
    where = only or ("every module alike" if quantity.of_modules else "every link alike")
    return f"{_UNITS[quantity]} of {where}, {shown(quantity, found.low)} to {shown(quantity, found.high)}"


def _curve(found: Sizing) -> RenderableType:
    quantity, figure = found.knob.quantity, found.target.figure
    table = listing(_HEADERS[quantity], "e-bits", "bound", "p95", "fidelity", "outcome", "", right=[0, 1, 2, 3, 4])
    most = max((_height(point, figure) for point in found.points), default=0.0)
    for point in found.points:
        figures = point.figures()
        best = point is found.found
        table.add_row(
            shown(quantity, point.value),
            _told(figures, "ebits", lambda value: count(int(value))),
            "optimal" if figures.get("optimal") else _told(figures, "bound", lambda value: count(int(value))),
            _told(figures, "p95_s", lambda value: duration(value, _DIGITS)),
            _told(figures, "fidelity", lambda value: significant(value, _DIGITS)),
            f"{point.outcome}{' *' if point.carried else ''}{' <' if best else ''}",
            bar(_height(point, figure), most, _BAR_WIDTH),
            style="bold" if best else None,
        )
    return table


def _height(point: Point, figure: str) -> float:
    value = point.figures().get(figure)
    return float(value) if isinstance(value, int | float) else 0.0


def _told(figures: dict[str, Figure], name: str, spell: Callable[[float], str]) -> str:
    value = figures.get(name)
    return spell(value) if isinstance(value, int | float) else "-"


def _record(found: Sizing, point: Point, num_qubits: int) -> dict[str, Figure]:
    """One line of the curve."""
    return {
        str(found.knob.quantity): point.value,
        "outcome": point.outcome,
        "slack": int(point.hardware.data_capacity.sum()) - num_qubits,
        "carried": point.carried,
        "reason": printable(point.reason),
        **point.figures(),
    }


def size_document(found: Sizing, title: str, num_qubits: int) -> dict[str, object]:
    """Everything that is known, as JSON-able values."""
    target = found.target
    return {
        "schema": "dqplan.size/1",
        "title": title,
        "vary": str(found.knob.quantity),
        "only": found.knob.only or None,
        "range": [found.low, found.high],
        "target": {
            "max_ebits": target.max_ebits,
            "max_time_s": target.max_time_s,
            "min_fidelity": target.min_fidelity,
        },
        "found": None if found.found is None else found.found.value,
        "least": found.least,
        "proved": found.proved,
        "proof": found.proof,
        "finished": found.finished,
        "conclusion": conclusion(found),
        "curve": [_record(found, point, num_qubits) for point in found.points],
    }


def size_csv(found: Sizing, num_qubits: int) -> str:
    """The curve as CSV: a header, empty cells for what is unknown, `true` and `false`."""
    records = [_record(found, point, num_qubits) for point in found.points]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = list(dict.fromkeys(name for record in records for name in record))
    writer.writerow(columns)
    for record in records:
        values = (record.get(name) for name in columns)
        writer.writerow(
            [str(value).lower() if isinstance(value, bool) else "" if value is None else value for value in values]
        )
    return text.getvalue()


def size_picture(found: Sizing, title: str, *, page: bool) -> str:
    """The curve as SVG, or as an HTML page that loads nothing; limits are dotted lines."""
    panels = [panel for name in ("ebits", "p95_s", "fidelity") if (panel := _panel(found, name)).curves]
    title = printable(f"{title}: {_UNITS[found.knob.quantity]} for {told_target(found.target)}")
    picture = line_chart(title, panels)
    if not page:
        return picture
    told = escape(f"Smallest: {conclusion(found)}.")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        "<style>svg{max-width:100%;height:auto}</style></head>\n"
        f"<body>\n{picture}<p>{told}</p>\n</body></html>\n"
    )


def _panel(found: Sizing, name: str) -> Panel:
    """A figure of the best plans against the value; below the e-bits, their bound."""
    curves = {}
    for line, label in (
        ((name, "best plans"), ("bound", "proved bound")) if name == "ebits" else ((name, "best plans"),)
    ):
        values = {point.value: point.figures().get(line) for point in found.points}
        curve = {x: float(y) for x, y in values.items() if isinstance(y, int | float)}
        if curve:
            curves[label] = curve
    return Panel(_PANELS[name], curves, _limit(found.target, name))


def _limit(target: Target, name: str) -> float | None:
    return {"ebits": target.max_ebits, "p95_s": target.max_time_s, "fidelity": target.min_fidelity}[name]
