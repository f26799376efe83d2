"""Modules that a file takes from a calibration: `use: props_fez.json`, beside `comm` and whatever shall override it.

The qubits of the device that work become the module's, in their order: the last `comm` of them comm qubits, the others
data qubits. Couplings and native gates come along, but for pairs whose error exceeds `max_pair_error`, and each number
is the median over what works (or the mean, by `reduction: mean`), as `calibration.device` tells, measured on the day of
the calibration.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from dqplan.core.errors import HardwareError, InputError
from dqplan.core.hardware import Basis
from dqplan.core.units import counted
from dqplan.load.calibration.device import Device, Reduction
from dqplan.load.calibration.read_calibration import read_device
from dqplan.load.hardware_files.draft import Entry, number, whole
from dqplan.load.hardware_files.lines import Document, Mistake
from dqplan.load.hardware_files.rules import RESERVED_NAMES
from dqplan.load.source import Source, read_source

_NAME = r"[a-z][a-z0-9_]{0,62}"
_OPERATIONS = ("one_qubit", "two_qubit", "readout", "reset")


def fit_devices(document: Document) -> tuple[Document, list[Mistake]]:
    """The file with the numbers of all calibrations that its modules use filled in, and what is wrong with them."""
    content = document.content
    modules = content.get("modules") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(modules, list):
        return document, []
    fitted, mistakes = list(modules), []
    cited: Entry = {}
    for position, module in enumerate(modules):
        if not isinstance(module, dict) or not isinstance(module.get("use"), str):
            continue
        rest = {key: value for key, value in module.items() if key != "use"}
        try:
            most = number(module.get("max_pair_error"))
            device = _device(document, module["use"]).without_worse(1.0 if most is None else most)
            fitted[position] = device_entry(device, rest, _reduction(module))
            cited[device.cited.key] = source_entry(device)
        except InputError as error:
            mistakes.append(document.mistake(("modules", position, "use"), str(error), error.hint))
            fitted[position] = {"data": 1, "comm": 1, **rest}
    sources = content.get("sources", {})
    filled = {"sources": cited | sources} if cited and isinstance(sources, dict) else {}
    return replace(document, content={**content, **filled, "modules": fitted}), mistakes


def is_device_file(source: Source) -> bool:
    """Whether a file looks like IBM's properties, configuration or table of a whole processor."""
    if source.name.endswith(".csv"):
        return True
    text = source.text.lstrip()
    return text.startswith("{") and '"backend_version"' in text and '"schema"' not in text


def device_document(source: Source) -> Document:
    """A network of one module, without comm qubits or links, that a processor's calibration describes.

    Raises:
        HardwareError: as `read_device`, or no qubit works.
    """
    device = read_device(source)
    name = device.name if re.fullmatch(_NAME, device.name) and device.name not in RESERVED_NAMES else "m0"
    content = {
        "schema": "dqplan.hardware/1",
        "title": device.cited.title,
        "notes": "One processor, from its calibration; in a hardware file of your own, `use` makes it a module.",
        "sources": {device.cited.key: source_entry(device)},
        "modules": [device_entry(device, {"name": name}, Reduction.MEDIAN)],
    }
    return Document(source.name, content)


def device_entry(device: Device, given: Entry, reduction: Reduction, basis: Basis = Basis.MEASURED) -> Entry:
    """The module entry that a device comes to.

    Args:
        device: at least one of its qubits works.
        given: what the entry says itself, which overrides the device.
        reduction: of many numbers to one.
        basis: of the device's numbers.

    Raises:
        HardwareError: fewer qubits work than shall be comm qubits.
    """
    working = device.working
    comm = whole(given.get("comm", 0)) or 0
    if comm >= len(working):
        few = counted(len(working), "qubit works", "qubits work")
        raise HardwareError(f"{few}, which leaves none for data beside {comm} for `comm`")
    place = {qubit: number for number, qubit in enumerate(working)}
    pairs = sorted((place[a], place[b]) for a, b in device.pairs if a in place and b in place)
    about = {"basis": str(basis), "source": device.cited.key, **({"date": device.date} if device.date else {})}
    size = {**about, "value": len(working) - comm, **({"note": left} if (left := device.left_out()) else {})}
    entry: Entry = {
        "data": size,
        "comm": {**about, "value": 0},
        **({"native_gates": list(device.gates)} if device.gates else {}),
        **({"coupling": [list(pair) for pair in pairs]} if pairs else {}),
    }
    for name, found in device.numbers(reduction).items():
        told = {**about, "value": found.value, "note": found.note}
        told |= {} if found.uncertainty is None else {"uncertainty": found.uncertainty}
        operation, _, key = name.partition(".")
        if key:
            gate = {"gate": device.gate_of(operation)} if device.gate_of(operation) else {}
            entry[operation] = {**gate, **_map(entry.get(operation)), key: told}
        else:
            entry[name] = told
    made = entry | given
    for key in _OPERATIONS:
        if isinstance(given.get(key), dict) and key in entry:
            made[key] = _map(entry[key]) | _map(given[key])
    return made


def source_entry(device: Device) -> Entry:
    """What the numbers of a device cite, as hardware files write it."""
    source = device.cited
    told = {"title": source.title, "reference": source.reference, "seen": source.seen, "kind": source.kind}
    return {key: value for key, value in told.items() if value}


def _device(document: Document, name: str) -> Device:
    if not document.written:
        raise HardwareError(
            "only a file of its own may use other files", hint="dqplan hardware show FILE --format yaml"
        )
    beside = Path(document.source).parent if document.source != "<stdin>" else Path()
    path = beside / name
    try:
        stamp = path.stat()
        return _read_device(str(path), stamp.st_mtime_ns, stamp.st_size)
    except (OSError, ValueError):
        return read_device(read_source(str(path)))  # which says what is wrong


@lru_cache(maxsize=32)
def _read_device(path: str, _changed: int, _size: int) -> Device:
    """A file is read once, however many modules use it and however often the hardware is checked."""
    return read_device(read_source(path))


def _reduction(module: Entry) -> Reduction:
    """The one that is asked for; what is none is told by the schema."""
    return Reduction.MEAN if module.get("reduction") == "mean" else Reduction.MEDIAN


def _map(value: object) -> Entry:
    return value if isinstance(value, dict) else {}
