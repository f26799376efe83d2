"""Hardware -> a drawing of its network in characters: lines, rings, stars and grids; otherwise a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dqplan.cli.render.hardware import link_fidelity, link_speed
from dqplan.cli.render.network_layout import shape_of
from dqplan.cli.terminal.streams import PLAIN_WIDTH
from dqplan.core import units
from dqplan.core.hardware import Hardware, Link, LinkKind, Module


@dataclass(frozen=True)
class Labels:
    """What is written beside modules, and on links."""

    module: Callable[[Module], str]
    link: Callable[[Link], str]


def network_text(hardware: Hardware) -> str:
    """The drawing, a line for each module and link; grids are drawn with names only if all links are equal."""
    shape = shape_of(hardware)
    if shape and shape.kind == "grid" and (grid := _grid(hardware, shape.columns)):
        return "\n".join(grid) + "\n"
    return "\n".join(network_lines(hardware, Labels(_about, _label))) + "\n"


def network_lines(hardware: Hardware, labels: Labels) -> Iterator[str]:
    """A line for each module and each link: lines, rings and stars as such, other networks as a list."""
    shape = shape_of(hardware)
    drawings = {"line": _line, "ring": _ring, "star": _star}
    return drawings.get(shape.kind if shape else "", _list)(hardware, labels)


def _line(hardware: Hardware, labels: Labels) -> Iterator[str]:
    links = {link.a: link for link in hardware.links}
    for index, module in enumerate(hardware.modules):
        yield _module(hardware, labels, module)
        if index in links:
            yield f"│  {labels.link(links[index])}"


def _ring(hardware: Hardware, labels: Labels) -> Iterator[str]:
    links = {(link.a, link.b): link for link in hardware.links}
    last = hardware.num_modules - 1
    for index, module in enumerate(hardware.modules):
        yield ("┌─ " if index == 0 else "└─ " if index == last else "│  ") + _module(hardware, labels, module)
        if index < last:
            yield f"│  │  {labels.link(links[index, index + 1])}"
    yield f"   back to {hardware.modules[0].name}: {labels.link(links[0, last])}"


def _star(hardware: Hardware, labels: Labels) -> Iterator[str]:
    yield _module(hardware, labels, hardware.modules[0])
    links = sorted(hardware.links, key=lambda link: link.b)
    for link in links:
        yield f"│  {labels.link(link)}"
        corner = "└─ " if link is links[-1] else "├─ "
        yield corner + _module(hardware, labels, hardware.modules[link.b])


def _grid(hardware: Hardware, columns: int) -> list[str]:
    """Nothing if the links or modules differ or the rows are too long."""
    labels, abouts = {_label(link) for link in hardware.links}, {_about(module) for module in hardware.modules}
    width = _width(hardware)
    if len(labels) > 1 or len(abouts) > 1 or columns * (width + 4) - 4 > PLAIN_WIDTH:
        return []
    names = [module.name for module in hardware.modules]
    rows = [names[start : start + columns] for start in range(0, len(names), columns)]
    drawn = [" ── ".join(name.center(width) for name in row).rstrip() for row in rows]
    between = "    ".join("│".center(width) for _ in range(columns)).rstrip()
    lines = [line for row in drawn for line in (row, between)][:-1]
    return [*lines, "", f"modules: {abouts.pop()}", f"links: {labels.pop()}"]


def _list(hardware: Hardware, labels: Labels) -> Iterator[str]:
    """Each module with its links to later ones."""
    for index, module in enumerate(hardware.modules):
        yield _module(hardware, labels, module)
        for link in hardware.links:
            if link.a == index:
                yield f"   ── {hardware.modules[link.b].name.ljust(_width(hardware))}  {labels.link(link)}"


def _width(hardware: Hardware) -> int:
    return max((len(module.name) for module in hardware.modules), default=0)


def _module(hardware: Hardware, labels: Labels, module: Module) -> str:
    return f"{module.name.ljust(_width(hardware))}  {labels.module(module)}"


def _about(module: Module) -> str:
    comm = "unlimited" if module.comm_qubits is None else units.count(module.comm_qubits)
    parts = [f"{units.count(module.data_qubits)} data"] if module.data_qubits else []
    parts += [f"{comm} comm"]
    parts += [f"{units.count(module.memory_qubits)} memory"] if module.memory_qubits else []
    return f"{module.role}: {', '.join(parts)}"


def _label(link: Link) -> str:
    kind = "" if link.kind is LinkKind.EBIT else str(link.kind).replace("_", " ")
    speed, fidelity = link_speed(link), link_fidelity(link)
    fidelity = f"fidelity {fidelity}" if link.ebit_fidelity is not None else fidelity
    known = [part for part in (kind, speed, fidelity) if part not in ("", "-")]
    return ", ".join(known) or "e-bits"
