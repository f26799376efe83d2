"""Targets or coupling maps of Qiskit -> Hardware, a module for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dqplan.core.hardware import Basis, Hardware
from dqplan.load.calibration.device import Reduction
from dqplan.load.calibration.qiskit_target import Couplings, GateTarget, device_of_target
from dqplan.load.hardware_files.devices import device_entry, source_entry
from dqplan.load.hardware_files.document import SCHEMA, hardware_of_document
from dqplan.load.hardware_files.draft import Entry


def load_targets(
    targets: Mapping[str, GateTarget | Couplings],
    *,
    comm_qubits: int = 0,
    links: Sequence[Entry] = (),
    basis: Basis | str = Basis.MEASURED,
    date: str = "",
    reduction: Reduction | str = Reduction.MEDIAN,
    max_pair_error: float = 1.0,
) -> Hardware:
    """The network whose modules are processors that Qiskit describes.

    Sizes, native gates, couplings, fidelities, durations and lifetimes come from each target, as far as it has them;
    pairs and qubits with an error of 1 do not work and are left out. A module's number is the median, or the mean, of
    those of its qubits or pairs; `Hardware.provenance` says of what.

    Args:
        targets: `qiskit.transpiler.Target` or `CouplingMap`, by the name of the module.
        comm_qubits: how many qubits of each, the last ones, are comm qubits.
        links: as in hardware files, such as `{"between": ["a", "b"], "type": "ebit", "ebit": {"fidelity": 0.95}}`.
        basis: what the numbers are worth; those of Qiskit's generic backends are assumed.
        date: of the calibration, as 2026-11-26.
        reduction: median or mean.
        max_pair_error: pairs whose two-qubit gate has a larger error are left out.

    Raises:
        HardwareError: a target, name, date or link is wrong, or fewer qubits work than shall be comm qubits.

    >>> from qiskit.transpiler import CouplingMap
    >>> hardware = load_targets({"a": CouplingMap.from_line(5)}, comm_qubits=1)
    >>> hardware.modules[0].data_qubits, hardware.modules[0].coupling
    (4, ((0, 1), (1, 2), (2, 3), (3, 4)))
    """
    modules, sources = [], {}
    for name, target in targets.items():
        device = device_of_target(target, name=name, date=date).without_worse(max_pair_error)
        given: Entry = {"name": name, "comm": comm_qubits}
        modules.append(device_entry(device, given, Reduction(reduction), Basis(basis)))
        sources[device.cited.key] = source_entry(device)
    document = {"schema": SCHEMA, "name": ", ".join(targets), "sources": sources, "modules": modules}
    return hardware_of_document({**document, "links": list(links)}, "targets")
