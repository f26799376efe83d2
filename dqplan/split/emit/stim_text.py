"""Program -> Stim, if it is Clifford.

Qubits are numbered in the order of their registers; `QUBIT_COORDS(module, 0 data or 1 comm, place)` carries the name as
its tag, and so does every measurement that of its bit. Feed-forward is `CX rec[-k]`, which exists for Paulis only. In a
module's program a bit that is received is a sweep bit, numbered as the bits are received, and e-bits, sends and
receives are tagged TICKs. Tags need Stim 1.15.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NoReturn

from dqplan.core.circuit import Operation, bit_names
from dqplan.core.gates import Op
from dqplan.core.one_qubit import TOLERANCE
from dqplan.core.program import Program
from dqplan.split.emit.clifford import first_non_clifford
from dqplan.split.emit.reading import PLAIN, Case, cases_of, plain_steps, title_of, unsupported
from dqplan.split.modules import Traffic

_KNOWN = PLAIN | {Op.CY, Op.ISWAP}
_NAMES = {
    **{op: op.name for op in (Op.X, Op.Y, Op.Z, Op.H, Op.S, Op.CX, Op.CY, Op.CZ, Op.SWAP, Op.ISWAP)},
    Op.SDG: "S_DAG",
    Op.SX: "SQRT_X",
    Op.SXDG: "SQRT_X_DAG",
}
_QUARTERS = {
    Op.P: ("", "S", "Z", "S_DAG"),
    Op.RZ: ("", "S", "Z", "S_DAG"),
    Op.RX: ("", "SQRT_X", "X", "SQRT_X_DAG"),
    Op.RY: ("", "SQRT_Y", "Y", "SQRT_Y_DAG"),
}
"""Rotations by 0, 1, 2 and 3 quarter turns, up to a global phase."""
_CONTROLLED = {"X": "CX", "Y": "CY", "Z": "CZ"}


def texts_of(program: Program) -> dict[str, str]:
    """The joint program and each module's.

    Raises:
        UnsupportedError: an operation is not Clifford, or its condition is more than one bit on a Pauli.
    """
    texts = {"joint": _Text(program, list(range(program.circuit.num_qubits))).joint()}
    traffic = Traffic(program)
    for module, name, rows in traffic.parts():
        own = [qubit for qubit, place in enumerate(program.module_of.tolist()) if place == module]
        texts[name] = _Text(program, own).module(name, traffic, rows.tolist())
    return texts


class _Text:
    """One text, line by line."""

    def __init__(self, program: Program, qubits: list[int]) -> None:
        self.program, self.circuit = program, program.circuit
        self.number = {qubit: number for number, qubit in enumerate(qubits)}
        self.qubits, self.clbits = bit_names(self.circuit.qregs), bit_names(self.circuit.cregs)
        self.records: dict[int, int] = {}
        self.measured = self.received = 0

    def joint(self) -> str:
        """All rows."""
        lines = list(self._head(""))
        ebit = 0
        for row, operation in enumerate(self.circuit):
            if operation.op is Op.EPR:
                ebit += 1
                a, b = (self.number[qubit] for qubit in operation.qubits)
                lines += [f"H[ebit {ebit}] {a}", f"CX[ebit {ebit}] {a} {b}"]
            else:
                lines += self._lines(row, operation)
        return "\n".join(lines) + "\n"

    def module(self, name: str, traffic: Traffic, rows: list[int]) -> str:
        """The rows of one module."""
        lines = list(self._head(name))
        for row in rows:
            for clbit, origin in traffic.received.get(row, ()):
                lines.append(_tick(f"receive {self.clbits[clbit]} from {traffic.names[origin]}"))
                self.records[clbit] = -1 - self.received
                self.received += 1
            if row in traffic.ebits:
                a, b = (self.qubits[qubit] for qubit in self.circuit[row].qubits)
                lines.append(_tick(f"ebit {traffic.ebits[row]} {a} -- {b}"))
            else:
                lines += self._lines(row, self.circuit[row])
            for clbit, target in traffic.sent.get(row, ()):
                lines.append(_tick(f"send {self.clbits[clbit]} to {traffic.names[target]}"))
        return "\n".join(lines) + "\n"

    def _head(self, module: str) -> Iterator[str]:
        yield f"# {title_of(self.program, module)}"
        for register in self.circuit.qregs:
            side = int(register.name.endswith("_comm"))
            for offset in range(register.size):
                qubit = register.start + offset
                if qubit in self.number:
                    place = f"({self.program.module_of[qubit]}, {side}, {offset})"
                    yield f"QUBIT_COORDS{_tag(self.qubits[qubit])}{place} {self.number[qubit]}"

    def _lines(self, row: int, operation: Operation) -> Iterator[str]:
        """Conditions that cannot hold, and gates that do nothing, leave no line."""
        for step in plain_steps(operation, _KNOWN):
            for case in cases_of(step.condition, self.records):
                yield from self._under(case, row, step)
        if operation.op is Op.MEASURE:
            self.records[operation.clbit] = self.measured
            self.measured += 1

    def _under(self, case: Case, row: int, step: Operation) -> Iterator[str]:
        targets = " ".join(str(self.number[qubit]) for qubit in step.qubits)
        if not case:
            yield from (f"{name} {targets}" for name in self._names(row, step))
            return
        names = list(self._names(row, step))
        if len(case) > 1 or not set(names) <= set(_CONTROLLED):
            raise unsupported(self.circuit, row, "has a condition; Stim can only apply Paulis under one bit")
        for name in names:
            for clbit, value in case.items():
                if not value:  # always, and taken back where the bit is 1
                    yield f"{name} {targets}"
                yield f"{_CONTROLLED[name]} {self._record(clbit)} {targets}"

    def _record(self, clbit: int) -> str:
        place = self.records[clbit]
        return f"rec[{place - self.measured}]" if place >= 0 else f"sweep[{-1 - place}]"

    def _names(self, row: int, step: Operation) -> Iterator[str]:
        """Stim's instructions, in order."""
        if step.op is Op.MEASURE:
            yield f"M{_tag(self.clbits[step.clbit])}"
        elif step.op is Op.RESET:
            yield "R"
        elif step.op in _QUARTERS:
            yield from self._turned(row, step.op, step.params[0])
        elif step.op is Op.U:
            for op, angle in _turns(*step.params):
                yield from self._turned(row, op, angle)
        elif step.op is Op.CP:
            if (turns := self._quarters(row, step.params[0])) % 2:
                self._refuse_gate(row)
            if turns:
                yield "CZ"
        elif step.op in _NAMES:
            yield _NAMES[step.op]
        else:
            self._refuse_gate(row)

    def _turned(self, row: int, op: Op, angle: float) -> Iterator[str]:
        if name := _QUARTERS[op][self._quarters(row, angle)]:
            yield name

    def _quarters(self, row: int, angle: float) -> int:
        turns = round(angle / (math.pi / 2))
        if abs(angle - turns * math.pi / 2) > TOLERANCE:
            self._refuse_gate(row)
        return turns % 4

    def _refuse_gate(self, row: int) -> NoReturn:
        """In terms of the input circuit, whose gates are merged on the way."""
        source, reason = self.program.plan.segments.circuit, "is not Clifford, and Stim knows nothing else"
        found = first_non_clifford(source)
        raise unsupported(source, found, reason) if found >= 0 else unsupported(self.circuit, row, reason)


def _turns(theta: float, phi: float, lam: float) -> list[tuple[Op, float]]:
    """U as rotations in the order of their application; only the sum or difference counts where θ is 0 or π."""
    halves = round(theta / math.pi)
    if abs(theta - halves * math.pi) > TOLERANCE:
        return [(Op.RZ, lam), (Op.RY, theta), (Op.RZ, phi)]
    return [(Op.RZ, lam - phi if halves % 2 else lam + phi), (Op.RY, theta)]


def _tag(text: str) -> str:
    """Square brackets with a text inside, as Stim escapes it."""
    return f"[{text.replace(']', chr(92) + 'C')}]"


def _tick(text: str) -> str:
    return f"TICK{_tag(text)}"
