"""A small exact simulator for tests: the unitary of a circuit, or every branch of a circuit that measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit, Operation
from dqplan.core.gates import Op, gate_matrix
from dqplan.core.statevector import State, apply_gate, apply_matrix, zero_state

Unitary = NDArray[np.complex128]

_PROJECTORS = (np.diag([1.0, 0.0]).astype(complex), np.diag([0.0, 1.0]).astype(complex))
_IMPOSSIBLE = 1e-12


@dataclass(frozen=True)
class Branch:
    """Bits measured so far, and the state they leave, whose squared norm is the branch's probability."""

    bits: tuple[int, ...]
    state: State

    @property
    def probability(self) -> float:
        return float(np.vdot(self.state, self.state).real)


def unitary_of(circuit: Circuit) -> Unitary:
    """Shape (2^n, 2^n), qubit 0 most significant; for circuits of gates only."""
    n = circuit.num_qubits
    columns = np.eye(2**n, dtype=complex).reshape((2,) * n + (2**n,))
    for row in circuit:
        columns = apply_matrix(columns, gate_matrix(row.op, row.params), row.qubits)
    return columns.reshape(2**n, 2**n)


def branches_of(circuit: Circuit, state: State | None = None) -> list[Branch]:
    """All branches with a probability above zero, from |0…0> unless a state is given."""
    start = zero_state(circuit.num_qubits) if state is None else state
    branches = [Branch((0,) * circuit.num_clbits, start)]
    for row in circuit:
        branches = [after for branch in branches for after in _step(branch, row) if after.probability > _IMPOSSIBLE]
    return branches


def distribution_of(circuit: Circuit) -> dict[tuple[int, ...], float]:
    """Final values of all classical bits -> probability."""
    totals: dict[tuple[int, ...], float] = defaultdict(float)
    for branch in branches_of(circuit):
        totals[branch.bits] += branch.probability
    return dict(totals)


def is_same_up_to_phase(found: Unitary, wanted: Unitary, tolerance: float = 1e-9) -> bool:
    """Whether two vectors or matrices agree element by element up to one phase."""
    overlap = np.vdot(found, wanted)
    return bool(np.abs(found * overlap / max(abs(overlap), _IMPOSSIBLE) - wanted).max() < tolerance)


def _step(branch: Branch, row: Operation) -> Iterator[Branch]:
    if row.condition is not None and not row.condition.holds(branch.bits):
        yield branch
    elif row.op not in (Op.MEASURE, Op.RESET):
        yield Branch(branch.bits, apply_gate(branch.state, row.op, row.qubits, row.params))
    else:
        for value, projector in enumerate(_PROJECTORS):
            state = apply_matrix(branch.state, projector, row.qubits)
            if row.op == Op.MEASURE:
                yield Branch((*branch.bits[: row.clbit], value, *branch.bits[row.clbit + 1 :]), state)
            else:
                yield Branch(branch.bits, apply_gate(state, Op.X, row.qubits) if value else state)
