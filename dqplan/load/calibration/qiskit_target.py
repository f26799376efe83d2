"""A `Target` or `CouplingMap` of Qiskit -> Device; they are asked by their methods, so Qiskit is not imported."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeGuard

from dqplan.core.errors import HardwareError
from dqplan.load.calibration.device import Device, Survey

_LIFETIMES = {"t1": "t1_s", "t2": "t2_s"}


class Couplings(Protocol):
    """What is used of a `qiskit.transpiler.CouplingMap`."""

    def size(self) -> int:
        """The number of qubits."""
        ...

    def get_edges(self) -> Iterable[tuple[int, int]]:
        """The pairs."""
        ...


class GateTarget(Protocol):
    """What is used of a `qiskit.transpiler.Target`: gates, by name and qubits, with errors and durations in seconds."""

    num_qubits: int | None
    operation_names: Iterable[str]

    def __getitem__(self, name: str) -> Mapping[tuple[int, ...] | None, object]:
        """The properties of a gate by its qubits."""
        ...


def device_of_target(target: GateTarget | Couplings, *, name: str, date: str = "") -> Device:
    """The device behind a target or a coupling map.

    Args:
        target: numbers that it lacks stay unknown.
        name: of the device, for whoever reads the numbers' sources.
        date: of the calibration.

    Raises:
        HardwareError: it is neither, or says not how many qubits there are, or a number is out of its range.
    """
    if _is_couplings(target):
        survey = Survey(name, "", date, target.size())
        survey.pairs.update((int(a), int(b)) for a, b in target.get_edges())
        return survey.device()
    if not hasattr(target, "operation_names"):
        raise HardwareError(f"{type(target).__name__} is neither a Target nor a CouplingMap of Qiskit")
    assert not isinstance(target, type)
    return _surveyed(target, name, date).device()  # type: ignore[arg-type]


def _is_couplings(target: object) -> TypeGuard[Couplings]:
    return hasattr(target, "get_edges") and hasattr(target, "size")


def _surveyed(target: GateTarget, name: str, date: str) -> Survey:
    if not target.num_qubits:
        raise HardwareError(f"the target {name} does not say how many qubits it has", hint="Target(num_qubits=…)")
    survey = Survey(name, "", date, target.num_qubits)
    for gate in target.operation_names:
        for qubits, known in target[gate].items():
            if qubits is None:  # on all qubits alike, without numbers
                survey.gates += [] if gate in survey.gates else [gate]
            elif len(qubits) <= 2:
                survey.note_gate(gate, tuple(qubits), _number(known, "error"), _number(known, "duration"))
    for number, qubit in enumerate(getattr(target, "qubit_properties", None) or []):
        for attribute, key in _LIFETIMES.items():
            if value := _number(qubit, attribute):
                survey.numbers.setdefault(key, {})[number,] = value
    return survey


def _number(holder: object, attribute: str) -> float | None:
    value = getattr(holder, attribute, None)
    if value is None:
        return None
    if not math.isfinite(value) or value < 0:
        raise HardwareError(f"the target's {attribute} is {value}; expected a number of at least 0")
    return float(value)
