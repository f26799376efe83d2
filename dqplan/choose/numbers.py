"""Which numbers of the hardware a plan needs before it can be judged, and what is said if they are not there."""

from __future__ import annotations

from collections.abc import Iterator

from dqplan.choose.prices import loss_of, seconds_of
from dqplan.core.errors import UsageError
from dqplan.core.hardware import Hardware
from dqplan.core.objective import Objective
from dqplan.core.segments import Segments
from dqplan.solve.pieces import start_counts


def check_numbers(asking: str, wanted: Objective, segments: Segments, hardware: Hardware) -> None:
    """Refuse, before any search, what no plan can tell on this hardware.

    Numbers that only some modules or links lack are passed over here: a plan may do without them.

    Args:
        asking: the option that needs the numbers.
        wanted: time or fidelity, or both, by any weight.
        segments: the circuit in normal form.
        hardware: the network.

    Raises:
        UsageError: no module, or no link, has a number that every plan needs.
    """
    if wanted.needs_outlook:
        for number in _absent(wanted, segments, hardware):
            raise lacking(asking, number)


def lacking(asking: str, number: str) -> UsageError:
    """The error for a number that is not there."""
    hint = "add them to the hardware file, or plan for e-bits and without this option"
    return UsageError(f"{asking} needs numbers that the hardware does not give: the {number}", hint=hint)


def _absent(wanted: Objective, segments: Segments, hardware: Hardware) -> Iterator[str]:
    """What every plan needs and nothing has; a fidelity needs durations, too, as qubits forget while they wait."""
    room = hardware.data_capacity
    modules = [module for module, data in zip(hardware.modules, room, strict=True) if data]
    links = hardware.quantum_links.values()
    remote = max(start_counts(segments), default=0) > room.max(initial=0)
    kinds = {"two-qubit gates": [module.two_qubit for module in modules]} if len(segments.gates) else {}
    if remote:
        kinds |= {"one-qubit gates": [module.one_qubit for module in modules]}
        kinds |= {"measurements": [module.readout for module in modules]}
    for kind, operations in kinds.items():
        if all(each.duration_s is None for each in operations):
            yield f"duration of {kind}"
        if wanted.fidelity and all(each.fidelity is None for each in operations):
            yield f"fidelity of {kind}"
    if remote and all(seconds_of(link) is None for link in links):
        yield "rate of e-bits"
    if remote and wanted.fidelity and all(loss_of(link) is None for link in links):
        yield "fidelity of e-bits"
