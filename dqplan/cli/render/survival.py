"""Survival -> whether an old plan can go on, and what a new one gains."""

from __future__ import annotations

from collections.abc import Iterator

from dqplan.cli.render.comparison import figures_sheet
from dqplan.cli.render.drift import drift_sheet
from dqplan.cli.render.sheet import Page
from dqplan.core.survival import Survival
from dqplan.core.units import counted


def survival_page(survival: Survival) -> Page:
    """The old plan then and today beside the new one, and the numbers of the hardware that have changed."""
    today = [] if survival.today is None else [survival.today]
    columns = ["old then", *["old today"] * len(today), "new"]
    sheet = figures_sheet(columns, [survival.then, *today, survival.new], compared=False)
    return Page("against the old plan", list(_facts(survival)), [sheet, drift_sheet(survival.drifts)])


def _facts(survival: Survival) -> Iterator[tuple[str, str]]:
    if survival.obstacles:
        yield "old plan", f"cannot run today: {'; '.join(survival.obstacles[:4])}"
        yield "new plan", "replaces it"
    elif survival.kept:
        yield "old plan", "can run today, and goes on: by the objective nothing better was found"
    else:
        yield "old plan", "can run today, but the new one is better by the objective"
    changed = len(survival.drifts)
    yield "hardware", f"{counted(changed, 'number has', 'numbers have')} changed" if changed else "the same numbers"
