"""Hardware x measured values -> Hardware, and what has drifted.

Numbers that were measured replace those of the hardware, with the basis `measured`, their date, source and uncertainty;
all others keep what they are and where they come from. Modules or links that a file made together by one entry get
entries of their own where only some of them were measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import combinations
from pathlib import PurePath
from types import MappingProxyType

from dqplan.core.drift import Drift, Parts
from dqplan.core.errors import HardwareError, Place
from dqplan.core.hardware import Basis, Hardware, Module, Provenance, Source
from dqplan.core.quantities import MODULE_QUANTITIES, Quantity
from dqplan.core.units import counted
from dqplan.load.calibration.device import Device, Pair, Reduction, reduced
from dqplan.load.calibration.overlay import Measured, overlaid
from dqplan.load.calibration.readings import Reading
from dqplan.load.hardware_files.document import hardware_document, hardware_of_document

_MOST_EXPANDED = 200
"""Qubits of a module without a coupling map whose pairs are written out when one of them stops working."""


@dataclass(frozen=True, eq=False)
class Calibrated:
    """What came of it.

    Attributes:
        hardware: with the measured numbers.
        drifts: every number that was measured, moved or not, in the order of the hardware.
        remarks: what else was done or left, in sentences.
    """

    hardware: Hardware
    drifts: tuple[Drift, ...]
    remarks: tuple[str, ...]


def calibrate_hardware(
    hardware: Hardware,
    data: Sequence[Device | Sequence[Reading]],
    *,
    module: str = "",
    reduction: Reduction = Reduction.MEDIAN,
) -> Calibrated:
    """Put measured values over those of a hardware.

    Args:
        hardware: modules, links and numbers as they were.
        data: as `read_calibration` gives it; what comes later counts.
        module: which module, or modules made together, a whole device is; needed where there are several.
        reduction: what one number of a module is made of those of its qubits.

    Raises:
        HardwareError: a part is unknown, or named by none; qubits lie out of range; what comes out breaks a rule.
    """
    sheet = _Sheet(hardware_of_document(hardware_document(hardware)))
    for each in data:
        if isinstance(each, Device):
            sheet.add_device(each, module, reduction)
        else:
            sheet.add_readings(each, reduction)
    return sheet.calibrated()


class _Sheet:
    """The numbers to be set, by part and quantity, and pairs that do not work."""

    def __init__(self, hardware: Hardware) -> None:
        self.hardware, self.parts = hardware, Parts(hardware)
        self.groups: dict[str, list[str]] = defaultdict(list)
        for each in hardware.modules:
            if f"{each.entry}.count" in hardware.provenance:
                self.groups[_stem(hardware, each)].append(each.name)
        self.numbers: dict[str, dict[Quantity, Measured]] = defaultdict(dict)
        self.dead: dict[str, set[Pair]] = defaultdict(set)
        self.sources: dict[str, Source] = {source.key: source for source in hardware.sources}
        self.remarks: list[str] = []

    def add_device(self, device: Device, wanted: str, reduction: Reduction) -> None:
        """Numbers of a whole device."""
        place = Place(device.source)
        names = self._members(wanted, place) if wanted else [each.name for each in self.hardware.modules]
        if not wanted and len(names) != 1:
            message = f"{self.hardware.name} has {len(names)} modules, and the data do not say which one they are of"
            raise HardwareError(message, hint=f"--module {names[0] if names else 'NAME'}", place=place)
        numbers = device.numbers(reduction)
        if not numbers:
            raise HardwareError("the data hold no measured number", place=place)
        key = self._cite_device(device)
        for name in names:
            for quantity_name, number in numbers.items():
                origin = Provenance(Basis.MEASURED, key, number.uncertainty, note=number.note, date=device.date)
                gate = device.gate_of(quantity_name.partition(".")[0])
                self.numbers[name][MODULE_QUANTITIES[quantity_name]] = Measured(number.value, origin, place, gate)
            self._note_dead(name, device)

    def _note_dead(self, name: str, device: Device) -> None:
        """Pairs of a device that do not work, if its qubits are those of the module."""
        lost = {pair for pair in (self.parts.modules[name].coupling or ()) if device.faulty & set(pair)} | device.dead
        size = _size(self.parts.modules[name])
        if lost and size == device.num_qubits:
            self.dead[name] |= lost
        elif lost:
            self.remarks.append(
                f"{name} has {counted(size, 'qubit')} and the data {device.num_qubits}: its couplings stay as they are"
            )

    def add_readings(self, readings: Sequence[Reading], reduction: Reduction) -> None:
        """Numbers one by one; the latest of each counts, and single qubits are put together."""
        singles: dict[tuple[str, Quantity], list[Reading]] = defaultdict(list)
        whole: dict[tuple[str, Quantity], Reading] = {}
        for name, reading in self._latest(readings):
            if reading.qubits:
                self._check_qubits(name, reading)
                singles[name, reading.quantity].append(reading)
            else:
                whole[name, reading.quantity] = reading
                origin = self._origin(reading, reading.uncertainty, reading.note)
                self.numbers[name][reading.quantity] = Measured(reading.value, origin, reading.place)
        for (name, quantity), found in singles.items():
            if (name, quantity) in whole:
                line = whole[name, quantity].place.line
                raise HardwareError(f"{quantity.name} of {name} stands in line {line} as a whole", place=found[0].place)
            self._add_singles(name, quantity, found, reduction)

    def _latest(self, readings: Sequence[Reading]) -> Iterator[tuple[str, Reading]]:
        found: dict[tuple[str, Quantity, tuple[int, ...]], Reading] = {}
        for reading in readings:
            for name in self._members(reading.part, reading.place):
                key = (name, reading.quantity, reading.qubits)
                other = found.get(key)
                if other is not None and other.date == reading.date:
                    message = f"{reading.quantity.name} of {name} stands in line {other.place.line} already"
                    hint = "give dates: the latest value counts"
                    raise HardwareError(message, hint=hint, place=reading.place)
                if other is None or other.date < reading.date:
                    found[key] = reading
        yield from ((name, reading) for (name, *_), reading in found.items())

    def _add_singles(self, name: str, quantity: Quantity, found: list[Reading], reduction: Reduction) -> None:
        gone = [each for each in found if quantity.name == "two_qubit.fidelity" and not each.value]
        self.dead[name] |= {(each.qubits[0], each.qubits[1]) for each in gone}
        good = [each for each in found if each not in gone]
        if not good:
            return
        number = reduced((each.value for each in good), "pair" if quantity.qubits == 2 else "qubit", reduction)
        latest = max(good, key=lambda each: each.date)
        single = good[0].uncertainty if len(good) == 1 else number.uncertainty
        self.numbers[name][quantity] = Measured(number.value, self._origin(latest, single, number.note), good[0].place)

    def _check_qubits(self, name: str, reading: Reading) -> None:
        size = _size(self.parts.modules[name])
        if max(reading.qubits) >= size:
            message = f"{name} has no qubit {max(reading.qubits)}; its data and comm qubits are 0 to {size - 1}"
            raise HardwareError(message, place=reading.place)

    def _members(self, name: str, place: Place) -> list[str]:
        """The modules, or the link, that a name means."""
        part = self.parts.named(name)
        if isinstance(part, Module):
            return [part.name]
        if part is not None:
            return [self.hardware.link_name(part.a, part.b)]
        if name in self.groups:
            return self.groups[name]
        known = [*self.groups, *self.parts.modules, *self.parts.links]
        close = get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(f'`{each}`' for each in close)}?" if close else f"parts: {_some(known)}"
        raise HardwareError(f"{self.hardware.name} has no part `{name[:80]}`", hint=hint, place=place)

    def _origin(self, reading: Reading, uncertainty: float | None, note: str) -> Provenance:
        file = PurePath(reading.place.source.strip("<>")).name
        key = reading.source or file
        title = reading.source or f"measured values in {file}"
        self.sources.setdefault(key, Source(key, title, "" if reading.source else file, kind="own"))
        return Provenance(Basis.MEASURED, key, uncertainty, note=note, date=reading.date)

    def _cite_device(self, device: Device) -> str:
        source = device.cited
        self.sources[source.key] = source
        return source.key

    def calibrated(self) -> Calibrated:
        """The hardware with all of it."""
        provenance = dict(self.hardware.provenance)
        modules = overlaid([(each, self.numbers.get(each.name, {})) for each in self.hardware.modules], provenance)
        named = {id(link): name for name, link in self.parts.links.items()}
        links = overlaid(
            [(each, self.numbers.get(named.get(id(each), ""), {})) for each in self.hardware.links], provenance
        )
        modules = tuple(self._without_dead(each) for each in modules)
        made = replace(
            self.hardware,
            modules=modules,
            links=links,
            sources=tuple(self.sources.values()),
            provenance=MappingProxyType(provenance),
        )
        try:
            hardware = hardware_of_document(hardware_document(made))
        except HardwareError as error:
            message = f"with these numbers, the hardware breaks a rule: {error}"
            raise HardwareError(message, hint=error.hint) from error
        self._note_remote_gates()
        return Calibrated(hardware, tuple(self._drifts(hardware)), tuple(dict.fromkeys(self.remarks)))

    def _without_dead(self, module: Module) -> Module:
        dead = self.dead.get(module.name, set())
        if not dead:
            return module
        size = _size(module)
        if module.coupling is None and (not module.coupling_known or size > _MOST_EXPANDED):
            told = "not known" if not module.coupling_known else "those of all qubits"
            self.remarks.append(
                f"{counted(len(dead), 'pair')} of {module.name} not taken out: its couplings are {told}"
            )
            return module
        pairs = module.coupling or tuple(combinations(range(size), 2))
        left = tuple(pair for pair in pairs if tuple(sorted(pair)) not in dead)
        if gone := len(pairs) - len(left):
            do = "does" if gone == 1 else "do"
            self.remarks.append(f"{counted(gone, 'pair')} of {module.name} {do} not work and left its coupling map")
        if not left:
            raise HardwareError(f"no pair of {module.name} works, so that it can do no two-qubit gate")
        return replace(module, coupling=left)

    def _note_remote_gates(self) -> None:
        """A remote gate that was measured as a whole says what counts, whatever its e-bits are."""
        for name, link in self.parts.links.items():
            measured = {quantity.name for quantity in self.numbers.get(name, {})}
            overridden = "ebit.fidelity" in measured and "remote_gate.fidelity" not in measured
            if overridden and link.remote_gate.fidelity is not None:
                self.remarks.append(f"the remote gate of {name} still counts in place of its e-bits")

    def _drifts(self, hardware: Hardware) -> Iterator[Drift]:
        now = Parts(hardware)
        for name in (*now.modules, *now.links):
            old, new = self.parts.named(name), now.named(name)
            assert old is not None
            assert new is not None
            for quantity in self.numbers.get(name, {}):
                origins = self.parts.origin(old, quantity), now.origin(new, quantity)
                yield Drift(name, quantity, quantity.of(old), quantity.of(new), *origins)


def _size(module: Module) -> int:
    """Data and comm qubits, the latter if they are limited."""
    return module.data_qubits + (module.comm_qubits or 0)


def _stem(hardware: Hardware, module: Module) -> str:
    """The name that the entry of a module made by a `count` has."""
    first = next(each for each in hardware.modules if each.entry == module.entry)
    return first.name.removesuffix("0")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
