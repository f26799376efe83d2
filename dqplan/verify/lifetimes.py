"""When qubits and classical bits are looked at for the last time, and which measurements may wait until the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from dqplan.core.circuit import Circuit, Operation
from dqplan.core.gates import Op
from dqplan.verify.operands import diagonal_operands


@dataclass
class Deaths:
    """By row of a circuit: the qubits and the classical bits that nothing looks at behind it."""

    qubits: dict[int, list[int]] = field(default_factory=dict)
    bits: dict[int, list[int]] = field(default_factory=dict)


def deaths_of(circuit: Circuit, outputs: Collection[int], clbits: Collection[int]) -> Deaths:
    """Liveness from the end to the beginning.

    Args:
        circuit: any.
        outputs: qubits that matter at the end.
        clbits: classical bits that matter at the end.
    """
    deaths = Deaths()
    needed, read = set(outputs), set(clbits)
    for row, operation in zip(range(len(circuit) - 1, -1, -1), reversed(circuit), strict=True):
        written = {operation.clbit} - {-1}
        seen = operation.condition.clbits if operation.condition else frozenset()
        ending = (written | seen) - read
        if ending:
            deaths.bits[row] = sorted(ending)
        if operation.condition is None:
            read -= written
        read |= seen
        _qubit_deaths(row, operation, needed, deaths)
    return deaths


def _qubit_deaths(row: int, operation: Operation, needed: set[int], deaths: Deaths) -> None:
    if operation.op == Op.RESET and operation.condition is None:
        needed -= set(operation.qubits)
        return
    ending = [qubit for qubit in operation.qubits if qubit not in needed]
    if ending:
        deaths.qubits[row] = ending
    needed |= set(operation.qubits)


def begins_with_reset(circuit: Circuit, qubits: Collection[int]) -> set[int]:
    """The qubits whose initial state cannot matter, because the first thing that happens to them is a reset."""
    waiting, found = set(qubits), set()
    for operation in circuit:
        here = waiting.intersection(operation.qubits)
        if operation.op == Op.RESET and operation.condition is None:
            found |= here
        waiting -= here
        if not waiting:
            break
    return found


def final_measurements(circuit: Circuit, outputs: Collection[int]) -> dict[int, int]:
    """Measurements that commute with all that follows: row of each.

    Behind it, the qubit, one of `outputs`, meets diagonal gates only, and no one reads or writes the bit.

    Returns:
        The row by the measured qubit.
    """
    writes = Counter(circuit.clbit.tolist())
    open_qubits, read, found = set(outputs), set[int](), {}
    for row, operation in zip(range(len(circuit) - 1, -1, -1), reversed(circuit), strict=True):
        unseen = operation.clbit not in read and writes[operation.clbit] == 1
        if operation.op == Op.MEASURE and operation.condition is None and unseen:
            found.update({qubit: row for qubit in operation.qubits if qubit in open_qubits})
        open_qubits -= _disturbed(operation)
        if operation.condition is not None:
            read |= operation.condition.clbits
    return found


def _disturbed(operation: Operation) -> set[int]:
    """The operands that the operation does not act on diagonally."""
    if operation.op in (Op.MEASURE, Op.RESET):
        return set(operation.qubits)
    diagonal = diagonal_operands(operation.op, operation.params)
    return {qubit for qubit, harmless in zip(operation.qubits, diagonal, strict=True) if not harmless}
