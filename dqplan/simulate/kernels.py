"""Runs by CUDA-Q: state vectors on a GPU where there is one, on the processor elsewhere.

Everything random but the outcomes of measurements is drawn here, as for state vectors, and handed to one kernel, which
carries out any program (`simulate.cudaq_kernel`). CUDA-Q (Apache-2.0) brings libraries of NVIDIA under other terms, so
that it is an extra.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from dqplan.core.errors import UsageError
from dqplan.core.gates import Op
from dqplan.core.outlook import Floats
from dqplan.load.emitted import Emitted
from dqplan.simulate.faults import run_machine
from dqplan.simulate.flaws import Flaws
from dqplan.simulate.ideal import ideal_distribution
from dqplan.simulate.instructions import Instructions
from dqplan.simulate.machine import Machine
from dqplan.simulate.runs import Bits
from dqplan.simulate.slots import slots_of, with_late_resets

_PROCESSOR, _GPU = "qpp-cpu", "nvidia"
MAX_QUBITS = {_PROCESSOR: 24, _GPU: 32}
"""Most qubits in superposition at once: 2^24 amplitudes of 16 bytes, or 2^32 of 8 bytes, which take 34 GB."""
_BATCH, _MOST_RUNS = 1 << 24, 1000
"""Amplitudes times runs that are done at once, unless one run has more, and runs."""
_HINT = "--backend statevector does without CUDA-Q"


class KernelTrial:
    """A program, to be run as often as one likes; it has what `StateTrial` has.

    A circuit without measurements begins with a random eigenstate of X, Y or Z in each qubit, and is undone behind the
    program. A Pauli error on a qubit turns its state in two of the three bases, so that one on some qubits turns each
    of them with a probability of 2/3. The mean of (-1/2)^k, if k qubits were turned, is therefore the probability of no
    error, which is the process fidelity.

    Args:
        emitted: what was read back.
        machine: the program with its noise.

    Raises:
        UsageError: CUDA-Q is not installed or fails, too many qubits are in superposition at once, or the circuit
            resets qubits and measures nothing.
    """

    figure = "process fidelity"
    least = -0.5
    """The least of the numbers whose mean that is."""

    def __init__(self, emitted: Emitted, machine: Machine) -> None:
        self._cudaq, self.target = _engine()
        self.emitted = emitted
        self.machine = machine = replace(machine, order=with_late_resets(machine.circuit, machine.order))
        self.measured = Op.MEASURE in emitted.circuit.counts
        self.inputs = "|0…0>" if self.measured else "random eigenstates of Paulis in every run"
        if not self.measured and Op.RESET in emitted.circuit.counts:
            message = "the circuit resets qubits and measures nothing, so that it has no process fidelity"
            raise UsageError(message, hint="--backend statevector begins with all qubits in |0>")
        self._begun = () if self.measured else emitted.input
        self._slots = slots_of(machine.circuit, machine.order, self._begun, () if self.measured else emitted.output)
        count, most = self._slots.count, MAX_QUBITS[self.target]
        if count > most:
            message = f"{count} qubits may be in superposition at once, at most {most} can be on {self.target}"
            raise UsageError(message, hint="Clifford circuits of any size: --backend stim")
        self.batch = min(_MOST_RUNS, max(1, _BATCH >> count))
        self._instructions, self._final, self._undone = Instructions(), list[int](), 0
        self._ends = self._write()

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the machine takes for something else, and what this does."""
        twirled = "relaxation is twirled to Paulis"
        known = self.machine.durations is not None and bool(self.machine.lifetimes.relaxation_hz.any())
        return (*self.machine.assumed, twirled) if known else self.machine.assumed

    @cached_property
    def ideal(self) -> Mapping[str, float] | None:
        """The probabilities of all outcomes without noise; None if there are too many."""
        return ideal_distribution(self.emitted.circuit)

    def bits(self, size: int, rng: np.random.Generator) -> Bits:
        """The circuit's bits after some runs, shape (size, bits)."""
        return self._outcomes(size, rng)[:, self.emitted.clbits]

    def overlaps(self, size: int, rng: np.random.Generator) -> Floats:
        """(-1/2)^k for each of some runs in which k qubits were turned, shape (size,)."""
        turned = self._outcomes(size, rng)[:, self.machine.circuit.num_clbits :].sum(axis=1)
        overlaps: Floats = (-0.5) ** turned
        return overlaps

    def _write(self) -> list[int]:
        """Write the instructions; says how many there are when nothing, and when each operation in order, is done."""
        written, operations = self._instructions, list(self.machine.circuit)
        slot = {qubit: place for place, qubit in enumerate(self._begun)}
        for place in slot.values():
            written.begin(place)
        ends = [len(written)]
        for row, taken in zip(self.machine.order, self._slots.taken, strict=True):
            for place in taken.values():
                written.begin(place)
            slot |= taken
            written.do(operations[row], slot)
            ends.append(len(written))
        written.end()  # what goes wrong last comes before it
        if not self.measured:
            self._final = [slot[qubit] for qubit in self.emitted.output]
            written.undo(self.emitted.circuit, self._final)
            self._undone = len(written)
            for number, place in enumerate(self._final):
                written.measure(place, self.machine.circuit.num_clbits + number)
        return ends

    def _outcomes(self, size: int, rng: np.random.Generator) -> Bits:
        """All bits after some runs, shape (size, bits)."""
        from dqplan.simulate.cudaq_kernel import carry_out

        flaws = Flaws(size, self._slots, self._ends, self._begun)
        states = rng.integers(6, size=(len(self._begun), size))
        flaws.prepare(states)
        run_machine(self.machine, flaws, rng)
        flaws.restore(states, self._final, self._undone)
        clbits = self.machine.circuit.num_clbits + len(self._begun)
        columns = (*self._instructions.columns(), *flaws.columns(len(self._instructions)))
        self._cudaq.set_random_seed(int(rng.integers(1, 1 << 31)))
        try:
            (bits,) = self._cudaq.run(carry_out, self._slots.count, clbits, size, *columns, shots_count=1)
        except RuntimeError as error:
            raise UsageError(f"CUDA-Q fails on {self.target}: {error}", hint=_HINT) from error
        return np.array(bits, dtype=np.uint8).reshape(size, clbits)


def _engine() -> tuple[Any, str]:
    """CUDA-Q and the name of its simulator, a GPU's if there is one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts that are not used here
            import cudaq

            target = _GPU if cudaq.num_available_gpus() else _PROCESSOR
            cudaq.set_target(target)
    except ImportError as error:
        hint = "pip install cuda-quantum-cu13 (on Linux), or --backend statevector"
        raise UsageError("CUDA-Q is not installed", hint=hint) from error
    except RuntimeError as error:
        raise UsageError(f"CUDA-Q cannot begin: {error}", hint=_HINT) from error
    return cudaq, target
