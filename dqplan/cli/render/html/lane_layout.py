"""Replay -> lanes: where in a picture every qubit, every copy and every gate stands.

Modules lie below each other. In each there is a lane for every qubit that is at home there, then lanes for the copies
that shares bring; lanes are used again when they are free. Columns are moments in the order of the plan: gates stand in
one column as long as they do not cover each other and no share is made between them.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dqplan.load.replay import LATEST_EVENT, Replay

LANE, COPY_LANE, HEAD, GAP = 15.0, 12.0, 20.0, 10.0
"""Pixels: the heights of lanes, of the name above a module, and between modules."""


@dataclass(frozen=True)
class Line:
    """A qubit at home in a module, or a copy of it there, for a while.

    Attributes:
        wire, module: whose and where.
        first, last: the segments that it begins and ends with.
        begin, end: events.
        copy: whether it is one.
        share: number of the share that made the copy, or whose teleport brought the qubit; -1 if there was none.
        slot: its lane among those of its kind in its module.
    """

    wire: int
    module: int
    first: int
    last: int
    begin: int
    end: int
    copy: bool = False
    share: int = -1
    slot: int = 0

    def holds(self, segment: int, event: int) -> bool:
        """Whether a segment can be used here at an event; a copy lives in every other segment of those it spans."""
        within = self.first <= segment <= self.last and not (self.copy and (segment - self.first) % 2)
        return within and (not self.copy or self.begin <= event <= self.end)


@dataclass(frozen=True)
class Stick:
    """A gate: its module, its column, and the numbers of the lines that it joins."""

    module: int
    column: int
    ends: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Lanes:
    """The whole picture.

    Attributes:
        lines: qubits at home, then copies in the order of the shares.
        heights: of the middle of each line, from the top.
        bands: by module used, its top and its bottom.
        sticks: the gates for which both lines were found.
        columns: how many there are.
        events: of all gates.
        placed: the column of each gate.
    """

    lines: tuple[Line, ...]
    heights: tuple[float, ...]
    bands: Mapping[int, tuple[float, float]]
    sticks: tuple[Stick, ...]
    columns: int
    events: Sequence[int]
    placed: Sequence[int]

    def before(self, event: int) -> float:
        """Where what happens just before an event stands, in columns."""
        place = bisect_left(self.events, event)
        return (self.placed[place] if place < len(self.placed) else self.columns) - 0.5

    def after(self, event: int) -> float:
        """Where what happens just after an event stands, in columns."""
        place = bisect_right(self.events, event)
        return self.placed[place - 1] + 0.5 if place else 0.0


def lanes_of(replay: Replay) -> Lanes:
    """Lay a plan out."""
    lines = _in_slots([*_homes(replay), *_copies(replay)])
    counts = _lane_counts(lines)
    bands = _bands(counts)
    heights = tuple(_height(line, counts, bands) for line in lines)
    ends = list(_ends(replay, lines))
    placed = _columns(replay, [sorted(heights[line] for line in pair) for pair in ends])
    sticks = (
        Stick(module, column, (pair[0], pair[1]))
        for module, column, pair in zip(replay.host.tolist(), placed, ends, strict=True)
        if len(pair) == 2
    )
    columns = max(placed, default=0) + 1
    return Lanes(tuple(lines), heights, bands, tuple(sticks), columns, replay.event.tolist(), placed)


def _homes(replay: Replay) -> Iterator[Line]:
    """One line for each run of segments with the same home."""
    arrivals = {share.until: number for number, share in enumerate(replay.shares) if share.teleport}
    starts = np.flatnonzero((np.diff(replay.wire, prepend=-1) != 0) | (np.diff(replay.home, prepend=-1) != 0)).tolist()
    used = _first_events(replay)
    begin = 0
    for first, behind in zip(starts, [*starts[1:], len(replay.wire)], strict=True):
        wire = int(replay.wire[first])
        stays = behind < len(replay.wire) and replay.wire[behind] == wire
        number = arrivals.get(behind - 1, -1)
        end = (replay.shares[number].end if number >= 0 else used[behind]) if stays else LATEST_EVENT
        brought = arrivals.get(first - 1, -1) if begin else -1
        yield Line(wire, int(replay.home[first]), first, behind - 1, begin, max(begin, end), share=brought)
        begin = max(begin, end) if stays else 0


def _first_events(replay: Replay) -> list[int]:
    """For each segment, the first gate of it or of a later one on its wire."""
    found = np.full(len(replay.wire), LATEST_EVENT, dtype=np.int64)
    np.minimum.at(found, replay.pairs.ravel(), np.repeat(replay.event, 2))
    for segment in range(len(found) - 2, -1, -1):
        if replay.wire[segment] == replay.wire[segment + 1]:
            found[segment] = min(found[segment], found[segment + 1])
    return found.tolist()


def _copies(replay: Replay) -> Iterator[Line]:
    for number, share in enumerate(replay.shares):
        wire = int(replay.wire[share.segment])
        yield Line(wire, share.target, share.segment, share.until, share.begin, share.end, copy=True, share=number)


def _in_slots(lines: Sequence[Line]) -> list[Line]:
    """The same lines, each in the lowest lane of its kind and module that is free by then."""
    placed = list(lines)
    free: dict[tuple[int, bool], list[int]] = defaultdict(list)
    busy: dict[tuple[int, bool], list[tuple[int, int]]] = defaultdict(list)
    for number in sorted(range(len(lines)), key=lambda each: (lines[each].begin, each)):
        line = lines[number]
        lane = (line.module, line.copy)
        while busy[lane] and busy[lane][0][0] < line.begin + (not line.copy):
            heapq.heappush(free[lane], heapq.heappop(busy[lane])[1])
        slot = heapq.heappop(free[lane]) if free[lane] else len(busy[lane])
        heapq.heappush(busy[lane], (line.end, slot))
        placed[number] = replace(line, slot=slot)
    return placed


def _lane_counts(lines: Sequence[Line]) -> dict[tuple[int, bool], int]:
    """Lanes by module and kind."""
    found: dict[tuple[int, bool], int] = defaultdict(int)
    for line in lines:
        found[line.module, line.copy] = max(found[line.module, line.copy], line.slot + 1)
    return found


def _bands(counts: Mapping[tuple[int, bool], int]) -> dict[int, tuple[float, float]]:
    found, y = {}, 0.0
    for module in sorted({module for module, _ in counts}):
        height = HEAD + counts.get((module, False), 0) * LANE + counts.get((module, True), 0) * COPY_LANE + GAP
        found[module] = (y, y + height)
        y += height
    return found


def _height(line: Line, counts: Mapping[tuple[int, bool], int], bands: Mapping[int, tuple[float, float]]) -> float:
    top = bands[line.module][0] + HEAD
    if line.copy:
        return top + counts.get((line.module, False), 0) * LANE + (line.slot + 0.5) * COPY_LANE
    return top + (line.slot + 0.5) * LANE


def _ends(replay: Replay, lines: Sequence[Line]) -> Iterator[list[int]]:
    """For each gate, the lines in its module that it joins: two, unless the plan is not what it should be."""
    here: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        here[line.wire, line.module].append(number)
    for pair, event, module in zip(replay.pairs.tolist(), replay.event.tolist(), replay.host.tolist(), strict=True):
        found = []
        for segment in pair:
            candidates = here[int(replay.wire[segment]), module]
            found += [number for number in candidates if lines[number].holds(segment, event)][:1]
        yield found


def _columns(replay: Replay, extents: Sequence[Sequence[float]]) -> list[int]:
    """The column of each gate; shares are made in an empty one."""
    makings = {bisect_left(replay.event, share.begin) for share in replay.shares}
    column, taken = 0, list[tuple[float, float]]()
    placed = []
    for number, extent in enumerate(extents):
        covers = len(extent) == 2 and any(extent[0] <= bottom and top <= extent[1] for top, bottom in taken)
        if number in makings or covers:
            column, taken = column + 1 + (number in makings), []
        if len(extent) == 2:
            taken.append((extent[0], extent[1]))
        placed.append(column)
    return placed
