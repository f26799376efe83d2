"""Steps on places -> native gates: runs of gates on one pair are written anew, one-qubit gates are merged.

Turns about the Z axis wait until something comes that they do not commute with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dqplan.core.circuit import Condition
from dqplan.core.commuting import AXES, Axis
from dqplan.core.gates import NUM_QUBITS, SYMMETRIC, Matrix2, Op, multiply, one_qubit_matrix
from dqplan.split.recompile.gate_set import GateSet
from dqplan.split.recompile.steps import Step
from dqplan.split.recompile.synthesis import IDENTITY, Gate, Part, Synthesis


class Row(NamedTuple):
    """One operation of the native program on places of a module."""

    op: Op
    places: tuple[int, ...]
    params: tuple[float, ...] = ()
    condition: Condition | None = None


class Segment(NamedTuple):
    """Rows that stand for one fixed step, or, if `step` is None, for the gates before the next one."""

    step: Step | None
    rows: list[Row]


def translate_steps(steps: Sequence[Step], gates: GateSet | None) -> Iterator[Segment]:
    """The native rows of a module's steps, by the fixed steps among them.

    Args:
        steps: on places.
        gates: what the module can do; None if everything, and the gates are then left as they are.
    """
    translator = _Translator(Synthesis(gates)) if gates is not None else _Copier()
    for step in steps:
        if step.fixed:
            translator.finish(step.qubits, wiped=step.wipes)
            yield Segment(None, translator.taken())
            yield Segment(step, list(translator.fixed(step)))
        else:
            translator.add(step)
    translator.finish(None)
    yield Segment(None, translator.taken())


class _Copier:
    """Leaves gates as they are."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    def add(self, step: Step) -> None:
        """A gate."""
        self._rows.append(Row(step.operation.op, step.qubits, step.operation.params))

    def finish(self, places: Sequence[int] | None, *, wiped: bool = False) -> None:
        """Write what has been kept back about some places, or about all."""

    def taken(self) -> list[Row]:
        """The rows since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def fixed(self, step: Step) -> Iterator[Row]:
        """The rows of a fixed step."""
        operation = step.operation
        yield Row(operation.op, step.qubits, operation.params, operation.condition)


@dataclass
class _Run:
    """Gates on one pair of places, and the turns of both since the last of them."""

    pair: tuple[int, int]
    parts: list[Part] = field(default_factory=list)
    after: list[Matrix2] = field(default_factory=lambda: [IDENTITY, IDENTITY])

    def turn(self, place: int, matrix: Matrix2) -> None:
        side = self.pair.index(place)
        self.after[side] = multiply(matrix, self.after[side])

    def add(self, gate: Gate) -> None:
        if self.parts and self.after != [IDENTITY, IDENTITY]:
            self.parts.append((self.after[0], self.after[1]))
        self.parts.append(gate)
        self.after = [IDENTITY, IDENTITY]


class _Translator(_Copier):
    """Keeps back, for each place, a turn that is not yet written, or the run that it takes part in."""

    def __init__(self, synthesis: Synthesis) -> None:
        super().__init__()
        self._synthesis = synthesis
        self._turns: dict[int, Matrix2] = {}
        self._runs: dict[int, _Run] = {}

    def add(self, step: Step) -> None:
        operation, places = step.operation, step.qubits
        if NUM_QUBITS[operation.op] == 1:
            self._turn(places[0], one_qubit_matrix(operation.op, operation.params))
            return
        a, b = places
        run = self._runs.get(a)
        if run is None or run is not self._runs.get(b):
            for place in places:
                self._close(place)
            run = self._runs[a] = self._runs[b] = _Run((a, b))
        flipped = run.pair != (a, b) and operation.op not in SYMMETRIC
        run.add(Gate(operation.op, operation.params, flipped))

    def finish(self, places: Sequence[int] | None, *, wiped: bool = False) -> None:
        for place in [*self._runs, *self._turns] if places is None else places:
            self._close(place)
            turn = self._turns.pop(place, IDENTITY)
            if not wiped:
                self._write_turn(place, turn)

    def fixed(self, step: Step) -> Iterator[Row]:
        operation = step.operation
        if operation.op >= Op.EPR or operation.op in self._synthesis.gates.ops:
            yield from super().fixed(step)
            return
        other = _Translator(self._synthesis)
        other.add(step)
        other.finish(None)
        for row in other.taken():
            yield row._replace(condition=operation.condition)

    def _turn(self, place: int, matrix: Matrix2) -> None:
        run = self._runs.get(place)
        if run is not None:
            run.turn(place, matrix)
        else:
            self._turns[place] = multiply(matrix, self._turns.get(place, IDENTITY))

    def _close(self, place: int) -> None:
        """Write the run that a place takes part in; what turns it last is kept back."""
        run = self._runs.get(place)
        if run is None:
            return
        for each in run.pair:
            del self._runs[each]
        woven = self._synthesis.woven(tuple(run.parts))
        for turns, gate in zip(woven.turns, woven.gates, strict=False):
            operands = run.pair[::-1] if gate.flipped else run.pair
            for each, turn in zip(run.pair, turns, strict=True):
                passes = AXES[gate.op, operands.index(each)] == Axis.Z
                whole = multiply(turn, self._turns.get(each, IDENTITY))
                self._turns[each] = self._write_turn(each, whole, passes=passes)
            self._rows.append(Row(gate.op, operands, gate.params))
        for each, turn, after in zip(run.pair, woven.turns[-1], run.after, strict=True):
            self._turns[each] = multiply(after, multiply(turn, self._turns.get(each, IDENTITY)))

    def _write_turn(self, place: int, matrix: Matrix2, *, passes: bool = False) -> Matrix2:
        """Write a turn; what is left of it is the last one about the Z axis, if that passes what comes next."""
        gates, rest = self._synthesis.turn(matrix), IDENTITY
        if passes and gates and gates[-1].op in (Op.RZ, Op.P):
            gates, rest = gates[:-1], one_qubit_matrix(gates[-1].op, gates[-1].params)
        self._rows += [Row(gate.op, (place,), gate.params) for gate in gates]
        return rest
