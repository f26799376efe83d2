"""The reference parser of OpenQASM, called on one statement at a time, with its failures made readable.

It is correct for the whole language but takes about half a millisecond per statement, and 0.2 s to import; plain gate
calls therefore do not come here (see `qasm.py`).
"""

from __future__ import annotations

import contextlib
import io
import re
from typing import Any

from dqplan.core.errors import CircuitSyntaxError, Place

Node = Any
"""A node of openqasm3.ast; that package has no useful static types for our dispatch by class name."""

_SUFFIX = "ˍ"
_NEW_WORDS = (
    "output input const let in for while end box bit bool int uint float angle complex array ctrl negctrl inv pow"
    " gphase return duration stretch delay extern cal defcal def true false im qubit break continue switch case default"
    " durationof sizeof readonly mutable void else"
)
_FOREIGN_IN_QASM2 = re.compile(rf"\^|\b(?:{'|'.join(_NEW_WORDS.split())})\b")
RESERVED = frozenset(
    (_NEW_WORDS + " OPENQASM include gate opaque measure barrier reset if qubit qreg creg pragma").split()
)
"""Words that cannot be names in OpenQASM 3; most of them can in OpenQASM 2."""
MAX_OPERATORS = 500
"""Operators in one expression: the parser takes time that grows with their square, and nests by each of them."""
_LONG = re.compile(rf"[^;{{}},]{{{2 * MAX_OPERATORS},}}+")
_OPERATOR = re.compile(r"[-+*/%^&|<>=!~]+")
_MESSAGE = re.compile(r"L(\d+):C(\d+): (.*)", re.DOTALL)


def parse_statement(text: str, place: Place, version: int) -> Node:
    """The abstract syntax tree of a single statement.

    Args:
        text: one statement, without comments.
        place: where it begins, for errors.
        version: in OpenQASM 2 `^` is a power, and words that only OpenQASM 3 reserves are ordinary names.

    Raises:
        CircuitSyntaxError: with the line and, if known, the token at which the grammar breaks.
    """
    if any(len(_OPERATOR.findall(part)) > MAX_OPERATORS for part in _LONG.findall(text)):
        raise CircuitSyntaxError(f"an expression of more than {MAX_OPERATORS} operators", place=place)
    from openqasm3 import parse
    from openqasm3.parser import QASM3ParsingError

    if version == 2:
        text = _FOREIGN_IN_QASM2.sub(_in_qasm3, text)
    try:
        with contextlib.redirect_stderr(io.StringIO()):  # the generated lexer also prints what it raises
            program = parse(text)
    except QASM3ParsingError as error:
        raise _readable(error, text, place) from error
    except ValueError as error:  # Python refuses integers of more than 4300 digits
        raise CircuitSyntaxError("a number has too many digits", place=place) from error
    if len(program.statements) != 1:
        raise CircuitSyntaxError("not a statement", place=place, hint="remove it")
    return program.statements[0]


def _in_qasm3(found: re.Match[str]) -> str:
    """How OpenQASM 3 spells the power sign or the name."""
    return "**" if found[0] == "^" else found[0] + _SUFFIX


def column_in_qasm2(line: str, column: int) -> int:
    """The column, from 1, in a line of OpenQASM 2, of what `parse_statement` has found at `column`."""
    for found in _FOREIGN_IN_QASM2.finditer(line):
        if found.end() >= column:
            break
        column -= 1  # both spellings are longer by one character
    return column


def plain_name(name: str) -> str:
    """The name as the user wrote it."""
    return name.removesuffix(_SUFFIX)


def moved(place: Place, line: int, column: int) -> Place:
    """A position inside a statement (line from 1, column from 0) that begins at `place`, as a place in the file."""
    if line > 1:
        return Place(place.source, place.line + line - 1, column + 1)
    return Place(place.source, place.line, place.column + column if place.column else 0)


def _readable(error: Exception, text: str, place: Place) -> CircuitSyntaxError:
    located = _MESSAGE.fullmatch(str(error))
    if located:
        at = moved(place, int(located[1]), int(located[2]))
        message = re.sub(r"token recognition error at: (.*)", r"\1 is not a token of OpenQASM", located[3])
        return CircuitSyntaxError(plain_name(message.replace(_SUFFIX, "")), place=at)
    first = text.split("\n", 1)[0][:60].replace(_SUFFIX, "")
    token = _offending_token(error)
    if token is None:
        return CircuitSyntaxError(f"cannot be read as a statement: {first}", place=place)
    hint = "compare with the OpenQASM grammar"
    if _SUFFIX in text:
        hint = "words that OpenQASM 3 reserves are plain names in OpenQASM 2; if they are meant, write OPENQASM 3.0;"
    at = moved(place, token.line, token.column)
    found = "the end of the statement" if token.text == "<EOF>" else repr(token.text.replace(_SUFFIX, ""))
    return CircuitSyntaxError(f"unexpected {found} in: {first}", place=at, hint=hint)


def _offending_token(error: BaseException) -> Node:
    cause = error.__cause__
    while cause is not None:
        token = getattr(cause, "offendingToken", None)
        if token is not None:
            return token
        inner = cause.args[0] if cause.args and isinstance(cause.args[0], BaseException) else cause.__cause__
        cause = inner
    return None
