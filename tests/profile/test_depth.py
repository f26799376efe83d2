"""Layers: depth, parallelism, idle time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.gates import Op
from dqplan.core.profile import Spread
from dqplan.profile.depth import schedule_layers
from tests.profile.circuits import circuit_of, ghz
from tests.strategies import dynamic_circuits

if TYPE_CHECKING:
    from qiskit import QuantumCircuit


def test_ghz_is_a_chain() -> None:
    layers = schedule_layers(ghz(5))
    assert (layers.depth, layers.two_qubit_depth) == (5, 4)
    assert layers.parallelism == Spread(1, 1.0, 1)
    assert layers.active == (2, 2, 2, 2, 1)
    assert layers.idle_total == (3, 3, 3, 3, 4)
    assert (layers.busiest, layers.idlest) == (0, 4)


def test_idle_between_uses() -> None:
    """Qubit 0 waits two layers for qubit 1; qubit 2 is not used at all."""
    rows = [(Op.H, (0,)), (Op.H, (1,)), (Op.T, (1,)), (Op.H, (1,)), (Op.CX, (0, 1))]
    layers = schedule_layers(circuit_of(3, *rows))
    assert layers.depth == 4
    assert layers.idle_inside == (2, 0, 0)
    assert layers.idle_total == (2, 0, 4)
    assert layers.parallelism == Spread(1, 5 / 4, 2)


def test_empty_circuits() -> None:
    assert schedule_layers(circuit_of(2)).depth == 0
    assert schedule_layers(circuit_of(0)).busiest is None


def test_conditions_wait_for_their_bits_but_not_for_each_other() -> None:
    builder = CircuitBuilder()
    builder.add_qreg("q", 4)
    builder.add_creg("c", 1)
    one = Condition((Term((0,), 1),))
    builder.append(Op.MEASURE, (0,), clbit=0)
    builder.append(Op.X, (1,), condition=one)
    builder.append(Op.X, (2,), condition=one)
    builder.append(Op.MEASURE, (3,), clbit=0)
    assert schedule_layers(builder.build()).depth == 3
    assert schedule_layers(builder.build()).parallelism == Spread(1, 4 / 3, 2)


@settings(max_examples=40, deadline=None)
@given(dynamic_circuits(max_gates=25))
def test_depth_agrees_with_qiskit(circuit: Circuit) -> None:
    """Without conditions: those that share a bit are sequential to Qiskit, which has no reading at the same time."""
    circuit = replace(circuit, condition=np.full(len(circuit), -1, dtype=np.int32), conditions=())
    layers = schedule_layers(circuit)
    theirs = _in_qiskit(circuit)
    assert layers.depth == theirs.depth()
    assert layers.two_qubit_depth == theirs.depth(lambda instruction: instruction.operation.num_qubits >= 2)


def _in_qiskit(circuit: Circuit) -> QuantumCircuit:
    from qiskit import QuantumCircuit

    converted = QuantumCircuit(circuit.num_qubits, circuit.num_clbits)
    for row in circuit:
        bits = [row.clbit] if row.op is Op.MEASURE else []
        getattr(converted, row.op.spelling)(*row.params, *row.qubits, *bits)
    return converted
