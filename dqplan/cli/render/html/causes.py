"""Where time and infidelity go."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from dqplan.cli.render.html.markup import Html, data, element, listed, text, titled
from dqplan.cli.render.html.tables import bar, facts, note, percent, section, table
from dqplan.core.units import duration, significant
from dqplan.load.outlook_part import FidelityPart, OutlookPart
from dqplan.load.plan_document import PlanDocument

_COLOURS = {
    "links": "link",
    "gates": "gate",
    "readout": "readout",
    "resets": "reset",
    "messages": "local",
    "idling": "teleport",
}
"""The colour of each cause; others are grey."""
_OTHER = "other"


def causes(document: PlanDocument) -> Html:
    """Both, as far as they are known, and what the numbers rest on."""
    outlook = document.outlook
    parts = [*_times(outlook), *_losses(outlook)] if outlook else []
    parts = parts or [note("Not known: the hardware's numbers do not tell.")]
    return section("causes", "Where time and infidelity go", *parts, *_basis(outlook))


def _times(outlook: OutlookPart) -> Iterator[Html]:
    """Seconds along the critical path of the schedule."""
    path = {cause: seconds for cause, seconds in (outlook.critical_path or {}).items() if seconds > 0}
    whole = math.fsum(path.values())
    if not path or not math.isfinite(whole):
        return
    rows = [
        (cause, data(f"outlook.critical_path.{cause}", seconds, duration(seconds)), *_share(seconds / whole, cause))
        for cause, seconds in _falling(path)
    ]
    yield element("h3", "Time")
    yield _stack("Time by cause", {cause: seconds / whole for cause, seconds in _falling(path)})
    yield table("Time along the critical path", ("cause", "time", "part", ""), rows, right=(1, 2))


def _losses(outlook: OutlookPart) -> Iterator[Html]:
    """What each cause alone would leave of the fidelity, and its part of all, by logarithms."""
    fidelity = outlook.fidelity
    left = _left(fidelity) if fidelity else {}
    if not left or not all(left.values()) or all(part == 1 for part in left.values()):
        return
    whole = -math.fsum(math.log(part) for part in left.values())
    parts = {cause: -math.log(part) / whole for cause, part in left.items()}
    yield element("h3", "Infidelity")
    yield _stack("Infidelity by cause", dict(_falling(parts)))
    rows = [(cause, _told(cause, left[cause]), *_share(part, cause)) for cause, part in _falling(parts)]
    told = "What each cause alone would leave of the process fidelity, and its part of the loss"
    yield table(told, ("cause", "fidelity left", "part", ""), rows, right=(1, 2))


def _left(fidelity: FidelityPart) -> dict[str, float]:
    """Fidelity by cause; what the four do not explain stands under `other`."""
    left = {cause: getattr(fidelity, cause) for cause in ("links", "idling", "gates", "readout")}
    other = fidelity.process / math.prod(left.values()) if all(left.values()) else 1.0
    return left if abs(other - 1) < 1e-6 or not 0 < other < 1 else {**left, _OTHER: other}


def _told(cause: str, left: float) -> Html:
    told = significant(left)
    return text(told) if cause == _OTHER else data(f"outlook.fidelity.{cause}", left, told)


def _falling(parts: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(parts.items(), key=lambda item: -item[1])


def _share(part: float, cause: str) -> tuple[str, Html]:
    return percent(part), bar(part, _COLOURS.get(cause, "reset"))


def _stack(told: str, parts: Mapping[str, float]) -> Html:
    """All causes in one bar."""
    pieces, left = [], 0.0
    for cause, part in parts.items():
        words = titled(f"{cause}: {percent(part)}")
        kind = f"fill-{_COLOURS.get(cause, 'reset')}"
        pieces.append(element("rect", words, x=100 * left, width=100 * part, height="20", class_=kind))
        left += part
    summary = ", ".join(f"{cause} {percent(part)}" for cause, part in parts.items())
    return element(
        "svg",
        *pieces,
        class_="stack",
        viewBox="0 0 100 20",
        preserveAspectRatio="none",
        role="img",
        aria_label=f"{told}: {summary}",
    )


def _basis(outlook: OutlookPart | None) -> Iterator[Html]:
    """How much the numbers are worth."""
    if outlook is None:
        return
    numbers = [data(f"outlook.basis.{basis}", number, f"{number} {basis}") for basis, number in outlook.basis.items()]
    rows = []
    if outlook.missing:
        rows.append(("unknown", text(", ".join(outlook.missing))))
    if outlook.assumed:
        rows.append(("assumed", text("; ".join(outlook.assumed))))
    if any(outlook.basis.values()):
        rows.append(("numbers used", listed(numbers)))
    if rows:
        yield facts(rows)
