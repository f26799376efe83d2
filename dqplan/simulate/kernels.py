"""Runs by CUDA-Q: state vectors on a GPU where there is one, on the processor elsewhere.

Everything random but the outcomes of measurements is drawn here, as for state vectors, and handed to one kernel, which
carries out any program (`simulate.cudaq_kernel`). CUDA-Q (Apache-2.0) brings libraries of NVIDIA under other terms, so
that it is an extra.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
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
from dqplan.simulate.slots import slots_of

_PROCESSOR, _GPU = "qpp-cpu", "nvidia"
MAX_QUBITS = {_PROCESSOR: 24, _GPU: 32}
"""Most qubits in superposition at once: 2^24 amplitudes of 16 bytes, or 2^32 of 8 bytes, which take 34 GB."""
_BATCH, _MOST_RUNS = 1 << 24, 1000
"""Amplitudes times runs that are done at once, unless one run has more, and runs."""
_HINT = "--backend statevector does without CUDA-Q"


class KernelTrial:
    """A program, to be run as often as one likes; it has what `StateTrial` has.

    A circuit without measurements begins with halves of Bell pairs, as in `CliffordTrial`: the process fidelity is the
    part of the runs in which all pairs are as they were when the circuit has been undone. That needs as many qubits
    more as the circuit has.

    Args:
        emitted: what was read back.
        machine: the program with its noise.

    Raises:
        UsageError: CUDA-Q is not installed or fails, too many qubits are in superposition at once, or the circuit
            resets qubits and measures nothing.
    """

    figure = "process fidelity"

    def __init__(self, emitted: Emitted, machine: Machine) -> None:
        self._cudaq, self.target = _engine()
        self.emitted, self.machine = emitted, machine
        self.measured = Op.MEASURE in emitted.circuit.counts
        self.inputs = "|0…0>" if self.measured else "halves of Bell pairs"
        if not self.measured and Op.RESET in emitted.circuit.counts:
            message = "the circuit resets qubits and measures nothing, so that it has no process fidelity"
            raise UsageError(message, hint="--backend statevector begins with all qubits in |0>")
        self._begun = () if self.measured else emitted.input
        self._slots = slots_of(machine.circuit, machine.order, self._begun, () if self.measured else emitted.output)
        self._width = self._slots.count + len(self._begun)
        if self._width > MAX_QUBITS[self.target]:
            message = f"{self._width} qubits may be in superposition at once, at most {MAX_QUBITS[self.target]} can be"
            raise UsageError(f"{message} simulated on {self.target}", hint="Clifford circuits: --backend stim")
        self.batch = min(_MOST_RUNS, max(1, _BATCH >> self._width))
        self._instructions = Instructions()
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
        """1 for each of some runs in which all Bell pairs are as they were, else 0; shape (size,)."""
        outcomes = self._outcomes(size, rng)[:, self.machine.circuit.num_clbits :]
        return np.asarray(~outcomes.any(axis=1), dtype=np.float64)

    def _write(self) -> list[int]:
        """Write the instructions; says how many there are when nothing, and when each operation in order, is done."""
        written, operations = self._instructions, list(self.machine.circuit)
        references = range(self._slots.count, self._width)
        slot = {qubit: place for place, qubit in enumerate(self._begun)}
        for place in (*slot.values(), *references):
            written.begin(place)
        for reference, qubit in zip(references, self._begun, strict=True):
            written.pair(reference, slot[qubit])
        ends = [len(written)]
        for row, taken in zip(self.machine.order, self._slots.taken, strict=True):
            for place in taken.values():
                written.begin(place)
            slot |= taken
            written.do(operations[row], slot)
            ends.append(len(written))
        written.end()  # what goes wrong last comes before it
        if not self.measured:
            self._compare([slot[qubit] for qubit in self.emitted.output], references)
        return ends

    def _compare(self, slots: list[int], references: range) -> None:
        """Undo the circuit and the Bell pairs, and measure both halves into bits behind those of the program."""
        self._instructions.undo(self.emitted.circuit, slots)
        for number, (reference, slot) in enumerate(zip(references, slots, strict=True)):
            self._instructions.unpair(reference, slot)
            clbit = self.machine.circuit.num_clbits + 2 * number
            self._instructions.measure(reference, clbit)
            self._instructions.measure(slot, clbit + 1)

    def _outcomes(self, size: int, rng: np.random.Generator) -> Bits:
        """All bits after some runs, shape (size, bits)."""
        from dqplan.simulate.cudaq_kernel import carry_out

        flaws = Flaws(size, self._slots, self._ends, self._begun)
        run_machine(self.machine, flaws, rng)
        clbits = self.machine.circuit.num_clbits + 2 * len(self._begun)
        columns = (*self._instructions.columns(), *flaws.columns(len(self._instructions)))
        self._cudaq.set_random_seed(int(rng.integers(1, 1 << 31)))
        try:
            (bits,) = self._cudaq.run(carry_out, self._width, clbits, size, *columns, shots_count=1)
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
