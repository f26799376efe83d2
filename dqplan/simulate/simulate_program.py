"""Emitted program -> Experiment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from threading import Event

import numpy as np

from dqplan.core.circuit import Circuit
from dqplan.core.counts import counts_of
from dqplan.core.experiment import Experiment, Interval
from dqplan.core.outlook import Floats
from dqplan.load.emitted import Emitted, read_emitted, read_native
from dqplan.simulate.clifford import CliffordTrial
from dqplan.simulate.figures import figures_of, overlap_interval
from dqplan.simulate.kernels import KernelTrial
from dqplan.simulate.machine import Machine, machine_of
from dqplan.simulate.states import StateTrial


class Backend(StrEnum):
    """How runs are simulated."""

    STATEVECTOR = "statevector"
    STIM = "stim"
    CUDAQ = "cudaq"


Watch = Callable[[int, int], None]
"""Told how many runs are done, of how many."""
Trial = StateTrial | CliffordTrial | KernelTrial
Batch = tuple[int, np.random.Generator]


def simulate_program(
    files: Mapping[str, str],
    circuit: Circuit | None = None,
    *,
    shots: int = 1000,
    seed: int = 0,
    backend: Backend = Backend.STATEVECTOR,
    stop: Event | None = None,
    watch: Watch | None = None,
) -> Experiment:
    """Run an emitted program on its hardware with all its noise, as often as asked for.

    Where programs are compiled to native gates, those are run.

    A circuit with measurements begins with all qubits in |0>, and its bits are compared with the ideal distribution.
    Without any, state vectors begin as a Haar-random state of all qubits in every run, and the mean overlap with the
    ideal output is the average gate fidelity, which belongs to a process fidelity (Nielsen, quant-ph/0205035); Stim
    finds the process fidelity from Bell pairs, CUDA-Q from random eigenstates of Paulis. Circuits that reset qubits and
    measure nothing begin in |0>, too, and only the fidelity of that output is known, by state vectors.

    Args:
        files: texts by file name: plan.json, joint.qasm, input.qasm or input.json, and schedule.json if there is one.
        circuit: compared with instead of the input file, which may then be missing.
        shots: how many runs, at least 1.
        seed: of everything random.
        backend: state vectors for any program with few qubits in superposition, Stim for Clifford programs, CUDA-Q for
            state vectors on a GPU, or on the processor where there is none.
        stop: if it is set, the simulation ends with the runs that are done.
        watch: told about progress.

    Raises:
        PlanError: a file is missing, damaged or of another version.
        InputError: a text cannot be read.
        UsageError: the backend cannot simulate the program, or the ideal output is a mixture.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/ghz_8.qasm")
    >>> segments, hardware = dqplan.segments_of(circuit), dqplan.load_hardware("simref_ion_4x5")
    >>> plan = dqplan.solve_plan(segments, hardware, effort=dqplan.Effort.QUICK)
    >>> tried = dqplan.split_circuit(plan)
    >>> files = dqplan.program_files(tried, outlook=dqplan.trial_program(tried))
    >>> simulate_program(files, circuit, shots=20).shots
    20
    """
    emitted = _run_by_modules(read_emitted(files, circuit), files)
    machine = machine_of(emitted, files)
    trial = _trial(emitted, machine, backend, seed)
    batches = _watched(_batches(trial.batch, shots, seed), shots, stop, watch)
    counts = ideal = None
    if trial.measured:
        bits = np.concatenate([trial.bits(size, rng) for size, rng in batches])
        done, ideal = len(bits), trial.ideal
        counts = counts_of(emitted.circuit.cregs, bits, np.ones(done, dtype=np.int64))
        figures = figures_of(counts, ideal) if ideal else {}
    else:
        overlaps = np.concatenate([trial.overlaps(size, rng) for size, rng in batches])
        done, figures = len(overlaps), _figures(trial, overlaps)
    outlook = emitted.document.outlook
    told = outlook.fidelity if outlook else None
    return Experiment(
        backend=f"{backend} ({trial.target})" if isinstance(trial, KernelTrial) else backend,
        shots=done,
        seed=seed,
        inputs=trial.inputs,
        counts=counts,
        ideal=ideal,
        figures=figures,
        predicted={"average fidelity": told.average, "process fidelity": told.process} if told else {},
        perfect=machine.perfect,
        assumed=trial.assumed,
    )


def _run_by_modules(emitted: Emitted, files: Mapping[str, str]) -> Emitted:
    """The native program, where the programs of modules are compiled, else the joint program."""
    native = read_native(emitted, files)
    if native is None:
        return emitted
    return replace(native, input=tuple(native.input[qubit] for qubit in emitted.input))


def _trial(emitted: Emitted, machine: Machine, backend: Backend, seed: int) -> Trial:
    match backend:
        case Backend.STATEVECTOR:
            return StateTrial(emitted, machine)
        case Backend.STIM:
            return CliffordTrial(emitted, machine, seed)
        case Backend.CUDAQ:
            return KernelTrial(emitted, machine)


def _batches(size: int, shots: int, seed: int) -> Iterator[Batch]:
    """Sizes of batches, each with a source of randomness of its own."""
    source = np.random.SeedSequence(seed)
    for start in range(0, shots, size):
        yield min(size, shots - start), np.random.default_rng(source.spawn(1)[0])


def _watched(batches: Iterator[Batch], shots: int, stop: Event | None, watch: Watch | None) -> Iterator[Batch]:
    """Batches until all are done or somebody stops them."""
    done = 0
    for size, rng in batches:
        yield size, rng
        done += size
        if watch:
            watch(done, shots)
        if stop and stop.is_set():
            return


def _figures(trial: Trial, overlaps: Floats) -> dict[str, Interval]:
    """The mean overlap under its name; of average and process fidelity, either gives the other."""
    least = trial.least if isinstance(trial, KernelTrial) else 0.0
    found = overlap_interval(float(overlaps.sum()), len(overlaps), least)
    scale = 2.0 ** -min(trial.emitted.circuit.num_qubits, 1000)
    name = trial.figure
    match name:
        case "average fidelity":
            process = Interval(*(max(0.0, (1 + scale) * part - scale) for part in (found.value, found.low, found.high)))
            return {name: found, "process fidelity": process}
        case "process fidelity":
            average = Interval(*((part + scale) / (1 + scale) for part in (found.value, found.low, found.high)))
            return {"average fidelity": average, name: found}
        case _:
            return {name: found}
