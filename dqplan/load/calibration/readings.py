"""dqplan's own form of measured values: rows of a CSV file, or objects in JSON or YAML.

    part,qubits,quantity,value,unit,uncertainty,date,source
    m0--m1,,ebit.fidelity,0.957,,0.002,2026-11-26,tomography of 26 November
    m0,3,t1_s,181,us,4,2026-11-26,
    m0,3 4,two_qubit.fidelity,0.9931,,,2026-11-26,

`part` names a module or link of the hardware, or modules made by one `count`. `quantity` is the key of a number in
hardware files; `…error` stands for 1 minus `….fidelity`. `qubits` are numbers within the module; values of single
qubits or pairs are put together into one number of the module. Of several values of one thing, the latest counts. Only
`part`, `quantity` and `value` are needed. JSON or YAML hold the same as a list, or below `readings` beside
`schema: dqplan.calibration/1`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from dqplan.core.errors import HardwareError, Place
from dqplan.core.quantities import LINK_QUANTITIES, MODULE_QUANTITIES, Kind, Quantity
from dqplan.core.units import counted
from dqplan.load.calibration.table import Row
from dqplan.load.hardware_files.lines import Document, Path, read_document
from dqplan.load.source import Source

SCHEMA = "dqplan.calibration/1"
COLUMNS = ("part", "qubits", "quantity", "value", "unit", "uncertainty", "date", "source", "note")
_NEEDED = ("part", "quantity", "value")
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}
_UNITS: Mapping[Kind, Mapping[str, float]] = {
    Kind.FIDELITY: {"%": 0.01},
    Kind.SECONDS: _SECONDS,
    Kind.LIFETIME: _SECONDS,
    Kind.HERTZ: {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6},
    Kind.METRES: {"m": 1.0, "km": 1e3},
}
_QUANTITIES = {**MODULE_QUANTITIES, **LINK_QUANTITIES}

Fields = Mapping[str, str]
Wrong = Callable[[str, str], HardwareError]


@dataclass(frozen=True)
class Reading:
    """One measured value.

    Attributes:
        part: name of a module, of modules, or of a link.
        qubits: within the module; none if it is a value of the whole part.
        quantity: which number.
        value, uncertainty: in the hardware file's unit.
        date, source, note: as far as they are known.
        place: where it stands.
    """

    part: str
    qubits: tuple[int, ...]
    quantity: Quantity
    value: float
    uncertainty: float | None
    date: str
    source: str
    note: str
    place: Place


def readings_of_table(headers: list[str], rows: list[Row], source: str) -> list[Reading]:
    """The readings in a CSV file.

    Raises:
        HardwareError: a column is missing, unknown or there twice, or as `reading_of`.
    """
    plain = [header.lower() for header in headers]
    place = Place(source, 1)
    for name in _NEEDED:
        if name not in plain:
            found = ", ".join(plain[:12])
            message = f"there is no column `{name}`; found {found}"
            hint = f"columns are {', '.join(COLUMNS)}; or give a table of IBM's, with `Qubit` and `… error` columns"
            raise HardwareError(message, hint=hint, place=place)
    for name in plain:
        if name not in COLUMNS or plain.count(name) > 1:
            fault = "is unknown" if name not in COLUMNS else "stands twice"
            raise HardwareError(f"the column `{name}` {fault}", hint=f"columns are {', '.join(COLUMNS)}", place=place)
    return [_reading({name: cell.strip() for name, cell in zip(plain, row.cells, strict=True)}, row) for row in rows]


def _reading(fields: Fields, row: Row) -> Reading:
    return reading_of(fields, row.wrong, Place(row.source, row.line))


def readings_of_document(source: Source) -> list[Reading]:
    """The readings in a JSON or YAML file.

    Raises:
        HardwareError: no such document, or as `reading_of`.
    """
    document = read_document(source)
    content = document.content
    version = content.get("schema") if isinstance(content, dict) else None
    listed = content.get("readings") if isinstance(content, dict) else content
    if (isinstance(content, dict) and version != SCHEMA) or not isinstance(listed, list):
        hint = f"give a list of readings, {SCHEMA}, or backend properties of IBM"
        raise HardwareError("this is no calibration data that dqplan knows", hint=hint, place=Place(source.name))
    return list(_listed(document, listed, ("readings",) if version else ()))


def _listed(document: Document, listed: list[object], path: Path) -> Iterator[Reading]:
    for position, item in enumerate(listed):
        here = (*path, position)
        at = document.mistake(here, "").place

        def wrong(message: str, hint: str, place: Place = at) -> HardwareError:
            return HardwareError(message, hint=hint, place=place)

        if not isinstance(item, dict):
            raise wrong("expected a mapping with part, quantity and value", "")
        for key in item:
            if key not in COLUMNS:
                raise wrong(f"unknown key `{key}`", f"keys are {', '.join(COLUMNS)}")
        yield reading_of({key: _text(value) for key, value in item.items()}, wrong, at)


def _text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def reading_of(fields: Fields, wrong: Wrong, place: Place) -> Reading:
    """One reading.

    Args:
        fields: by the names of columns.
        wrong: makes an error of a message and a hint.
        place: where it stands.

    Raises:
        HardwareError: something is missing, unknown, or out of its range.
    """
    for name in _NEEDED:
        if not fields.get(name):
            raise wrong(f"`{name}` is missing", "")
    name = fields["quantity"]
    quantity, turned = _quantity(name, "--" in fields["part"], wrong)
    scale = _scale(quantity, fields.get("unit", ""), wrong)
    value = _number(fields["value"], name, wrong) * scale
    value = float(f"{1 - value if turned else value:.12g}")
    if not quantity.kind.allows(value):
        unit = " as a fidelity" if turned else ""
        raise wrong(f"{quantity.name} is {value:g}{unit}; expected {_range(quantity)}", "")
    spread = fields.get("uncertainty", "")
    uncertainty = _number(spread, "uncertainty", wrong) * scale if spread else None
    if uncertainty is not None and uncertainty < 0:
        raise wrong(f"the uncertainty is {uncertainty:g}; expected 0 or more", "")
    return Reading(
        part=fields["part"],
        qubits=_qubits(fields.get("qubits", ""), quantity, wrong),
        quantity=quantity,
        value=int(value) if quantity.kind.whole else value,
        uncertainty=uncertainty,
        date=_date(fields.get("date", ""), wrong),
        source=fields.get("source", ""),
        note=fields.get("note", ""),
        place=place,
    )


def _range(quantity: Quantity) -> str:
    return f"a {quantity.kind}" if quantity.kind is Kind.FIDELITY else str(quantity.kind)


def _quantity(name: str, link: bool, wrong: Wrong) -> tuple[Quantity, bool]:
    """The quantity, and whether the value is an error instead of a fidelity."""
    known = LINK_QUANTITIES if link else MODULE_QUANTITIES
    stem, turned = (f"{name.removesuffix('error')}fidelity", True) if name.endswith(".error") else (name, False)
    if stem in known:
        return known[stem], turned
    if stem in _QUANTITIES:
        raise wrong(f"`{name}` is a number of {'modules' if link else 'links'}", "a link is named as m0--m1")
    close = get_close_matches(name, known, n=1)
    guess = f"did you mean `{close[0]}`?" if close else f"quantities are {', '.join(known)}"
    raise wrong(f"there is no quantity `{name[:60]}`", guess)


def _scale(quantity: Quantity, unit: str, wrong: Wrong) -> float:
    units = _UNITS.get(quantity.kind, {})
    if unit and unit not in units:
        raise wrong(f"{quantity.name} has no unit `{unit[:20]}`", f"units are {', '.join(units) or 'none'}")
    return units[unit] if unit else 1.0


def _number(text: str, name: str, wrong: Wrong) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise wrong(f"{name}: `{text[:40]}` is no finite number", "")
    return value


def _qubits(text: str, quantity: Quantity, wrong: Wrong) -> tuple[int, ...]:
    parts = [part for part in re.split(r"[\s,;-]+", text) if part]
    if not all(re.fullmatch(r"[0-9]{1,7}", part) for part in parts):
        raise wrong(f"qubits: `{text[:40]}` is not one number or two", "write 3, or 3 4 for a pair")
    if parts and (len(parts) != quantity.qubits or len(set(parts)) != len(parts)):
        found = f"{counted(quantity.qubits, 'qubit')} at a time" if quantity.qubits else "no single qubits"
        raise wrong(f"{quantity.name} concerns {found}, found {len(parts)}", "")
    return tuple(sorted(map(int, parts)))


def _date(text: str, wrong: Wrong) -> str:
    from dqplan.load.hardware_files.schema import DATE

    if not re.match(DATE, text):
        raise wrong(f"`{text[:40]}` is no date", "write 2026-11-26 or 2026-11-26T08:30:00Z")
    return text
