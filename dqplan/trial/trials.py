"""Trials: the program again and again, with e-bits that arrive at random; `model.clock` says how."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.outlook import Floats
from dqplan.model.clock import Clock
from dqplan.model.durations import Durations
from dqplan.model.errors import Lifetimes
from dqplan.trial.dependencies import Dependencies

_MOST, _FEWEST = 1000, 40
_WORK = 20_000_000
"""Operations in all trials together, as far as `_FEWEST` allows."""


@dataclass(frozen=True, eq=False)
class Trials:
    """What happened.

    Attributes:
        makespan_s, idling: float64 (trials,), seconds and the fidelity that waiting left.
        remade: by link in use, the mean number of e-bits that grew too old and were made again.
    """

    makespan_s: Floats
    idling: Floats
    remade: list[float]


def run_trials(
    circuit: Circuit,
    durations: Durations,
    needs: Dependencies,
    order: NDArray[np.int64],
    lifetimes: Lifetimes,
    seed: int,
) -> Trials:
    """As many trials as time allows, up to 1000; one, if nothing is random.

    Args:
        circuit: the joint program.
        durations: means; heralded e-bits take an exponentially distributed time, or, if they are purified, that of
            their recurrence.
        needs: the messages that operations wait for.
        order: of all rows; it holds on each qubit and link.
        lifetimes: how fast qubits forget while they hold something and wait.
        seed: of the waits.
    """
    count = max(_FEWEST, min(_MOST, _WORK // max(1, len(circuit)))) if durations.random.any() else 1
    clock = Clock(circuit, durations, needs.waits, count, np.random.default_rng(seed))
    lost = np.zeros(count)
    for row in order.tolist():
        for qubit, waited in clock.advance(row):
            if lifetimes.forgets(qubit):
                lost += np.log(lifetimes.kept(qubit, waited))
    return Trials(clock.makespan_s, np.exp(lost), clock.remade)
