"""A module's program: plain OpenQASM 3, one statement per line, and comments that tell what crosses its border.

    program   := "// dqplan: module" NAME "of" CIRCUIT "on" HARDWARE  prelude  item*
    prelude   := the version, the library, gate definitions and registers, one per line
    item      := (remark | receive)*  (ebit | STATEMENT send*)
    remark    := "// " TEXT, for the reader
    receive   := "// dqplan: receive" BIT "from" MODULE
    send      := "// dqplan: send" BIT "to" MODULE
    ebit      := "// dqplan: ebit" NUMBER QUBIT "--" QUBIT

- **ebit**: here e-bit NUMBER of the joint program is made between two comm qubits, one of which is the module's. The
  same line stands in the other module's program. In the joint program it is `epr QUBIT, QUBIT;`.
- **send**: the outcome that the statement before measured into BIT goes to MODULE.
- **receive**: before the next statement, the module waits for the value of BIT that MODULE sent last.

A statement's condition may read bits of other modules; it reads what was received last. Bits that nobody has measured
are 0.

The **manifest** in plan.json says how the programs interleave: entry `[m, n]` stands for the next n statements of its
m-th module, entry `[a, b, k]` for the next e-bit of both, which is number k. Prelude, remarks and statements in that
order, with e-bits as `epr`, are joint.qasm, byte for byte; `load.joint_program` puts them together.
"""

from __future__ import annotations

import re
from io import StringIO
from typing import NamedTuple

from dqplan.core.errors import Place, PlanError

EBIT_DEFINITION = "gate epr a, b { h a; cx a, b; }\n"
"""What makes an e-bit, in the joint program."""
VERSION_AND_LIBRARY = ("OPENQASM 3.0;\n", 'include "stdgates.inc";\n')
MARK = "// dqplan: "

_TITLE = re.compile(r"// dqplan: module (\w+) of (.+)\n")
_RECEIVE = re.compile(r"// dqplan: receive (\w+\[\d+\]) from (\w+)\n")
_SEND = re.compile(r"// dqplan: send (\w+\[\d+\]) to (\w+)\n")
_EBIT = re.compile(r"// dqplan: ebit (\d{1,18}) (\w+\[\d+\]) -- (\w+\[\d+\])\n")


class Exchange(NamedTuple):
    """A bit that is received from a module or sent to it, and the line that says so."""

    bit: str
    module: str
    line: int


class Item(NamedTuple):
    """One statement or e-bit.

    Attributes:
        line: of the statement or e-bit in the module's program.
        text: as it stands in the joint program.
        ebit: number of the e-bit, 0 for a statement.
        remarks: lines before it that the joint program has, too.
        received, sent: what is received before it, and sent behind it.
    """

    line: int
    text: str
    ebit: int = 0
    remarks: tuple[str, ...] = ()
    received: tuple[Exchange, ...] = ()
    sent: tuple[Exchange, ...] = ()


class ModuleProgram(NamedTuple):
    """A module's program.

    Attributes:
        file: where it was read.
        module: whose program it says that it is.
        title: of which circuit on which hardware.
        definitions, qregs, cregs: lines of the prelude; the registers, by line number.
        items: in order.
    """

    file: str
    module: str
    title: str
    definitions: tuple[str, ...]
    qregs: dict[int, str]
    cregs: dict[int, str]
    items: tuple[Item, ...]


def module_program_of_text(text: str, file: str) -> ModuleProgram:
    """Read a module's program.

    Args:
        text: the file's content.
        file: its name, for errors.

    Raises:
        PlanError: a line that is not of the grammar, with its number. Whether statements are OpenQASM is not checked.
    """
    lines = text_lines(text)
    title = _TITLE.fullmatch(lines[0]) if lines else None
    if title is None:
        raise _unexpected(file, 1, lines[0] if lines else "", "// dqplan: module NAME of CIRCUIT on HARDWARE")
    if tuple(lines[1:3]) != VERSION_AND_LIBRARY:
        raise _unexpected(file, 2, lines[1] if len(lines) > 1 else "", "OPENQASM 3.0; and the library stdgates.inc")
    reader = _Reader(file)
    for line, content in enumerate(lines[3:], start=4):
        reader.add(line, content)
    reader.finish()
    return ModuleProgram(
        file, title[1], title[2], tuple(reader.definitions), reader.qregs, reader.cregs, tuple(reader.items)
    )


class _Reader:
    """Collects the lines behind the library."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.definitions: list[str] = []
        self.qregs: dict[int, str] = {}
        self.cregs: dict[int, str] = {}
        self.items: list[Item] = []
        self._remarks: tuple[str, ...] = ()
        self._received: tuple[Exchange, ...] = ()

    def add(self, line: int, content: str) -> None:
        """Understand one line."""
        if not content.endswith("\n"):
            raise _unexpected(self.file, line, content, "a line that ends")
        if content.startswith(MARK):
            self._add_marked(line, content)
        elif content.startswith("//"):
            self._remarks += (content,)
        elif self.items or not self._add_prelude(line, content):
            self._add_item(line, content)

    def finish(self) -> None:
        """Behind the last line."""
        if self._received:
            place = Place(self.file, self._received[0].line)
            raise PlanError("no statement follows to read what is received", place=place)

    def _add_prelude(self, line: int, content: str) -> bool:
        if content.startswith("gate "):
            self.definitions.append(content)
        elif content.startswith("qubit["):
            self.qregs[line] = content
        elif content.startswith("bit["):
            self.cregs[line] = content
        else:
            return False
        return True

    def _add_item(self, line: int, text: str, ebit: int = 0) -> None:
        self.items.append(Item(line, text, ebit, self._remarks, self._received))
        self._remarks, self._received = (), ()

    def _add_marked(self, line: int, content: str) -> None:
        if match := _EBIT.fullmatch(content):
            self._add_item(line, f"epr {match[2]}, {match[3]};\n", int(match[1]))
        elif match := _RECEIVE.fullmatch(content):
            self._received += (Exchange(match[1], match[2], line),)
        elif (match := _SEND.fullmatch(content)) and self.items and not self._remarks + self._received:
            last = self.items[-1]
            self.items[-1] = last._replace(sent=(*last.sent, Exchange(match[1], match[2], line)))
        else:
            raise _unexpected(self.file, line, content, "an ebit, a receive, or a send right behind a measurement")


def text_lines(text: str) -> list[str]:
    """Lines with their ends; nothing but a line feed ends one."""
    return list(StringIO(text, newline="\n"))


def _unexpected(file: str, line: int, found: str, allowed: str) -> PlanError:
    return PlanError(f"found {found.strip()[:60]!a}, expected {allowed}", place=Place(file, line))
