"""Quantity: what of the hardware is varied, the values that it can have, and the hardware with another value.

Values are steps of a ladder, the better ones higher: whole numbers of qubits, rates of three digits, and fidelities
whose distance from 1 has three digits. So there is a next smaller value for each, which a search can end at.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from dqplan.core.errors import UsageError
from dqplan.core.hardware import Hardware, Link, LinkKind, Module, Operating, Provenance, Role

_Part = TypeVar("_Part", Module, Link)

MOST_QUBITS = 1_000_000
_RATES_HZ = 1e-6, 1e15
_DECADE = 900
"""Numbers of three digits, 100 to 999."""
_PERFECT = 1
"""The step of fidelity 1, above all others."""
_LEAST_LOSS = Decimal("1e-6")


class Quantity(StrEnum):
    """What is varied: qubits of modules, or the e-bits of links."""

    DATA = "data"
    COMM = "comm"
    RATE = "rate"
    FIDELITY = "fidelity"

    @property
    def of_modules(self) -> bool:
        """Whether it is a number of qubits."""
        return self in (Quantity.DATA, Quantity.COMM)

    def value_at(self, step: int) -> float:
        """The value of a step; whole for qubits, hertz, or a fidelity."""
        match self:
            case Quantity.RATE:
                return float(_number(step))
            case Quantity.FIDELITY:
                return 1.0 if step == _PERFECT else float(1 - _number(-step + _step(_LEAST_LOSS, ROUND_FLOOR)))
            case _:
                return step

    def step_of(self, value: float, *, up: bool) -> int:
        """The step of a value; of the next one above or below if it lies between two."""
        exact = Decimal(repr(value))
        match self:
            case Quantity.RATE:
                return _step(exact, ROUND_CEILING if up else ROUND_FLOOR)
            case Quantity.FIDELITY:
                if 1 - exact < _LEAST_LOSS:
                    return _PERFECT if up or exact == 1 else 0
                return _step(_LEAST_LOSS, ROUND_FLOOR) - _step(1 - exact, ROUND_FLOOR if up else ROUND_CEILING)
            case _:
                return math.ceil(value) if up else math.floor(value)

    def check(self, value: float) -> None:
        """Raises UsageError for what no hardware has."""
        if self.of_modules:
            low, most, good = float(self is Quantity.DATA), float(MOST_QUBITS), "whole numbers of qubits"
            right = math.isfinite(value) and value == int(value)
        elif self is Quantity.RATE:
            low, most, good, right = *_RATES_HZ, "e-bits per second", True
        else:
            low, most, good, right = 0.0, 1.0, "fidelities", True
        if not (right and low <= value <= most):
            raise UsageError(f"--range: found {value:g}; {good} from {low:g} to {most:g} are allowed")


def _number(step: int) -> Decimal:
    """A number of three digits by its place among all of them; 1.00 is at 0."""
    decade, digits = divmod(step, _DECADE)
    return Decimal(digits + 100).scaleb(decade - 2)


def _step(number: Decimal, rounding: str) -> int:
    """The inverse of `_number`."""
    decade = number.adjusted()
    digits = int(number.scaleb(2 - decade).to_integral_value(rounding))
    return decade * _DECADE + digits - 100


@dataclass(frozen=True)
class Knob:
    """A quantity of certain modules or links.

    Attributes:
        quantity: what is varied.
        only: name of the module or link; empty: all modules that have such qubits, or all links of e-bits, alike.
    """

    quantity: Quantity
    only: str = ""

    def modules(self, hardware: Hardware) -> list[Module]:
        """The modules that are varied.

        Raises:
            UsageError: there is none, or its qubits are coupled in a way that another number would break.
        """
        if self.quantity is Quantity.DATA:
            able = [m for m in hardware.modules if m.role is Role.PROCESSOR and m.data_qubits]
        else:
            able = [m for m in hardware.modules if m.comm_qubits != 0] or list(hardware.modules)
        chosen = _chosen(self.only, {module.name: module for module in able}, f"{self.quantity} qubits")
        for module in chosen:
            if module.coupling is not None:
                message = f"{module.name} has a coupling map, which says how many qubits it has"
                raise UsageError(message, hint="leave its `coupling` out of the hardware file, or vary links")
        return chosen

    def links(self, hardware: Hardware) -> list[Link]:
        """The links that are varied; raises UsageError if there is none."""
        ebit = {name: link for name, link in hardware.link_by_name.items() if link.kind is LinkKind.EBIT}
        return _chosen(self.only, ebit, "heralded e-bits")

    def turned(self, hardware: Hardware, value: float) -> Hardware:
        """The hardware with another value; what was varied counts as assumed.

        Errors of an e-bit keep their ratio. A remote gate that was measured as a whole says nothing about links with
        another fidelity, and is left out.
        """
        if self.quantity.of_modules:
            return self._resized(hardware, int(value))
        return self._relinked(hardware, value)

    def _resized(self, hardware: Hardware, qubits: int) -> Hardware:
        chosen = self.modules(hardware)
        resize = _larger(qubits) if self.quantity is Quantity.DATA else _joined(qubits)
        modules = tuple(resize(module) if module in chosen else module for module in hardware.modules)
        known = _without(hardware, {f"{module.entry}.{self.quantity}" for module in chosen})
        return replace(hardware, name=self._name(hardware, qubits), modules=modules, provenance=known)

    def _relinked(self, hardware: Hardware, value: float) -> Hardware:
        chosen = self.links(hardware)
        change = _faster(value) if self.quantity is Quantity.RATE else _better(value)
        links = tuple(change(link) if link in chosen else link for link in hardware.links)
        keys = ("rate_hz",) if self.quantity is Quantity.RATE else ("fidelity", "bell_diagonal")
        known = _without(hardware, {f"{link.entry}.ebit.{key}" for link in chosen for key in keys})
        return replace(hardware, name=self._name(hardware, value), links=links, provenance=known)

    def _name(self, hardware: Hardware, value: float) -> str:
        return f"{hardware.name} {self.quantity}={value:.12g}" + (f" at {self.only}" if self.only else "")


def _chosen(only: str, able: dict[str, _Part], what: str) -> list[_Part]:
    if not able:
        raise UsageError(f"the hardware has nothing with {what} to vary", hint="choose something else with --vary")
    if only and only not in able:
        close = get_close_matches(only, able, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"choose from {', '.join(list(able)[:12])}"
        raise UsageError(f"--only: `{only}` has no {what} here", hint=hint)
    return [able[only]] if only else list(able.values())


def _without(hardware: Hardware, keys: set[str]) -> dict[str, Provenance]:
    return {key: origin for key, origin in hardware.provenance.items() if key not in keys}


def _larger(qubits: int) -> Callable[[Module], Module]:
    return lambda module: replace(module, data_qubits=qubits)


def _joined(qubits: int) -> Callable[[Module], Module]:
    return lambda module: replace(module, comm_qubits=qubits)


def _faster(rate_hz: float) -> Callable[[Link], Link]:
    return lambda link: replace(link, rate_hz=rate_hz)


def _better(fidelity: float) -> Callable[[Link], Link]:
    def better(link: Link) -> Link:
        errors = link.bell_diagonal[1:] if link.bell_diagonal else ()
        total, bell = sum(errors), None
        if total:
            x, y, z = (error / total * (1 - fidelity) for error in errors)
            bell = (fidelity, x, y, z)
        return replace(link, ebit_fidelity=fidelity, bell_diagonal=bell, remote_gate=Operating())

    return better
