"""Cirq circuits: every gate by its unitary, every dynamic circuit by its exact outcome distribution."""

from __future__ import annotations

import contextlib
import itertools
import json
import subprocess
import sys

import cirq
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.errors import CircuitSyntaxError, DqplanError, InputError, SemanticError, UnsupportedError
from dqplan.core.gates import Op
from dqplan.load.cirq_circuits import cirq_json
from dqplan.load.cirq_circuits.cirq_json import circuit_from_cirq, circuit_of_cirq_json
from tests.branches import distribution_of, is_same_up_to_phase, unitary_of

A, B, C, D = cirq.LineQubit.range(4)


def _random_matrix(num_qubits: int) -> cirq.MatrixGate:
    return cirq.MatrixGate(cirq.testing.random_unitary(2**num_qubits, random_state=num_qubits))


ONE_QUBIT_GATES = [
    cirq.X, cirq.Y, cirq.Z, cirq.H, cirq.S, cirq.T, cirq.I, cirq.X**0.5, cirq.X**-0.5, cirq.X**0.3, cirq.Y**-0.3,
    cirq.Z**0.7, cirq.Z**1e-7, cirq.H**0.4, cirq.rx(4.0), cirq.ry(-5.0), cirq.rz(6.1), _random_matrix(1),
    cirq.PhasedXPowGate(phase_exponent=0.3, exponent=0.2), cirq.SingleQubitCliffordGate.Y_sqrt,
    cirq.PhasedXZGate(x_exponent=0.1, z_exponent=0.2, axis_phase_exponent=0.3),
]  # fmt: skip
TWO_QUBIT_GATES = [
    cirq.CX, cirq.CZ, cirq.CX**0.5, cirq.CX**0.3, cirq.CX**-1.4, cirq.CZ**0.3, cirq.CZ**2, cirq.SWAP, cirq.SWAP**0.4,
    cirq.ISWAP, cirq.ISWAP**-1, cirq.ISWAP**0.5, cirq.XX**0.3, cirq.YY**-0.3, cirq.ZZ**0.2, cirq.ZZ, cirq.XX**1.7,
    cirq.FSimGate(np.pi / 2, 0.4), cirq.SWAP**1.5,
    cirq.ms(0.3), cirq.FSimGate(0.3, 0.4), cirq.PhasedFSimGate(0.1, 0.2, 0.3, 0.4, 0.5), cirq.givens(0.3),
    cirq.PhasedISwapPowGate(phase_exponent=0.2, exponent=0.3), cirq.TwoQubitDiagonalGate([0.1, 0.2, 0.3, 0.5]),
    cirq.ControlledGate(cirq.GlobalPhaseGate(1j**0.3), 2), cirq.ControlledGate(cirq.X, control_values=[0]),
    cirq.ControlledGate(cirq.ZPowGate(exponent=2, global_shift=0.2)), cirq.ControlledGate(cirq.Y**0.2),
    cirq.MatrixGate(cirq.unitary(cirq.CX)[[0, 3, 2, 1]][:, [0, 3, 2, 1]]), _random_matrix(2),
    cirq.CliffordGate.from_op_list([cirq.H(A), cirq.CX(A, B)], [A, B]),
    cirq.WaitGate(cirq.Duration(nanos=3), num_qubits=2),
]  # fmt: skip
LARGER_GATES = [
    cirq.CCX, cirq.CCZ, cirq.CSWAP, cirq.CCX**0.2, cirq.CCZ**0.2, cirq.ControlledGate(_random_matrix(2)),
    cirq.ControlledGate(cirq.X**0.3, 3), cirq.ControlledGate(cirq.ISWAP**0.3), cirq.ControlledGate(cirq.H, 3),
    cirq.ControlledGate(cirq.rz(0.3), 2, control_values=(0, 1)), cirq.QuantumFourierTransformGate(4),
    cirq.ControlledGate(cirq.Y, control_values=cirq.SumOfProducts([[0, 1], [1, 0]])),
    cirq.PhaseGradientGate(num_qubits=3, exponent=0.4), cirq.ThreeQubitDiagonalGate([0.1 * k for k in range(8)]),
    cirq.DensePauliString("XYZ", coefficient=1j), cirq.QubitPermutationGate([2, 0, 1]), cirq.IdentityGate(3),
    cirq.BooleanHamiltonianGate(["a", "b", "c"], ["a&b|c"], 0.4), cirq.DiagonalGate([0.1 * k for k in range(16)]),
    cirq.ParallelGate(cirq.X**0.1, 3), _random_matrix(3), _random_matrix(4),
]  # fmt: skip
EVERY_GATE = ONE_QUBIT_GATES + TWO_QUBIT_GATES + LARGER_GATES


