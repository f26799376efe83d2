"""Steps: the few kinds of operations on logical qubits that the structural proof speaks about."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from dqplan.core.circuit import Condition, Term
from dqplan.core.gates import Matrix2

Guard = Condition | None
"""What a step waits for, in the circuit's own classical bits; in plain form, so that equal meanings compare equal."""


class Do(Enum):
    """What a step does."""

    TURN = auto()
    """A one-qubit unitary."""
    PHASE = auto()
    """CP between two qubits, symmetric."""
    MEASURE = auto()
    RESET = auto()


class Step(NamedTuple):
    """One operation on logical qubits.

    Attributes:
        do: what it is.
        wires: one, or two for a PHASE.
        matrix: of a TURN.
        angle: of a PHASE, radians.
        clbit: that a MEASURE writes, a bit of the circuit; else -1.
        guard: its condition, or None.
        line: of the text that it comes from.
    """

    do: Do
    wires: tuple[int, ...]
    matrix: Matrix2 | None = None
    angle: float = 0.0
    clbit: int = -1
    guard: Guard = None
    line: int = 0

    @property
    def name(self) -> str:
        """The step in words, qubits by number."""
        wires = " and ".join(str(wire) for wire in self.wires)
        told = {
            Do.TURN: f"a one-qubit gate on qubit {wires}",
            Do.PHASE: f"cp({self.angle:.6g}) between qubits {wires}",
            Do.MEASURE: f"the measurement of qubit {wires}",
            Do.RESET: f"the reset of qubit {wires}",
        }[self.do]
        return told if self.guard is None else f"{told} under a condition"


def plain_guard(condition: Condition, bit: dict[int, int] | None = None) -> Condition:
    """A condition in plain form: bits renamed, comparisons of single bits turned positive, terms in order.

    Args:
        condition: any.
        bit: new numbers of its bits, if they have any.
    """
    terms = []
    for term in condition.terms:
        clbits = tuple(bit[clbit] for clbit in term.clbits) if bit else term.clbits
        if len(clbits) == 1 and not term.equal and term.value in (0, 1):
            terms.append(Term(clbits, 1 - term.value))
        else:
            terms.append(Term(clbits, term.value, term.equal))
    return Condition(tuple(sorted(set(terms), key=lambda term: (term.clbits, term.value, term.equal))))
