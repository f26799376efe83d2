"""The part of the joint program that each module does, with what crosses its border in comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Op
from dqplan.core.program import Program
from dqplan.split.writer import Writer


def module_texts(program: Program, writer: Writer, statements: Sequence[str]) -> dict[str, str]:
    """The text of each module in use, by its name.

    Args:
        program: the whole.
        writer: of the joint program's statements.
        statements: one for each row of the joint program.
    """
    circuit, traffic = program.circuit, _Traffic(program, writer)
    lines = traffic.lines(statements)
    texts = {}
    for module in np.unique(program.module_of).tolist():
        name, rows = traffic.names[module], np.flatnonzero((traffic.module == module) | (traffic.other == module))
        head = f"// dqplan: module {name} of {circuit.name!a} on {program.plan.hardware.name!a}\n"
        qregs = [register for register in circuit.qregs if program.module_of[register.start] == module]
        cregs = [circuit.cregs[number] for number in traffic.registers(module)]
        ops = {Op(code) for code in np.unique(circuit.op[rows]).tolist()} - {Op.EPR}
        body = [lines[row] for row in rows.tolist()]
        texts[name] = "".join([head, *writer.declarations(qregs, cregs, ops), *body])
    return texts


class _Traffic:
    """Who does which row, who measures and who reads each classical bit.

    Attributes:
        module: of each row's first qubit, (n,).
        other: of its second qubit, if the row is an e-bit; else the same.
    """

    def __init__(self, program: Program, writer: Writer) -> None:
        self.circuit, self.writer = program.circuit, writer
        self.names = [module.name for module in program.plan.hardware.modules]
        qubits, ebit = self.circuit.qubits, self.circuit.op == Op.EPR
        self.module: NDArray[np.int32] = program.module_of[qubits[:, 0]]
        self.other = np.where(ebit, program.module_of[qubits[:, 1]], self.module)
        self._ebits: list[int] = np.flatnonzero(ebit).tolist()
        self._measurements: list[int] = np.flatnonzero(self.circuit.op == Op.MEASURE).tolist()
        self._reads = list(self._bits_read())

    def _bits_read(self) -> Iterator[tuple[int, int, int]]:
        """(row, its module, a bit that it waits for), in order."""
        rows = np.flatnonzero(self.circuit.condition >= 0)
        columns = (rows, self.module[rows], self.circuit.condition[rows])
        for row, module, condition in zip(*(column.tolist() for column in columns), strict=True):
            for clbit in sorted(self.circuit.conditions[condition].clbits):
                yield row, module, clbit

    def registers(self, module: int) -> list[int]:
        """The classical registers that a module writes or reads, by number."""
        rows = np.array(self._measurements, dtype=np.int64)
        written = self.circuit.clbit[rows[self.module[rows] == module]]
        read = [clbit for _, reader, clbit in self._reads if reader == module]
        starts = [register.start for register in self.circuit.cregs]
        found = np.searchsorted(starts, np.concatenate([written, np.array(read, dtype=np.int64)]), side="right") - 1
        return list(np.unique(found).tolist())

    def lines(self, statements: Sequence[str]) -> list[str]:
        """What the modules' texts say for each row."""
        lines, qubits, clbits = list(statements), self.writer.qubit_names, self.writer.clbit_names
        for number, row in enumerate(self._ebits, start=1):
            a, b = self.circuit.qubits[row, :2].tolist()
            lines[row] = f"// dqplan: ebit {number} {qubits[a]} -- {qubits[b]}\n"
        for row, clbit, origin in self._received():
            lines[row] = f"// dqplan: receive {clbits[clbit]} from {self.names[origin]}\n{lines[row]}"
        for row, clbit, target in self._sent():
            lines[row] += f"// dqplan: send {clbits[clbit]} to {self.names[target]}\n"
        return lines

    def _received(self) -> Iterator[tuple[int, int, int]]:
        """(row, bit, module that measures it last) of the first reads of outcomes from elsewhere, last bit first."""
        rows = self._measurements
        owner = dict(zip(self.circuit.clbit[rows].tolist(), self.module[rows].tolist(), strict=True))
        first: dict[tuple[int, int], int] = {}
        for row, module, clbit in self._reads:
            if owner.get(clbit, module) != module:
                first.setdefault((module, clbit), row)
        for (_, clbit), row in reversed(first.items()):  # each stands before what is there already
            yield row, clbit, owner[clbit]

    def _sent(self) -> Iterator[tuple[int, int, int]]:
        """(row, bit, module that waits for it) of all measurements."""
        readers: dict[int, set[int]] = {}
        for _, module, clbit in self._reads:
            readers.setdefault(clbit, set()).add(module)
        rows = self._measurements
        for row, clbit, module in zip(rows, self.circuit.clbit[rows].tolist(), self.module[rows].tolist(), strict=True):
            for target in sorted(readers.get(clbit, set()) - {module}):
                yield row, clbit, target