def _read(circuit: cirq.AbstractCircuit) -> Circuit:
    """Through JSON: what holds of the text holds of the object."""
    return circuit_of_cirq_json(cirq.to_json(circuit), "test.json", "test")


def _ops(circuit: Circuit) -> list[Op]:
    return [row.op for row in circuit]


@pytest.mark.parametrize("gate", EVERY_GATE, ids=lambda gate: str(gate)[:30])
def test_every_gate_keeps_its_unitary(gate: cirq.Gate) -> None:
    qubits = cirq.LineQubit.range(cirq.num_qubits(gate))
    circuit = cirq.Circuit(cirq.I.on_each(*qubits), gate.on(*qubits))
    assert is_same_up_to_phase(unitary_of(_read(circuit)), cirq.unitary(gate))


@pytest.mark.parametrize("gate", ONE_QUBIT_GATES + TWO_QUBIT_GATES, ids=lambda gate: str(gate)[:30])
def test_under_a_control_the_phase_of_a_gate_counts(gate: cirq.Gate) -> None:
    """X**0.5 and rx(π/2) differ by a phase only, which a control turns into a rotation of the control."""
    qubits = cirq.LineQubit.range(1 + cirq.num_qubits(gate))
    circuit = cirq.Circuit(cirq.I.on_each(*qubits), gate.on(*qubits[1:]).controlled_by(qubits[0]))
    assert is_same_up_to_phase(unitary_of(circuit_from_cirq(circuit, "c")), cirq.unitary(gate.controlled()))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_random_circuits_keep_their_unitary(data: st.DataObject) -> None:
    gates = data.draw(st.lists(st.sampled_from(EVERY_GATE), min_size=1, max_size=8))
    qubits = cirq.LineQubit.range(4)
    circuit = cirq.Circuit(cirq.I.on_each(*qubits))
    for gate in gates:
        circuit.append(gate.on(*data.draw(st.permutations(qubits))[: cirq.num_qubits(gate)]))
    assert is_same_up_to_phase(unitary_of(circuit_from_cirq(circuit, "c")), cirq.unitary(circuit), 1e-7)


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (cirq.CX(B, A), Op.CX),
        (cirq.CZ(A, B) ** 0.5, Op.CP),
        (cirq.ZZ(A, B) ** 0.3, Op.RZZ),
        (cirq.ISWAP(A, B), Op.ISWAP),
        (cirq.rx(0.7).on(A).controlled_by(B), Op.CRX),
        (cirq.rz(0.7).on(A).controlled_by(B), Op.CRZ),
        (cirq.H(A).controlled_by(B), Op.CH),
        (cirq.X(A).controlled_by(B, C), Op.CCX),
        (cirq.SWAP(A, B).controlled_by(C), Op.CSWAP),
        (cirq.MatrixGate(cirq.unitary(cirq.T)).on(A), Op.T),
    ],
)
def test_gates_of_the_vocabulary_stay_one_operation(operation: cirq.Operation, expected: Op) -> None:
    assert _ops(_read(cirq.Circuit(operation))) == [expected]


def test_a_power_of_iswap_takes_two_interactions() -> None:
    assert _ops(_read(cirq.Circuit(cirq.ISWAP(A, B) ** 0.5))) == [Op.RXX, Op.RYY]


def test_an_exchange_is_split_off_because_it_costs_nothing() -> None:
    """Google's fSim(π/2, π/6) is one controlled phase behind a SWAP."""
    sycamore = _ops(_read(cirq.Circuit(cirq.FSimGate(np.pi / 2, np.pi / 6)(A, B))))
    assert sycamore == [Op.SWAP, Op.P, Op.P, Op.CP]
    assert Op.SWAP in _ops(_read(cirq.Circuit(cirq.ISWAP(A, B) ** -1)))


