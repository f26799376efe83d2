"""An independent check of plans: replays the shares event by event and shares no code with the planner."""

from __future__ import annotations

from collections import Counter

from dqplan.core.hardware import Role
from dqplan.core.plan import Plan
from dqplan.core.segments import Kind
from dqplan.core.share import Share


class Replay:
    """The state of all modules while a plan runs; every rule of the model is an assertion."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.segments = plan.segments
        self.hardware = plan.hardware
        self.home = plan.home.tolist()
        self.now = self.segments.first.tolist()
        self.copies: set[tuple[int, int]] = set()
        self.at_home = {segment: self.home[segment] for segment in self.now}
        self.data = Counter(self.home[segment] for segment in self.now)
        self.comm: Counter[int] = Counter()
        self.peak_comm: Counter[int] = Counter()
        self.by_link: Counter[tuple[int, int]] = Counter()
        self.links = {frozenset((link.a, link.b)) for link in self.hardware.links if link.quantum}

    def run(self) -> None:
        """Replay everything and compare what was counted with the plan's own numbers."""
        plan = self.plan
        assert [share.begin for share in plan.shares] == sorted(share.begin for share in plan.shares)
        self.check_data()
        hosts = iter(plan.host.tolist())
        begun: set[int] = set(self.now)
        for event, kind in enumerate(self.segments.kind.tolist()):
            for share in plan.shares:
                if share.begin == event:
                    self.make(share, event)
            segment = int(self.segments.segment[event])
            if kind == Kind.GATE:
                self.gate(segment, int(self.segments.other[event]), next(hosts))
            elif kind in (Kind.CUT, Kind.RESET) and segment not in begun:
                begun.add(segment)
                self.begin(segment, event)
            assert segment in self.now, "an event of a segment that is not current"
            for share in plan.shares:
                if share.end == event and not share.teleport:
                    self.drop(share)
        assert not self.copies
        self.compare()

    def make(self, share: Share, event: int) -> None:
        source, target = share.route[0], share.target
        assert share.segment in self.now
        assert share.begin <= share.end
        assert source == self.at_home[share.segment] or (share.segment, source) in self.copies
        assert (share.segment, target) not in self.copies
        assert target != self.at_home[share.segment]
        assert self.hardware.modules[target].role in (Role.PROCESSOR, Role.COMMUNICATION)
        for a, b in zip(share.route, share.route[1:], strict=False):
            assert frozenset((a, b)) in self.links
            self.by_link[min(a, b), max(a, b)] += 1
        self.copies.add((share.segment, target))
        self.comm[target] += 1
        transient = Counter({source: 1}) + Counter(dict.fromkeys(share.route[1:-1], 2))
        for module in share.route:
            used = self.comm[module] + transient[module]
            self.peak_comm[module] = max(self.peak_comm[module], used)
            limit = self.hardware.modules[module].comm_qubits
            assert self.plan.relaxed or limit is None or used <= limit

    def gate(self, a: int, b: int, host: int) -> None:
        assert self.hardware.modules[host].role is Role.PROCESSOR
        for segment in (a, b):
            assert segment in self.now
            assert host == self.at_home[segment] or (segment, host) in self.copies

    def begin(self, segment: int, event: int) -> None:
        """A segment begins: its qubit is at its home, alone."""
        before = segment - 1
        assert self.now[self.segments.wire[segment]] == before
        old, new = self.at_home.pop(before), self.home[segment]
        if old != new and not self.segments.fresh[segment]:
            share = next(s for s in self.plan.shares if s.segment == before and s.teleport)
            assert (share.target, share.end) == (new, event), "the planner lets teleported qubits land at once"
            self.drop(share)
        assert not any(s == before for s, _ in self.copies), "a copy outlives its segment"
        self.now[self.segments.wire[segment]] = segment
        self.at_home[segment] = new
        self.data[old] -= 1
        self.data[new] += 1
        self.check_data()

    def drop(self, share: Share) -> None:
        self.copies.remove((share.segment, share.target))
        self.comm[share.target] -= 1

    def check_data(self) -> None:
        for module, used in self.data.items():
            assert used <= self.hardware.modules[module].data_qubits
            assert not used or self.hardware.modules[module].role is Role.PROCESSOR

    def compare(self) -> None:
        cost, names = self.plan.cost, [module.name for module in self.hardware.modules]
        assert cost.ebits == sum(self.by_link.values()) == sum(cost.ebits_by_link.values())
        assert cost.ebits_by_link == {f"{names[a]}--{names[b]}": n for (a, b), n in self.by_link.items()}
        assert cost.shares == len(self.plan.shares)
        assert cost.peak_comm == {name: self.peak_comm[m] for m, name in enumerate(names)}
        assert all(cost.peak_data[name] <= self.hardware.modules[m].data_qubits for m, name in enumerate(names))
        assert 0 <= self.plan.bound.ebits <= cost.ebits
        assert len(self.plan.home) == self.segments.num_segments
        assert len(self.plan.host) == len(self.segments.gates)


def check_plan(plan: Plan) -> Plan:
    """Assert that a plan can run as it stands; returns it."""
    Replay(plan).run()
    return plan
