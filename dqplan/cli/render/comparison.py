"""Comparison -> what differs, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from dqplan.cli.render.drift import MOST_ROWS, drift_json, drift_sheet
from dqplan.cli.render.sheet import Page, Sheet
from dqplan.core.comparison import Comparison, Moved
from dqplan.core.tally import Tally
from dqplan.core.units import count, counted, duration, significant

Shown = Callable[[Any], str]

_FIGURES: tuple[tuple[str, str, Shown, bool], ...] = (
    ("e-bits", "ebits", count, True),
    ("weighted e-bits", "weighted_ebits", lambda value: f"{value:g}", False),
    ("proved necessary", "bound", count, True),
    ("shares", "shares", count, False),
    ("teleports", "teleports", count, False),
    ("raw pairs", "raw_pairs", significant, False),
    ("schedule", "makespan_s", duration, True),
    ("95 % within", "p95_s", duration, True),
    ("fidelity", "fidelity", lambda value: significant(value, 4), True),
)
"""Figures of a tally: name, attribute, how they are written, and whether they are shown where nothing differs."""


def comparison_page(found: Comparison) -> Page:
    """All that differs."""
    links = _counts_sheet("link", *found.ebits_by_link)
    return Page(
        f"{found.circuits[1]} on {found.hardware[1]}",
        list(_facts(found)),
        [
            figures_sheet(("was", "is"), found.tallies),
            links,
            _moved_sheet(found.moved),
            Sheet(("most in use at once", "was", "is"), list(_peaks(found)), right=(1, 2)),
            drift_sheet(found.drifts),
        ],
        ["nothing differs"] if not differs(found) else [],
    )


def figures_sheet(columns: Sequence[str], tallies: Sequence[Tally], *, compared: bool = True) -> Sheet:
    """Figures beside each other; `compared` adds what the last one differs by from the first."""
    rows = []
    for name, attribute, shown, always in _FIGURES:
        values = [getattr(tally, attribute) for tally in tallies]
        if all(value is None for value in values) or not (always or len(set(values)) > 1):
            continue
        cells = ["-" if value is None else shown(value) for value in values]
        rows.append([name, *cells, *([_change(values[0], values[-1])] if compared else [])])
    headers = ("figure", *columns, *(["change"] if compared else []))
    return Sheet(headers, rows, right=range(1, len(headers)))


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The comparison as a document of its own, `dqplan.diff/1`."""
    was, now = (asdict(tally) for tally in found.tallies)
    return {
        "schema": "dqplan.diff/1",
        "differs": differs(found),
        "circuit": {"was": found.circuits[0], "is": found.circuits[1], "same": found.same_circuit},
        "figures": {name: {"was": was[name], "is": now[name]} for name in was},
        "ebits_by_link": _pairs_json(*found.ebits_by_link),
        "peaks": {kind: _pairs_json(peaks, found.peaks[1][kind]) for kind, peaks in found.peaks[0].items()},
        "homes_moved": [{"was": each.was, "is": each.found, "qubits": each.qubits} for each in found.moved],
        "segments_moved": found.segments_moved,
        "hardware": {
            "was": found.hardware[0],
            "is": found.hardware[1],
            "same": found.same_hardware,
            "gone": list(found.gone),
            "new": list(found.fresh),
            "drifts": [drift_json(drift) for drift in found.drifts],
        },
        "options": {option.name: {"was": option.was, "is": option.found} for option in found.options},
    }


def differs(found: Comparison) -> bool:
    """Whether there is any difference; how long the searches took is none."""
    return not (
        found.same_circuit
        and found.same_hardware
        and found.tallies[0] == found.tallies[1]
        and found.ebits_by_link[0] == found.ebits_by_link[1]
        and found.peaks[0] == found.peaks[1]
        and not (found.moved or found.segments_moved or found.options)
    )


def _facts(found: Comparison) -> Iterator[tuple[str, str]]:
    if not found.same_circuit:
        yield "circuit", f"another one than before ({found.circuits[0]})"
    yield "hardware", _hardware(found)
    for option in found.options:
        yield option.name, f"{option.found}, was {option.was}"
    moved = sum(each.count for each in found.moved)
    segments = found.segments_moved
    more = "" if not segments else f", {counted(segments, 'segment')} elsewhere"
    yield "homes", (f"{counted(moved, 'qubit')} begin elsewhere" if moved else "all qubits begin where they did") + more


def _hardware(found: Comparison) -> str:
    if found.same_hardware:
        return "the same"
    parts = [counted(len(found.drifts), "number differs", "numbers differ")] if found.drifts else []
    parts += [f"gone: {', '.join(found.gone[:6])}"] if found.gone else []
    parts += [f"new: {', '.join(found.fresh[:6])}"] if found.fresh else []
    if not (found.drifts or found.gone or found.fresh):
        return "couplings, gates, kinds or weights differ"
    return "; ".join(parts)


def _counts_sheet(what: str, was: Mapping[str, int], now: Mapping[str, int]) -> Sheet:
    """E-bits of links that differ."""
    changed = [name for name in sorted({*was, *now}) if was.get(name, 0) != now.get(name, 0)]
    rows = [
        [name, count(was.get(name, 0)), count(now.get(name, 0)), _change(was.get(name, 0), now.get(name, 0))]
        for name in changed[:MOST_ROWS]
    ]
    if len(changed) > MOST_ROWS:
        rows.append([f"and {counted(len(changed) - MOST_ROWS, 'more link')}", "", "", ""])
    return Sheet((what, "was", "is", "change"), rows, right=(1, 2, 3))


def _moved_sheet(moved: Sequence[Moved]) -> Sheet:
    rows = [[f"{each.was} -> {each.found}", each.qubits] for each in moved[:MOST_ROWS]]
    if len(moved) > MOST_ROWS:
        rows.append([f"and {len(moved) - MOST_ROWS} more", ""])
    return Sheet(("begins elsewhere", "qubits"), rows)


def _peaks(found: Comparison) -> Iterator[list[str]]:
    rows = [
        [f"{name} {kind} qubits", count(peaks.get(name, 0)), count(found.peaks[1][kind].get(name, 0))]
        for kind, peaks in found.peaks[0].items()
        for name in dict.fromkeys([*peaks, *found.peaks[1][kind]])
        if peaks.get(name, 0) != found.peaks[1][kind].get(name, 0)
    ]
    yield from rows[:MOST_ROWS]
    if len(rows) > MOST_ROWS:
        yield [f"and {len(rows) - MOST_ROWS} more", "", ""]


def _change(was: float | None, now: float | None) -> str:
    if was is None or now is None or was == now:
        return "" if was == now else "-"
    if isinstance(was, int) and isinstance(now, int):
        return f"{now - was:+,}"
    return f"{(now - was) / was:+.1%}" if was else f"{now - was:+.3g}"


def _pairs_json(was: Mapping[str, int], now: Mapping[str, int]) -> dict[str, dict[str, int]]:
    return {name: {"was": was.get(name, 0), "is": now.get(name, 0)} for name in sorted({*was, *now})}
