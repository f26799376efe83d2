"""Dropped gates: they are gates of the circuit, and what their absence costs is within the budget."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from dqplan.core.circuit import Circuit, CircuitBuilder, Operation, bit_names
from dqplan.core.dropping import weak_angle, without_gates
from dqplan.core.gates import gate_matrix
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import Emitted
from dqplan.load.plan_document import DroppedGatePart, DroppedPart

NAME = "dropped gates"
_TOLERANCE = 1e-9


def without_dropped(emitted: Emitted) -> Emitted:
    """The same with the circuit that its programs are to be equivalent to: less what plan.json says is dropped."""
    dropped = emitted.document.dropped
    if dropped is None:
        return emitted
    rows = {gate.row for gate in dropped.gates if not _strange(emitted.circuit, gate)}
    return replace(emitted, circuit=without_gates(emitted.circuit, rows))


def check_dropped(emitted: Emitted) -> Iterator[Check]:
    """Find each gate in the circuit, and compute its infidelity and that of all again; nothing if none is dropped.

    The infidelity of one comes from matrices, not from the planner's formula. That of all follows from the angles
    arccos √fidelity, which add up at most, for every input.
    """
    dropped = emitted.document.dropped
    if dropped is None:
        return
    fault = next(_faults(emitted.circuit, dropped), "")
    if fault:
        yield Check(NAME, Status.FAILED, fault)
        return
    detail = (
        f"{len(dropped.gates)} gates of the circuit; for every input their absence costs an infidelity of at most "
        f"{dropped.infidelity:.3g}, within the budget of {dropped.budget:.3g} (the sum of each is "
        f"{dropped.infidelity_sum:.3g}); all else is compared with the circuit without them"
    )
    yield Check(NAME, Status.PROVED, detail)


def _faults(circuit: Circuit, dropped: DroppedPart) -> Iterator[str]:
    rows = [gate.row for gate in dropped.gates]
    if len(set(rows)) < len(rows):
        yield "plan.json: a gate is dropped twice"
    angle, total = 0.0, 0.0
    for gate in dropped.gates:
        if strange := _strange(circuit, gate):
            yield f"plan.json: {strange}"
            continue
        infidelity = _infidelity(circuit[gate.row])
        if abs(infidelity - gate.infidelity) > _TOLERANCE:
            yield f"plan.json: dropping {_named(gate)} costs {infidelity:.6g}, not {gate.infidelity:.6g}"
        angle += math.asin(math.sqrt(min(1.0, infidelity)))
        total += infidelity
    most = math.sin(min(math.pi / 2, angle)) ** 2
    if abs(most - dropped.infidelity) > _TOLERANCE or abs(total - dropped.infidelity_sum) > _TOLERANCE:
        yield f"plan.json: dropping all costs {most:.6g} at most and {total:.6g} in sum, which is not what it says"
    if most > dropped.budget + _TOLERANCE:
        yield f"dropping all costs up to {most:.6g}, the budget is {dropped.budget:.6g}"


def _strange(circuit: Circuit, gate: DroppedGatePart) -> str:
    """Why a gate is none of the circuit, or none that can be dropped; empty if all is well."""
    if gate.row >= len(circuit):
        return f"{_named(gate)} is dropped, but the circuit has {len(circuit)} operations"
    found, names = circuit[gate.row], bit_names(circuit.qregs)
    told = (gate.gate, gate.qubits, gate.angle)
    there = (found.op.spelling, [names[qubit] for qubit in found.qubits], found.params[0] if found.params else None)
    if told != there:
        return f"{_named(gate)} is dropped, but operation {gate.row} is {there[0]} {', '.join(there[1])}"
    return "" if weak_angle(found) is not None else f"{_named(gate)} is too strong, or waits for a condition"


def _named(gate: DroppedGatePart) -> str:
    return f"{gate.gate}({gate.angle:.6g}) {', '.join(gate.qubits)} of line {gate.line}"


def _infidelity(operation: Operation) -> float:
    """1 - |tr(V† U)|² / 16 for a gate U of two qubits and what is left of it, V.

    With the phase of V that is nearest, |U - V|² = 8 - 2 |tr(V† U)|; so nothing is lost where both are almost equal.
    """
    builder = CircuitBuilder()
    builder.add_qreg("q", 2)
    builder.append(operation.op, [0, 1], operation.params)
    left = np.eye(4, dtype=np.complex128)
    for turn in without_gates(builder.build(), {0}):
        matrix, other = gate_matrix(turn.op, turn.params), np.eye(2)
        left = (np.kron(matrix, other) if turn.qubits[0] == 0 else np.kron(other, matrix)) @ left
    unitary = gate_matrix(operation.op, operation.params)
    overlap = np.trace(left.conj().T @ unitary)
    distance = float((np.abs(unitary - left * overlap / abs(overlap)) ** 2).sum()) / 8
    return distance * (2 - distance)
