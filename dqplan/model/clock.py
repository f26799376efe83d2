"""The clock: a program again and again, with e-bits that arrive at random.

Controllers keep the order of operations on every qubit and of requests on every link; each operation starts as soon as
what is before it in that order is over and its messages have arrived. E-bits are asked for as early as that allows; of
those that wait, the youngest is used (`model.buffers`).
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.outlook import Floats
from dqplan.core.program import Placed
from dqplan.model.buffers import Buffers, Pair
from dqplan.model.durations import Durations

Messages = dict[int, list[tuple[int, float]]]
"""For some rows, those that must be over before, each with the seconds that its outcome takes to arrive."""


class Clock:
    """Many runs of a program at once.

    Args:
        circuit: the joint program.
        durations: means; heralded e-bits take an exponentially distributed time, or, if they are purified, that of
            their recurrence.
        messages: what operations wait for.
        runs: how many.
        rng: of the waits.
    """

    def __init__(
        self, circuit: Circuit, durations: Durations, messages: Messages, runs: int, rng: np.random.Generator
    ) -> None:
        self._qubits = [[qubit for qubit in row if qubit >= 0] for row in circuit.qubits.tolist()]
        self._op = circuit.op.tolist()
        self._mean, self._link = durations.seconds.tolist(), durations.link.tolist()
        self._recurrences = durations.recurrences
        self._messages = messages
        self._told = {source for sources in messages.values() for source, _ in sources}
        self._runs, self._rng = runs, rng
        self._free = np.zeros((circuit.num_qubits, runs))
        self._channels = [np.zeros((width, runs)) for width in durations.channels]
        self._buffers = Buffers(self._free, durations.recurrences, durations.cutoff_s, self._channels, rng)
        self._over: dict[int, Floats] = {}
        self._holds = [False] * circuit.num_qubits

    @property
    def makespan_s(self) -> Floats:
        """When all that has happened is over, shape (runs,)."""
        latest: Floats = self._free.max(axis=0, initial=0.0)
        return latest

    @property
    def remade(self) -> list[float]:
        """By link in use, the mean number of e-bits that grew too old and were made again."""
        return [number / self._runs for number in self._buffers.remade]

    def advance(self, row: int) -> list[tuple[int, Floats]]:
        """Let an operation happen, and say how long the qubits that held something have waited for it, in seconds.

        A qubit holds something from the first gate behind its reset until it is measured, or given away by a SWAP.
        """
        qubits, pairs = self._qubits[row], self._buffers.pop(self._qubits[row])
        start = self._buffers.take(pairs, self._possible(row, pairs))
        end = self._made(row, start) if self._link[row] >= 0 else start + self._mean[row]
        held = [qubit for qubit in qubits if self._holds[qubit] and self._op[row] != Op.RESET]
        waits = [(qubit, start - self._free[qubit]) for qubit in held]
        self._free[qubits] = end
        if self._link[row] >= 0:
            self._buffers.put(self._link[row], qubits)
        if row in self._told:
            self._over[row] = end
        self._take_hold(row)
        return waits

    def _possible(self, row: int, pairs: list[Pair]) -> Floats:
        """When qubits, messages and a channel allow the operation, but for the e-bits that it is the first to use."""
        new = {qubit for pair in pairs for qubit in pair.qubits}
        start = np.zeros(self._runs)
        for qubit in self._qubits[row]:
            if qubit not in new:
                np.maximum(start, self._free[qubit], out=start)
        for source, seconds in self._messages.get(row, ()):
            np.maximum(start, self._over[source] + seconds, out=start)
        if self._link[row] >= 0:
            np.maximum(start, self._channels[self._link[row]].min(axis=0), out=start)
        return start

    def _made(self, row: int, start: Floats) -> Floats:
        """When the e-bit is there; its link's first free channel makes it."""
        link = self._link[row]
        recurrence = self._recurrences[link]
        one = np.ones(self._runs, dtype=np.int64)
        end: Floats = start + (recurrence.draw(self._rng, one) if recurrence else self._mean[row])
        ends = self._channels[link]
        ends[ends.argmin(axis=0), np.arange(self._runs)] = end
        return end

    def _take_hold(self, row: int) -> None:
        op, qubits = self._op[row], self._qubits[row]
        if op == Op.SWAP:
            one, other = qubits
            self._holds[one], self._holds[other] = self._holds[other], self._holds[one]
        else:
            for qubit in qubits:
                self._holds[qubit] = op not in (Op.MEASURE, Op.RESET)


def messages_of(program: Placed, latency_s: NDArray[np.float64]) -> Messages:
    """By row: the rows that it hears of, or must not overtake, because of classical bits."""
    circuit, module = program.circuit, program.module_of_row.tolist()
    waits: Messages = {}
    writer: dict[int, int] = {}
    readers: defaultdict[int, list[int]] = defaultdict(list)
    bits = [sorted(condition.clbits) for condition in circuit.conditions]
    involved = np.flatnonzero((circuit.clbit >= 0) | (circuit.condition >= 0))
    columns = (involved, circuit.clbit[involved], circuit.condition[involved])
    for row, clbit, condition in zip(*(column.tolist() for column in columns), strict=True):
        sources: dict[int, float] = {}
        for bit in bits[condition] if condition >= 0 else ():
            if bit in writer:
                sources[writer[bit]] = float(latency_s[module[writer[bit]], module[row]])
            readers[bit].append(row)
        if clbit >= 0:
            for earlier in (*readers.pop(clbit, ()), *([writer[clbit]] if clbit in writer else ())):
                if earlier != row:
                    sources.setdefault(earlier, 0.0)
            writer[clbit] = row
        if sources:
            waits[row] = list(sources.items())
    return waits
