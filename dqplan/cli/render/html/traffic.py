"""The e-bits of every link in time: what can be drawn of plans that are too large for lanes."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from dqplan.cli.render.html.chart import Label, chart
from dqplan.cli.render.html.markup import Html, element, length, titled
from dqplan.core.units import counted
from dqplan.load.written_plan import WrittenPlan

_MOST_LINKS, _BINS = 48, 125
"""Lanes, the busiest links; stretches of time."""
_LANE, _BAR, _WIDTH = 24.0, 20.0, 875.0
"""Pixels: from lane to lane, the highest bar, the picture."""
_Link = tuple[int, int]


def traffic(written: WrittenPlan) -> Html:
    """A lane for each link with bars for its e-bits, in the order of the plan."""
    found = _binned(written)
    totals: Counter[_Link] = Counter()
    for (link, _), ebits in found.items():
        totals[link] += ebits
    busiest = sorted(totals, key=lambda link: (-totals[link], link))[:_MOST_LINKS]
    most = max(found.values(), default=1)
    labels, bars = [], []
    for lane, link in enumerate(busiest):
        name, foot = written.hardware.link_name(*link), (lane + 1) * _LANE
        labels.append(Label(name, foot - 6))
        drawn = "".join(_bar(place, found[link, place] / most, foot) for place in range(_BINS) if found[link, place])
        told = titled(f"{name}: {counted(totals[link], 'e-bit')}")
        bars.append(element("path", told, d=drawn, class_="bars"))
    whole = f"E-bits of the {counted(len(busiest), 'busiest link')} in the order of the plan"
    return chart("circuit", whole, labels, bars, size=(_WIDTH, len(busiest) * _LANE + 4))


def _binned(written: WrittenPlan) -> Counter[tuple[_Link, int]]:
    """E-bits by link and stretch of the plan."""
    replay = written.replay
    last = max([int(replay.event[-1]) if len(replay.event) else 0, *(share.begin for share in replay.shares)])
    found: Counter[tuple[_Link, int]] = Counter()
    for share in replay.shares:
        for a, b in pairwise(share.route):
            found[(min(a, b), max(a, b)), share.begin * _BINS // (last + 1)] += 1
    return found


def _bar(place: int, part: float, foot: float) -> str:
    width, height = _WIDTH / _BINS, max(1.0, _BAR * part)
    return f"M{length(place * width)} {length(foot)}v{length(-height)}h{length(width - 1)}v{length(height)}z"
