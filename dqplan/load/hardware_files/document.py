"""Hardware <-> plain data in the hardware file's own format, so that it can be stored in other files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from dqplan.core.hardware import Basis, Hardware, Link, Module, Operating, Provenance, Source
from dqplan.load.hardware_files.draft import member_names
from dqplan.load.hardware_files.lines import FLOAT, Document
from dqplan.load.load_hardware import hardware_of

SCHEMA = "dqplan.hardware/1"


def hardware_document(hardware: Hardware) -> dict[str, Any]:
    """The hardware as a hardware file: dicts, lists and scalars that JSON and YAML can hold.

    `hardware_of_document` gives back equal modules, links, sources and facts in the same order, hence the same digest;
    numbers without provenance come back as assumed. Equal modules and links of one entry are written once.
    """
    document = {
        "schema": SCHEMA,
        "name": hardware.name,
        "title": hardware.title,
        "maturity": hardware.maturity,
        "year": hardware.year,
        "notes": hardware.notes,
        "refuse": hardware.refusal,
        "sources": {source.key: _source(source) for source in hardware.sources},
        "facts": {
            name: _number(fact.value, hardware.provenance.get(f"facts.{name}"), unit=fact.unit)
            for name, fact in hardware.facts.items()
        },
        "modules": [_module(group, hardware.provenance) for group in _module_groups(hardware.modules)],
        "links": [_link(group, hardware) for group in _link_groups(hardware.links)],
    }
    return _filled(document)


def hardware_of_document(document: object, source: str = "hardware") -> Hardware:
    """The inverse of `hardware_document`.

    Args:
        document: what `hardware_document` gave, perhaps after a journey through JSON.
        source: file that the document was found in, for error messages.

    Raises:
        HardwareError: the document breaks the format.
    """
    return hardware_of(Document(source, document))


def hardware_yaml(hardware: Hardware) -> str:
    """The hardware as the text of a hardware file."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Quotes texts that only YAML 1.2 takes for numbers, such as `1e-5`."""

    Dumper.add_implicit_resolver("tag:yaml.org,2002:float", FLOAT, list("-+.0123456789"))
    document = hardware_document(hardware)
    # PyYAML folds the character "next line" as if it were a space, and what cannot be printed may steer a terminal.
    readable = not re.search(r"\\[xuU]", repr(document))
    return yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=readable, width=110)


def stated_numbers(hardware: Hardware) -> list[tuple[str, object, Provenance]]:
    """Every number of the hardware's file: its path, value (comm qubits may be `unlimited`) and provenance."""
    document = hardware_document(hardware)
    return [(key, _stated(document, key), origin) for key, origin in hardware.provenance.items()]


def _stated(document: object, key: str) -> object:
    for step in key.split("."):
        document = document[int(step)] if isinstance(document, list) else document[step]  # type: ignore[index]
    return document["value"] if isinstance(document, dict) else document


def _module_groups(modules: Sequence[Module]) -> Iterator[list[Module]]:
    """Runs of modules that one `count` can stand for: of one entry, equal, and called name0, name1, ..."""
    taken = {module.name for module in modules}
    for _, run in groupby(modules, key=lambda module: (module.entry, replace(module, name=""))):
        group = list(run)
        stem = group[0].name.removesuffix("0")
        if [module.name for module in group] == member_names(stem, len(group)) and stem not in taken:
            yield group
        else:
            yield from ([module] for module in group)


def _link_groups(links: Sequence[Link]) -> Iterator[list[Link]]:
    """Runs of links that differ in their ends only."""
    for _, run in groupby(links, key=lambda link: (link.entry, replace(link, a=0, b=0))):
        yield list(run)


