"""The program in many runs at once, with what goes wrong in each of them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Operation
from dqplan.core.gates import Op
from dqplan.core.outlook import Floats
from dqplan.simulate.machine import Machine
from dqplan.simulate.runs import Mask


class Noisy(Protocol):
    """Runs to which things happen, each in some of them."""

    def __len__(self) -> int:
        """How many."""

    def do(self, operation: Operation) -> None:
        """A measurement, reset or gate; under a condition, in the runs in which it holds."""

    def flip(self, qubit: int, rows: Mask) -> None:
        """X on a qubit."""

    def turn(self, qubit: int, rows: Mask) -> None:
        """Z on a qubit."""

    def misread(self, clbit: int, rows: Mask) -> None:
        """A bit is wrong."""

    def decay(self, qubit: int, probability: Floats, rng: np.random.Generator) -> None:
        """Amplitude damping of a qubit with `probability`, by run."""


def run_machine(machine: Machine, runs: Noisy, rng: np.random.Generator) -> None:
    """Do everything that the program says, with noise.

    Args:
        machine: the program and its noise.
        runs: at the start; they are changed.
        rng: of waits and errors.
    """
    clock = machine.clock(len(runs), rng)
    operations = list(machine.circuit)
    for row in machine.order:
        for qubit, waited in clock.advance(row) if clock else ():
            _wait(machine, runs, qubit, waited, rng)
        runs.do(operations[row])
        _fail(machine, runs, row, operations[row], rng)


def _wait(machine: Machine, runs: Noisy, qubit: int, waited: Floats, rng: np.random.Generator) -> None:
    """Relaxation with T1, and as much dephasing as is missing to T2: coherence falls with exp(-t / T2)."""
    relaxation, dephasing = machine.lifetimes.relaxation_hz[qubit], machine.lifetimes.dephasing_hz[qubit]
    if relaxation:
        runs.decay(qubit, -np.expm1(-waited * relaxation), rng)
    pure = max(0.0, dephasing - relaxation / 2)
    if pure:
        runs.turn(qubit, rng.random(len(runs)) < -np.expm1(-waited * pure) / 2)


def _fail(machine: Machine, runs: Noisy, row: int, operation: Operation, rng: np.random.Generator) -> None:
    if operation.op == Op.EPR:
        weights = machine.pair_errors[row]
        if weights[0] < 1:
            _errors(runs, operation.qubits[:1], rng.choice(4, size=len(runs), p=weights))
        return
    if not machine.error[row]:
        return
    wrong = rng.random(len(runs)) < machine.error[row]
    if operation.op == Op.MEASURE:
        runs.misread(operation.clbit, wrong)
    elif operation.op == Op.RESET:
        runs.flip(operation.qubits[0], wrong)
    else:
        _errors(runs, operation.qubits, wrong * rng.integers(1, 4 ** len(operation.qubits), size=len(runs)))


def _errors(runs: Noisy, qubits: tuple[int, ...], errors: NDArray[np.int64]) -> None:
    """Paulis by run: two binary digits for each qubit, whether X and whether Z."""
    for place, qubit in enumerate(qubits):
        runs.flip(qubit, (errors >> 2 * place & 1) == 1)
        runs.turn(qubit, (errors >> 2 * place + 1 & 1) == 1)
