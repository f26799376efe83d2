"""Whether the links that plan.json purifies can be, and find room beside the comm qubits of the joint program."""

from __future__ import annotations

from collections.abc import Iterator

from dqplan.core.hardware import LinkKind
from dqplan.core.units import counted
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import Emitted

NAME = "purification"


def check_purification(emitted: Emitted) -> Iterator[Check]:
    """The check, if anything is purified.

    Rounds follow each other on one channel, and each needs one more comm qubit at either end while a pair is made. At
    most as many pairs are made at once as the link has channels, and as the module's register has comm qubits.
    """
    rounds = emitted.document.purification
    if not rounds:
        return
    faults = [*_strange_links(emitted), *([] if emitted.document.relaxed else _crowded_modules(emitted))]
    if faults:
        yield Check(NAME, Status.FAILED, "; ".join(faults))
        return
    room = "every module has comm qubits left to store pairs"
    if emitted.document.relaxed:
        room = "room for pairs is not checked, because the plan is relaxed"
    yield Check(NAME, Status.PROVED, f"{counted(len(rounds), 'link')} with heralded e-bits; {room}")


def _strange_links(emitted: Emitted) -> Iterator[str]:
    links = emitted.hardware.link_by_name
    heralded = {name for name, link in links.items() if link.kind is LinkKind.EBIT}
    for name in emitted.document.purification:
        if name not in heralded:
            yield f"{name} is purified, but the hardware has no link of that name with heralded e-bits"


def _crowded_modules(emitted: Emitted) -> Iterator[str]:
    """Modules whose registers leave too few comm qubits."""
    rounds, hardware = emitted.document.purification, emitted.hardware
    for index, module in enumerate(hardware.modules):
        in_use = sum(m == index and comm for m, comm in zip(emitted.module_of, emitted.is_comm, strict=True))
        stored = sum(
            rounds.get(hardware.link_name(*ends), 0) * min(link.parallel_channels, in_use)
            for ends, link in hardware.quantum_links.items()
            if index in ends
        )
        if module.comm_qubits is not None and stored and in_use + stored > module.comm_qubits:
            used = f"the program uses {in_use} and purification {stored} more"
            yield f"module {module.name} has {counted(module.comm_qubits, 'comm qubit')}, {used}"
