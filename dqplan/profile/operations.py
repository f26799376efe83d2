"""Counting operations by kind, by number of operands and by their distance from the Clifford group."""

from __future__ import annotations

import numpy as np

from dqplan.core.circuit import Circuit
from dqplan.core.gates import NUM_QUBITS, Op
from dqplan.core.profile import Operations
from dqplan.profile.rotations import is_clifford_angle, is_t_angle, rotation_angles


def count_operations(circuit: Circuit) -> Operations:
    """Count what the circuit is made of."""
    gate = (circuit.op != Op.MEASURE) & (circuit.op != Op.RESET)
    by_operands = np.bincount(NUM_QUBITS[circuit.op[gate]], minlength=4)
    t_count, rotations, cliffords = _clifford_and_t(circuit)
    num_gates = int(gate.sum())
    return Operations(
        total=len(circuit),
        by_kind={op.spelling: count for op, count in circuit.counts.items()},
        one_qubit=int(by_operands[1]),
        two_qubit=int(by_operands[2]),
        three_qubit=int(by_operands[3]),
        measurements=circuit.counts.get(Op.MEASURE, 0),
        resets=circuit.counts.get(Op.RESET, 0),
        conditioned=int((circuit.condition >= 0).sum()),
        t_count=t_count,
        rotations=rotations,
        clifford_share=cliffords / num_gates if num_gates else None,
    )


def _clifford_and_t(circuit: Circuit) -> tuple[int, int, int]:
    """T gates, rotations by other angles, Clifford gates."""
    t_count = rotations = cliffords = 0
    for op in circuit.counts:
        if op in (Op.MEASURE, Op.RESET):
            continue
        angles = rotation_angles(op, circuit.params[circuit.op == op])
        clifford, t_like = is_clifford_angle(angles), is_t_angle(angles)
        t_count += int(t_like.sum())
        rotations += int((~clifford & ~t_like).sum())
        cliffords += int(clifford.all(axis=1).sum())
    return t_count, rotations, cliffords
