"""Hypothesis strategies for any circuit and any hardware, shared by all property tests."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import strategies as st

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.gates import NUM_PARAMS, NUM_QUBITS, Op
from dqplan.core.hardware import Hardware, Link, Module, Operating
from dqplan.core.program import Program

UNITARY_OPS = [op for op in Op if op < Op.EPR]
COMMON_OPS = [Op.H, Op.X, Op.T, Op.RY, Op.RZ, Op.CX, Op.CZ, Op.CP, Op.SWAP]
ANGLES = st.one_of(
    st.sampled_from([0.0, math.pi, -math.pi, math.pi / 2, math.pi / 4, 2 * math.pi]),
    st.floats(-7, 7, allow_nan=False).map(lambda x: round(x, 3)),
)


@st.composite
def unitary_circuits(draw: st.DrawFn, *, max_qubits: int = 5, max_gates: int = 20) -> Circuit:
    """Circuits of gates only; half of the draws use the whole vocabulary, the others a few common gates."""
    return _circuit(draw, max_qubits, max_gates, dynamic=False)


@st.composite
def dynamic_circuits(draw: st.DrawFn, *, max_qubits: int = 4, max_gates: int = 14) -> Circuit:
    """Circuits with mid-circuit measurements, resets and conditions."""
    return _circuit(draw, max_qubits, max_gates, dynamic=True)


@st.composite
def flipping_circuits(draw: st.DrawFn, *, max_qubits: int = 4, max_gates: int = 14, measured: bool = False) -> Circuit:
    """CX above all, between gates that are diagonal on both qubits: copies can live through many of the stretches."""
    num_qubits = draw(st.integers(2, max_qubits))
    vocabulary = [Op.CX, Op.CX, Op.CX, Op.CP, Op.CP, Op.CY, Op.X, Op.T, Op.H, *[Op.MEASURE] * measured]
    builder = CircuitBuilder(name="flips")
    builder.add_qreg("q", num_qubits)
    builder.add_creg("c", 1)
    for line in range(1, draw(st.integers(3, max_gates)) + 1):
        op = draw(st.sampled_from(vocabulary))
        qubits = draw(st.permutations(range(num_qubits)))[: NUM_QUBITS[op]]
        params = [draw(ANGLES) for _ in range(NUM_PARAMS[op])]
        builder.append(op, qubits, params, clbit=0 if op is Op.MEASURE else -1, line=line)
    return builder.build()


@st.composite
def compiled_circuits(draw: st.DrawFn, *, max_qubits: int = 4, max_blocks: int = 6, dynamic: bool = False) -> Circuit:
    """Blocks of gates on one pair of qubits, as compilers emit them: many hide a SWAP, or are one gate in disguise."""
    num_qubits = draw(st.integers(2, max_qubits))
    builder = CircuitBuilder(name="compiled")
    builder.add_qreg("q", num_qubits)
    builder.add_creg("c", 2)
    builder.add_creg("d", 1)
    for line in range(1, draw(st.integers(1, max_blocks)) + 1):
        a, b = draw(st.permutations(range(num_qubits)))[:2]
        for op in draw(st.lists(st.sampled_from(_BLOCK_OPS), min_size=1, max_size=6)):
            qubits = draw(st.sampled_from([(a, b), (b, a)]))[: NUM_QUBITS[op]]
            builder.append(op, qubits, [draw(ANGLES) for _ in range(NUM_PARAMS[op])], line=line)
        if dynamic:
            op = draw(st.sampled_from([Op.MEASURE, Op.MEASURE, Op.RESET, Op.X, Op.T, Op.RY, Op.CP]))
            params = [draw(ANGLES) for _ in range(NUM_PARAMS[op])]
            clbit = draw(st.integers(0, 2)) if op is Op.MEASURE else -1
            condition = draw(_CONDITIONS) if op < Op.MEASURE else None
            builder.append(op, (a, b)[: NUM_QUBITS[op]], params, clbit=clbit, condition=condition, line=line)
    return builder.build()


_BLOCK_OPS = [Op.CX, Op.CX, Op.CX, Op.CX, Op.CP, Op.CZ, Op.ECR, Op.RXX, Op.H, Op.X, Op.S, Op.RY, Op.RZ]


def _circuit(draw: st.DrawFn, max_qubits: int, max_gates: int, *, dynamic: bool) -> Circuit:
    num_qubits = draw(st.integers(1, max_qubits))
    builder = CircuitBuilder(name="drawn")
    builder.add_qreg("q", num_qubits)
    if dynamic:
        builder.add_creg("c", 2)
        builder.add_creg("d", 1)
    vocabulary = [op for op in draw(st.sampled_from([UNITARY_OPS, COMMON_OPS])) if NUM_QUBITS[op] <= num_qubits]
    if dynamic:
        vocabulary += [Op.MEASURE, Op.MEASURE, Op.RESET]
    for line in range(1, draw(st.integers(0, max_gates)) + 1):
        op = draw(st.sampled_from(vocabulary))
        qubits = draw(st.permutations(range(num_qubits)))[: NUM_QUBITS[op]]
        params = [draw(ANGLES) for _ in range(NUM_PARAMS[op])]
        clbit = draw(st.integers(0, 2)) if op is Op.MEASURE else -1
        condition = draw(_CONDITIONS) if dynamic and op < Op.MEASURE else None
        builder.append(op, qubits, params, clbit=clbit, condition=condition, line=line)
    return builder.build()


_CONDITIONS = st.one_of(
    st.none(),
    st.none(),
    st.integers(0, 3).map(lambda value: Condition((Term((0, 1), value),))),
    st.integers(0, 1).map(lambda value: Condition((Term((2,), value),))),
)


@st.composite
def networks(
    draw: st.DrawFn, *, num_qubits: int, max_modules: int = 4, limited: bool = True, fewest_comm: int = 2
) -> Hardware:
    """Connected networks with room for `num_qubits`, uneven modules, few comm qubits (or no limit), perhaps weights."""
    num_modules = draw(st.integers(1, max_modules))
    sizes = [draw(st.integers(1, 3)) for _ in range(num_modules)]
    while sum(sizes) < num_qubits:
        sizes[draw(st.integers(0, num_modules - 1))] += 1
    comm = st.one_of(st.none(), st.integers(fewest_comm, 3)) if limited else st.none()
    modules = tuple(Module(f"m{i}", size, draw(comm)) for i, size in enumerate(sizes))
    pairs = {(draw(st.integers(0, b - 1)), b) for b in range(1, num_modules)}
    for b in range(1, num_modules):
        for a in range(b):
            if draw(st.integers(0, 3)) == 0:
                pairs.add((a, b))
    weights = st.sampled_from([1.0, 1.0, 2.0, 0.7]) if draw(st.integers(0, 2)) == 0 else st.just(1.0)
    links = tuple(Link(a, b, ebit_fidelity=1.0, weight=draw(weights)) for a, b in sorted(pairs))
    return Hardware("drawn", modules, links)


@st.composite
def clocked(draw: st.DrawFn, hardware: Hardware) -> Hardware:
    """The same network with durations, rates, fidelities and lifetimes; some durations are 0."""
    times = st.sampled_from([0.0, 1e-6, 3e-5, 2e-4])
    good = st.floats(0.97, 1.0)

    def module(old: Module) -> Module:
        return replace(
            old,
            one_qubit=Operating(None, draw(good), draw(times)),
            two_qubit=Operating(None, draw(good), draw(times)),
            readout=Operating(None, draw(good), draw(times)),
            reset=Operating(None, None, draw(st.none() | times)),
            comm_reset=Operating(None, draw(st.none() | good), draw(st.none() | times)),
            swap_in=Operating(None, draw(st.none() | good), draw(st.none() | times)),
            t1_s=draw(st.sampled_from([None, 0.5])),
            t2_s=draw(st.sampled_from([None, 0.3])),
        )

    def link(old: Link) -> Link:
        return replace(
            old,
            ebit_fidelity=draw(good),
            rate_hz=draw(st.sampled_from([50.0, 1e4])),
            parallel_channels=draw(st.integers(1, 3)),
            latency_s=draw(st.sampled_from([None, 0.0, 1e-4])),
        )

    return replace(hardware, modules=tuple(map(module, hardware.modules)), links=tuple(map(link, hardware.links)))


GATE_SETS = [
    ("cz", "rz", "sx", "x"),
    ("cz", "rzz", "rz", "sx"),
    ("cx", "u3"),
    ("ecr", "rz", "sx"),
    ("iswap", "rz", "rx"),
    ("dcx", "p", "sx"),
    ("rzz", "rx", "rz"),
    ("rxx", "rx", "ry"),
    ("ryy", "rz", "ry"),
    ("rzx", "u"),
    ("cp", "u"),
    ("crx", "u"),
]
"""Native gates of machines, and some that nobody has built."""

_SHAPES = {
    "line": lambda n: [(k, k + 1) for k in range(n - 1)],
    "ring": lambda n: [(k, k + 1) for k in range(n - 1)] + ([(0, n - 1)] if n > 2 else []),
    "star": lambda n: [(0, k) for k in range(1, n)],
    "ladder": lambda n: [(k, k + 1) for k in range(0, n - 1, 2)] + [(k, k + 2) for k in range(n - 2)],
}


@st.composite
def limited(draw: st.DrawFn, program: Program) -> Hardware:
    """The hardware of a program with native gates and coupling maps, room for it, and perhaps one place more.

    Comm qubits are anywhere in the map: it is a line, ring, star or ladder whose places are drawn.
    """
    sizes = {register.name: register.size for register in program.circuit.qregs}
    modules = []
    for module in program.plan.hardware.modules:
        data = max(module.data_qubits, sizes.get(f"{module.name}_data", 0)) + draw(st.integers(0, 1))
        comm = sizes.get(f"{module.name}_comm", 0) + draw(st.integers(0, 1))
        shape = draw(st.sampled_from([None, *_SHAPES]))
        place = draw(st.permutations(range(data + comm)))
        pairs = [] if shape is None else [(place[a], place[b]) for a, b in _SHAPES[shape](data + comm)]
        limits = {
            "native_gates": draw(st.sampled_from([None, *GATE_SETS])),
            "coupling": None if shape is None else tuple((min(pair), max(pair)) for pair in pairs),
        }
        modules.append(replace(module, data_qubits=data, comm_qubits=comm, **limits))
    return replace(program.plan.hardware, modules=tuple(modules))
