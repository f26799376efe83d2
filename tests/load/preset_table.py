"""The table of all presets: `python -m tests.load.preset_table` writes it beside them."""

from __future__ import annotations

from collections.abc import Iterator

from dqplan.cli.render.hardware import link_fidelity, link_speed, pairs_text
from dqplan.cli.render.presets import fewest_pairs
from dqplan.core.hardware import Basis, Hardware
from dqplan.core.units import count
from dqplan.load.load_hardware import load_hardware, preset_names
from tests.conftest import ROOT

PATH = ROOT / "dqplan" / "load" / "presets" / "README.md"
_HEAD = """\
# The systems that ship with dqplan

Written from the files by `python -m tests.load.preset_table`. `dqplan hardware show NAME` gives every number with its
basis, source and notes.

Links: rate of e-bits (× channels) or duration of a direct gate, fidelity of an e-bit or of the gate. R×T: the fewest
pairs of a link per lifetime of a stored one; below 1, most are forgotten before they are used. Numbers: measured /
roadmap / assumed, and how many of all were recalled and not checked.
"""


def document() -> str:
    """The whole page."""
    systems = [load_hardware(name) for name in preset_names()]
    plannable = [system for system in systems if not system.refusal]
    refused = [system for system in systems if system.refusal]
    return "\n".join([_HEAD, *_plannable(plannable), "", *_refused(refused)]) + "\n"


def _plannable(systems: list[Hardware]) -> Iterator[str]:
    yield "## To plan on\n"
    yield "| name | what | maturity | modules | data | links | R×T | numbers | unverified |"
    yield "|---|---|---|--:|--:|---|--:|--:|--:|"
    for system in systems:
        cells = [f"`{system.name}`", system.title, system.maturity, str(system.num_modules)]
        cells += [count(int(system.data_capacity.sum())), _links(system), pairs_text(fewest_pairs(system))]
        yield _row([*cells, _basis(system), _unverified(system)])


def _refused(systems: list[Hardware]) -> Iterator[str]:
    yield "## Not to plan on\n"
    yield "| name | what | maturity | links | numbers | unverified | why not, and what instead |"
    yield "|---|---|---|---|--:|--:|---|"
    for system in systems:
        cells = [f"`{system.name}`", system.title, system.maturity, _links(system)]
        yield _row([*cells, _basis(system), _unverified(system), system.refusal])


def _links(system: Hardware) -> str:
    """Each kind of link once."""
    shown = {f"{link_speed(link)}, {link_fidelity(link)}" if link.quantum else "classical" for link in system.links}
    return "; ".join(sorted(shown)) or "none"


def _basis(system: Hardware) -> str:
    return " / ".join(str(system.basis_counts[basis]) for basis in Basis)


def _unverified(system: Hardware) -> str:
    return str(sum(origin.unverified for origin in system.provenance.values()))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    PATH.write_text(document(), encoding="utf-8")
