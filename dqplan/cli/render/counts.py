"""Counts -> table, JSON, CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from dqplan.cli.render.widgets import bar, facts, listing
from dqplan.core.counts import Counts
from dqplan.core.units import count, significant

_MOST = 32
"""Outcomes of a table."""
_WIDEST = 28
"""Characters of an outcome."""


def counts_report(counts: Counts) -> Iterator[RenderableType]:
    """The most frequent outcomes."""
    order = " ".join(f"{register.name}[{register.size}]" for register in reversed(counts.registers))
    yield facts([("shots", count(counts.total)), ("bits", order)])
    yield Text()
    table = listing("outcome", "count", "part", "", right=[1, 2])
    most = max(counts.outcomes.values())
    for name, number in list(counts.outcomes.items())[:_MOST]:
        table.add_row(shortened(name), count(number), significant(number / counts.total), bar(number, most))
    yield table
    if len(counts.outcomes) > _MOST:
        yield Text(f"\nand {count(len(counts.outcomes) - _MOST)} more outcomes")


def shortened(outcome: str) -> str:
    """An outcome as it fits into a table: of a long one the beginning and the end."""
    return outcome if len(outcome) <= _WIDEST else f"{outcome[: _WIDEST // 2]}…{outcome[1 - _WIDEST // 2 :]}"


def counts_document(counts: Counts) -> dict[str, Any]:
    """The counts as JSON-able values; `counts` is what Qiskit's `get_counts` returns."""
    return {
        "schema": "dqplan.counts/1",
        "registers": [{"name": register.name, "size": register.size} for register in counts.registers],
        "shots": counts.total,
        "counts": dict(counts.outcomes),
    }


def counts_csv(counts: Counts) -> str:
    """One column for each register, in order of declaration, the highest bit first; and the count."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([*(register.name for register in counts.registers), "count"])
    for name, number in counts.outcomes.items():
        rows.writerow([*reversed(name.split(" ")), number])
    return text.getvalue()
