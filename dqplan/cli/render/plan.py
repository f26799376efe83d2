"""Plan -> the cost report: what it costs, what is proved, and who uses what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from dqplan.cli.render.outlook import losses_table, outlook_facts, times_table
from dqplan.cli.render.pareto import pareto_table
from dqplan.cli.render.verdict import checks_table
from dqplan.cli.render.widgets import bar, facts, heading, listing, words
from dqplan.core.circuit import names_together
from dqplan.core.dropping import Dropped
from dqplan.core.native import Native
from dqplan.core.objective import Objective
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Plan
from dqplan.core.units import count, counted, duration, significant
from dqplan.core.verdict import Check

MAX_LINKS = 16
"""Busier links are listed one by one, the rest as one sum: 64 modules can have 2,016 links."""


def plan_report(
    plan: Plan, outlook: Outlook, checks: Sequence[Check], written: str = "", native: Native | None = None
) -> Iterator[RenderableType]:
    """The parts of the report, one below the other; they fit 80 columns.

    Args:
        plan: what to report on.
        outlook: when it all happens and how good it ends.
        checks: of its program; empty if they were not made.
        written: where the program was written, in words.
        native: how it was compiled for its modules, if it was.
    """
    yield heading(f"{plan.segments.circuit.name} on {plan.hardware.name}")
    forecast = [facts(outlook_facts(outlook)), *times_table(outlook), *losses_table(outlook)]
    front = pareto_table(plan)
    compiled = [] if native is None else [_compiled(native, plan)]
    tables = [facts(_facts(plan)), _prices(plan), *_links(plan), _modules(plan), *compiled, *forecast, *front]
    tables.append(checks_table(checks))
    if written:
        tables.append(facts([("written", written)]))
    for table in tables:
        yield Text()
        yield table


def _facts(plan: Plan) -> Iterable[tuple[str, str]]:
    circuit, hardware = plan.segments.circuit if plan.dropped is None else plan.dropped.circuit, plan.hardware
    yield (
        "circuit",
        words(
            counted(circuit.num_qubits, "qubit"),
            counted(circuit.num_gates_2q, "two-qubit gate"),
            counted(plan.segments.num_segments, "segment"),
        ),
    )
    yield (
        "hardware",
        words(
            counted(hardware.num_modules, "module"),
            counted(len(hardware.quantum_links), "link"),
            counted(int(hardware.data_capacity.sum()), "data qubit"),
            "comm-qubit limits ignored (--relaxed)" if plan.relaxed else "",
        ),
    )
    if plan.objective != Objective.EBITS:
        yield "objective", str(plan.objective)
    yield "search", words(f"{plan.effort} effort", f"seed {plan.seed}", duration(plan.elapsed_s), plan.stop_reason)
    if plan.dropped is not None:
        yield "dropped", _dropped(plan.dropped)
    yield "shares", words(count(plan.cost.shares), f"{count(plan.cost.teleports)} of them teleports")
    if plan.stays:
        away = [stay.ebits for stay in plan.stays if stay.away]
        elsewhere = f"{count(len(away))} of them in other modules, for {counted(sum(away), 'e-bit')}" if away else ""
        yield "memory", words(counted(len(plan.stays), "stay of an idle qubit", "stays of idle qubits"), elsewhere)
    if hardware.weighted:
        yield "weights", f"{plan.cost.weighted_ebits:g} = e-bits times the weights of their links; this is kept low"
    yield "bound", words(_bound(plan), f"by {plan.bound.proved_by}", f"for {plan.bound.covers}")


def _bound(plan: Plan) -> str:
    """How far the plan can be from the best one, as far as it is proved."""
    if plan.optimal:
        return "optimal"
    return f"at least {counted(plan.bound.ebits, 'e-bit')}, gap {plan.gap:.0%}"


def _dropped(dropped: Dropped) -> str:
    """What is left out, what that costs, and what it is good for."""
    gates = counted(len(dropped.gates), "weak gate")
    spent, budget = significant(dropped.infidelity), significant(dropped.budget)
    saved = counted(dropped.ebits_saved, "e-bit")
    return f"{gates}, infidelity at most {spent} of {budget} for every input, beside that of noise; saves {saved}"


def _prices(plan: Plan) -> Table:
    """The plan's e-bits between what is proved necessary and what simpler planners would pay."""
    ebits = plan.cost.ebits
    prices = [
        ("proved necessary", plan.bound.ebits),
        ("this plan", ebits),
        ("static packets", plan.baseline.static_packets),
        ("one e-bit per remote gate", plan.baseline.one_ebit_per_remote_gate),
    ]
    most = max(price for _, price in prices)
    table = listing("e-bits", right=[1, 2])
    for name, price in prices:
        ratio = f"{price / ebits:.2f} x" if ebits and price > ebits else ""
        table.add_row(name, count(price), ratio, bar(price, most), style="bold" if name == "this plan" else "")
    return table


