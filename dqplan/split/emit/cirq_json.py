"""Program -> Cirq JSON, which `cirq.read_json` reads.

Qubits are `NamedQubit`s and measurement keys strings, both named as in OpenQASM: `m0_data[3]`, `c[0]`. A condition
becomes conditions on single keys. E-bits, sends and receives are tags: `dqplan: ebit 3 m0_comm[0] -- m1_comm[0]` on the
H and CNOT that make the e-bit (in a module's circuit: on an identity), `dqplan: send c[0] to m1` on a measurement,
`dqplan: receive c[0] from m0` on the operation that waits for it.

Cirq takes seconds to import, hence the imports inside the functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from dqplan.core.circuit import Operation, bit_names
from dqplan.core.gates import Op, gate_matrix
from dqplan.core.program import Program
from dqplan.split.emit.reading import Case, cases_of, unsupported
from dqplan.split.modules import Traffic

if TYPE_CHECKING:
    import cirq


def texts_of(program: Program) -> dict[str, str]:
    """The joint program and each module's.

    Raises:
        UnsupportedError: a measurement under a condition.
    """
    traffic = Traffic(program)
    texts = {"joint": _text(_Joint(program, traffic).operations(range(len(program.circuit))))}
    for module, name, rows in traffic.parts():
        texts[name] = _text(_Module(program, traffic, module).operations(rows.tolist()))
    return texts


def _text(operations: Iterator[cirq.Operation]) -> str:
    import cirq

    return f"{cirq.to_json(cirq.Circuit(operations), indent=None)}\n"


class _Joint:
    """Rows -> operations of Cirq."""

    def __init__(self, program: Program, traffic: Traffic) -> None:
        import cirq

        self.program, self.circuit, self.traffic = program, program.circuit, traffic
        self.names, self.keys = bit_names(self.circuit.qregs), bit_names(self.circuit.cregs)
        self.qubits = [cirq.NamedQubit(name) for name in self.names]
        self.measured: set[int] = set()

    def operations(self, rows: Sequence[int]) -> Iterator[cirq.Operation]:
        """In program order; what cannot happen is left out."""
        for row in rows:
            operation = self.circuit[row]
            self._learn(row)
            if operation.op is Op.EPR:
                yield from self._ebit(operation, self._ebit_tag(row, operation))
            elif operation.op is Op.MEASURE:
                yield self._measurement(row, operation)
            else:
                yield from self._gate(row, operation)

    def _learn(self, row: int) -> None:
        """Bits known from elsewhere; in the joint program none is."""

    def _tags(self, row: int) -> list[str]:
        return []

    def _ebit_tag(self, row: int, operation: Operation) -> str:
        a, b = (self.names[qubit] for qubit in operation.qubits)
        return f"dqplan: ebit {self.traffic.ebits[row]} {a} -- {b}"

    def _ebit(self, operation: Operation, tag: str) -> Iterator[cirq.Operation]:
        import cirq

        a, b = (self.qubits[qubit] for qubit in operation.qubits)
        yield cirq.H(a).with_tags(tag)
        yield cirq.CNOT(a, b).with_tags(tag)

    def _measurement(self, row: int, operation: Operation) -> cirq.Operation:
        import cirq

        if cases_of(operation.condition, self.measured) != [{}]:
            raise unsupported(self.circuit, row, "measures under a condition, which Cirq cannot do")
        self.measured.add(operation.clbit)
        measured = cirq.measure(self.qubits[operation.qubits[0]], key=self.keys[operation.clbit])
        return measured.with_tags(*self._tags(row))

    def _gate(self, row: int, operation: Operation) -> Iterator[cirq.Operation]:
        tags = self._tags(row)
        for case in cases_of(operation.condition, self.measured):
            gate = _gate_of(operation.op, operation.params)
            applied = gate.on(*(self.qubits[qubit] for qubit in operation.qubits))
            # In this order: controls that are put on a tagged operation take its tags away.
            yield applied.with_classical_controls(*self._controls(case)).with_tags(*tags)
            tags = []

    def _controls(self, case: Case) -> Iterator[cirq.Condition]:
        import cirq

        for clbit, value in sorted(case.items()):
            key = cirq.MeasurementKey(self.keys[clbit])
            yield cirq.KeyCondition(key) if value else cirq.BitMaskKeyCondition(key, equal_target=True)


class _Module(_Joint):
    """The same for the rows of one module."""

    def __init__(self, program: Program, traffic: Traffic, module: int) -> None:
        super().__init__(program, traffic)
        self.module = module

    def _learn(self, row: int) -> None:
        self.measured.update(clbit for clbit, _ in self.traffic.received.get(row, ()))

    def _tags(self, row: int) -> list[str]:
        names, received, sent = self.traffic.names, self.traffic.received, self.traffic.sent
        return [
            *(f"dqplan: receive {self.keys[clbit]} from {names[origin]}" for clbit, origin in received.get(row, ())),
            *(f"dqplan: send {self.keys[clbit]} to {names[target]}" for clbit, target in sent.get(row, ())),
        ]

    def _ebit(self, operation: Operation, tag: str) -> Iterator[cirq.Operation]:
        import cirq

        own = next(qubit for qubit in operation.qubits if self.program.module_of[qubit] == self.module)
        yield cirq.I(self.qubits[own]).with_tags(tag)


@cache
def _gate_of(op: Op, params: tuple[float, ...]) -> cirq.Gate:
    """The gate up to a global phase, by its usual name in Cirq where it has one."""
    import cirq

    turns = [angle / math.pi for angle in params]
    named = {
        Op.ID: cirq.I,
        Op.X: cirq.X,
        Op.Y: cirq.Y,
        Op.Z: cirq.Z,
        Op.H: cirq.H,
        Op.S: cirq.S,
        Op.SDG: cirq.S**-1,
        Op.T: cirq.T,
        Op.TDG: cirq.T**-1,
        Op.SX: cirq.X**0.5,
        Op.SXDG: cirq.X**-0.5,
        Op.RESET: cirq.ResetChannel(),
        Op.CX: cirq.CNOT,
        Op.CZ: cirq.CZ,
        Op.SWAP: cirq.SWAP,
        Op.ISWAP: cirq.ISWAP,
        Op.CCX: cirq.CCX,
    }
    if op in named:
        return named[op]
    if op is Op.U:  # Z^(phi + 1/2) X^theta Z^(lambda - 1/2), all in half turns
        theta, phi, lam = turns
        return cirq.PhasedXZGate(x_exponent=theta, z_exponent=phi + lam, axis_phase_exponent=0.5 - lam)
    powers: dict[Op, Callable[..., cirq.Gate]] = {
        Op.P: cirq.ZPowGate,
        Op.CP: cirq.CZPowGate,
        Op.RX: cirq.XPowGate,
        Op.RY: cirq.YPowGate,
    }
    if op in powers:
        return powers[op](exponent=turns[0])
    return cirq.MatrixGate(gate_matrix(op, params))
