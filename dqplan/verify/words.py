"""Operations in words."""

from __future__ import annotations

from dqplan.core.circuit import Circuit, Condition, bit_names


def words_of(circuit: Circuit, row: int) -> str:
    """An operation in words, close to OpenQASM."""
    operation = circuit[row]
    qubits, clbits = bit_names(circuit.qregs), bit_names(circuit.cregs)
    angles = f"({', '.join(f'{angle:.6g}' for angle in operation.params)})" if operation.params else ""
    target = f" -> {clbits[operation.clbit]}" if operation.clbit >= 0 else ""
    text = f"{operation.op.spelling}{angles} {', '.join(qubits[qubit] for qubit in operation.qubits)}{target}"
    condition = _named_condition(operation.condition, clbits) if operation.condition else ""
    return f"`if ({condition}) {text}`" if condition else f"`{text}`"


def _named_condition(condition: Condition, clbits: list[str]) -> str:
    terms = []
    for term in condition.terms:
        names = " ".join(clbits[clbit] for clbit in term.clbits)
        terms.append(f"{names} {'==' if term.equal else '!='} {term.value}")
    return " and ".join(terms)
