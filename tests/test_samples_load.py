"""Every sample circuit loads, is documented, and does what its first lines say, by a definition of its own."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import cirq
import numpy as np
import pytest
from qiskit import QuantumCircuit, qasm2
from qiskit.quantum_info import Operator, Statevector
from scipy.linalg import expm

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op, gate_matrix
from dqplan.core.statevector import State, apply_gate, apply_matrix, zero_state
from dqplan.load.load_circuit import load_circuit
from tests.branches import Unitary, branches_of, distribution_of, is_same_up_to_phase, unitary_of

SAMPLES = Path(__file__).parents[1] / "sample_circuits"
FILES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in (".qasm", ".json"))

Bits = tuple[int, ...]


def _load(name: str) -> Circuit:
    return load_circuit(str(SAMPLES / name))


def _bits(number: int, size: int) -> Bits:
    """Least significant first."""
    return tuple(number >> k & 1 for k in range(size))


def _number(bits: Bits) -> int:
    return sum(bit << k for k, bit in enumerate(bits))


def _basis_state(bits: Bits) -> State:
    state = zero_state(len(bits))
    for qubit, bit in enumerate(bits):
        state = apply_gate(state, Op.X, [qubit]) if bit else state
    return state


def _final_state(circuit: Circuit) -> State:
    """From |0…0>, measurements left out."""
    state = zero_state(circuit.num_qubits)
    for row in circuit:
        state = state if row.op == Op.MEASURE else apply_gate(state, row.op, row.qubits, row.params)
    return state


@pytest.mark.parametrize("name", FILES)
def test_loads_under_its_name(name: str) -> None:
    circuit = _load(name)
    stem = name.rsplit(".", 1)[0]
    assert circuit.name == stem
    assert circuit.num_qubits == int(stem.rsplit("_", 1)[1])
    assert len(circuit) > 0


def test_the_readme_lists_exactly_the_files() -> None:
    listed = re.findall(r"^\| `([^`]+)`", (SAMPLES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == FILES


def test_every_language_and_enough_circuits() -> None:
    assert len(FILES) >= 16
    versions = {(SAMPLES / name).read_text(encoding="utf-8").split("OPENQASM ")[-1][0] for name in FILES}
    assert {"2", "3", "{"} <= versions


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("bernstein_vazirani_8.qasm", _bits(0b1011001, 7)),
        ("grover_2.qasm", (1, 1)),
        ("hidden_shift_10.qasm", (1, 0, 1, 1, 0, 0, 1, 1, 0, 1)),
        ("iterative_qpe_2.qasm", _bits(11, 4)),
        ("qpe_9.qasm", _bits(179, 8)),
        ("cdkm_adder_10.qasm", _bits(13 + 7, 5)),
        ("draper_adder_8.qasm", _bits((11 + 7) % 16, 4)),
        ("repetition_code_5.qasm", (0, 1, 0, 0, 0)),
    ],
)
def test_the_answer_is_certain(name: str, outcome: Bits) -> None:
    assert distribution_of(_load(name)) == {outcome: pytest.approx(1)}


def test_ripple_carry_adder_adds_all_inputs() -> None:
    """The file itself flips its inputs to 13 and 7; the carry in is an input too."""
    circuit = _load("cdkm_adder_10.qasm")
    for carry, a, b in itertools.product(range(2), range(16), range(16)):
        state = _basis_state((carry, *_bits(a ^ 13, 4), *_bits(b ^ 7, 4), 0))
        assert [_number(branch.bits) for branch in branches_of(circuit, state)] == [a + b + carry]


def test_fourier_adder_adds_all_inputs() -> None:
    circuit = _load("draper_adder_8.qasm")
    for a, b in itertools.product(range(16), range(16)):
        state = _basis_state((*_bits(a ^ 11, 4), *_bits(b ^ 7, 4)))
        assert [_number(branch.bits) for branch in branches_of(circuit, state)] == [(a + b) % 16]


def test_fourier_transform_of_8_qubits_is_the_matrix() -> None:
    numbers = np.arange(256)
    matrix = np.exp(2j * np.pi * np.outer(numbers, numbers) / 256) / 16
    assert is_same_up_to_phase(unitary_of(_load("qft_8.qasm")), matrix)


def test_fourier_transform_of_16_qubits_on_two_numbers() -> None:
    circuit = _load("qft_16.qasm")
    for number in (1, 0xBEEF):
        state = _basis_state(_bits(number, 16)[::-1])
        (branch,) = branches_of(circuit, state)
        wave = np.exp(2j * np.pi * number * np.arange(2**16) / 2**16) / 2**8
        assert is_same_up_to_phase(branch.state.ravel(), wave)


def test_approximate_fourier_transform_keeps_phases_down_to_2_to_the_minus_15() -> None:
    circuit = _load("aqft_64.qasm")
    angles = {row.qubits: row.params[0] for row in circuit if row.op == Op.CP}
    expected = {(j, i): np.pi / 2 ** (j - i) for i in range(64) for j in range(i + 1, min(i + 16, 64))}
    assert angles == expected
    assert circuit.counts == {Op.H: 64, Op.CP: len(expected), Op.SWAP: 32}


def test_ghz_state() -> None:
    wanted = np.zeros(256, dtype=complex)
    wanted[[0, -1]] = np.sqrt(1 / 2)
    assert is_same_up_to_phase(_final_state(_load("ghz_8.qasm")).ravel(), wanted)


def test_w_state() -> None:
    wanted = np.zeros(256, dtype=complex)
    wanted[[1 << k for k in range(8)]] = np.sqrt(1 / 8)
    assert is_same_up_to_phase(_final_state(_load("w_8.qasm")).ravel(), wanted)


def test_cluster_state_has_its_stabilizers() -> None:
    """X on a vertex and Z on its neighbours leave the state as it is."""
    state = _final_state(_load("cluster_12.qasm"))
    for row, column in itertools.product(range(3), range(4)):
        near = [(row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column)]
        moved = apply_gate(state, Op.X, [4 * row + column])
        for r, c in near:
            if 0 <= r < 3 and 0 <= c < 4:
                moved = apply_gate(moved, Op.Z, [4 * r + c])
        assert np.allclose(moved, state)


def test_qaoa_cuts_what_theory_says() -> None:
    """Triangle-free and 3-regular: each edge is cut with probability 1/2 + 1/2 · 3^(-1/2) · 2/3 (arXiv:1706.02998)."""
    circuit = _load("qaoa_16.qasm")
    edges = [row.qubits for row in circuit if row.op == Op.RZZ]
    assert sorted(np.bincount(np.ravel(edges))) == [3] * 16
    weights = np.abs(_final_state(circuit)) ** 2
    for edge in edges:
        pair = weights.sum(axis=tuple(sorted(set(range(16)) - set(edge))))
        assert pair[0, 1] + pair[1, 0] == pytest.approx(1 / 2 + 1 / 3 / np.sqrt(3))


def test_qaoa_cuts_three_quarters_of_a_ring() -> None:
    """Farhi et al., arXiv:1411.4028: one layer cuts each edge of a ring with probability 3/4."""
    weights = np.abs(_final_state(_load("qaoa_8.qasm"))) ** 2
    for edge in [(k, (k + 1) % 8) for k in range(8)]:
        pair = weights.sum(axis=tuple(sorted(set(range(8)) - set(edge))))
        assert pair[0, 1] + pair[1, 0] == pytest.approx(3 / 4)


@pytest.mark.parametrize("name", ["teleport_3.qasm", "entanglement_swap_4.json"])
def test_what_is_teleported_arrives_in_every_branch(name: str) -> None:
    """Two random outcomes, four branches, and the bits that check the result are always 0."""
    found = distribution_of(_load(name))
    assert {bits[:2]: probability for bits, probability in found.items()} == pytest.approx(
        dict.fromkeys(itertools.product((0, 1), repeat=2), 0.25)
    )
    assert not any(any(bits[2:]) for bits in found)


def _by_qiskit(name: str) -> QuantumCircuit:
    """Qiskit counts its qubits from the least significant, hence the reversal."""
    return qasm2.load(str(SAMPLES / name), custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS).reverse_bits()


def test_pitfalls_are_read_as_qiskit_reads_them() -> None:
    assert is_same_up_to_phase(unitary_of(_load("pitfalls_6.qasm")), Operator(_by_qiskit("pitfalls_6.qasm")).data)


def test_two_local_ansatz_is_read_as_qiskit_reads_it() -> None:
    wanted = Statevector(_by_qiskit("vqe_two_local_12.qasm")).data
    assert is_same_up_to_phase(_final_state(_load("vqe_two_local_12.qasm")).ravel(), wanted)


def _pair(left: Op, right: Op) -> Unitary:
    return np.kron(gate_matrix(left), gate_matrix(right))


def _evolve_bonds(state: State, bonds: range, generator: Unitary) -> State:
    for site in bonds:
        state = apply_matrix(state, expm(generator), (site, site + 1))
    return state


def test_ising_chain_takes_its_trotter_steps() -> None:
    """H = -Σ ZZ - Σ X, exp(-i 0.1 H) by its two parts in turn."""
    state = zero_state(12)
    for _ in range(4):
        state = _evolve_bonds(state, range(11), 0.1j * _pair(Op.Z, Op.Z))
        for site in range(12):
            state = apply_matrix(state, expm(0.1j * gate_matrix(Op.X)), (site,))
    assert is_same_up_to_phase(_final_state(_load("ising_12.json")).ravel(), state.ravel())


def test_heisenberg_chain_takes_its_trotter_steps() -> None:
    """H = Σ XX + YY + ZZ: the exact exchange of a bond, even bonds and then odd ones, from |01010101>."""
    exchange = _pair(Op.X, Op.X) + _pair(Op.Y, Op.Y) + _pair(Op.Z, Op.Z)
    state = _basis_state((0, 1) * 4)
    for first in (0, 1) * 3:
        state = _evolve_bonds(state, range(first, 7, 2), -0.2j * exchange)
    assert is_same_up_to_phase(_final_state(_load("heisenberg_8.json")).ravel(), state.ravel())


def test_random_circuit_is_what_cirq_makes_of_it() -> None:
    wanted = cirq.unitary(cirq.read_json(SAMPLES / "random_6.json"))
    assert is_same_up_to_phase(unitary_of(_load("random_6.json")), wanted)
