"""What is allowed in a hardware file, but makes plans on it doubtful."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from dqplan.core.errors import Caution, HardwareError
from dqplan.core.hardware import Hardware, Link, LinkKind, Module
from dqplan.core.units import significant
from dqplan.load.hardware_files.draft import Draft
from dqplan.load.hardware_files.lines import Document, Mistake
from dqplan.load.hardware_files.parts import find_part


def warn_of(document: Document, hardware: Hardware) -> list[Mistake]:
    """The warnings about a file and the hardware in it, by line."""
    found = list(_borrowed(document))
    for entry, code, text in doubts_of(hardware):
        kind, position = entry.split(".")
        found.append(document.mistake((kind, int(position)), text, code=code))
    return sorted(found, key=lambda warning: (warning.place.line, warning.place.column))


def doubts_of(hardware: Hardware) -> Iterator[tuple[str, Caution, str]]:
    """Links that cannot do well what plans ask of them.

    Yields:
        For each kind of doubt the entry (`links.0`), the code and a sentence.
    """
    ebits = [link for link in hardware.links if link.kind is LinkKind.EBIT]
    for entry, run in groupby(ebits, key=lambda link: link.entry):
        found: dict[tuple[Caution, str], list[str]] = {}
        for link in run:
            for coded in _doubts(hardware, link):
                found.setdefault(coded, []).append(hardware.link_name(link.a, link.b))
        for (code, doubt), names in found.items():
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            yield entry, code, f"{names[0]}{more}: {doubt}"


def _doubts(hardware: Hardware, link: Link) -> Iterator[tuple[Caution, str]]:
    ends = [hardware.modules[link.a], hardware.modules[link.b]]
    if any(module.comm_qubits == 0 for module in ends):
        yield Caution.NOT_STORED, "e-bits cannot be stored, since an end has no comm qubits"
    if any(module.comm_qubits != 0 and _lifetime(module) is None for module in ends):
        unknown = "how long e-bits can be stored is unknown, since an end has neither `comm_t2_s` nor `t2_s`"
        yield Caution.LIFETIME_UNKNOWN, unknown
    pairs = hardware.pairs_per_lifetime(link)
    if pairs is not None and pairs < 1:
        forgotten = "most are forgotten before they are used"
        yield Caution.SHORT_LIVED, f"{significant(pairs)} pairs per lifetime of a stored one; {forgotten}"


def _lifetime(module: Module) -> float | None:
    return module.comm_t2_s or module.t2_s


def _borrowed(document: Document) -> Iterator[Mistake]:
    """Parts that were shown without memories."""
    for path, link in Draft(document).links:
        wanted = link.get("use")
        try:
            part = find_part(wanted) if isinstance(wanted, str) else None
        except HardwareError:
            continue  # a mistake, which is told as such
        if part and not part.stored:
            message = (
                f"photons of {part.preset} are detected, not stored; memories at the ends will cost rate and fidelity"
            )
            yield document.mistake((*path, "use"), message, code=Caution.NO_MEMORY)