def _links(plan: Plan) -> Iterable[Table]:
    """E-bits by link, the busiest first, if there are any."""
    by_link = sorted(plan.cost.ebits_by_link.items(), key=lambda item: -item[1])
    if not by_link:
        return
    kept = _pairs_per_lifetime(plan)
    table = listing("link", "e-bits", *(["pairs per lifetime"] if kept else []), right=[1, 2] if kept else [1])
    for name, ebits in by_link[:MAX_LINKS]:
        table.add_row(name, count(ebits), *([kept.get(name, "-")] if kept else []), bar(ebits, by_link[0][1]))
    if rest := by_link[MAX_LINKS:]:
        ebits = sum(ebits for _, ebits in rest)
        table.add_row(f"{count(len(rest))} more", count(ebits), *([""] if kept else []), "")
    yield table


def _pairs_per_lifetime(plan: Plan) -> dict[str, str]:
    """By link, where rates and lifetimes are known; links that are too slow to store their pairs are marked."""
    hardware = plan.hardware
    found = {}
    for name, link in hardware.link_by_name.items():
        pairs = hardware.pairs_per_lifetime(link)
        if pairs is not None:
            found[name] = significant(pairs, 2) + (" (below 1)" if pairs < 1 else "")
    return found


def _modules(plan: Plan) -> Table:
    """Peaks of all kinds of qubits against what each used module has, and the qubits that start there."""
    kinds = ["data qubits", "comm qubits", *(["memory qubits"] if plan.stays else [])]
    table = listing("module", *kinds, "at home first", right=range(1, len(kinds) + 1))
    cost = plan.cost
    peaks = [cost.peak_data, cost.peak_comm, cost.peak_memory][: len(kinds)]
    idle = 0
    for module, qubits in zip(plan.hardware.modules, _first_homes(plan), strict=True):
        sizes = (module.data_qubits, module.comm_qubits, module.memory_qubits)
        used = [peak[module.name] for peak in peaks]
        if any(used):
            table.add_row(module.name, *map(_used, used, sizes), qubits)
        else:
            idle += 1
    if idle:
        table.add_row(f"{count(idle)} idle", *[""] * len(kinds), "")
    return table


def _compiled(native: Native, plan: Plan) -> Table:
    """What compiling for the modules has made of each module's gates."""
    table = listing("native", "1-qubit gates", "2-qubit gates", "SWAPs put in", "depth", right=[1, 2, 3, 4])
    for part in native.modules:
        swaps = count(part.swaps) if part.routed else "not routed"
        depth = f"{count(part.depth_before)} -> {count(part.depth_after)}"
        name = plan.hardware.modules[part.module].name
        table.add_row(name, count(part.one_qubit_gates), count(part.two_qubit_gates), swaps, depth)
    return table


def _used(used: int, capacity: int | None) -> str:
    return f"{count(used)} of {'∞' if capacity is None else count(capacity)}"


def _first_homes(plan: Plan) -> list[str]:
    """For each module, the circuit qubits that start there, by register: `q[0-3,7] anc[0]`."""
    first = plan.home[plan.segments.first]
    homes = (set(np.flatnonzero(first == module).tolist()) for module in range(plan.hardware.num_modules))
    return [names_together(plan.segments.circuit.qregs, wires) for wires in homes]
