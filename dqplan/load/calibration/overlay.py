"""Modules or links x numbers -> the same with these numbers, and where all their numbers come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar

from dqplan.core.errors import HardwareError, Place
from dqplan.core.hardware import Basis, Link, Module, Provenance
from dqplan.core.quantities import MODULE_QUANTITIES, Quantity

P = TypeVar("P", Module, Link)


@dataclass(frozen=True)
class Measured:
    """A number to be set, where it comes from and stands, and the gate that was measured, if it is one of a gate."""

    value: float
    origin: Provenance
    place: Place
    gate: str = ""


Numbers = Mapping[Quantity, Measured]


def overlaid(parts: Sequence[tuple[P, Numbers]], provenance: dict[str, Provenance]) -> tuple[P, ...]:
    """Parts with their new numbers.

    Args:
        parts: all modules, or all links, of a hardware, each with the numbers to be set.
        provenance: of the hardware; it is brought up to date.

    Raises:
        HardwareError: T2 exceeds 2 T1.
    """
    variants: dict[str, list[tuple[Numbers, str]]] = defaultdict(list)
    for part, numbers in parts:
        if all(numbers != other for other, _ in variants[part.entry]):
            variants[part.entry].append((numbers, part.entry))
    free = count(len(parts))
    for entry, found in variants.items():
        if len(found) > 1:  # what one entry made is no longer equal
            kind = entry.partition(".")[0]
            variants[entry] = [(numbers, f"{kind}.{next(free)}") for numbers, _ in found]
            for _, new in variants[entry]:
                _copy_origins(entry, new, provenance)
    entries = [next(new for other, new in variants[part.entry] if other == numbers) for part, numbers in parts]
    return tuple(
        _with_numbers(replace(part, entry=entry), numbers, provenance)
        for (part, numbers), entry in zip(parts, entries, strict=True)
    )


def _copy_origins(old: str, new: str, provenance: dict[str, Provenance]) -> None:
    """Where the numbers of an entry come from, for another one; how many parts it makes is its own."""
    provenance.pop(f"{old}.count", None)
    for key, origin in list(provenance.items()):
        if key.startswith(f"{old}."):
            provenance[f"{new}.{key.removeprefix(f'{old}.')}"] = origin


def _with_numbers(part: P, numbers: Numbers, provenance: dict[str, Provenance]) -> P:
    for quantity, measured in numbers.items():
        bell = getattr(part, "bell_diagonal", None)
        if bell is not None and quantity.name == "ebit.fidelity":
            part = replace(part, **_bell(bell, measured.value))
            provenance[f"{part.entry}.ebit.bell_diagonal"] = _derived(measured.origin)
        part = quantity.put(part, measured.value)
        if measured.gate:
            name = quantity.path[0]
            part = replace(part, **{name: replace(getattr(part, name), gate=measured.gate)})
        provenance[f"{part.entry}.{quantity.name}"] = measured.origin
    if isinstance(part, Module):
        _check_lifetimes(part, numbers)
    return part


def _bell(weights: tuple[float, ...], fidelity: float) -> dict[str, Any]:
    """Beside another fidelity, the weights of errors in their old proportions, or equal ones."""
    errors, wrong = weights[1:], 1 - fidelity
    total = sum(errors)
    x, y, z = (each / total * wrong if total else wrong / 3 for each in errors)
    return {"bell_diagonal": (fidelity, x, y, z)}


def _derived(origin: Provenance) -> Provenance:
    note = "derived: errors in the proportions of before the calibration"
    return replace(origin, basis=Basis.ASSUMED, uncertainty=None, note=note)


def _check_lifetimes(module: Module, numbers: Numbers) -> None:
    for key, t2_s in (("t2_s", module.t2_s), ("comm_t2_s", module.comm_t2_s)):
        if t2_s is None or module.t1_s is None or t2_s <= 2 * module.t1_s:
            continue
        named = (numbers.get(MODULE_QUANTITIES[each]) for each in (key, "t1_s"))
        place = next((measured.place for measured in named if measured), None)
        message = f"{module.name}: T2 = {t2_s:g} s exceeds 2 T1 = {2 * module.t1_s:g} s, which no qubit can"
        raise HardwareError(message, place=place)
