"""Hardware -> a drawing of its network in characters: lines, rings, stars and grids; otherwise a list."""

from __future__ import annotations

from collections.abc import Iterator

from dqplan.cli.render.hardware import link_fidelity, link_speed
from dqplan.cli.render.network_layout import shape_of
from dqplan.cli.streams import PLAIN_WIDTH
from dqplan.core import units
from dqplan.core.hardware import Hardware, Link, LinkKind, Module


def network_text(hardware: Hardware) -> str:
    """The drawing, a line for each module and link; grids are drawn with names only if all links are equal."""
    shape = shape_of(hardware)
    kind = shape.kind if shape else ""
    if kind == "grid" and shape and (grid := _grid(hardware, shape.columns)):
        return "\n".join(grid) + "\n"
    drawings = {"line": _line, "ring": _ring, "star": _star}
    return "\n".join(drawings.get(kind, _list)(hardware)) + "\n"


def _line(hardware: Hardware) -> Iterator[str]:
    links = {link.a: link for link in hardware.links}
    for index, module in enumerate(hardware.modules):
        yield _module(hardware, module)
        if index in links:
            yield f"│  {_label(links[index])}"


def _ring(hardware: Hardware) -> Iterator[str]:
    links = {(link.a, link.b): link for link in hardware.links}
    last = hardware.num_modules - 1
    for index, module in enumerate(hardware.modules):
        yield ("┌─ " if index == 0 else "└─ " if index == last else "│  ") + _module(hardware, module)
        if index < last:
            yield f"│  │  {_label(links[index, index + 1])}"
    yield f"   back to {hardware.modules[0].name}: {_label(links[0, last])}"


def _star(hardware: Hardware) -> Iterator[str]:
    yield _module(hardware, hardware.modules[0])
    links = sorted(hardware.links, key=lambda link: link.b)
    for link in links:
        yield f"│  {_label(link)}"
        corner = "└─ " if link is links[-1] else "├─ "
        yield corner + _module(hardware, hardware.modules[link.b])


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


def _list(hardware: Hardware) -> Iterator[str]:
    """Each module with its links to later ones."""
    for index, module in enumerate(hardware.modules):
        yield _module(hardware, module)
        for link in hardware.links:
            if link.a == index:
                yield f"   ── {hardware.modules[link.b].name.ljust(_width(hardware))}  {_label(link)}"


def _width(hardware: Hardware) -> int:
    return max((len(module.name) for module in hardware.modules), default=0)


def _module(hardware: Hardware, module: Module) -> str:
    return f"{module.name.ljust(_width(hardware))}  {_about(module)}"


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
