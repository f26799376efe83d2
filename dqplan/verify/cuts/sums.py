"""Sums: the terms of each cut in cuts.json add up to the channel that was cut, as matrices."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import NUM_PARAMS, NUM_QUBITS, Op, gate_matrix
from dqplan.core.verdict import Check, Status
from dqplan.load.cuts_document import CutPart, CutsDocument, OperationPart

NAME = "sums of the cuts"
TOLERANCE = 1e-12
"""Largest deviation of an element; a wrong angle of 1e-11 lies above."""

Array = NDArray[np.complexfloating]
Kraus = list[tuple[int, Array]]
"""A map that may subtract: signs and matrices K of ± K ρ K†."""

_GATES = {op.spelling: op for op in Op if NUM_QUBITS[op] == 1 and NUM_PARAMS[op] == 0 and op < Op.MEASURE}


def check_sums(document: CutsDocument) -> Check:
    """Compare each sum with its channel, the overheads with the coefficients, and the total with their product."""
    faults = list(_faults(document))
    if faults:
        return Check(NAME, Status.FAILED, faults[0])
    detail = (
        f"the terms of all {len(document.cuts)} cuts add up to the channels that were cut, elements within "
        f"{TOLERANCE:.0e}; overheads are the squares of the sums of sizes, {document.overhead:.4g} in all"
    )
    return Check(NAME, Status.PROVED, detail)


def _faults(document: CutsDocument) -> Iterator[str]:
    for name, operation in document.operations.items():
        if unknown := set(operation.gates) - set(_GATES):
            yield f"cuts.json: operation {name!r} has the gate {min(unknown)!r}, which is not one without angles"
            return
    for number, cut in enumerate(document.cuts, start=1):
        distance = float(np.abs(_sum(cut, document.operations) - _channel(cut)).max())
        if not distance < TOLERANCE:
            what = f"the terms of cut {number} differ from the {cut.kind} of line {cut.line}"
            yield f"cuts.json: {what} by {distance:.2g}"
        gamma = math.fsum(abs(term.coefficient) for term in cut.terms)
        if not math.isclose(gamma**2, cut.overhead, rel_tol=1e-9):
            yield f"cuts.json: the overhead of cut {number} is {cut.overhead:.6g}, its coefficients make {gamma**2:.6g}"
    total = math.prod(cut.overhead for cut in document.cuts)
    if not math.isclose(total, document.overhead, rel_tol=1e-9):
        yield f"cuts.json: the overhead is {document.overhead:.6g}, the cuts' product is {total:.6g}"
    if document.overhead > document.max_overhead * (1 + 1e-9):
        yield f"cuts.json: the overhead is {document.overhead:.6g}, allowed is {document.max_overhead:.6g}"
    if document.least_overhead > document.overhead * (1 + 1e-9):
        yield f"cuts.json: the overhead {document.overhead:.6g} is below the bound {document.least_overhead:.6g}"


def _channel(cut: CutPart) -> Array:
    """What was cut: a gate as a map of two qubits, a wire as the identity of one."""
    return _superoperator([(1, gate_matrix(Op.RZZ, (cut.angle,)))]) if cut.kind == "gate" else np.eye(4, dtype=complex)


def _sum(cut: CutPart, operations: Mapping[str, OperationPart]) -> Array:
    terms = []
    for term in cut.terms:
        first, second = (_kraus(operations[name]) for name in term.operations)
        signs = [-1 if signed else 1 for signed in term.signed]
        first, second = ([(signs[k] ** bit, m) for bit, m in side] for k, side in enumerate((first, second)))
        join = _side_by_side if cut.kind == "gate" else _measured_and_prepared
        terms.append(term.coefficient * _superoperator(join(first, second)))
    return np.asarray(sum(terms[1:], terms[0]))


def _kraus(operation: OperationPart) -> Kraus:
    """By the outcome, 0 where nothing is measured."""
    unitary = np.eye(2, dtype=complex)
    for gate in operation.gates:
        unitary = gate_matrix(_GATES[gate]) @ unitary
    if not operation.measured:
        return [(0, unitary)]
    return [(bit, np.diag([1 - bit, bit]) @ unitary) for bit in (0, 1)]


def _side_by_side(first: Kraus, second: Kraus) -> Kraus:
    return [(s * t, np.kron(k, m)) for s, k in first for t, m in second]


def _measured_and_prepared(source: Kraus, target: Kraus) -> Kraus:
    """An H, which stands in the island's circuit, and the source's operation; its qubit is lost.

    The target's begins as |0>.
    """
    hadamard, zero = gate_matrix(Op.H), np.array([[1], [0]])
    lost = [(s, (k @ hadamard)[bit : bit + 1]) for s, k in source for bit in (0, 1)]
    return [(s * t, m @ zero @ row) for s, row in lost for t, m in target]


def _superoperator(maps: Kraus) -> Array:
    products = [sign * np.kron(matrix, matrix.conj()) for sign, matrix in maps]
    return np.asarray(sum(products[1:], products[0]))
