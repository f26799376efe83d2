"""What rewriting into segments does to a circuit."""

from __future__ import annotations

import numpy as np

from dqplan.core.circuit import Circuit
from dqplan.core.gates import NUM_PARAMS, NUM_QUBITS, Op
from dqplan.core.profile import NormalForm
from dqplan.core.recipes import Exchange, Phase, recipe_of
from dqplan.core.segments import Segments
from dqplan.profile.spread import spread_of

_SWAP_GATES = 3
"""CP gates of a SWAP under a classical condition, which cannot be a change of names."""


def describe_normal_form(segments: Segments) -> NormalForm:
    """Count segments, and gates before and after merging."""
    before = _gates_before_merging(segments.circuit)
    gates = len(segments.gates)
    per_segment = segments.gates_per_segment
    busy = np.flatnonzero(per_segment)
    return NormalForm(
        gates_before=before,
        cancelled=before - int(segments.merged.sum()),
        gates=gates,
        compression=before / gates if gates else None,
        segments=segments.num_segments,
        segments_with_gates=len(busy),
        gates_per_segment=spread_of(per_segment[busy]),
        gate_segments_per_qubit=spread_of(np.bincount(segments.wire[busy], minlength=segments.num_wires)),
    )


def _gates_before_merging(circuit: Circuit) -> int:
    """CP gates of all recipes; their number depends on the kind of gate only, not on its angles."""
    total = 0
    for op, count in circuit.counts.items():
        if NUM_QUBITS[op] < 2:
            continue
        recipe = recipe_of(op, (1.0,) * int(NUM_PARAMS[op]))
        total += count * sum(isinstance(step, Phase) for step in recipe)
        if any(isinstance(step, Exchange) for step in recipe):
            total += _SWAP_GATES * _conditioned(circuit, op)
    return total


def _conditioned(circuit: Circuit, op: Op) -> int:
    return int(((circuit.op == op) & (circuit.condition >= 0)).sum())
