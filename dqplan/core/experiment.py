"""Experiment: what came out of a simulated machine, against what should have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dqplan.core.counts import Counts


@dataclass(frozen=True)
class Interval:
    """An estimate, and where the true value lies with 95 % confidence."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Experiment:
    """Many noisy runs of an emitted program.

    Attributes:
        backend: what simulated it.
        shots: runs that were done; fewer than asked for if the simulation was interrupted.
        seed: of everything random.
        inputs: what the qubits held at the start, in words.
        counts: of the circuit's classical bits; None for circuits without measurements.
        ideal: the probabilities without noise, as far as outcomes may be found; None for circuits without measurements.
        figures: how close the results are to the ideal ones, by name.
        predicted: the fidelities that plan.json estimates, by name; empty if it has none.
        perfect: what was taken to be perfect because the hardware does not say, in words.
        assumed: what else was assumed or should be known, in words.
    """

    backend: str
    shots: int
    seed: int
    inputs: str
    counts: Counts | None
    ideal: Mapping[str, float] | None
    figures: Mapping[str, Interval]
    predicted: Mapping[str, float]
    perfect: tuple[str, ...]
    assumed: tuple[str, ...]
