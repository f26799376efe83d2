"""plan.json, schema `dqplan.plan/1`: the form of the document, and the directory that it lies in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from dqplan.core.errors import Place, PlanError, SourceError
from dqplan.load.json_document import Part, document_of_text
from dqplan.load.outlook_part import OutlookPart
from dqplan.load.source import read_source

SCHEMA = "dqplan.plan/1"
PLAN_FILE = "plan.json"
READ_SUFFIXES = frozenset({".json", ".qasm"})
"""Files of a directory that `read_directory` reads."""

GREATEST = 2**53
"""Whole numbers up to here are exact in every reader of JSON."""

Count = Annotated[int, Field(ge=0, le=GREATEST)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, hexadecimal.")]
QubitName = Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9_]*\[[0-9]+\]$", description="Such as `m0_data[3]`.")]


ManifestEntry = Annotated[list[Count], Field(min_length=2, max_length=3)]


class CircuitPart(Part):
    """The circuit that was split."""

    name: str
    digest: Digest
    num_qubits: Annotated[int, Field(ge=1)]
    num_gates_2q: Annotated[int, Field(ge=0, description="Gates with two or more operands.")]
    num_segments: Count


class HardwarePart(Part):
    """The network that it was split for."""

    name: str
    digest: Digest
    num_modules: Annotated[int, Field(ge=1)]
    description: Annotated[dict[str, Any], Field(description="The hardware file, schema `dqplan.hardware/1`.")]


class CostPart(Part):
    """What the emitted programs consume."""

    ebits: Annotated[
        Count, Field(description="E-bits, after purification if there is any; a share routed over two links counts 2.")
    ]
    ebits_by_link: Annotated[dict[str, Count], Field(description="By link, such as `m0--m1`.")]
    weighted_ebits: Annotated[
        float | None, Field(ge=0, description="E-bits, each times the weight of its link; may be missing.")
    ] = None
    shares: Count
    teleports: Count
    peak_data: Annotated[dict[str, Count], Field(description="Most data qubits in use at once, by module.")]
    peak_comm: Annotated[dict[str, Count], Field(description="Most comm qubits in use at once, by module.")]
    raw_pairs: Annotated[
        float | None,
        Field(ge=0, description="Expected number of pairs that links make for them; null if unknown; may be missing."),
    ] = None
    peak_memory: dict[str, Count] = Field(
        default_factory=dict, description="Most memory qubits in use at once, by module; may be missing."
    )
    makespan_s: Annotated[float | None, Field(ge=0, description="Seconds; null if not scheduled.")]
    fidelity: Annotated[float | None, Field(ge=0, le=1, description="Null if not estimated.")]


BlockTriple = Annotated[
    list[int],
    Field(min_length=3, max_length=3, description="First and last segment; place of the parent, -1 in the core."),
]


class InequalityPart(Part):
    """One inequality on the e-bits of chains of segments."""

    multiplier: Annotated[int, Field(ge=1, description="What it is multiplied by, in units of 1 / `unit`.")]
    moment: Annotated[int, Field(ge=0, description="The end of this time slice, 0 for the start.")]
    connectivity: Annotated[int, Field(ge=1, description="Fewer deleted blocks leave the core connected.")]
    blocks: Annotated[list[BlockTriple], Field(min_length=1, description="The core first, then what grows from it.")]


class ProofPart(Part):
    """Inequalities that add up to a bound."""

    cuts: Annotated[list[list[str]], Field(description="One side of each cut; none if all e-bits are counted.")]
    unit: Annotated[int, Field(ge=1)]
    inequalities: list[InequalityPart]


class CertificatePart(Part):
    """Why no plan needs fewer e-bits; the proof is spelled out in `dqplan/core/certificate.py`."""

    parts: Annotated[list[ProofPart], Field(min_length=1)]


class BoundPart(Part):
    """A proved lower bound on the e-bits."""

    ebits: Count
    proved_by: str
    covers: Annotated[str, Field(description="The class of plans that the bound speaks about.")]
    certificate: Annotated[CertificatePart | None, Field(description="The proof, if it can be written down.")] = None
    optimal: bool


class AlternativePart(Part):
    """A candidate that no other one dominates, judged by list scheduling."""

    ebits: Count
    weighted_ebits: Annotated[float, Field(ge=0, description="E-bits, each times the weight of its link.")]
    makespan_p95_s: Annotated[float, Field(ge=0, description="95 % of all runs end within so many seconds.")]
    fidelity: Annotated[float, Field(ge=0, le=1, description="The process fidelity.")]
    chosen: Annotated[bool, Field(description="Whether it is the plan of this file.")]


class BaselinePart(Part):
    """What simpler planners would pay on the same hardware, in e-bits."""

    one_ebit_per_remote_gate: Count
    static_packets: Count


class CheckPart(Part):
    """One property of the emitted programs that was checked when they were written."""

    name: str
    status: Literal["proved", "tested", "failed", "skipped"]
    detail: str


class RegisterPart(Part):
    """A quantum register of the joint program."""

    name: str
    module: str
    kind: Literal["data", "comm", "memory"]
    size: Count


class ClbitsPart(Part):
    """A run of classical bits of the circuit, from `offset` on, and the register that holds it in the joint program."""

    name: str
    offset: Count = 0
    emitted: Annotated[str, Field(alias="as")]
    size: Count


class LayoutPart(Part):
    """Where modules, circuit qubits and circuit bits are found in the joint program."""

    registers: list[RegisterPart]
    input: Annotated[list[QubitName], Field(description="Where each circuit qubit is at the start.")]
    output: Annotated[list[QubitName], Field(description="Where each circuit qubit is at the end.")]
    clbits: list[ClbitsPart]
    messages: Annotated[int, Field(ge=0, description="Classical bits at the end that only the protocols use.")]


class ManifestPart(Part):
    """How the modules' programs make up the joint program; the grammar is in `dqplan/load/module_program.py`."""

    modules: Annotated[list[str], Field(min_length=1, description="Names, in the order of their registers.")]
    order: Annotated[
        list[ManifestEntry],
        Field(description="[m, n]: the next n statements of module m. [a, b, k]: e-bit number k of both."),
    ]


