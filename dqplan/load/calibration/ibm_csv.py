"""The table of a processor's calibration that one downloads from the IBM Quantum platform (CSV) -> Device.

One row is one qubit. Numbers of two-qubit gates stand in the row of either qubit, as `1:0.0013;10:0.0011` (partners) or
as `0_1:0.0106; 0_10:0.0053`, with or without the gate's name before. Units stand in the headers, in brackets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dqplan.core.errors import HardwareError, Place
from dqplan.core.native import SPELLINGS
from dqplan.load.calibration.device import Device, Pair, Survey
from dqplan.load.calibration.ibm_properties import iso_date
from dqplan.load.calibration.table import Row

_UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}
_HEADER = re.compile(r"(?P<name>.*?)\s*(?:\((?P<unit>[^()]*)\))?")
_ERROR = re.compile(r"(?:.*\((?P<short>\w+)\)|(?P<name>[\w√-]+)(?: gate)?) error")
_GATES = {"cnot": "cx", "pauli-x": "x", "√x": "sx"}
_LIFETIMES = {"t1": "t1_s", "t2": "t2_s"}
_READOUT = "readout assignment error"
_TWO_QUBIT = ("cz", "ecr", "cx", "rzz", "iswap", "cp")
_PAIR = re.compile(r"(?:[a-z]+)?(\d+)(?:_(\d+))?\s*:\s*(\S+)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T[0-9:.]{5,15}(?:Z|[+-]\d{2}:\d{2})?)?")
_MOST_QUBITS = 100_000


@dataclass(frozen=True)
class _Column:
    """What a column holds: a word for it, the gate for `error`, and the unit in seconds."""

    what: str
    gate: str = ""
    unit_s: float = 1.0


def is_ibm_table(headers: Sequence[str]) -> bool:
    """Whether a table with these headers looks like IBM's."""
    plain = {header.strip().lower() for header in headers}
    return "qubit" in plain and any(header.endswith(" error") for header in plain)


def device_of_table(headers: Sequence[str], rows: Sequence[Row], source: str) -> Device:
    """The device that the table describes.

    Args:
        headers: as they stand in the file.
        rows: the others.
        source: the file's name; a date in it is taken for that of the calibration, if no column has one.

    Raises:
        HardwareError: a cell holds no number, or one out of its range, or names a qubit without a row; with its line.
    """
    columns = [_column(header, source) for header in headers]
    size = 1 + max((_qubit(row, columns) for row in rows), default=-1)
    if not 0 < size <= _MOST_QUBITS:
        message = f"the table has qubits up to {size - 1}; 1 to {_MOST_QUBITS:,} qubits can be read"
        raise HardwareError(message, place=Place(source))
    survey = Survey("", source, _date(columns, rows, source), size)
    lines: dict[int, int] = {}
    for row in rows:
        qubit = _qubit(row, columns)
        if qubit in lines:
            raise row.wrong(f"qubit {qubit} stands in line {lines[qubit]} already")
        lines[qubit] = row.line
        _survey_row(survey, qubit, row, columns)
    survey.faulty |= set(range(size)) - lines.keys()
    return survey.device()


def _column(header: str, source: str) -> _Column:
    text = " ".join(header.split()).lower()
    found = _HEADER.fullmatch(text)
    name, unit = (found["name"], found["unit"]) if found else (text, None)
    unit_s = _UNITS.get(unit or "s")
    match name:
        case "t1" | "t2" | "readout length" | "single-qubit gate length" | "gate time" | "gate length":
            if unit_s is None:
                message = f"the column `{header.strip()}` has a unit that is not known"
                raise HardwareError(message, hint=f"units are {', '.join(_UNITS)}", place=Place(source, 1))
            return _Column(name, unit_s=unit_s)
        case "qubit" | "operational" | "calibration_timestamp":
            return _Column(name)
    if text in (_READOUT, "prob meas0 prep1", "prob meas1 prep0"):
        return _Column(text)
    error = _ERROR.fullmatch(text)
    gate = (error["short"] or error["name"]) if error else ""
    return _Column("error", _GATES.get(gate, gate)) if gate else _Column("")


