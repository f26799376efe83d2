"""Depth, parallelism and idle time in the earliest possible schedule."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.gates import NUM_QUBITS
from dqplan.core.profile import Layers
from dqplan.profile.spread import spread_of

Levels = NDArray[np.int64]
_CHUNK = 1 << 16


def schedule_layers(circuit: Circuit) -> Layers:
    """Put every operation into the first layer in which all that it depends on is done."""
    level = levels_of(circuit, np.ones(len(circuit), dtype=np.int64))
    two_qubit = levels_of(circuit, (NUM_QUBITS[circuit.op] >= 2).astype(np.int64))
    depth = int(level.max(initial=0))
    active, inside = _use_of_qubits(circuit, level)
    return Layers(
        depth=depth,
        two_qubit_depth=int(two_qubit.max(initial=0)),
        parallelism=spread_of(np.bincount(level)[1:]),
        active=tuple(active.tolist()),
        idle_inside=tuple(inside.tolist()),
        idle_total=tuple((depth - active).tolist()),
        busiest=int(active.argmax()) if active.size else None,
        idlest=int(active.argmin()) if active.size else None,
    )


def levels_of(circuit: Circuit, duration: Levels) -> Levels:
    """When each operation ends if it begins as soon as possible, in program order.

    An operation waits for earlier ones on its qubits; a conditioned one also for the measurements of the bits that it
    reads; a measurement also for everything that read or wrote its bit. Reading a bit at the same time is allowed.
    Barriers are not part of a `Circuit` and delay nothing.

    Args:
        circuit: any circuit.
        duration: shape (operations,), whole numbers, 0 for an operation that only passes on its dependencies.
    """
    ready = [0] * (circuit.num_qubits + 1)  # the last one belongs to the operand -1, that is: to none
    written, read = [0] * circuit.num_clbits, [0] * circuit.num_clbits
    reads = [sorted(condition.clbits) for condition in circuit.conditions]
    ends: list[int] = []
    for start in range(0, len(circuit), _CHUNK):
        part = slice(start, start + _CHUNK)
        columns = (circuit.qubits[part], circuit.clbit[part], circuit.condition[part], duration[part])
        for (a, b, c), clbit, condition, steps in zip(*(column.tolist() for column in columns), strict=True):
            end = max(ready[a], ready[b], ready[c])
            if condition >= 0:
                end = max(end, *(written[bit] for bit in reads[condition]))
            if clbit >= 0:
                end = max(end, written[clbit], read[clbit])
            end += steps
            ready[a] = ready[b] = ready[c] = end
            ready[-1] = 0
            if condition >= 0:
                for bit in reads[condition]:
                    read[bit] = max(read[bit], end)
            if clbit >= 0:
                written[clbit] = end
            ends.append(end)
    return np.array(ends, dtype=np.int64)


def _use_of_qubits(circuit: Circuit, level: Levels) -> tuple[Levels, Levels]:
    """Per qubit: active layers, and idle ones between the first and the last."""
    used = circuit.qubits >= 0
    qubit = circuit.qubits[used]
    layer = np.broadcast_to(level[:, None], used.shape)[used]
    active = np.bincount(qubit, minlength=circuit.num_qubits)
    first = np.full(circuit.num_qubits, np.iinfo(np.int64).max)
    last = np.zeros(circuit.num_qubits, dtype=np.int64)
    np.minimum.at(first, qubit, layer)
    np.maximum.at(last, qubit, layer)
    return active, np.where(active > 0, last - first + 1 - active, 0)
