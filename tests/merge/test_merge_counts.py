"""Results of real simulators, dealt out to modules in every form, come back as the distribution of the circuit."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache

import cirq
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.errors import ResultsError
from dqplan.core.gates import NUM_QUBITS, Op
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.load.emitted import read_program
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.load.source import Source
from dqplan.merge.merge_counts import merge_counts
from dqplan.simulate.ideal import ideal_distribution
from dqplan.simulate.runs import Runs
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import plan_text, program_files
from dqplan.split.split_circuit import split_circuit
from tests.conftest import SAMPLES

Bits = NDArray[np.uint8]
SHOTS = 600


def split(circuit: Circuit, hardware: str) -> dict[str, str]:
    program = split_circuit(solve_plan(segments_of(circuit), load_hardware(hardware), effort=Effort.QUICK))
    files = program_files(program)
    return {**files, "plan.json": plan_text(program, (), sorted(files), None)}


def built(*rows: tuple[Op, tuple[int, ...]], sizes: Mapping[str, int]) -> Circuit:
    """Measurements write into bits in turn."""
    builder = CircuitBuilder(name="test")
    builder.add_qreg("q", 1 + max(qubit for _, qubits in rows for qubit in qubits))
    for name, size in sizes.items():
        builder.add_creg(name, size)
    clbit = 0
    for op, qubits in rows:
        builder.append(op, qubits, clbit=clbit if op is Op.MEASURE else -1)
        clbit += op is Op.MEASURE
    return builder.build()


GHZ = built(
    (Op.H, (0,)),
    (Op.CX, (0, 1)),
    (Op.CX, (1, 2)),
    *((Op.MEASURE, (qubit,)) for qubit in (2, 0, 1)),
    sizes={"late": 1, "early": 2},
)


def shots_of(joint: Circuit, *, corrected: bool = True, messages: int = 0) -> Bits:
    """All bits of the joint program, by shot; without corrections, what waits for messages does not happen."""
    runs = Runs(SHOTS, joint, np.random.default_rng(11))
    for operation in joint:
        waits = operation.condition is not None and min(operation.condition.clbits) >= joint.num_clbits - messages
        if corrected or not waits:
            runs.do(operation)
    return runs.bits


def messages_in(files: Mapping[str, str]) -> int:
    return int(json.loads(files["plan.json"])["layout"]["messages"])


def word(circuit: Circuit, row: list[int], columns: Mapping[str, list[int]]) -> str:
    """As Qiskit writes it, for the registers of a program whose bits are `columns` of the row."""
    return " ".join("".join(str(row[c]) for c in reversed(columns[r.name])) for r in reversed(circuit.cregs))


def as_memory(program: Circuit, columns: Mapping[str, list[int]], bits: Bits) -> str:
    return json.dumps([word(program, row, columns) for row in bits.tolist()])


def as_hexadecimal(program: Circuit, columns: Mapping[str, list[int]], bits: Bits) -> str:
    words = [hex(int(word(program, row, columns).replace(" ", ""), 2)) for row in bits.tolist()]
    return json.dumps({"results": [{"data": {"memory": words, "counts": dict(Counter(words))}}]})


def as_cirq(program: Circuit, columns: Mapping[str, list[int]], bits: Bits) -> str:
    records = {name: bits[:, None, places] for name, places in columns.items()}
    return cirq.to_json(cirq.ResultDict(params=None, records=records))


def as_cirq_bits(program: Circuit, columns: Mapping[str, list[int]], bits: Bits) -> str:
    """Keys of single bits, as Cirq makes them when it reads OpenQASM."""
    records = {f"{name}_{k}": bits[:, None, [c]] for name, places in columns.items() for k, c in enumerate(places)}
    return cirq.to_json(cirq.ResultDict(params=None, records=records))


def as_lists(program: Circuit, columns: Mapping[str, list[int]], bits: Bits) -> str:
    return json.dumps({name: bits[:, places].tolist() for name, places in columns.items()})


def as_csv(program: Circuit, columns: Mapping[str, list[int]], bits: Bits) -> str:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(columns)
    rows.writerows([["".join(str(row[c]) for c in reversed(p)) for p in columns.values()] for row in bits.tolist()])
    return text.getvalue()


FORMS: dict[str, Callable[[Circuit, Mapping[str, list[int]], Bits], str]] = {
    form.__name__: form for form in (as_memory, as_hexadecimal, as_cirq, as_cirq_bits, as_lists, as_csv)
}


def dealt(files: Mapping[str, str], bits: Bits, form: str) -> dict[str, Source]:
    """What each module would have written down."""
    joint = read_program(files["joint.qasm"], "joint.qasm")
    place = {r.name: list(range(r.start, r.start + r.size)) for r in joint.cregs}
    found = {}
    for module in {part["module"] for part in json.loads(files["plan.json"])["layout"]["registers"]}:
        program = read_program(files[f"{module}.qasm"], f"{module}.qasm")
        columns = {register.name: place[register.name] for register in program.cregs}
        found[module] = Source(f"{module}.json", FORMS[form](program, columns, bits))
    return found


def close_to_ideal(outcomes: Mapping[str, int], circuit: Circuit) -> None:
    ideal = ideal_distribution(circuit)
    assert ideal is not None
    assert sum(outcomes.values()) == SHOTS
    for outcome, number in outcomes.items():
        wanted = SHOTS * ideal[outcome]  # a KeyError is an impossible outcome
        assert abs(number - wanted) <= 5 * wanted**0.5


@cache
def ghz_files() -> dict[str, str]:
    return split(GHZ, "line:3x1+2")


@pytest.mark.parametrize("form", FORMS)
def test_shots_of_modules_are_joined(form: str) -> None:
    """A GHZ state over three modules: outcomes are correlated, registers are in another order than qubits."""
    files = ghz_files()
    bits = shots_of(read_program(files["joint.qasm"], "joint.qasm"))
    counts = merge_counts(files, dealt(files, bits, form), GHZ)
    assert [register.name for register in counts.registers] == ["late", "early"]
    assert set(counts.outcomes) == {"00 0", "11 1"}
    close_to_ideal(counts.outcomes, GHZ)


@pytest.mark.parametrize("name", ["bernstein_vazirani_8", "grover_2", "iterative_qpe_2", "qpe_9", "repetition_code_5"])
def test_samples_come_back(name: str) -> None:
    circuit = load_circuit(str(SAMPLES / f"{name}.qasm"))
    files = split(circuit, f"all:2x{circuit.num_qubits // 2 + 1}+2")
    bits = shots_of(read_program(files["joint.qasm"], "joint.qasm"))
    close_to_ideal(merge_counts(files, dealt(files, bits, "as_memory"), circuit).outcomes, circuit)


@pytest.mark.parametrize("form", ["counts", "memory"])
def test_qiskit_runs_the_program_without_corrections(form: str) -> None:
    """Its own simulator, which knows no feed-forward, gives outcomes that are corrected here."""
    from qiskit import qasm3, transpile
    from qiskit.providers.basic_provider import BasicSimulator

    joint = ghz_files()["joint.qasm"]
    kept = "".join(line for line in joint.splitlines(keepends=True) if not line.startswith("if (msg"))
    backend = BasicSimulator()
    program = transpile(qasm3.loads(kept), backend, optimization_level=0)
    result = backend.run(program, shots=SHOTS, memory=True, seed_simulator=3).result()
    found = result.get_counts() if form == "counts" else result.get_memory()
    counts = merge_counts(ghz_files(), {"joint": Source(form, json.dumps(found))}, GHZ, uncorrected=True)
    close_to_ideal(counts.outcomes, GHZ)


def test_joint_results_of_cirq_are_put_in_order() -> None:
    """Cirq reads the emitted OpenQASM 3 itself and runs it."""
    from cirq.contrib.qasm_import import circuit_from_qasm

    program = circuit_from_qasm(ghz_files()["joint.qasm"])
    result = cirq.Simulator(seed=5).run(program, repetitions=100)
    counts = merge_counts(ghz_files(), {"joint": Source("result.json", cirq.to_json(result))}, GHZ)
    assert set(counts.outcomes) == {"00 0", "11 1"}
    assert counts.total == 100


def test_circuit_bits_alone_are_enough_of_joint_counts() -> None:
    counts = merge_counts(ghz_files(), {"joint": Source("c.json", '{"11 1": 3, "000": 5}')}, GHZ)
    assert counts.outcomes == {"00 0": 5, "11 1": 3}


def without_corrections(files: Mapping[str, str]) -> Bits:
    return shots_of(read_program(files["joint.qasm"], "joint.qasm"), corrected=False, messages=messages_in(files))


@pytest.mark.parametrize("name", ["ghz", "bernstein_vazirani_8"])
def test_corrections_that_were_left_out_are_made_up_for(name: str) -> None:
    circuit = GHZ if name == "ghz" else load_circuit(str(SAMPLES / f"{name}.qasm"))
    files = split(circuit, "line:3x1+2" if name == "ghz" else "line:3x3+2")
    results, ideal = dealt(files, without_corrections(files), "as_memory"), ideal_distribution(circuit)
    assert ideal is not None
    close_to_ideal(merge_counts(files, results, circuit, uncorrected=True).outcomes, circuit)
    assert not set(merge_counts(files, results, circuit).outcomes) <= set(ideal)


CLIFFORD = st.sampled_from([Op.H, Op.S, Op.X, Op.SX, Op.CX, Op.CZ, Op.CY, Op.SWAP, Op.ISWAP])


@given(st.lists(st.tuples(CLIFFORD, st.permutations(range(3))), max_size=12))
@settings(max_examples=12, deadline=None)
def test_any_clifford_circuit_can_do_without_corrections(gates: list[tuple[Op, list[int]]]) -> None:
    rows = [(op, tuple(qubits[: NUM_QUBITS[op]])) for op, qubits in gates]
    circuit = built(*rows, *((Op.MEASURE, (qubit,)) for qubit in range(3)), sizes={"c": 3})
    files = split(circuit, "all:3x1+1")
    merged = merge_counts(files, dealt(files, without_corrections(files), "as_lists"), circuit, uncorrected=True)
    close_to_ideal(merged.outcomes, circuit)


def test_corrections_behind_diagonal_gates_are_made_up_for() -> None:
    """A T gate commutes with what it is copied by."""
    rows = ((Op.H, (0,)), (Op.T, (0,)), (Op.CX, (0, 1)), (Op.H, (0,)), (Op.MEASURE, (0,)), (Op.MEASURE, (1,)))
    circuit = built(*rows, sizes={"c": 2})
    files = split(circuit, "all:2x1+1")
    bits = without_corrections(files)
    close_to_ideal(merge_counts(files, dealt(files, bits, "as_csv"), circuit, uncorrected=True).outcomes, circuit)


def test_corrections_that_a_gate_would_spread_are_refused() -> None:
    rows = ((Op.H, (0,)), (Op.CX, (0, 1)), (Op.H, (1,)), (Op.T, (1,)), (Op.H, (1,)), (Op.CX, (1, 0)), (Op.T, (0,)))
    more = ((Op.H, (0,)), (Op.T, (0,)), (Op.H, (0,)), (Op.CX, (0, 1)), (Op.MEASURE, (0,)), (Op.MEASURE, (1,)))
    circuit = built(*rows, *more, sizes={"c": 2})
    files = split(circuit, "all:2x1+1")
    with pytest.raises(ResultsError, match=r"^joint\.qasm:\d+: cannot be exchanged with the correction that msg\d"):
        merge_counts(files, {"joint": Source("c.json", '["00 00"]')}, circuit, uncorrected=True)


def test_a_decision_on_a_wrong_bit_is_refused() -> None:
    builder = CircuitBuilder(name="test")
    builder.add_qreg("q", 2)
    builder.add_creg("c", 1)
    builder.add_creg("d", 1)
    builder.append(Op.H, (0,))
    builder.append(Op.CX, (0, 1))
    builder.append(Op.MEASURE, (1,), clbit=0)
    builder.append(Op.X, (0,), condition=Condition((Term((0,), 1),)))
    builder.append(Op.MEASURE, (0,), clbit=1)
    circuit = builder.build()
    files = split(circuit, "all:2x1+1")
    with pytest.raises(ResultsError, match=r"reads c\[0\], which was wrong without the corrections"):
        merge_counts(files, {"joint": Source("c.json", '["0 0"]')}, circuit, uncorrected=True)


DETERMINISTIC = built(
    (Op.X, (0,)), (Op.H, (1,)), (Op.CZ, (0, 1)), (Op.MEASURE, (0,)), (Op.MEASURE, (1,)), sizes={"a": 1, "b": 1}
)


def test_counts_are_joined_where_one_module_only_is_in_doubt() -> None:
    files = split(DETERMINISTIC, "all:2x1+1")
    bits = shots_of(read_program(files["joint.qasm"], "joint.qasm"))
    counts = {}
    for module, source in dealt(files, bits, "as_memory").items():
        counts[module] = Source(source.name, json.dumps(Counter(json.loads(source.text))))
    close_to_ideal(merge_counts(files, counts, DETERMINISTIC).outcomes, DETERMINISTIC)
    doubt = split(GHZ, "line:3x1+2")
    bits = shots_of(read_program(doubt["joint.qasm"], "joint.qasm"))
    told = {
        module: Source(source.name, json.dumps(Counter(json.loads(source.text))))
        for module, source in dealt(doubt, bits, "as_memory").items()
    }
    with pytest.raises(ResultsError, match="counts do not tell which outcomes belong together") as refusal:
        merge_counts(doubt, told, GHZ)
    assert "lists of shots" in refusal.value.hint


@pytest.mark.parametrize(
    ("results", "message"),
    [
        ({"m0": '["0"]'}, "no results tell of"),
        ({"m7": '["0"]'}, "'m7' is no module of the program: there are m0, m1, m2"),
        ({"joint": '{"0101010101010101": 4}'}, "'0101010101010101' has 16 bits; expected are"),
        ({"joint": '{"1 00": 4}'}, "'1 00' does not fit the registers"),
        ({"joint": "late,early\n0,000\n"}, "'early' has 3 bits, in the program 2"),
        ({"joint": "late,soon\n0,00\n"}, "'soon' is no register or bit; there are late.1., early.2."),
        ({"joint": "late,late[0],early\n0,0,00\n"}, "a bit stands there twice"),
        ({"joint": '{"0xfffffff": 4}'}, "0xfffffff has more than"),
    ],
)
def test_results_that_do_not_fit(results: dict[str, str], message: str) -> None:
    with pytest.raises(ResultsError, match=message):
        merge_counts(ghz_files(), {name: Source(name, text) for name, text in results.items()}, GHZ)


def test_different_numbers_of_shots() -> None:
    files = ghz_files()
    bits = shots_of(read_program(files["joint.qasm"], "joint.qasm"))
    results = dealt(files, bits, "as_memory")
    module = sorted(results)[0]
    results[module] = Source("short", json.dumps(json.loads(results[module].text)[1:]))
    with pytest.raises(ResultsError, match=r"has 600 shots, .* has 599"):
        merge_counts(files, results, GHZ)


def test_a_bit_that_two_modules_may_have_written_needs_joint_results() -> None:
    builder = CircuitBuilder(name="test")
    builder.add_qreg("q", 2)
    builder.add_creg("c", 1)
    builder.add_creg("d", 1)
    builder.append(Op.H, (0,))
    builder.append(Op.MEASURE, (0,), clbit=0)
    builder.append(Op.MEASURE, (1,), clbit=1)
    builder.append(Op.MEASURE, (0,), clbit=1, condition=Condition((Term((0,), 1),)))
    circuit = builder.build()
    files = split(circuit, "all:2x1")
    joint = shots_of(read_program(files["joint.qasm"], "joint.qasm"))
    with pytest.raises(ResultsError, match=r"no results tell of d\[0\]") as refusal:
        merge_counts(files, dealt(files, joint, "as_memory"), circuit)
    assert refusal.value.hint == "give the joint results of all modules"
    whole = json.dumps([f"{d} {c}" for c, d in joint.tolist()])
    close_to_ideal(merge_counts(files, {"joint": Source("all", whole)}, circuit).outcomes, circuit)


def test_a_circuit_without_measurements_has_nothing_to_merge() -> None:
    circuit = built((Op.H, (0,)), (Op.CX, (0, 1)), sizes={"c": 1})
    with pytest.raises(ResultsError, match="measures nothing"):
        merge_counts(split(circuit, "all:2x1+1"), {"joint": Source("c", '["0"]')}, circuit)