def test_controls_on_zero_cost_one_entangling_gate() -> None:
    assert _ops(_read(cirq.Circuit(cirq.X(A).controlled_by(B, control_values=[0])))) == [Op.X, Op.CX, Op.X]


def test_qubits_are_numbered_in_sorted_order() -> None:
    """Names sort as people count (q2 before q10), grid qubits by row; the order of use does not matter."""
    names = [cirq.NamedQubit(name) for name in ("q10", "q2")]
    assert _read(cirq.Circuit(cirq.CX(*names)))[0].qubits == (1, 0)
    grid = cirq.GridQubit.square(2)
    assert _read(cirq.Circuit(cirq.CX(grid[3], grid[1]), cirq.X.on_each(*grid)))[0].qubits == (3, 1)


def test_loops_are_unrolled_with_their_maps() -> None:
    inner = cirq.FrozenCircuit(cirq.H(A), cirq.CX(A, B), cirq.T(B) ** sympy.Symbol("t"))
    loop = cirq.CircuitOperation(inner, repetitions=3, qubit_map={A: C, B: A}, param_resolver={"t": 0.3})
    nested = cirq.CircuitOperation(cirq.FrozenCircuit(loop, cirq.X(B)), repetitions=2)
    circuit = cirq.Circuit(nested, cirq.CircuitOperation(inner, param_resolver={"t": 1}).controlled_by(D))
    assert is_same_up_to_phase(unitary_of(_read(circuit)), cirq.unitary(circuit))


def _expected_distribution(circuit: cirq.Circuit) -> dict[tuple[int, ...], float]:
    """By Cirq: measurements deferred to the end, the state vector, and the marginal of the measured qubits."""
    deferred = cirq.defer_measurements(circuit)
    is_measurement = [(op, isinstance(op.gate, cirq.MeasurementGate)) for op in deferred.all_operations()]
    measured = {op.gate.key: op for op, measures in is_measurement if measures}
    keys = [op.gate.key for op in circuit.all_operations() if isinstance(op.gate, cirq.MeasurementGate)]
    first = [qubit for key in keys for qubit in measured[key].qubits]
    flips = [flip for key in keys for flip in measured[key].gate.full_invert_mask()]
    rest = sorted(deferred.all_qubits() - set(first))
    bare = cirq.Circuit(op for op, measures in is_measurement if not measures)
    state = cirq.final_state_vector(bare, qubit_order=[*first, *rest], dtype=np.complex128)
    weights = (np.abs(state) ** 2).reshape(2 ** len(first), -1).sum(axis=1)
    outcomes = itertools.product((0, 1), repeat=len(first))
    flipped = [tuple(bit ^ flip for bit, flip in zip(bits, flips, strict=True)) for bits in outcomes]
    return {bits: float(weight) for bits, weight in zip(flipped, weights, strict=True) if weight > 1e-12}


def _assert_same_distribution(circuit: cirq.Circuit) -> None:
    found, wanted = distribution_of(_read(circuit)), _expected_distribution(circuit)
    assert found == pytest.approx(wanted, abs=1e-6)


SPREAD = [cirq.ry(0.7).on(A), cirq.ry(1.1).on(B), cirq.CX(A, B), cirq.ry(0.4).on(C), cirq.CX(B, C)]
PAIR = cirq.measure(A, B, key="ab")
ARRAY, KEY, OTHER = sympy.IndexedBase("ab"), sympy.Symbol("ab"), sympy.Symbol("c")


