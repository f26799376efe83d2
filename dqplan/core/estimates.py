"""Estimates: what a circuit that was cut would give, from the results of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dqplan.core.circuit import Register, bit_names
from dqplan.core.errors import UsageError


@dataclass(frozen=True)
class Estimate:
    """One number.

    Attributes:
        name: bits, such as `c[0] c[1]`; or an outcome, as Qiskit names it.
        value: the expectation of the product of Z of the bits, +1 for 0 and -1 for 1; or a quasi-probability, which may
            be below 0 or above 1 by what the samples leave open.
        error: its standard error, to first order; None if results are exact, or of a single shot.
    """

    name: str
    value: float
    error: float | None


@dataclass(frozen=True)
class Estimates:
    """All numbers that were asked for.

    Attributes:
        registers: of the circuit, as they were declared.
        parities: expectations, in the order in which they were asked for.
        outcomes: quasi-probabilities, the largest first; empty if they were not asked for, or if there are too many,
            which `note` then tells.
        shots: of all subexperiments together; None if results are exact.
        overhead: of the cuts.
        note: what is left out, and why.
    """

    registers: tuple[Register, ...]
    parities: tuple[Estimate, ...]
    outcomes: tuple[Estimate, ...]
    shots: int | None
    overhead: float
    note: str = ""


def bits_of_text(text: str, registers: Sequence[Register]) -> tuple[int, ...]:
    """The bits that a text names, such as `c[0] c[1]`, or `c` for a whole register; each once.

    Raises:
        UsageError: there is no bit or register of a name, or a bit is named twice.

    >>> bits_of_text("d c[1]", [Register("c", 0, 2), Register("d", 2, 1)])
    (2, 1)
    """
    known: dict[str, tuple[int, ...]] = {name: (number,) for number, name in enumerate(bit_names(registers))}
    known |= {r.name: tuple(range(r.start, r.start + r.size)) for r in registers}
    found: list[int] = []
    for word in text.replace(",", " ").split():
        if word not in known:
            have = ", ".join(f"{register.name}[{register.size}]" for register in registers)
            raise UsageError(
                f"there is no classical bit {word!r}; there are {have}", hint='such as --parity "c[0] c[1]"'
            )
        found += known[word]
    if not found or len(set(found)) < len(found):
        what = "a bit stands there twice" if found else "no bit is named"
        raise UsageError(f"{text!r}: {what}", hint='name each bit once: --parity "c[0] c[1]"')
    return tuple(found)
