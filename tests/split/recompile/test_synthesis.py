"""Unitaries in native gates: exact in every gate set, with no more two-qubit gates than are needed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.gates import Matrix2, Op, gate_matrix
from dqplan.core.hardware import Module
from dqplan.split.recompile.gate_set import gate_set_of
from dqplan.split.recompile.synthesis import EXACT, Gate, Part, Synthesis, deviation, product_of
from tests.branches import is_same_up_to_phase
from tests.strategies import GATE_SETS


def synthesis(gates: tuple[str, ...]) -> Synthesis:
    found = gate_set_of(Module("m", 2, native_gates=gates), entangling=True)
    assert found is not None
    return Synthesis(found)


def random_turn(rng: np.random.Generator) -> Matrix2:
    unitary = np.linalg.qr(rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2)))[0]
    return tuple(unitary.reshape(4).tolist())  # type: ignore[return-value]


@given(st.sampled_from(GATE_SETS), st.integers(0, 10**6), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_any_run_of_gates_is_exact(gates: tuple[str, ...], seed: int, length: int) -> None:
    rng, run = np.random.default_rng(seed), list[Part]()
    for _ in range(length):
        op = [Op.CX, Op.CZ, Op.CP, Op.SWAP, Op.RXX, Op.CRY][rng.integers(6)]
        params = (float(rng.choice([rng.uniform(-4, 4), 1e-6, math.pi / 2])),) * (op in (Op.CP, Op.RXX, Op.CRY))
        run += [Gate(op, params, bool(rng.integers(2)) and op is Op.CX), (random_turn(rng), random_turn(rng))]
    woven = synthesis(gates).woven(tuple(run))
    assert deviation(woven, product_of(run)) <= EXACT
    assert len(woven.gates) <= 3


@given(st.sampled_from(GATE_SETS), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_any_turn_is_exact(gates: tuple[str, ...], seed: int) -> None:
    matrix = random_turn(np.random.default_rng(seed))
    product = np.eye(2, dtype=complex)
    for gate in synthesis(gates).turn(matrix):
        product = gate_matrix(gate.op, gate.params) @ product
    assert is_same_up_to_phase(product, np.array(matrix).reshape(2, 2))


@pytest.mark.parametrize(
    ("gates", "run", "count"),
    [
        (("cz", "u"), [Gate(Op.CX)], 1),
        (("cz", "u"), [Gate(Op.CP, (0.3,))], 2),
        (("cz", "u"), [Gate(Op.CP, (0.3,)), Gate(Op.SWAP)], 3),
        (("cz", "u"), [Gate(Op.CX), Gate(Op.CX)], 0),
        (("rzz", "u"), [Gate(Op.CP, (0.3,))], 1),
        (("cz", "rzz", "u"), [Gate(Op.CRY, (0.3,))], 1),
        (("cx", "cz", "u"), [Gate(Op.CX)], 1),
        (("iswap", "u"), [Gate(Op.ISWAP)], 1),
    ],
)
def test_no_more_gates_than_needed(gates: tuple[str, ...], run: list[Part], count: int) -> None:
    """Known from the canonical class of each: CP needs two CZ or one RZZ, with a SWAP behind three."""
    assert len(synthesis(gates).woven(tuple(run)).gates) == count
