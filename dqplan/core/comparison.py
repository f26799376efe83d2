"""Comparison: what differs between two plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dqplan.core.drift import Drift
from dqplan.core.tally import Peaks, Tally


@dataclass(frozen=True)
class Moved:
    """Circuit qubits that begin in another module: from where to where, and their names."""

    was: str
    found: str
    qubits: str
    count: int


@dataclass(frozen=True)
class Option:
    """Something that was asked for differently, as texts."""

    name: str
    was: str
    found: str


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two plans, the old one first in every pair.

    Attributes:
        circuits: their names.
        same_circuit: whether the digests of the circuits agree.
        hardware: names of the networks.
        same_hardware: whether the digests of the networks agree.
        tallies: the figures.
        ebits_by_link: by the name of the link.
        peaks: the most qubits in use at once.
        moved: circuit qubits that begin elsewhere.
        segments_moved: segments whose home is another module; None if the circuits are not the same.
        drifts: numbers of the hardware that differ.
        gone, fresh: modules and links that only the old, or only the new hardware has.
        options: what was asked for differently.
    """

    circuits: tuple[str, str]
    same_circuit: bool
    hardware: tuple[str, str]
    same_hardware: bool
    tallies: tuple[Tally, Tally]
    ebits_by_link: tuple[Mapping[str, int], Mapping[str, int]]
    peaks: tuple[Peaks, Peaks]
    moved: tuple[Moved, ...]
    segments_moved: int | None
    drifts: tuple[Drift, ...]
    gone: tuple[str, ...]
    fresh: tuple[str, ...]
    options: tuple[Option, ...]