@pytest.mark.parametrize(
    "condition",
    [
        "ab",
        cirq.SympyCondition(sympy.Eq(KEY, 1)),
        cirq.SympyCondition(sympy.Eq(KEY, 2)),
        cirq.SympyCondition(sympy.Ne(KEY, 2)),
        cirq.SympyCondition(sympy.Eq(ARRAY[0], 1)),
        cirq.SympyCondition(sympy.And(sympy.Eq(ARRAY[0], 1), sympy.Eq(ARRAY[1], 0))),
        cirq.SympyCondition(sympy.Eq(KEY, 7)),
        cirq.SympyCondition(sympy.Ne(KEY, 7)),
        cirq.BitMaskKeyCondition("ab"),
        cirq.BitMaskKeyCondition("ab", bitmask=2),
        cirq.BitMaskKeyCondition.create_equal_mask("ab", 1),
        cirq.BitMaskKeyCondition("ab", bitmask=1, target_value=2),
        cirq.BitMaskKeyCondition("ab", bitmask=4, equal_target=True),
        cirq.BitMaskKeyCondition("ab", bitmask=4, target_value=4, equal_target=True),
    ],
    ids=str,
)
def test_conditions_read_keys_as_cirq_does(condition: str | cirq.Condition) -> None:
    """First qubit most significant, masks, bits, values out of range; sampled, as Cirq cannot defer all of these."""
    circuit = cirq.Circuit(SPREAD, PAIR, cirq.X(D).with_classical_controls(condition), cirq.measure(D, key="d"))
    found = distribution_of(_read(circuit))
    samples = cirq.Simulator(seed=1).run(circuit, repetitions=200).data
    seen = {(row.ab >> 1, row.ab & 1, row.d) for row in samples.itertuples()}
    assert seen <= set(found)
    assert sum(found[bits] for bits in seen) > 0.97


def test_several_conditions_all_count() -> None:
    fix = cirq.X(D).with_classical_controls("ab", sympy.Eq(OTHER, 1))
    _assert_same_distribution(cirq.Circuit(SPREAD, PAIR, cirq.measure(C, key="c"), fix, cirq.measure(D, key="d")))


def test_a_condition_on_a_decomposed_gate_covers_all_its_parts() -> None:
    gate = cirq.CCX(B, C, D) ** 0.3
    circuit = cirq.Circuit(SPREAD, cirq.measure(A, key="a"), gate.with_classical_controls("a"), cirq.H(D))
    circuit.append(cirq.measure(B, C, D, key="end"))
    _assert_same_distribution(circuit)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_random_dynamic_circuits_keep_their_distribution(data: st.DataObject) -> None:
    """Gates, measurements and gates under conditions in any order."""
    qubits, keys = cirq.LineQubit.range(3), [*"abc"]
    circuit = cirq.Circuit(cirq.ry(0.7 + qubit.x).on(qubit) for qubit in qubits)
    measured: list[str] = []
    for _ in range(data.draw(st.integers(1, 8))):
        order = data.draw(st.permutations(qubits))
        gate = data.draw(st.sampled_from(ONE_QUBIT_GATES + TWO_QUBIT_GATES[:20]))
        operation = gate.on(*order[: cirq.num_qubits(gate)])
        kind = data.draw(st.sampled_from(["gate", "condition", "measure"]))
        if kind == "measure" and len(measured) < len(keys):
            measured.append(keys[len(measured)])
            size = data.draw(st.integers(1, 2))
            operation = cirq.measure(*order[:size], key=measured[-1], invert_mask=(data.draw(st.booleans()),))
        elif kind == "condition" and measured:
            operation = operation.with_classical_controls(*data.draw(st.sets(st.sampled_from(measured), min_size=1)))
        circuit.append(operation)
    circuit.append(cirq.measure(*qubits, key="end"))
    _assert_same_distribution(circuit)


def test_inverted_measurements_record_the_flipped_bit_and_leave_the_state_alone() -> None:
    circuit = cirq.Circuit(SPREAD, cirq.measure(A, B, key="ab", invert_mask=(True,)), cirq.CX(A, D))
    circuit.append(cirq.measure(A, D, key="end"))
    _assert_same_distribution(circuit)


def test_pauli_measurements_are_read() -> None:
    circuit = cirq.Circuit(SPREAD, cirq.measure_single_paulistring(cirq.X(A) * cirq.Z(B) * cirq.Y(C), key="p"))
    found = distribution_of(_read(circuit))
    expected = (cirq.X(A) * cirq.Z(B) * cirq.Y(C)).expectation_from_state_vector(
        cirq.final_state_vector(cirq.Circuit(SPREAD)), {A: 0, B: 1, C: 2}
    )
    assert found[(0,)] - found[(1,)] == pytest.approx(expected.real, abs=1e-6)


