"""The circuit over the modules in time: a lane for each qubit, shares as arcs to the copies that they make."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from dqplan.cli.render.html.chart import Label, chart
from dqplan.cli.render.html.lane_layout import GAP, HEAD, Lanes, lanes_of
from dqplan.cli.render.html.markup import Html, element, length, titled
from dqplan.cli.render.html.tables import legend, more, note, section, table
from dqplan.cli.render.html.traffic import traffic
from dqplan.core.circuit import bit_names
from dqplan.core.units import count, counted
from dqplan.load.written_plan import WrittenPlan

MOST_QUBITS, MOST_SHARES, MOST_GATES = 128, 2_000, 12_000
"""Of larger plans only the e-bits are drawn: nobody could follow more, and pages would grow without end."""
_MOST_ROWS = 200
_WIDEST_COLUMN, _NARROWEST_COLUMN, _DENSE, _USUAL = 14.0, 1.2, 5.0, 880.0
"""Pixels: columns at most and at least, columns in which strokes are thin, and a picture that fits a desk."""


def circuit_lanes(written: WrittenPlan) -> Html:
    """The picture, unless the plan is too large for it, and the shares as a table."""
    replay, title = written.replay, "The circuit over the modules"
    sizes = (len(replay.first), MOST_QUBITS), (len(replay.shares), MOST_SHARES), (len(replay.event), MOST_GATES)
    if any(size > most for size, most in sizes):
        told = "{} qubits, {} shares and {} gates of the normal form".format(*(count(size) for size, _ in sizes))
        limit = "{}, {} and {}".format(*(count(most) for _, most in sizes))
        read = "Bars are the e-bits of links; time runs to the right in the order of the plan, not to scale."
        why = note(f"Not drawn gate by gate: {told}; that is done up to {limit}. {read}")
        return section("circuit", title, traffic(written), why)
    lanes = lanes_of(replay)
    picture = _Picture(written, lanes)
    return section("circuit", title, picture.drawn(), picture.legend(), picture.explained(), *picture.shares())


class _Picture:
    """What the parts of the picture have in common."""

    def __init__(self, written: WrittenPlan, lanes: Lanes) -> None:
        self.written, self.lanes, self.replay = written, lanes, written.replay
        self.names = bit_names(written.qregs)
        self.modules = [module.name for module in written.hardware.modules]
        self.step = min(_WIDEST_COLUMN, max(_NARROWEST_COLUMN, _USUAL / lanes.columns))
        self.served = Counter(end for stick in lanes.sticks for end in stick.ends)
        self.copies = {line.share: number for number, line in enumerate(lanes.lines) if line.copy}

    def drawn(self) -> Html:
        """Bands of modules, gates, and one group for every qubit."""
        width = (self.lanes.columns + 1) * self.step
        height = max((bottom for _, bottom in self.lanes.bands.values()), default=0.0)
        wires = range(len(self.replay.first))
        dots = self._dots()
        strokes = [self._strokes(), *(self._wire(wire, dots.get(wire, "")) for wire in wires)]
        content = [*self._bands(width), element("g", *strokes, class_="dense" if self.step < _DENSE else None)]
        told = (
            f"{counted(len(wires), 'qubit')} over {counted(len(self.lanes.bands), 'module')} in the order of the plan"
        )
        tools = self._filter()
        return chart("circuit", told, list(self._labels()), content, size=(width, height), tools=tools)

    def legend(self) -> Html:
        """What occurs."""
        teleports = {share.teleport for share in self.replay.shares}
        kinds = [("copy", "copy")] * (False in teleports) + [("teleport", "teleport")] * (True in teleports)
        gates = [("gate", "gate")] * bool(self.lanes.sticks)
        return legend(("home", "qubit at home"), *kinds, *gates)

    def explained(self) -> Html:
        """How to read it, and what it leaves out."""
        sticks, gates = len(self.lanes.sticks), len(self.replay.event)
        left_out = f" {counted(gates - sticks, 'gate')} not drawn: no line leads to them." if gates > sticks else ""
        return note(
            "Time runs to the right in the order of the plan, not to scale. Every vertical stroke is a gate of the "
            "normal form, in the module where it runs; one-qubit gates are left out. An arc is the e-bits of a share, "
            f"and the line behind it the copy that it makes, which lasts until it is no longer needed.{left_out}"
        )

    def shares(self) -> Iterator[Html]:
        """The same in words."""
        shares = self.replay.shares
        rows = [
            (
                str(number),
                self.names[self.replay.wire[share.segment]],
                " → ".join(self.modules[module] for module in share.route),
                count(share.ebits),
                count(self.served[self.copies[number]]),
                "teleport" if share.teleport else "copy",
            )
            for number, share in enumerate(shares[:_MOST_ROWS])
        ]
        if rows:
            headers = ("share", "qubit", "route", "e-bits", "gates", "kind")
            left_out = f", the first {_MOST_ROWS}; all of them are in plan.json" if len(shares) > _MOST_ROWS else ""
            told = f"Shares in the order of the plan{left_out}"
            yield more(f"{counted(len(shares), 'share')} as a table", table(told, headers, rows, right=(3, 4)))

    def _x(self, columns: float) -> float:
        return (min(columns, self.lanes.columns) + 0.5) * self.step

    def _labels(self) -> Iterator[Label]:
        """Modules, and the qubits that begin there; lanes that hold others later are named after the first."""
        for module, (top, _) in self.lanes.bands.items():
            yield Label(self.modules[module], top + HEAD - 6, strong=True)
        seen = set()
        for line, y in zip(self.lanes.lines, self.lanes.heights, strict=True):
            if not line.copy and line.begin == 0 and y not in seen:
                seen.add(y)
                yield Label(self.names[line.wire], y + 4)

    def _bands(self, width: float) -> Iterator[Html]:
        for top, bottom in self.lanes.bands.values():
            yield element("rect", y=top + HEAD - 3, width=width, height=bottom - top - HEAD - GAP + 6, class_="band")

    def _strokes(self) -> Html:
        """All gates as one path; their dots stand with their qubits."""
        drawn = []
        for stick in self.lanes.sticks:
            top, bottom = sorted(self.lanes.heights[end] for end in stick.ends)
            drawn.append(f"M{length(self._x(stick.column))} {length(top)}V{length(bottom)}")
        return element("path", d="".join(drawn), class_="gate")

    def _dots(self) -> dict[int, str]:
        """By qubit: the ends of its gates."""
        found: dict[int, list[str]] = defaultdict(list)
        for stick in self.lanes.sticks:
            for end in stick.ends:
                dot = f"M{length(self._x(stick.column))} {length(self.lanes.heights[end])}h0"
                found[self.lanes.lines[end].wire].append(dot)
        return {wire: "".join(dots) for wire, dots in found.items()}

    def _wire(self, wire: int, dots: str) -> Html:
        """A qubit: where it is at home, its shares, and its ends of gates."""
        numbers = [number for number, line in enumerate(self.lanes.lines) if line.wire == wire]
        homes = "".join(self._home(number) for number in numbers if not self.lanes.lines[number].copy)
        shares = (self._share(number, numbers) for number in numbers if self.lanes.lines[number].copy)
        home = element("path", titled(self.names[wire]), d=homes, class_="home")
        ends = element("path", d=dots, class_="dot")
        return element("g", home, *shares, ends, class_="qubit", data_qubit=wire)

    def _home(self, number: int) -> str:
        line, y = self.lanes.lines[number], length(self.lanes.heights[number])
        begin = self.lanes.after(line.begin) if line.begin else -0.5
        end = self.lanes.after(line.end)
        return f"M{length(self._x(begin))} {y}H{length(self._x(max(begin, end)))}"

    def _share(self, number: int, of_wire: list[int]) -> Html:
        """An arc from where the copy comes from, and the copy; a teleport goes on to its new lane."""
        line, y = self.lanes.lines[number], self.lanes.heights[number]
        share = self.replay.shares[line.share]
        begin, end = self._x(self.lanes.before(line.begin)), self._x(self.lanes.after(line.end))
        end = max(begin, end)
        drawn = f"H{length(end)}"
        source = next((other for other in of_wire if other != number and self._feeds(other, number)), None)
        if source is not None:
            drawn = f"{self._arc(begin - self.step, self.lanes.heights[source], begin, y)}{drawn}"
        else:
            drawn = f"M{length(begin)} {length(y)}{drawn}"
        arrival = next(
            (n for n in of_wire if not self.lanes.lines[n].copy and self.lanes.lines[n].share == line.share), None
        )
        if arrival is not None:
            drawn += self._arc(end, y, end, self.lanes.heights[arrival])
        route = " → ".join(self.modules[module] for module in share.route)
        told = f"share {line.share}: {self.names[line.wire]}, {route}, {counted(share.ebits, 'e-bit')}"
        served = f"{'teleport, ' if share.teleport else ''}{counted(self.served[number], 'gate')}"
        return element("path", titled(f"{told}, {served}"), d=drawn, class_="teleport" if share.teleport else "copy")

    def _feeds(self, source: int, copy: int) -> bool:
        """Whether a line is where a copy comes from."""
        line, made = self.lanes.lines[source], self.lanes.lines[copy]
        share = self.replay.shares[made.share]
        return (
            line.module == share.route[0]
            and line.begin <= share.begin <= line.end
            and line.holds(share.segment, share.begin)
        )

    def _arc(self, x1: float, y1: float, x2: float, y2: float) -> str:
        middle = (y1 + y2) / 2
        numbers = " ".join(length(value) for value in (x1, middle, x2, middle, x2, y2))
        return f"M{length(x1)} {length(y1)}C{numbers}"

    def _filter(self) -> Html:
        """A choice of qubits; the script dims the others."""
        options = (element("option", name, value=wire) for wire, name in enumerate(self.names))
        choice = element("select", element("option", "all qubits", value=""), *options, data_picks="circuit-chart")
        return element("label", "Show ", choice)
