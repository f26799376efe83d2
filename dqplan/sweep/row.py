"""Row: one combination of circuit, hardware, options and seed; Outcome: what came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property

from dqplan.core.tally import Figure

Scalar = bool | int | float | str
"""What a parameter of a hardware template can be."""


class Ending(StrEnum):
    """How a row ended. That a circuit does not fit is a result; only what failed is a fault."""

    PLANNED = "planned"
    INFEASIBLE = "infeasible"
    FAILED = "failed"


@dataclass(frozen=True)
class Options:
    """How a row is planned, in the words of `dqplan split`."""

    effort: str = "normal"
    objective: str = "ebits"
    relaxed: bool = False
    recompile: bool = True
    time_limit_s: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table, as far as it is known before anything is planned.

    Attributes:
        circuit, hardware: names for people.
        parameters: values of the hardware template's parameters.
        circuit_digest, hardware_digest: of what the circuit does, of modules and links.
        num_qubits, num_gates_2q: of the circuit; None if it could not be read.
        num_modules, data_qubits: of the hardware.
        qubits: data, comm and memory qubits of all modules; unlimited comm qubits are not counted.
        version: of dqplan.
    """

    circuit: str
    hardware: str
    parameters: Mapping[str, Scalar]
    circuit_digest: str
    hardware_digest: str
    num_qubits: int | None
    num_gates_2q: int | None
    num_modules: int
    data_qubits: int
    qubits: int
    options: Options
    seed: int
    version: str

    @cached_property
    def key(self) -> str:
        """SHA-256 (hex) of all that decides about the outcome, and of nothing else.

        Names do not: two names for one circuit or network share their outcome.
        """
        content = [self.circuit_digest, self.hardware_digest, asdict(self.options), self.seed, self.version]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """What came of a row.

    Attributes:
        key: of the row.
        status: how it ended.
        figures: what the plan costs, by the names of `figures_of`; empty unless it was planned.
        code, message: of the error, if there was one.
        elapsed_s: seconds of the last attempt; not reproducible, everything else is, unless time ran out.
    """

    key: str
    status: Ending
    figures: Mapping[str, Figure] = field(default_factory=dict)
    code: str = ""
    message: str = ""
    elapsed_s: float = 0.0