class CompiledPart(Part):
    """What became of the gates of one module."""

    module: str
    routed: Annotated[bool, Field(description="Two-qubit gates keep to the module's coupling map.")]
    swaps: Annotated[int, Field(ge=0, description="SWAPs that were put in; they count as two-qubit gates, too.")]
    one_qubit_gates: Count
    two_qubit_gates: Count
    depth_before: Annotated[int, Field(ge=0, description="Longest chain of operations in the module's program.")]
    depth_after: Annotated[int, Field(ge=0, description="The same in its native program.")]


class NativePart(Part):
    """The native program, compiled to the native gates and the coupling map of each module."""

    registers: list[RegisterPart]
    start: Annotated[list[QubitName], Field(description="Where each qubit of the joint program is at the start.")]
    output: Annotated[list[QubitName], Field(description="Where each circuit qubit is at the end.")]
    modules: list[CompiledPart]
    manifest: ManifestPart


class SharePart(Part):
    """One copy of a qubit in one more module."""

    segment: Annotated[int, Field(ge=0, description="The segment that is copied, in which the share begins.")]
    until: Annotated[int, Field(ge=0, description="The segment in which it ends; further on if it is embedded.")]
    route: Annotated[list[str], Field(min_length=2, description="Names of modules, from the source to the target.")]
    begin: Annotated[int, Field(description="Event of the normal form before which the share is made.")]
    end: Annotated[int, Field(description="Event at which its qubit is freed.")]
    teleport: Annotated[bool, Field(description="The copy becomes the home of the segment behind `until`.")]
    parked: Annotated[
        int | None,
        Field(description="Number of the share before whose making the copy moves to a free data qubit, if it does."),
    ] = None


class StayPart(Part):
    """One idle qubit in a memory qubit."""

    qubit: Annotated[int, Field(ge=0, description="The wire of the normal form whose qubit it is.")]
    route: Annotated[
        list[str], Field(min_length=1, description="Names of modules, from home to that of the memory qubit.")
    ]
    begin: Annotated[int, Field(ge=0, description="Event of the normal form behind which the qubit leaves.")]
    end: Annotated[int, Field(ge=0, description="Event before which it is back.")]


class SegmentsPart(Part):
    """The segments by number: wire by wire, in the order of time on each."""

    qubit: Annotated[list[Count], Field(description="The wire of each.")]
    home: Annotated[list[str], Field(description="The module where the qubit is when the segment begins.")]


class GatesPart(Part):
    """The gates of the normal form, in order."""

    segments: list[Annotated[list[Count], Field(min_length=2, max_length=2)]]
    event: Annotated[list[Count], Field(description="The place of each among all events.")]
    host: Annotated[list[str], Field(description="The module where each runs.")]


class ReplayPart(Part):
    """The plan itself."""

    order: Annotated[
        list[Count] | None,
        Field(description="Where each event stands in the normal form as it is found, if not in its own place."),
    ] = None
    segments: SegmentsPart | None = None
    gates: GatesPart | None = None
    shares: list[SharePart]
    stays: list[StayPart] = Field(default_factory=list, description="Idle qubits in memory qubits; may be missing.")


class TallyPart(Part):
    """The figures of a plan; null where the hardware does not say enough."""

    ebits: Count
    weighted_ebits: Annotated[float, Field(ge=0)]
    bound: Count
    shares: Count
    teleports: Count
    raw_pairs: Annotated[float | None, Field(ge=0)]
    makespan_s: Annotated[float | None, Field(ge=0, description="Of the schedule with mean durations, seconds.")]
    p95_s: Annotated[float | None, Field(ge=0, description="95 % of all runs end within so many seconds.")]
    fidelity: Annotated[float | None, Field(ge=0, le=1, description="The process fidelity.")]


