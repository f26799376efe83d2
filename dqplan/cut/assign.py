"""Which island each segment is in, so that the product of the overheads is least, by CP-SAT.

Of several such assignments one is taken whose largest island is small: it has fewer qubits to keep.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dqplan.core.cutting import WIRE_OVERHEAD, gate_overhead
from dqplan.core.plan import Effort
from dqplan.core.segments import Segments
from dqplan.cut.parts import bound_segments, occupants
from dqplan.solve.stop import Clock, watched

_UNIT = 1e-7
"""Logarithms of overheads are rounded to whole multiples of this."""
_WORK = {Effort.QUICK: 2.0, Effort.NORMAL: 20.0, Effort.THOROUGH: 200.0}
"""CP-SAT's deterministic time, about seconds on one core, for each of two models."""
_MOST_CELLS = {Effort.QUICK: 20_000, Effort.NORMAL: 200_000, Effort.THOROUGH: 2_000_000}
"""Up to so many (moments x wires x islands) qubits may change their island."""
STAYING = "CP-SAT, for qubits that stay in their islands"
MOVING = "CP-SAT, for cuts of gates and wires"


@dataclass(frozen=True, eq=False)
class Assignment:
    """An island for each segment.

    Attributes:
        island_of: int (s,).
        optimal: whether no other one in the class has less overhead, up to rounding.
        least_overhead: proved for all assignments in the class.
        proved_by: how, and for which class.
    """

    island_of: NDArray[np.int64]
    optimal: bool
    least_overhead: float
    proved_by: str


def gate_weights(segments: Segments) -> NDArray[np.float64]:
    """The logarithm of the overhead of cutting each gate: CP(θ) is exp(iθ/4 Z⊗Z) and turns of each qubit."""
    return np.array([math.log(gate_overhead(angle / 2)) for angle in segments.angle[segments.gates].tolist()])


def assign_islands(
    segments: Segments, capacity: NDArray[np.int64], *, effort: Effort, seed: int, clock: Clock
) -> Assignment | None:
    """The assignment with the least overhead that was found; None if there is none, or none was found in time.

    First qubits stay where they are; then, unless the circuit is large, they may move between segments. At last the
    islands are evened out.

    Args:
        segments: the circuit.
        capacity: data qubits of each island.
        effort: how long to search.
        seed: of CP-SAT.
        clock: ends the search early.
    """
    best = None
    moments = int((segments.opening >= 0).sum()) + 1
    large = moments * segments.num_wires * len(capacity) > _MOST_CELLS[effort]
    for moves in (False, True):
        if moves and (large or clock.expired):
            break
        model = _Model(segments, capacity, moves=moves)
        found = model.solve(best, _WORK[effort], seed, clock)
        if found is not None:
            best, last = found, model
    return best and last.evened(best, _WORK[effort] / 4, seed, clock)