def test_teleportation_works_in_every_branch() -> None:
    """The state prepared on A arrives on C, is undone there, and leaves C in |0> whatever was measured."""
    prepare = [cirq.ry(0.9), cirq.rz(0.4)]
    circuit = cirq.Circuit([gate.on(A) for gate in prepare], cirq.H(B), cirq.CX(B, C), cirq.CX(A, B), cirq.H(A))
    circuit.append([cirq.measure(A, key="z"), cirq.measure(B, key="x")])
    circuit.append([cirq.X(C).with_classical_controls("x"), cirq.Z(C).with_classical_controls("z")])
    circuit.append([(gate**-1).on(C) for gate in reversed(prepare)])
    circuit.append(cirq.measure(C, key="end"))
    found = distribution_of(_read(circuit))
    assert {bits[2] for bits in found} == {0}
    assert len(found) == 4


def test_a_key_measured_again_keeps_both_records_and_conditions_see_the_latest() -> None:
    circuit = cirq.Circuit(cirq.X(A), cirq.measure(A, key="m"), cirq.reset(A), cirq.measure(A, key="m"))
    circuit.append(cirq.X(B).with_classical_controls("m"))
    circuit.append(cirq.X(C).with_classical_controls(cirq.KeyCondition(cirq.MeasurementKey("m"), index=0)))
    circuit.append(cirq.measure(B, C, key="end"))
    read = _read(circuit)
    assert [register.name for register in read.cregs] == ["m_m", "m_m_2", "m_end"]
    assert distribution_of(read) == {(1, 0, 0, 1): pytest.approx(1)}


def test_keys_become_distinct_openqasm_names() -> None:
    keys = ["Gate(1)", "gate 1", "gate_1", "π", ""]
    circuit = cirq.Circuit(cirq.measure(A, key=key) for key in keys)
    names = [register.name for register in _read(circuit).cregs]
    assert names == ["m_gate_1", "m_gate_1_2", "m_gate_1_3", "m", "m_2"]


def test_unobservable_operations_leave_no_trace() -> None:
    circuit = cirq.Circuit(
        cirq.X(A).with_tags("tag"), cirq.global_phase_operation(1j), cirq.WaitGate(cirq.Duration(nanos=5))(A)
    )
    assert _ops(_read(circuit)) == [Op.X]


REFUSED = [
    (cirq.depolarize(0.1).on(A), UnsupportedError, "depolarize"),
    (cirq.rx(sympy.Symbol("angle")).on(A), UnsupportedError, "angle"),
    (cirq.IdentityGate(qid_shape=(3,)).on(cirq.LineQid(0, 3)), UnsupportedError, "qudit"),
    (cirq.measure(A, confusion_map={(0,): np.array([[0.9, 0.1], [0.1, 0.9]])}), UnsupportedError, "confusion map"),
    (cirq.X(A).with_classical_controls("never"), SemanticError, "'never'"),
    (cirq.X(A).with_classical_controls(sympy.Symbol("m") > 1), UnsupportedError, "m > 1"),
    (cirq.X(A).with_classical_controls(sympy.Eq(sympy.IndexedBase("m")[4], 1)), SemanticError, "bits 0 to 1"),
    (cirq.X(A) ** float("nan"), UnsupportedError, "finite"),
    (cirq.MatrixGate(np.eye(2**7)).on(*cirq.LineQubit.range(7)), UnsupportedError, "at most 6"),
    (cirq.CircuitOperation(cirq.FrozenCircuit(cirq.X(A)), repetitions=10**9), UnsupportedError, "10,000,000"),
    (
        cirq.CircuitOperation(cirq.FrozenCircuit(cirq.X(A)), repetitions=10**9).controlled_by(D),
        UnsupportedError,
        "10,000,000",
    ),
    (
        cirq.CircuitOperation(
            cirq.FrozenCircuit(cirq.measure(A, key="m")), repeat_until=cirq.KeyCondition(cirq.MeasurementKey("m"))
        ),
        UnsupportedError,
        "repeat_until",
    ),
    (
        cirq.CircuitOperation(
            cirq.FrozenCircuit(cirq.X(A).with_classical_controls(cirq.BitMaskKeyCondition("m", bitmask=1)))
        ),
        UnsupportedError,
        "mask",
    ),
]