class AgainstPart(Part):
    """An old plan that this one was compared with."""

    obstacles: Annotated[list[str], Field(description="Why the old plan cannot run on this hardware; empty if it can.")]
    kept: Annotated[bool, Field(description="The old plan is as good as any that was found: it is that of this file.")]
    then: Annotated[TallyPart, Field(description="The old plan on the hardware that it was made for.")]
    today: Annotated[TallyPart | None, Field(description="The old plan on this hardware; null if it cannot run.")]
    new: Annotated[TallyPart, Field(description="The plan that was found for this hardware.")]


class DroppedGatePart(Part):
    """A gate of the circuit whose entangling part is left out."""

    row: Annotated[int, Field(ge=0, description="Its number among the circuit's operations.")]
    line: Annotated[int, Field(ge=0, description="In the circuit's file; 0 if unknown.")]
    gate: str
    angle: float
    qubits: list[str]
    infidelity: Annotated[float, Field(ge=0, le=1, description="The process infidelity of dropping it alone.")]


class DroppedPart(Part):
    """What the programs leave out; the formulas are in `dqplan/core/dropping.py`."""

    budget: Annotated[float, Field(ge=0, le=1)]
    infidelity: Annotated[float, Field(ge=0, le=1, description="Proved: no input has a greater one.")]
    infidelity_sum: Annotated[float, Field(ge=0, description="If errors do not help each other.")]
    ebits_saved: Annotated[int, Field(description="Against the plan that drops nothing.")]
    gates: Annotated[list[DroppedGatePart], Field(min_length=1)]


class PlanDocument(Part):
    """What plan.json says."""

    schema_: Annotated[Literal["dqplan.plan/1"], Field(alias="schema")]
    circuit: CircuitPart
    hardware: HardwarePart
    objective: Annotated[
        str, Field(description="ebits, time, fidelity, or weights of their ratios to the plan for e-bits.")
    ]
    effort: str
    seed: int
    relaxed: Annotated[bool, Field(description="Comm-qubit limits and lifetimes were ignored.")]
    purification: Annotated[
        dict[str, Annotated[int, Field(ge=1, le=10)]],
        Field(default_factory=dict, description="Rounds of purification by link; the key may be missing: none."),
    ]
    dropped: Annotated[DroppedPart | None, Field(description="Missing if nothing is.")] = None
    stop_reason: str
    elapsed_s: Annotated[float, Field(ge=0, description="Wall-clock seconds of the search.")]
    cost: CostPart
    outlook: OutlookPart | None = None
    pareto: Annotated[
        list[AlternativePart] | None, Field(description="The undominated candidates, if they were asked for.")
    ] = None
    against: Annotated[
        AgainstPart | None, Field(description="An old plan that was tried on this hardware, if there was one.")
    ] = None
    bound: BoundPart
    baseline: BaselinePart
    checks: list[CheckPart]
    layout: LayoutPart
    native: Annotated[NativePart | None, Field(description="Missing if no module limits gates or couplings.")] = None
    manifest: Annotated[
        ManifestPart | None, Field(description="Missing where an early version wrote the directory.")
    ] = None
    plan: ReplayPart
    files: list[str]


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of plan.json."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **PlanDocument.model_json_schema(by_alias=True)}


def plan_document_of_text(text: str, source: str = PLAN_FILE) -> PlanDocument:
    """Read plan.json.

    Args:
        text: the file's content.
        source: its name, for error messages.

    Raises:
        PlanError: not JSON, of another version, or a key is missing or holds something else than it should.
    """
    return document_of_text(PlanDocument, text, source, "plan", SCHEMA)


def read_directory(path: str) -> dict[str, str]:
    """The texts of a directory that `dqplan split` wrote, by file name: plan.json, *.qasm, input.json.

    Raises:
        SourceError: no such directory, no directory, or a file in it cannot be read.
        PlanError: there is no plan.json in it.
    """
    folder = Path(path)
    try:
        names = sorted(entry.name for entry in folder.iterdir() if _is_read(entry))
    except NotADirectoryError as error:
        hint = f"give the directory that holds it: {folder.parent}"
        raise SourceError("is a file, not a directory", place=Place(path), hint=hint) from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = getattr(error, "strerror", None) or str(error)
        hint = "give the directory that `dqplan split -o` wrote"
        raise SourceError(f"cannot be listed: {reason}", place=Place(path), hint=hint) from error
    if PLAN_FILE not in names:
        hint = "give the directory that `dqplan split -o` wrote"
        if "cuts.json" in names:
            hint = f"the circuit was cut, and only verify and merge read it as a whole: name an island, {path}/island0"
        raise PlanError(f"there is no {PLAN_FILE} in this directory", place=Place(path), hint=hint)
    return {name: read_source(str(folder / name)).text for name in names}


def _is_read(entry: Path) -> bool:
    """Programs in Cirq JSON end in .json, too; they may be large, and nobody reads them here."""
    return entry.suffix in READ_SUFFIXES and not entry.name.endswith(".cirq.json") and entry.is_file()
