"""Small circuits and networks whose best plans are known by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable

from dqplan.core.circuit import CircuitBuilder
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, ideal_network
from dqplan.core.normalise import segments_of
from dqplan.core.segments import Segments

Gate = tuple[Op, tuple[int, ...]] | tuple[Op, tuple[int, ...], tuple[float, ...]]


def segments(num_qubits: int, gates: Iterable[Gate]) -> Segments:
    """The normal form of a list of gates."""
    builder = CircuitBuilder(name="test")
    builder.add_qreg("q", num_qubits)
    builder.add_creg("c", 1)
    for gate in gates:
        builder.append(*gate, clbit=0 if gate[0] is Op.MEASURE else -1)
    return segments_of(builder.build())


def ghz(n: int) -> Segments:
    """H and a chain of CX."""
    return segments(n, [(Op.H, (0,)), *((Op.CX, (i, i + 1)) for i in range(n - 1))])


def qft(n: int) -> Segments:
    """The quantum Fourier transform without its final reversal."""
    gates: list[Gate] = []
    for i in range(n):
        gates.append((Op.H, (i,)))
        gates += [(Op.CP, (i, j), (math.pi / 2 ** (j - i),)) for j in range(i + 1, n)]
    return segments(n, gates)


def back_and_forth(rounds: int) -> Segments:
    """One qubit that works with two others in turn, with enough in between that moving it pays."""
    gates: list[Gate] = []
    for n in range(rounds):
        for _ in range(4):
            turns = [(op, (qubit,)) for qubit in (0, 1 + n % 2) for op in (Op.T, Op.H)]
            gates += [*turns, (Op.CZ, (0, 1 + n % 2))]
    return segments(3, gates)


def everyone(modules: int, size: int, comm: int | None = None) -> Hardware:
    """Equal modules, all linked."""
    pairs = [(a, b) for b in range(modules) for a in range(b)]
    return ideal_network(f"all:{modules}x{size}", [size] * modules, comm, pairs)


def line(modules: int, size: int, comm: int | None = None) -> Hardware:
    """Equal modules in a row."""
    return ideal_network(f"line:{modules}x{size}", [size] * modules, comm, [(i, i + 1) for i in range(modules - 1)])
