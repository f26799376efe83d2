"""Outlook: when every operation of a program happens, how long it takes, and how good the result is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dqplan.core.hardware import Basis

Floats = NDArray[np.float64]

OPTIMAL_WITHIN = 1e-6
"""A makespan is called optimal if the bound lies below it by no more than this part."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """A start and an end for every operation, if everything took its mean time.

    Attributes:
        start_s, end_s: float64 (n,), seconds, by row of the joint program.
        order: int64 (n,), the rows in an order in which they may happen.
        bound_s: no schedule of this program with these durations is shorter.
        proved_by: what proved the bound.
    """

    start_s: Floats
    end_s: Floats
    order: NDArray[np.int64]
    bound_s: float
    proved_by: str

    @cached_property
    def makespan_s(self) -> float:
        """Seconds from the start to the last end."""
        return float(self.end_s.max(initial=0.0))

    @property
    def optimal(self) -> bool:
        """Whether the bound proves that no schedule is shorter, but for rounding."""
        return self.bound_s >= self.makespan_s * (1 - OPTIMAL_WITHIN)


@dataclass(frozen=True)
class CriticalPath:
    """Where the time of a schedule goes: seconds by cause along one chain of operations; they add up to the makespan.

    Attributes:
        links: the making of e-bits.
        gates: local gates.
        readout: measurements.
        resets: resets.
        messages: classical bits on their way.
        slack: nothing; an operation was planned later than it could have been.
    """

    links: float
    gates: float
    readout: float
    resets: float
    messages: float
    slack: float


@dataclass(frozen=True)
class Makespan:
    """How long the program takes when e-bits arrive at random: mean and quantiles over trials, in seconds."""

    expected_s: float
    p50_s: float
    p95_s: float
    trials: int
    seed: int


@dataclass(frozen=True)
class Fidelity:
    """The estimated process fidelity, as a product of what each cause leaves; all in [0, 1].

    Attributes:
        links: e-bits.
        idling: qubits that wait.
        gates: local gates.
        readout: measurements.
        num_qubits: of the circuit.
    """

    links: float
    idling: float
    gates: float
    readout: float
    num_qubits: int

    @property
    def process(self) -> float:
        """Entanglement fidelity of the program with the circuit."""
        return self.links * self.idling * self.gates * self.readout

    @property
    def infidelity(self) -> float:
        """-log of the process fidelity, also where that is too small for a float; infinite if a cause leaves 0."""
        causes = (self.links, self.idling, self.gates, self.readout)
        return sum(-math.log(left) if left else math.inf for left in causes)

    @property
    def average(self) -> float:
        """Mean state fidelity over pure inputs: (d F + 1) / (d + 1), d = 2^n (Nielsen, quant-ph/0205035)."""
        scale = 2.0 ** -min(self.num_qubits, 1000)
        return (self.process + scale) / (1 + scale)


@dataclass(frozen=True)
class Supply:
    """How the e-bits of a link are made.

    Attributes:
        ebits: how many the program uses.
        rounds: of purification that each goes through.
        fidelity: of a finished one; None for what is no heralded e-bit, or if it is unknown.
        raw_pairs: expected number of raw pairs in a finished one; None if it is unknown.
        remade: expected number of finished ones, of all together, that grow too old and are made again.
    """

    ebits: int
    rounds: int
    fidelity: float | None
    raw_pairs: float | None
    remade: float


@dataclass(frozen=True, eq=False)
class Outlook:
    """What would happen on the hardware, as far as the hardware's numbers tell.

    Attributes:
        schedule, makespan, critical_path: None if a duration that is needed is unknown.
        fidelity: None if a fidelity that is needed is unknown.
        missing: the numbers that are unknown, in words.
        assumed: what was taken for numbers that may be missing, in words.
        basis: how many of the hardware's numbers that were used are measured, roadmap or assumed.
        supply: how e-bits are made, by the names of the links in use.
    """

    schedule: Schedule | None
    makespan: Makespan | None
    fidelity: Fidelity | None
    missing: tuple[str, ...]
    assumed: tuple[str, ...]
    basis: Mapping[Basis, int]
    critical_path: CriticalPath | None = None
    supply: Mapping[str, Supply] = field(default_factory=dict)

    @property
    def raw_pairs(self) -> float | None:
        """Expected number of raw pairs in all, those that grow too old included; None if it is unknown."""
        total = 0.0
        for link in self.supply.values():
            if link.raw_pairs is None:
                return None
            total += link.raw_pairs * (link.ebits + link.remade)
        return total
