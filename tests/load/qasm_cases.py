"""What the tests of the OpenQASM reader share."""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from dqplan.core.circuit import Circuit
from dqplan.load.load_circuit import circuit_of_text
from tests.branches import Unitary

QASM2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
QASM3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def read2(body: str) -> Circuit:
    """An OpenQASM 2 program with its first two lines left out."""
    return circuit_of_text(QASM2 + body, "test.qasm")


def read3(body: str) -> Circuit:
    """An OpenQASM 3 program with its first two lines left out."""
    return circuit_of_text(QASM3 + body, "test.qasm")


def shown(circuit: Circuit) -> list[str]:
    """Each operation in short: `cx 0 1`, `rz(0.5) 2`, `measure 0 -> 1 if 0,1 == 2`."""
    rows = []
    for row in circuit:
        text = row.op.spelling
        if row.params:
            text += f"({', '.join(f'{param:.6g}' for param in row.params)})"
        text += "".join(f" {qubit}" for qubit in row.qubits)
        if row.clbit >= 0:
            text += f" -> {row.clbit}"
        if row.condition:
            terms = [
                f"{','.join(map(str, t.clbits))} {'==' if t.equal else '!='} {t.value}" for t in row.condition.terms
            ]
            text += f" if {' && '.join(terms)}"
        rows.append(text)
    return rows


def qiskit_unitary(circuit: QuantumCircuit) -> Unitary:
    """With qubit 0 most significant, as `tests.branches.unitary_of` has it."""
    return np.asarray(Operator(circuit.reverse_bits()).data)
