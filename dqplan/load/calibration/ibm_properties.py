"""IBM's backend properties and configurations (JSON, as Qiskit's `to_dict` gives them) -> Device.

Properties hold `qubits`, a list of named numbers for each qubit, and `gates`, the same for each gate and its qubits;
configurations hold `n_qubits`, `basis_gates` and a `coupling_map`, and nothing that was measured.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from dqplan.core.errors import HardwareError, Place
from dqplan.load.calibration.device import Device, Survey

_UNITS = {"": 1.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9, "dt": math.nan}
_MOST_QUBITS = 100_000
_GREATEST = 1e30
"""Of any number; beyond, sums could overflow."""
_PER_QUBIT = {"T1": "t1_s", "T2": "t2_s"}


def is_properties(content: object) -> bool:
    """Whether a JSON document looks like backend properties."""
    return isinstance(content, dict) and isinstance(content.get("qubits"), list) and "gates" in content


def is_configuration(content: object) -> bool:
    """Whether a JSON document looks like a backend configuration."""
    return isinstance(content, dict) and {"n_qubits", "basis_gates"} <= content.keys()


def device_of_properties(content: dict[str, Any], source: str) -> Device:
    """The device that backend properties describe.

    Raises:
        HardwareError: the document lacks a part, or holds a number out of its range; it names the qubit or gate.
    """
    reader = _Reader(source)
    qubits, gates = reader.listed(content, "qubits"), reader.listed(content, "gates")
    if not 0 < len(qubits) <= _MOST_QUBITS:
        raise reader.wrong(f"it has {len(qubits):,} qubits; 1 to {_MOST_QUBITS:,} can be read")
    date = str(content.get("last_update_date") or "")
    survey = Survey(str(content.get("backend_name") or ""), source, iso_date(date), len(qubits))
    for number, listed in enumerate(qubits):
        reader.qubit(survey, number, listed)
    for position, gate in enumerate(gates):
        reader.gate(survey, position, gate)
    return survey.device()


def device_of_configuration(content: dict[str, Any], source: str) -> Device:
    """The device that a backend configuration describes: size, gates and couplings, without a number.

    Raises:
        HardwareError: a part of it is of the wrong type.
    """
    reader = _Reader(source)
    size, gates, pairs = content["n_qubits"], content["basis_gates"], content.get("coupling_map") or []
    if not isinstance(size, int) or not 0 < size <= _MOST_QUBITS:
        raise reader.wrong(f"n_qubits is {size!r}; 1 to {_MOST_QUBITS:,} can be read")
    if not isinstance(gates, list) or not isinstance(pairs, list):
        raise reader.wrong("basis_gates and coupling_map must be lists")
    survey = Survey(str(content.get("backend_name") or ""), source, "", size, gates=[str(gate) for gate in gates])
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2:
            raise reader.wrong(f"coupling_map holds {pair!r}, not two qubits")
        a, b = (reader.index(each, size, "coupling_map") for each in pair)
        survey.pairs.add((a, b))
    return survey.device()


def iso_date(text: str) -> str:
    """A date as hardware files write it, or nothing if the text is none."""
    import re

    from dqplan.load.hardware_files.schema import DATE

    day_and_time = text.strip().replace(" ", "T", 1)
    return day_and_time if re.match(DATE, day_and_time) else day_and_time[:10] if re.match(DATE, text[:10]) else ""


class _Reader:
    """Takes documents apart, and says where they are wrong."""

    def __init__(self, source: str) -> None:
        self.source = source

    def wrong(self, message: str) -> HardwareError:
        hint = "give backend properties as Qiskit writes them, such as props_*.json"
        return HardwareError(message, hint=hint, place=Place(self.source))

    def listed(self, content: dict[str, Any], key: str) -> list[Any]:
        if not isinstance(found := content.get(key), list):
            raise self.wrong(f"`{key}` is no list")
        return found

    def index(self, value: object, size: int, where: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < size:
            raise self.wrong(f"{where} names qubit {value!r}; there are qubits 0 to {size - 1}")
        return value

    def qubit(self, survey: Survey, number: int, listed: object) -> None:
        known = dict(self.named(listed, f"qubit {number}"))
        for name, key in _PER_QUBIT.items():
            if known.get(name):  # 0 stands for unknown
                survey.numbers.setdefault(key, {})[number,] = known[name]
        if known.get("operational", 1) == 0:
            survey.faulty.add(number)
        error = known.get("readout_error")
        if error is None and {"prob_meas0_prep1", "prob_meas1_prep0"} <= known.keys():
            error = (known["prob_meas0_prep1"] + known["prob_meas1_prep0"]) / 2
        if error is not None or "readout_length" in known:
            survey.note_gate("measure", (number,), error, known.get("readout_length"))

    def gate(self, survey: Survey, position: int, gate: object) -> None:
        if not isinstance(gate, dict) or not isinstance(gate.get("gate"), str):
            raise self.wrong(f"gates.{position} has no `gate`")
        name, where = gate["gate"], f"gates.{position} ({gate['gate']!r})"
        listed = gate.get("qubits")
        if not isinstance(listed, list) or not listed:
            raise self.wrong(f"{where} has no `qubits`")
        qubits = tuple(self.index(qubit, survey.num_qubits, where) for qubit in listed)
        if len(qubits) > 2 or len(set(qubits)) < len(qubits):
            return
        known = dict(self.named(gate.get("parameters", []), where))
        if name == "measure":
            return  # the qubits say it
        survey.note_gate(name, qubits, known.get("gate_error"), known.get("gate_length"))
        if known.get("operational", 1) == 0:
            survey.dead.update({(qubits[0], qubits[1])} if len(qubits) == 2 else ())

    def named(self, listed: object, where: str) -> Iterator[tuple[str, float]]:
        """Numbers by name in seconds, those that are null left out."""
        if not isinstance(listed, list):
            raise self.wrong(f"{where} is no list of numbers")
        for each in listed:
            if not isinstance(each, dict) or not isinstance(each.get("name"), str):
                raise self.wrong(f"{where} holds something without a `name`")
            name, value, unit = each["name"], each.get("value"), each.get("unit", "")
            known = name in _PER_QUBIT or name.startswith(("readout_", "prob_meas", "gate_", "operational"))
            if value is None or not known:
                continue
            scale = _UNITS.get(unit, math.nan) if isinstance(unit, str) else math.nan
            if isinstance(value, bool):
                value = int(value)
            if not isinstance(value, int | float) or not 0 <= value <= _GREATEST:
                raise self.wrong(f"{where}: {name} is {value!r}; expected a number of at least 0")
            if math.isnan(scale):
                raise self.wrong(f"{where}: {name} is in `{unit}`; units are s, ms, us and ns")
            yield name, value * scale
