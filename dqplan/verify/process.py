"""A program seen from outside: what it does to the qubits that it is given, for each record of its classical bits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.verify.ensemble import Ensemble
from dqplan.verify.lifetimes import deaths_of

Inputs = Sequence[NDArray[np.complex128]] | None
"""One state a|0> + b|1> per input qubit, or None: each is half of a Bell pair, whose other half is kept as well."""

Mixture = dict[int, NDArray[np.complex128]]
"""By record of the classical bits: vectors (rank, dimension) whose projectors add up to the unnormalised density."""


@dataclass(frozen=True)
class Process:
    """A circuit with its interface.

    Attributes:
        circuit: the program; all its qubits but the inputs start in |0>.
        inputs, outputs: the qubits that hold qubit 0, 1, … of the interface at the start and at the end.
        clbits: the classical bits that belong to the interface.
    """

    circuit: Circuit
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    clbits: tuple[int, ...]


@dataclass(frozen=True)
class Budget:
    """What a simulation may cost: amplitudes held at once, and amplitudes touched in all."""

    amplitudes: int
    work: int


@dataclass(frozen=True, eq=False)
class Run:
    """One simulation of a process.

    Attributes:
        mixture: the result; empty if the simulation was dry or stopped by its budget.
        peak_axes: the largest tensor had 2^peak_axes amplitudes.
        peak_branches: most branches at once.
        within: whether the budget sufficed.
    """

    mixture: Mixture
    peak_axes: int
    peak_branches: int
    within: bool


def run_process(
    process: Process, inputs: Inputs, given: Collection[int], waiting: Collection[int], budget: Budget, *, dry: bool
) -> Run:
    """Follow all branches of a process.

    Args:
        process: what to simulate.
        inputs: the states of the input qubits.
        given: the numbers of the inputs that receive their state; the others start in |0>.
        waiting: rows of measurements that are left out, because the caller reads their outcomes off the result.
        budget: the simulation stops when it exceeds it.
        dry: only find out whether the budget suffices, assuming that every two branches merge at once.

    Returns:
        The run; its vectors are over the references (if any), then the outputs.
    """
    ensemble, references = _prepared(process, inputs, given, dry=dry)
    deaths = deaths_of(process.circuit, process.outputs, process.clbits)
    for row, operation in enumerate(process.circuit):
        if row in waiting:
            continue
        if operation.op == Op.MEASURE:
            ensemble.measure(operation.qubits[0], operation.clbit, operation.condition)
        elif operation.op == Op.RESET:
            ensemble.reset(operation.qubits[0], operation.condition)
        else:
            ensemble.gate(operation)
        if row in deaths.qubits or row in deaths.bits:
            ensemble.forget(deaths.qubits.get(row, ()), deaths.bits.get(row, ()))
        if not _fits(ensemble, budget):
            return _run(ensemble, {}, within=False)
    kept = [*references, *process.outputs]
    ensemble.forget(set(range(len(ensemble.coordinates.masks))).difference(kept), ())
    if len(ensemble.branches) << len(kept) > budget.amplitudes:
        return _run(ensemble, {}, within=False)
    vectors = ensemble.vectors(kept)
    mixture = {_record(bits, process.clbits): rows for bits, rows in vectors.items()}
    return _run(ensemble, mixture, within=_fits(ensemble, budget))


def _run(ensemble: Ensemble, mixture: Mixture, *, within: bool) -> Run:
    return Run(mixture, ensemble.peak_axes, ensemble.peak_branches, within)


def _prepared(process: Process, inputs: Inputs, given: Collection[int], *, dry: bool) -> tuple[Ensemble, list[int]]:
    """The ensemble at the start, and its reference qubits."""
    first = process.circuit.num_qubits
    references = [] if inputs is not None else [first + place for place in range(len(given))]
    ensemble = Ensemble(first + len(references), dry=dry)
    for place, number in enumerate(sorted(given)):
        if inputs is None:
            ensemble.entangle(process.inputs[number], references[place])
        else:
            ensemble.load(process.inputs[number], inputs[number])
    return ensemble, references


def _fits(ensemble: Ensemble, budget: Budget) -> bool:
    largest = max(ensemble.size, 1 << ensemble.peak_axes)
    return largest <= budget.amplitudes and ensemble.work <= budget.work


def _record(bits: int, clbits: Sequence[int]) -> int:
    return sum((bits >> clbit & 1) << place for place, clbit in enumerate(clbits))