class _Model:
    """One Boolean for each island and each thing that moves as a whole: a wire, or a segment."""

    def __init__(self, segments: Segments, capacity: NDArray[np.int64], *, moves: bool) -> None:
        from ortools.sat.python import cp_model

        self.cp: Any = cp_model
        self.segments, self.capacity, self.moves = segments, capacity, moves
        self.model: Any = cp_model.CpModel()
        self.part = np.arange(segments.num_segments) if moves else segments.wire
        """The thing that each segment belongs to."""
        self.there = [[self.model.new_bool_var("") for _ in capacity.tolist()] for _ in range(int(self.part.max()) + 1)]
        self.loss: dict[tuple[int, int], int] = {}
        """By pair of things, what it costs if they are apart."""
        self.rows = np.unique(self.part[occupants(segments) if moves else segments.first[None, :]], axis=0).tolist()
        """The things that are there at the same time."""
        self._build()

    def _build(self) -> None:
        for variables in self.there:
            self.model.add_exactly_one(variables)
        for group in bound_segments(self.segments):
            for other in group[1:]:
                self._together(int(self.part[group[0]]), int(self.part[other]))
        self._fit()
        self._price()
        self._break_symmetry()

    def _together(self, a: int, b: int) -> None:
        for first, second in zip(self.there[a], self.there[b], strict=True):
            self.model.add(first == second)

    def _fit(self) -> None:
        """No island ever holds more qubits than it has data qubits."""
        for row in self.rows:
            for island, room in enumerate(self.capacity.tolist()):
                if room < len(row):
                    self.model.add(sum(self.there[part][island] for part in row) <= room)

    def _price(self) -> None:
        segments = self.segments
        for (a, b), weight in zip(segments.gate_pairs.tolist(), gate_weights(segments).tolist(), strict=True):
            self._apart(a, b, weight)
        if self.moves:
            joined = np.flatnonzero(segments.following >= 0)
            for segment in joined[~segments.fresh[segments.following[joined]]].tolist():
                self._apart(segment, int(segments.following[segment]), math.log(WIRE_OVERHEAD))
        terms = []
        for (a, b), loss in self.loss.items():
            apart = self.model.new_bool_var("")
            for first, second in zip(self.there[a], self.there[b], strict=True):
                self.model.add_implication(first, second).only_enforce_if(~apart)
            terms.append(loss * apart)
        self.total = sum(terms)
        self.model.minimize(self.total)

    def _apart(self, a: int, b: int, weight: float) -> None:
        """Note a price for two segments in different islands."""
        first, second = sorted((int(self.part[a]), int(self.part[b])))
        self.loss[first, second] = self.loss.get((first, second), 0) + max(1, round(weight / _UNIT))

    def _break_symmetry(self) -> None:
        """The first thing is in the first of all islands that are as large as its own."""
        sizes = self.capacity.tolist()
        for island, room in enumerate(sizes):
            if room in sizes[:island]:
                self.model.add(self.there[0][island] == 0)

    def solve(self, start: Assignment | None, work: float, seed: int, clock: Clock) -> Assignment | None:
        """The best that is found from a start."""
        solver, status = self._solved(start, work, seed, clock)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        slack = 0.5 * _UNIT * len(self.loss)
        least = math.exp(max(0.0, solver.best_objective_bound * _UNIT - slack))
        return Assignment(self._islands(solver), status == self.cp.OPTIMAL, least, MOVING if self.moves else STAYING)

    def evened(self, found: Assignment, work: float, seed: int, clock: Clock) -> Assignment:
        """One that is as good, with the fewest qubits in the largest island."""
        largest = self.model.new_int_var(0, self.segments.num_wires, "")
        for row in self.rows:
            for island in range(len(self.capacity)):
                self.model.add(sum(self.there[part][island] for part in row) <= largest)
        of_part = dict(zip(self.part.tolist(), found.island_of.tolist(), strict=True))
        spent = sum(loss for (a, b), loss in self.loss.items() if of_part[a] != of_part[b])
        self.model.add(self.total <= spent)
        self.model.minimize(largest)
        solver, status = self._solved(found, work, seed, clock)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return found
        return replace(found, island_of=self._islands(solver))

    def _solved(self, start: Assignment | None, work: float, seed: int, clock: Clock) -> tuple[Any, Any]:
        if start is not None:
            self._hint(start.island_of)
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = work
        solver.parameters.catch_sigint_signal = False  # it would leave the process without Python's own handler
        return solver, watched(lambda: solver.solve(self.model), clock, solver.stop_search)

    def _islands(self, solver: Any) -> NDArray[np.int64]:
        """The island of each segment."""
        islands = [[solver.boolean_value(here) for here in variables].index(True) for variables in self.there]
        return np.array(islands, dtype=np.int64)[self.part]

    def _hint(self, island_of: NDArray[np.int64]) -> None:
        self.model.clear_hints()
        for part, island in dict(zip(self.part.tolist(), island_of.tolist(), strict=True)).items():
            for number, variable in enumerate(self.there[part]):
                self.model.add_hint(variable, number == island)
