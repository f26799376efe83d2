"""Instructions: a program as lists of numbers, which a kernel reads step by step (`simulate.cudaq_kernel`).

Every gate becomes U, CX, CP or SWAP, up to a global phase. A condition is read bit by bit before its operation, and
taken back behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dqplan.core.circuit import Circuit, Condition, Operation, Term
from dqplan.core.gates import NUM_QUBITS, Matrix2, Op, one_qubit_matrix
from dqplan.core.one_qubit import euler_angles
from dqplan.core.recipes import Exchange, Local, recipe_of

U, CP, CX, SWAP, MEASURE, RESET, READ, EQUAL, DIFFERS, ALWAYS = range(10)
"""What a step does: a gate, with its angles; the measurement of a slot into a bit; a reset; whether a bit has a value;
whether those that were read must all have had it, or must not; the end of a condition."""

Angles = tuple[float, float, float]
Step = tuple[int, int, int, Angles]
"""What it does, with which slot or bit, with which other or which value, and by which angles."""
_NONE: Angles = (0.0, 0.0, 0.0)
_H: Angles = euler_angles(one_qubit_matrix(Op.H))[:3]


class Instructions:
    """Steps that grow with each operation; qubits are slots (`simulate.slots`)."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def __len__(self) -> int:
        return len(self.steps)

    def columns(self) -> tuple[list[int], list[int], list[int], list[float]]:
        """Kinds, first and second operands by step, and three angles for each step."""
        kind, first, second, angles = (list(column) for column in zip(*self.steps, strict=True))
        return kind, first, second, [angle for each in angles for angle in each]

    def begin(self, slot: int) -> None:
        """A slot that may hold anything is given to a qubit in |0>."""
        self.steps.append((RESET, slot, 0, _NONE))

    def do(self, operation: Operation, slot: Mapping[int, int]) -> None:
        """An operation on qubits in these slots."""
        if operation.condition is not None:
            self._read(operation.condition)
        slots = [slot[qubit] for qubit in operation.qubits]
        if operation.op == Op.MEASURE:
            self.measure(slots[0], operation.clbit)
        elif operation.op == Op.RESET:
            self.begin(slots[0])
        else:
            self.steps += _gate(operation, slots)
        if operation.condition is not None:
            self.end()

    def undo(self, circuit: Circuit, slots: Sequence[int]) -> None:
        """The inverse of a circuit without measurements, so that all its bits are 0; its qubits are in `slots`."""
        zeros = [0] * circuit.num_clbits
        for operation in reversed(list(circuit)):
            if operation.condition is None or operation.condition.holds(zeros):
                gate = _gate(operation, [slots[qubit] for qubit in operation.qubits])
                self.steps += [_inverse(step) for step in reversed(gate)]

    def measure(self, slot: int, clbit: int) -> None:
        """Into a bit."""
        self.steps.append((MEASURE, slot, clbit, _NONE))

    def end(self) -> None:
        """What follows happens always. By itself, a step that does nothing."""
        self.steps.append((ALWAYS, 0, 0, _NONE))

    def _read(self, condition: Condition) -> None:
        for term in condition.terms:
            self.steps += [(READ, clbit, value, _NONE) for clbit, value in _values(term)]
            self.steps.append((EQUAL if term.equal else DIFFERS, 0, 0, _NONE))


def _values(term: Term) -> list[tuple[int, int]]:
    """What each bit must be; if the value is too large, one bit must be both 0 and 1."""
    values = [(clbit, term.value >> k & 1) for k, clbit in enumerate(term.clbits)]
    return [(term.clbits[0], 0), (term.clbits[0], 1)] if term.value >> len(values) else values


def _gate(operation: Operation, slots: Sequence[int]) -> list[Step]:
    op, params = operation.op, operation.params
    if op == Op.ID:
        return []
    if op == Op.CX:
        return [(CX, slots[0], slots[1], _NONE)]
    if op == Op.EPR:
        return [(U, slots[0], 0, _H), (CX, slots[0], slots[1], _NONE)]
    if NUM_QUBITS[op] == 1:
        return [_turn(one_qubit_matrix(op, params), slots[0])]
    steps: list[Step] = []
    for part in recipe_of(op, params):
        if isinstance(part, Local):
            steps.append(_turn(part.matrix, slots[part.i]))
        elif isinstance(part, Exchange):
            steps.append((SWAP, slots[part.i], slots[part.j], _NONE))
        else:
            steps.append((CP, slots[part.i], slots[part.j], (part.angle, 0.0, 0.0)))
    return steps


def _turn(matrix: Matrix2, slot: int) -> Step:
    return U, slot, 0, euler_angles(matrix)[:3]


def _inverse(step: Step) -> Step:
    kind, first, second, (theta, phi, lam) = step
    return kind, first, second, (-theta, -lam, -phi)
