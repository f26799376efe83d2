"""Results -> the best row of every circuit and hardware, and those of every circuit that no other one dominates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dqplan.sweep.results import Results
from dqplan.sweep.row import Ending, Outcome, Row
from dqplan.sweep.table import record_of

Planned = tuple[Row, Outcome]


def planned_rows(results: Results) -> Iterator[Planned]:
    """Rows that have a plan, in order."""
    return (pair for pair in results.finished if pair[1].status is Ending.PLANNED)


def best_rows(results: Results) -> list[Planned]:
    """For every circuit and hardware the row with the fewest e-bits; of equals the soonest end, then the best result.

    E-bits count with the weights of their links. Of rows that are equal in all three, the first.
    """
    return _least(planned_rows(results), lambda row: (row.circuit, row.hardware), rank)


def fronts(results: Results) -> dict[str, list[Planned]]:
    """For every circuit the rows that no other row of it dominates, those with the fewest e-bits first.

    What counts: e-bits, the 95 % quantile of the makespan, the process fidelity and the qubits of the hardware. What
    the hardware does not tell counts as infinitely bad. Of rows that are equal in all four, the first.
    """
    rows: dict[str, list[Planned]] = {}
    for row, outcome in planned_rows(results):
        rows.setdefault(row.circuit, []).append((row, outcome))
    return {circuit: _undominated(found) for circuit, found in rows.items()}


def rank(row: Row, outcome: Outcome) -> tuple[float, ...]:
    """E-bits, seconds and infidelity: less is better."""
    figures = outcome.figures
    fidelity = figures.get("fidelity")
    return (
        _number(figures.get("weighted_ebits")),
        _number(figures.get("p95_s")),
        math.inf if fidelity is None else 1 - _number(fidelity),
    )


def _number(figure: Any) -> float:
    return math.inf if figure is None else float(figure)


def _least(
    rows: Iterable[Planned], group: Callable[[Row], object], loss: Callable[[Row, Outcome], tuple[float, ...]]
) -> list[Planned]:
    best: dict[object, Planned] = {}
    for row, outcome in rows:
        known = best.setdefault(group(row), (row, outcome))
        if loss(row, outcome) < loss(*known):
            best[group(row)] = (row, outcome)
    return list(best.values())


def _undominated(rows: Iterable[Planned]) -> list[Planned]:
    """Whatever dominates a row comes before it in the order of losses, and equals are dropped."""
    front: list[tuple[tuple[float, ...], Planned]] = []
    for loss, row in sorted((((*rank(*row), row[0].qubits), row) for row in rows), key=lambda found: found[0]):
        if not any(all(mine <= its for mine, its in zip(kept, loss, strict=True)) for kept, _ in front):
            front.append((loss, row))
    return [row for _, row in front]


def results_document(results: Results) -> dict[str, object]:
    """Everything that is known, as JSON-able values: counts, the best rows and fronts by key, and all rows."""
    return {
        "schema": "dqplan.sweep-summary/1",
        "title": results.manifest.title,
        "counts": {**{str(ending): results.count(ending) for ending in Ending}, "unfinished": results.unfinished},
        "best": [row.key for row, _ in best_rows(results)],
        "fronts": {circuit: [row.key for row, _ in front] for circuit, front in fronts(results).items()},
        "rows": [record_of(row, outcome) for row, outcome in results.finished],
    }
