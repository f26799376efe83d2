"""How many rows a sweep has, and about how long they will take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dqplan.sweep.load_sweep import Sweep
from dqplan.sweep.row import Outcome, Row
from dqplan.sweep.run_sweep import missing_rows

_GATE_S = {"quick": 1e-4, "normal": 8e-3, "thorough": 0.2}
"""Seconds per two-qubit gate, about, as measured on circuits of 100 to 1,000 qubits (thorough: guessed from its moves);
small circuits are faster."""
_ROW_S = 0.02
_PLANS = 6
"""Searches for an objective that needs the outlook of its plans."""


@dataclass(frozen=True)
class Estimate:
    """What a sweep would do.

    Attributes:
        rows: of the table.
        missing: how many must be planned; the others have an outcome, or share that of another row.
        seconds: of wall-clock time.
        basis: where the seconds come from, in words.
    """

    rows: int
    missing: int
    seconds: float
    basis: str


def estimate_sweep(sweep: Sweep, outcomes: Mapping[str, Outcome], workers: int) -> Estimate:
    """Count the rows and guess their time: by two-qubit gates, scaled to the finished rows of the sweep if any are.

    Args:
        sweep: from `load_sweep`.
        outcomes: that are stored already, by key.
        workers: rows that are planned at once.
    """
    missing = missing_rows(sweep, outcomes)
    known = [row for row in sweep.rows if row.key in outcomes and row.num_gates_2q is not None]
    factors = {effort: _factor([row for row in known if row.options.effort == effort], outcomes) for effort in _GATE_S}
    seconds = sum(_rough_s(row) * (factors[row.options.effort] or 1) for row in missing) / max(1, workers)
    basis = "by a rule of thumb that can be wrong by a factor of ten"
    if known and all(factors[row.options.effort] for row in missing):
        basis = f"from the times of {len(known):,} finished rows"
    return Estimate(len(sweep.rows), len(missing), seconds, basis)


def _rough_s(row: Row) -> float:
    plans = 1 if row.options.objective == "ebits" else _PLANS
    return _ROW_S + plans * _GATE_S[row.options.effort] * (row.num_gates_2q or 0)


def _factor(rows: Sequence[Row], outcomes: Mapping[str, Outcome]) -> float | None:
    """By how much the rule of thumb is off; None if nothing is known."""
    return sum(outcomes[row.key].elapsed_s for row in rows) / sum(map(_rough_s, rows)) if rows else None
