"""Program and Schedule -> a picture in text: a lane for every link and module, or qubit; time from left to right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from rich.console import Console, ConsoleOptions
from rich.text import Text

from dqplan.cli.terminal.streams import printable
from dqplan.core.circuit import bit_names
from dqplan.core.gates import Op
from dqplan.core.outlook import Floats, Outlook, Schedule
from dqplan.core.program import Program
from dqplan.core.touches import touches_of
from dqplan.core.units import count, duration

MOST_QUBITS = 20
"""With more physical qubits, each module has one lane."""
MOST_LANES = 20
"""Links, and modules, that are shown: those with most operations."""
WIDEST = 120
"""Columns, on a terminal that has them."""
_NAME = 20
"""Columns of the longest name."""
_LABEL = 12
"""Columns from one moment of the ruler to the next, at least."""
_NICE = (1, 2, 5, 10)

Ints = NDArray[np.int64]


class Mark(IntEnum):
    """What a lane shows for a stretch of time; the greatest of what happens there."""

    FREE = 0
    WAITS = 1
    EBIT = 2
    RESET = 3
    GATE = 4
    MEASUREMENT = 5
    MADE = 6


_LOOKS = {
    Mark.FREE: (" ", ""),
    Mark.WAITS: ("─", "dim"),
    Mark.EBIT: ("━", "blue"),
    Mark.RESET: ("○", "dim"),
    Mark.GATE: ("█", "green"),
    Mark.MEASUREMENT: ("◆", "yellow"),
    Mark.MADE: ("●", "bold blue"),
}
_LEGEND = {
    Mark.EBIT: "makes an e-bit",
    Mark.MADE: "has made one",
    Mark.GATE: "gate",
    Mark.MEASUREMENT: "measurement",
    Mark.RESET: "reset",
    Mark.WAITS: "waits",
}


@dataclass(frozen=True, eq=False)
class _Stretches:
    """Things that take time, as columns: number of the lane, seconds from and to, mark."""

    lane: Ints
    start_s: Floats
    end_s: Floats
    mark: Ints


@dataclass(frozen=True, eq=False)
class Timeline:
    """The picture, as wide as it is given room, up to `WIDEST`."""

    program: Program
    schedule: Schedule

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """The lines of the picture."""
        yield from timeline_lines(self.program, self.schedule, min(options.max_width, WIDEST))


def timeline_lines(program: Program, schedule: Schedule, width: int) -> Iterator[Text]:
    """A heading, a ruler, the lanes of links, those of modules or qubits, and what the marks mean.

    Args:
        program: what is scheduled.
        schedule: its operations in time.
        width: columns of the longest line; 40 at least are used.
    """
    blocks = [_links(program, schedule), _places(program, schedule)]
    names = [name for lanes, _ in blocks for name in lanes]
    margin = 2 + min(_NAME, max(map(len, names), default=0))
    columns = max(width, 40) - margin
    column_s = (schedule.makespan_s or 1.0) / columns
    title = f"{duration(schedule.makespan_s)} with mean durations, {duration(column_s)} a column"
    yield _heading(title)
    yield Text()
    yield from _ruler(schedule.makespan_s, columns, margin)
    for lanes, stretches in blocks:
        grid = _grid(stretches, len(lanes), columns, column_s)
        shown = _busiest(stretches, len(lanes))
        for lane in shown:
            yield _lane(lanes[lane], grid[lane], margin)
        if rest := len(lanes) - len(shown):
            yield Text(f"{count(rest)} more")
    yield Text()
    yield _legend()


def no_timeline(outlook: Outlook) -> Text:
    """What stands in its place if there is no schedule."""
    return _heading("unknown: the hardware does not say the " + outlook.missing[0])


def _heading(text: str) -> Text:
    return Text("timeline", style="cyan").append(f"  {printable(text)}", style="default")


def _links(program: Program, schedule: Schedule) -> tuple[list[str], _Stretches]:
    """A lane for each link in use: its e-bits, and the moment at which each is there."""
    rows = np.flatnonzero(program.circuit.op == Op.EPR)
    ends = np.sort(program.module_of[program.circuit.qubits[rows, :2]], axis=1)
    pairs, lane = np.unique(ends, axis=0, return_inverse=True)
    start, end = schedule.start_s[rows], schedule.end_s[rows]
    stretches = _Stretches(
        np.tile(lane.ravel(), 2),
        np.concatenate([start, end]),
        np.tile(end, 2),
        np.repeat([Mark.EBIT, Mark.MADE], len(rows)),
    )
    return [program.plan.hardware.link_name(a, b) for a, b in pairs.tolist()], stretches


def _places(program: Program, schedule: Schedule) -> tuple[list[str], _Stretches]:
    """A lane for each qubit or, if there are many, each module in use."""
    circuit = program.circuit
    found = _operations(program, schedule)
    if circuit.num_qubits <= MOST_QUBITS:
        return bit_names(circuit.qregs), found
    modules, lane_of = np.unique(program.module_of, return_inverse=True)
    names = [program.plan.hardware.modules[module].name for module in modules.tolist()]
    return names, _Stretches(lane_of[found.lane], found.start_s, found.end_s, found.mark)


def _operations(program: Program, schedule: Schedule) -> _Stretches:
    """Everything that happens to each qubit, and the times between in which it holds something."""
    circuit = program.circuit
    touches = touches_of(circuit)
    order = np.lexsort((schedule.start_s[touches.row], touches.qubit))
    row, qubit = touches.row[order], touches.qubit[order].astype(np.int64)
    start, end, op = schedule.start_s[row], schedule.end_s[row], circuit.op[row]
    mark = np.full(len(row), Mark.GATE, dtype=np.int64)
    for special, its in ((Op.EPR, Mark.EBIT), (Op.MEASURE, Mark.MEASUREMENT), (Op.RESET, Mark.RESET)):
        mark[op == special] = its
    same = np.append(qubit[1:] == qubit[:-1], False) if len(row) else np.zeros(0, dtype=np.bool_)
    until = np.where(same, np.roll(start, -1), schedule.makespan_s)
    holds = (op != Op.MEASURE) & (op != Op.RESET) & (until > end)
    return _Stretches(
        np.concatenate([qubit, qubit[holds]]),
        np.concatenate([start, end[holds]]),
        np.concatenate([end, until[holds]]),
        np.concatenate([mark, np.full(int(holds.sum()), Mark.WAITS)]),
    )


def _grid(stretches: _Stretches, num_lanes: int, columns: int, column_s: float) -> Ints:
    """The mark in every column of every lane; whatever happens takes a column at least."""
    first = np.minimum(stretches.start_s / column_s, columns - 1).astype(np.int64)
    last = np.clip(np.ceil(stretches.end_s / column_s).astype(np.int64) - 1, first, columns - 1)
    grid = np.zeros((num_lanes, columns), dtype=np.int64)
    for mark in list(Mark)[1:]:
        here = stretches.mark == mark
        change = np.zeros((num_lanes, columns + 1), dtype=np.int64)
        np.add.at(change, (stretches.lane[here], first[here]), 1)
        np.add.at(change, (stretches.lane[here], last[here] + 1), -1)
        grid[change.cumsum(axis=1)[:, :-1] > 0] = mark
    return grid


def _busiest(stretches: _Stretches, num_lanes: int) -> Sequence[int]:
    """The lanes that are shown, in order."""
    if num_lanes <= MOST_LANES:
        return range(num_lanes)
    number = np.bincount(stretches.lane, minlength=num_lanes)
    chosen: list[int] = np.sort(np.argsort(-number, kind="stable")[:MOST_LANES]).tolist()
    return chosen


def _lane(name: str, marks: Ints, margin: int) -> Text:
    shown = printable(name) if len(name) <= _NAME else printable(name[: _NAME - 1]) + "…"
    line = Text(shown.ljust(margin))
    for mark, run in groupby(marks.tolist()):
        sign, style = _LOOKS[Mark(mark)]
        line.append(sign * len(list(run)), style=style)
    return line


def _ruler(makespan_s: float, columns: int, margin: int) -> Iterator[Text]:
    """Moments at equal, round distances, and a line with their places."""
    step_s = _step_s(makespan_s, columns)
    labels, line = [" "] * columns, ["─"] * columns
    for number in range(int(makespan_s / step_s) + 1):
        place = round(number * step_s / (makespan_s or 1.0) * columns)
        label = duration(number * step_s)
        if place < columns:
            begin = min(place, columns - len(label))
            labels[begin : begin + len(label)] = label
            line[place] = "┬"
    yield Text(" " * margin + "".join(labels).rstrip(), style="dim")
    yield Text(" " * margin + "".join(line), style="dim")


def _step_s(makespan_s: float, columns: int) -> float:
    """1, 2 or 5 times a power of ten, as small as the labels allow."""
    least = (makespan_s or 1.0) * _LABEL / columns
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(nice * power for nice in _NICE if nice * power >= least))


def _legend() -> Text:
    legend = Text()
    for mark, meaning in _LEGEND.items():
        sign, style = _LOOKS[mark]
        legend.append(sign, style=style).append(f" {meaning}   ")
    legend.rstrip()
    return legend
