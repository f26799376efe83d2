"""YAML or JSON -> plain data in which every key knows its line.

YAML is read by its 1.2 core rules rather than PyYAML's 1.1: `1e-5` is a number, `no` is a word, `1:30` is not 90.
Anchors, aliases and tags are refused: a hardware file needs none, and they can blow a small file up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from dqplan.core.errors import HardwareError, InputError, Place
from dqplan.load.source import Source

if TYPE_CHECKING:
    from yaml.events import Event, MappingStartEvent, ScalarEvent, SequenceStartEvent

E = TypeVar("E", bound=InputError)
Path = tuple[str | int, ...]
"""Keys and list positions that lead to a value, such as ("modules", 0, "data")."""

MAX_CHARACTERS = 4_000_000
MAX_DEPTH = 32

_INTEGER = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SURROGATES = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
"""JSON writes a character beyond 16 bits as two escapes, which YAML readers refuse."""
_WORDS: dict[str, bool | float | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_WORDS |= {".nan": float("nan"), ".inf": float("inf"), "-.inf": float("-inf")}


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong in a hardware file: where, at which key (`modules.0.data`), what, and what to write.

    `code` is that of the error, or of the warning if it is only doubtful.
    """

    place: Place
    key: str
    message: str
    hint: str = ""
    code: str = HardwareError.code

    def __str__(self) -> str:
        where = f"{self.place}: {self.key}" if self.key else str(self.place)
        return f"{where}: {self.message}" + (f" ({self.hint})" if self.hint else "")

    def error_of(self, kind: type[E], total: int = 1) -> E:
        """The mistake in a file of another kind as an error; `total` tells how many there are."""
        message = f"{self.key}: {self.message}" if self.key else self.message
        more = f"{total} mistakes in all" if total > 1 else ""
        return kind(message, hint="; ".join(filter(None, (self.hint, more))), place=self.place)

    def error(self, total: int = 1) -> HardwareError:
        """The mistake in a hardware file as an error; `total` tells how many there are."""
        message = f"{self.key}: {self.message}" if self.key else self.message
        file = "-" if self.place.source == "<stdin>" else self.place.source
        more = f"`dqplan hardware check {file}` lists all {total} mistakes" if total > 1 and self.place.line else ""
        return HardwareError(message, hint="; ".join(filter(None, (self.hint, more))), place=self.place)


@dataclass(frozen=True)
class Document:
    """A file's content as dicts, lists and scalars, with (line, column) of every key and list item, counted from 1.

    `text` is that of a file of budgets, for quotations;
    `written` says whether it was read from a file that a user wrote, which may name other files beside it.
    """

    source: str
    content: object
    marks: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    duplicates: tuple[Path, ...] = ()
    text: str = field(default="", repr=False)
    written: bool = False

    def nearest(self, path: Path) -> Path:
        """The longest beginning of the path that stands in the file."""
        while path and path not in self.marks:
            path = path[:-1]
        return path

    def mistake(self, path: Path, message: str, hint: str = "", code: str = HardwareError.code) -> Mistake:
        """A mistake at the path, or at the nearest place above it that stands in the file."""
        place = Place(self.source, *self.marks.get(self.nearest(path), ()))
        return Mistake(place, ".".join(map(str, path)), message, hint, code)


def read_document(source: Source) -> Document:
    """Read YAML or JSON.

    Raises:
        HardwareError: the text is empty, too long, too deep, not YAML, or uses anchors, aliases, tags or several
            documents.
    """
    import yaml

    if len(source.text) > MAX_CHARACTERS:
        raise HardwareError(
            f"the file has {len(source.text)} characters; at most {MAX_CHARACTERS} are read", place=Place(source.name)
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = _SURROGATES.sub(_joined, source.text) if source.text.lstrip().startswith("{") else source.text
    reader = _Reader(source.name, yaml.parse(text, Loader=loader))
    try:
        return reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(source.name, str(error.problem or error.context), mark) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise _unreadable(source.name, str(error).splitlines()[0], None) from error


class _Reader:
    """Builds the tree from PyYAML's events, which carry marks and cannot blow up."""

    def __init__(self, source: str, events: Iterator[Event]) -> None:
        self.source = source
        self.events = events
        self.marks: dict[Path, tuple[int, int]] = {}
        self.duplicates: list[Path] = []

    def document(self) -> Document:
        from yaml.events import DocumentStartEvent, StreamEndEvent

        next(self.events)  # the stream starts
        if not isinstance(next(self.events), DocumentStartEvent):
            raise HardwareError("the file is empty", hint=_START_HINT, place=Place(self.source))
        content = self.value(next(self.events), ())
        next(self.events)  # the document ends
        if not isinstance(after := next(self.events), StreamEndEvent):
            raise _unreadable(self.source, "a second document begins; one file holds one network", after.start_mark)
        return Document(self.source, content, self.marks, tuple(self.duplicates), written=True)

    def value(self, event: Event, path: Path) -> object:
        from yaml.events import AliasEvent, MappingStartEvent, NodeEvent, ScalarEvent, SequenceStartEvent

        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise _unreadable(self.source, "anchors and aliases are not allowed; write the value out", event.start_mark)
        if tag := getattr(event, "tag", None):
            raise _unreadable(self.source, f"the tag {tag} is not allowed", event.start_mark)
        if len(path) > MAX_DEPTH:
            raise _unreadable(self.source, f"nested deeper than {MAX_DEPTH} levels", event.start_mark)
        if isinstance(event, MappingStartEvent):
            return self.mapping(event, path)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(event, path)
        assert isinstance(event, ScalarEvent)
        return _scalar(event)

    def mapping(self, start: MappingStartEvent, path: Path) -> dict[str, object]:
        from yaml.events import MappingEndEvent, ScalarEvent

        content: dict[str, object] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            if not isinstance(event, ScalarEvent) or event.anchor or event.tag:
                raise _unreadable(self.source, "a key must be a plain word", event.start_mark)
            here = (*path, event.value)
            if event.value in content:
                self.duplicates.append(here)
            self.marks[here] = _position(event)
            content[event.value] = self.value(next(self.events), here)
        return content

    def sequence(self, start: SequenceStartEvent, path: Path) -> list[object]:
        from yaml.events import SequenceEndEvent

        items: list[object] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            here = (*path, len(items))
            self.marks[here] = _position(event)
            items.append(self.value(event, here))
        return items


_START_HINT = "begin with `schema: dqplan.hardware/1`; `dqplan hardware show ideal_pair --format yaml` is an example"


def _joined(pair: re.Match[str]) -> str:
    return chr(0x10000 + (int(pair[1], 16) - 0xD800 << 10) + int(pair[2], 16) - 0xDC00)


def _scalar(event: ScalarEvent) -> object:
    text = str(event.value)
    if event.style:  # quoted or block text is never a number
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text) and len(text) < 19:
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text


def _position(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _unreadable(source: str, problem: str, mark: object) -> HardwareError:
    line, column = getattr(mark, "line", -1) + 1, getattr(mark, "column", -1) + 1
    hint = "indent with spaces, not tabs" if "tab" in problem or "\\t" in problem else ""
    return HardwareError(f"not readable as YAML or JSON: {problem}", hint=hint, place=Place(source, line, column))
