"""Program -> a Python module that builds a `qiskit.QuantumCircuit`, for Qiskit 1.0 and later.

Why source and not a file that Qiskit loads: QPY is binary, needs Qiskit to be written, and its bytes depend on Qiskit's
version; OpenQASM 3 is there already (`--emit qasm3`), but Qiskit reads it at 1,500 gates a second, with a further
package; OpenQASM 2 has no conditions on single bits. The source needs nothing to be written and keeps everything:
registers, bits and conditions; `qpy.dump(build(), file)` makes a QPY file of it.

E-bits, sends and receives are labels of barriers, such as `dqplan: ebit 3 m0_comm[0] -- m1_comm[0]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dqplan.core.circuit import Operation, Register, bit_names
from dqplan.core.gates import Op
from dqplan.core.program import Program
from dqplan.split.emit.reading import Case, cases_of, plain_steps, title_of
from dqplan.split.modules import Exchange, Traffic

_KNOWN = frozenset(Op) - {Op.EPR}
_SPELLING = {Op.U: "u"}
_HEAD = """\
# {title}, for Qiskit 1.0 and later: build() returns the circuit
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister


def build() -> QuantumCircuit:
    circuit = QuantumCircuit(
{registers}
    )
    q, c = circuit.qubits, circuit.clbits
"""


def texts_of(program: Program) -> dict[str, str]:
    """The joint program and each module's."""
    circuit, traffic = program.circuit, Traffic(program)
    rows = range(len(circuit))
    texts = {"joint": _Source(program, traffic, circuit.qregs, circuit.cregs).text("", rows)}
    for module, name, rows_of_module in traffic.parts():
        qregs = [register for register in circuit.qregs if program.module_of[register.start] == module]
        cregs = [circuit.cregs[number] for number in traffic.registers(rows_of_module)]
        texts[name] = _Source(program, traffic, qregs, cregs).text(name, rows_of_module.tolist())
    return texts


class _Source:
    """The source of one circuit over some registers."""

    def __init__(
        self, program: Program, traffic: Traffic, qregs: Sequence[Register], cregs: Sequence[Register]
    ) -> None:
        self.program, self.circuit, self.traffic = program, program.circuit, traffic
        self.qregs, self.cregs = qregs, cregs
        self.qubit = _numbered(qregs)
        self.clbit = _numbered(cregs)
        self.qubits, self.clbits = bit_names(self.circuit.qregs), bit_names(self.circuit.cregs)

    def text(self, module: str, rows: Sequence[int]) -> str:
        """Of the joint program, if `module` is empty."""
        kinds = [("QuantumRegister", register) for register in self.qregs]
        kinds += [("ClassicalRegister", register) for register in self.cregs]
        registers = "\n".join(f"        {kind}({register.size}, {register.name!r})," for kind, register in kinds)
        lines = [_HEAD.format(title=title_of(self.program, module), registers=registers)]
        for row in rows:
            operation = self.circuit[row]
            if module:
                lines += self._labels(row, operation, self.traffic.received, "receive", "from")
            lines += self._lines(row, operation, joint=not module)
            if module:
                lines += self._labels(row, operation, self.traffic.sent, "send", "to")
        return "".join([*lines, "    return circuit\n"])

    def _lines(self, row: int, operation: Operation, *, joint: bool) -> Iterator[str]:
        if operation.op is Op.EPR:
            a, b = (self.qubits[qubit] for qubit in operation.qubits)
            yield self._barrier(operation, f"ebit {self.traffic.ebits[row]} {a} -- {b}")
            if joint:
                a, b = (f"q[{self.qubit[qubit]}]" for qubit in operation.qubits)
                yield f"    circuit.h({a})\n    circuit.cx({a}, {b})\n"
            return
        for step in plain_steps(operation, _KNOWN):
            for case in cases_of(step.condition, self.clbit):
                yield from self._under(case, self._call(step))

    def _call(self, step: Operation) -> str:
        operands = [*map(repr, step.params), *(f"q[{self.qubit[qubit]}]" for qubit in step.qubits)]
        if step.op is Op.MEASURE:
            operands.append(f"c[{self.clbit[step.clbit]}]")
        if step.op is Op.CU:
            return f"circuit.cu({', '.join(operands)})\n"
        return f"circuit.{_SPELLING.get(step.op, step.op.spelling)}({', '.join(operands)})\n"

    def _under(self, case: Case, call: str) -> Iterator[str]:
        indent = "    "
        for clbit, value in case.items():
            yield f"{indent}with circuit.if_test((c[{self.clbit[clbit]}], {value})):\n"
            indent += "    "
        yield f"{indent}{call}"

    def _labels(
        self, row: int, operation: Operation, exchanges: Mapping[int, Sequence[Exchange]], verb: str, link: str
    ) -> Iterator[str]:
        for clbit, module in exchanges.get(row, ()):
            text = f"{verb} {self.clbits[clbit]} {link} {self.traffic.names[module]}"
            yield self._barrier(operation, text)

    def _barrier(self, operation: Operation, label: str) -> str:
        own = ", ".join(f"q[{self.qubit[qubit]}]" for qubit in operation.qubits if qubit in self.qubit)
        return f"    circuit.barrier({own}, label={'dqplan: ' + label!r})\n"


def _numbered(registers: Sequence[Register]) -> dict[int, int]:
    """The number among some registers' bits of each bit of the program."""
    bits = (register.start + k for register in registers for k in range(register.size))
    return {bit: number for number, bit in enumerate(bits)}
