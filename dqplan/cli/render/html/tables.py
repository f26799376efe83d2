"""Tables and bars of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dqplan.cli.render.html.markup import Html, element, text, together


def table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> Html:
    """A table whose first column names its rows; columns named by `right` hold numbers.

    It scrolls by itself where it is wider than the page.
    """
    classes = ["number" if place in right else None for place in range(len(headers))]
    head = [element("th", header, scope="col", class_=kind) for header, kind in zip(headers, classes, strict=True)]
    body = (element("tr", *_cells(row, classes)) for row in rows)
    whole = element(
        "table",
        element("thead", element("tr", *head)),
        Html("\n"),
        element("tbody", *(Html(f"{row}\n") for row in body)),
        aria_label=caption,
    )
    box = element("div", whole, class_="scroll", tabindex="0", role="region", aria_label=caption)
    return element("figure", element("figcaption", caption), box)


def _cells(row: Sequence[str], classes: Sequence[str | None]) -> Iterable[Html]:
    yield element("th", row[0], scope="row")
    for cell, kind in zip(row[1:], classes[1:], strict=True):
        yield element("td", cell, class_=kind)


def bar(part: float, kind: str = "link") -> Html:
    """A bar as long as `part` of 1; anything above zero shows."""
    width = max(100 * part, 0.5 if part > 0 else 0.0)
    filled = element("rect", width=width, height="8", class_=f"fill-{kind}")
    return element("svg", filled, class_="bar", viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true")


def percent(part: float) -> str:
    """A part of a whole.

    >>> percent(0.4567), percent(0.00001), percent(0.0)
    ('45.7%', '< 0.1%', '0%')
    """
    if not part:
        return "0%"
    return f"{part:.1%}" if part >= 0.0005 else "< 0.1%"


def name_of(thing: str) -> Html:
    """A name that is kept in one line."""
    return element("span", thing, class_="name")


def facts(rows: Iterable[tuple[str, str]]) -> Html:
    """Names and what is to be said about them."""
    pairs = (element("div", element("dt", name), element("dd", told)) for name, told in rows)
    return element("dl", *pairs, class_="facts")


def more(summary: str, *content: str) -> Html:
    """Content that is shown when it is asked for, and in print."""
    return element("details", element("summary", summary), *content)


def section(name: str, title: str, *content: str) -> Html:
    """One part of the page under its heading; `name` is its address in the page."""
    heading = element("h2", title, id=f"{name}-title")
    return Html(f"\n{element('section', heading, *content, id=name, aria_labelledby=f'{name}-title')}\n")


def note(*parts: str) -> Html:
    """A paragraph in small letters."""
    return element("p", *(text(part) for part in parts), class_="note")


def legend(*kinds: tuple[str, str]) -> Html:
    """What colours mean: names of kinds and words."""
    keys = (element("li", element("span", class_=f"key key-{kind}", aria_hidden="true"), told) for kind, told in kinds)
    return element("ul", together(keys), class_="legend")
