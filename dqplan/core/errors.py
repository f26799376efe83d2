"""Every error that dqplan raises on purpose, each with a code, an exit status and a hint; and the codes of warnings.

`dqplan explain CODE` prints what is to be said about each: dqplan/manual/codes holds a page for every code.

DqplanError
├── InputError                     exit 2   the user's input cannot be used
│   ├── SourceError       DQ101             a file or stream cannot be read
│   ├── CircuitSyntaxError DQ102            the circuit's text breaks its language's grammar
│   ├── UnsupportedError  DQ103             valid text, but outside what dqplan reads
│   ├── SemanticError     DQ104             grammatical, but meaningless (unknown gate, index out of range, …)
│   ├── HardwareError     DQ201             a hardware file, preset name or shorthand is wrong
│   ├── SpecError         DQ202             the specification of a sweep is wrong
│   ├── ConfigError       DQ203             dqplan.toml, or [tool.dqplan] in pyproject.toml, is wrong
│   ├── PlanError         DQ301             a directory written by `split` is incomplete or was altered
│   ├── ResultsError      DQ311             measurement results are damaged, or do not fit the program or each other
│   ├── SweepError        DQ321             results of a sweep are damaged, foreign or in use
│   ├── UsageError        DQ401             options that contradict each other
│   └── OutputError       DQ402             the answer cannot be written where it was asked for
├── InfeasibleError       DQ501    exit 3   the circuit cannot run on this hardware
├── StoppedError          DQ601    exit 130 the search was interrupted before it had a plan
├── EngineError           DQ602    exit 1   a scheduler or its workers went away
├── LateError             DQ603    exit 1   a row of a sweep took longer than it may
└── InternalError         DQ901    exit 70  a bug of ours

Caution                            exit 0   what the user should know before trusting an answer
├── NOT_STORED            DQW201            e-bits cannot be stored at an end of a link
├── LIFETIME_UNKNOWN      DQW202            how long e-bits can be stored is unknown
├── SHORT_LIVED           DQW203            most e-bits of a link are forgotten before they are used
└── NO_MEMORY             DQW204            a link was shown without memories
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


@dataclass(frozen=True)
class Place:
    """Where in the input a fault was found. `line` and `column` count from 1; 0 means unknown."""

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.source]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


class DqplanError(Exception):
    """Base of the tree: one clear message, where it was found, and what to do next.

    Args:
        message: what was found and what is allowed, one sentence.
        hint: what to type or change next; empty if there is nothing useful to say.
        place: file, line and column, if the fault lies in a file.

    Attributes:
        quote: the line of text that `place` names, without its end, if it is known; see `quoting`.
    """

    code: ClassVar[str] = "DQ000"
    exit_status: ClassVar[int] = 70

    def __init__(self, message: str, *, hint: str = "", place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.place = place
        self.quote: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class InputError(DqplanError):
    """The user's input cannot be used."""

    code = "DQ100"
    exit_status = 2


class SourceError(InputError):
    """A file or stream cannot be read: missing, a directory, no permission, empty, not text."""

    code = "DQ101"


class CircuitSyntaxError(InputError):
    """The circuit's text breaks the grammar of its language."""

    code = "DQ102"


class UnsupportedError(InputError):
    """Valid text that lies outside the part of the language that dqplan reads."""

    code = "DQ103"


class SemanticError(InputError):
    """Grammatical text without a meaning: unknown gate, index out of range, operand used twice."""

    code = "DQ104"


class HardwareError(InputError):
    """A hardware file, a preset's name or a shorthand is wrong."""

    code = "DQ201"


class SpecError(InputError):
    """The specification of a sweep is wrong."""

    code = "DQ202"


class ConfigError(InputError):
    """What `dqplan check` is to hold circuits against is missing or wrong."""

    code = "DQ203"


class PlanError(InputError):
    """A directory written by `dqplan split` is incomplete, altered or of another version."""

    code = "DQ301"


class ResultsError(InputError):
    """Measurement results are damaged, or do not fit the program or each other."""

    code = "DQ311"


class SweepError(InputError):
    """Results of a sweep are damaged, of another version or program, or in use by another sweep."""

    code = "DQ321"


class UsageError(InputError):
    """Options that contradict each other, or an argument out of its range."""

    code = "DQ401"


class OutputError(InputError):
    """The answer cannot be written where it was asked for."""

    code = "DQ402"


class InfeasibleError(DqplanError):
    """The circuit cannot run on this hardware; the message names the module or link that is short.

    `proved` is False where the search merely found no way; more effort, or another seed, might.
    """

    code = "DQ501"
    exit_status = 3

    def __init__(self, message: str, *, hint: str = "", place: Place | None = None, proved: bool = True) -> None:
        super().__init__(message, hint=hint, place=place)
        self.proved = proved


class StoppedError(DqplanError):
    """The search was asked to end before it had a plan; later, it returns the best one that it has."""

    code = "DQ601"
    exit_status = 130


class EngineError(DqplanError):
    """The scheduler or the workers of a sweep went away; the rows that are finished are stored."""

    code = "DQ602"
    exit_status = 1


class LateError(DqplanError):
    """A row of a sweep took longer than it may; the other rows go on."""

    code = "DQ603"
    exit_status = 1


class InternalError(DqplanError):
    """A bug of ours: a state that the code promises never to reach."""

    code = "DQ901"
    exit_status = 70


def error_classes() -> list[type[DqplanError]]:
    """Every class of error that is raised, by code; those that only hold others together are left out."""
    found: list[type[DqplanError]] = []
    waiting: list[type[DqplanError]] = [DqplanError]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += [error for error in below if not error.__subclasses__()]
        waiting += below
    return sorted(found, key=lambda error: error.code)


class Caution(StrEnum):
    """The codes of warnings."""

    NOT_STORED = "DQW201"
    LIFETIME_UNKNOWN = "DQW202"
    SHORT_LIVED = "DQW203"
    NO_MEMORY = "DQW204"


@contextmanager
def quoting(text: str, source: str) -> Iterator[None]:
    """Errors that leave the block with a line of `source` in their place quote that line of its text."""
    try:
        yield
    except DqplanError as error:
        if error.place and error.place.line and error.place.source == source:
            error.quote = line_of(text, error.place.line)
        raise


def line_of(text: str, number: int) -> str | None:
    """A line of a text, counted from 1, without its end; None if there are fewer. Lines end with LF or CR LF."""
    start = 0
    for _ in range(number - 1):
        start = text.find("\n", start) + 1
        if not start:
            return None
    end = text.find("\n", start)
    return text[start : end if end >= 0 else None].removesuffix("\r")
