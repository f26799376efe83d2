"""Liveness by array operations against liveness step by step."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.gates import Op
from dqplan.core.touches import looked_at, touches_of

NUM_QUBITS = 4
PAIRS = [(a, b) for a in range(NUM_QUBITS) for b in range(NUM_QUBITS) if a != b]
CONDITIONS = st.sampled_from([None, None, Condition((Term((0,), 1),))])
OPERATIONS = st.one_of(
    st.tuples(st.sampled_from([Op.RESET, Op.H]), st.integers(0, NUM_QUBITS - 1).map(lambda q: (q,)), CONDITIONS),
    st.tuples(st.sampled_from([Op.SWAP, Op.SWAP, Op.CX]), st.sampled_from(PAIRS), CONDITIONS),
)


def circuit_of(operations: list[tuple[Op, tuple[int, ...], Condition | None]]) -> Circuit:
    builder = CircuitBuilder()
    builder.add_qreg("q", NUM_QUBITS)
    builder.add_creg("c", 1)
    for op, qubits, condition in operations:
        builder.append(op, qubits, condition=condition)
    return builder.build()


@settings(deadline=None, max_examples=200)
@given(st.lists(OPERATIONS, max_size=12), st.sets(st.integers(0, NUM_QUBITS - 1)))
def test_contents_matter_until_the_last_look_before_a_reset(
    operations: list[tuple[Op, tuple[int, ...], Condition | None]], outputs: set[int]
) -> None:
    circuit = circuit_of(operations)
    touches = touches_of(circuit)
    found = looked_at(circuit, touches, np.isin(np.arange(NUM_QUBITS), list(outputs)))
    needed = set(outputs)
    expected = {}
    for row in range(len(operations) - 1, -1, -1):
        op, qubits, condition = operations[row]
        earlier = set(qubits)
        if condition is None and op is Op.RESET:
            earlier = set()
        elif condition is None and op is Op.SWAP:
            earlier = {qubit for qubit, other in (qubits, qubits[::-1]) if other in needed}
        needed = needed - set(qubits) | earlier
        expected |= {(row, qubit): qubit in needed for qubit in qubits}
    told = zip(touches.row.tolist(), touches.qubit.tolist(), found.tolist(), strict=True)
    assert {(row, qubit): matters for row, qubit, matters in told} == expected


def test_a_part_of_the_touches_has_its_own_first_and_last() -> None:
    circuit = circuit_of([(Op.CX, (0, 1), None), (Op.H, (0,), None), (Op.CX, (1, 0), None)])
    touches = touches_of(circuit)
    assert list(zip(touches.qubit, touches.row, strict=True)) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2)]
    rest = touches.part(touches.row > 0)
    assert rest.first.tolist() == [True, False, True]
    assert rest.last.tolist() == [False, True, True]
