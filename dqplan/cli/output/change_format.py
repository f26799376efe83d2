"""Comparisons as tables, JSON or Markdown. Importing this must stay cheap: every `--help` does it."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.terminal.streams import answer, drawn, tell

if TYPE_CHECKING:
    from dqplan.cli.render.sheet import Page


class ChangeFormat(StrEnum):
    """How a comparison is written; markdown suits a comment on a change."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


ChangeFormatOption = Annotated[
    ChangeFormat, typer.Option("--format", help="How to write the answer; markdown suits a comment on a change.")
]


def deliver(page: Page, format_: ChangeFormat, *, to_stderr: bool = False) -> None:
    """A page as the answer, or as talk where the answer is something else."""
    stream = sys.stderr if to_stderr else sys.stdout
    text = page.markdown() if format_ is ChangeFormat.MARKDOWN else drawn(page.report(), stream)
    (tell if to_stderr else answer)(text)
