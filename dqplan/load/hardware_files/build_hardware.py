"""A hardware file that was found right -> Hardware."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dqplan.core.hardware import Basis, Fact, Hardware, Link, LinkKind, Module, Operating, Provenance, Role, Source
from dqplan.load.hardware_files.draft import Draft, joined_pairs, member_names
from dqplan.load.hardware_files.shapes import parse_shape

if TYPE_CHECKING:
    from pydantic import BaseModel

    from dqplan.load.hardware_files.schema import HardwareFile, LinkEntry, ModuleEntry, Number, Operation


def build_hardware(file: HardwareFile, draft: Draft, name: str) -> Hardware:
    """The network that the file describes; `name` is used if the file gives none."""
    modules = tuple(module for i, entry in enumerate(file.modules) for module in _modules(entry, i))
    index = {module.name: i for i, module in enumerate(modules)}
    return Hardware(
        name=file.name or name,
        modules=modules,
        links=tuple(link for i, entry in enumerate(file.links) for link in _links(entry, draft, i, index)),
        title=file.title,
        maturity=file.maturity,
        year=file.year,
        sources=tuple(Source(key, s.title, s.reference, s.seen, s.kind) for key, s in file.sources.items()),
        provenance=MappingProxyType(dict(_provenance(file, ""))),
        refusal=file.refuse,
        facts=MappingProxyType({key: Fact(fact.value, fact.unit) for key, fact in file.facts.items()}),
        notes=file.notes,
    )


def _modules(entry: ModuleEntry, position: int) -> list[Module]:
    coupling = _coupling(entry)
    names = member_names(entry.name, _value(entry.count))
    return [
        Module(
            name=name,
            data_qubits=entry.data.value,
            comm_qubits=None if entry.comm.value == "unlimited" else entry.comm.value,
            memory_qubits=_value(entry.memory) or 0,
            role=Role(entry.role),
            technology=entry.technology,
            native_gates=None if entry.native_gates is None else tuple(entry.native_gates),
            coupling=coupling,
            coupling_known=entry.coupling != "unspecified",
            one_qubit=_operating(entry.one_qubit),
            two_qubit=_operating(entry.two_qubit),
            readout=_operating(entry.readout),
            reset=_operating(entry.reset),
            comm_reset=_operating(entry.comm_reset),
            swap_in=_operating(entry.swap_in),
            t1_s=_value(entry.t1_s),
            t2_s=_value(entry.t2_s),
            comm_t2_s=_value(entry.comm_t2_s),
            memory_lifetime_s=_value(entry.memory_lifetime_s),
            entry=f"modules.{position}",
        )
        for name in names
    ]


def _coupling(entry: ModuleEntry) -> tuple[tuple[int, int], ...] | None:
    if isinstance(entry.coupling, list):
        return tuple((min(pair), max(pair)) for pair in entry.coupling)
    shape = parse_shape(entry.coupling)
    if shape is None or shape.kind == "all":
        return None
    comm = entry.comm.value
    return tuple(shape.pairs(entry.data.value + (0 if comm == "unlimited" else comm)))


def _links(entry: LinkEntry, draft: Draft, position: int, index: dict[str, int]) -> Iterator[Link]:
    ebit = entry.ebit
    bell = _value(ebit.bell_diagonal) if ebit else None
    fidelity = _value(ebit.fidelity) if ebit else None
    path, raw = draft.links[position]
    for pair in joined_pairs(draft, path, raw):
        a, b = sorted(index[name] for name in pair)
        yield Link(
            a=a,
            b=b,
            kind=LinkKind(entry.type),
            technology=entry.technology,
            ebit_fidelity=bell[0] if fidelity is None and bell else fidelity,
            bell_diagonal=tuple(bell) if bell else None,
            rate_hz=_value(ebit.rate_hz) if ebit else None,
            cutoff_s=_value(ebit.cutoff_s) if ebit else None,
            parallel_channels=_value(entry.parallel_channels) or 1,
            latency_s=_value(entry.latency_s),
            length_m=_value(entry.length_m),
            weight=entry.weight,
            remote_gate=_operating(entry.remote_gate),
            entry=f"links.{position}",
        )


def _operating(operation: Operation) -> Operating:
    return Operating(operation.gate, _value(operation.fidelity), _value(operation.duration_s))


def _value(number: Number[Any] | None) -> Any:
    return None if number is None else number.value


def _provenance(model: BaseModel, path: str) -> Iterator[tuple[str, Provenance]]:
    """Where each number below `model` comes from, by its path in the file."""
    from dqplan.load.hardware_files.schema import Number

    for name in type(model).model_fields:
        for key, value in _parts(getattr(model, name), f"{path}{name}"):
            if isinstance(value, Number):
                yield key, _origin(value)
            else:
                yield from _provenance(value, f"{key}.")


def _parts(value: object, path: str) -> Iterator[tuple[str, Any]]:
    """The models in a field: itself, or the items of a list or mapping."""
    from pydantic import BaseModel

    if isinstance(value, BaseModel):
        yield path, value
    elif isinstance(value, list | dict):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        yield from ((f"{path}.{key}", item) for key, item in items if isinstance(item, BaseModel))


def _origin(number: Number[Any]) -> Provenance:
    return Provenance(
        Basis(number.basis), number.source, number.uncertainty, number.unverified, number.note, number.date
    )
