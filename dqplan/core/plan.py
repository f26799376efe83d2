"""Plan: where every qubit is at home, where every gate runs, and the shares that make it possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from dqplan.core.certificate import Certificate
from dqplan.core.cost import Cost
from dqplan.core.dropping import Dropped
from dqplan.core.hardware import Hardware
from dqplan.core.objective import Figures, Objective
from dqplan.core.segments import Segments
from dqplan.core.share import Share
from dqplan.core.stay import Stay


class Effort(StrEnum):
    """How hard to search. Each level is deterministic: same input and seed, same plan."""

    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


@dataclass(frozen=True)
class Bound:
    """A proved lower bound on the e-bits.

    Attributes:
        ebits: no plan in the class needs fewer.
        proved_by: the method that proved it.
        covers: the class of plans that it speaks about.
        certificate: the proof, if it can be written down.
    """

    ebits: int
    proved_by: str
    covers: str
    certificate: Certificate | None = None


@dataclass(frozen=True)
class Baseline:
    """What simpler planners would pay on the same hardware.

    Attributes:
        one_ebit_per_remote_gate: every remote gate of the circuit pays for its route, with the plan's first homes.
        static_packets: e-bits of the best plan found whose homes never move.
    """

    one_ebit_per_remote_gate: int
    static_packets: int


@dataclass(frozen=True, eq=False)
class Plan:
    """A legal distribution of a circuit over modules.

    Attributes:
        segments: the circuit in normal form; all indices below refer to it.
        hardware: the network; module indices refer to it.
        home: int16 (num_segments,): the module where the qubit is when the segment begins.
        host: int16 (num_gates,): the module where each gate runs, in the order of `segments.gates`. Those of a
            segment that a share bridges run at its home and, in addition, wherever a copy lives through it.
        shares: ordered by `begin`; shares of one event are made in the order of the tuple.
        cost: what the shares consume, counted by `cost_of`.
        purification: by link name, the rounds of purification that each of its e-bits goes through, 1 or more; links
            that are not named deliver e-bits as they are.
        pareto: the candidates that no other one dominates, the fewest e-bits first, if they were asked for.
        stop_reason: why the search ended, for people.
        elapsed_s: wall-clock seconds of the search; not reproducible, everything else is.
        stays: idle qubits in memory qubits, in any order.
        dropped: weak gates that `segments` leaves out, if there are any.
    """

    segments: Segments
    hardware: Hardware
    home: NDArray[np.int16]
    host: NDArray[np.int16]
    shares: tuple[Share, ...]
    cost: Cost
    bound: Bound
    baseline: Baseline
    objective: Objective = Objective.EBITS
    effort: Effort = Effort.NORMAL
    seed: int = 0
    relaxed: bool = False
    purification: Mapping[str, int] = field(default_factory=dict)
    stop_reason: str = ""
    elapsed_s: float = 0.0
    pareto: tuple[Alternative, ...] = ()
    stays: tuple[Stay, ...] = ()
    dropped: Dropped | None = None

    @property
    def optimal(self) -> bool:
        """Whether the bound proves that no plan in its class is cheaper."""
        return self.bound.ebits == self.cost.ebits

    @property
    def gap(self) -> float:
        """The part of the e-bits that is not proved to be needed by the plans of the bound's class, 0 … 1."""
        return (self.cost.ebits - self.bound.ebits) / self.cost.ebits if self.cost.ebits else 0.0


@dataclass(frozen=True, eq=False)
class Alternative:
    """A plan that no other candidate dominates.

    Attributes:
        plan: may be split and written like any other.
        figures: what it was judged by.
        chosen: whether it is the best by the objective: the plan that this list belongs to.
    """

    plan: Plan
    figures: Figures
    chosen: bool
