"""Trials: the program again and again, with e-bits that arrive at random.

Controllers keep the order of operations on every qubit and of requests on every link; each operation starts as soon as
what is before it in that order is over and its messages have arrived. E-bits are asked for as early as that allows; of
those that wait, the youngest is used (`buffers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.outlook import Floats
from dqplan.trial.buffers import Buffers
from dqplan.trial.dependencies import Dependencies
from dqplan.trial.durations import Durations
from dqplan.trial.errors import Lifetimes

_MOST, _FEWEST = 1000, 40
_WORK = 20_000_000
"""Operations in all trials together, as far as `_FEWEST` allows."""


@dataclass(frozen=True, eq=False)
class Trials:
    """What happened.

    Attributes:
        makespan_s, idling: float64 (trials,), seconds and the fidelity that waiting left.
        remade: by link in use, the mean number of e-bits that grew too old and were made again.
    """

    makespan_s: Floats
    idling: Floats
    remade: list[float]


def run_trials(
    circuit: Circuit,
    durations: Durations,
    needs: Dependencies,
    order: NDArray[np.int64],
    lifetimes: Lifetimes,
    seed: int,
) -> Trials:
    """As many trials as time allows, up to 1000; one, if nothing is random.

    Args:
        circuit: the joint program.
        durations: means; heralded e-bits take an exponentially distributed time, or, if they are purified, that of
            their recurrence.
        needs: the messages that operations wait for.
        order: of all rows; it holds on each qubit and link.
        lifetimes: how fast qubits forget while they hold something and wait.
        seed: of the waits.
    """
    count = max(_FEWEST, min(_MOST, _WORK // max(1, len(circuit)))) if durations.random.any() else 1
    rng = np.random.default_rng(seed)
    free = np.zeros((circuit.num_qubits, count))
    channels = [np.zeros((width, count)) for width in durations.channels]
    heard: dict[int, Floats] = {}
    lost = np.zeros(count)
    mean, link = durations.seconds.tolist(), durations.link.tolist()
    buffers = Buffers(free, durations.recurrences, durations.cutoff_s, channels, rng)
    one = np.ones(count, dtype=np.int64)
    for row, qubits, waited in _with_waits(circuit, order):
        pairs = buffers.pop(qubits)
        new = {qubit for pair in pairs for qubit in pair.qubits}
        start = np.zeros(count)
        for qubit in qubits:
            if qubit not in new:
                np.maximum(start, free[qubit], out=start)
        for source, seconds in needs.waits.get(row, ()):
            np.maximum(start, heard[source] + seconds, out=start)
        if link[row] >= 0:
            ends = channels[link[row]]
            channel = ends.argmin(axis=0)
            np.maximum(start, ends[channel, np.arange(count)], out=start)
        start = buffers.take(pairs, start)
        recurrence = durations.recurrences[link[row]] if link[row] >= 0 else None
        end = start + (recurrence.draw(rng, one) if recurrence else mean[row])
        if link[row] >= 0:
            ends[channel, np.arange(count)] = end
        for qubit in waited:
            if lifetimes.forgets(qubit):
                lost += np.log(lifetimes.kept(qubit, start - free[qubit]))
        for qubit in qubits:
            free[qubit] = end
        if link[row] >= 0:
            buffers.put(link[row], qubits)
        if row in needs.heard_by:
            heard[row] = end
    remade = [number / count for number in buffers.remade]
    return Trials(free.max(axis=0, initial=0.0), np.exp(lost), remade)


def _with_waits(circuit: Circuit, order: NDArray[np.int64]) -> Iterator[tuple[int, list[int], list[int]]]:
    """Rows in order, each with its qubits and those of them that held something while they waited for it.

    A qubit holds something from the first gate behind its reset until it is measured, or given away by a SWAP.
    """
    holds = [False] * circuit.num_qubits
    for row, op, operands in zip(
        order.tolist(), circuit.op[order].tolist(), circuit.qubits[order].tolist(), strict=True
    ):
        qubits = [qubit for qubit in operands if qubit >= 0]
        yield row, qubits, [qubit for qubit in qubits if holds[qubit] and op != Op.RESET]
        if op == Op.SWAP:
            one, other = qubits
            holds[one], holds[other] = holds[other], holds[one]
        else:
            for qubit in qubits:
                holds[qubit] = op not in (Op.MEASURE, Op.RESET)
