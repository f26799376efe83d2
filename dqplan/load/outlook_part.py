"""The outlook in plan.json: when everything happens and how good it ends, as far as it is known."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dqplan.load.json_document import Part

Seconds = Annotated[float, Field(ge=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]


class SchedulePart(Part):
    """The schedule in which everything takes its mean duration."""

    makespan_s: Seconds
    bound_s: Annotated[float, Field(ge=0, description="No schedule of this program is shorter.")]
    proved_by: str
    optimal: bool


class MakespanPart(Part):
    """How long the program takes when e-bits arrive at random."""

    expected_s: Seconds
    p50_s: Seconds
    p95_s: Seconds
    trials: Annotated[int, Field(ge=1)]


class FidelityPart(Part):
    """What each cause leaves of the process fidelity, which is their product."""

    links: Fraction
    idling: Fraction
    gates: Fraction
    readout: Fraction
    process: Fraction
    average: Annotated[float, Field(ge=0, le=1, description="Over pure inputs.")]


class OutlookPart(Part):
    """Schedule, makespans and fidelity, or the numbers that are missing for them."""

    schedule: SchedulePart | None = None
    critical_path: Annotated[
        dict[str, Seconds] | None, Field(description="Seconds by cause; they add up to the makespan of the schedule.")
    ] = None
    makespan: MakespanPart | None = None
    fidelity: FidelityPart | None = None
    missing: list[str] = Field(default_factory=list, description="Numbers of the hardware that are unknown.")
    assumed: list[str] = Field(default_factory=list, description="What was taken for numbers that may be missing.")
    basis: dict[str, int] = Field(default_factory=dict, description="Numbers of the hardware used, by basis.")
