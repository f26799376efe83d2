"""HTML and SVG elements from plain values: what is not markup already is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from dqplan.cli.terminal.streams import printable

_WITHOUT_END = frozenset({"meta", "col", "br"})
Value = str | float | bool | None


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


NOTHING = Html("")


def element(name: str, /, *content: str, **attributes: Value) -> Html:
    """One element.

    Args:
        name: of the element.
        content: texts, which are escaped, and markup, which is not.
        attributes: `_` stands for `-`, except at the end, where it keeps clear of Python's words. None and False leave
            an attribute out, True writes it without a value.
    """
    written = "".join(
        _attribute(key, value) for key, value in attributes.items() if value is not None and value is not False
    )
    start = f"<{name}{written}>"
    return Html(start if name in _WITHOUT_END else f"{start}{together(content)}</{name}>")


def together(parts: Iterable[str]) -> Html:
    """Parts one behind the other."""
    return Html("".join(text(part) for part in parts))


def listed(parts: Iterable[str]) -> Html:
    """Parts with commas between them."""
    return Html(", ".join(text(part) for part in parts))


def text(part: str) -> Html:
    """Text that can neither begin an element nor hide or steer anything."""
    return part if isinstance(part, Html) else Html(escape(printable(part)))


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{text(length(value) if isinstance(value, float) else str(value))}"'


def length(value: float) -> str:
    """A length or place in a picture, to a tenth of a pixel.

    >>> length(12.0), length(3.14159)
    ('12', '3.1')
    """
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def data(key: str, value: float, told: str) -> Html:
    """A number of plan.json under the path of its key, for machines, in the words for people."""
    return element("data", told, value=str(value), data_key=key)


def titled(told: str) -> Html:
    """What hovering over a part of a picture shows."""
    return element("title", told)
