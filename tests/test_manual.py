"""The manual: what is generated is up to date, and the tutorial does what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.consoles import prepare, printed_and_shown, rewrite
from tests.manual import MANUAL, PAGES, commands, help_text

TUTORIAL = MANUAL / "tutorial.md"


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    """`python -m tests.manual` writes them anew."""
    assert (MANUAL / name).read_text(encoding="utf-8") == PAGES[name]()


def test_help_fits_80_columns() -> None:
    for command in commands():
        assert all(len(line) <= 80 for line in help_text(command).splitlines()), command


def test_every_option_says_what_it_is() -> None:
    """In a help text, an option without a description ends behind its name."""
    for command in commands():
        options = help_text(command).partition("Options:")[2].partition("\n\n")[0]
        entries = re.split(r"\n(?=  -)", options)
        assert all(re.search(r"\S {2,}\S|\n {10,}\S", entry.strip()) for entry in entries if entry.strip()), command


def test_the_tutorial_does_what_it_shows(tmp_path: Path) -> None:
    """`python -m tests.test_manual` writes the present outputs into it."""
    printed, shown = printed_and_shown(TUTORIAL, prepare(tmp_path))
    assert printed == shown


if __name__ == "__main__":
    rewrite(TUTORIAL)