@pytest.mark.parametrize(("operation", "error", "named"), REFUSED, ids=lambda value: str(value)[:30])
def test_what_cannot_be_read_is_named_with_its_moment(
    operation: cirq.Operation, error: type[DqplanError], named: str
) -> None:
    circuit = cirq.Circuit(cirq.Moment(), cirq.Moment(cirq.measure(B, C, key="m")), cirq.Moment(operation))
    with pytest.raises(error, match="moment 2: ") as caught:
        circuit_from_cirq(circuit, "c")
    assert named in caught.value.message
    assert caught.value.place is not None


@pytest.mark.parametrize(
    ("text", "error", "named"),
    [
        ("", CircuitSyntaxError, "not valid JSON"),
        ('{"cirq_type": "Circuit",\n "moments": [', CircuitSyntaxError, "not valid JSON"),
        ("[" * 100_000, CircuitSyntaxError, "nested"),
        ("[1, 2]", SemanticError, "cirq_type"),
        ('{"a": 1}', SemanticError, "cirq_type"),
        ('{"cirq_type": "LineQubit", "x": 1}', SemanticError, "LineQubit"),
        ('{"cirq_type": "Circuit"}', SemanticError, "cannot make"),
        ('{"cirq_type": "Circuit", "moments": 3}', SemanticError, "cannot make"),
        ('{"cirq_type": "Circuit", "moments": []}', SemanticError, "no qubits"),
        ('{"cirq_type": "google.Sycamore", "moments": []}', UnsupportedError, "google.Sycamore"),
        ('{"cirq_type": 7}', UnsupportedError, "'7'"),
    ],
)
def test_bad_text_gets_an_error_of_ours(text: str, error: type[DqplanError], named: str) -> None:
    with pytest.raises(error) as caught:
        circuit_of_cirq_json(text, "bad.json")
    assert named in caught.value.message
    assert str(caught.value).startswith("bad.json")


def test_a_syntax_error_gives_line_and_column() -> None:
    with pytest.raises(CircuitSyntaxError) as caught:
        circuit_of_cirq_json('{"cirq_type": "Circuit",\n  "moments" []}', "bad.json")
    assert str(caught.value.place) == "bad.json:2:13"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_json_never_escapes_our_errors(data: st.DataObject) -> None:
    """One value of a valid file replaced by something else: it reads, or one of our errors says why not."""
    circuit = cirq.Circuit(SPREAD, PAIR, cirq.X(D).with_classical_controls("ab"), cirq.measure(D, key="d"))
    tree = json.loads(cirq.to_json(circuit))
    paths = list(_paths(tree))
    *parents, last = data.draw(st.sampled_from(paths))
    node = tree
    for key in parents:
        node = node[key]
    node[last] = data.draw(
        st.sampled_from([None, -1, 1e308, float("nan"), "x", [], {}, [[]], True, {"cirq_type": "X"}])
    )
    with contextlib.suppress(InputError):
        assert circuit_of_cirq_json(json.dumps(tree), "damaged.json").num_qubits > 0


def _paths(tree: object, prefix: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items: list[tuple[str | int, object]] = []
    if isinstance(tree, dict):
        items = list(tree.items())
    elif isinstance(tree, list):
        items = list(enumerate(tree))
    return [path for key, value in items for path in [(*prefix, key), *_paths(value, (*prefix, key))]]


def test_the_number_of_operations_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cirq_json, "MAX_OPERATIONS", 10)
    with pytest.raises(UnsupportedError, match=r"moment 10: .*more than 10 operations"):
        circuit_from_cirq(cirq.Circuit([cirq.X(A)] * 11), "c")


def test_from_cirq_is_the_same_reader() -> None:
    circuit = cirq.Circuit(SPREAD, PAIR)
    assert Circuit.from_cirq(circuit, "c").digest == _read(circuit).digest


def test_cirq_is_imported_only_for_json_that_may_be_a_circuit() -> None:
    """Importing Cirq takes seconds, which a broken file must not cost."""
    script = (
        "import sys\n"
        "from dqplan.core.errors import InputError\n"
        "from dqplan.load.cirq_circuits.cirq_json import circuit_of_cirq_json\n"
        "try:\n    circuit_of_cirq_json('[]', 'bad.json')\nexcept InputError:\n    sys.exit('cirq' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0
