"""Who does which row of the joint program, and which outcomes cross the border of a module."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Condition
from dqplan.core.gates import Op
from dqplan.core.program import Program

Exchange = tuple[int, int]
"""A classical bit and the module that it comes from or goes to."""


class Traffic:
    """The parts of the modules in a joint program.

    Attributes:
        names: of the hardware's modules.
        module: of each row's first qubit, (n,).
        other: of its second qubit, if the row is an e-bit; else the same.
        ebits: row -> number of the e-bit that it makes, from 1 on.
        received: row -> bits measured elsewhere that its module must have received before, in order.
        sent: row that measures -> the modules that wait for the outcome, in the order of their reading it.
    """

    def __init__(self, program: Program) -> None:
        self.circuit = program.circuit
        self.names = [module.name for module in program.plan.hardware.modules]
        qubits, ebit = self.circuit.qubits, self.circuit.op == Op.EPR
        self.module: NDArray[np.int32] = program.module_of[qubits[:, 0]]
        self.other = np.where(ebit, program.module_of[qubits[:, 1]], self.module)
        self.ebits = {row: number for number, row in enumerate(np.flatnonzero(ebit).tolist(), start=1)}
        self.received: dict[int, tuple[Exchange, ...]] = {}
        self.sent: dict[int, tuple[Exchange, ...]] = {}
        self._reads = [_bits_read(condition) for condition in self.circuit.conditions]
        self._in_use: list[int] = np.unique(program.module_of).tolist()
        self._exchange()

    def parts(self) -> Iterator[tuple[int, str, NDArray[np.int64]]]:
        """Every module in use: its number, its name, and the rows that it takes part in."""
        for module in self._in_use:
            yield module, self.names[module], np.flatnonzero((self.module == module) | (self.other == module))

    def registers(self, rows: NDArray[np.int64]) -> list[int]:
        """The classical registers that some rows write or read, by number."""
        part = self.circuit.condition[rows]
        read = [clbit for condition in np.unique(part[part >= 0]).tolist() for clbit in self._reads[condition]]
        written = self.circuit.clbit[rows]
        clbits = np.concatenate([written[written >= 0], np.array(read, dtype=np.int64)])
        starts = [register.start for register in self.circuit.cregs]
        return list(np.unique(np.searchsorted(starts, clbits, side="right") - 1).tolist())

    def _exchange(self) -> None:
        """Every outcome goes once to each module that reads it, right behind its measurement.

        A measurement under a condition may leave its bit as it was, so that its module must know the bit.
        """
        measured: dict[int, tuple[int, int]] = {}
        known: dict[int, set[int]] = {}
        for row, module, clbits, clbit in self._accesses():
            for read in clbits:
                if read in measured and module not in known[read]:
                    known[read].add(module)
                    measurement, origin = measured[read]
                    self.received[row] = (*self.received.get(row, ()), (read, origin))
                    self.sent[measurement] = (*self.sent.get(measurement, ()), (read, module))
            if clbit >= 0:
                measured[clbit], known[clbit] = (row, module), {module}

    def _accesses(self) -> Iterator[tuple[int, int, tuple[int, ...], int]]:
        """(row, its module, bits that it reads, bit that it writes or -1), in order."""
        circuit = self.circuit
        rows = np.flatnonzero((circuit.condition >= 0) | (circuit.clbit >= 0))
        columns = (rows, self.module[rows], circuit.condition[rows], circuit.clbit[rows])
        for row, module, condition, clbit in zip(*(column.tolist() for column in columns), strict=True):
            clbits = self._reads[condition] if condition >= 0 else ()
            yield row, module, (*clbits, clbit) if clbits and clbit >= 0 else clbits, clbit


def _bits_read(condition: Condition) -> tuple[int, ...]:
    return condition.terms[0].clbits if len(condition.terms) == 1 else tuple(sorted(condition.clbits))
