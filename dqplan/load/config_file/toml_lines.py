"""TOML -> plain data in which every key knows its line.

The standard library reads the values but forgets where they stood. So a second pass over a text that is known to be
right looks for the keys alone; what it finds is used in messages only.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from dqplan.core.errors import ConfigError, Place
from dqplan.load.hardware_files.lines import MAX_DEPTH, Document, Path
from dqplan.load.source import Source

MAX_CHARACTERS = 1_000_000
MAX_DOTS = 1000
"""In one line: the standard library needs the square of a dotted key's length."""

_TOKEN = re.compile(
    r"""
    (?P<blank> [\ \t\r]+ | \#[^\n]* )
  | (?P<newline> \n )
  | (?P<text> \"{3} (?: \\. | [^\\] )*? \"{3,5}  |  '{3} .*? '{3,5}  |  " (?: \\. | [^"\\] )* "  |  '[^']*' )
  | (?P<sign> [\[\]{},=] )
  | (?P<word> [^\s"'\#\[\]{},=]+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(source: Source) -> Document:
    """Read TOML.

    Raises:
        ConfigError: the text is too long, too deep, or not TOML.
    """
    if len(source.text) > MAX_CHARACTERS:
        message = f"the file has {len(source.text)} characters; at most {MAX_CHARACTERS} are read"
        raise ConfigError(message, place=Place(source.name))
    for number, line in enumerate(source.text.splitlines(), start=1):
        if line.count(".") > MAX_DOTS:
            raise ConfigError(f"more than {MAX_DOTS} dots in one line", place=Place(source.name, number))
    try:
        content = tomllib.loads(source.text)
        return Document(source.name, content, _Keys(source.text).marks(), text=source.text)
    except RecursionError as error:
        raise ConfigError("not readable as TOML: nested too deep", place=Place(source.name)) from error
    except ValueError as error:
        raise _unreadable(source, str(error)) from error


def _unreadable(source: Source, message: str) -> ConfigError:
    found = _POSITION.search(message)
    last = source.text.rstrip("\n").count("\n") + 1
    place = (int(found[1] or last), int(found[2] or 0)) if found else (0, 0)
    problem = _POSITION.sub("", message)
    hint = 'texts stand in quotes, as in `hardware = "line:4x9+2"`' if "Invalid value" in problem else ""
    return ConfigError(f"not readable as TOML: {problem}", hint=hint, place=Place(source.name, *place))


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


class _Keys:
    """Finds the keys and list items of a text that is TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._tokens = [token for token in _tokens(text) if token.kind != "blank"]
        self._at = 0
        self._marks: dict[Path, tuple[int, int]] = {}
        self._last: dict[Path, int] = {}  # of each array of tables, the number of its present item

    def marks(self) -> dict[Path, tuple[int, int]]:
        """(line, column) of every key and list item down to MAX_DEPTH, counted from 1."""
        table: Path = ()
        while self._skip_newlines():
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._marks

    def _header(self) -> Path:
        """`[a.b]` or `[[a.b]]`: the table that now begins."""
        start = self._take().start
        array = self._peek() == "["
        if array:
            self._take()
        *outer, name = self._key("]")
        path = (*self._inside((), outer, start), name)
        self._take()
        if not array:
            return self._inside(path[:-1], [name], start)
        self._take()
        self._mark(path, start)
        self._last[path] = self._last.get(path, -1) + 1
        path = (*path, self._last[path])
        self._mark(path, start)
        return path

    def _inside(self, table: Path, names: list[str], start: int) -> Path:
        """The table that is meant by names inside another one; of an array of tables the present item."""
        for name in names:
            table = (*table, name)
            self._mark(table, start)
            if table in self._last:
                table = (*table, self._last[table])
        return table

    def _pair(self, table: Path) -> None:
        start = self._tokens[self._at].start
        names = self._key("=")
        self._take()
        self._value(self._inside(table, names, start))

    def _key(self, end: str) -> list[str]:
        """The names of a dotted key, which goes on until the sign `end`."""
        first = self._tokens[self._at]
        while self._peek() != end:
            last = self._take()
        here: object = tomllib.loads(f"{self._text[first.start : last.end]} = 0")
        names = []
        while isinstance(here, dict):
            ((name, here),) = here.items()
            names.append(name)
        return names

    def _value(self, path: Path) -> None:
        match self._peek():
            case "[":
                self._take()
                number = 0
                while self._skip_newlines() and self._peek() != "]":
                    self._mark((*path, number), self._tokens[self._at].start)
                    self._value((*path, number))
                    number += 1
                    self._skip_comma()
                self._take()
            case "{":
                self._take()
                while self._skip_newlines() and self._peek() != "}":
                    self._pair(path)
                    self._skip_comma()
                self._take()
            case _:
                while self._at < len(self._tokens) and self._tokens[self._at].kind in ("text", "word"):
                    self._take()

    def _skip_comma(self) -> None:
        if self._skip_newlines() and self._peek() == ",":
            self._take()

    def _skip_newlines(self) -> bool:
        """Go to the next token that is no end of a line; whether there is one."""
        while self._at < len(self._tokens) and self._tokens[self._at].kind == "newline":
            self._at += 1
        return self._at < len(self._tokens)

    def _peek(self) -> str:
        """The sign that comes next; empty if it is something else."""
        token = self._tokens[self._at]
        return token.text if token.kind == "sign" else ""

    def _take(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _mark(self, path: Path, offset: int) -> None:
        if len(path) > MAX_DEPTH:
            return
        line = bisect_right(self._starts, offset)
        self._marks.setdefault(path, (line, offset - self._starts[line - 1] + 1))


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        yield _Token(found.lastgroup or "", found[0], found.start(), found.end())
