"""Results -> pictures as SVG: what the best plans cost, against one number of the hardware, a line a circuit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dqplan.sweep.chart import Curve, Panel, line_chart
from dqplan.sweep.results import Results
from dqplan.sweep.row import Row
from dqplan.sweep.summary import Planned, planned_rows

MOST_CIRCUITS = 12
"""More lines could not be told apart; the circuits that come first are drawn."""


@dataclass(frozen=True)
class _Upwards:
    """What is drawn upwards: a figure of a plan; `best` picks one of two values."""

    figure: str
    title: str
    best: Callable[[float, float], float]


_PANELS = (_Upwards("ebits", "e-bits", min), _Upwards("p95_s", "p95, s", min), _Upwards("fidelity", "fidelity", max))


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


def _curves(axis: str, panel: _Upwards, rows: Sequence[Planned]) -> dict[str, Curve]:
    """For every circuit the best figure by number, in the order of the numbers."""
    curves: dict[str, dict[float, float]] = {}
    for row, outcome in rows:
        x, y = _numbers(row).get(axis), outcome.figures.get(panel.figure)
        if x is not None and isinstance(y, int | float) and math.isfinite(y):
            curve = curves.setdefault(row.circuit, {})
            curve[x] = panel.best(curve.get(x, y), y)
    return {circuit: dict(sorted(curve.items())) for circuit, curve in list(curves.items())[:MOST_CIRCUITS]}


def _picture(axis: str, rows: Sequence[Planned]) -> str:
    """All panels, one below the other; empty if there is nothing to draw."""
    panels = [Panel(panel.title, curves) for panel in _PANELS if (curves := _curves(axis, panel, rows))]
    return line_chart(f"best plans against {axis}", panels) if panels else ""
