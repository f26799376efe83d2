"""Tables: the results of one module, or of all together, as values of the joint program's classical bits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from dqplan.core.circuit import Register
from dqplan.core.errors import Place, ResultsError
from dqplan.load.results import Bits, Columns, Numbers, Words


@dataclass(frozen=True, eq=False)
class Table:
    """What was found.

    Attributes:
        source: the file's name.
        clbits: the bits of the joint program that are known, by number.
        bits: uint8 (rows, clbits).
        counts: how often each row was found; None: these are shots, in order.
    """

    source: str
    clbits: tuple[int, ...]
    bits: Bits
    counts: Numbers | None

    @property
    def shots(self) -> int:
        """How many shots there were."""
        return len(self.bits) if self.counts is None else int(self.counts.sum())

    def part(self, clbits: Collection[int]) -> Table:
        """The columns of some bits, as far as they are there."""
        kept = [place for place, clbit in enumerate(self.clbits) if clbit in clbits]
        return Table(self.source, tuple(self.clbits[place] for place in kept), self.bits[:, kept], self.counts)

    def counted(self) -> Table:
        """Distinct rows with their counts."""
        counts = np.ones(len(self.bits), dtype=np.int64) if self.counts is None else self.counts
        found = counts > 0
        rows, place = np.unique(self.bits[found], axis=0, return_inverse=True)
        totals = np.zeros(len(rows), dtype=np.int64)
        np.add.at(totals, place.ravel(), counts[found])
        return Table(self.source, self.clbits, rows, totals)


def table_of(results: Words | Columns, choices: Sequence[Sequence[Register]]) -> Table:
    """Find out which bits results are about.

    Args:
        results: as they were read.
        choices: the registers that they may cover, with the numbers of the joint program's bits; first the most.

    Raises:
        ResultsError: the number of bits fits none of the choices, or a register is unknown or of another size.
    """
    return _named(results, choices[0]) if isinstance(results, Columns) else _spelled(results, choices)


def _spelled(results: Words, choices: Sequence[Sequence[Register]]) -> Table:
    widths = [sum(register.size for register in registers) for registers in choices]
    longest = max(len(word.replace(" ", "")) for word in results.words)
    hexadecimal = any(word.startswith("0x") for word in results.words)
    place = 0 if hexadecimal else next((i for i, width in enumerate(widths) if width == longest), -1)
    if place < 0:
        allowed = " or ".join(str(width) for width in dict.fromkeys(widths))
        _refuse(f"{results.words[0]!r} has {longest} bits; expected are {allowed}: {_told(choices[0])}", results.source)
    registers = choices[place]
    rows = [_bits_of(word, registers, widths[place], results.source) for word in results.words]
    clbits = tuple(register.start + k for register in registers for k in range(register.size))
    return Table(results.source, clbits, np.array(rows, dtype=np.uint8).reshape(len(rows), -1), results.counts)


def _bits_of(word: str, registers: Sequence[Register], width: int, source: str) -> list[int]:
    """The bits of an outcome, bit 0 of the first register first."""
    if word.startswith("0x"):
        number = int(word, 16)
        if number >> width:
            _refuse(f"{word} has more than {width} bits: {_told(registers)}", source)
        return [number >> place & 1 for place in range(width)]
    parts = word.split(" ")
    sizes = [register.size for register in reversed(registers)]
    if len(word) - len(parts) + 1 != width or (len(parts) > 1 and [len(part) for part in parts] != sizes):
        _refuse(f"{word!r} does not fit the registers: {_told(registers)}", source)
    return [int(bit) for bit in reversed(word) if bit != " "]


def _named(results: Columns, registers: Sequence[Register]) -> Table:
    known = _known_names(registers)
    clbits: list[int] = []
    for name, bits in results.bits.items():
        if name not in known:
            _refuse(f"{name!r} is no register or bit; there are {_told(registers)}", results.source)
        if len(known[name]) != bits.shape[1]:
            _refuse(f"{name!r} has {bits.shape[1]} bits, in the program {len(known[name])}", results.source)
        clbits += known[name]
    if len(set(clbits)) < len(clbits):
        _refuse("a bit stands there twice, by itself and in its register", results.source)
    return Table(results.source, tuple(clbits), np.concatenate(list(results.bits.values()), axis=1), results.counts)


def _known_names(registers: Sequence[Register]) -> Mapping[str, list[int]]:
    """Bits as `c[0]`, and as `c_0`, which is how Cirq calls them when it has read OpenQASM; and whole registers."""
    names: dict[str, list[int]] = {}
    for form in ("{}_{}", "{}[{}]"):
        for register in registers:
            names |= {form.format(register.name, k): [register.start + k] for k in range(register.size)}
    return names | {r.name: list(range(r.start, r.start + r.size)) for r in registers}


def _told(registers: Sequence[Register]) -> str:
    return ", ".join(f"{register.name}[{register.size}]" for register in registers) or "no bits at all"


def _refuse(message: str, source: str) -> NoReturn:
    raise ResultsError(message, place=Place(source))
