"""The numbers that modules and links can have: their names in hardware files, ranges, and which way is better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from dqplan.core.hardware import Link, Module

P = TypeVar("P", Module, Link)


class Kind(StrEnum):
    """What a number says, and with that its unit and range."""

    FIDELITY = "fidelity, 0 to 1"
    SECONDS = "seconds, 0 or more"
    LIFETIME = "seconds, above 0"
    HERTZ = "Hz, above 0"
    METRES = "metres, 0 or more"
    COUNT = "a whole number from 0 to 1,000,000"
    CHANNELS = "a whole number from 1 to 1,000,000"

    def allows(self, value: float) -> bool:
        """Whether a number lies in the range."""
        if not math.isfinite(value):
            return False
        match self:
            case Kind.FIDELITY:
                return 0 <= value <= 1
            case Kind.SECONDS | Kind.METRES:
                return value >= 0
            case Kind.LIFETIME | Kind.HERTZ:
                return value > 0
        return value == int(value) and (self is Kind.CHANNELS) <= value <= 1_000_000

    @property
    def whole(self) -> bool:
        """Whether it counts something."""
        return self in (Kind.COUNT, Kind.CHANNELS)


@dataclass(frozen=True)
class Quantity:
    """One number of a module or link.

    Attributes:
        name: its key in hardware files, such as `two_qubit.fidelity`.
        kind: unit and range.
        better: 1 if more is better, -1 if less is, 0 if neither.
        path: the attributes that lead to it in `Module` or `Link`.
        qubits: how many qubits one measurement of it concerns: 1, 2, or 0 if it belongs to the part as a whole.
    """

    name: str
    kind: Kind
    better: int
    path: tuple[str, ...]
    qubits: int = 0

    def of(self, part: Module | Link) -> float | None:
        """The number of a part; None if it is unknown, or if there is no limit to it."""
        value: object = part
        for step in self.path:
            value = getattr(value, step)
        assert value is None or isinstance(value, int | float)
        return value

    def put(self, part: P, value: float) -> P:
        """The part with another number."""
        first, *rest = self.path
        number: Any = int(value) if self.kind.whole else value
        return replace(part, **{first: replace(getattr(part, first), **{rest[0]: number}) if rest else number})

    def worsening(self, was: float, found: float) -> float:
        """By which part of what it was the number got worse, 0 if it did not; of a fidelity, what is missing to 1.

        >>> MODULE_QUANTITIES["two_qubit.fidelity"].worsening(0.99, 0.985)
        0.5
        >>> MODULE_QUANTITIES["t1_s"].worsening(2e-4, 1.5e-4)
        0.25
        """
        if self.kind is Kind.FIDELITY:
            was, found = 1 - was, 1 - found
            worse = found - was
        else:
            worse = (found - was) * -self.better if self.better else abs(found - was)
        if worse <= 0:
            return 0.0
        return float(f"{worse / abs(was):.9g}") if was else math.inf


def _operation(name: str, qubits: int) -> list[Quantity]:
    return [
        Quantity(f"{name}.fidelity", Kind.FIDELITY, 1, (name, "fidelity"), qubits),
        Quantity(f"{name}.duration_s", Kind.SECONDS, -1, (name, "duration_s"), qubits),
    ]


def _by_name(*quantities: Quantity) -> Mapping[str, Quantity]:
    return MappingProxyType({quantity.name: quantity for quantity in quantities})


MODULE_QUANTITIES = _by_name(
    Quantity("data", Kind.COUNT, 1, ("data_qubits",)),
    Quantity("comm", Kind.COUNT, 1, ("comm_qubits",)),
    Quantity("memory", Kind.COUNT, 1, ("memory_qubits",)),
    *_operation("one_qubit", 1),
    *_operation("two_qubit", 2),
    *_operation("readout", 1),
    *_operation("reset", 1),
    *_operation("comm_reset", 1),
    *_operation("swap_in", 0),
    Quantity("t1_s", Kind.LIFETIME, 1, ("t1_s",), 1),
    Quantity("t2_s", Kind.LIFETIME, 1, ("t2_s",), 1),
    Quantity("comm_t2_s", Kind.LIFETIME, 1, ("comm_t2_s",), 1),
    Quantity("memory_lifetime_s", Kind.LIFETIME, 1, ("memory_lifetime_s",)),
)
"""Those of modules, by name."""

LINK_QUANTITIES = _by_name(
    Quantity("ebit.fidelity", Kind.FIDELITY, 1, ("ebit_fidelity",)),
    Quantity("ebit.rate_hz", Kind.HERTZ, 1, ("rate_hz",)),
    Quantity("ebit.cutoff_s", Kind.LIFETIME, 0, ("cutoff_s",)),
    *_operation("remote_gate", 0),
    Quantity("parallel_channels", Kind.CHANNELS, 1, ("parallel_channels",)),
    Quantity("latency_s", Kind.SECONDS, -1, ("latency_s",)),
    Quantity("length_m", Kind.METRES, 0, ("length_m",)),
)
"""Those of links, by name."""
