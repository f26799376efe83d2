"""Dropping weak gates: what is left of a gate without its entangling part, and how wrong the circuit becomes.

A controlled turn or a turn about a product of Paulis is, up to a phase, turns of each qubit times exp(ia P⊗Q) with
Paulis P and Q: CP(θ) = P(θ/2)⊗P(θ/2) · exp(iθ/4 Z⊗Z). Dropping the last factor costs the process infidelity
1 - |tr exp(ia P⊗Q) / 4|² = sin²a, and no input fares worse: |<ψ|exp(ia P⊗Q)|ψ>|² = cos²a + sin²a <P⊗Q>² >= cos²a.

Of several dropped gates the angles add up at most, since arccos of the root of the fidelity is a metric that no
operation can make larger (Nielsen & Chuang, section 9.2): for every input, the infidelity is at most sin²(Σ|a|). Errors
that do not help each other add up to Σ sin²a only.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dqplan.core.circuit import Circuit, CircuitBuilder, Operation
from dqplan.core.gates import Op

_LEFT: dict[Op, tuple[tuple[Op, int], ...]] = {
    Op.CP: ((Op.P, 0), (Op.P, 1)),
    Op.CRX: ((Op.RX, 1),),
    Op.CRY: ((Op.RY, 1),),
    Op.CRZ: ((Op.RZ, 1),),
    Op.RXX: (),
    Op.RYY: (),
    Op.RZZ: (),
    Op.RZX: (),
}
"""What is left of gates that may be dropped: turns by half the angle, by the place of the operand."""


@dataclass(frozen=True)
class DroppedGate:
    """A gate of the circuit whose entangling part is left out.

    Attributes:
        row: its number among the circuit's operations.
        operation: the gate.
        angle: |a| of exp(ia P⊗Q), radians.
    """

    row: int
    operation: Operation
    angle: float

    @property
    def infidelity(self) -> float:
        """The process infidelity of dropping it alone."""
        return math.sin(self.angle) ** 2


@dataclass(frozen=True, eq=False)
class Dropped:
    """What a plan leaves out.

    Attributes:
        circuit: with all its gates.
        budget: the greatest infidelity that was allowed.
        gates: in the order of the circuit.
        ebits_saved: e-bits of the plan that drops nothing, less those of this one.
    """

    circuit: Circuit
    budget: float
    gates: tuple[DroppedGate, ...]
    ebits_saved: int

    @property
    def infidelity(self) -> float:
        """Proved for every input: at most this."""
        return infidelity_bound(gate.angle for gate in self.gates)

    @property
    def infidelity_sum(self) -> float:
        """What it would be if errors did not help each other."""
        return math.fsum(gate.infidelity for gate in self.gates)


def infidelity_bound(angles: Iterable[float]) -> float:
    """The greatest infidelity, for any input, of dropping gates of the given angles |a| together.

    >>> infidelity_bound([0.1, 0.1]) == math.sin(0.2) ** 2
    True
    """
    return math.sin(min(math.pi / 2, math.fsum(angles))) ** 2


def angle_budget(infidelity: float) -> float:
    """How much the angles may add up to."""
    return math.asin(math.sqrt(infidelity))


def weak_angle(operation: Operation) -> float | None:
    """|a| of a gate that may be dropped, at most π/4; None for all others, and where a condition decides."""
    if operation.op not in _LEFT or operation.condition is not None:
        return None
    angle = abs(_turn(operation)) / (4 if _LEFT[operation.op] else 2)
    return angle if angle <= math.pi / 4 else None  # beyond, the gate is nearer to P⊗Q, which is not what is left


def _turn(operation: Operation) -> float:
    """The gate's angle of least size."""
    one_sided = operation.op in (Op.CRX, Op.CRY, Op.CRZ)
    return math.remainder(operation.params[0], 4 * math.pi if one_sided else 2 * math.pi)


def without_gates(circuit: Circuit, rows: Collection[int]) -> Circuit:
    """The circuit without the entangling parts of some gates, which `weak_angle` must know.

    >>> builder = CircuitBuilder()
    >>> q = builder.add_qreg("q", 2)
    >>> builder.append(Op.CP, [0, 1], [0.25])
    >>> [(row.op.name, row.qubits, row.params) for row in without_gates(builder.build(), {0})]
    [('P', (0,), (0.125,)), ('P', (1,), (0.125,))]
    """
    builder = CircuitBuilder(circuit.name)
    for register in circuit.qregs:
        builder.add_qreg(register.name, register.size)
    for register in circuit.cregs:
        builder.add_creg(register.name, register.size)
    builder.num_qubits, builder.num_clbits = circuit.num_qubits, circuit.num_clbits
    for row, operation in enumerate(circuit):
        op, qubits, params, clbit, condition, line = operation
        if row in rows:
            for left, place in _LEFT[op]:
                builder.append(left, [qubits[place]], [_turn(operation) / 2], line=line)
        else:
            builder.append(op, qubits, params, clbit=clbit, condition=condition, line=line)
    return builder.build()
