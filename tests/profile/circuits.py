"""Circuits whose profiles are known by hand."""

from __future__ import annotations

import math
import random

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.gates import NUM_QUBITS, Op

Row = tuple[Op, tuple[int, ...]] | tuple[Op, tuple[int, ...], tuple[float, ...]]

CLIFFORD_OPS = [Op.H, Op.S, Op.SX, Op.CX, Op.CZ, Op.ISWAP, Op.SWAP, Op.ECR]


def circuit_of(num_qubits: int, *rows: Row, name: str = "circuit") -> Circuit:
    builder = CircuitBuilder(name)
    builder.add_qreg("q", num_qubits)
    for op, qubits, *params in rows:
        builder.append(op, qubits, *params)
    return builder.build()


def ghz(num_qubits: int) -> Circuit:
    chain = [(Op.CX, (i, i + 1)) for i in range(num_qubits - 1)]
    return circuit_of(num_qubits, (Op.H, (0,)), *chain, name=f"ghz_{num_qubits}")


def qft(num_qubits: int) -> Circuit:
    """Without the reversal of the qubits."""
    builder = CircuitBuilder(f"qft_{num_qubits}")
    builder.add_qreg("q", num_qubits)
    for i in range(num_qubits):
        builder.append(Op.H, (i,))
        for j in range(i + 1, num_qubits):
            builder.append(Op.CP, (j, i), (math.pi / 2 ** (j - i),))
    return builder.build()


def cluster(rows: int, columns: int) -> Circuit:
    """The cluster state on a grid, numbered row by row."""
    places = [(r, c) for r in range(rows) for c in range(columns)]
    right = [(Op.CZ, (r * columns + c, r * columns + c + 1)) for r, c in places if c + 1 < columns]
    below = [(Op.CZ, (r * columns + c, r * columns + c + columns)) for r, c in places if r + 1 < rows]
    preparation = [(Op.H, (i,)) for i in range(rows * columns)]
    return circuit_of(rows * columns, *preparation, *right, *below, name="cluster")


def random_clifford(num_qubits: int, num_gates: int, seed: int, *, dynamic: bool = False) -> Circuit:
    """Clifford gates; a dynamic one also has measurements, resets and Pauli gates that depend on the outcomes."""
    draw = random.Random(seed)
    builder = CircuitBuilder("clifford")
    builder.add_qreg("q", num_qubits)
    builder.add_creg("c", 2)
    odd = Condition((Term((0, 1), 1),))
    for _ in range(num_gates):
        op = draw.choice(CLIFFORD_OPS + [Op.MEASURE, Op.RESET, Op.X, Op.Z] * dynamic)
        qubits = draw.sample(range(num_qubits), 2)[: NUM_QUBITS[op]]
        clbit = draw.randrange(2) if op is Op.MEASURE else -1
        builder.append(op, qubits, clbit=clbit, condition=odd if op in (Op.X, Op.Z) else None)
    return builder.build()


def random_rotations(num_qubits: int, num_gates: int, seed: int) -> Circuit:
    """Rotations and CX in equal number, all over the place."""
    draw = random.Random(seed)
    builder = CircuitBuilder("rotations")
    builder.add_qreg("q", num_qubits)
    for _ in range(num_gates // 2):
        control, target = draw.sample(range(num_qubits), 2)
        builder.append(Op.RY, (control,), (draw.random(),))
        builder.append(Op.CX, (control, target))
    return builder.build()


def ghz_by_measurement() -> Circuit:
    """A GHZ state on qubits 0, 1, 3, 4 from two Bell pairs: the parity through qubit 2 decides about two flips."""
    builder = CircuitBuilder("fusion")
    builder.add_qreg("q", 5)
    builder.add_creg("c", 1)
    builder.add_creg("d", 2)
    for a, b in ((0, 1), (3, 4)):
        builder.append(Op.H, (a,))
        builder.append(Op.CX, (a, b))
    builder.append(Op.CX, (1, 2))
    builder.append(Op.CX, (3, 2))
    builder.append(Op.MEASURE, (2,), clbit=0)
    odd = Condition((Term((0,), 1),))
    builder.append(Op.X, (3,), condition=odd)
    builder.append(Op.X, (4,), condition=odd)
    builder.append(Op.MEASURE, (0,), clbit=1)
    builder.append(Op.MEASURE, (4,), clbit=2)
    return builder.build()
