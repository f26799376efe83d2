"""Shorthands for ideal networks: `line:4x9+2` is a line of 4 modules of 9 data and 2 comm qubits each."""

from __future__ import annotations

import re

from dqplan.core.errors import HardwareError, Place
from dqplan.core.hardware import Hardware, ideal_network
from dqplan.load.hardware_files.draft import MAX_MODULES
from dqplan.load.hardware_files.shapes import KINDS, Shape

MAX_QUBITS = 1_000_000
"""Most qubits of one kind in one module."""

FORMS = "SHAPE:MODULESxDATA[+COMM], such as all:4x9 or line:4x9+2, or grid:ROWSxCOLUMNSxDATA[+COMM]"
_FORM = re.compile(r"(?P<kind>[a-z]+):(?P<sizes>[0-9]+(?:x[0-9]+)+)(?:\+(?P<comm>[0-9]+))?")


def is_shorthand(spec: str) -> bool:
    """Whether the text begins like a shorthand: a known shape and a colon."""
    return spec.partition(":")[0] in KINDS and ":" in spec


def parse_shorthand(spec: str) -> Hardware:
    """The ideal network that a shorthand such as `grid:2x3x14+2` describes.

    Modules are called m0, m1, … (a star's centre is m0, a grid is numbered row by row); links are perfect;
    without `+COMM` the comm qubits are unlimited.

    Raises:
        HardwareError: the text is malformed, or a number is zero or beyond `MAX_MODULES` or `MAX_QUBITS`.
    """
    found = _FORM.fullmatch(spec)
    sizes = [_number(spec, digits) for digits in found["sizes"].split("x")] if found else []
    if not found or found["kind"] not in KINDS or len(sizes) != (3 if found["kind"] == "grid" else 2):
        raise _wrong(spec, f"`{_shorten(spec)}` is not a shorthand for a network", f"write {FORMS}")
    *counts, data = sizes
    shape = Shape("grid", *counts) if found["kind"] == "grid" else Shape(found["kind"])
    comm = None if found["comm"] is None else _number(spec, found["comm"])
    return _network(spec, shape, counts, data, comm)


def _network(spec: str, shape: Shape, counts: list[int], data: int, comm: int | None) -> Hardware:
    modules = counts[0] if len(counts) == 1 else counts[0] * counts[1]
    if not 1 <= modules <= MAX_MODULES:
        raise _wrong(spec, f"found {modules} modules; 1 to {MAX_MODULES} are allowed", f"write {FORMS}")
    if data < 1:
        raise _wrong(spec, "found modules of 0 data qubits; at least 1 is needed", f"write {FORMS}")
    if fault := shape.fault(modules):
        raise _wrong(spec, fault, f"two modules with one link are `line:2x{data}`")
    return ideal_network(spec, [data] * modules, comm, shape.pairs(modules))


def _number(spec: str, digits: str) -> int:
    """The value of the digits; their length is looked at first, because int() refuses thousands of them."""
    significant = digits.lstrip("0") or "0"
    if len(significant) > len(str(MAX_QUBITS)) or int(significant) > MAX_QUBITS:
        raise _wrong(spec, f"found {_shorten(digits)}; numbers up to {MAX_QUBITS} are allowed", f"write {FORMS}")
    return int(significant)


def _wrong(spec: str, message: str, hint: str) -> HardwareError:
    return HardwareError(message, hint=hint, place=Place(_shorten(spec)))


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
