"""Where the modules of a network stand in a picture."""

from __future__ import annotations

import math

from dqplan.core.hardware import Hardware
from dqplan.load.hardware_files.shapes import Shape

Point = tuple[float, float]

_MOST_SPRINGS = 100
"""Larger parts stay on their circle: springs take seconds, and nobody could follow the links anyway."""


def shape_of(hardware: Hardware) -> Shape | None:
    """The regular network that the modules form in the order of the file, if they form one.

    Two modules with a link are a line; lines, rings and stars are told before grids, and `all` last.
    """
    pairs = {(link.a, link.b) for link in hardware.links}
    size = hardware.num_modules
    grids = [Shape("grid", rows, size // rows) for rows in range(2, size // 2 + 1) if size % rows == 0]
    for shape in (Shape("line"), Shape("ring"), Shape("star"), *grids, Shape("all")):
        if pairs and not shape.fault(size) and set(shape.pairs(size)) == pairs:
            return shape
    return None


def places_of(hardware: Hardware) -> list[Point]:
    """A place for each module, neighbours one unit apart where the shape allows, y downwards.

    Lines and grids are drawn straight, rings and small complete networks on a circle, stars around their centre; what
    has no shape is laid out by springs (Kamada and Kawai 1989), beginning on a circle, so that it is always the same.
    """
    size, shape = hardware.num_modules, shape_of(hardware)
    match shape.kind if shape else "":
        case "line":
            return _folded(size)
        case "grid":
            assert shape is not None
            return [(float(i % shape.columns), float(i // shape.columns)) for i in range(size)]
        case "star":
            return [(0.0, 0.0), *_circle(size - 1, least=1.0)]
        case "ring" | "all":
            return _circle(size)
    return _springs(hardware)


def _folded(size: int, longest: int = 6) -> list[Point]:
    """A line that turns round at the end of each row, so that neighbours stay neighbours."""
    rows = [divmod(i, longest) for i in range(size)]
    return [(float(column if line % 2 == 0 else longest - 1 - column), float(line)) for line, column in rows]


def _circle(size: int, least: float = 0.0) -> list[Point]:
    """Points on a circle, beginning at the top left of it, one unit apart."""
    if size == 1:
        return [(least, 0.0)]
    radius = max(0.5 / math.sin(math.pi / size), least)
    turns = [2 * math.pi * (i / size - 0.25) - math.pi / size for i in range(size)]
    return [(radius * math.cos(turn), radius * math.sin(turn)) for turn in turns]


def _springs(hardware: Hardware) -> list[Point]:
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(hardware.num_modules))
    graph.add_edges_from((link.a, link.b) for link in hardware.links)
    parts = sorted(nx.connected_components(graph), key=min)
    places: dict[int, Point] = {}
    left = 0.0
    for part in parts:
        members = sorted(part)
        start = dict(zip(members, _circle(len(members)), strict=True))
        springy = 2 < len(members) <= _MOST_SPRINGS
        found = nx.kamada_kawai_layout(graph.subgraph(members), pos=start) if springy else start
        shortest = min((math.dist(found[a], found[b]) for a, b in graph.subgraph(members).edges), default=1.0) or 1.0
        scaled = {i: (float(x) / shortest, float(y) / shortest) for i, (x, y) in found.items()}
        west = min(x for x, _ in scaled.values())
        places |= {i: (x - west + left, y) for i, (x, y) in scaled.items()}
        left = max(x for x, _ in places.values()) + 1.0
    return [places[i] for i in range(hardware.num_modules)]
