"""Plan -> the candidates that no other one dominates."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from dqplan.cli.render.widgets import listing
from dqplan.core.plan import Alternative, Plan
from dqplan.core.units import count, duration, significant

MOST_ROWS = 16
"""More are listed in plan.json only."""


def pareto_table(plan: Plan) -> Iterable[Table]:
    """One line for each, the chosen one marked, if they were asked for."""
    if not plan.pareto:
        return
    weighted = plan.hardware.weighted
    headers = ("e-bits", *(["weighted"] if weighted else []), "95 % within", "fidelity", "undominated")
    table = listing(*headers, right=range(len(headers) - 1))
    shown = _shown(plan.pareto)
    for each in shown:
        price = [f"{each.figures.ebits:g}"] if weighted else []
        numbers = [duration(each.figures.p95_s), significant(each.figures.fidelity)]
        mark, style = ("◆ this plan", "bold") if each.chosen else ("", "")
        table.add_row(count(each.plan.cost.ebits), *price, *numbers, mark, style=style)
    if rest := len(plan.pareto) - len(shown):
        table.add_row(*[""] * (len(table.columns) - 1), f"{count(rest)} more in plan.json")
    yield table


def _shown(front: tuple[Alternative, ...]) -> list[Alternative]:
    """All, or some of them at equal distances, the chosen one and both ends among them."""
    if len(front) <= MOST_ROWS:
        return list(front)
    places = {round(k * (len(front) - 1) / (MOST_ROWS - 2)) for k in range(MOST_ROWS - 1)}
    return [each for place, each in enumerate(front) if place in places or each.chosen]
