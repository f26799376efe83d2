"""Cost against the number of modules: what quick planning finds on ideal networks."""

from __future__ import annotations

from collections.abc import Sequence

from dqplan.cli.render.html.markup import NOTHING, Html
from dqplan.cli.render.html.tables import bar, note, section, table
from dqplan.core.profile import Demand
from dqplan.core.units import count


def demand(rows: Sequence[Demand]) -> Html:
    """A table with bars; nothing if nobody asked."""
    if not rows:
        return NOTHING
    most = max(row.ebits for row in rows) or 1
    body = [
        (
            count(row.num_modules),
            count(row.modules_used),
            count(row.module_size),
            count(row.ebits),
            f"≥ {count(row.bound)}",
            count(row.one_ebit_per_remote_gate),
            bar(row.ebits / most),
        )
        for row in rows
    ]
    headers = ("modules", "used", "data qubits", "e-bits", "proved", "one per remote gate", "")
    told = note(
        "Equal modules, every two linked, as many comm qubits as wanted, one data qubit more than the circuit needs; "
        f"{rows[0].effort} effort. The plan of this page may be for another network and have been sought for longer."
    )
    return section(
        "demand",
        "E-bits by number of modules",
        table("On ideal networks", headers, body, right=(1, 2, 3, 4, 5)),
        told,
    )
