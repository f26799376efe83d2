"""Runs in the stabilizer formalism, by Stim (Gidney, Quantum 5, 497, 2021): Clifford programs of any size.

Stim needs Paulis, and probabilities that are the same in all runs. Waiting is therefore twirled, which keeps its
process fidelity, and averaged over random arrivals of e-bits: waits of one run are then no longer related.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from dqplan.core.errors import UsageError
from dqplan.core.gates import Op
from dqplan.core.outlook import Floats
from dqplan.load.emitted import JOINT_FILE, Emitted
from dqplan.simulate.affine import affine_distribution
from dqplan.simulate.machine import Machine
from dqplan.simulate.runs import Bits
from dqplan.simulate.tape import Tape

_MOST_RUNS, _BATCH = 10_000, 10**8
"""Runs that are done at once, and their operations, most of which may be measurements of a byte each."""
_WAITS = 1000
"""Runs over which waits are averaged."""
_TWIRLED = "waits are averaged over runs and twirled to Paulis"


class CliffordTrial:
    """A program, to be run as often as one likes; it has what `StateTrial` has.

    A circuit without measurements begins with halves of Bell pairs. The inverse of the circuit follows the program, and
    the part of the runs in which all pairs are as they were is the process fidelity.

    Args:
        emitted: what was read back.
        machine: the program with its noise.
        seed: of the waits over which the mean is taken.

    Raises:
        UsageError: Stim is not installed, something is not Clifford, or a condition is not one bit for a Pauli.
    """

    figure = "process fidelity"

    def __init__(self, emitted: Emitted, machine: Machine, seed: int) -> None:
        self.emitted = emitted
        self.measured = Op.MEASURE in emitted.circuit.counts
        self.inputs = "|0…0>" if self.measured else "halves of Bell pairs"
        self.assumed = (*machine.assumed, _TWIRLED) if machine.durations else machine.assumed
        if not self.measured and Op.RESET in emitted.circuit.counts:
            message = "the circuit resets qubits and measures nothing, so that it has no process fidelity"
            raise UsageError(message, hint="--backend statevector begins with all qubits in |0>")
        self._tape = Tape(machine.circuit, JOINT_FILE)
        self.batch = max(1, min(_MOST_RUNS, _BATCH // max(1, len(machine.circuit))))
        pairs = () if self.measured else tuple(enumerate(emitted.input, start=machine.circuit.num_qubits))
        for reference, qubit in pairs:
            self._tape.append("H", [reference])
            self._tape.append("CX", [reference, qubit])
        _run(self._tape, machine, seed)
        if pairs:
            self._tape.undo(emitted.circuit, emitted.output)
            for (reference, _), qubit in zip(pairs, emitted.output, strict=True):
                self._tape.append("CX", [reference, qubit])
                self._tape.append("H", [reference])
                self._tape.append("M", [reference, qubit])

    @cached_property
    def ideal(self) -> Mapping[str, float] | None:
        """The probabilities of all outcomes without noise; None if there are too many."""
        return affine_distribution(self.emitted.circuit)

    def bits(self, size: int, rng: np.random.Generator) -> Bits:
        """The circuit's bits after some runs, shape (size, bits)."""
        return self._tape.bits(size, rng)[:, self.emitted.clbits]

    def overlaps(self, size: int, rng: np.random.Generator) -> Floats:
        """1 for each of some runs in which all Bell pairs are as they were, else 0; shape (size,)."""
        outcomes = self._tape.outcomes(size, rng)[:, -2 * len(self.emitted.input) :]
        return np.asarray(~outcomes.any(axis=1), dtype=np.float64)


def _run(tape: Tape, machine: Machine, seed: int) -> None:
    """The program with its noise."""
    clock = machine.clock(_WAITS, np.random.default_rng(seed))
    operations = list(machine.circuit)
    for row in machine.order:
        for qubit, waited in clock.advance(row) if clock else ():
            tape.append("PAULI_CHANNEL_1", [qubit], twirled(machine, qubit, waited))
        operation, error = operations[row], float(machine.error[row])
        tape.do(operation, row, flip=error if operation.op == Op.MEASURE else 0.0)
        if operation.op == Op.EPR:
            x, z, y = machine.pair_errors[row, 1:].tolist()
            tape.append("PAULI_CHANNEL_1", operation.qubits[:1], [x, y, z])
        elif operation.op == Op.RESET:
            tape.append("X_ERROR", operation.qubits, error)
        elif operation.op != Op.MEASURE:
            tape.append("DEPOLARIZE1" if len(operation.qubits) == 1 else "DEPOLARIZE2", operation.qubits, error)


def twirled(machine: Machine, qubit: int, waited: Floats) -> list[float]:
    """The mean probabilities of X, Y and Z of a damped and dephased qubit."""
    lifetimes = machine.lifetimes
    relaxed = float(-np.expm1(-waited * lifetimes.relaxation_hz[qubit]).mean())
    dephased = float(-np.expm1(-waited * lifetimes.dephasing_hz[qubit]).mean())
    return [relaxed / 4, relaxed / 4, max(0.0, dephased / 2 - relaxed / 4)]
