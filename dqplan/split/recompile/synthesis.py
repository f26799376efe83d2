"""Unitaries of one and two qubits in native gates, exact to rounding, with Qiskit's decompositions.

Qiskit's own passes round unitaries that are close to simpler ones (an average fidelity of 1 - 1e-9 counts as equal,
which drops a CP of 8e-5 radians); here the decompositions are called without that, and their result is checked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dqplan.core.errors import InternalError
from dqplan.core.gates import Matrix2, Op, adjoint, gate_matrix, multiply, one_qubit_matrix
from dqplan.core.native import SPELLINGS
from dqplan.core.one_qubit import snapped
from dqplan.core.recipes import Y_FRAME, phase_matrix
from dqplan.core.two_qubit import Pair, canonical_forms
from dqplan.split.recompile.gate_set import GateSet

Unitary = NDArray[np.complex128]
IDENTITY: Matrix2 = (1, 0, 0, 1)
EXACT = 1e-11
"""Largest deviation of a matrix element of what is written from what is asked for."""
_NEGLIGIBLE = 1e-12
"""Angles of one-qubit gates, radians, below which they are left out."""
_EXCHANGE = gate_matrix(Op.SWAP)
_X_FRAME = one_qubit_matrix(Op.H)


class Gate(NamedTuple):
    """A gate on one or two qubits; `flipped` if its first operand is the second of the two."""

    op: Op
    params: tuple[float, ...] = ()
    flipped: bool = False


class _Angled(NamedTuple):
    """How CP(θ) is made of a gate G with an angle: P(s₁θ) ⊗ P(s₂θ) · (F₁ ⊗ F₂)† · G(aθ) · (F₁ ⊗ F₂)."""

    angle: float
    frames: Pair
    phases: tuple[float, float]


_AS_CP: dict[Op, _Angled] = {
    Op.CP: _Angled(1, (IDENTITY, IDENTITY), (0, 0)),
    Op.CRZ: _Angled(1, (IDENTITY, IDENTITY), (0.5, 0)),
    Op.CRX: _Angled(1, (IDENTITY, _X_FRAME), (0.5, 0)),
    Op.CRY: _Angled(1, (IDENTITY, Y_FRAME), (0.5, 0)),
    Op.RZZ: _Angled(-0.5, (IDENTITY, IDENTITY), (0.5, 0.5)),
    Op.RXX: _Angled(-0.5, (_X_FRAME, _X_FRAME), (0.5, 0.5)),
    Op.RYY: _Angled(-0.5, (Y_FRAME, Y_FRAME), (0.5, 0.5)),
    Op.RZX: _Angled(-0.5, (IDENTITY, _X_FRAME), (0.5, 0.5)),
}

Part = Gate | Pair
"""A part of a run on two qubits: a two-qubit gate, or a turn of each."""


@dataclass(frozen=True)
class Woven:
    """A two-qubit unitary: turns of both qubits before, between and behind two-qubit gates, one more than these."""

    turns: tuple[Pair, ...]
    gates: tuple[Gate, ...]


class Synthesis:
    """Writes unitaries in the gates of one module; equal ones are worked out once."""

    def __init__(self, gates: GateSet) -> None:
        self.gates = gates
        self.turn = lru_cache(maxsize=1 << 16)(self._turn)
        self.woven = lru_cache(maxsize=1 << 16)(self._woven)

    def _turn(self, matrix: Matrix2) -> tuple[Gate, ...]:
        """A one-qubit unitary, up to its phase, in order of time."""
        circuit = self._euler(np.array(matrix, dtype=np.complex128).reshape(2, 2), simplify=True, atol=_NEGLIGIBLE)
        return tuple(
            Gate(SPELLINGS[step.operation.name], tuple(snapped(float(angle)) for angle in step.operation.params))
            for step in circuit.data
        )

    def _woven(self, run: tuple[Part, ...]) -> Woven:
        """The unitary of a run, up to its phase, with as few two-qubit gates as the gate set allows."""
        if len(run) == 1 and isinstance(run[0], Gate) and run[0].op in self.gates.ops:
            return Woven(((IDENTITY, IDENTITY),) * 2, (run[0],))
        unitary = product_of(run)
        found = [self._in_fixed_gates(unitary)]
        found += [self._in_angled_gates(unitary, self.gates.angled)] if self.gates.angled is not None else []
        exact = [way for way in found if deviation(way, unitary) <= EXACT]
        if not exact:
            raise InternalError(f"a two-qubit unitary cannot be written in the native gates of {self.gates.module}")
        return min(exact, key=lambda way: len(way.gates))

    def _in_fixed_gates(self, unitary: Unitary) -> Woven:
        """With none to three of one gate, the fewest that are exact (Vidal & Dawson, quant-ph/0307177)."""
        from qiskit.synthesis import TwoQubitWeylDecomposition

        basis, gate = self._basis
        # Qiskit's matrices have the first operand as the least significant bit.
        target = TwoQubitWeylDecomposition(_EXCHANGE @ unitary @ _EXCHANGE, fidelity=None)
        ways = (basis.decomp0, basis.decomp1, basis.decomp2_supercontrolled, basis.decomp3_supercontrolled)
        for count, way in enumerate(ways):
            factors = [_as_tuple(factor) for factor in way(target)]
            woven = Woven(tuple(zip(factors[::2], factors[1::2], strict=True)), (gate,) * count)
            if deviation(woven, unitary) <= EXACT:
                break
        return woven

    def _in_angled_gates(self, unitary: Unitary, op: Op) -> Woven:
        """With one gate for each coordinate that is not trivial."""
        layers = next(canonical_forms(unitary[None]).layers(0))
        angle, (first, second), phases = _AS_CP[op]
        turns, gates = [layers.turns[0]], []
        for theta, (left, right) in zip(layers.angles, layers.turns[1:], strict=True):
            before = turns.pop()
            turns.append((multiply(first, before[0]), multiply(second, before[1])))
            gates.append(Gate(op, (snapped(angle * theta),)))
            back = [
                multiply(phase_matrix(phase * theta), adjoint(frame))
                for phase, frame in zip(phases, (first, second), strict=True)
            ]
            turns.append((multiply(left, back[0]), multiply(right, back[1])))
        return Woven(tuple(turns), tuple(gates))

    @cached_property
    def _basis(self) -> tuple[Any, Gate]:
        """Qiskit's decomposer, and the gate that it uses."""
        from qiskit.circuit.library import UnitaryGate
        from qiskit.synthesis import TwoQubitBasisDecomposer

        fixed, angled = self.gates.fixed, self.gates.angled
        gate = Gate(fixed) if fixed is not None else Gate(angled, (_AS_CP[angled].angle * math.pi,))  # type: ignore[arg-type, index]
        matrix = _EXCHANGE @ gate_matrix(gate.op, gate.params) @ _EXCHANGE
        return TwoQubitBasisDecomposer(UnitaryGate(matrix)), gate

    @cached_property
    def _euler(self) -> Any:
        from qiskit.synthesis import OneQubitEulerDecomposer

        return OneQubitEulerDecomposer(self.gates.turns)


