"""What a circuit does without noise."""

from __future__ import annotations

import numpy as np

from dqplan.core.circuit import Circuit
from dqplan.core.counts import totals_of
from dqplan.core.gates import Op
from dqplan.core.statevector import State
from dqplan.simulate.runs import Runs

MOST_AMPLITUDES = 1 << 24
"""Over all outcomes at once."""


def ideal_distribution(circuit: Circuit) -> dict[str, float] | None:
    """The probability of every outcome, by its name in `core.counts`; None if there are too many to follow.

    Args:
        circuit: all qubits begin in |0>.
    """
    runs = Runs(1, circuit, None)
    for operation in circuit:
        runs.do(operation)
        if max(runs.size, runs.bits.size) > MOST_AMPLITUDES:
            return None
    totals = totals_of(circuit.cregs, runs.bits, runs.weight)
    return {name: float(total) for name, total in totals.items()}


def ideal_states(circuit: Circuit, states: State) -> State | None:
    """The output for each input, shape (inputs, 2^n); None if an output is a mixture.

    Args:
        circuit: without measurements.
        states: of all qubits, the first most significant; unless the circuit resets qubits: then they begin in |0>, and
            all outputs are alike.
    """
    every = range(circuit.num_qubits)
    if Op.RESET not in circuit.counts:
        runs = Runs(len(states), circuit, None)
        runs.load(every, states)
        for operation in circuit:
            runs.do(operation)
        return runs.states(every)
    runs = Runs(1, circuit, None)
    for operation in circuit:
        runs.do(operation)
        if len(runs) > 1:
            return None
    return np.broadcast_to(runs.states(every), states.shape)


def random_states(num_qubits: int, count: int, rng: np.random.Generator) -> State:
    """Haar-random states, shape (count, 2^num_qubits)."""
    real, imaginary = rng.normal(size=(2, count, 1 << num_qubits))
    states: State = real + 1j * imaginary
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    return states
