"""The normal form is the same circuit, and does not depend on how the circuit was spelled."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.gates import NUM_PARAMS, NUM_QUBITS, SYMMETRIC, Op
from dqplan.core.normalise import segments_of
from dqplan.core.segments import Kind, Segments
from dqplan.core.statevector import apply_gate, apply_matrix
from tests.strategies import dynamic_circuits, unitary_circuits


def unitary_of(circuit: Circuit) -> np.ndarray:
    n = circuit.num_qubits
    state = np.eye(2**n, dtype=complex).reshape((2,) * (2 * n))
    for operation in circuit:
        state = apply_gate(state, operation.op, operation.qubits, operation.params)
    return state.reshape(2**n, 2**n)


def unitary_of_segments(segments: Segments) -> np.ndarray:
    n = segments.num_wires
    state = np.eye(2**n, dtype=complex).reshape((2,) * (2 * n))
    for event in range(segments.num_events):
        wire = int(segments.wire[segments.segment[event]])
        if segments.kind[event] == Kind.GATE:
            axes = (wire, int(segments.wire[segments.other[event]]))
            state = apply_gate(state, Op.CP, axes, (float(segments.angle[event]),))
        else:
            state = apply_matrix(state, segments.unitaries[segments.unitary[event]].reshape(2, 2), (wire,))
    state = np.transpose(state, [*segments.output_wire.tolist(), *range(n, 2 * n)])
    return state.reshape(2**n, 2**n)


def same_structure(left: Segments, right: Segments) -> bool:
    """Whether two normal forms have the same gates between the same segments, so that they cost the same anywhere.

    Segments without gates cost nothing and do not count.
    """
    return gates_between_wires(left) == gates_between_wires(right)


def gates_between_wires(segments: Segments) -> list[tuple[list[tuple[int, int]], float]]:
    """Each gate as the wires of its segments, their places among the wire's segments with gates, and its angle."""
    busy = np.flatnonzero(segments.gates_per_segment)
    place = {int(s): (int(segments.wire[s]), k) for k, s in enumerate(busy)}
    angles = np.abs(segments.angle[segments.gates]).round(9).tolist()
    pairs = [[place[a], place[b]] for a, b in segments.gate_pairs.tolist()]
    return sorted(zip(pairs, angles, strict=True))


def circuit_of(num_qubits: int, *rows: tuple) -> Circuit:
    builder = CircuitBuilder()
    builder.add_qreg("q", num_qubits)
    for op, qubits, *params in rows:
        builder.append(op, qubits, params)
    return builder.build()


@given(unitary_circuits(max_qubits=4, max_gates=25))
@settings(max_examples=150, deadline=None)
def test_the_normal_form_is_the_same_unitary(circuit: Circuit) -> None:
    ours, wanted = unitary_of_segments(segments_of(circuit)), unitary_of(circuit)
    assert abs(abs(np.vdot(ours, wanted)) / len(wanted) - 1) < 1e-9


@given(dynamic_circuits(max_gates=20))
@settings(max_examples=100, deadline=None)
def test_events_lie_in_the_segments_that_are_open(circuit: Circuit) -> None:
    segments = segments_of(circuit)
    current = segments.first.tolist()
    for event in range(segments.num_events):
        segment = int(segments.segment[event])
        wire = int(segments.wire[segment])
        if segment != current[wire]:
            assert segments.kind[event] in (Kind.CUT, Kind.RESET)
            assert segments.following[current[wire]] == segment
            current[wire] = segment
        if segments.kind[event] == Kind.GATE:
            other = int(segments.other[event])
            assert current[segments.wire[other]] == other
            assert wire < segments.wire[other]
    assert int((segments.kind == Kind.MEASURE).sum()) == circuit.counts.get(Op.MEASURE, 0)


@pytest.mark.parametrize("op", sorted(SYMMETRIC))
def test_operand_order_of_symmetric_gates_changes_nothing(op: Op) -> None:
    params = [0.7] * NUM_PARAMS[op]
    qubits = list(range(NUM_QUBITS[op]))
    frame = [(Op.RX, [q], 0.3 + q) for q in qubits]
    forms = [
        segments_of(circuit_of(3, *frame, (op, order, *params), *frame, (op, order, *params)))
        for order in (qubits, qubits[::-1])
    ]
    assert same_structure(*forms)


def test_a_cx_is_the_same_as_h_cz_h() -> None:
    short = circuit_of(3, (Op.CX, [0, 1]), (Op.CX, [1, 2]), (Op.CX, [0, 1]))
    spelled = []
    for control, target in ((0, 1), (1, 2), (0, 1)):
        spelled += [(Op.H, [target]), (Op.CZ, [target, control]), (Op.H, [target])]
    assert same_structure(segments_of(short), segments_of(circuit_of(3, *spelled)))


@given(unitary_circuits(max_qubits=4, max_gates=12))
@settings(max_examples=60, deadline=None)
def test_inserted_identities_leave_no_trace(circuit: Circuit) -> None:
    identities = [
        [(Op.X, 1)] * 2,
        [(Op.H, 1)] * 2,
        [(Op.ID, 1)],
        [(Op.CX, 2)] * 2,
        [(Op.SWAP, 2)] * 2,
        [(Op.CZ, 2)] * 2,
    ]
    rng = random.Random(len(circuit))
    builder = CircuitBuilder()
    builder.add_qreg("q", circuit.num_qubits)
    for operation in circuit:
        for op, width in rng.choice(identities):
            if width <= circuit.num_qubits:
                builder.append(op, range(width))
        builder.append(operation.op, operation.qubits, operation.params)
    assert same_structure(segments_of(circuit), segments_of(builder.build()))


