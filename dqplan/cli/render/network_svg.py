"""Hardware -> a picture of its network, as SVG that needs nothing else and is readable on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from dqplan.cli.render.hardware import link_speed
from dqplan.cli.render.network_layout import Point, places_of
from dqplan.cli.terminal.streams import printable
from dqplan.core import units
from dqplan.core.hardware import Hardware, Link, LinkKind, Module, Role

_STEP, _MARGIN, _NARROWEST, _SMALLEST, _LARGEST = 230.0, 120.0, 480.0, 26.0, 58.0
"""Pixels: between neighbours, around the picture, its least width, radii of the smallest and largest module."""
_MOST_LABELS = 40
"""In denser networks only hovering tells about links: labels would cover each other."""
_COLOURS = {
    Role.PROCESSOR: "#00798c",
    Role.MEMORY: "#8f5fbf",
    Role.COMMUNICATION: "#c77d0a",
    Role.REPEATER: "#6b7280",
}
_DASHES = {LinkKind.EBIT: "", LinkKind.DIRECT_GATE: "", LinkKind.CLASSICAL: "3 5"}
_Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""
_WIDTHS = {LinkKind.EBIT: 2, LinkKind.DIRECT_GATE: 5, LinkKind.CLASSICAL: 2}
_STYLE = """\
<style>
text { font-family: sans-serif; font-size: 13px; text-anchor: middle; fill: #1f2430; }
.module { fill: #ffffff; font-weight: bold; } .module .small { font-weight: normal; font-size: 11px; }
.title { font-size: 16px; font-weight: bold; } .key { text-anchor: start; }
.page, .back { fill: #ffffff; } .link { stroke: #6b7280; fill: none; }
@media (prefers-color-scheme: dark) {
text { fill: #e6e8ee; } .page, .back { fill: #15181f; } .link { stroke: #9aa3b2; }
}
</style>"""


def network_svg(hardware: Hardware) -> str:
    """Modules as circles sized by their qubits and coloured by role, links with rate and fidelity.

    Hovering tells more. In a circle stand its data qubits, or memory qubits where it has none.
    """
    places, width, height = _placed(hardware)
    radii = [_radius(hardware, module) for module in hardware.modules]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img">',
        f"<title>{_text(hardware.title or hardware.name)}</title>",
        _STYLE,
        f'<rect class="page" width="{width:.0f}" height="{height:.0f}"/>',
        f'<text class="title" x="{width / 2:.0f}" y="32">{_text(hardware.name)}</text>',
        *(_line(hardware, link, places) for link in hardware.links),
        *(_circle(module, *places[i], radii[i]) for i, module in enumerate(hardware.modules)),
    ]
    if len(hardware.links) <= _MOST_LABELS:
        taken: list[_Box] = []
        parts += [label for link in hardware.links for label in _label(link, places, radii, taken)]
    return "\n".join([*parts, *_key(hardware, height), "</svg>"]) + "\n"


def _placed(hardware: Hardware) -> tuple[list[Point], float, float]:
    """Places in pixels, and the size of the picture."""
    places = places_of(hardware)
    west, north = (min((place[axis] for place in places), default=0.0) for axis in (0, 1))
    east, south = (max((place[axis] for place in places), default=0.0) for axis in (0, 1))
    width = max((east - west) * _STEP + 2 * _MARGIN, _NARROWEST)
    left = (width - (east - west) * _STEP) / 2
    moved = [((x - west) * _STEP + left, (y - north) * _STEP + _MARGIN) for x, y in places]
    return moved, width, (south - north) * _STEP + 2 * _MARGIN


def _radius(hardware: Hardware, module: Module) -> float:
    """The area grows with the qubits."""
    most = max(_qubits(each) for each in hardware.modules)
    return max(_SMALLEST, _LARGEST * math.sqrt(_qubits(module) / most)) if most else _SMALLEST


def _qubits(module: Module) -> int:
    return module.data_qubits + module.memory_qubits + (module.comm_qubits or 0)


def _circle(module: Module, x: float, y: float, radius: float) -> str:
    comm = "unlimited" if module.comm_qubits is None else str(module.comm_qubits)
    counts = f"{module.data_qubits} data, {comm} comm, {module.memory_qubits} memory"
    told = f"{module.name}: {module.role}, {counts}" + (f"; {module.technology}" if module.technology else "")
    kept = ((module.data_qubits, "data"), (module.memory_qubits, "memory"))
    short = next((f"{units.count(number)} {kind}" for number, kind in kept if number), "")
    name = module.name if len(module.name) * 8 < 2 * radius + 8 else f"{module.name[: int(radius / 4)]}…"
    return (
        f'<g class="module"><title>{_text(told)}</title>'
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{_COLOURS[module.role]}"/>'
        f'<text class="module" x="{x:.0f}" y="{y - (2 if short else -4):.0f}">{_text(name)}</text>'
        f'<text class="module small" x="{x:.0f}" y="{y + 13:.0f}">{short}</text></g>'
    )


def _line(hardware: Hardware, link: Link, places: list[Point]) -> str:
    (x1, y1), (x2, y2) = places[link.a], places[link.b]
    facts = [link.technology, str(link.kind).replace("_", " "), *_label_parts(link)]
    told = f"{hardware.link_name(link.a, link.b)}: {', '.join(filter(None, facts))}"
    dashes = f' stroke-dasharray="{_DASHES[link.kind]}"' if _DASHES[link.kind] else ""
    return (
        f'<line class="link" x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" '
        f'stroke-width="{_WIDTHS[link.kind]}"{dashes}><title>{_text(told)}</title></line>'
    )


def _label(link: Link, places: list[Point], radii: list[float], taken: list[_Box]) -> Iterator[str]:
    """Rate and fidelity on the part of the line that shows between the modules, clear of other labels if it can be."""
    parts = _label_parts(link)
    if not parts:
        return
    width, height = 7.2 * max(map(len, parts)) + 8, 17.0 * len(parts)
    boxes = [_box(x, y, width, height) for x, y in _along(link, places, radii)]
    box = next((box for box in boxes if not any(_overlap(box, other) for other in taken)), boxes[0])
    taken.append(box)
    left, top = box[0], box[1]
    yield f'<rect class="back" x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" rx="4"/>'
    for number, part in enumerate(parts):
        yield f'<text x="{left + width / 2:.0f}" y="{top + 13 + 17 * number:.0f}">{_text(part)}</text>'


def _along(link: Link, places: list[Point], radii: list[float]) -> Iterator[Point]:
    """Points on the visible part of the line, the best first: its middle, then towards the ends."""
    (x1, y1), (x2, y2) = places[link.a], places[link.b]
    length = math.dist(places[link.a], places[link.b]) or 1.0
    first, last = radii[link.a] / length, 1 - radii[link.b] / length
    for part in (0.5, 0.3, 0.7, 0.2, 0.8):
        share = first + (last - first) * part
        yield x1 + (x2 - x1) * share, y1 + (y2 - y1) * share


def _box(x: float, y: float, width: float, height: float) -> _Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _overlap(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _label_parts(link: Link) -> list[str]:
    speed, ebit, gate = link_speed(link), link.ebit_fidelity, link.remote_gate.fidelity
    parts = [] if speed == "-" else [speed]
    parts += [] if ebit is None else [f"F {ebit:.10g}"]
    return parts if gate is None else [*parts, f"gate {gate:.10g}"]


def _key(hardware: Hardware, height: float) -> Iterator[str]:
    """Colours and strokes that occur, in one row at the foot."""
    x = 24.0
    for role in sorted({module.role for module in hardware.modules}, key=list(Role).index):
        yield f'<circle cx="{x:.0f}" cy="{height - 24:.0f}" r="7" fill="{_COLOURS[role]}"/>'
        yield f'<text class="key" x="{x + 12:.0f}" y="{height - 19:.0f}">{role}</text>'
        x += 32 + 8 * len(role)
    for kind in sorted({link.kind for link in hardware.links}, key=list(LinkKind).index):
        dashes = f' stroke-dasharray="{_DASHES[kind]}"' if _DASHES[kind] else ""
        yield (
            f'<line class="link" x1="{x:.0f}" y1="{height - 24:.0f}" x2="{x + 24:.0f}" y2="{height - 24:.0f}" '
            f'stroke-width="{_WIDTHS[kind]}"{dashes}/>'
        )
        name = kind.replace("_", " ").replace("ebit", "e-bits")
        yield f'<text class="key" x="{x + 30:.0f}" y="{height - 19:.0f}">{name}</text>'
        x += 50 + 8 * len(name)


def _text(text: str) -> str:
    """Text that can neither end its element nor hold characters that XML forbids."""
    return escape(printable(text))
