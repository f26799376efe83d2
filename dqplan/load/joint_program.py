"""The modules' programs, interleaved by the manifest: joint.qasm again, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from dqplan.core.errors import Place, PlanError
from dqplan.load.module_program import EBIT_DEFINITION, VERSION_AND_LIBRARY, Item, ModuleProgram
from dqplan.load.plan_document import PLAN_FILE, ClbitsPart, ManifestPart


class Piece(NamedTuple):
    """A line of the joint program.

    Attributes:
        text: with its end.
        file, line: where it comes from; line 0 if it stands in none of the files.
        module: place in the manifest's modules of the one that does it, the first of two; -1 for the prelude.
        item: the statement or e-bit, if the line is one.
    """

    text: str
    file: str
    line: int
    module: int = -1
    item: Item | None = None


def joint_program(
    programs: Sequence[ModuleProgram], manifest: ManifestPart, clbits: Sequence[ClbitsPart]
) -> Iterator[Piece]:
    """Put the modules' programs together.

    Args:
        programs: one for each of the manifest's modules, in their order.
        manifest: how they interleave.
        clbits: the registers that stand for the circuit's bits; those of messages are found in the programs.

    Yields:
        The lines of joint.qasm, as far as programs and manifest fit together.

    Raises:
        PlanError: they do not: programs of different circuits, an e-bit that is not in both programs at this point, a
            program that is too short or too long.
    """
    yield from _prelude(programs, clbits, ebits=any(len(entry) > 2 for entry in manifest.order))
    readers = [_Reader(program) for program in programs]
    count = 0
    for number, entry in enumerate(manifest.order):
        if max(entry[:-1]) >= len(programs):
            raise _misfit(f"entry {number} names module {max(entry[:-1])} of {len(programs)}")
        if len(entry) == 2:
            for _ in range(entry[1]):
                item = readers[entry[0]].next(ebit=0)
                yield from _pieces(programs[entry[0]].file, entry[0], item)
            continue
        count += 1
        if entry[2] != count:
            raise _misfit(f"entry {number} makes e-bit {entry[2]}, where number {count} is next")
        yield from _ebit(readers[entry[0]], readers[entry[1]], entry)
    for reader in readers:
        reader.end()


def _prelude(programs: Sequence[ModuleProgram], clbits: Sequence[ClbitsPart], *, ebits: bool) -> Iterator[Piece]:
    first = programs[0]
    for program in programs:
        if program.title != first.title:
            found = f"is of {program.title}, but {first.file} of {first.title}"
            raise PlanError(found, place=Place(program.file, 1))
    yield Piece(f"// dqplan: joint program of {first.title}\n", first.file, 1)
    for number, line in enumerate(VERSION_AND_LIBRARY, start=2):
        yield Piece(line, first.file, number)
    definitions = {*chain.from_iterable(program.definitions for program in programs)}
    for line in sorted(definitions | {EBIT_DEFINITION} if ebits else definitions):
        yield Piece(line, "the definitions of the modules' programs", 0)
    for module, program in enumerate(programs):
        for number, line in program.qregs.items():
            yield Piece(line, program.file, number, module)
    known = [f"bit[{part.size}] {part.emitted};\n" for part in clbits]
    yield from (Piece(line, PLAN_FILE, 0) for line in known)
    places = {line: (program.file, number) for program in programs for number, line in program.cregs.items()}
    for line in sorted(places.keys() - set(known), key=_message_number):
        yield Piece(line, *places[line])


def _message_number(declaration: str) -> tuple[int, str]:
    name = declaration.rstrip(";\n")
    digits = name[len(name.rstrip("0123456789")) :]
    return int(digits or -1), declaration


class _Reader:
    """Takes the items of one program in turn."""

    def __init__(self, program: ModuleProgram) -> None:
        self.file = program.file
        self._items = iter(program.items)

    def next(self, *, ebit: int) -> Item:
        """The next statement, or the e-bit of this number."""
        item = next(self._items, None)
        wanted = f"e-bit {ebit}" if ebit else "a statement"
        if item is None:
            raise PlanError(f"{self.file} ends before {wanted} that the manifest asks for")
        if item.ebit != ebit:
            found = f"e-bit {item.ebit}" if item.ebit else f"`{item.text.strip()}`"
            raise PlanError(f"{found}, where the manifest has {wanted}", place=Place(self.file, item.line))
        return item

    def end(self) -> None:
        """Nothing may follow."""
        item = next(self._items, None)
        if item is not None:
            found = f"`{item.text.strip()}` is behind the manifest's last entry"
            raise PlanError(found, place=Place(self.file, item.line))


def _ebit(a: _Reader, b: _Reader, entry: Sequence[int]) -> Iterator[Piece]:
    here, there = a.next(ebit=entry[2]), b.next(ebit=entry[2])
    if (here.text, here.remarks) != (there.text, there.remarks):
        other = Place(a.file, here.line)
        found = f"e-bit {entry[2]} is `{there.text.strip()}`, but `{here.text.strip()}` in {other}"
        raise PlanError(found, place=Place(b.file, there.line))
    return _pieces(a.file, entry[0], here)


def _pieces(file: str, module: int, item: Item) -> Iterator[Piece]:
    for before, remark in zip(range(len(item.remarks), 0, -1), item.remarks, strict=True):
        yield Piece(remark, file, item.line - before, module)
    yield Piece(item.text, file, item.line, module, item)


def _misfit(found: str) -> PlanError:
    return PlanError(f"manifest: {found}", place=Place(PLAN_FILE))
