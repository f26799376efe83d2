"""Hardware -> tables for people, and the list of presets as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from dqplan.cli.streams import printable
from dqplan.core import units
from dqplan.core.hardware import Basis, Hardware, Link, Module, Provenance

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table


def list_json(systems: Sequence[Hardware]) -> list[dict[str, Any]]:
    """One dict per system; `slowest_link_hz` is null where a link makes no e-bits or has no known rate."""
    return [
        {
            "name": system.name,
            "title": system.title,
            "maturity": system.maturity,
            "year": system.year,
            "modules": system.num_modules,
            "data_qubits": int(system.data_capacity.sum()),
            "slowest_link_hz": slowest_link_hz(system),
            "plannable": not system.refusal,
            "refusal": system.refusal,
            "basis": {str(basis): number for basis, number in system.basis_counts.items()},
        }
        for system in systems
    ]


def list_table(systems: Sequence[Hardware]) -> Group:
    """Systems with their size, slowest link and how many numbers are measured, roadmap and assumed."""
    from rich.console import Group

    table = _table("name", "modules", "data", "slowest", "m/r/a", "maturity", right=(1, 2, 3, 4))
    for system in systems:
        rate = slowest_link_hz(system)
        _row(
            table,
            system.name,
            str(system.num_modules),
            units.count(int(system.data_capacity.sum())),
            "-" if rate is None else units.frequency(rate),
            "/".join(str(system.basis_counts[basis]) for basis in Basis),
            system.maturity.partition("(")[0].strip() + (", refused" if system.refusal else ""),
        )
    legend = "data: data qubits; slowest: e-bit rate of the slowest link; m/r/a: numbers measured, roadmap, assumed"
    return Group(table, "", legend)


def slowest_link_hz(system: Hardware) -> float | None:
    """The smallest rate of an e-bit link over all its channels; None if any quantum link's rate is unknown."""
    links = system.quantum_links.values()
    rates = [link.rate_hz * link.parallel_channels for link in links if link.rate_hz is not None]
    return min(rates) if rates and len(rates) == len(links) else None


def show_tables(system: Hardware) -> Group:
    """Heading, modules, links, every number with basis and source, notes on them, sources."""
    from rich.console import Group

    return Group(*_parts(system))


def _parts(system: Hardware) -> Iterator[RenderableType]:
    yield from _heading(system)
    if system.modules:
        yield ""
        yield _module_table(system.modules)
    if system.links:
        yield ""
        yield _link_table(system)
    if system.provenance:
        yield from _numbers(system)
    else:
        yield "\nNothing here is measured: links are perfect, gates have neither errors nor durations."


def _heading(system: Hardware) -> Iterator[str]:
    yield printable(f"{system.name}: {system.title}" if system.title else system.name)
    about = [str(part) for part in (system.year, system.maturity) if part]
    if about:
        yield printable(", ".join(about))
    if system.refusal:
        yield printable(f"Cannot be planned on: {system.refusal}")
    if system.notes:
        yield printable(f"\n{system.notes}")


def _module_table(modules: Sequence[Module]) -> Table:
    table = _table("modules", "role", "data", "comm", "memory", "coupling", "technology", right=(2, 3, 4))
    for group in _runs(modules):
        module = group[0]
        _row(
            table,
            module.name if len(group) == 1 else f"{module.name} to {group[-1].name}",
            str(module.role),
            units.count(module.data_qubits),
            "unlimited" if module.comm_qubits is None else units.count(module.comm_qubits),
            units.count(module.memory_qubits),
            _coupling(module),
            module.technology,
        )
    return table


def _runs(modules: Sequence[Module]) -> Iterator[list[Module]]:
    """Neighbouring modules that differ in their names only."""
    for _, run in groupby(modules, key=lambda module: [vars(module)[key] for key in vars(module) if key != "name"]):
        yield list(run)


def _coupling(module: Module) -> str:
    if module.coupling is not None:
        return units.counted(len(module.coupling), "pair")
    return "all" if module.coupling_known else "unspecified"


