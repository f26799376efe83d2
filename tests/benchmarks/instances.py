"""What is measured: a circuit, a network, how e-bits are counted, and what other planners reached there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dqplan.core.plan import Effort
from dqplan.load.load_circuit import load_circuit

ROOT = Path(__file__).parent.parent.parent
SAMPLES = "sample_circuits"
SMALLEST_SAMPLE = 6
"""Qubits; fewer leave nothing to plan on four modules."""

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Instance:
    """One planning problem.

    Attributes:
        circuit: path of the circuit, relative to the checkout for samples, else to the folder of the peers' instances.
        hardware: shorthand of the network.
        accounting: `relaxed` (comm qubits without limit) or `hard` (the limits hold at every moment).
        effort: how hard dqplan searches.
        peers: e-bits that other planners reached, by the name that their row has in `peers.json`.
    """

    circuit: str
    hardware: str
    accounting: str
    effort: Effort
    peers: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What tells instances apart."""
        return (self.circuit, self.hardware, self.accounting, self.effort.value)

    @property
    def is_sample(self) -> bool:
        """Whether the circuit is shipped with the project."""
        return self.circuit.startswith(f"{SAMPLES}/")

    @property
    def name(self) -> str:
        """The circuit's name, short."""
        return re.sub("_nativegates.*_", "_", Path(self.circuit).stem)

    def path(self, bench: Path | None) -> Path:
        """Where the circuit lies; `bench` is the folder of the peers' instances."""
        if self.is_sample:
            return ROOT / self.circuit
        if bench is None:
            raise ValueError(f"{self.circuit} is not a sample, and no folder with the peers' instances was given")
        return bench / self.circuit


def sample_instances(effort: Effort) -> Iterator[Instance]:
    """Every shipped circuit of some size on four networks; modules have room for one or two qubits more than needed."""
    for path in sorted((ROOT / SAMPLES).glob("*_*.*")):
        num_qubits = load_circuit(str(path)).num_qubits
        if num_qubits >= SMALLEST_SAMPLE:
            half, quarter = -(-num_qubits // 2) + 1, -(-num_qubits // 4) + 1
            circuit = f"{SAMPLES}/{path.name}"
            for hardware in (f"all:2x{half}", f"all:4x{quarter}", f"line:4x{quarter}"):
                yield Instance(circuit, hardware, "relaxed", effort)
            yield Instance(circuit, f"grid:2x2x{quarter}+2", "hard", effort)


def peers_instances(bench: Path, effort: Effort) -> Iterator[Instance]:
    """The instances of `peers.json` in a folder.

    Raises:
        OSError: the folder has no such file.
    """
    document: dict[str, Any] = json.loads((bench / "peers.json").read_text(encoding="utf-8"))
    for row in document["instances"]:
        ebits = {name: int(peer["ebits"]) for name, peer in row["peers"].items()}
        yield Instance(row["circuit"], row["hardware"], row["accounting"], effort, ebits)
