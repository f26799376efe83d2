"""Program -> a Python module with a CUDA-Q kernel, to be run with `cudaq.run`: `cudaq.sample` knows no feed-forward.

A kernel returns its classical bits, in the order of the list BITS beside it; one without any returns nothing. Kernels
of modules take the values of the bits that they receive, in the order of the list RECEIVED; where e-bits are made and
bits are sent stands in comments, because CUDA-Q has no words for them. Kernels must lie in files: CUDA-Q reads their
source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dqplan.core.circuit import Condition, Operation, Term, bit_names
from dqplan.core.gates import Op
from dqplan.core.program import Program
from dqplan.split.emit.reading import PLAIN, plain_steps, title_of
from dqplan.split.modules import Traffic

_KNOWN = PLAIN - {Op.SX, Op.SXDG} | {Op.CY, Op.CH, Op.CRX, Op.CRY, Op.CRZ}
_SPELLING = {
    Op.P: "r1",
    Op.U: "u3",
    Op.CP: "r1.ctrl",
    Op.CX: "x.ctrl",
    Op.CY: "y.ctrl",
    Op.CZ: "z.ctrl",
    Op.CH: "h.ctrl",
    Op.CRX: "rx.ctrl",
    Op.CRY: "ry.ctrl",
    Op.CRZ: "rz.ctrl",
}


def texts_of(program: Program) -> dict[str, str]:
    """The joint program's kernel `joint`, and a kernel `module_<name>` for each module."""
    traffic = Traffic(program)
    circuit = program.circuit
    qubits, clbits = list(range(circuit.num_qubits)), list(range(circuit.num_clbits))
    texts = {"joint": _Kernel(program, traffic, qubits, clbits).text("", range(len(circuit)))}
    for module, name, rows in traffic.parts():
        own = [qubit for qubit in qubits if program.module_of[qubit] == module]
        registers = (circuit.cregs[number] for number in traffic.registers(rows))
        bits = [register.start + k for register in registers for k in range(register.size)]
        texts[name] = _Kernel(program, traffic, own, bits).text(name, rows.tolist())
    return texts


class _Kernel:
    """The source of one kernel over some qubits and bits of the program."""

    def __init__(self, program: Program, traffic: Traffic, qubits: Sequence[int], clbits: Sequence[int]) -> None:
        self.program, self.circuit, self.traffic = program, program.circuit, traffic
        self.qubit = {qubit: number for number, qubit in enumerate(qubits)}
        self.clbit = {clbit: number for number, clbit in enumerate(clbits)}
        self.qubits, self.clbits = bit_names(self.circuit.qregs), bit_names(self.circuit.cregs)

    def text(self, module: str, rows: Sequence[int]) -> str:
        """Of the joint program, if `module` is empty."""
        received = [self.clbits[clbit] for row in rows for clbit, _ in self.traffic.received.get(row, ()) if module]
        lines = [f"# {title_of(self.program, module)}, for cudaq.run\n", "import cudaq\n\n"]
        lines.append(f"QUBITS = {[self.qubits[qubit] for qubit in self.qubit]}\n")
        lines.append(f"BITS = {[self.clbits[clbit] for clbit in self.clbit]}\n")
        lines.append(f"RECEIVED = {received}\n" if module else "")
        argument = "received: list[bool]" if received else ""
        result = " -> list[bool]" if self.clbit else ""
        name = f"module_{module}" if module else "joint"
        lines.append(f"\n\n@cudaq.kernel\ndef {name}({argument}){result}:\n    q = cudaq.qvector({len(self.qubit)})\n")
        if self.clbit:
            lines.append(f"    bits = [False for k in range({len(self.clbit)})]\n")
        lines += self._module_lines(rows) if module else self._joint_lines()
        return "".join([*lines, "    return bits\n" if self.clbit else ""])

    def _joint_lines(self) -> Iterator[str]:
        for row, operation in enumerate(self.circuit):
            if operation.op is Op.EPR:
                yield self._comment(row, operation)
                yield from self._statement(operation._replace(op=Op.H, qubits=operation.qubits[:1]))
                yield from self._statement(operation._replace(op=Op.CX))
            else:
                yield from self._statement(operation)

    def _module_lines(self, rows: Sequence[int]) -> Iterator[str]:
        count = 0
        for row in rows:
            for clbit, origin in self.traffic.received.get(row, ()):
                yield f"    # receive {self.clbits[clbit]} from {self.traffic.names[origin]}\n"
                yield f"    bits[{self.clbit[clbit]}] = received[{count}]\n"
                count += 1
            operation = self.circuit[row]
            if operation.op is Op.EPR:
                yield self._comment(row, operation)
            else:
                yield from self._statement(operation)
            for clbit, target in self.traffic.sent.get(row, ()):
                yield f"    # send {self.clbits[clbit]} to {self.traffic.names[target]}\n"

    def _comment(self, row: int, operation: Operation) -> str:
        a, b = (self.qubits[qubit] for qubit in operation.qubits)
        return f"    # ebit {self.traffic.ebits[row]} {a} -- {b}\n"

    def _statement(self, operation: Operation) -> Iterator[str]:
        indent = "    "
        if operation.condition is not None:
            yield f"    if {self._test(operation.condition)}:\n"
            indent = "        "
        steps = list(plain_steps(operation, _KNOWN))
        yield from (f"{indent}{self._call(step)}\n" for step in steps)
        if operation.condition is not None and not steps:
            yield f"{indent}pass\n"

    def _call(self, step: Operation) -> str:
        operands = ", ".join([*map(repr, step.params), *(f"q[{self.qubit[qubit]}]" for qubit in step.qubits)])
        if step.op is Op.MEASURE:
            return f"bits[{self.clbit[step.clbit]}] = mz({operands})"
        return f"{_SPELLING.get(step.op, step.op.spelling)}({operands})"

    def _test(self, condition: Condition) -> str:
        return " and ".join(self._term(term) for term in condition.terms)

    def _term(self, term: Term) -> str:
        if term.value >> len(term.clbits):
            return "False" if term.equal else "True"
        values = [(self.clbit[clbit], term.value >> k & 1) for k, clbit in enumerate(term.clbits)]
        if term.equal:
            return " and ".join(f"bits[{bit}]" if value else f"not bits[{bit}]" for bit, value in values)
        differs = " or ".join(f"not bits[{bit}]" if value else f"bits[{bit}]" for bit, value in values)
        return f"({differs})"
