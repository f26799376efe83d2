"""Who interacts with whom: gates between qubits, in the order of declaration and in the order of the modules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dqplan.cli.render.html.markup import Html, element, length
from dqplan.cli.render.html.tables import legend, note, percent, section
from dqplan.core.units import count
from dqplan.load.replay import Replay
from dqplan.load.written_plan import WrittenPlan

_MOST_CELLS = 128
"""Cells in a row; of more qubits, neighbours share a cell."""
_SIZE, _MARGIN, _LEVELS = 300.0, 52.0, 4
"""Pixels: the matrix, the names beside it; shades of colour."""
_MOST_NAMES = 20

Ints = NDArray[np.int64]


def matrices(written: WrittenPlan) -> Html:
    """Both matrices; in the second, gates within modules stand in the blocks along the diagonal."""
    replay = written.replay
    wires = replay.wire[replay.pairs]
    if not len(wires):
        return section("interaction", "Who interacts with whom", note("The circuit has no gates between qubits."))
    homes = replay.first_home
    within = int((homes[wires[:, 0]] == homes[wires[:, 1]]).sum())
    order = np.lexsort((np.arange(len(homes)), homes))
    before = _matrix("In the order of declaration", replay, np.arange(len(homes)), [])
    after = _matrix("In the order of the modules", replay, order, list(_blocks(written, order)))
    part = f"{count(within)} of {count(len(wires))} gates of the normal form ({percent(within / len(wires))})"
    told = f"{part} join qubits that begin in one module. The stronger a colour, the more gates."
    keys = legend(("gate", "within a module"), ("link", "between modules"))
    pictures = element("div", before, after, class_="pair")
    return section("interaction", "Who interacts with whom", pictures, keys, note(told))


def _matrix(caption: str, replay: Replay, order: Ints, blocks: list[tuple[str, int, int]]) -> Html:
    """One figure; `order` lists the qubits, `blocks` name runs of them."""
    size = len(order)
    scale = _SIZE / size
    picture = element(
        "svg",
        element("rect", width=_SIZE, height=_SIZE, class_="paper"),
        *_cells(replay, order),
        *(part for block in blocks for part in _block(*block, scale, len(blocks) <= _MOST_NAMES)),
        viewBox=f"{length(-_MARGIN)} {length(-20.0)} {length(_SIZE + _MARGIN + 4)} {length(_SIZE + 24)}",
        class_="matrix",
        role="img",
        aria_label=f"Interaction matrix of {count(size)} qubits: {caption.lower()}",
    )
    return element("figure", element("figcaption", caption), picture)


def _cells(replay: Replay, order: Ints) -> Iterator[Html]:
    """A path for each shade, within and between modules."""
    size, homes = len(order), replay.first_home
    step = -(-size // _MOST_CELLS)
    cells = -(-size // step)
    place = np.empty(size, dtype=np.int64)
    place[order] = np.arange(size) // step
    ends = replay.wire[replay.pairs]
    found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    between = (homes[ends[:, 0]] != homes[ends[:, 1]]).tolist()
    for (a, b), apart in zip(place[ends].tolist(), between, strict=True):
        found[min(a, b), max(a, b)][apart] += 1
    most = max(sum(counts) for counts in found.values())
    paths: dict[tuple[bool, int], list[str]] = defaultdict(list)
    side = _SIZE / cells
    for (a, b), counts in sorted(found.items()):
        kind = counts[1] > counts[0], max(1, round(_LEVELS * sum(counts) / most))
        paths[kind] += [_square(x, y, side) for x, y in {(a, b), (b, a)}]
    for (apart, level), squares in sorted(paths.items()):
        yield element("path", d="".join(sorted(squares)), class_=f"fill-{'link' if apart else 'gate'} level{level}")


def _square(x: int, y: int, side: float) -> str:
    """Corners are rounded, not sides, so that neighbours touch."""
    left, top, right, bottom = (round(edge * side, 1) for edge in (x, y, x + 1, y + 1))
    return f"M{left:g} {top:g}H{right:g}V{bottom:g}H{left:g}z"


def _blocks(written: WrittenPlan, order: Ints) -> Iterator[tuple[str, int, int]]:
    """Name, beginning and end of the run of each module."""
    homes = written.replay.first_home[order]
    for module in np.unique(homes).tolist():
        first, behind = np.searchsorted(homes, [module, module + 1]).tolist()
        yield written.hardware.modules[module].name, first, behind


def _block(name: str, first: int, behind: int, scale: float, named: bool) -> Iterator[Html]:
    begin, side = first * scale, (behind - first) * scale
    yield element("rect", x=begin, y=begin, width=side, height=side, class_="block")
    if named:
        short = name if len(name) <= 7 else f"{name[:6]}…"
        yield element("text", short, x=-6.0, y=begin + side / 2 + 4, class_="end small")
