"""The rows of a sweep beside their outcomes, so that a directory of results can be read without its specification."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from dqplan.core.errors import OutputError, Place, SweepError
from dqplan.sweep.row import Row
from dqplan.sweep.stored import manifest_of_data

SCHEMA = "dqplan.sweep-results/1"
MANIFEST, OUTCOMES = "manifest.json", "outcomes.jsonl"
_MOST_DIGITS = 18
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Escapes that only halves of characters have; none is ever written."""


@dataclass(frozen=True)
class Manifest:
    """What was asked for.

    Attributes:
        title: one line for people.
        specs: the specifications that the rows come from, as plain data.
        rows: in order.
    """

    title: str
    specs: tuple[object, ...]
    rows: tuple[Row, ...]


def read_manifest(directory: str) -> Manifest:
    """The manifest of a directory of results.

    Raises:
        SweepError: there is none, it is damaged, or another program or version wrote it.
    """
    place = Place(str(Path(directory, MANIFEST)))
    hint = "name a directory that `dqplan sweep -o` wrote"
    try:
        text = Path(directory, MANIFEST).read_text(encoding="utf-8")
        document = json.loads(text, parse_int=_whole, parse_constant=_no_number)
    except OSError as error:
        raise SweepError(f"cannot be read: {error.strerror}", hint=hint, place=place) from error
    except (ValueError, RecursionError) as error:
        raise SweepError(f"damaged: not JSON ({error})", hint=_repair(), place=place) from error
    found = document.get("schema") if isinstance(document, dict) else None
    if found != SCHEMA:
        raise SweepError(f"not results of a sweep ({SCHEMA}): its schema is {found!r}", hint=hint, place=place)
    if _HALF.search(text):
        raise SweepError("damaged: half of a character is missing", hint=_repair(), place=place)
    try:
        title, specs, rows = manifest_of_data(document)
    except ValueError as error:
        raise SweepError(f"damaged: {error}", hint=_repair(), place=place) from error
    for key, row in rows:
        if row.key != key:
            raise SweepError(f"damaged: row {key} does not match its key", hint=_repair(), place=place)
    return Manifest(title, tuple(specs), tuple(row for _, row in rows))


def _repair() -> str:
    return f"delete {MANIFEST} and run `dqplan sweep` with the specification again: finished rows stay"


def _whole(digits: str) -> int:
    """A whole number that tables can hold."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def write_manifest(directory: str, manifest: Manifest) -> None:
    """Write or replace the manifest, in one step; raises OutputError if that cannot be done."""
    rows = (json.dumps({"key": row.key, **asdict(row)}, ensure_ascii=False) for row in manifest.rows)
    head = json.dumps({"schema": SCHEMA, "title": manifest.title, "specs": manifest.specs}, ensure_ascii=False)
    text = ",\n".join(rows)
    replace_file(Path(directory, MANIFEST), f'{head[:-1]}, "rows": [\n{text}\n]}}\n'.encode())


def replace_file(target: Path, data: bytes) -> None:
    """Write beside the target under another name, then put it in its place in one step; raises OutputError."""
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", place=Place(str(target))) from error
    finally:
        fresh.unlink(missing_ok=True)


def united(manifests: Iterable[Manifest]) -> Manifest:
    """One manifest with the rows of all, each once, those of the first manifest first."""
    everything: Sequence[Manifest] = list(manifests)
    rows = {(row.key, row.circuit, row.hardware): row for manifest in everything for row in manifest.rows}
    specs: list[object] = []
    for spec in (spec for manifest in everything for spec in manifest.specs):
        if spec not in specs:
            specs.append(spec)
    title = next((manifest.title for manifest in everything if manifest.title), "")
    return Manifest(title, tuple(specs), tuple(rows.values()))
