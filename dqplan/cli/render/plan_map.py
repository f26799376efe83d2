"""Plan -> a map: its modules with the qubits that start there, and their links with the e-bits over them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dqplan.cli.render.network_layout import shape_of
from dqplan.cli.render.network_text import Labels, network_lines
from dqplan.cli.render.widgets import BAR_WIDTH
from dqplan.cli.terminal.streams import PLAIN_WIDTH
from dqplan.core.circuit import names_together
from dqplan.core.hardware import Hardware
from dqplan.core.plan import Plan
from dqplan.core.units import count, counted

_DRAWN = ("line", "ring", "star")
_QUBITS = 10
"""Columns that the qubits of a module get at least."""


def plan_map(plan: Plan) -> str:
    """The map; its lines fit 80 columns.

    Lines, rings and stars are drawn whole, grids with the e-bits on their links. Of any other network, modules and
    links that the plan does not use are left out; where many links are used, their e-bits stand in a triangle.
    """
    shape = shape_of(plan.hardware)
    kind, columns = (shape.kind, shape.columns) if shape else ("", 0)
    grid = _grid(plan, columns) if kind == "grid" else []
    shown = plan.hardware if kind in _DRAWN else _used(plan, with_links=not grid)
    triangle = [] if kind in _DRAWN else _triangle(plan, shown)
    lines = [*grid, *[""][: len(grid)], *(triangle or network_lines(shown, _labels(plan, shown)))]
    idle = plan.hardware.num_modules - shown.num_modules
    lines += [f"{count(idle)} idle"] if idle else []
    title = "map  modules with the qubits that start there, links with their e-bits"
    return "\n".join(_cut(line) for line in [title, "", *lines])


def _labels(plan: Plan, shown: Hardware) -> Labels:
    homes = _homes(plan)
    return Labels(
        lambda module: homes.get(module.name, "idle"),
        lambda link: _bar(plan, shown.link_name(link.a, link.b)),
    )


def _homes(plan: Plan) -> dict[str, str]:
    """By the name of each module that is used, the circuit qubits that start there."""
    first, cost = plan.home[plan.segments.first], plan.cost
    found = {}
    for index, module in enumerate(plan.hardware.modules):
        wires = set(np.flatnonzero(first == index).tolist())
        if wires or cost.peak_data[module.name] or cost.peak_comm[module.name] or cost.peak_memory.get(module.name):
            found[module.name] = names_together(plan.segments.circuit.qregs, wires) or "no qubits at first"
    return found


def _bar(plan: Plan, link: str) -> str:
    """`12 e-bits ████`; the busiest link has the longest bar."""
    ebits = plan.cost.ebits_by_link.get(link, 0)
    if not ebits:
        return "no e-bits"
    most = max(plan.cost.ebits_by_link.values())
    return f"{counted(ebits, 'e-bit')} {'█' * max(1, BAR_WIDTH * ebits // most)}"


def _used(plan: Plan, *, with_links: bool) -> Hardware:
    """The network without the modules and links that the plan does not use."""
    hardware, homes = plan.hardware, _homes(plan)
    kept = [index for index, module in enumerate(hardware.modules) if module.name in homes]
    place = {index: number for number, index in enumerate(kept)}
    links = [
        replace(link, a=place[a], b=place[b])
        for (a, b), link in hardware.quantum_links.items()
        if with_links and hardware.link_name(a, b) in plan.cost.ebits_by_link
    ]
    return Hardware(hardware.name, tuple(hardware.modules[index] for index in kept), tuple(links))


def _triangle(plan: Plan, shown: Hardware) -> list[str]:
    """A row for each module, with its e-bits to the earlier ones; nothing if there are few links, or too many rows."""
    names = [module.name for module in shown.modules]
    homes, width = _homes(plan), max(map(len, names), default=0)
    if len(shown.links) <= 2 * len(names) or (len(names) + 1) * (width + 1) > PLAIN_WIDTH - _QUBITS:
        return []
    lines = [" ".join(f"{name:>{width}}" for name in ["", *names])]
    for row, name in enumerate(names):
        cells = [str(plan.cost.ebits_by_link.get(shown.link_name(other, row), "·")) for other in range(row)]
        cells += [""] * (len(names) - row)
        lines.append(" ".join([f"{name:<{width}}", *(f"{cell:>{width}}" for cell in cells)]) + f"  {homes[name]}")
    return lines


def _grid(plan: Plan, columns: int) -> list[str]:
    """Rows of modules, `m0 ─12─ m1`, with the e-bits of the links between rows; nothing if the rows are too long."""
    names = [module.name for module in plan.hardware.modules]
    ebits = plan.cost.ebits_by_link
    width = max(len(part) for part in [*names, *map(str, ebits.values())])
    if columns * (2 * width + 4) - width - 4 > PLAIN_WIDTH:
        return []

    def over(a: int, b: int) -> str:
        return str(ebits.get(plan.hardware.link_name(a, b), ""))

    lines = []
    for start in range(0, len(names), columns):
        row = range(start, start + columns)
        gaps = [f" ─{over(a, a + 1) or '─':─^{width}}─ " for a in row[:-1]]
        lines.append("".join(f"{names[a]:^{width}}{gap}" for a, gap in zip(row, [*gaps, ""], strict=True)).rstrip())
        if start + columns < len(names):
            between = [f"{over(a, a + columns) or '│':^{width}}" for a in row]
            lines.append((" " * (width + 4)).join(between).rstrip())
    return lines


def _cut(line: str) -> str:
    return line if len(line) <= PLAIN_WIDTH else f"{line[: PLAIN_WIDTH - 1]}…"