def product_of(run: Sequence[Part]) -> Unitary:
    """The unitary of a run in order of time, shape (4, 4), the first qubit most significant."""
    unitary = np.eye(4, dtype=np.complex128)
    for part in run:
        unitary = (_gate_on_both(part) if isinstance(part, Gate) else _turn_of_both(part)) @ unitary
    return unitary


def deviation(woven: Woven, unitary: Unitary) -> float:
    """The largest difference of a matrix element from the unitary, up to a phase."""
    parts: list[Part] = [woven.turns[0]]
    for gate, turns in zip(woven.gates, woven.turns[1:], strict=True):
        parts += [gate, turns]
    written = product_of(parts)
    overlap = complex(np.vdot(written, unitary))
    return float(np.abs(written * (overlap / max(abs(overlap), EXACT)) - unitary).max())


def _gate_on_both(gate: Gate) -> Unitary:
    matrix = gate_matrix(gate.op, gate.params)
    return _EXCHANGE @ matrix @ _EXCHANGE if gate.flipped else matrix


def _turn_of_both(turns: Pair) -> Unitary:
    left, right = (np.array(turn, dtype=np.complex128).reshape(2, 2) for turn in turns)
    return np.asarray(np.kron(left, right), dtype=np.complex128)


def _as_tuple(matrix: Unitary) -> Matrix2:
    a, b, c, d = matrix.reshape(4).tolist()
    return (a, b, c, d)
