"""Hardware -> tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from dqplan.cli.terminal.streams import printable
from dqplan.core import units
from dqplan.core.hardware import Hardware, Link, Module, Provenance

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table


def show_tables(system: Hardware) -> Group:
    """Heading, modules, links, every number with basis and source, notes on them, sources."""
    from rich.console import Group

    return Group(*_parts(system))


def _parts(system: Hardware) -> Iterator[RenderableType]:
    from dqplan.load.hardware_files.warnings import doubts_of

    yield from _heading(system)
    if system.modules:
        yield ""
        yield _module_table(system.modules)
    if system.links:
        yield ""
        yield _link_table(system)
        yield from _link_legend(system)
    if system.provenance:
        yield from _section("Warnings", [f"{doubt} [{code}]" for _, code, doubt in doubts_of(system)])
        yield from _numbers(system)
    else:
        yield "\nNothing here is measured: links are perfect, gates have neither errors nor durations."


def _heading(system: Hardware) -> Iterator[str]:
    yield printable(f"{system.name}: {system.title}" if system.title else system.name)
    about = [str(part) for part in (system.year, system.maturity) if part]
    if about:
        yield printable(", ".join(about))
    if system.refusal:
        yield printable(f"\nNothing can be planned on it: {system.refusal}.")
    if system.notes:
        yield printable(f"\n{system.notes}")


def _module_table(modules: Sequence[Module]) -> Table:
    table = new_table("modules", "role", "data", "comm", "memory", "coupling", "technology", right=(2, 3, 4))
    for group in _runs(modules):
        module = group[0]
        row(
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
    columns = ("links", "type", "fidelity", "speed", "R×T", "latency", "length", *weight)
    table = new_table(*columns, right=tuple(range(2, len(columns))))
    for _, run in groupby(system.links, key=lambda link: [vars(link)[key] for key in vars(link) if key not in "ab"]):
        links = list(run)
        first = links[0]
        name = system.link_name(first.a, first.b)
        row(
            table,
            name if len(links) == 1 else f"{name} +{len(links) - 1}",
            first.kind.replace("_", " "),
            link_fidelity(first),
            link_speed(first),
            pairs_text(system.pairs_per_lifetime(first)),
            "-" if first.latency_s is None else units.duration(first.latency_s),
            "-" if first.length_m is None else f"{first.length_m:g} m",
            *([f"{first.weight:g}"] if system.weighted else []),
        )
    return table


def _link_legend(system: Hardware) -> Iterator[str]:
    """What the signs in the table of links mean, as far as they occur."""
    entries = [link.entry for link in system.links]
    signs = {
        "+1: one more such link": len(set(entries)) < len(entries),
        "×2: over two channels": any(link.parallel_channels > 1 for link in system.links),
        "R×T: pairs per lifetime of a stored one": any(
            system.pairs_per_lifetime(link) is not None for link in system.links
        ),
    }
    if any(signs.values()):
        yield f"\n{'; '.join(sign for sign, occurs in signs.items() if occurs)}"


def link_fidelity(link: Link) -> str:
    """Fidelity of its e-bits and of its gate, as far as known."""
    ebit, gate = link.ebit_fidelity, link.remote_gate.fidelity
    parts = ([] if ebit is None else [f"{ebit:.10g}"]) + ([] if gate is None else [f"gate {gate:.10g}"])
    return ", ".join(parts) or "-"


def pairs_text(number: float | None) -> str:
    """Pairs per lifetime."""
    if number is None:
        return "-"
    return units.significant(number) if number < 1e6 else f"{number:.0e}"


def link_speed(link: Link) -> str:
    """Rate of its e-bits or duration of its gate, times its channels."""
    if link.rate_hz is not None:
        speed = units.frequency(link.rate_hz)
    elif link.remote_gate.duration_s is not None:
        speed = units.duration(link.remote_gate.duration_s)
    else:
        speed = ""
    channels = "" if link.parallel_channels == 1 else f"×{link.parallel_channels}"
    return " ".join(filter(None, (speed, channels))) or "-"


def _numbers(system: Hardware) -> Iterator[RenderableType]:
    from dqplan.load.hardware_files.document import stated_numbers

    stated = stated_numbers(system)
    rows = [(_readable(system, key), _shown(system, key, value), origin) for key, value, origin in stated]
    table = new_table("number", "value", "basis", "source", right=(1,))
    for key, value, origin in rows:
        row(table, key, value, _basis(origin), _cited(origin) or "-")
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


def _shown(system: Hardware, key: str, value: object) -> str:
    if isinstance(value, float):
        fact = system.facts.get(key.removeprefix("facts.")) if key.startswith("facts.") else None
        shown = units.measured(value, system.provenance[key].uncertainty)
        return f"{shown} {fact.unit}" if fact and fact.unit else shown
    if isinstance(value, list):  # Bell weights, on two lines lest they make the column wide
        return "{:g} {:g}\n{:g} {:g}".format(*value)
    return str(value)


def _basis(origin: Provenance) -> str:
    return f"{origin.basis} ?" if origin.unverified else str(origin.basis)


def _cited(origin: Provenance) -> str:
    """The source, and the day if its key does not tell it."""
    day = origin.date[:10]
    return origin.source if day in origin.source else f"{origin.source} {day}".strip()


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


def new_table(*headers: str, right: tuple[int, ...] = ()) -> Table:
    """A table of the house's kind, with these columns; `right` numbers those that are aligned to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for index, header in enumerate(headers):
        justify: Literal["left", "right"] = "right" if index in right else "left"
        table.add_column(header, justify=justify, overflow="fold")
    return table


def row(table: Table, *cells: str) -> None:
    """Add a row of cells that cannot steer the terminal."""
    table.add_row(*map(printable, cells))
