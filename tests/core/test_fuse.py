"""Blocks on a pair of wires are written with the fewest gates, and a hidden SWAP renames wires."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.blocks import Block
from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.gates import NUM_QUBITS, Op, gate_matrix, one_qubit_matrix
from dqplan.core.normalise import segments_of
from dqplan.core.normaliser import Normaliser
from dqplan.core.replacements import may_stand
from dqplan.core.segments import Segments
from dqplan.core.two_qubit import Layers
from tests.core.test_normalise import circuit_of, same_structure, unitary_of, unitary_of_segments
from tests.strategies import compiled_circuits

CLIFFORDS = [Op.CX, Op.CX, Op.CX, Op.CZ, Op.ECR, Op.ISWAP, Op.H, Op.S, Op.SX]
SWAP = [(Op.CX, [0, 1]), (Op.CX, [1, 0]), (Op.CX, [0, 1])]


def phase_and_swap(a: int, b: int, angle: float) -> list[tuple]:
    """SWAP · CP(angle) with three CX, as compilers for a line of qubits write it."""
    rest = [(Op.CX, [a, b]), (Op.P, [b], -angle / 2), (Op.CX, [b, a]), (Op.CX, [a, b])]
    return [(Op.P, [a], angle / 2), (Op.P, [b], angle / 2), *rest]


def unfused(circuit: Circuit) -> Segments:
    """The normal form before blocks are looked for."""
    normaliser = Normaliser(circuit)
    for row in circuit:
        normaliser.add(row.op, row.qubits, row.params, row.clbit, -1, row.line)
    return normaliser.finish()


def num_busy(segments: Segments) -> int:
    """Segments with gates."""
    return int(np.count_nonzero(segments.gates_per_segment))


@given(compiled_circuits())
@settings(max_examples=150, deadline=None)
def test_fusing_keeps_the_unitary_and_adds_nothing(circuit: Circuit) -> None:
    plain, segments = unfused(circuit), segments_of(circuit)
    ours, wanted = unitary_of_segments(segments), unitary_of(circuit)
    assert abs(abs(np.vdot(ours, wanted)) / len(wanted) - 1) < 1e-9
    assert len(segments.gates) <= len(plain.gates)
    assert num_busy(segments) <= num_busy(plain)


@given(st.lists(st.tuples(st.sampled_from(CLIFFORDS), st.permutations(range(3))), max_size=25))
@settings(max_examples=100, deadline=None)
def test_clifford_circuits_stay_clifford(rows: list[tuple]) -> None:
    """A CZ is the same in many frames; by chance, few of them are Clifford."""
    segments = segments_of(circuit_of(3, *((op, qubits[: NUM_QUBITS[op]]) for op, qubits in rows)))
    assert np.abs(segments.angle[segments.gates]) == pytest.approx(math.pi, abs=1e-9)
    unitaries = segments.unitaries.reshape(-1, 2, 2)
    for pauli in (gate_matrix(Op.X), gate_matrix(Op.Z)):
        images = unitaries @ pauli @ unitaries.conj().transpose(0, 2, 1)
        assert np.abs(images).max(axis=(1, 2)) == pytest.approx(1, abs=1e-9)


def test_three_cx_are_a_swap() -> None:
    segments = segments_of(circuit_of(2, *SWAP))
    assert segments.num_events == 0
    assert segments.output_wire.tolist() == [1, 0]


@pytest.mark.parametrize("angle", [math.pi, 1.1, 1e-3, math.pi / 2**30])
def test_a_swap_merged_with_a_phase_is_one_gate(angle: float) -> None:
    segments = segments_of(circuit_of(2, *phase_and_swap(0, 1, angle)))
    assert segments.num_segments == 2
    assert segments.angle[segments.gates] == pytest.approx([angle], abs=1e-14)
    assert segments.output_wire.tolist() == [1, 0]


@pytest.mark.parametrize("op", [Op.ISWAP, Op.DCX])
def test_two_cx_of_a_swapping_gate_are_one(op: Op) -> None:
    spelled = {
        Op.DCX: [(Op.CX, [0, 1]), (Op.CX, [1, 0])],
        Op.ISWAP: [(Op.S, [0]), (Op.S, [1]), (Op.H, [0]), (Op.CX, [0, 1]), (Op.CX, [1, 0]), (Op.H, [1])],
    }[op]
    segments, given_as_gate = segments_of(circuit_of(2, *spelled)), segments_of(circuit_of(2, (op, [0, 1])))
    assert len(segments.gates) == 1
    assert segments.output_wire.tolist() == given_as_gate.output_wire.tolist() == [1, 0]


def test_a_spelled_swap_in_the_middle_is_the_swap_gate() -> None:
    """Gates with third wires stand before, between and behind; from the SWAP on, names are exchanged."""

    def rows(*swap: tuple) -> list[tuple]:
        before = [(Op.CP, [0, 2], 0.3), (Op.H, [1]), (Op.CP, [1, 3], 0.4), (Op.RY, [0], 0.2), (Op.CP, [0, 3], 0.5)]
        behind = [(Op.CP, [0, 2], 0.6), (Op.RY, [1], 0.7), (Op.CX, [1, 2]), (Op.CX, [0, 1])]
        return [*before, *swap, *behind]

    spelled, named = (segments_of(circuit_of(4, *rows(*swap))) for swap in (SWAP, [(Op.SWAP, [0, 1])]))
    assert same_structure(spelled, named)
    assert spelled.output_wire.tolist() == named.output_wire.tolist() == [1, 0, 2, 3]


def test_a_block_moves_past_gates_that_commute_with_it() -> None:
    """The first CX of the SWAP commutes with the CP behind it on its control, the last with the one after that."""
    first, second, third = SWAP
    rows = [first, (Op.CP, [0, 2], 0.3), second, third, (Op.CP, [0, 2], 0.4)]
    segments = segments_of(circuit_of(3, *rows))
    assert len(segments.gates) == 2
    assert segments.output_wire.tolist() == [1, 0, 2]


def test_a_block_stays_if_a_third_wire_holds_its_gates_apart() -> None:
    """CX(0, 1) · CX(1, 0) is a SWAP and one gate, if the other gate of wire 0 comes before the other one of wire 1."""
    other_0, turn, other_1 = (Op.CP, [0, 2], 0.3), (Op.RY, [2], 0.4), (Op.CP, [1, 2], 0.5)
    fits = [(Op.CX, [0, 1]), other_0, turn, other_1, (Op.CX, [1, 0])]
    held_apart = [(Op.CX, [0, 1]), other_1, turn, other_0, (Op.CX, [1, 0])]
    assert len(segments_of(circuit_of(3, *fits)).gates) == 3
    assert len(segments_of(circuit_of(3, *held_apart)).gates) == 4


def test_no_wire_gets_more_cuts() -> None:
    """The first block would be one gate, but with two cuts of wire 0 instead of one; so would the second."""
    controlled = [(Op.CP, [0, 2], 0.3), (Op.CP, [0, 1], 0.4), (Op.RY, [0], 0.5), (Op.CP, [0, 1], 0.6)]
    assert len(segments_of(circuit_of(4, *controlled, (Op.CP, [0, 3], 0.7))).gates) == 4
    swapping = [(Op.CX, [0, 1]), (Op.CP, [0, 2], 0.3), (Op.RY, [2], 0.4), (Op.CP, [1, 2], 0.5)]
    assert len(segments_of(circuit_of(3, *swapping, (Op.H, [0]), (Op.CZ, [0, 1]))).gates) == 4
    assert len(segments_of(circuit_of(3, *swapping, (Op.CX, [1, 0]))).gates) == 3


@pytest.mark.parametrize(("op", "num_gates"), [(Op.X, 2), (Op.T, 0)])
def test_nothing_moves_past_a_conditional_flip(op: Op, num_gates: int) -> None:
    """Of a SWAP, spelled with three CX, the first cannot move past an X of its control, but past a T.

    The other two are a SWAP and one CX.
    """
    assert len(segments_of(interrupted(SWAP, op)).gates) == num_gates


@pytest.mark.parametrize(("op", "num_gates"), [(Op.X, 2), (Op.T, 1)])
def test_a_controlled_gate_stays_in_two_parts_if_its_control_is_flipped_between(op: Op, num_gates: int) -> None:
    rows = [(Op.CX, [0, 1]), (Op.CRY, [0, 1], 0.3)]
    assert len(segments_of(interrupted(rows, op)).gates) == num_gates


def interrupted(rows: list[tuple], op: Op) -> Circuit:
    """The gates, with another one on qubit 0, under a condition, behind the first."""
    builder = CircuitBuilder()
    builder.add_qreg("q", 3)
    builder.add_creg("c", 1)
    builder.append(Op.MEASURE, [2], clbit=0)
    for place, (gate, qubits, *params) in enumerate(rows):
        if place == 1:
            builder.append(op, [0], condition=Condition((Term((0,), 1),)))
        builder.append(gate, qubits, params)
    return builder.build()


def test_a_block_that_moved_past_gates_of_a_wire_must_not_cut_it() -> None:
    """The block is diagonal on wire 0, so that this is a matter of rounding; a mistake would change the circuit."""
    plain: tuple[complex, complex, complex, complex] = (1, 0, 0, 1j)
    turned = one_qubit_matrix(Op.H)
    block = Block(events=(1, 3), sides=((0, 0), (4, 5)), place=1)
    assert may_stand(block, Layers(((plain, turned), (plain, turned)), (0.3,)))
    assert not may_stand(block, Layers(((turned, plain), (turned, plain)), (0.3,)))
    assert not may_stand(block, Layers(((plain, plain), (plain, plain)), (0.3,), exchange=True))


def test_many_gates_on_a_pair_become_three() -> None:
    rows: list[tuple] = [(Op.H, [2]), (Op.CX, [2, 0]), (Op.RY, [0], 0.9)]
    for k in range(20):
        rows += [(Op.CX, [k % 2, 1 - k % 2]), (Op.RY, [0], 0.1 + k), (Op.RX, [1], 0.2 * k)]
    assert len(segments_of(circuit_of(3, *rows)).gates) == 1 + 3


@pytest.mark.parametrize("num_qubits", [6, 24, 36])
def test_a_qft_on_a_line_is_the_textbook_qft(num_qubits: int) -> None:
    """Each CP is merged with a SWAP to the neighbour; the smallest angle is π/2^35, and its frame drowns in noise."""
    rows: list[tuple] = []
    for qubit in range(num_qubits):
        rows.append((Op.H, [0]))
        for distance in range(1, num_qubits - qubit):
            rows += phase_and_swap(distance - 1, distance, math.pi / 2**distance)
    segments = segments_of(circuit_of(num_qubits, *rows))
    assert segments.num_segments == 2 * num_qubits - 1
    assert len(segments.gates) == num_qubits * (num_qubits - 1) // 2
