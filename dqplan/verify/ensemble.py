"""Exact simulation over all measurement outcomes at once: one pure state per branch, in coordinates that all share.

Branches that agree in everything a later step can still see are merged: the mixture that they form is written with as
few vectors as it has nonzero eigenvalues. Behind a correct protocol that is a single one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Condition, Operation
from dqplan.core.gates import Op, gate_matrix
from dqplan.core.statevector import State, apply_matrix
from dqplan.verify.branch import NEGLIGIBLE, Branch, compress, condition_holds, copy_axis, overlap, project
from dqplan.verify.coordinates import Coordinates, Move, solve_parities
from dqplan.verify.operands import diagonal_operands, operand_values

_CX = gate_matrix(Op.CX)
_BRANCHES_EXPECTED = 2
"""A dry run counts work as if there were always two: the outcomes of one measurement, merged before the next."""


class Ensemble:
    """The branches of a program, which starts with all qubits in |0> and all bits 0.

    Args:
        num_qubits: program qubits and reference qubits together.
        dry: do the book-keeping only, to learn `peak_axes` and `work` before anything is computed.
    """

    def __init__(self, num_qubits: int, *, dry: bool = False) -> None:
        self.coordinates = Coordinates(num_qubits)
        self.branches = [] if dry else [Branch(np.ones((), dtype=np.complex128))]
        self.peak_axes = 0
        self.peak_branches = len(self.branches)
        self.work = 0

    @property
    def size(self) -> int:
        """Amplitudes over all branches."""
        return len(self.branches) << len(self.coordinates.axes)

    def entangle(self, qubit: int, reference: int) -> None:
        """Put two qubits that hold |0> into (|00> + |11>)/√2."""
        self.load(qubit, np.full(2, math.sqrt(0.5), dtype=np.complex128))
        self.coordinates.masks[reference] = self.coordinates.masks[qubit]

    def load(self, qubit: int, amplitudes: NDArray[np.complex128]) -> None:
        """Put a qubit that holds |0> into a|0> + b|1>."""
        self.coordinates.masks[qubit] = self.coordinates.add_axis()
        self._map(lambda state: np.multiply.outer(amplitudes, state))

    def gate(self, operation: Operation) -> None:
        """A gate; under a condition, in the branches where it holds."""
        op, qubits, condition = operation.op, operation.qubits, operation.condition
        if op == Op.X:
            flip = 1 << qubits[0]
            self._replace_where(condition, lambda branch: replace(branch, flips=branch.flips ^ flip))
        elif op == Op.CX and condition is None:
            self._add_value(*qubits)
        elif op == Op.SWAP and condition is None:
            self._exchange(*qubits)
        elif op != Op.ID:
            self._transform(operation)

    def measure(self, qubit: int, clbit: int, condition: Condition | None = None) -> None:
        """Measure in the Z basis into a classical bit."""
        bit = 1 << clbit
        for branch, outcome in self._outcomes(qubit, condition):
            self.branches.append(replace(branch, bits=branch.bits | bit if outcome else branch.bits & ~bit))

    def reset(self, qubit: int, condition: Condition | None = None) -> None:
        """Put a qubit into |0>; what it was entangled with becomes a mixture."""
        for branch, outcome in self._outcomes(qubit, condition):
            self.branches.append(replace(branch, flips=branch.flips ^ outcome << qubit))

    def forget(self, qubits: Iterable[int], clbits: Iterable[int]) -> None:
        """Discard qubits and classical bits that nothing will look at again, and merge what they kept apart."""
        for qubit in qubits:
            self.reset(qubit)
        bits = sum(1 << clbit for clbit in clbits)
        self.branches = [replace(branch, bits=branch.bits & ~bits) for branch in self.branches]
        self._merge()

    def vectors(self, kept: Sequence[int]) -> dict[int, NDArray[np.complex128]]:
        """The final mixture by value of the classical bits: arrays (branches, 2^len(kept)), first qubit first.

        All other qubits must have been discarded.
        """
        for qubit in kept:
            self._separate(qubit)
        order = [self.coordinates.axes.index(self.coordinates.masks[qubit]) for qubit in kept]
        found: dict[int, list[State]] = {}
        for branch in self.branches:
            flipped = tuple(place for place, qubit in enumerate(kept) if branch.flips >> qubit & 1)
            state = np.flip(np.transpose(branch.state, order), flipped)
            found.setdefault(branch.bits, []).append(state.reshape(-1))
        return {bits: np.stack(states) for bits, states in found.items()}

    def _add_value(self, control: int, target: int) -> None:
        self.coordinates.masks[target] ^= self.coordinates.masks[control]
        self.branches = [replace(b, flips=b.flips ^ (b.flips >> control & 1) << target) for b in self.branches]

    def _exchange(self, a: int, b: int) -> None:
        masks = self.coordinates.masks
        masks[a], masks[b] = masks[b], masks[a]
        both = 1 << a | 1 << b
        self.branches = [
            replace(x, flips=x.flips ^ both) if (x.flips >> a ^ x.flips >> b) & 1 else x for x in self.branches
        ]

    def _transform(self, operation: Operation) -> None:
        qubits = operation.qubits
        involved = self._prepare(operation)
        places = self.coordinates.positions(involved)
        if not places:
            return  # a diagonal gate on known values: a global phase of the branch
        labels = [self.coordinates.axes[place] for place in places]
        values = operand_values(tuple(self.coordinates.masks[q] for q in qubits), tuple(labels))
        matrix = gate_matrix(operation.op, operation.params)

        def transformed(branch: Branch) -> Branch:
            index = values ^ sum((branch.flips >> q & 1) << k for k, q in enumerate(reversed(qubits)))
            return replace(branch, state=apply_matrix(branch.state, matrix[np.ix_(index, index)], places))

        self._replace_where(operation.condition, transformed)
        self._count()

    def _prepare(self, operation: Operation) -> int:
        """Choose coordinates for a gate: an axis of its own for every operand that it does not act on diagonally.

        Returns:
            The axes that the values of all operands depend on.
        """
        diagonal = diagonal_operands(operation.op, operation.params)
        order = sorted(range(len(diagonal)), key=diagonal.__getitem__)
        involved = 0
        for qubit, is_diagonal in ((operation.qubits[place], diagonal[place]) for place in order):
            if is_diagonal:
                self._move(self.coordinates.isolate(qubit, avoid=involved))
            else:
                self._separate(qubit)
            involved |= self.coordinates.masks[qubit]
        return involved

    def _separate(self, qubit: int) -> None:
        """Give a qubit an axis that nothing else depends on; if other qubits determine its value, a new one."""
        moves = self.coordinates.separate(qubit)
        if moves is not None:
            self._move(moves)
            return
        self._move(self.coordinates.isolate(qubit))
        source = self.coordinates.positions(self.coordinates.masks[qubit])
        self.coordinates.masks[qubit] = self.coordinates.add_axis()
        self._map(lambda state: copy_axis(state, source))

    def _move(self, moves: Iterable[Move]) -> None:
        for move in moves:
            self._map(lambda state, move=move: apply_matrix(state, _CX, move))  # type: ignore[misc]

    def _outcomes(self, qubit: int, condition: Condition | None) -> Iterator[tuple[Branch, int]]:
        """The branches behind a measurement, to be put back by the caller, with their outcomes."""
        self._move(self.coordinates.isolate(qubit))
        axis = self.coordinates.masks[qubit]
        place = self.coordinates.positions(axis)
        before, self.branches = self.branches, []
        # Under a condition the axis must stay, because it is not measured in every branch.
        dependent = self.coordinates.drop_axis(axis) if axis and condition is None else []
        flips = sum(1 << each for each in dependent)
        self._count()
        for branch in before:
            if condition is not None and not condition_holds(condition, branch.bits):
                self.branches.append(branch)
                continue
            flip = branch.flips >> qubit & 1
            for value in (0, 1) if axis else (0,):
                state = project(branch.state, place, value, drop=condition is None)
                if overlap(state, state).real > NEGLIGIBLE:
                    yield replace(branch, state=state, flips=branch.flips ^ flips * value), value ^ flip

    def _merge(self) -> None:
        if len(self.branches) < 2:
            return
        groups: dict[tuple[int, int], list[Branch]] = {}
        for branch in map(self._canonical, self.branches):
            groups.setdefault((branch.bits, branch.flips), []).append(branch)
        self.branches = [
            replace(group[0], state=state)
            for group in groups.values()
            for state in compress([branch.state for branch in group])
        ]

    def _canonical(self, branch: Branch) -> Branch:
        """The same branch with axes reversed so that as few qubits as possible are flipped, always the same way."""
        masks = self.coordinates.masks
        shift = solve_parities(masks, [branch.flips >> qubit & 1 for qubit in range(len(masks))])
        if not shift:
            return branch
        places = tuple(self.coordinates.positions(shift))
        flips = branch.flips ^ sum(((mask & shift).bit_count() & 1) << qubit for qubit, mask in enumerate(masks))
        return replace(branch, state=np.flip(branch.state, places), flips=flips)

    def _map(self, change: Callable[[State], State]) -> None:
        self.branches = [replace(branch, state=change(branch.state)) for branch in self.branches]
        self._count()

    def _replace_where(self, condition: Condition | None, change: Callable[[Branch], Branch]) -> None:
        self.branches = [
            change(branch) if condition is None or condition_holds(condition, branch.bits) else branch
            for branch in self.branches
        ]

    def _count(self) -> None:
        self.peak_axes = max(self.peak_axes, len(self.coordinates.axes))
        self.peak_branches = max(self.peak_branches, len(self.branches))
        self.work += (len(self.branches) or _BRANCHES_EXPECTED) << len(self.coordinates.axes)
