"""The manual: what is generated is up to date, and the tutorial does what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.consoles import prepare, printed_and_shown, rewrite
from tests.manual import MANUAL, PAGES

TUTORIAL = MANUAL / "tutorial.md"


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    """`python -m tests.manual` writes them anew."""
    assert (MANUAL / name).read_text(encoding="utf-8") == PAGES[name]()


def test_the_tutorial_does_what_it_shows(tmp_path: Path) -> None:
    """`python -m tests.test_manual` writes the present outputs into it."""
    printed, shown = printed_and_shown(TUTORIAL, prepare(tmp_path))
    assert printed == shown


if __name__ == "__main__":
    rewrite(TUTORIAL)
