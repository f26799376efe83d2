"""A hardware file's plain data, read as far as its types allow, before and after it is known to be right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dqplan.load.hardware_files.lines import Document, Path
from dqplan.load.hardware_files.shapes import parse_shape

MAX_MODULES = 1000

Entry = dict[str, object]


@dataclass(frozen=True)
class Draft:
    """The file's plain data, read as far as its types allow."""

    document: Document

    @cached_property
    def modules(self) -> list[tuple[Path, Entry]]:
        """Module entries with their places."""
        return self._entries("modules")

    @cached_property
    def links(self) -> list[tuple[Path, Entry]]:
        """Link entries with their places."""
        return self._entries("links")

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """Names of the modules that each entry makes, by the entry's name."""
        named = [entry for _, entry in self.modules if isinstance(entry.get("name"), str)]
        return {str(entry["name"]): member_names(str(entry["name"]), whole(entry.get("count"))) for entry in named}

    @cached_property
    def all_names(self) -> list[str]:
        """Names of all modules, in order."""
        return [name for names in self.members.values() for name in names]

    @cached_property
    def meaning(self) -> dict[str, list[str]]:
        """Modules that a link means by a name: itself, or all that one entry makes."""
        return {name: [name] for name in self.all_names} | self.members

    def named(self, name: object) -> list[str]:
        """As `meaning`; nothing for what is no name."""
        return self.meaning.get(name, []) if isinstance(name, str) else []

    def _entries(self, key: str) -> list[tuple[Path, Entry]]:
        content = self.document.content
        items = content.get(key) if isinstance(content, dict) else None
        return [((key, i), item) for i, item in enumerate(items if isinstance(items, list) else []) if _is_map(item)]


def member_names(name: str, count: int | None) -> list[str]:
    """Names of the modules that an entry makes: `name` alone, or name0, name1, ... if it has a count."""
    return [name] if count is None else [f"{name}{i}" for i in range(min(count, MAX_MODULES))]


def number(raw: object) -> float | None:
    """The value of a bare number or of `{value: ...}`, None if it is neither."""
    value = raw.get("value") if isinstance(raw, dict) else raw
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def whole(raw: object) -> int | None:
    """As `number`, for whole numbers from 0."""
    value = number(raw)
    return value if isinstance(value, int) and value >= 0 else None


def local_qubits(module: Entry) -> int | None:
    """Data and comm qubits of a module entry; data alone if the comm qubits are unlimited, None if unreadable."""
    data = whole(module.get("data"))
    return None if data is None else data + (whole(module.get("comm")) or 0)


def between_pairs(path: Path, link: Entry) -> Iterator[tuple[Path, list[object]]]:
    """The pairs of `between`, with their places; `between` is one pair or a list of pairs."""
    between = link.get("between")
    if not isinstance(between, list):
        return
    if any(isinstance(item, list) for item in between):
        yield from (
            ((*path, "between", i), item if isinstance(item, list) else [item]) for i, item in enumerate(between)
        )
    else:
        yield (*path, "between"), between


def shape_members(draft: Draft, link: Entry) -> list[str]:
    """Modules that a shape joins, in order: those named, or all of the file."""
    named = link.get("modules")
    if not isinstance(named, list):
        return draft.all_names
    return [name for group in named for name in draft.named(group)]


def joined_pairs(draft: Draft, path: Path, link: Entry) -> list[tuple[str, str]]:
    """The pairs of module names that a link entry joins, as far as they make sense."""
    shape = parse_shape(str(link.get("shape")))
    if shape:
        names = shape_members(draft, link)
        return [] if shape.fault(len(names)) else [(names[a], names[b]) for a, b in shape.pairs(len(names))]
    pairs = [pair for _, pair in between_pairs(path, link) if len(pair) == 2]
    return [(a, b) for pair in pairs for a in draft.named(pair[0]) for b in draft.named(pair[1]) if a != b]


def _is_map(item: object) -> bool:
    return isinstance(item, dict)
