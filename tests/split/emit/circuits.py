"""Circuits that the exports are tried on."""

from __future__ import annotations

import random

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.gates import NUM_PARAMS, NUM_QUBITS, Op


def ghz(num_qubits: int) -> Circuit:
    """Measured: all zeros or all ones."""
    builder = CircuitBuilder(name="ghz")
    builder.add_qreg("q", num_qubits)
    builder.add_creg("c", num_qubits)
    builder.append(Op.H, [0])
    for qubit in range(num_qubits - 1):
        builder.append(Op.CX, [qubit, qubit + 1])
    for qubit in range(num_qubits):
        builder.append(Op.MEASURE, [qubit], clbit=qubit)
    return builder.build()


def remote_cx(num_qubits: int = 6) -> Circuit:
    """All entangled; six do not fit one module of a line:3x3+2."""
    builder = CircuitBuilder(name="remote")
    builder.add_qreg("q", num_qubits)
    for qubit in range(num_qubits):
        builder.append(Op.RY, [qubit], [0.4 + qubit])
    for qubit in range(num_qubits - 1):
        builder.append(Op.CX, [qubit, qubit + 1])
    return builder.build()


def cluster() -> Circuit:
    """Six qubits in a line, entangled by Clifford gates."""
    builder = CircuitBuilder(name="cluster")
    builder.add_qreg("q", 6)
    for qubit in range(6):
        builder.append(Op.H, [qubit])
    for qubit in range(5):
        builder.append(Op.CZ, [qubit, qubit + 1])
        builder.append(Op.S, [qubit])
    return builder.build()


def every_gate() -> Circuit:
    """Every gate of the vocabulary, measurements in the middle, conditions of every form, a reset."""
    rng = random.Random(5)
    builder = CircuitBuilder(name="busy")
    builder.add_qreg("q", 4)
    builder.add_creg("C", 2)
    builder.add_creg("h", 1)
    for line, op in enumerate((op for op in Op if op < Op.EPR), start=1):
        params = [rng.uniform(-3, 3) for _ in range(NUM_PARAMS[op])]
        builder.append(op, rng.sample(range(4), NUM_QUBITS[op]), params, line=line)
    for clbit in range(2):
        builder.append(Op.MEASURE, [clbit], clbit=clbit)
        builder.append(Op.RY, [clbit], [0.9])
    builder.append(Op.X, [0], condition=Condition((Term((0, 1), 2),)))
    builder.append(Op.CRY, [0, 3], [0.3], condition=Condition((Term((0, 1), 2, equal=False),)))
    builder.append(Op.T, [1], condition=Condition((Term((2,), 1),)))  # never measured: never
    builder.append(Op.MEASURE, [2], clbit=2)
    builder.append(Op.RESET, [2])
    builder.append(Op.U, [1], [0.1, 0.2, 0.3], condition=Condition((Term((2,), 0), Term((0, 1), 3, equal=False))))
    return builder.build()


def clifford(seed: int) -> Circuit:
    """Random, with feed-forward as Stim knows it: Paulis under one bit."""
    rng = random.Random(seed)
    builder = CircuitBuilder(name="clifford")
    builder.add_qreg("q", 4)
    builder.add_creg("c", 2)
    builder.add_creg("d", 1)
    ops = [Op.H, Op.S, Op.SDG, Op.SX, Op.SXDG, Op.X, Op.Y, Op.CX, Op.CY, Op.CZ, Op.SWAP, Op.ISWAP, Op.ECR, Op.DCX]
    turns = [Op.P, Op.RX, Op.RY, Op.RZ, Op.U, Op.RZZ, Op.RXX, Op.RZX]
    for line in range(1, 25):
        op = rng.choice(ops + turns)
        params = [rng.choice([-2, -1, 1, 2, 3]) * 1.5707963267948966 for _ in range(NUM_PARAMS[op])]
        builder.append(op, rng.sample(range(4), NUM_QUBITS[op]), params, line=line)
        if line % 8 == 0:
            clbit = rng.randrange(3)
            builder.append(Op.MEASURE, [rng.randrange(4)], clbit=clbit, line=line)
            for pauli in (Op.X, Op.Y, Op.Z):
                condition = Condition((Term((rng.randrange(3),), rng.randrange(2)),))
                builder.append(pauli, [rng.randrange(4)], condition=condition, line=line)
            builder.append(Op.RESET, [rng.randrange(4)], line=line)
    return builder.build()
