"""Operations -> statements of OpenQASM, in the dialect that Qiskit, Cirq and the other common readers all parse.

That is: lower-case register names, one one-bit register per message, `if (bits == value)` without braces, no barrier,
the e-bit as an ordinary gate with a body.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from dqplan.core.circuit import Circuit, Condition, Operation, Register, Term, bit_names
from dqplan.core.errors import UnsupportedError
from dqplan.core.gates import Op
from dqplan.load.module_program import EBIT_DEFINITION
from dqplan.split.dialects import Dialect

_HEADER = {
    Dialect.QASM3: 'OPENQASM 3.0;\ninclude "stdgates.inc";\n',
    Dialect.QASM2: 'OPENQASM 2.0;\ninclude "qelib1.inc";\n',
}
_SPELLING = {
    Dialect.QASM3: {Op.U: "u3"},
    Dialect.QASM2: {Op.U: "u3", Op.P: "u1", Op.CP: "cu1"},
}
_DEFINITIONS = {
    Op.EPR: EBIT_DEFINITION,
    Op.SWAP: "gate swap a, b { cx a, b; cx b, a; cx a, b; }\n",
    Op.SX: "gate sx a { sdg a; h a; sdg a; }\n",
    Op.CRX: "gate crx(theta) a, b { h b; crz(theta) a, b; h b; }\n",
    Op.CRY: "gate cry(theta) a, b { ry(theta/2) b; cx a, b; ry(-theta/2) b; cx a, b; }\n",
    Op.RZZ: "gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }\n",
    Op.RXX: "gate rxx(theta) a, b { h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; }\n",
    Op.RYY: "gate ryy(theta) a, b { rx(pi/2) a; rx(pi/2) b; "
    "cx a, b; rz(theta) b; cx a, b; rx(-pi/2) a; rx(-pi/2) b; }\n",
    Op.RZX: "gate rzx(theta) a, b { h b; cx a, b; rz(theta) b; cx a, b; h b; }\n",
    Op.ISWAP: "gate iswap a, b { s a; s b; h a; cx a, b; cx b, a; h b; }\n",
    Op.ECR: "gate ecr a, b { h b; cx a, b; rz(pi/2) b; cx a, b; h b; x a; }\n",
    Op.DCX: "gate dcx a, b { cx a, b; cx b, a; }\n",
}
"""Gates that a standard library may lack."""
_IN_LIBRARY = {
    Dialect.QASM3: frozenset({Op.SWAP, Op.SX, Op.CRX, Op.CRY}),
    Dialect.QASM2: frozenset[Op](),
}
"""Those of them that it has; qelib1.inc in its original form, which all readers share."""


class Writer:
    """Statements of one dialect, OpenQASM 2 or 3, over the registers of one circuit."""

    def __init__(self, circuit: Circuit, dialect: Dialect) -> None:
        self.dialect = dialect
        self.qubit_names = bit_names(circuit.qregs)
        self.clbit_names = bit_names(circuit.cregs)
        self.whole = {tuple(range(r.start, r.start + r.size)): r.name for r in circuit.cregs}

    def declarations(self, qregs: Iterable[Register], cregs: Iterable[Register], ops: Iterable[Op]) -> Iterator[str]:
        """Version, library, gate definitions and registers."""
        yield _HEADER[self.dialect]
        needed = set(ops) - _IN_LIBRARY[self.dialect]
        yield from sorted(definition for op, definition in _DEFINITIONS.items() if op in needed)
        form = "{kind}[{r.size}] {r.name};\n" if self.dialect is Dialect.QASM3 else "{kind} {r.name}[{r.size}];\n"
        names = ("qubit", "bit") if self.dialect is Dialect.QASM3 else ("qreg", "creg")
        for kind, registers in zip(names, (qregs, cregs), strict=True):
            for register in registers:
                yield form.format(kind=kind, r=register)

    def statement(self, operation: Operation) -> str:
        """One line."""
        prefix, suffix = self._condition(operation.condition)
        return f"{prefix}{self._plain(operation)}{suffix}\n"

    def _plain(self, operation: Operation) -> str:
        operands = ", ".join(self.qubit_names[qubit] for qubit in operation.qubits)
        if operation.op is Op.MEASURE:
            bit = self.clbit_names[operation.clbit]
            three = self.dialect is Dialect.QASM3
            return f"{bit} = measure {operands};" if three else f"measure {operands} -> {bit};"
        name = _SPELLING[self.dialect].get(operation.op, operation.op.spelling)
        angles = ", ".join(map(format_angle, operation.params))
        return f"{name}({angles}) {operands};" if angles else f"{name} {operands};"

    def _condition(self, condition: Condition | None) -> tuple[str, str]:
        """What stands before and behind a statement that happens under a condition."""
        if condition is None:
            return "", ""
        terms = [self._positive(term) for term in condition.terms]
        if len(terms) == 1 and terms[0].equal and terms[0].clbits in self.whole:
            return f"if ({self.whole[terms[0].clbits]} == {terms[0].value}) ", ""
        if self.dialect is Dialect.QASM2:
            raise UnsupportedError(
                "a condition other than `register == value` cannot be written as OpenQASM 2",
                hint="use --emit qasm3",
            )
        parts = [self._branch(term) for term in terms]
        return "".join(before for before, _ in parts), "".join(after for _, after in reversed(parts))

    @staticmethod
    def _positive(term: Term) -> Term:
        """The same comparison with ==, where that is possible."""
        return term if term.equal or len(term.clbits) > 1 else Term(term.clbits, 1 - term.value)

    def _branch(self, term: Term) -> tuple[str, str]:
        """The opening and closing of one nested block, in the form that Qiskit's reader accepts."""
        if term.clbits in self.whole:
            opening = f"if ({self.whole[term.clbits]} == {term.value}) {{ "
            return (opening, " }") if term.equal else (f"{opening}}} else {{ ", " }")
        if len(term.clbits) == 1:
            name = self.clbit_names[term.clbits[0]]
            return f"if ({name if term.value else '!' + name}) {{ ", " }"
        if not term.equal:
            raise UnsupportedError("a `!=` over a part of a register cannot be emitted")
        bits = [Term((clbit,), term.value >> k & 1) for k, clbit in enumerate(term.clbits)]
        parts = [self._branch(bit) for bit in bits]
        return "".join(before for before, _ in parts), "".join(after for _, after in reversed(parts))


def format_angle(angle: float) -> str:
    """An angle as text that reads back as the same number: a multiple of pi where that is exact, else 17 digits."""
    for denominator in (1, 2, 4, 8, 16, 32):
        numerator = round(angle * denominator / math.pi)
        if 0 < abs(numerator) <= 4 * denominator and numerator * math.pi / denominator == angle:
            factor = {1: "pi", -1: "-pi"}.get(numerator, f"{numerator}*pi")
            return factor if denominator == 1 else f"{factor}/{denominator}"
    text = repr(float(angle))
    mantissa, _, exponent = text.partition("e")
    return text if "." in mantissa else f"{mantissa}.0e{exponent}"
