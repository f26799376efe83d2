"""Slots: how few qubits a simulator needs if those that hold nothing have none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op


@dataclass(frozen=True)
class Slots:
    """Where qubits are.

    Attributes:
        count: how many there are.
        taken: by place in the order, the qubits that begin there, with their slots.
    """

    count: int
    taken: tuple[dict[int, int], ...]


def with_late_resets(circuit: Circuit, order: Sequence[int]) -> tuple[int, ...]:
    """The same order, but each reset waits until its qubit is needed, so that none holds a slot for nothing."""
    put_off: dict[int, int] = {}
    late: list[int] = []
    for row in order:
        qubits = [qubit for qubit in circuit.qubits[row].tolist() if qubit >= 0]
        late += [put_off.pop(qubit) for qubit in qubits if qubit in put_off]
        if circuit.op[row] == Op.RESET and circuit.condition[row] < 0:
            put_off[qubits[0]] = row
        else:
            late.append(row)
    return (*late, *put_off.values())


def slots_of(circuit: Circuit, order: Sequence[int], begun: Sequence[int], kept: Collection[int]) -> Slots:
    """Give every qubit a slot from its first operation to the last one before a reset, or before the end.

    Args:
        circuit: all its qubits are in |0> before.
        order: its rows in the order in which they happen.
        begun: qubits that hold something before; theirs are the first slots.
        kept: qubits that hold something that is needed in the end.
    """
    qubits = [[qubit for qubit in row if qubit >= 0] for row in circuit.qubits[list(order)].tolist()]
    ends = _ends(circuit, order, qubits, kept)
    place, free, count = {qubit: slot for slot, qubit in enumerate(begun)}, list[int](), len(begun)
    taken = []
    for row, operands in enumerate(qubits):
        new = [qubit for qubit in operands if qubit not in place]
        free += range(count, count := count + max(0, len(new) - len(free)))
        taken.append({qubit: free.pop() for qubit in new})
        place |= taken[-1]
        free += [place.pop(qubit) for qubit in ends[row]]
    return Slots(count, tuple(taken))


def _ends(
    circuit: Circuit, order: Sequence[int], qubits: Sequence[Sequence[int]], kept: Collection[int]
) -> list[list[int]]:
    """By place in the order, the qubits whose value nobody asks for afterwards."""
    unused = set(range(circuit.num_qubits)) - set(kept)
    ends: list[list[int]] = [[] for _ in order]
    for place in reversed(range(len(order))):
        ends[place] = [qubit for qubit in qubits[place] if qubit in unused]
        unused -= set(qubits[place])
        if circuit.op[order[place]] == Op.RESET and circuit.condition[order[place]] < 0:
            unused |= set(qubits[place])
    return ends
