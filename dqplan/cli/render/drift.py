"""Drift -> what numbers were, what they are, and how far that is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from dqplan.cli.render.sheet import Page, Sheet
from dqplan.core import units
from dqplan.core.drift import Drift
from dqplan.core.hardware import Basis, Hardware
from dqplan.core.quantities import Kind
from dqplan.core.units import counted, significant

MOST_ROWS = 60
"""Numbers that are listed; the rest are counted."""


def drift_page(
    title: str, hardware: Hardware, drifts: Sequence[Drift], remarks: Sequence[str], written: str = ""
) -> Page:
    """What a calibration has changed."""
    moved = [drift for drift in drifts if drift.moved]
    bases = ", ".join(f"{hardware.basis_counts[basis]} {basis}" for basis in Basis)
    about = [
        ("measured", f"{counted(len(drifts), 'number')}, {len(moved)} of them other than they were"),
        ("numbers", f"{bases}, with these"),
        *([("written", written)] if written else []),
    ]
    return Page(title, about, [drift_sheet(drifts)], remarks)


def drift_sheet(drifts: Iterable[Drift]) -> Sheet:
    """One row for each number; parts that agree in all of it share one."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for drift in drifts:
        rows.setdefault((drift.quantity.name, *_cells(drift)), []).append(drift.part)
    listed = [[f"{_parts(parts)} {name}", *cells] for (name, *cells), parts in rows.items()]
    more = len(listed) - MOST_ROWS
    rest = [[f"and {counted(more, 'more row')}", *[""] * 5]] if more > 0 else []
    return Sheet(("number", "was", "is", "change", "σ", "basis"), [*listed[:MOST_ROWS], *rest], right=(1, 2, 3, 4))


def drift_json(drift: Drift) -> dict[str, Any]:
    """One number; `worsening` is null where it is infinite."""
    return {
        "part": drift.part,
        "quantity": drift.quantity.name,
        "was": drift.was,
        "is": drift.found,
        "sigmas": drift.sigmas,
        "worsening": drift.worsening if math.isfinite(drift.worsening) else None,
        "was_basis": str(drift.old.basis),
        "basis": str(drift.new.basis),
        "uncertainty": drift.new.uncertainty,
        "date": drift.new.date,
        "source": drift.new.source,
    }


def _parts(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{parts[0]} +{len(parts) - 1}"


def _cells(drift: Drift) -> tuple[str, ...]:
    sigmas = drift.sigmas
    return (
        number_text(drift.quantity.kind, drift.was, drift.old.uncertainty),
        number_text(drift.quantity.kind, drift.found, drift.new.uncertainty),
        _change(drift),
        "" if sigmas is None or not drift.moved else f"{sigmas:+.1f}",
        drift.new.date[:10] or str(drift.new.basis),
    )


def number_text(kind: Kind, value: float | None, uncertainty: float | None = None) -> str:
    """A number with its unit; - if there is none."""
    if value is None:
        return "-"
    match kind:
        case Kind.SECONDS | Kind.LIFETIME:
            return units.duration(value, 4)
        case Kind.HERTZ:
            return units.frequency(value, 4)
        case Kind.METRES:
            return f"{significant(value, 5)} m"
        case Kind.FIDELITY:
            return units.measured(float(f"{value:.7g}"), uncertainty)
    return units.count(int(value))


def _change(drift: Drift) -> str:
    """In percent, of a fidelity of what is missing to 1."""
    if drift.was is None or drift.found is None:
        return "new"
    if not drift.moved:
        return "same"
    was, found = (1 - drift.was, 1 - drift.found) if drift.quantity.kind is Kind.FIDELITY else (drift.was, drift.found)
    what = " error" if drift.quantity.kind is Kind.FIDELITY else ""
    return f"{(found - was) / was:+.1%}{what}" if was else f"from 0{what}"