def _qubit(row: Row, columns: Sequence[_Column]) -> int:
    text = next(cell for cell, column in zip(row.cells, columns, strict=True) if column.what == "qubit")
    text = text.strip().lower().removeprefix("q").removesuffix(".0")
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise row.wrong(f"`{text[:40]}` is no number of a qubit")
    return int(text)


def _date(columns: Sequence[_Column], rows: Sequence[Row], source: str) -> str:
    """When it was measured: as a column says, or else the file's name."""
    stamps = [
        iso_date(cell)
        for row in rows
        for cell, column in zip(row.cells, columns, strict=True)
        if column.what == "calibration_timestamp"
    ]
    named = _DATE.search(source)
    return max(stamps, default="") or (iso_date(named[0]) if named else "")


def _survey_row(survey: Survey, qubit: int, row: Row, columns: Sequence[_Column]) -> None:
    cells = [(column, cell.strip()) for cell, column in zip(row.cells, columns, strict=True)]
    plain = {column.what: _number(row, column, cell) for column, cell in cells if column.what not in _SPECIAL}
    for name, key in _LIFETIMES.items():
        if plain.get(name):
            survey.numbers.setdefault(key, {})[qubit,] = plain[name]  # type: ignore[assignment]
    readout = plain.get(_READOUT)
    flips = [plain.get("prob meas0 prep1"), plain.get("prob meas1 prep0")]
    if readout is None and flips[0] is not None and flips[1] is not None:
        readout = (flips[0] + flips[1]) / 2
    survey.note_gate("measure", (qubit,), readout, plain.get("readout length"))
    lengths: dict[Pair, float] = {}
    for column, cell in cells:
        if column.what in ("gate time", "gate length"):
            lengths |= dict(_pairs(row, qubit, column, cell, survey.num_qubits))
        elif column.what == "operational" and cell.lower() in ("no", "false", "0"):
            survey.faulty.add(qubit)
    for column, cell in cells:
        if column.what != "error":
            continue
        if column.gate in _TWO_QUBIT:
            for pair, error in _pairs(row, qubit, column, cell, survey.num_qubits):
                survey.note_gate(column.gate, pair, error, lengths.get(pair) if column.gate != "rzz" else None)
        elif column.gate in SPELLINGS and (single := _number(row, column, cell)) is not None:
            length = None if column.gate == "rz" else plain.get("single-qubit gate length")
            survey.note_gate(column.gate, (qubit,), single, length)


_SPECIAL = ("", "qubit", "operational", "calibration_timestamp", "error", "gate time", "gate length")
"""Columns that do not hold one number each."""


def _number(row: Row, column: _Column, cell: str) -> float | None:
    if cell.lower() in ("", "undefined", "nan", "none", "null"):
        return None
    return _scaled(row, column, cell)


def _scaled(row: Row, column: _Column, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise row.wrong(f"`{text[:40]}` stands where a number of at least 0 is expected")
    return value * column.unit_s


def _pairs(row: Row, qubit: int, column: _Column, cell: str, size: int) -> Iterator[tuple[Pair, float]]:
    for item in filter(None, (part.strip().lower() for part in re.split("[;,]", cell))):
        found = _PAIR.fullmatch(item)
        if found is None:
            raise row.wrong(f"`{item[:40]}` is not as `partner:number` or `a_b:number`")
        a, b = (int(found[1]), int(found[2])) if found[2] else (qubit, int(found[1]))
        if a == b or max(a, b) >= size:
            raise row.wrong(f"`{item[:40]}` names a pair of qubits that does not exist; there are 0 to {size - 1}")
        yield (a, b), _scaled(row, column, found[3])