def test_an_identity_does_not_lend_its_place_to_a_later_gate() -> None:
    """Which blocks can be fused depends on the order of the gates around them."""
    before = [(Op.CP, [0, 3], 0.2), (Op.CP, [2, 3], 0.2), (Op.CX, [0, 1])]
    behind = [(Op.CP, [1, 2], 0.5), (Op.CP, [0, 2], 0.3), (Op.CX, [1, 0])]
    identity = [(Op.CZ, [0, 2])] * 2
    assert same_structure(*(segments_of(circuit_of(4, *before, *rows, *behind)) for rows in ([], identity)))


def test_computing_and_uncomputing_vanishes() -> None:
    ladder = [(Op.CX, [q, q + 1]) for q in range(5)] + [(Op.H, [3]), (Op.CP, [3, 0], 0.4)]
    back = [(op, qubits, *[-p for p in params]) for op, qubits, *params in reversed(ladder)]
    segments = segments_of(circuit_of(6, *ladder, *back))
    assert segments.num_events == 0
    assert segments.num_segments == 6


def test_all_gates_of_two_segments_merge() -> None:
    """CP gates on both sides of an X: one gate remains, its angle the sum with the sign turned by the X."""
    rows = [(Op.CP, [0, 1], 0.1)] * 5 + [(Op.X, [0])] + [(Op.CP, [1, 0], 0.1)] * 3
    segments = segments_of(circuit_of(2, *rows))
    assert len(segments.gates) == 1
    assert segments.angle[segments.gates[0]] == pytest.approx(5 * 0.1 - 3 * 0.1)
    assert segments.merged[segments.gates[0]] == 8


@pytest.mark.parametrize("rotation", [Op.RZ, Op.P])
def test_a_compiled_rzz_is_one_gate_again(rotation: Op) -> None:
    """Compilers to {rz, sx, x, cx} write RZZ and CP as cx · rz · cx; two such copies of one gate must cost as one."""
    compiled = [(Op.CX, [0, 1]), (rotation, [1], 0.3), (Op.CX, [0, 1])]
    segments = segments_of(circuit_of(2, *compiled, *compiled))
    assert segments.num_segments == 2
    assert segments.angle[segments.gates] == pytest.approx([-1.2])
    assert segments.merged[segments.gates].tolist() == [2]


def test_a_compiled_qft_has_one_segment_less_than_two_per_qubit() -> None:
    rows: list[tuple] = []
    for a in range(5):
        rows.append((Op.H, [a]))
        for b in range(a + 1, 5):
            angle = math.pi / 2 ** (b - a)
            rows += [(Op.P, [a], angle / 2), (Op.CX, [b, a]), (Op.P, [a], -angle / 2), (Op.CX, [b, a])]
            rows += [(Op.P, [b], angle / 2)]
    segments = segments_of(circuit_of(5, *rows))
    assert segments.num_segments == 9
    assert len(segments.gates) == 10


def test_swap_only_renames() -> None:
    segments = segments_of(circuit_of(3, (Op.SWAP, [0, 1]), (Op.SWAP, [1, 2])))
    assert segments.num_events == 0
    assert segments.output_wire.tolist() == [1, 2, 0]


def test_qaoa_layers_have_one_segment_per_qubit_and_layer() -> None:
    """ZZ layers commute; each mixer cuts every wire once (design figure: 2 segments per qubit and layer)."""
    n = 6
    rows = [(Op.H, [q]) for q in range(n)]
    rows += [(Op.RZZ, [a, b], 0.3) for a in range(n) for b in range(a)]
    rows += [(Op.RX, [q], 0.5) for q in range(n)]
    assert segments_of(circuit_of(n, *rows)).num_segments == 2 * n


def test_small_angles_are_kept() -> None:
    """QFT-64 has controlled phases of 2π/2^64: tiny, but not zero."""
    segments = segments_of(circuit_of(2, (Op.CP, [0, 1], math.pi / 2**40)))
    assert segments.angle[segments.gates].tolist() == [math.pi / 2**40]


def test_conditional_gates_are_not_merged_across_their_bit() -> None:
    builder = CircuitBuilder()
    builder.add_qreg("q", 2)
    builder.add_creg("c", 1)
    condition = Condition((Term((0,), 1),))
    builder.append(Op.CZ, [0, 1])
    builder.append(Op.MEASURE, [0], clbit=0)
    builder.append(Op.CZ, [0, 1], condition=condition)
    segments = segments_of(builder.build())
    assert segments.condition[segments.gates].tolist() == [-1, 0]


def test_time_per_gate_does_not_grow() -> None:
    """Linear work: the number of dictionary entries and events is bounded by the number of gates."""
    rng = random.Random(0)
    builder = CircuitBuilder()
    builder.add_qreg("q", 50)
    for _ in range(20_000):
        builder.append(Op.CX, rng.sample(range(50), 2))
    segments = segments_of(builder.build())
    assert segments.num_events <= 3 * 20_000
