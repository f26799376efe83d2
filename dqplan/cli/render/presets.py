"""The list of presets -> a table for people, and plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dqplan.cli.render.hardware import new_table, pairs_text, row
from dqplan.core import units
from dqplan.core.hardware import Basis, Hardware, LinkKind

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table

_LEGEND = (
    "data: data qubits; slowest: rate of the slowest e-bit link; R×T: fewest pairs of a link per lifetime of a "
    "stored one; m/r/a: numbers measured, roadmap, assumed"
)
_REFUSED = (
    "Nothing can be planned on these, as `dqplan hardware show` explains. Links that have a rate can be used in a "
    "file of your own."
)
_MATURITIES = ("demonstrated", "roadmap", "hypothetical", "model", "ideal")
"""In the order of the list; others stand behind."""


def list_json(systems: Sequence[Hardware]) -> list[dict[str, Any]]:
    """One dict per system, in the order given.

    `slowest_link_hz` is null where no link makes e-bits or the rate of one is unknown; `pairs_per_lifetime`, the
    smallest of all links, where it is known of none.
    """
    return [
        {
            "name": system.name,
            "title": system.title,
            "maturity": system.maturity,
            "year": system.year,
            "modules": system.num_modules,
            "data_qubits": int(system.data_capacity.sum()),
            "slowest_link_hz": slowest_link_hz(system),
            "pairs_per_lifetime": fewest_pairs(system),
            "plannable": not system.refusal,
            "refusal": system.refusal,
            "basis": {str(basis): number for basis, number in system.basis_counts.items()},
        }
        for system in systems
    ]


def list_table(systems: Sequence[Hardware]) -> Group:
    """Systems that can be planned on, by maturity, then those that cannot, with the rates of their links."""
    from rich.console import Group

    return Group(*_parts(systems))


def slowest_link_hz(system: Hardware) -> float | None:
    """The smallest rate of an e-bit link over all its channels; None if there is none or any rate is unknown."""
    links = [link for link in system.links if link.kind is LinkKind.EBIT]
    rates = [link.rate_hz * link.parallel_channels for link in links if link.rate_hz is not None]
    return min(rates) if rates and len(rates) == len(links) else None


def fewest_pairs(system: Hardware) -> float | None:
    """The fewest pairs per lifetime of a stored one, of all e-bit links for which it is known."""
    known = [pairs for link in system.links if (pairs := system.pairs_per_lifetime(link)) is not None]
    return min(known, default=None)


def kind_of(system: Hardware) -> str:
    """The system's maturity in one word."""
    return system.maturity.partition(" ")[0].rstrip(",:")


def _parts(systems: Sequence[Hardware]) -> Iterator[RenderableType]:
    plannable = sorted((system for system in systems if not system.refusal), key=_rank)
    yield _plannable_table(plannable)
    refused = [system for system in systems if system.refusal]
    if refused:
        yield f"\n{_REFUSED}\n"
        yield _refused_table(refused)
    yield f"\n{_LEGEND}"


def _rank(system: Hardware) -> int:
    kind = kind_of(system)
    return _MATURITIES.index(kind) if kind in _MATURITIES else len(_MATURITIES)


def _plannable_table(systems: Sequence[Hardware]) -> Table:
    table = new_table("name", "modules", "data", "slowest", "R×T", "m/r/a", right=(1, 2, 3, 4, 5))
    for kind, group in groupby(systems, key=kind_of):
        row(table, kind, "", "", "", "", "")
        for system in group:
            row(
                table,
                f"  {system.name}",
                str(system.num_modules),
                units.count(int(system.data_capacity.sum())),
                _rate(system),
                pairs_text(fewest_pairs(system)),
                _basis(system),
            )
    return table


def _refused_table(systems: Sequence[Hardware]) -> Table:
    table = new_table("name", "slowest", "m/r/a", "maturity", right=(1, 2))
    for system in systems:
        maturity = system.maturity.partition(" (")[0]
        row(table, f"  {system.name}", _rate(system), _basis(system), maturity)
    return table


def _rate(system: Hardware) -> str:
    rate = slowest_link_hz(system)
    return "-" if rate is None else units.frequency(rate)


def _basis(system: Hardware) -> str:
    return "/".join(str(system.basis_counts[basis]) for basis in Basis)