def _link_table(system: Hardware) -> Table:
    weight = ["weight"] if system.weighted else []
    columns = ("links", "type", "fidelity", "speed", "channels", "latency", "length", *weight)
    table = _table(*columns, right=tuple(range(2, len(columns))))
    for _, run in groupby(system.links, key=lambda link: [vars(link)[key] for key in vars(link) if key not in "ab"]):
        links = list(run)
        first = links[0]
        name = system.link_name(first.a, first.b)
        _row(
            table,
            name if len(links) == 1 else f"{name} and {len(links) - 1} more",
            first.kind.replace("_", " "),
            _link_fidelity(first),
            _link_speed(first),
            str(first.parallel_channels),
            "-" if first.latency_s is None else units.duration(first.latency_s),
            "-" if first.length_m is None else f"{first.length_m:g} m",
            *([f"{first.weight:g}"] if system.weighted else []),
        )
    return table


def _link_fidelity(link: Link) -> str:
    ebit, gate = link.ebit_fidelity, link.remote_gate.fidelity
    parts = ([] if ebit is None else [f"{ebit:g}"]) + ([] if gate is None else [f"gate {gate:g}"])
    return ", ".join(parts) or "-"


def _link_speed(link: Link) -> str:
    if link.rate_hz is not None:
        return units.frequency(link.rate_hz)
    return "-" if link.remote_gate.duration_s is None else units.duration(link.remote_gate.duration_s)


def _numbers(system: Hardware) -> Iterator[RenderableType]:
    from dqplan.load.hardware_files.document import stated_numbers

    rows = [(_readable(system, key), value, origin) for key, value, origin in stated_numbers(system)]
    table = _table("number", "value", "basis", "source", right=(1,))
    for key, value, origin in rows:
        _row(table, key, _shown(value, origin), _basis(origin), origin.source or "-")
    yield ""
    yield table
    yield ""
    yield _basis_line(system)
    yield from _section("Notes", [f"{key}: {origin.note}" for key, _, origin in rows if origin.note])
    yield from _section("Sources", [_source_line(system, i) for i in range(len(system.sources))])


def _readable(system: Hardware, key: str) -> str:
    """`h.data` for `modules.0.data`, `m0--m1.rate_hz` for `links.0.ebit.rate_hz`."""
    kind, position, *rest = key.split(".")
    entry = f"{kind}.{position}"
    if kind == "modules":
        names = [module.name for module in system.modules if module.entry == entry]
        owner = names[0] if len(names) == 1 else f"{names[0]}..{names[-1]}"
    elif kind == "links":
        link = next(link for link in system.links if link.entry == entry)
        owner = system.link_name(link.a, link.b)
    else:
        return position
    return ".".join([owner, *rest])


def _shown(value: object, origin: Provenance) -> str:
    if isinstance(value, float):
        return units.measured(value, origin.uncertainty)
    if isinstance(value, list):  # Bell weights, on two lines lest they make the column wide
        return "{:g} {:g}\n{:g} {:g}".format(*value)
    return str(value)


def _basis(origin: Provenance) -> str:
    return f"{origin.basis} ?" if origin.unverified else str(origin.basis)


def _basis_line(system: Hardware) -> str:
    counts = ", ".join(f"{number} {basis}" for basis, number in system.basis_counts.items())
    unverified = sum(origin.unverified for origin in system.provenance.values())
    return f"{len(system.provenance)} numbers: {counts}; {unverified} recalled and not checked (?)"


def _source_line(system: Hardware, position: int) -> str:
    source = system.sources[position]
    details = "; ".join(filter(None, (source.reference, source.kind, source.seen)))
    return f"{source.key}: {source.title}" + (f" [{details}]" if details else "")


def _section(title: str, lines: list[str]) -> Iterator[RenderableType]:
    from rich.padding import Padding

    if lines:
        yield f"\n{title}"
        yield from (Padding(printable(line), (0, 0, 0, 2), expand=False) for line in lines)


def _table(*headers: str, right: tuple[int, ...] = ()) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for index, header in enumerate(headers):
        justify: Literal["left", "right"] = "right" if index in right else "left"
        table.add_column(header, justify=justify, overflow="fold")
    return table


def _row(table: Table, *cells: str) -> None:
    table.add_row(*map(printable, cells))
