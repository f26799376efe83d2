"""CutCircuit -> what is cut, what it costs in samples, and what each island runs; Estimates -> table, JSON, CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from dqplan.choose.try_plan import Tried
from dqplan.cli.render.counts import shortened
from dqplan.cli.render.verdict import checks_table
from dqplan.cli.render.widgets import facts, heading, listing, words
from dqplan.core.cutting import Cut, CutCircuit, CutKind, num_subexperiments, shots_needed
from dqplan.core.estimates import Estimate, Estimates
from dqplan.core.units import count, counted, duration, significant
from dqplan.core.verdict import Check

_MOST = 32
"""Rows of a table."""
_ERROR = 0.01


def cuts_report(
    cut: CutCircuit, tried: Sequence[Tried], checks: Sequence[Check], written: str = ""
) -> Iterator[RenderableType]:
    """The parts of the report, one below the other; they fit 80 columns.

    Args:
        cut: the circuit in parts.
        tried: what each island's plan comes to.
        checks: of the programs; empty if they were not made.
        written: where they were written, in words.
    """
    yield heading(f"{cut.segments.circuit.name} on {cut.hardware.name}, cut")
    tables = [facts(_facts(cut, tried)), *_cuts(cut), _islands(cut, tried), checks_table(checks)]
    for table in [*tables, *([facts([("written", written)])] if written else [])]:
        yield Text()
        yield table


def _facts(cut: CutCircuit, tried: Sequence[Tried]) -> Iterable[tuple[str, str]]:
    circuit, kinds = cut.segments.circuit, Counter(each.kind for each in cut.cuts)
    yield "circuit", words(counted(circuit.num_qubits, "qubit"), counted(circuit.num_gates_2q, "two-qubit gate"))
    gates, wires = (counted(kinds[kind], str(kind)) if kinds[kind] else "" for kind in CutKind)
    yield "cuts", words(gates, wires)
    bound = (
        f"the least by {cut.proved_by}"
        if cut.optimal
        else f"{significant(cut.least_overhead)} proved by {cut.proved_by}"
    )
    yield "overhead", f"{significant(cut.overhead)} times as many samples, {bound}"
    shots = shots_needed(cut.overhead, len(cut.islands), _ERROR)
    yield (
        "shots",
        f"{shots:,.0f} for each island, at most, for a standard error of {_ERROR} (islands · overhead / error²)",
    )
    number = num_subexperiments(cut.cuts, len(cut.islands))
    yield "programs", f"{counted(number, 'subexperiment')}, without messages between islands"
    yield "e-bits", f"{count(sum(each.program.plan.cost.ebits for each in tried))} for one run of each island"


def _cuts(cut: CutCircuit) -> Iterator[RenderableType]:
    table = listing("cut", "line", "qubits", "between", "overhead", right=[1, 4])
    names = [island.name for island in cut.islands]
    for each in cut.cuts[:_MOST]:
        between = (" -> " if each.kind is CutKind.WIRE else " | ").join(names[end.island] for end in each.ends)
        table.add_row(
            _name(each),
            count(each.line) if each.line else "-",
            " ".join(each.qubits),
            between,
            significant(each.overhead),
        )
    yield table
    if len(cut.cuts) > _MOST:
        yield Text(f"and {count(len(cut.cuts) - _MOST)} more cuts")


def _name(cut: Cut) -> str:
    return "wire" if cut.kind is CutKind.WIRE else f"rzz({significant(cut.angle)})"


def _islands(cut: CutCircuit, tried: Sequence[Tried]) -> Table:
    table = listing("island", "modules", "qubits", "ends", "e-bits", "95 % within", "fidelity", right=[2, 3, 4, 5, 6])
    for island, each in zip(cut.islands, tried, strict=True):
        makespan, fidelity = each.outlook.makespan, each.outlook.fidelity
        table.add_row(
            island.name,
            " ".join(module.name for module in island.hardware.modules),
            count(island.circuit.num_qubits),
            count(island.num_ends),
            count(each.program.plan.cost.ebits),
            "-" if makespan is None else duration(makespan.p95_s),
            "-" if fidelity is None else significant(fidelity.process),
        )
    return table


def estimates_report(estimates: Estimates) -> Iterator[RenderableType]:
    """Expectations, then quasi-probabilities."""
    order = " ".join(f"{register.name}[{register.size}]" for register in reversed(estimates.registers))
    shots = "exact probabilities" if estimates.shots is None else count(estimates.shots)
    yield facts([("shots", shots), ("overhead", significant(estimates.overhead)), ("bits", order)])
    for header, rows in (("product of Z", estimates.parities), ("outcome", estimates.outcomes)):
        if not rows:
            continue
        yield Text()
        table = listing(
            header, "expected" if header != "outcome" else "quasi-probability", "standard error", right=[1, 2]
        )
        for row in rows[:_MOST]:
            table.add_row(shortened(row.name), f"{row.value:.6f}", "-" if row.error is None else f"{row.error:.2g}")
        yield table
        if len(rows) > _MOST:
            yield Text(f"\nand {count(len(rows) - _MOST)} more")
    if estimates.note:
        yield Text(f"\n{estimates.note}")


def estimates_document(estimates: Estimates) -> dict[str, Any]:
    """The estimates as JSON-able values."""
    return {
        "schema": "dqplan.estimates/1",
        "registers": [{"name": register.name, "size": register.size} for register in estimates.registers],
        "shots": estimates.shots,
        "overhead": estimates.overhead,
        "parities": [asdict(each) for each in estimates.parities],
        "outcomes": [asdict(each) for each in estimates.outcomes],
        "note": estimates.note,
    }


def estimates_csv(estimates: Estimates) -> str:
    """One row for each number."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["kind", "name", "value", "standard_error"])
    for kind, numbers in (("parity", estimates.parities), ("outcome", estimates.outcomes)):
        rows.writerows([kind, *_cells(each)] for each in numbers)
    return text.getvalue()


def _cells(each: Estimate) -> list[str]:
    return [each.name, repr(each.value), "" if each.error is None else repr(each.error)]
