"""Equivalence: the joint program must do to its qubits and bits what the circuit does to its own.

Both are simulated over all outcomes of all measurements, with every qubit entangled with a reference that is kept: by
the isomorphism of Choi (Linear Algebra Appl. 10, 285, 1975) two programs that agree there agree on all inputs, also
on parts of entangled ones. Where references do not fit, random product inputs are followed instead: product states
span all operators, hence two different programs agree on a random one with probability zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import Emitted
from dqplan.verify.distance import trace_distance
from dqplan.verify.lifetimes import begins_with_reset, final_measurements
from dqplan.verify.process import Budget, Inputs, Process, Run, run_process

NAME = "equivalence"
TOLERANCE = 1e-8
"""Trace distances up to this count as zero; rounding stays below 1e-12, a wrong angle of 1e-6 lies above."""

MAX_AMPLITUDES = 1 << 22
MAX_WORK = 1 << 30
"""Amplitudes touched by one simulation as its dry run foresees it, some seconds' worth."""
_SLACK = 4
"""A simulation may touch so many times more, because branches may stay apart for longer than the dry run assumes."""

NUM_INPUTS = 2
_SEED = 20


@dataclass(frozen=True)
class _Pair:
    """The circuit, the joint program, and what holds for both.

    `given` are the qubits whose initial state may matter; `waiting` those whose last measurement commutes with all
    that follows, in both, so that its outcome can be read off the final state.
    """

    circuit: Process
    joint: Process
    given: tuple[int, ...]
    waiting: tuple[int, ...]
    skipped_rows: tuple[frozenset[int], frozenset[int]]

    def fits(self, inputs: Inputs, budget: Budget) -> bool:
        """Whether both are expected to stay within a budget."""
        return all(run.within for run in self._runs(inputs, budget, dry=True))

    def runs(self, inputs: Inputs, budget: Budget) -> tuple[Run, Run] | None:
        """Both simulated, or None if that took far more than expected."""
        first, second = self._runs(inputs, Budget(budget.amplitudes, _SLACK * budget.work), dry=False)
        return (first, second) if first.within and second.within else None

    def _runs(self, inputs: Inputs, budget: Budget, *, dry: bool) -> tuple[Run, Run]:
        first = run_process(self.circuit, inputs, self.given, self.skipped_rows[0], budget, dry=dry)
        if not first.within:
            return first, first
        return first, run_process(self.joint, inputs, self.given, self.skipped_rows[1], budget, dry=dry)

    def distance(self, first: Run, second: Run, num_references: int) -> float:
        """Trace distance of the results."""
        num_qubits = num_references + len(self.circuit.outputs)
        return trace_distance(first.mixture, second.mixture, num_qubits, [num_references + q for q in self.waiting])


def check_equivalence(emitted: Emitted, max_amplitudes: int = MAX_AMPLITUDES) -> Check:
    """Compare the joint program with the circuit.

    Args:
        emitted: both, read back.
        max_amplitudes: most amplitudes that a simulation may hold at once.

    Returns:
        PROVED for all inputs (to TOLERANCE), TESTED on random inputs, FAILED, or SKIPPED if nothing fits.
    """
    if len(emitted.input) != emitted.circuit.num_qubits or len(emitted.clbits) != emitted.circuit.num_clbits:
        detail = f"the circuit has {emitted.circuit.num_qubits} qubits and {emitted.circuit.num_clbits} bits"
        detail += f", the programs were written for {len(emitted.input)} and {len(emitted.clbits)}"
        return Check(NAME, Status.FAILED, detail)
    num_qubits = emitted.circuit.num_qubits
    if 1 << num_qubits > max_amplitudes:
        return Check(NAME, Status.SKIPPED, _too_large(emitted, max_amplitudes))
    pair = _pair_of(emitted)
    budget = Budget(max_amplitudes, MAX_WORK)
    return (
        _proof(pair, budget) or _test(pair, budget) or Check(NAME, Status.SKIPPED, _too_large(emitted, max_amplitudes))
    )


def _pair_of(emitted: Emitted) -> _Pair:
    circuit, joint = emitted.circuit, emitted.joint
    qubits = tuple(range(circuit.num_qubits))
    first = Process(circuit, qubits, qubits, tuple(range(circuit.num_clbits)))
    second = Process(joint, emitted.input, emitted.output, emitted.clbits)
    idle = begins_with_reset(circuit, first.inputs)
    idle_there = begins_with_reset(joint, second.inputs)
    last, last_there = final_measurements(circuit, first.outputs), final_measurements(joint, second.outputs)
    waiting = [
        qubit
        for qubit, output in zip(first.outputs, second.outputs, strict=True)
        if qubit in last
        and output in last_there
        and second.clbits[circuit.clbit[last[qubit]]] == joint.clbit[last_there[output]]
    ]
    return _Pair(
        first,
        second,
        given=tuple(qubit for qubit in qubits if qubit not in idle or emitted.input[qubit] not in idle_there),
        waiting=tuple(waiting),
        skipped_rows=(
            frozenset(last[qubit] for qubit in waiting),
            frozenset(last_there[second.outputs[qubit]] for qubit in waiting),
        ),
    )


def _proof(pair: _Pair, budget: Budget) -> Check | None:
    """The comparison with references, or None if it does not fit."""
    runs = pair.runs(None, budget) if pair.fits(None, budget) else None
    if runs is None:
        return None
    first, second = runs
    distance = pair.distance(first, second, len(pair.given))
    followed = (
        f"every outcome followed (at most {second.peak_branches} branches at once, 2^{second.peak_axes} amplitudes)"
    )
    if distance > TOLERANCE:
        return Check(NAME, Status.FAILED, f"trace distance {distance:.2g} from the circuit's Choi state; {followed}")
    scope = f"holds for every input: Choi states with {len(pair.given)} reference qubits are equal"
    return Check(NAME, Status.PROVED, f"{scope}, trace distance {distance:.1e} <= {TOLERANCE:.0e}; {followed}")


def _test(pair: _Pair, budget: Budget) -> Check | None:
    """The comparison on random product inputs, or None if it does not fit."""
    rng = np.random.default_rng(_SEED)
    worst = 0.0
    for number in range(NUM_INPUTS):
        inputs = [_random_qubit(rng) for _ in pair.circuit.inputs]
        runs = pair.runs(inputs, budget) if number or pair.fits(inputs, budget) else None
        if runs is None:
            return None
        worst = max(worst, pair.distance(*runs, 0))
        if worst > TOLERANCE:
            return Check(NAME, Status.FAILED, f"trace distance {worst:.2g} from the circuit's result on a random input")
    detail = (
        f"equal on {NUM_INPUTS} random product inputs, every outcome followed, trace distance {worst:.1e} <= "
        f"{TOLERANCE:.0e}; programs that differ agree on such an input with probability zero"
    )
    return Check(NAME, Status.TESTED, detail)


def _random_qubit(rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
    """A Haar-random state of one qubit."""
    real, imaginary = rng.normal(size=(2, 2))
    amplitudes = real + 1j * imaginary
    return np.asarray(amplitudes / np.linalg.norm(amplitudes), dtype=np.complex128)


def _too_large(emitted: Emitted, max_amplitudes: int) -> str:
    return (
        f"{emitted.circuit.num_qubits} qubits and {len(emitted.joint):,} operations do not fit into an exact simulation"
        f" of {max_amplitudes:,} amplitudes and {MAX_WORK:,} amplitude updates"
    )
