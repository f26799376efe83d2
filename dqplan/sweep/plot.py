"""Results -> pictures as SVG: what the best plans cost, against one number of the hardware, a line a circuit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dqplan.core.units import significant
from dqplan.sweep.results import Results
from dqplan.sweep.row import Row
from dqplan.sweep.summary import Planned, planned_rows

MOST_CIRCUITS = 12
"""More lines could not be told apart; the circuits that come first are drawn."""
_LOG_RATIO = 30
"""Numbers that differ more are drawn on a logarithmic scale."""
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _GAP = 640, 190, 70, 190, 40, 46
"""Pixels of a panel and around it."""
_COLOURS = ("#00798c", "#d1495b", "#edae49", "#66a182", "#2e4057", "#8d5a97")
_DASHES = ("", "5 3")
_TICKS = 4


@dataclass(frozen=True)
class Panel:
    """What is drawn upwards: a figure of a plan; `best` picks one of two values."""

    figure: str
    title: str
    best: Callable[[float, float], float]


_PANELS = (Panel("ebits", "e-bits", min), Panel("p95_s", "p95, s", min), Panel("fidelity", "fidelity", max))


def plots_of(results: Results) -> dict[str, str]:
    """A picture for every number that varies, by file name; for every value of it the best row counts.

    The numbers are the parameters of hardware templates, the modules and the qubits of the hardware, and the slack: how
    many data qubits it has more than the circuit needs.
    """
    rows = list(planned_rows(results))
    pictures = {axis: _picture(axis, rows) for axis in _axes(row for row, _ in rows)}
    return {
        f"plot_{re.sub(r'[^a-zA-Z0-9_.]', '_', axis)}.svg": picture for axis, picture in pictures.items() if picture
    }


def _axes(rows: Iterable[Row]) -> list[str]:
    """Names of the numbers that have two values or more."""
    values: dict[str, set[float]] = {}
    for row in rows:
        for name, value in _numbers(row).items():
            values.setdefault(name, set()).add(value)
    return [name for name, found in values.items() if len(found) > 1]


def _numbers(row: Row) -> dict[str, float]:
    slack = row.data_qubits - (row.num_qubits or 0)
    given = {"num_modules": row.num_modules, "qubits": row.qubits, "slack": slack, **row.parameters}
    return {name: value for name, value in given.items() if isinstance(value, int | float) and value is not True}


Curve = dict[float, float]


def _curves(axis: str, panel: Panel, rows: Sequence[Planned]) -> dict[str, Curve]:
    """For every circuit the best figure by number, in the order of the numbers."""
    curves: dict[str, Curve] = {}
    for row, outcome in rows:
        x, y = _numbers(row).get(axis), outcome.figures.get(panel.figure)
        if x is not None and isinstance(y, int | float) and math.isfinite(y):
            curve = curves.setdefault(row.circuit, {})
            curve[x] = panel.best(curve.get(x, y), y)
    return {circuit: dict(sorted(curve.items())) for circuit, curve in list(curves.items())[:MOST_CIRCUITS]}


def _picture(axis: str, rows: Sequence[Planned]) -> str:
    """All panels, one below the other; empty if there is nothing to draw."""
    panels = [(panel, curves) for panel in _PANELS if (curves := _curves(axis, panel, rows))]
    if not panels:
        return ""
    circuits = list(dict.fromkeys(circuit for _, curves in panels for circuit in curves))
    width, height = _LEFT + _WIDTH + _RIGHT, _TOP + len(panels) * (_HEIGHT + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{_LEFT}" y="18" font-size="13" font-weight="bold">best plans against {escape(axis)}</text>',
        *_legend(circuits),
    ]
    across = _Scale([x for _, curves in panels for curve in curves.values() for x in curve], _LEFT, _LEFT + _WIDTH)
    for number, (panel, curves) in enumerate(panels):
        parts += _panel(panel, curves, circuits, across, _TOP + number * (_HEIGHT + _GAP))
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Scale:
    """Numbers -> pixels, linear or logarithmic."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        low, high = min(values), max(values)
        self.log = low > 0 and high / low >= _LOG_RATIO
        self.low, self.high = (low, high) if high > low else (low - 0.5, high + 0.5)
        self.begin, self.end = begin, end
        self.values = sorted(set(values))

    def __call__(self, value: float) -> float:
        bend = math.log if self.log else float
        part = (bend(value) - bend(self.low)) / (bend(self.high) - bend(self.low))
        return self.begin + part * (self.end - self.begin)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Places and what to write there: the values themselves if they are few, or else equal steps."""
        parts = [tick / _TICKS for tick in range(_TICKS + 1)]
        if len(self.values) <= len(parts):
            values = self.values
        elif self.log:
            values = [self.low * (self.high / self.low) ** part for part in parts]
        else:
            values = [self.low + (self.high - self.low) * part for part in parts]
        return ((self(value), _written(value)) for value in values)


def _written(value: float) -> str:
    return significant(value, 3) if 1e-3 <= abs(value) < 1e6 or value == 0 else f"{value:.3g}"


def _panel(
    panel: Panel, curves: Mapping[str, Curve], circuits: Sequence[str], across: _Scale, top: int
) -> Iterator[str]:
    up = _Scale([y for curve in curves.values() for y in curve.values()], top + _HEIGHT, top)
    yield f'<rect x="{_LEFT}" y="{top}" width="{_WIDTH}" height="{_HEIGHT}" fill="#f4f5f7"/>'
    yield f'<text x="{_LEFT}" y="{top - 4}">{panel.title}{", logarithmic" if up.log else ""}</text>'
    for x, text in across.ticks():
        yield f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{top + _HEIGHT}" stroke="#d8dce3"/>'
        yield f'<text x="{x:.1f}" y="{top + _HEIGHT + 14}" text-anchor="middle">{text}</text>'
    for y, text in up.ticks():
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
    for circuit, curve in curves.items():
        places = [(across(x), up(y)) for x, y in curve.items()]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{line}" fill="none" {_stroke(circuits.index(circuit))}/>'
        for (x, y), (number, figure) in zip(places, curve.items(), strict=True):
            told = f"{circuit}: {figure:.6g} at {number:.6g}"
            colour = _COLOURS[circuits.index(circuit) % len(_COLOURS)]
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"><title>{escape(told)}</title></circle>'


def _stroke(number: int) -> str:
    dash = _DASHES[number // len(_COLOURS) % len(_DASHES)]
    return f'stroke="{_COLOURS[number % len(_COLOURS)]}" stroke-width="1.5" stroke-dasharray="{dash}"'


def _legend(circuits: Sequence[str]) -> Iterator[str]:
    x = _LEFT + _WIDTH + 14
    for number, circuit in enumerate(circuits):
        y = _TOP + 8 + 16 * number
        yield f'<line x1="{x}" y1="{y}" x2="{x + 18}" y2="{y}" {_stroke(number)}/>'
        yield f'<text x="{x + 24}" y="{y + 4}">{escape(circuit[:24])}</text>'
