"""Emitted program -> Experiment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Event

import numpy as np

from dqplan.core.circuit import Circuit
from dqplan.core.counts import Counts, counts_of
from dqplan.core.errors import UsageError
from dqplan.core.experiment import Experiment, Interval
from dqplan.core.gates import Op
from dqplan.core.outlook import Floats
from dqplan.load.emitted import Emitted, read_emitted
from dqplan.simulate.faults import run_machine
from dqplan.simulate.figures import figures_of, overlap_interval
from dqplan.simulate.ideal import ideal_distribution, ideal_states, random_states
from dqplan.simulate.machine import Machine, machine_of
from dqplan.simulate.runs import Bits, Runs, most_axes

MAX_QUBITS = 24
"""Most qubits in superposition at once: 2^24 amplitudes take 256 MB, and a gate needs some of them twice."""
_BATCH = 1 << 19
"""Amplitudes of the runs that are done at once, unless one run has more."""
_MOST_RUNS = 1000
"""Runs that are done at once: behind them progress is told, and the simulation may end."""

Watch = Callable[[int, int], None]
"""Told how many runs are done, of how many."""
Batch = tuple[int, np.random.Generator]


def simulate_program(
    files: Mapping[str, str],
    circuit: Circuit | None = None,
    *,
    shots: int = 1000,
    seed: int = 0,
    stop: Event | None = None,
    watch: Watch | None = None,
) -> Experiment:
    """Run an emitted program on its hardware with all its noise, as often as asked for.

    A circuit with measurements begins with all qubits in |0>, and its bits are compared with the ideal distribution. A
    circuit without any gets a Haar-random state of all its qubits in every run, and its outputs are compared with the
    ideal ones: the mean is the average gate fidelity, which belongs to a process fidelity (Nielsen, quant-ph/0205035).
    If such a circuit resets qubits, it begins in |0>, too, and only the fidelity of that output is known.

    Args:
        files: texts by file name: plan.json, joint.qasm, input.qasm or input.json, and schedule.json if there is one.
        circuit: compared with instead of the input file, which may then be missing.
        shots: how many runs, at least 1.
        seed: of everything random.
        stop: if it is set, the simulation ends with the runs that are done.
        watch: told about progress.

    Raises:
        PlanError: a file is missing, damaged or of another version.
        InputError: a text cannot be read.
        UsageError: too many qubits are in superposition at once, or the ideal output is a mixture.
    """
    emitted = read_emitted(files, circuit)
    machine = machine_of(emitted, files)
    measured = Op.MEASURE in emitted.circuit.counts
    batches = _watched(_batches(_axes(emitted, machine, measured), shots, seed), shots, stop, watch)
    if measured:
        bits = [_bits_of_runs(emitted, machine, size, rng) for size, rng in batches]
        return _bits_told(emitted, machine, np.concatenate(bits), seed)
    overlaps = [_overlaps_of_runs(emitted, machine, size, rng) for size, rng in batches]
    return _overlaps_told(emitted, machine, np.concatenate(overlaps), seed)


def _axes(emitted: Emitted, machine: Machine, measured: bool) -> int:
    """Qubits in superposition at once, if there are not too many."""
    axes = most_axes(machine.circuit, machine.order, () if measured else emitted.input)
    if axes > MAX_QUBITS:
        message = f"{axes} qubits may be in superposition at once, at most {MAX_QUBITS} can be simulated"
        raise UsageError(message, hint="take a smaller circuit; dqplan split estimates the fidelity of any size")
    return axes


def _batches(axes: int, shots: int, seed: int) -> Iterator[Batch]:
    """Sizes of batches, each with a source of randomness of its own."""
    size = min(_MOST_RUNS, max(1, _BATCH >> axes))
    sizes = [size] * (shots // size) + [shots % size] * (shots % size > 0)
    for count, source in zip(sizes, np.random.SeedSequence(seed).spawn(len(sizes)), strict=True):
        yield count, np.random.default_rng(source)


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


def _bits_of_runs(emitted: Emitted, machine: Machine, size: int, rng: np.random.Generator) -> Bits:
    """The circuit's bits, shape (size, bits)."""
    runs = Runs(size, machine.circuit, rng)
    run_machine(machine, runs, rng)
    return runs.bits[:, emitted.clbits]


def _overlaps_of_runs(emitted: Emitted, machine: Machine, size: int, rng: np.random.Generator) -> Floats:
    """How much of the ideal output is in that of each run, shape (size,)."""
    states = random_states(emitted.circuit.num_qubits, size, rng)
    ideal = ideal_states(emitted.circuit, states)
    if ideal is None:
        message = "the circuit measures nothing, and its resets leave a mixture, to which no state can be compared"
        raise UsageError(message, hint="add measurements to the circuit, and split it again")
    runs = Runs(size, machine.circuit, rng)
    if not _begins_in_zero(emitted):
        runs.load(emitted.input, states)
    run_machine(machine, runs, rng)
    overlaps: Floats = np.abs(np.einsum("ij,ij->i", ideal.conj(), runs.states(emitted.output))) ** 2
    return overlaps


def _begins_in_zero(emitted: Emitted) -> bool:
    return Op.RESET in emitted.circuit.counts or Op.MEASURE in emitted.circuit.counts


def _bits_told(emitted: Emitted, machine: Machine, bits: Bits, seed: int) -> Experiment:
    counts = counts_of(emitted.circuit.cregs, bits, np.ones(len(bits), dtype=np.int64))
    ideal = ideal_distribution(emitted.circuit)
    return _experiment(emitted, machine, len(bits), seed, figures_of(counts, ideal) if ideal else {}, counts, ideal)


def _overlaps_told(emitted: Emitted, machine: Machine, overlaps: Floats, seed: int) -> Experiment:
    average = overlap_interval(float(np.minimum(overlaps, 1.0).sum()), len(overlaps))
    if _begins_in_zero(emitted):
        return _experiment(emitted, machine, len(overlaps), seed, {"fidelity of the output": average})
    dimension = 2.0**emitted.circuit.num_qubits
    low, value, high = (max(0.0, ((dimension + 1) * part - 1) / dimension) for part in _ends(average))
    figures = {"average fidelity": average, "process fidelity": Interval(value, low, high)}
    return _experiment(emitted, machine, len(overlaps), seed, figures)


def _ends(interval: Interval) -> tuple[float, float, float]:
    return interval.low, interval.value, interval.high


def _experiment(
    emitted: Emitted,
    machine: Machine,
    shots: int,
    seed: int,
    figures: Mapping[str, Interval],
    counts: Counts | None = None,
    ideal: Mapping[str, float] | None = None,
) -> Experiment:
    told = (emitted.document.outlook or {}).get("fidelity") or {}
    return Experiment(
        shots=shots,
        seed=seed,
        inputs="|0…0>" if _begins_in_zero(emitted) else "a Haar-random state in every run",
        counts=counts,
        ideal=ideal,
        figures=figures,
        predicted={f"{kind} fidelity": told[kind] for kind in ("average", "process") if kind in told},
        perfect=machine.perfect,
        assumed=machine.assumed,
    )
