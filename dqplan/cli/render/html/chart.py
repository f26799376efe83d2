"""The frame of wide pictures: names of lanes that stay in sight while the lanes beside them scroll."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dqplan.cli.render.html.markup import NOTHING, Html, element, length

_CHARACTER, _STRONG_CHARACTER, _MOST_CHARACTERS = 7.0, 8.0, 14


@dataclass(frozen=True)
class Label:
    """The name beside a lane; `strong` for those that head a group."""

    told: str
    y: float
    strong: bool = False


@dataclass(frozen=True)
class Tick:
    """A moment, as a part of the width, and what to call it."""

    part: float
    told: str


def chart(
    name: str,
    told: str,
    labels: Sequence[Label],
    content: Iterable[Html],
    *,
    size: tuple[float, float],
    ticks: Sequence[Tick] = (),
    tools: Html = NOTHING,
) -> Html:
    """Lanes in a box that scrolls by itself, with its names to the left.

    The content is stretched to the width that there is; its strokes keep their widths.

    Args:
        name: of the picture, its address in the page.
        told: what it shows, for those who cannot see it.
        labels: beside the lanes.
        content: paths and groups in a coordinate system of the given size.
        size: least width, and height, in pixels.
        ticks: for a ruler at the top.
        tools: beside the buttons that zoom.
    """
    width, height = size
    inner = element(
        "svg",
        *content,
        viewBox=f"0 0 {length(width)} {length(height)}",
        preserveAspectRatio="none",
        width="100%",
        height="100%",
    )
    drawing = element(
        "svg",
        *_marks(ticks),
        inner,
        *_moments(ticks),
        class_="drawing",
        width=width,
        height=height,
        role="img",
        aria_label=told,
    )
    box = element(
        "div",
        _names(labels, height),
        drawing,
        class_="scroll chart",
        tabindex="0",
        role="region",
        aria_label=f"{told}; scrolls sideways",
    )
    return element("div", _buttons(name, tools), box, id=f"{name}-chart")


def _names(labels: Sequence[Label], height: float) -> Html:
    """On paper they shrink with a picture that is higher than a page."""
    width = 12 + max(map(_width, labels), default=0)
    texts = (
        element(
            "text",
            _short(label.told),
            x="4" if label.strong else width - 6,
            y=label.y,
            class_="strong" if label.strong else "end",
        )
        for label in labels
    )
    return element(
        "svg",
        *texts,
        class_="names",
        viewBox=f"0 0 {length(width)} {length(height)}",
        preserveAspectRatio="xMaxYMin",
        width=width,
        height=height,
        aria_hidden="true",
    )


def _width(label: Label) -> float:
    return len(_short(label.told)) * (_STRONG_CHARACTER if label.strong else _CHARACTER)


def _short(name: str) -> str:
    return name if len(name) <= _MOST_CHARACTERS else f"{name[: _MOST_CHARACTERS - 1]}…"


def _marks(ticks: Iterable[Tick]) -> Iterator[Html]:
    """Lines are placed by parts of the width, as are the moments, so that stretching moves them and nothing more."""
    for tick in ticks:
        x = f"{length(100 * tick.part)}%"
        yield element("line", x1=x, x2=x, y1="18", y2="100%", class_="tick")


def _moments(ticks: Iterable[Tick]) -> Iterator[Html]:
    for tick in ticks:
        anchor = "start" if tick.part == 0 else "end" if tick.part == 1 else "middle"
        yield element("text", tick.told, x=f"{length(100 * tick.part)}%", y="13", text_anchor=anchor, class_="small")


def _buttons(name: str, tools: Html) -> Html:
    """Hidden until the script finds that it can run."""
    zoom = (
        element("button", sign, type="button", data_zoom=factor, data_chart=f"{name}-chart", aria_label=told)
        for sign, factor, told in (("−", "0.5", "Narrower"), ("+", "2", "Wider"), ("Fit", "0", "Fit to the page"))
    )
    return element("div", *zoom, tools, class_="tools", hidden=True)
