"""The schedule: what every link and every qubit does at every moment."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from dqplan.cli.render.html.chart import Label, Tick, chart
from dqplan.cli.render.html.markup import Html, data, element, length, titled
from dqplan.cli.render.html.tables import bar, legend, name_of, note, percent, section, table
from dqplan.core.units import count, counted, duration
from dqplan.load.outlook_part import OutlookPart
from dqplan.load.schedule_document import ScheduleDocument, SlotPart
from dqplan.load.written_plan import WrittenPlan

MOST_LANES, MOST_NAMED, MOST_STROKES = 400, 1_500, 40_000
"""Schedules of more lanes are not drawn, more e-bits without their names, more operations with neighbours as one."""
_LANE, _GROUP, _TOP, _WIDTH, _LEAST = 14.0, 20.0, 24.0, 880.0, 0.6
"""Pixels: a lane, the name of a group, the ruler, the picture, the shortest operation and gap that can be seen."""
_TICKS = 5
_NAMES = {
    "link": "e-bit",
    "gate": "two-qubit gate",
    "local": "one-qubit gate",
    "readout": "measurement",
    "reset": "reset",
}
_Span = tuple[float, float]


def timeline(written: WrittenPlan) -> Html:
    """The picture and how busy everything is, or why there is no schedule."""
    title, schedule = "The schedule", written.schedule
    if schedule is None or not schedule.makespan_s:
        return section("schedule", title, note("None was written: times that it would need are not known."))
    picture = _Timeline(written, schedule)
    drawn = (
        [picture.drawn(), picture.legend()] if picture.num_lanes <= MOST_LANES else [note(_too_many(picture.num_lanes))]
    )
    return section("schedule", title, _explained(schedule, written.document.outlook), *drawn, *picture.loads())


def _too_many(lanes: int) -> str:
    return f"Not drawn: {count(lanes)} links and qubits; pictures are made of up to {count(MOST_LANES)}."


def _explained(schedule: ScheduleDocument, outlook: OutlookPart | None) -> Html:
    told = duration(schedule.makespan_s)
    known = outlook and outlook.schedule
    makespan = data("outlook.schedule.makespan_s", known.makespan_s, duration(known.makespan_s)) if known else told
    bound = data("outlook.schedule.bound_s", known.bound_s, duration(known.bound_s)) if known else ""
    proof = ["optimal"] if known and known.optimal else ["at least ", bound] if known else []
    method = f", by {schedule.proved_by}; nothing waits for an e-bit longer or shorter than on average."
    return note(makespan, " if everything takes its mean duration, ", *proof, method)


class _Timeline:
    """Lanes of links, then of the qubits of each module."""

    def __init__(self, written: WrittenPlan, schedule: ScheduleDocument) -> None:
        self.schedule = schedule
        self.module_of = {register.name: register.module for register in written.document.layout.registers}
        self.scale = _WIDTH / schedule.makespan_s

    @cached_property
    def spans(self) -> dict[str, dict[str, list[_Span]]]:
        """By qubit and kind of operation: beginnings and ends in seconds."""
        found: dict[str, dict[str, list[_Span]]] = defaultdict(lambda: defaultdict(list))
        for slots in self.schedule.modules.values():
            for slot in slots:
                for qubit in slot.qubits:
                    found[qubit][_kind(slot)].append((slot.start_s, slot.end_s))
        for link in self.schedule.links.values():
            for request in link.requests:
                for qubit in request.qubits:
                    found[qubit]["link"].append((request.start_s, request.end_s))
        return found

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Qubits by module, in the order of the registers."""
        order = {name: place for place, name in enumerate(self.module_of)}
        found: dict[str, list[str]] = defaultdict(list)
        for qubit in sorted(self.spans, key=lambda name: (order.get(_register(name), len(order)), _index(name))):
            found[self.module_of.get(_register(qubit), "elsewhere")].append(qubit)
        return found

    @cached_property
    def gap(self) -> float:
        """Pixels below which neighbours are drawn as one."""
        strokes = sum(len(spans) for kinds in self.spans.values() for spans in kinds.values())
        return max(_LEAST, len(self.spans) * _WIDTH / MOST_STROKES) if strokes > MOST_STROKES else _LEAST

    @cached_property
    def num_lanes(self) -> int:
        return len(self.schedule.links) + len(self.spans)

    @cached_property
    def lanes(self) -> dict[str, float]:
        """The middle of every lane by the name of its link or qubit."""
        y, found = _TOP, {}
        for names in (list(self.schedule.links), *self.groups.values()):
            y += _GROUP if names else 0
            for name in names:
                found[name] = y + _LANE / 2
                y += _LANE
        return found

    def drawn(self) -> Html:
        told = f"{counted(len(self.schedule.links), 'link')} and {counted(len(self.spans), 'qubit')} in time"
        content = [*self._lines(), *self._requests(), *self._operations()]
        ticks = [Tick(part / _TICKS, duration(self.schedule.makespan_s * part / _TICKS)) for part in range(_TICKS + 1)]
        size = (_WIDTH, max(self.lanes.values(), default=_TOP) + _LANE)
        return chart("schedule", told, list(self._labels()), content, size=size, ticks=ticks)

    def legend(self) -> Html:
        """What occurs."""
        found = {kind for kinds in self.spans.values() for kind in kinds}
        return legend(*(item for item in _NAMES.items() if item[0] in found))

    def _labels(self) -> Iterator[Label]:
        groups = {"links": list(self.schedule.links), **self.groups}
        for group, names in groups.items():
            if names:
                yield Label(group, self.lanes[names[0]] - _LANE / 2 - 4, strong=True)
            for name in names:
                yield Label(name.removeprefix(f"{group}_"), self.lanes[name] + 4)

    def _lines(self) -> Iterator[Html]:
        lines = "".join(f"M0 {length(y)}h{length(_WIDTH)}" for y in self.lanes.values())
        yield element("path", d=lines, class_="lane")

    def _requests(self) -> Iterator[Html]:
        """E-bits on their links, one by one as far as that many can be told apart."""
        named = sum(len(link.requests) for link in self.schedule.links.values()) <= MOST_NAMED
        for name, link in self.schedule.links.items():
            y = self.lanes[name]
            if not named:
                yield self._strokes("link", y, [(each.start_s, each.end_s) for each in link.requests])
                continue
            for number, request in enumerate(link.requests):
                span = f"{duration(request.start_s)} to {duration(request.end_s)}"
                told = titled(f"{name}, e-bit {number}: {span}, used from {duration(request.deadline_s)}")
                yield element("path", told, d=self._stroke(y, (request.start_s, request.end_s)), class_="stroke-link")

    def _operations(self) -> Iterator[Html]:
        """What qubits do: a path for each lane and kind."""
        for qubit, kinds in self.spans.items():
            for kind in _NAMES:
                if kind in kinds:
                    yield self._strokes(kind, self.lanes[qubit], _joined(kinds[kind], self.gap / self.scale))

    def _strokes(self, kind: str, y: float, spans: Sequence[_Span]) -> Html:
        return element("path", d="".join(self._stroke(y, span) for span in spans), class_=f"stroke-{kind}")

    def _stroke(self, y: float, span: _Span) -> str:
        left, right = (moment * self.scale for moment in span)
        return f"M{length(left)} {length(y)}h{length(max(right - left, _LEAST))}"

    def loads(self) -> Iterator[Html]:
        """How busy links and modules are, as parts of the makespan."""
        links = []
        for name, link in self.schedule.links.items():
            busy = sum(request.end_s - request.start_s for request in link.requests)
            part = busy / self.schedule.makespan_s / link.channels
            links.append((name_of(name), count(len(link.requests)), count(link.channels), *_part(part, "link")))
        if links:
            headers = ("link", "e-bits", "channels", "busy", "")
            yield table("Links: the part of the time in which they make e-bits", headers, links, right=(1, 2, 3))
        headers = ("module", "qubits", "operations", "busy", "")
        told = "Modules: the part of the time in which their qubits do something, on average"
        yield table(told, headers, list(self._module_loads()), right=(1, 2, 3))

    def _module_loads(self) -> Iterator[Sequence[str]]:
        for module, qubits in self.groups.items():
            spans = [span for qubit in qubits for kind in self.spans[qubit].values() for span in kind]
            part = sum(end - start for start, end in spans) / self.schedule.makespan_s / len(qubits)
            operations = len(self.schedule.modules.get(module, ()))
            yield (module, count(len(qubits)), count(operations), *_part(part, "gate"))


def _part(part: float, kind: str) -> tuple[str, Html]:
    return percent(part), bar(min(max(part, 0.0), 1.0), kind)


def _kind(slot: SlotPart) -> str:
    special = {"measure": "readout", "reset": "reset"}
    return special.get(slot.op, "gate" if len(slot.qubits) > 1 else "local")


def _joined(spans: Sequence[_Span], gap_s: float) -> list[_Span]:
    """Spans in order, those too near to each other to be told apart as one."""
    joined: list[_Span] = []
    for begin, end in sorted(spans):
        if joined and begin - joined[-1][1] < gap_s:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _register(qubit: str) -> str:
    return qubit.rpartition("[")[0]


def _index(qubit: str) -> int:
    return int(re.sub(r"\D", "", qubit.rpartition("[")[2]))
