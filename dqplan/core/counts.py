"""Counts: how often each value of a circuit's classical bits was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Register


@dataclass(frozen=True, eq=False)
class Counts:
    """Outcomes by falling count, then by name.

    Attributes:
        registers: of the circuit, as they were declared.
        outcomes: how often each was found. Names are Qiskit's: registers apart by a space, the one declared last
            first; in a register the bit with the highest index first.
    """

    registers: tuple[Register, ...]
    outcomes: Mapping[str, int]

    @cached_property
    def total(self) -> int:
        """How many outcomes there were."""
        return sum(self.outcomes.values())


N = TypeVar("N", np.int64, np.float64)


def counts_of(registers: Sequence[Register], bits: NDArray[np.uint8], number: NDArray[np.int64]) -> Counts:
    """Add up outcomes.

    Args:
        registers: they cover all bits.
        bits: shape (rows, bits), in the order of the registers.
        number: shape (rows,), how often each row was found.
    """
    totals = totals_of(registers, bits, number)
    ranked = sorted(totals.items(), key=lambda outcome: (-outcome[1], outcome[0]))
    return Counts(tuple(registers), {name: int(total) for name, total in ranked})


def totals_of(registers: Sequence[Register], bits: NDArray[np.uint8], number: NDArray[N]) -> dict[str, N]:
    """Sums of `number`, a count or a probability for each row, by the name of the outcome."""
    distinct, place = np.unique(bits, axis=0, return_inverse=True)
    totals = np.zeros(len(distinct), dtype=number.dtype)
    np.add.at(totals, place.ravel(), number)
    return {outcome_name(registers, row): total for row, total in zip(distinct, totals, strict=True)}


def outcome_name(registers: Sequence[Register], bits: Sequence[int] | NDArray[np.uint8]) -> str:
    """The name of an outcome, as Qiskit writes it.

    >>> outcome_name([Register("c", 0, 2), Register("d", 2, 1)], [0, 1, 1])
    '1 10'
    """
    parts = (bits[register.start : register.start + register.size] for register in registers)
    return " ".join(["".join(str(int(bit)) for bit in part[::-1]) for part in parts][::-1])
