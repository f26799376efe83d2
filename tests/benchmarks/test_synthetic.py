from __future__ import annotations

import pytest

from dqplan.core.gates import NUM_QUBITS
from dqplan.load.load_circuit import circuit_of_text
from tests.benchmarks.synthetic import KINDS, program


@pytest.mark.parametrize("kind", KINDS)
def test_circuits_have_the_size_that_was_asked_for(kind: str) -> None:
    circuit = circuit_of_text(program(kind, 20, 300), "drawn.qasm")
    assert circuit.num_qubits == 20
    assert sum(NUM_QUBITS[row.op] == 2 for row in circuit) == 300


@pytest.mark.parametrize("kind", KINDS)
def test_circuits_are_the_same_every_time(kind: str) -> None:
    assert program(kind, 20, 300) == program(kind, 20, 300)
