"""Outlook -> what the report says about time and fidelity."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table

from dqplan.cli.render.widgets import bar, listing, words
from dqplan.core.hardware import Basis
from dqplan.core.outlook import Outlook
from dqplan.core.units import count, counted, duration, significant

_NAMED = 2
"""Missing numbers that are named."""


def outlook_facts(outlook: Outlook) -> Iterator[tuple[str, str]]:
    """Name and text of what is known, or why it is not."""
    schedule, makespan, fidelity = outlook.schedule, outlook.makespan, outlook.fidelity
    if schedule is not None and makespan is not None:
        quantiles = f"half of {count(makespan.trials)} runs within {duration(makespan.p50_s)}"
        more = f"95 % within {duration(makespan.p95_s)}"
        random = makespan.trials > 1
        yield "makespan", words(f"{duration(makespan.expected_s)}", *([quantiles, more] if random else []))
        proof = "optimal" if schedule.optimal else f"at least {duration(schedule.bound_s)}"
        yield (
            "schedule",
            words(f"{duration(schedule.makespan_s)} with mean durations", proof, f"by {schedule.proved_by}"),
        )
    if fidelity is not None:
        yield (
            "fidelity",
            words(
                f"{significant(fidelity.process)} as a process",
                f"{significant(fidelity.average)} on average over inputs",
            ),
        )
    yield from _supply_facts(outlook)
    if outlook.missing:
        absent = words("" if schedule else "time", "" if fidelity else "fidelity")
        yield "unknown", f"{absent}: the hardware does not say the {_missing(outlook.missing)}"
    if outlook.assumed and schedule is not None:
        yield "assumed", "; ".join(outlook.assumed)
    if schedule is not None:
        yield "numbers", words(*(f"{outlook.basis.get(basis, 0)} {basis}" for basis in Basis))


def _supply_facts(outlook: Outlook) -> Iterator[tuple[str, str]]:
    """What is purified, and what grows too old."""
    purified = {name: link for name, link in outlook.supply.items() if link.rounds}
    if purified:
        named = [f"{name} {counted(link.rounds, 'round')}" for name, link in list(purified.items())[:_NAMED]]
        more = [f"{counted(len(purified) - _NAMED, 'more link')}"] if len(purified) > _NAMED else []
        ebits = counted(sum(link.ebits for link in outlook.supply.values()), "e-bit")
        raw = [] if outlook.raw_pairs is None else [f"{significant(outlook.raw_pairs)} raw pairs for {ebits}"]
        yield "purification", words(*named, *more, *raw)
    remade = sum(link.remade for link in outlook.supply.values())
    if remade:
        yield "cut-off", f"{significant(remade)} times on average an e-bit grows too old and is made again"


def losses_table(outlook: Outlook) -> Iterable[Table]:
    """Where infidelity comes from: what each cause alone would leave, and its part of all."""
    fidelity = outlook.fidelity
    if fidelity is None or fidelity.process in (0.0, 1.0):
        return
    parts = {cause: getattr(fidelity, cause) for cause in ("links", "idling", "gates", "readout")}
    whole = -math.log(fidelity.process)
    table = listing("infidelity", "fidelity left", right=[1])
    for cause, left in sorted(parts.items(), key=lambda part: part[1]):
        table.add_row(cause, significant(left), bar(-math.log(left) / whole, 1.0))
    yield table


def times_table(outlook: Outlook) -> Iterable[Table]:
    """Where the time goes, along the critical path of the schedule."""
    path = outlook.critical_path
    if path is None or not any(vars(path).values()):
        return
    whole = sum(vars(path).values())
    table = listing("critical path", "time", right=[1])
    for cause, seconds in sorted(vars(path).items(), key=lambda part: -part[1]):
        if seconds > 0:
            table.add_row(cause, duration(seconds), bar(seconds / whole, 1.0))
    yield table


def _missing(missing: Sequence[str]) -> str:
    """The first few, and how many more."""
    rest = f", and {count(len(missing) - _NAMED)} more such numbers" if len(missing) > _NAMED else ""
    return ", ".join(missing[:_NAMED]) + rest
