"""The modules, and the links between them as wide as their e-bits."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dqplan.cli.render.hardware import link_fidelity, link_speed, pairs_text
from dqplan.cli.render.html.markup import Html, data, element, length, titled
from dqplan.cli.render.html.tables import bar, legend, name_of, section, table
from dqplan.cli.render.network_layout import Point, places_of
from dqplan.core.circuit import names_together
from dqplan.core.hardware import Hardware
from dqplan.core.units import count, counted
from dqplan.load.written_plan import WrittenPlan

_STEP, _MARGIN, _RADIUS, _THINNEST, _WIDEST = 136.0, 48.0, 34.0, 2.0, 14.0
"""Pixels: between neighbours, around the picture, of a module, and the widths of links."""
_MOST_LABELS = 40
"""In denser networks labels would cover each other."""
_MOST_DRAWN = 600
"""Links with e-bits that are drawn, the busiest; the others join those without e-bits."""
_MOST_ROWS = 64
_UNKNOWN = ("-", "-", "-")


def network(written: WrittenPlan) -> Html:
    """A map, and tables of links and modules."""
    return section("network", "Modules and links", _map(written), _legend(written), *_links(written), _modules(written))


def _legend(written: WrittenPlan) -> Html:
    """What occurs."""
    used = len(_ebits_by_ends(written))
    links = [("link", "link, as wide as its e-bits")] * bool(used)
    idle = [("idle", "link without e-bits")] * (used < len(written.hardware.quantum_links))
    return legend(*links, *idle, ("module", "data qubits in use"))


def _map(written: WrittenPlan) -> Html:
    hardware = written.hardware
    places, width, height = _placed(hardware)
    ebits = _ebits_by_ends(written)
    busiest = sorted(ebits, key=lambda ends: (-ebits[ends], ends))[:_MOST_DRAWN]
    idle = [ends for ends in hardware.quantum_links if ends not in busiest]
    most = max(ebits.values(), default=1)
    content = [
        element("path", d="".join(_stroke(places, ends) for ends in idle), class_="idle-link"),
        *(_link(written, places, ends, ebits[ends], most) for ends in busiest),
        *(_module(written, module, places[module]) for module in range(hardware.num_modules)),
    ]
    if len(busiest) <= _MOST_LABELS:
        content += [_label(places, ends, ebits[ends]) for ends in busiest]
    told = f"Map of {counted(hardware.num_modules, 'module')}; the tables below say the same"
    picture = element(
        "svg",
        *content,
        class_="map",
        viewBox=f"0 0 {length(width)} {length(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=told,
    )
    return element("div", picture, class_="scroll", tabindex="0", role="region", aria_label=told)


def _placed(hardware: Hardware) -> tuple[list[Point], float, float]:
    """Places in pixels, and the size of the picture."""
    places = places_of(hardware)
    west, north = (min(place[axis] for place in places) for axis in (0, 1))
    moved = [((x - west) * _STEP + _MARGIN, (y - north) * _STEP + _MARGIN) for x, y in places]
    return moved, max(x for x, _ in moved) + _MARGIN, max(y for _, y in moved) + _MARGIN


def _ebits_by_ends(written: WrittenPlan) -> dict[tuple[int, int], int]:
    hardware, by_link = written.hardware, written.document.cost.ebits_by_link
    names = {hardware.link_name(*ends): ends for ends in hardware.quantum_links}
    return {names[name]: ebits for name, ebits in by_link.items() if name in names}


def _stroke(places: list[Point], ends: tuple[int, int]) -> str:
    (x1, y1), (x2, y2) = places[ends[0]], places[ends[1]]
    return f"M{length(x1)} {length(y1)}L{length(x2)} {length(y2)}"


def _link(written: WrittenPlan, places: list[Point], ends: tuple[int, int], ebits: int, most: int) -> Html:
    width = _THINNEST + (_WIDEST - _THINNEST) * (ebits / (most or 1))
    told = titled(f"{written.hardware.link_name(*ends)}: {counted(ebits, 'e-bit')}")
    return element("path", told, d=_stroke(places, ends), class_="used-link", stroke_width=width)


def _label(places: list[Point], ends: tuple[int, int], ebits: int) -> Html:
    """Off the middle, so that the labels of links that cross there stay apart."""
    (x1, y1), (x2, y2) = places[ends[0]], places[ends[1]]
    part = 0.5 if abs(x1 - x2) < 1 or abs(y1 - y2) < 1 else 0.36
    x, y = x1 + (x2 - x1) * part, y1 + (y2 - y1) * part
    return element("text", count(ebits), x=x, y=y + 5, class_="halo strong")


def _module(written: WrittenPlan, module: int, place: Point) -> Html:
    """A circle that is filled as far as its data qubits are in use."""
    part = written.hardware.modules[module]
    used, (x, y) = written.document.cost.peak_data.get(part.name, 0), place
    name = part.name if len(part.name) <= 7 else f"{part.name[:6]}…"
    around = math.tau * _RADIUS
    filled = around * min(used / part.data_qubits, 1.0) if part.data_qubits else 0.0
    return element(
        "g",
        titled(f"{part.name}: {part.role}, {_used(used, part.data_qubits)} data qubits in use at once"),
        element("circle", cx=x, cy=y, r=_RADIUS, class_="module"),
        element("circle", cx=x, cy=y, r=_RADIUS, class_="filling", stroke_dasharray=f"{filled:.1f} {around:.1f}"),
        element("text", name, x=x, y=y + 1, class_="middle strong"),
        element("text", _used(used, part.data_qubits, "/"), x=x, y=y + 15, class_="middle small"),
    )


def _used(used: int, capacity: int | None, between: str = " of ") -> str:
    return f"{count(used)}{between}{'∞' if capacity is None else count(capacity)}"


def _links(written: WrittenPlan) -> Iterator[Html]:
    """E-bits by link, the busiest first, if there are any, and what is known of the links."""
    busiest = sorted(written.document.cost.ebits_by_link.items(), key=lambda item: (-item[1], item[0]))
    if not busiest:
        return
    rows: list[tuple[str, ...]] = [
        (name_of(name), data(f"cost.ebits_by_link.{name}", ebits, count(ebits)), bar(ebits / (busiest[0][1] or 1)))
        for name, ebits in busiest[:_MOST_ROWS]
    ]
    known = _known(written.hardware)
    abouts = [known.get(name, _UNKNOWN) for name, _ in busiest[:_MOST_ROWS]]
    if rest := busiest[_MOST_ROWS:]:
        rows.append((f"{count(len(rest))} more", count(sum(ebits for _, ebits in rest)), ""))
        abouts.append(_UNKNOWN)
    columns = [place for place in range(len(_UNKNOWN)) if any(about[place] != "-" for about in abouts)]
    headers = ("link", "e-bits", "", *(("rate", "fidelity", "pairs per lifetime")[place] for place in columns))
    whole = [(*row, *(about[place] for place in columns)) for row, about in zip(rows, abouts, strict=True)]
    yield table("E-bits by link", headers, whole, right=(1, *range(3, len(headers))))


def _known(hardware: Hardware) -> dict[str, tuple[str, str, str]]:
    """Rate, fidelity and pairs per lifetime by link."""
    found = {}
    for ends, link in hardware.quantum_links.items():
        pairs = hardware.pairs_per_lifetime(link)
        kept = pairs_text(pairs) + (" (below 1)" if pairs is not None and pairs < 1 else "")
        found[hardware.link_name(*ends)] = (link_speed(link), link_fidelity(link), kept)
    return found


def _modules(written: WrittenPlan) -> Html:
    cost, homes = written.document.cost, written.replay.first_home.tolist()
    rows, idle = [], 0
    for index, module in enumerate(written.hardware.modules):
        used, comm = cost.peak_data.get(module.name, 0), cost.peak_comm.get(module.name, 0)
        wires = {wire for wire, home in enumerate(homes) if home == index}
        if used or comm or wires:
            at_home = names_together(written.qregs, wires)
            rows.append((module.name, _used(used, module.data_qubits), _used(comm, module.comm_qubits), at_home))
        else:
            idle += 1
    if idle:
        rows.append((f"{count(idle)} idle", "", "", ""))
    headers = ("module", "data", "comm", "at home first")
    return table("Most qubits in use at once, by module", headers, rows, right=(1, 2))
