"""Where circuits are cut, and what cannot be."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dqplan
from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.cutting import CutKind, num_subexperiments, subexperiments_of
from dqplan.core.errors import UnsupportedError
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware
from dqplan.cut.assign import gate_weights
from dqplan.cut.cut_circuit import affordable
from dqplan.cut.parts import islands_of
from tests.cut.cases import cut_and_written, ghz, islands, measured_circuits

QUICK = dqplan.Effort.QUICK


def _cut(circuit: Circuit, hardware: Hardware, max_overhead: float = 1e9) -> dqplan.CutCircuit:
    return dqplan.cut_circuit(dqplan.segments_of(circuit), hardware, max_overhead=max_overhead, effort=QUICK)


def test_a_chain_is_cut_once() -> None:
    """GHZ over two modules of three: the CX between the third and the fourth qubit, and nothing less will do."""
    cut = _cut(ghz(6), islands(3, 3))
    (only,) = cut.cuts
    assert (only.kind, only.line, only.qubits) == (CutKind.GATE, 3, ("q[2]", "q[3]"))
    assert (cut.overhead, cut.optimal) == (pytest.approx(9), True)
    assert [island.circuit.num_qubits for island in cut.islands] == [3, 3]
    assert num_subexperiments(cut.cuts, 2) == 10


def test_modules_that_e_bits_join_are_one_island() -> None:
    hardware = islands((2, 2), 3)
    assert islands_of(hardware, relaxed=False) == [[0, 1], [2]]
    cut = _cut(ghz(7), hardware)
    assert [len(island.hardware.modules) for island in cut.islands] == [2, 1]
    assert len(cut.cuts) == 1


def _two_meetings() -> Circuit:
    """Qubit 0 meets qubit 1 three times, then qubits 2 and 3, who are a pair, three times each."""
    builder = CircuitBuilder()
    builder.add_qreg("q", 5)
    builder.add_creg("c", 5)
    for partners in ((1, 4), (2, 3)):
        for _ in range(3):
            for partner in partners:
                builder.append(Op.CZ, [0, partner])
                builder.append(Op.CZ, list(partners))
                for qubit in (0, *partners):
                    builder.append(Op.RX, [qubit], [0.3])
    for qubit in range(5):
        builder.append(Op.MEASURE, [qubit], clbit=qubit)
    return builder.build()


def test_a_wire_is_cut_where_that_is_cheaper_than_many_gates() -> None:
    """Six CZ would take 9^6 times as many samples; a module of three that it visits, 16."""
    cut = _cut(_two_meetings(), islands(3, 3))
    assert [each.kind for each in cut.cuts] == [CutKind.WIRE]
    assert cut.overhead == 16


def test_a_qubit_that_is_reset_moves_for_nothing() -> None:
    builder = CircuitBuilder()
    builder.add_qreg("q", 3)
    builder.add_creg("c", 3)
    builder.append(Op.CX, [0, 1])
    builder.append(Op.MEASURE, [1], clbit=0)
    builder.append(Op.RESET, [1])
    builder.append(Op.H, [1])
    builder.append(Op.CX, [1, 2])
    builder.append(Op.MEASURE, [1], clbit=1)
    builder.append(Op.MEASURE, [2], clbit=2)
    cut = _cut(builder.build(), islands(2, 2))
    assert cut.cuts == ()
    assert cut.overhead == 1


@settings(max_examples=30)
@given(measured_circuits(dynamic=False), st.integers(1, 3))
def test_never_worse_than_the_best_of_all_static_assignments(circuit: Circuit, first: int) -> None:
    """Found by trying them all; a wire that is cut can only make it cheaper."""
    if circuit.num_qubits < 2:
        return
    segments = dqplan.segments_of(circuit)
    sizes = (first, circuit.num_qubits - min(first, circuit.num_qubits - 1))
    weights, wires = gate_weights(segments), segments.wire[segments.gate_pairs]
    best = math.inf
    for sides in product((0, 1), repeat=circuit.num_qubits):
        if sides.count(0) <= sizes[0] and sides.count(1) <= sizes[1]:
            apart = np.array(sides)[wires[:, 0]] != np.array(sides)[wires[:, 1]]
            best = min(best, float(weights[apart].sum()))
    cut = dqplan.cut_circuit(segments, islands(*sizes), max_overhead=1e12, effort=QUICK)
    assert cut.optimal
    assert math.log(cut.overhead) <= best + 1e-5


def test_too_much_overhead_is_refused_with_what_would_do() -> None:
    with pytest.raises(
        dqplan.InfeasibleError, match="would need 9 times as many samples, --max-overhead allows 8"
    ) as info:
        _cut(ghz(6), islands(3, 3), max_overhead=8)
    assert "--max-overhead 9" in info.value.hint
    assert _cut(ghz(6), islands(3, 3), max_overhead=9).cuts


def test_without_measurements_there_is_nothing_to_give_back() -> None:
    builder = CircuitBuilder()
    builder.add_qreg("q", 2)
    builder.append(Op.CX, [0, 1])
    with pytest.raises(UnsupportedError, match="measures nothing") as info:
        _cut(builder.build(), islands(1, 1))
    assert "c = measure q" in info.value.hint


def test_too_few_data_qubits_are_no_matter_of_cuts() -> None:
    with pytest.raises(dqplan.InfeasibleError, match="hold 4 data qubits together: 2 too few"):
        _cut(ghz(6), islands(2, 2))


def _feed_forward() -> Circuit:
    builder = CircuitBuilder()
    builder.add_qreg("q", 3)
    builder.add_creg("c", 3)
    builder.append(Op.H, [0])
    builder.append(Op.MEASURE, [0], clbit=0)
    builder.append(Op.X, [2], condition=Condition((Term((0,), 1),)))
    builder.append(Op.CX, [2, 1])
    builder.append(Op.MEASURE, [1], clbit=1)
    builder.append(Op.MEASURE, [2], clbit=2)
    return builder.build()


def test_what_waits_for_a_bit_is_where_it_was_measured() -> None:
    cut = _cut(_feed_forward(), islands(2, 1))
    islands_of_wires = cut.island_of[cut.segments.first].tolist()
    assert islands_of_wires[0] == islands_of_wires[2] != islands_of_wires[1]


def test_what_waits_for_a_bit_in_another_island_is_one_clear_error() -> None:
    with pytest.raises(dqplan.InfeasibleError, match="what is measured and what waits for it have to be in one island"):
        _cut(_feed_forward(), islands(1, 1, 1))


@settings(max_examples=20)
@given(measured_circuits())
def test_no_island_ever_holds_more_qubits_than_it_has(circuit: Circuit) -> None:
    sizes = (1, circuit.num_qubits, 1)
    try:
        cut = _cut(circuit, islands(*sizes))
    except dqplan.InfeasibleError:
        return
    for island in cut.islands:
        assert island.circuit.num_qubits <= island.hardware.data_capacity.sum()


def test_shares_of_an_island_add_up() -> None:
    cut, _ = cut_and_written(_two_meetings(), islands(3, 3))
    for number, island in enumerate(cut.islands):
        each = subexperiments_of(cut.cuts, number, island.name, island.num_ends)
        assert sum(one.share for one in each) == pytest.approx(1)


def test_only_what_somebody_could_run_is_proposed() -> None:
    assert affordable(33.97) == "--max-overhead 34"
    assert affordable(4e34) == ""
