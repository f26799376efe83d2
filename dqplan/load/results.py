"""Measurement results -> bits: the forms in which Qiskit, Cirq and spreadsheets write them, told apart by content."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from dqplan.core.errors import Place, ResultsError, quoting

Bits = NDArray[np.uint8]
Numbers = NDArray[np.int64]

_COUNT_NAMES = ("count", "counts")
_OUTCOME_NAMES = ("outcome", "bitstring")
_WORD = re.compile(r"[01]+( [01]+)*|0x[0-9a-fA-F]+", re.ASCII)
_FORMS = "counts {'00 1': 512}, a list of bit strings in order of shots, Cirq's result, or CSV with a header"


@dataclass(frozen=True, eq=False)
class Words:
    """Outcomes as Qiskit names them.

    Attributes:
        source: the file's name.
        words: registers from the last declared to the first, perhaps apart by spaces, the highest bit of each first; or
            the same as a hexadecimal number, `0x3`.
        counts: how often each was found; None: these are shots, in order.
    """

    source: str
    words: tuple[str, ...]
    counts: Numbers | None


@dataclass(frozen=True, eq=False)
class Columns:
    """Outcomes by the names of registers or bits.

    Attributes:
        source: the file's name.
        bits: by name, uint8 (rows, bits), bit 0 first.
        counts: how often each row was found; None: these are shots, in order.
    """

    source: str
    bits: Mapping[str, Bits]
    counts: Numbers | None


def results_of_text(text: str, source: str) -> Words | Columns:
    """Read measurement results.

    Known are: counts by outcome, binary or hexadecimal, as in Qiskit's `get_counts` and `Result`; lists of outcomes by
    shot, as in its `memory`; a list of bits by shot for each register; `cirq.to_json(result)`; and CSV with a header of
    names of bits or registers, or `outcome`, and perhaps `count`.

    Args:
        text: the file's content.
        source: its name, for error messages.

    Raises:
        ResultsError: none of these, or damaged: a count is negative or no number, an outcome is no bit string, rows
            differ in length, there are no shots.
    """
    with quoting(text, source):
        if text.lstrip()[:1] in ("{", "["):
            return _of_json(_parsed(text, source), source)
        return _of_csv(text, source)


def _parsed(text: str, source: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            _refuse(f"{next(name for name in names if names.count(name) > 1)!r} stands there twice", source)
        return found

    try:
        return json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise ResultsError(f"not JSON: {error.msg}", place=Place(source, error.lineno, error.colno)) from error
    except (RecursionError, ValueError) as error:  # ValueError: an integer of thousands of digits
        raise ResultsError("nested too deeply, or a number too long", place=Place(source)) from error


def _of_json(content: Any, source: str) -> Words | Columns:
    if isinstance(content, list):
        return _shots(content, source)
    if "cirq_type" in content:
        return _of_cirq(content, source)
    if isinstance(content.get("results"), list):
        return _of_qiskit(content["results"], source)
    for key in ("memory", "counts"):
        if isinstance(content.get(key), list | dict):
            return _of_json(content[key], source)
    if content and all(isinstance(value, list) for value in content.values()):
        return _columns({key: _matrix(key, rows, source) for key, rows in content.items()}, source)
    return _counted(list(content), list(content.values()), source)


def _of_qiskit(experiments: list[Any], source: str) -> Words | Columns:
    data = experiments[0].get("data") if len(experiments) == 1 and isinstance(experiments[0], dict) else None
    if not isinstance(data, dict):
        _refuse(f"a result of {len(experiments)} circuits; it has to be that of one, with its data", source)
    return _of_json(data, source)


def _of_cirq(content: Mapping[str, Any], source: str) -> Columns:
    """`records` holds shots x repetitions of the key x bits, `measurements` lacks the middle; the last one counts."""
    records = content.get("records", content.get("measurements"))
    if not isinstance(records, dict) or not records:
        _refuse(f"{content['cirq_type']} of Cirq without records of measurements", source)
    return _columns({key: _unpacked(key, each, source) for key, each in records.items()}, source)


def _unpacked(key: str, record: Any, source: str) -> Bits:
    try:
        data, shape = bytes.fromhex(record["packed_digits"]), tuple(map(int, record["shape"]))
        size = math.prod(shape)
        if not 0 <= size <= 8 * len(data):  # NumPy would make room for whatever the text speaks of
            raise ValueError
        if record["binary"]:
            digits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), count=size).reshape(shape)
        else:
            digits = _array(data).reshape(shape)
    except (KeyError, TypeError, ValueError, OverflowError, EOFError) as error:
        raise ResultsError(f"the record of {key!r} is damaged", place=Place(source)) from error
    if digits.ndim not in (2, 3) or not digits.size or not np.isin(digits, (0, 1)).all():
        _refuse(f"the record of {key!r} holds something else than bits by shot", source)
    return (digits if digits.ndim == 2 else digits[:, -1]).astype(np.uint8)


def _array(data: bytes) -> NDArray[Any]:
    """The content of a `.npy` file; raises ValueError if it is none, or not as long as its head says."""
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError
    shape, by_column, kind = np.lib.format.read_array_header_1_0(file)
    if kind.hasobject:
        raise ValueError
    return np.frombuffer(data, dtype=kind, offset=file.tell()).reshape(shape, order="F" if by_column else "C")


def _matrix(name: str, rows: Sequence[Any], source: str) -> Bits:
    """A list of bits, or of lists of bits, by shot."""
    lists = [row if isinstance(row, list) else [row] for row in rows]
    if any(type(bit) not in (int, bool) or bit not in (0, 1) for row in lists for bit in row):
        _refuse(f"{name!r} holds something else than 0 and 1", source)
    if len({len(row) for row in lists}) > 1:
        _refuse(f"the shots of {name!r} differ in length", source)
    return np.array(lists, dtype=np.uint8).reshape(len(lists), len(lists[0]) if lists else 0)


def _columns(columns: dict[str, Bits], source: str) -> Columns:
    lengths = {name: len(bits) for name, bits in columns.items()}
    shortest, longest = min(lengths, key=lengths.__getitem__), max(lengths, key=lengths.__getitem__)
    if lengths[shortest] != lengths[longest]:
        _refuse(f"{longest!r} has {lengths[longest]} shots, {shortest!r} has {lengths[shortest]}", source)
    if lengths[longest] == 0:
        _refuse("there are no shots in it", source)
    return Columns(source, columns, None)


def _shots(words: list[Any], source: str) -> Words:
    if not words:
        _refuse("there are no shots in it", source)
    return Words(source, tuple(_word(word, source) for word in words), None)


def _counted(words: list[str], counts: list[Any], source: str) -> Words:
    if not words:
        _refuse("there are no counts in it", source)
    return Words(source, tuple(_word(word, source) for word in words), _numbers(words, counts, source))


def _word(word: Any, source: str, line: int = 0) -> str:
    if not isinstance(word, str) or not _WORD.fullmatch(word.strip()):
        _refuse(f"{word!r} is no outcome", source, line)
    return word.strip()


def _numbers(names: Sequence[str], counts: Sequence[Any], source: str) -> Numbers:
    for name, count in zip(names, counts, strict=True):
        if type(count) is not int or not 0 <= count < 1 << 53:
            _refuse(f"the count of {name!r} is {count!r}, and has to be a whole number, 0 or more", source)
    if not any(counts):
        _refuse("there are no shots in it: all counts are 0", source)
    return np.array(counts, dtype=np.int64)


def _of_csv(text: str, source: str) -> Words | Columns:
    """Register columns hold bit strings, the highest bit first; columns of one bit 0 or 1."""
    try:
        rows = [(number, row) for number, row in enumerate(csv.reader(io.StringIO(text), strict=True), 1) if row]
    except csv.Error as error:
        raise ResultsError(f"neither JSON nor CSV: {error}", place=Place(source), hint=f"give {_FORMS}") from error
    header = [name.strip() for name in rows[0][1]]
    if len(set(header)) < len(header):
        _refuse("a column stands there twice", source, 1)
    if len(rows) == 1:
        _refuse("there are no rows below the header", source)
    for number, row in rows[1:]:
        if len(row) != len(header):
            _refuse(f"{len(row)} values below {len(header)} names", source, number)
    cells = {name: [row[place].strip() for _, row in rows[1:]] for place, name in enumerate(header)}
    counts = _csv_counts(cells, source)
    words = next((cells[name] for name in _OUTCOME_NAMES if name in cells), None)
    if words is not None:
        lines = [number for number, _ in rows[1:]]
        told = tuple(_word(word, source, line) for word, line in zip(words, lines, strict=True))
        return Words(source, told, counts)
    return Columns(source, {name: _strings(name, column, source) for name, column in cells.items()}, counts)


def _csv_counts(cells: dict[str, list[str]], source: str) -> Numbers | None:
    """The column of counts, which is taken out, if there is one."""
    name = next((name for name in _COUNT_NAMES if name in cells), None)
    if name is None:
        return None
    column = cells.pop(name)
    if not cells:
        _refuse("there is a column of counts and nothing that is counted", source, 1)
    counts = [int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 17 else cell for cell in column]
    return _numbers([f"row {number}" for number in range(2, len(counts) + 2)], counts, source)


def _strings(name: str, column: Sequence[str], source: str) -> Bits:
    if any(not cell or set(cell) - {"0", "1"} for cell in column):
        wrong = next(cell for cell in column if not cell or set(cell) - {"0", "1"})
        _refuse(f"column {name!r} holds {wrong!r}, and has to hold bits", source)
    return _matrix(name, [[int(bit) for bit in reversed(cell)] for cell in column], source)


def _refuse(message: str, source: str, line: int = 0) -> NoReturn:
    raise ResultsError(message, place=Place(source, line), hint=f"give {_FORMS}")
