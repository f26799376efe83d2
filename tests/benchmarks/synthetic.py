"""Circuits of any size, as OpenQASM 2: one with gates between near qubits, one like QAOA on a random sparse graph."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

REACH = 8
"""Qubits that a gate of the local circuit spans at most."""


def local_circuit(num_qubits: int, num_gates: int, rng: random.Random) -> Iterator[str]:
    """Controlled phases and CX between qubits at most `REACH` apart, an H behind every fourth: short segments."""
    for _ in range(num_gates):
        a = rng.randrange(num_qubits - 1)
        b = min(a + rng.randint(1, REACH), num_qubits - 1)
        yield f"cu1({rng.uniform(-3, 3):.6f}) q[{a}],q[{b}];" if rng.random() < 0.5 else f"cx q[{a}],q[{b}];"
        if rng.random() < 0.25:
            yield f"h q[{rng.choice((a, b))}];"


def qaoa_circuit(num_qubits: int, num_gates: int, rng: random.Random) -> Iterator[str]:
    """Layers of controlled phases on a ring and as many random chords, each layer followed by RX on every qubit."""
    ring = [(a, (a + 1) % num_qubits) for a in range(num_qubits)]
    edges = ring + [tuple(rng.sample(range(num_qubits), 2)) for _ in ring]
    for number in range(num_gates):
        a, b = edges[number % len(edges)]
        yield f"cu1(0.{number // len(edges) + 1:03}) q[{a}],q[{b}];"
        if (number + 1) % len(edges) == 0:
            yield from (f"rx(0.7) q[{a}];" for a in range(num_qubits))


KINDS: dict[str, Callable[[int, int, random.Random], Iterator[str]]] = {"local": local_circuit, "qaoa": qaoa_circuit}


def program(kind: str, num_qubits: int, num_gates: int) -> str:
    """A circuit with so many two-qubit gates; the same every time."""
    lines = KINDS[kind](num_qubits, num_gates, random.Random(1))
    return "\n".join(["OPENQASM 2.0;", 'include "qelib1.inc";', f"qreg q[{num_qubits}];", *lines, ""])
