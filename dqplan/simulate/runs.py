"""Runs: many executions of one circuit side by side, as state vectors over the qubits that are in superposition.

A qubit whose value is known, because it was reset or measured, has no axis: comm qubits, which live from a reset to a
measurement, cost nothing in between. All operations act on all runs at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit, Condition, Operation
from dqplan.core.gates import Op, gate_matrix
from dqplan.core.outlook import Floats
from dqplan.core.statevector import State, apply_matrix

Bits = NDArray[np.uint8]
Mask = NDArray[np.bool_]

NEGLIGIBLE = 1e-12
"""Outcomes of smaller probability are rounding."""


class Runs:
    """Some runs of a circuit; all qubits begin in |0>, all bits as 0.

    Args:
        count: how many.
        circuit: what will be done.
        rng: of outcomes and errors. None: nothing is random; a run parts in two at every measurement that can end in
            two ways, and `weight` says how probable each is.
    """

    def __init__(self, count: int, circuit: Circuit, rng: np.random.Generator | None) -> None:
        self.rng = rng
        self.weight: Floats = np.ones(count)
        self.bits: Bits = np.zeros((count, circuit.num_clbits), dtype=np.uint8)
        self._known: Bits = np.zeros((count, circuit.num_qubits), dtype=np.uint8)
        self._axes: list[int] = []
        self._state: State = np.ones(count, dtype=np.complex128)

    def __len__(self) -> int:
        return len(self.bits)

    @property
    def size(self) -> int:
        """Amplitudes of all runs."""
        return self._state.size

    def load(self, qubits: Sequence[int], states: State) -> None:
        """Put qubits into states of all of them, shape (runs, 2^n), the first qubit most significant."""
        self._axes = list(qubits)
        self._state = states.reshape(len(self), *(2,) * len(qubits)).copy()

    def states(self, qubits: Sequence[int]) -> State:
        """The states of some qubits, shape (runs, 2^n), the first qubit most significant; the others are measured."""
        for qubit in [qubit for qubit in self._axes if qubit not in qubits]:
            self._observe(qubit, None)
        for qubit in qubits:
            self._raise(qubit)
        order = [1 + self._axes.index(qubit) for qubit in qubits]
        return self._state.transpose(0, *order).reshape(len(self), -1)

    def do(self, operation: Operation) -> None:
        """A measurement, reset or gate; under a condition, in the runs in which it holds."""
        match operation.op:
            case Op.MEASURE:
                rows, ones = self._observe(operation.qubits[0], operation.condition)
                self.bits[rows, operation.clbit] = ones[rows]
            case Op.RESET:
                rows, ones = self._observe(operation.qubits[0], operation.condition)
                self.flip(operation.qubits[0], rows & ones)
            case Op.X:
                self.flip(operation.qubits[0], self._where(operation.condition))
            case Op.ID:
                pass
            case _:
                self._apply(operation)

    def flip(self, qubit: int, rows: Mask) -> None:
        """X on a qubit in some runs."""
        if qubit not in self._axes:
            self._known[rows, qubit] ^= 1
        elif rows.any():
            self._state[rows] = np.flip(self._state[rows], 1 + self._axes.index(qubit))

    def turn(self, qubit: int, rows: Mask) -> None:
        """Z on a qubit in some runs, up to a phase of the run."""
        if qubit in self._axes:
            self._block(qubit, 1)[rows] *= -1

    def misread(self, clbit: int, rows: Mask) -> None:
        """A bit is wrong in some runs."""
        self.bits[rows, clbit] ^= 1

    def decay(self, qubit: int, probability: Floats, rng: np.random.Generator) -> None:
        """Amplitude damping by jumps: of a qubit, the part in |1> falls into |0> with `probability`, by run."""
        chance = rng.random(len(self))
        if qubit not in self._axes:
            self._known[chance < probability, qubit] = 0
            return
        falls = chance < probability * self._excited(qubit)
        zero, one = self._block(qubit, 0), self._block(qubit, 1)
        zero[falls] = one[falls]
        one *= _along(np.where(falls, 0.0, np.sqrt(1 - probability)), one)
        self._state /= _along(np.sqrt(_norms(self._state)), self._state)

    def _where(self, condition: Condition | None) -> Mask:
        """The runs in which a condition holds."""
        rows = np.ones(len(self), dtype=np.bool_)
        for term in condition.terms if condition else ():
            wanted = [term.value >> place & 1 for place in range(len(term.clbits))]
            possible = term.value >> len(term.clbits) == 0
            found = possible & (self.bits[:, term.clbits] == wanted).all(axis=1)
            rows &= found if term.equal else ~found
        return rows

    def _apply(self, operation: Operation) -> None:
        rows = self._where(operation.condition)
        if not rows.any():
            return
        for qubit in operation.qubits:
            self._raise(qubit)
        axes = [1 + self._axes.index(qubit) for qubit in operation.qubits]
        matrix = gate_matrix(operation.op, operation.params)
        if rows.all():
            self._state = apply_matrix(self._state, matrix, axes)
        else:
            self._state[rows] = apply_matrix(self._state[rows], matrix, axes)

    def _observe(self, qubit: int, condition: Condition | None) -> tuple[Mask, Mask]:
        """Find out the value of a qubit in the runs in which a condition holds; says in which, and where it is 1."""
        if qubit not in self._axes:
            return self._where(condition), self._known[:, qubit] == 1
        excited = self._excited(qubit)
        ones = self._part(self._where(condition), excited) if self.rng is None else self.rng.random(len(self)) < excited
        rows = self._where(condition)
        other = np.where(ones, 0, 1)
        for value in (0, 1):
            self._block(qubit, value)[rows & (other == value)] = 0
        self._state /= _along(np.sqrt(_norms(self._state)), self._state)
        if rows.all():
            self._state = self._block(qubit, 0) + self._block(qubit, 1)  # one of them is 0
            self._known[:, qubit] = ones
            self._axes.remove(qubit)
        return rows, ones

    def _part(self, rows: Mask, excited: Floats) -> Mask:
        """Make two of each run that can go on in two ways, and say where the qubit is 1."""
        both = rows & (excited > NEGLIGIBLE) & (excited < 1 - NEGLIGIBLE)
        source = np.concatenate([np.arange(len(self)), np.flatnonzero(both)])
        ones = np.concatenate([~both & (excited > 0.5), np.ones(int(both.sum()), dtype=np.bool_)])
        share = np.where(both[source], np.where(ones, excited[source], 1 - excited[source]), 1.0)
        self.weight = self.weight[source] * share
        self.bits, self._known, self._state = self.bits[source], self._known[source], self._state[source]
        return ones

    def _raise(self, qubit: int) -> None:
        """Give a qubit an axis, the last one."""
        if qubit in self._axes:
            return
        raised = np.zeros((*self._state.shape, 2), dtype=np.complex128)
        ones = self._known[:, qubit] == 1
        raised[~ones, ..., 0], raised[ones, ..., 1] = self._state[~ones], self._state[ones]
        self._state = raised
        self._axes.append(qubit)

    def _excited(self, qubit: int) -> Floats:
        """The probability of 1, by run."""
        return np.clip(_norms(self._block(qubit, 1)), 0.0, 1.0)

    def _block(self, qubit: int, value: int) -> State:
        """The amplitudes for which a qubit holds a value, as a view."""
        index: list[int | slice] = [slice(None)] * self._state.ndim
        index[1 + self._axes.index(qubit)] = value
        block: State = self._state[tuple(index)]
        return block


def most_axes(circuit: Circuit, order: Sequence[int], loaded: Sequence[int]) -> int:
    """Most qubits that may be in superposition at once, if those in `loaded` are from the beginning."""
    live, most = set(loaded), len(loaded)
    op, qubits, condition = circuit.op.tolist(), circuit.qubits.tolist(), circuit.condition.tolist()
    for row in order:
        operands = [qubit for qubit in qubits[row] if qubit >= 0]
        if op[row] in (Op.MEASURE, Op.RESET):
            live -= set(operands) if condition[row] < 0 else set()
        elif op[row] not in (Op.X, Op.ID):
            live |= set(operands)
            most = max(most, len(live))
    return most


def _norms(states: State) -> Floats:
    """Squared norms, by run."""
    flat = states.reshape(len(states), -1)
    norms: Floats = np.einsum("ij,ij->i", flat.real, flat.real) + np.einsum("ij,ij->i", flat.imag, flat.imag)
    return norms


def _along(values: Floats, states: State) -> Floats:
    """One value per run, in a shape that multiplies states."""
    return values.reshape(-1, *(1,) * (states.ndim - 1))
