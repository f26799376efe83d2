"""Circuit x error budget -> Plan: weak gates are dropped where that saves e-bits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace

import numpy as np

from dqplan.core.circuit import Circuit
from dqplan.core.dropping import Dropped, DroppedGate, angle_budget, weak_angle, without_gates
from dqplan.core.errors import StoppedError
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Plan
from dqplan.core.segments import Segments
from dqplan.core.share import Share

_PARTS = (1.0, 0.5, 0.25, 0.125)
"""Of the angles that the budget has room for, for sets of the weakest gates."""
_ROUNDS = 4
"""How often the shares of the best plan are looked at again."""

Search = Callable[[Segments], Plan]


def drop_gates(circuit: Circuit, error_budget: float, search: Search) -> Plan:
    """The plan with the fewest e-bits among some that leave out weak gates.

    First the weakest gates of all, as many as parts of the budget allow, and those of them put back that join qubits at
    home in one module; then, in turns, from the best plan so far whole shares, those first whose gates are weakest by
    e-bit. Each set is planned anew, about a dozen in all. If none saves an e-bit, nothing is dropped.

    Args:
        circuit: with all its gates.
        error_budget: the greatest infidelity for any input, 0 to 1, as `core.dropping` bounds it.
        search: makes a plan for a normal form; it must not depend on the lines of events.

    Raises:
        InfeasibleError, StoppedError: as the search.

    >>> import dqplan
    >>> circuit, hardware = dqplan.load_circuit("sample_circuits/qft_8.qasm"), dqplan.load_hardware("line:4x3+2")
    >>> quick = lambda segments: dqplan.solve_plan(segments, hardware, effort=dqplan.Effort.QUICK)
    >>> exact, less = quick(dqplan.segments_of(circuit)), drop_gates(circuit, 0.02, quick)
    >>> less.cost.ebits < exact.cost.ebits, less.dropped.infidelity <= 0.02
    (True, True)
    """
    numbered = replace(circuit, line=np.arange(1, len(circuit) + 1, dtype=np.int32))
    angles = {row: angle for row, operation in enumerate(circuit) if (angle := weak_angle(operation)) is not None}
    pool = _Pool(numbered, angles, angle_budget(error_budget), search)
    exact = pool.add(frozenset())
    if error_budget > 0:
        with suppress(StoppedError):  # there is one plan
            _fill(pool)
    rows = pool.best
    best = pool.plans[rows]
    gates = tuple(DroppedGate(row, circuit[row], angles[row]) for row in sorted(rows))
    dropped = Dropped(circuit, error_budget, gates, exact.cost.ebits - best.cost.ebits) if gates else None
    return _relined(best, circuit, without_gates(circuit, rows), dropped)


def _fill(pool: _Pool) -> None:
    """More plans, that leave out gates."""
    for part in _PARTS:
        weakest = pool.weakest(part)
        plan = pool.add(weakest)
        pool.add(weakest - _at_home(pool.circuit, plan, weakest))
    for _ in range(_ROUNDS):
        rows = pool.best
        if pool.add(_with_shares(pool, rows)) is pool.plans[rows]:
            return


class _Pool:
    """Plans by what they leave out."""

    def __init__(self, circuit: Circuit, angles: Mapping[int, float], budget: float, search: Search) -> None:
        self.circuit, self.angles, self.budget, self.search = circuit, angles, budget, search
        self.plans: dict[frozenset[int], Plan] = {}

    def add(self, rows: frozenset[int]) -> Plan:
        """The plan without some gates."""
        if rows not in self.plans:
            self.plans[rows] = self.search(segments_of(without_gates(self.circuit, rows)))
        return self.plans[rows]

    def weakest(self, part: float) -> frozenset[int]:
        """As many of the weakest gates as a part of the budget has room for."""
        taken, left = set(), part * self.budget
        for row in sorted(self.angles, key=lambda row: (self.angles[row], row)):
            left -= self.angles[row]
            if left < 0:
                break
            taken.add(row)
        return frozenset(taken)

    @property
    def best(self) -> frozenset[int]:
        """What the plan with the fewest e-bits leaves out; of several the one that leaves out least."""
        return min(
            self.plans,
            key=lambda rows: (self.plans[rows].cost.ebits, sum(self.angles[row] for row in rows), sorted(rows)),
        )


def _with_shares(pool: _Pool, rows: frozenset[int]) -> frozenset[int]:
    """More gates: all those of some shares of the plan, by their angles for each e-bit, while there is room."""
    plan = pool.plans[rows]
    prices = []
    for share in plan.shares:
        served = _served(plan, share)
        if served is not None and served <= set(pool.angles):
            price = sum(pool.angles[row] for row in served)
            prices.append((price / share.ebits, price, sorted(served)))
    taken = set(rows)
    for _, _, served_rows in sorted(prices):
        more = taken | set(served_rows)
        if sum(pool.angles[row] for row in more) <= pool.budget:
            taken = more
    return frozenset(taken)


def _served(plan: Plan, share: Share) -> set[int] | None:
    """The rows of the gates that a share serves; None if it does more, or a gate stands for several rows."""
    if share.teleport or share.bridges:
        return None
    segments = plan.segments
    touching = (segments.gate_pairs == share.segment).any(axis=1) & (plan.host == share.target)
    events = segments.gates[touching]
    if (segments.merged[events] != 1).any():
        return None
    return {int(line) - 1 for line in segments.line[events]}


def _at_home(circuit: Circuit, plan: Plan, rows: Collection[int]) -> frozenset[int]:
    """Gates between qubits that are at home in one module from beginning to end: dropping them saves nothing."""
    homes: dict[int, set[int]] = defaultdict(set)
    for wire, home in zip(plan.segments.wire.tolist(), plan.home.tolist(), strict=True):
        homes[wire].add(home)
    wire_of = list(range(circuit.num_qubits))
    found = set()
    for row, operation in enumerate(circuit):
        if operation.op is Op.SWAP and operation.condition is None:
            a, b = operation.qubits
            wire_of[a], wire_of[b] = wire_of[b], wire_of[a]
        elif row in rows and len(homes[wire_of[operation.qubits[0]]] | homes[wire_of[operation.qubits[1]]]) == 1:
            found.add(row)
    return frozenset(found)


def _relined(plan: Plan, whole: Circuit, circuit: Circuit, dropped: Dropped | None) -> Plan:
    """The plan with lines of the source in the place of numbers of rows."""
    numbers = plan.segments.line
    line = np.where(numbers > 0, whole.line[numbers - 1], 0).astype(np.int32)
    return replace(plan, segments=replace(plan.segments, circuit=circuit, line=line), dropped=dropped)
