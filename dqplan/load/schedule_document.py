"""schedule.json, schema `dqplan.schedule/1`: the form of the document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dqplan.load.json_document import Part, document_of_text
from dqplan.load.plan_document import GREATEST, Count, QubitName

SCHEMA = "dqplan.schedule/1"
SCHEDULE_FILE = "schedule.json"

Seconds = Annotated[float, Field(ge=0, description="Since the start of the program.")]


class SlotPart(Part):
    """One operation of the joint program and its time."""

    row: Annotated[int, Field(ge=0, description="Its place among the operations of joint.qasm, from 0.")]
    op: Annotated[str, Field(description="Its OpenQASM name.")]
    qubits: list[QubitName]
    start_s: Seconds
    end_s: Seconds


class RequestPart(SlotPart):
    """One e-bit to make."""

    deadline_s: Annotated[float, Field(ge=0, description="When a half of it is first used.")]
    remade: Annotated[
        bool, Field(description="It is older than the cut-off by then, so that it must be made again. Default false.")
    ] = False


class LinkPart(Part):
    """The e-bits of a link."""

    channels: Annotated[int, Field(ge=1, le=GREATEST, description="E-bits that are made at once, at most.")]
    rounds: Annotated[int, Field(ge=0, description="Rounds of purification of each. Default 0.")] = 0
    raw_pairs: Annotated[
        float | None, Field(ge=1, description="Expected number of pairs that each is made from; null if unknown.")
    ] = None
    cutoff_s: Annotated[float | None, Field(gt=0, description="The age at which one is thrown away; null: never.")] = (
        None
    )
    requests: list[RequestPart]


class MessagePart(Part):
    """A measured bit that another module waits for."""

    measured: Count
    used: Count
    from_: Annotated[str, Field(alias="from", description="The module that measures.")]
    to: Annotated[str, Field(description="The module that waits.")]
    sent_s: Seconds
    latency_s: Annotated[float, Field(ge=0, description="Seconds on the way.")]
    needed_s: Seconds


class ScheduleDocument(Part):
    """What schedule.json says."""

    schema_: Annotated[Literal["dqplan.schedule/1"], Field(alias="schema")]
    circuit: str
    hardware: str
    makespan_s: Seconds
    bound_s: Seconds
    proved_by: str
    modules: Annotated[dict[str, list[SlotPart]], Field(description="Local operations by module, by start.")]
    links: Annotated[dict[str, LinkPart], Field(description="E-bits by link, by start.")]
    messages: Annotated[list[MessagePart], Field(description="In the order in which they are sent.")]


def schedule_document_of_text(text: str, source: str = SCHEDULE_FILE) -> ScheduleDocument:
    """Read schedule.json.

    Raises:
        PlanError: not JSON, of another version, or a key is missing or holds something else than it should.
    """
    return document_of_text(ScheduleDocument, text, source, "schedule", SCHEMA)