def _module(group: list[Module], provenance: Mapping[str, Provenance]) -> dict[str, Any]:
    module = group[0]
    origin = _Origin(provenance, module.entry)
    counted = len(group) > 1 or f"{module.entry}.count" in provenance
    return _filled(
        {
            "name": module.name.removesuffix("0") if counted else module.name,
            "count": origin.number("count", len(group)) if counted else None,
            "role": str(module.role),
            "technology": module.technology,
            "data": origin.number("data", module.data_qubits),
            "comm": origin.number("comm", "unlimited" if module.comm_qubits is None else module.comm_qubits),
            "memory": origin.stated("memory", module.memory_qubits, 0),
            "native_gates": None if module.native_gates is None else list(module.native_gates),
            "coupling": _coupling(module),
            "one_qubit": origin.operation("one_qubit", module.one_qubit),
            "two_qubit": origin.operation("two_qubit", module.two_qubit),
            "readout": origin.operation("readout", module.readout),
            "reset": origin.operation("reset", module.reset),
            "comm_reset": origin.operation("comm_reset", module.comm_reset),
            "swap_in": origin.operation("swap_in", module.swap_in),
            **origin.numbers(module, "t1_s", "t2_s", "comm_t2_s", "memory_lifetime_s"),
        }
    )


def _coupling(module: Module) -> str | list[list[int]]:
    if module.coupling is not None:
        return [list(pair) for pair in module.coupling]
    return "all" if module.coupling_known else "unspecified"


def _link(group: list[Link], hardware: Hardware) -> dict[str, Any]:
    link = group[0]
    origin = _Origin(hardware.provenance, link.entry)
    names = [[hardware.modules[each.a].name, hardware.modules[each.b].name] for each in group]
    bell = None if link.bell_diagonal is None else list(link.bell_diagonal)
    return _filled(
        {
            "between": names[0] if len(names) == 1 else names,
            "type": str(link.kind),
            "technology": link.technology,
            "ebit": _filled(
                {
                    "fidelity": origin.stated("ebit.fidelity", link.ebit_fidelity, bell and bell[0]),
                    "bell_diagonal": origin.number("ebit.bell_diagonal", bell),
                    "rate_hz": origin.number("ebit.rate_hz", link.rate_hz),
                    "cutoff_s": origin.number("ebit.cutoff_s", link.cutoff_s),
                }
            ),
            "remote_gate": origin.operation("remote_gate", link.remote_gate),
            "parallel_channels": origin.stated("parallel_channels", link.parallel_channels, 1),
            **origin.numbers(link, "latency_s", "length_m"),
            "weight": None if link.weight == 1 else link.weight,
        }
    )


class _Origin:
    """Writes the numbers of one module or link with their provenance."""

    def __init__(self, provenance: Mapping[str, Provenance], entry: str) -> None:
        self.provenance = provenance
        self.entry = entry

    def number(self, key: str, value: object) -> object:
        return _number(value, self.provenance.get(f"{self.entry}.{key}"))

    def stated(self, key: str, value: object, default: object) -> object:
        """The number, or None if it is the default and the file did not give it."""
        known = value != default or f"{self.entry}.{key}" in self.provenance
        return self.number(key, value) if known else None

    def numbers(self, holder: Module | Link, *keys: str) -> dict[str, object]:
        return {key: self.number(key, getattr(holder, key)) for key in keys}

    def operation(self, key: str, operation: Operating) -> dict[str, Any]:
        fidelity = self.number(f"{key}.fidelity", operation.fidelity)
        duration = self.number(f"{key}.duration_s", operation.duration_s)
        return _filled({"gate": operation.gate, "fidelity": fidelity, "duration_s": duration})


def _number(value: object, origin: Provenance | None, unit: str = "") -> object:
    """A bare number if nothing is known about it, else `{value: ..., basis: ...}`."""
    if value is None or (origin in (None, Provenance()) and not unit):
        return value
    known = origin or Provenance()
    return _filled(
        {
            "value": value,
            "unit": unit,
            "basis": None if known.basis is Basis.ASSUMED else str(known.basis),
            "source": known.source,
            "uncertainty": known.uncertainty,
            "unverified": known.unverified or None,
            "note": known.note,
            "date": known.date,
        }
    )


def _source(source: Source) -> dict[str, str]:
    rest = {"reference": source.reference, "seen": source.seen, "kind": source.kind}
    return {"title": source.title, **_filled(rest)}


def _filled(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without keys that say nothing."""
    return {key: value for key, value in content.items() if value is not None and value != "" and value != {}}
