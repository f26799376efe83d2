"""Circuit x Plan -> Program: every share, use and removal becomes operations on data and comm qubits."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from dqplan.core.cost import parked_before
from dqplan.core.embedding import flips_when_idle
from dqplan.core.errors import InternalError
from dqplan.core.gates import Matrix2, Op
from dqplan.core.normaliser import is_antidiagonal
from dqplan.core.one_qubit import name_unitary, snapped
from dqplan.core.plan import Plan
from dqplan.core.program import Program
from dqplan.core.room import comm_limits
from dqplan.core.segments import Event, Kind
from dqplan.core.share import NOT_PARKED, Share
from dqplan.core.stay import Stay
from dqplan.split.assemble import assemble
from dqplan.split.memory import Memory
from dqplan.split.protocols import Script, joined
from dqplan.split.slots import Side, Slot, Slots
from dqplan.split.tidy import tidy

_OPENING = frozenset({Kind.CUT, Kind.RESET})


def split_circuit(plan: Plan) -> Program:
    """Write the distributed program that carries out a plan.

    Raises:
        InternalError: if the plan is not legal, which a plan from `solve_plan` always is.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/ghz_8.qasm")
    >>> segments, hardware = dqplan.segments_of(circuit), dqplan.load_hardware("line:2x5+1")
    >>> plan = dqplan.solve_plan(segments, hardware, effort=dqplan.Effort.QUICK)
    >>> split_circuit(plan).num_messages
    2
    """
    writer = _Writer(plan)
    inputs = [writer.home_slot(wire) for wire in range(plan.segments.num_wires)]
    for number, event in enumerate(plan.segments.events()):
        writer.write(number, event)
    if writer.memory.stays:
        raise InternalError(f"qubit {min(writer.memory.stays)} is in memory at the end")
    outputs = [writer.home_slot(int(wire)) for wire in plan.segments.output_wire]
    return assemble(plan, tidy(writer.script), writer.slots, inputs, outputs)


class _Writer:
    """Walks over the events of the normal form and keeps track of where the copies of each wire are."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.segments = plan.segments
        self.script = Script()
        limits = comm_limits(plan.hardware, plan.purification)
        self.slots = Slots([None] * len(limits) if plan.relaxed else limits)
        self.wire: list[int] = plan.segments.wire.tolist()
        self.segment_home: list[int] = plan.home.tolist()
        self.host = dict(zip(self.segments.gates.tolist(), plan.host.tolist(), strict=True))
        self.begins: dict[int, list[Share]] = defaultdict(list)
        self.ends: dict[int, list[Share]] = defaultdict(list)
        self.parked = parked_before(plan.shares)
        self.made = 0
        self.bridged = {stretch for share in plan.shares for stretch in share.bridged}
        for share in plan.shares:
            self.begins[share.begin].append(share)
            self.ends[share.end].append(share)
        first_homes = plan.home[self.segments.first].tolist()
        self.home: list[int] = first_homes
        self.copies: list[dict[int, Slot]] = [{module: self.slots.take(module, Side.DATA)} for module in first_homes]
        self.script.homes += [(0, wire, self.home_slot(wire)) for wire in range(len(first_homes))]
        self.memory = Memory(self.script, self.slots)
        self.leaving: dict[int, list[Stay]] = defaultdict(list)
        for stay in plan.stays:
            self.leaving[stay.begin].append(stay)

    def home_slot(self, wire: int) -> Slot:
        """Where the wire's qubit is at home now; if it is in memory, the slot that is kept for it."""
        return self.copies[wire][self.home[wire]]

    def write(self, number: int, event: Event) -> None:
        """Write one event with the shares that begin and end around it, and the stays."""
        self.script.event_row.append(len(self.script.op))
        for share in self.begins.get(number, ()):
            self._share(share, number)
        for segment in (event.segment, event.other) if self.memory.stays else ():
            if segment >= 0:
                self._fetch(self._wire(segment), number)
        ends = self.ends.get(number, ())
        closing = [share for share in ends if self._closes(share, event)]
        for share in closing:
            if not share.teleport:
                self._unshare(share)
        if event.kind in _OPENING:
            self._enter_segment(event.segment)
        for share in ends:
            if share.teleport:
                self._settle(share)
        self._act(event, self.host.get(number, -1))
        for share in ends:
            if not share.teleport and share not in closing:
                self._unshare(share)
        for stay in self.leaving.get(number, ()):
            self._store(stay)

    # -- shares ----------------------------------------------------------------------------------------------------

    def _wire(self, segment: int) -> int:
        return self.wire[segment]

    def _closes(self, share: Share, event: Event) -> bool:
        """Whether the event begins the segment behind the one in which the share ends."""
        follows = share.until + 1 == event.segment and self._wire(share.until) == self._wire(event.segment)
        return follows and event.kind in _OPENING

    def _describe(self, wire: int, *modules: int) -> str:
        names = " -> ".join(self.plan.hardware.modules[module].name for module in modules)
        return f"qubit {wire}: {names}"

    def _share(self, share: Share, number: int) -> None:
        """Make one more copy: e-bits along the route, entanglement swapping inside, cat-entangler at its source."""
        for copy in self.parked.get(self.made, ()):
            self._park(self._wire(copy.segment), copy.target)
        self.made += 1
        wire = self._wire(share.segment)
        source = self.copies[wire].get(share.route[0])
        if source is None or share.target in self.copies[wire]:
            raise InternalError(f"share of segment {share.segment} over modules {share.route} starts without a copy")
        self.script.remark(f"{'teleport' if share.teleport else 'share'} {self._describe(wire, *share.route)}")
        near, far = joined(self.script, self.slots, share.route)
        self._fetch(wire, number)
        self.script.entangle(source, near, far)
        self.slots.release(near)
        self.copies[wire][share.target] = far

    def _unshare(self, share: Share) -> None:
        """Remove the copy that a share made."""
        wire = self._wire(share.segment)
        if self.home[wire] == share.target or share.target not in self.copies[wire]:
            raise InternalError(f"share of segment {share.segment} ends without a copy in module {share.target}")
        self.script.remark(f"end of share {self._describe(wire, share.target)}")
        self._remove_copy(wire, share.target)

    def _remove_copy(self, wire: int, module: int) -> None:
        slot = self.copies[wire].pop(module)
        self.script.disentangle(slot, self.home_slot(wire))
        self.slots.release(slot)

    def _settle(self, share: Share) -> None:
        """Bring a teleported qubit to a data qubit, unless it is parked in one."""
        wire = self._wire(share.segment)
        if share.parked == NOT_PARKED:
            self._park(wire, share.target)
        self.script.homes.append((len(self.script.op), wire, self.home_slot(wire)))

    def _park(self, wire: int, module: int) -> None:
        """Bring a copy from its comm qubit to a data qubit."""
        comm = self.copies[wire][module]
        data = self.slots.take(module, Side.DATA)
        if not self.slots.clean(data):
            self.script.do(Op.RESET, data)
        self.script.do(Op.SWAP, comm, data)
        self.slots.release(comm)
        self.copies[wire][module] = data

    # -- stays -----------------------------------------------------------------------------------------------------

    def _store(self, stay: Stay) -> None:
        """Bring a qubit from home to a memory qubit."""
        wire, slot = stay.wire, self.home_slot(stay.wire)
        at_home = self.home[wire] == stay.home and self.slots.positions[slot].side is Side.DATA
        if wire in self.memory.stays or not at_home or len(self.copies[wire]) > 1:
            raise InternalError(f"qubit {wire} leaves for a stay in module {stay.module} without being at home alone")
        self.script.remark(f"into memory {self._describe(wire, *stay.route)}")
        self.memory.store(stay, slot)

    def _fetch(self, wire: int, number: int) -> None:
        """Bring a qubit home, if it is in memory."""
        stay = self.memory.stays.get(wire)
        if stay is None:
            return
        if stay.end != number:
            raise InternalError(f"qubit {wire} is needed at event {number}, but in memory until event {stay.end}")
        self.script.remark(f"out of memory {self._describe(wire, *stay.route[::-1])}")
        self.memory.fetch(stay, self.home_slot(wire))

    # -- events ----------------------------------------------------------------------------------------------------

    def _enter_segment(self, segment: int) -> None:
        """If the segment begins elsewhere than the one before, move the wire's home."""
        wire, home = self._wire(segment), self.segment_home[segment]
        old = self.home[wire]
        if home == old:
            return
        if self.segments.fresh[segment]:
            self.slots.release(self.copies[wire].pop(old))
            self.copies[wire][home] = self.slots.take(home, Side.DATA)
            self.home[wire] = home
            self.script.homes.append((len(self.script.op), wire, self.home_slot(wire)))
            return
        if home not in self.copies[wire]:
            raise InternalError(f"segment {segment} begins in module {home} without a copy there")
        self.home[wire] = home
        self.script.remark(f"end of teleport {self._describe(wire, old)}")
        self._remove_copy(wire, old)

    def _act(self, event: Event, host: int) -> None:
        """The event itself; `host` is where a gate runs."""
        wire, condition, line = self._wire(event.segment), event.condition, event.line
        match event.kind:
            case Kind.GATE:
                other, angle = self._wire(event.other), snapped(event.angle)
                for module in (host, *self._survivors(event.segment, event.other, host)):
                    self._gate(wire, other, module, angle, condition, line)
            case Kind.MEASURE:
                self.script.measure(self.home_slot(wire), event.clbit, condition, line)
            case Kind.RESET:
                self.script.do(Op.RESET, self.home_slot(wire), condition=condition, line=line)
            case _ if event.matrix:
                self._local(wire, event.matrix, condition, line)
                if event.kind is Kind.CUT:
                    self._carry_over(event.segment)

    def _gate(self, a: int, b: int, module: int, angle: float, condition: int, line: int) -> None:
        try:
            pair = self.copies[a][module], self.copies[b][module]
        except KeyError:
            raise InternalError(f"a gate of line {line} runs in module {module} without both qubits there") from None
        op, params = (Op.CZ, ()) if abs(angle) == np.pi else (Op.CP, (angle,))
        self.script.do(op, *pair, params=params, condition=condition, line=line)

    def _survivors(self, segment: int, other: int, host: int) -> list[int]:
        """Where copies live through an X-type stretch that a gate belongs to: it flips them, too."""
        bridged = [side for side in (segment, other) if side in self.bridged]
        if not bridged:
            return []
        wire = self._wire(bridged[0])
        home = self.home[wire]
        if len(bridged) > 1 or host != home:
            raise InternalError(f"a gate of the bridged segment {bridged[0]} runs elsewhere than at its home {home}")
        return [module for module in self.copies[wire] if module != home]

    def _carry_over(self, segment: int) -> None:
        """Take the copies that live on over the cut that begins a segment: into an X-type stretch, or out of it."""
        wire = self._wire(segment)
        copies = [copy for module, copy in self.copies[wire].items() if module != self.home[wire]]
        if copies and segment not in self.bridged and segment - 1 not in self.bridged:
            raise InternalError(f"a copy of qubit {wire} outlives the segment before {segment}")
        for copy in copies:
            self.script.do(Op.H, copy)
            if segment - 1 in self.bridged and flips_when_idle(self.segments, segment - 1):
                self.script.do(Op.X, copy)

    def _local(self, wire: int, matrix: Matrix2, condition: int, line: int) -> None:
        """A unitary at home; if it flips the qubit, every other copy is flipped too (phases count once)."""
        op, params = name_unitary(matrix)
        home = self.home_slot(wire)
        self.script.do(op, home, params=params, condition=condition, line=line)
        if is_antidiagonal(matrix):
            for copy in self.copies[wire].values():
                if copy != home:
                    self.script.do(Op.X, copy, condition=condition, line=line)
