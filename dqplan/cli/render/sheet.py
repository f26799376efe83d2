"""Small tables that are drawn in the terminal, or written as Markdown for a comment on a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rich.console import RenderableType
from rich.text import Text

from dqplan.cli.render.widgets import facts, heading, listing
from dqplan.cli.terminal.streams import printable

_MARKED = str.maketrans({char: f"\\{char}" for char in r"\`*_[]<>|#~"})
"""What has a meaning in Markdown."""


@dataclass(frozen=True)
class Sheet:
    """A table: its headers, rows of as many cells, and which columns are aligned to the right."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()


@dataclass(frozen=True)
class Page:
    """A heading, facts (name and text) and tables; those without rows are left out."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    sheets: Sequence[Sheet] = ()
    remarks: Sequence[str] = field(default_factory=tuple)

    def report(self) -> Iterator[RenderableType]:
        """For the terminal."""
        yield heading(self.title)
        if self.facts:
            yield Text()
            yield facts(self.facts)
        for sheet in self.sheets:
            if not sheet.rows:
                continue
            table = listing(*sheet.headers, right=sheet.right)
            for row in sheet.rows:
                table.add_row(*map(printable, row))
            yield Text()
            yield table
        for remark in self.remarks:
            yield Text()
            yield Text(printable(remark))

    def markdown(self) -> str:
        """For a comment on a change."""
        lines = [f"### {_marked(self.title)}", ""]
        lines += [f"- **{_marked(name)}** {_marked(text)}" for name, text in self.facts]
        lines += [""] if self.facts else []
        for sheet in self.sheets:
            if sheet.rows:
                lines += [*_table(sheet), ""]
        lines += [f"{_marked(remark)}\n" for remark in self.remarks]
        return "\n".join(lines).rstrip("\n") + "\n"


def _table(sheet: Sheet) -> Iterator[str]:
    yield _line(sheet.headers)
    yield _line([" ---: " if place in sheet.right else " --- " for place in range(len(sheet.headers))], plain=True)
    yield from (_line(row) for row in sheet.rows)


def _line(cells: Iterable[str], *, plain: bool = False) -> str:
    return f"|{'|'.join(cells)}|" if plain else f"| {' | '.join(_marked(cell) for cell in cells)} |"


def _marked(text: str) -> str:
    """Text that means nothing else in Markdown or HTML."""
    return printable(text).replace("\n", " ").replace("&", "&amp;").translate(_MARKED)
