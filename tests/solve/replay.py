"""An independent check of plans: replays the shares event by event and shares no code with the planner."""

from __future__ import annotations

from collections import Counter

import numpy as np

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
        self.copies: dict[tuple[int, int], Share] = {}
        self.bridged = {stretch for share in plan.shares for stretch in share.bridged}
        self.at_home = {segment: self.home[segment] for segment in self.now}
        self.data = Counter(self.home[segment] for segment in self.now)
        self.comm: Counter[int] = Counter()
        self.parked: set[Share] = set()
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
            for number, share in enumerate(plan.shares):
                if share.begin == event:
                    self.park(number)
                    self.make(share)
            segment = int(self.segments.segment[event])
            if kind == Kind.GATE:
                self.gate(segment, int(self.segments.other[event]), next(hosts), event)
            elif kind in (Kind.CUT, Kind.RESET) and segment not in begun:
                begun.add(segment)
                self.begin(segment, event)
            else:
                assert segment not in self.bridged or kind == Kind.CUT
            assert segment in self.now, "an event of a segment that is not current"
            for share in plan.shares:
                if share.end == event and share in self.copies.values():
                    self.drop(share)
        assert not self.copies
        self.compare()

    def park(self, number: int) -> None:
        """Move copies to data qubits before a share is made."""
        for share in self.plan.shares:
            if share.parked == number:
                assert self.copies[int(self.segments.wire[share.segment]), share.target] is share
                self.comm[share.target] -= 1
                self.data[share.target] += 1
                self.parked.add(share)
        self.check_data()

    def make(self, share: Share) -> None:
        source, target = share.route[0], share.target
        wire = int(self.segments.wire[share.segment])
        assert share.segment in self.now
        assert share.segment not in self.bridged
        assert share.begin <= share.end
        assert source == self.at_home[share.segment] or (wire, source) in self.copies
        assert (wire, target) not in self.copies
        assert target != self.at_home[share.segment]
        assert self.hardware.modules[target].role in (Role.PROCESSOR, Role.COMMUNICATION)
        for a, b in zip(share.route, share.route[1:], strict=False):
            assert frozenset((a, b)) in self.links
            self.by_link[min(a, b), max(a, b)] += 1
        self.copies[wire, target] = share
        self.comm[target] += 1
        transient = Counter({source: 1}) + Counter(dict.fromkeys(share.route[1:-1], 2))
        for module in share.route:
            used = self.comm[module] + transient[module]
            self.peak_comm[module] = max(self.peak_comm[module], used)
            limit = self.hardware.modules[module].comm_qubits
            assert self.plan.relaxed or limit is None or used <= limit

    def gate(self, a: int, b: int, host: int, event: int) -> None:
        for segment, partner in ((a, b), (b, a)):
            assert segment in self.now
            self.meet(segment, host)
            if segment in self.bridged:
                assert partner not in self.bridged
                assert host == self.at_home[segment]
                assert abs(abs(self.segments.angle[event]) - np.pi) < 1e-9
                assert self.segments.condition[event] < 0
                for wire, module in self.copies:
                    if wire == self.segments.wire[segment]:
                        self.meet(partner, module)

    def meet(self, segment: int, module: int) -> None:
        """A gate on this segment runs in this module."""
        assert self.hardware.modules[module].role is Role.PROCESSOR
        assert module == self.at_home[segment] or (int(self.segments.wire[segment]), module) in self.copies

    def begin(self, segment: int, event: int) -> None:
        """A segment begins: its qubit is at its home, alone but for copies that live through an X-type stretch."""
        before, wire = segment - 1, int(self.segments.wire[segment])
        assert self.now[wire] == before
        for share in [s for s in self.copies.values() if s.until == before and s.end == event and not s.teleport]:
            self.drop(share)
        old, new = self.at_home.pop(before), self.home[segment]
        if old != new and not self.segments.fresh[segment]:
            share = next(s for s in self.plan.shares if s.until == before and s.teleport)
            assert (share.target, share.end) == (new, event), "the planner lets teleported qubits land at once"
            self.drop(share)
        for (w, _), share in self.copies.items():
            assert w != wire or share.segment < segment <= share.until, "a copy outlives its segment"
        assert self.condition_free(segment) or not {before, segment} & self.bridged
        assert segment not in self.bridged or self.bridges(segment)
        assert old == new or not {before, segment} & self.bridged
        self.now[wire] = segment
        self.at_home[segment] = new
        self.data[old] -= 1
        self.data[new] += 1
        self.check_data()

    def drop(self, share: Share) -> None:
        assert int(self.segments.wire[share.segment]) == self.segments.wire[share.until]
        assert share.teleport or share.until in self.now
        del self.copies[int(self.segments.wire[share.segment]), share.target]
        side = self.data if share in self.parked else self.comm
        side[share.target] -= 1

    def condition_free(self, segment: int) -> bool:
        opening = int(self.segments.opening[segment])
        return self.segments.kind[opening] == Kind.CUT and self.segments.condition[opening] < 0

    def bridges(self, segment: int) -> bool:
        """Whether the enclosing cuts make a flip under control of what is CZ between them."""
        first, second = (
            self.segments.unitaries[self.segments.unitary[self.segments.opening[s]]].reshape(2, 2)
            for s in (segment, segment + 1)
        )
        shapes = [(np.abs(second @ inner @ first) > 1e-9).tolist() for inner in (np.eye(2), np.diag([1, -1]))]
        flips = [[False, True], [True, False]]
        return sorted(shapes) == sorted([flips, np.eye(2, dtype=bool).tolist()])

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
