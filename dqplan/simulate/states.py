"""Runs as state vectors: any program, as long as few qubits are in superposition at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from dqplan.core.errors import UsageError
from dqplan.core.gates import Op
from dqplan.core.outlook import Floats
from dqplan.load.emitted import Emitted
from dqplan.simulate.faults import run_machine
from dqplan.simulate.ideal import ideal_distribution, ideal_states, random_states
from dqplan.simulate.machine import Machine
from dqplan.simulate.runs import Bits, Runs, most_axes

MAX_QUBITS = 24
"""Most qubits in superposition at once: 2^24 amplitudes take 256 MB, and a gate needs some of them twice."""
_BATCH = 1 << 19
"""Amplitudes of the runs that are done at once, unless one run has more."""
_MOST_RUNS = 1000
"""Runs that are done at once: behind them progress is told, and the simulation may end."""


class StateTrial:
    """A program, to be run as often as one likes.

    Args:
        emitted: what was read back.
        machine: the program with its noise.

    Raises:
        UsageError: too many qubits are in superposition at once.
    """

    def __init__(self, emitted: Emitted, machine: Machine) -> None:
        self.emitted, self.machine = emitted, machine
        self.assumed = machine.assumed
        self.measured = Op.MEASURE in emitted.circuit.counts
        self.in_zero = self.measured or Op.RESET in emitted.circuit.counts
        axes = most_axes(machine.circuit, machine.order, () if self.in_zero else emitted.input)
        if axes > MAX_QUBITS:
            message = f"{axes} qubits may be in superposition at once, at most {MAX_QUBITS} can be simulated"
            raise UsageError(message, hint="Clifford circuits of any size: --backend stim")
        self.batch = min(_MOST_RUNS, max(1, _BATCH >> axes))

    @property
    def inputs(self) -> str:
        """What the qubits hold at the start, in words."""
        return "|0…0>" if self.in_zero else "a Haar-random state in every run"

    @property
    def figure(self) -> str:
        """What the mean overlap is."""
        return "fidelity of the output" if self.in_zero else "average fidelity"

    @cached_property
    def ideal(self) -> Mapping[str, float] | None:
        """The probabilities of all outcomes without noise; None if there are too many."""
        return ideal_distribution(self.emitted.circuit)

    def bits(self, size: int, rng: np.random.Generator) -> Bits:
        """The circuit's bits after some runs, shape (size, bits)."""
        runs = Runs(size, self.machine.circuit, rng)
        run_machine(self.machine, runs, rng)
        return runs.bits[:, self.emitted.clbits]

    def overlaps(self, size: int, rng: np.random.Generator) -> Floats:
        """How much of the ideal output is in that of each of some runs, shape (size,).

        Raises:
            UsageError: the ideal output is a mixture.
        """
        states = random_states(self.emitted.circuit.num_qubits, size, rng)
        ideal = ideal_states(self.emitted.circuit, states)
        if ideal is None:
            message = "the circuit measures nothing, and its resets leave a mixture, to which no state can be compared"
            raise UsageError(message, hint="add measurements to the circuit, and split it again")
        runs = Runs(size, self.machine.circuit, rng)
        if not self.in_zero:
            runs.load(self.emitted.input, states)
        run_machine(self.machine, runs, rng)
        overlaps: Floats = np.abs(np.einsum("ij,ij->i", ideal.conj(), runs.states(self.emitted.output))) ** 2
        return np.minimum(overlaps, 1.0)
