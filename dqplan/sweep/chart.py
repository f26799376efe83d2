"""Lines against one number as SVG, some panels one below the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dqplan.core.units import significant

_LOG_RATIO = 30
"""Numbers that differ more are drawn on a logarithmic scale."""
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _GAP = 640, 190, 70, 190, 40, 46
"""Pixels of a panel and around it."""
_COLOURS = ("#00798c", "#d1495b", "#edae49", "#66a182", "#2e4057", "#8d5a97")
_DASHES = ("", "5 3")
_TICKS = 4

Curve = Mapping[float, float]
"""Heights by number, in the order of the numbers."""


@dataclass(frozen=True)
class Panel:
    """What is drawn upwards.

    Attributes:
        title: above the panel.
        curves: by name.
        limit: a line across; None for none.
    """

    title: str
    curves: Mapping[str, Curve]
    limit: float | None = None


def line_chart(heading: str, panels: Sequence[Panel]) -> str:
    """The panels as one picture; each has at least one point."""
    names = list(dict.fromkeys(name for panel in panels for name in panel.curves))
    width, height = _LEFT + _WIDTH + _RIGHT, _TOP + len(panels) * (_HEIGHT + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{_LEFT}" y="18" font-size="13" font-weight="bold">{escape(heading)}</text>',
        *_legend(names),
    ]
    across = _Scale([x for panel in panels for curve in panel.curves.values() for x in curve], _LEFT, _LEFT + _WIDTH)
    for number, panel in enumerate(panels):
        parts += _panel(panel, names, across, _TOP + number * (_HEIGHT + _GAP))
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


def _panel(panel: Panel, names: Sequence[str], across: _Scale, top: int) -> Iterator[str]:
    limits = [] if panel.limit is None else [panel.limit]
    up = _Scale([*limits, *(y for curve in panel.curves.values() for y in curve.values())], top + _HEIGHT, top)
    yield f'<rect x="{_LEFT}" y="{top}" width="{_WIDTH}" height="{_HEIGHT}" fill="#f4f5f7"/>'
    yield f'<text x="{_LEFT}" y="{top - 4}">{panel.title}{", logarithmic" if up.log else ""}</text>'
    for x, text in across.ticks():
        yield f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{top + _HEIGHT}" stroke="#d8dce3"/>'
        yield f'<text x="{x:.1f}" y="{top + _HEIGHT + 14}" text-anchor="middle">{text}</text>'
    for y, text in up.ticks():
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
    for y in map(up, limits):
        line = f'x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + _WIDTH}" y2="{y:.1f}"'
        yield f'<line {line} stroke="#2e4057" stroke-dasharray="2 3"><title>target</title></line>'
    for name, curve in panel.curves.items():
        places = [(across(x), up(y)) for x, y in curve.items()]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{line}" fill="none" {_stroke(names.index(name))}/>'
        for (x, y), (number, figure) in zip(places, curve.items(), strict=True):
            told = f"{name}: {figure:.6g} at {number:.6g}"
            colour = _COLOURS[names.index(name) % len(_COLOURS)]
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"><title>{escape(told)}</title></circle>'


def _stroke(number: int) -> str:
    dash = _DASHES[number // len(_COLOURS) % len(_DASHES)]
    return f'stroke="{_COLOURS[number % len(_COLOURS)]}" stroke-width="1.5" stroke-dasharray="{dash}"'


def _legend(names: Sequence[str]) -> Iterator[str]:
    x = _LEFT + _WIDTH + 14
    for number, name in enumerate(names):
        y = _TOP + 8 + 16 * number
        yield f'<line x1="{x}" y1="{y}" x2="{x + 18}" y2="{y}" {_stroke(number)}/>'
        yield f'<text x="{x + 24}" y="{y + 4}">{escape(name[:24])}</text>'
