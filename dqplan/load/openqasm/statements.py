"""Cutting OpenQASM text into statements, at the speed of compiled regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dqplan.core.errors import CircuitSyntaxError, Place

_COMMENT = r"""\"(?:[^"\n]*\")?|//[^\n]*|/\*(?:[\s\S]*?\*/)?"""
_BLANKED = re.compile(_COMMENT)
# Pragmas and annotations may be ignored by any reader. They are searched for only where they can be, because this
# pattern has no fixed first characters to skip to.
_BLANKED_WITH_NOTES = re.compile(rf"^[ \t]*(?:\#?pragma\b|@[^\W\d])[^\n]*|{_COMMENT}", re.MULTILINE)
_PIECE = re.compile(
    r"""\s*+(?:
        (\w++ (?:\s*\([^;{}"]*\))?+) \s*+ ([^;{}"()]*+) ;                # head and tail of a flat statement
      | [^;{}"]*+ (?:"[^"]*"[^;{}"]*+)*+ (?:[;{}]|\Z)                    # anything else up to a delimiter
    )""",
    re.VERBOSE,
)
_ELSE = re.compile(r"\s*else\b")
_VISIBLE = re.compile(r"\S")
_SET_BEFORE = re.compile(r"(?:[\[=,({]|\bin)\s*\Z")


Statement = tuple[int, int, int, str, str]
"""One top-level statement, text[start:end] of the program: (start, end, line, head, tail).

`line` counts from 1. If it has the form `name(…) tail;` without other braces or parentheses, `head` is `name(…)` and
`tail` is the text up to the semicolon; otherwise both are "". (A plain tuple: a named one takes 0.3 s more for 10^6.)
"""


def blank_comments(text: str, source: str) -> str:
    """The text with comments, pragmas and annotations replaced so that every line and column stays in place.

    Raises:
        CircuitSyntaxError: a block comment or a string does not end.
    """

    def blank(match: re.Match[str]) -> str:
        found = match[0]
        if found in ("/*", '"'):
            what, closer = ("comment", "*/") if found == "/*" else ("string", '"')
            raise CircuitSyntaxError(
                f"the {what} that begins here does not end",
                place=Place(source, text.count("\n", 0, match.start()) + 1, column_of(text, match.start())),
                hint=f"close it with {closer}",
            )
        if found[0] == '"':
            return found
        return re.sub(r"[^\n]", " ", found) if "\n" in found else " " * len(found)

    pattern = _BLANKED_WITH_NOTES if "@" in text or "pragma" in text else _BLANKED
    return pattern.sub(blank, text)


def column_of(text: str, offset: int) -> int:
    """The column, from 1, of an offset into the text."""
    return offset - text.rfind("\n", 0, offset)


def split_statements(text: str, source: str) -> Iterator[Statement]:
    """Cut text without comments into its top-level statements.

    Raises:
        CircuitSyntaxError: a brace without its partner, or a last statement without its semicolon.
    """
    pieces = _PIECE.finditer(text)
    line, cursor = 1, 0
    for piece in pieces:
        head, tail = piece.groups()
        start = piece.start(1) if head else _first_visible(text, piece.start())
        line += text.count("\n", cursor, start)
        cursor = start
        if head and not (head.startswith("if") and _ELSE.match(text, piece.end())):
            yield start, piece.end(), line, head, tail
        elif start < len(text):
            place = Place(source, line, column_of(text, start))
            yield start, _statement_end(text, piece, pieces, place), line, "", ""


def _statement_end(text: str, piece: re.Match[str], pieces: Iterator[re.Match[str]], place: Place) -> int:
    """Consume pieces up to the end of the statement that begins with `piece`, `else` branches included."""
    depth = 0
    set_depth = 0  # at which a set literal {…} was opened; 0 outside
    while True:
        closes_set = False
        match text[piece.end() - 1 : piece.end()]:
            case "{":
                depth += 1
                if not set_depth and _SET_BEFORE.search(text[piece.start() : piece.end() - 1]):
                    set_depth = depth
            case "}":
                depth -= 1
                closes_set = depth == set_depth - 1
                set_depth = 0 if closes_set else set_depth
            case last if last != ";":
                raise _unfinished(place, "; or }" if depth else ";")
        if depth < 0:
            raise CircuitSyntaxError("a closing brace without an opening one", place=place, hint="remove the }")
        if depth == 0 and not closes_set and not _ELSE.match(text, piece.end()):
            return piece.end()
        following = next(pieces, None)
        if following is None:
            raise _unfinished(place, "}")
        piece = following


def _unfinished(place: Place, closer: str) -> CircuitSyntaxError:
    return CircuitSyntaxError(
        "the statement that begins here does not end", place=place, hint=f"close it with {closer}"
    )


def _first_visible(text: str, start: int) -> int:
    match = _VISIBLE.search(text, start)
    return match.start() if match else len(text)
