"""cuts.json, schema `dqplan.cuts/1`: a circuit that was cut, and the directory that it lies in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from dqplan.core.errors import Place, PlanError
from dqplan.load.json_document import Part, document_of_text
from dqplan.load.plan_document import CheckPart, Count, Digest, HardwarePart, read_directory
from dqplan.load.source import read_source

SCHEMA = "dqplan.cuts/1"
CUTS_FILE = "cuts.json"
Pair = Annotated[list[Count], Field(min_length=2, max_length=2)]
IslandName = Annotated[str, Field(pattern=r"^island[0-9]+$")]
SubexperimentName = Annotated[
    str, Field(pattern=r"^island[0-9]+/[0-9]+$", description="The program's file, less .qasm.")
]


_MOST_BITS, _MOST_ENDS, _MOST_TERMS = 1_000_000, 1_000, 100
"""Of a register, an island, a cut: far more than anybody can use, and few enough to be read."""


class RegisterPart(Part):
    """A classical register of the circuit."""

    name: str
    size: Annotated[int, Field(ge=0, le=_MOST_BITS)]


class WholePart(Part):
    """The circuit that was cut."""

    name: str
    digest: Digest
    num_qubits: Annotated[int, Field(ge=1)]
    registers: Annotated[list[RegisterPart], Field(description="Its classical registers, as declared.")]


class TermPart(Part):
    """One product of local operations."""

    coefficient: Annotated[float, Field(ge=-1e6, le=1e6)]
    operations: Annotated[list[str], Field(min_length=2, max_length=2, description="At the first and the second end.")]
    signed: Annotated[
        list[bool], Field(min_length=2, max_length=2, description="Whether an outcome of 1 turns the result's sign.")
    ]


class OperationPart(Part):
    """What is done at an end, in the place of the measurement in the island's circuit."""

    gates: Annotated[list[str], Field(description="One-qubit gates without angles, by their names in OpenQASM.")]
    measured: Annotated[bool, Field(description="Whether the measurement follows them.")]


class CutPart(Part):
    """One cut. A gate is exp(-i angle/2 Z⊗Z); a wire leads from its first end to its second."""

    kind: Literal["gate", "wire"]
    line: Annotated[int, Field(ge=0, description="Of the circuit; 0 if unknown.")]
    qubits: Annotated[list[str], Field(description="Of the circuit.")]
    angle: Annotated[float, Field(ge=-1e6, le=1e6)]
    overhead: Annotated[float, Field(ge=1, description="The square of the sum of the coefficients' sizes.")]
    ends: Annotated[
        list[Pair], Field(min_length=2, max_length=2, description="Place of the island, and which of its ends.")
    ]
    terms: Annotated[list[TermPart], Field(min_length=1, max_length=_MOST_TERMS)]


class SubexperimentPart(Part):
    """One program of an island."""

    name: SubexperimentName
    operations: Annotated[list[str], Field(description="At each end of the island.")]
    share: Annotated[float, Field(ge=0, le=1, description="Of the island's shots, for the least error.")]


class IslandPart(Part):
    """One island; its folder is one that `dqplan split` wrote, with every end measured, and the programs beside."""

    name: IslandName
    modules: Annotated[list[str], Field(min_length=1)]
    ebits: Count
    clbits: Annotated[list[Count], Field(description="The circuit's bits that its registers, but the last, stand for.")]
    num_ends: Annotated[
        int, Field(ge=0, le=_MOST_ENDS, description="Each is a bit of its last register, if there are any.")
    ]
    subexperiments: Annotated[list[SubexperimentPart], Field(min_length=1)]


class CutsDocument(Part):
    """What cuts.json says.

    The result is the sum, over all choices of a term for each cut, of the product of the coefficients and of what each
    island's subexperiment gives, with the signs of the bits at its ends.
    """

    schema_: Annotated[Literal["dqplan.cuts/1"], Field(alias="schema")]
    circuit: WholePart
    hardware: HardwarePart
    max_overhead: Annotated[float, Field(ge=1)]
    overhead: Annotated[float, Field(ge=1, description="The product over all cuts.")]
    least_overhead: Annotated[float, Field(ge=1, description="No other way to cut in the class needs less.")]
    proved_by: Annotated[str, Field(description="How that is known, and the class.")]
    optimal: bool
    standard_error: Annotated[float, Field(ge=1e-6, le=1, description="Of a product of Z, for which shots are told.")]
    shots_per_island: Annotated[float, Field(gt=0, description="That suffice for it, to first order.")]
    cuts: list[CutPart]
    operations: dict[str, OperationPart]
    islands: Annotated[list[IslandPart], Field(min_length=1)]
    inputs: Annotated[list[Pair], Field(description="Place of the island, and its qubit, of each qubit at the start.")]
    outputs: Annotated[list[Pair], Field(description="The same at the end.")]
    order: Annotated[
        list[Pair], Field(description="[i, n]: the next n operations of the whole are those of island i's circuit.")
    ]
    checks: list[CheckPart]
    files: list[str]


def cuts_schema() -> dict[str, Any]:
    """The JSON Schema of cuts.json.

    >>> cuts_schema()["properties"]["schema"]["const"]
    'dqplan.cuts/1'
    """
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **CutsDocument.model_json_schema(by_alias=True)}


def cuts_document_of_text(text: str, source: str = CUTS_FILE) -> CutsDocument:
    """Read cuts.json.

    Args:
        text: the file's content.
        source: its name, for error messages.

    Raises:
        PlanError: not JSON, of another version, or a key is missing, holds something else than it should, or speaks of
            islands, ends, operations or bits that are not there.
    """
    document = document_of_text(CutsDocument, text, source, "description of cuts", SCHEMA)
    if fault := _fault(document):
        hint = "write the directory again with `dqplan split`"
        raise PlanError(f"contradicts itself: {fault}", place=Place(source), hint=hint)
    return document


def _fault(document: CutsDocument) -> str:
    """The first reference to something that is not there."""
    sizes = [island.num_ends for island in document.islands]
    ends = [(island, end) for cut in document.cuts for island, end in cut.ends]
    if sorted(ends) != [(island, end) for island, size in enumerate(sizes) for end in range(size)]:
        return "the cuts do not have each end of each island once"
    if any(island >= len(sizes) for island, _ in document.order):
        return "the order names an island that is not there"
    bits = [bit for island in document.islands for bit in island.clbits]
    if len(set(bits)) < len(bits) or any(bit >= sum(r.size for r in document.circuit.registers) for bit in bits):
        return "a classical bit is in two islands, or there is none of that number"
    told = [name for cut in document.cuts for term in cut.terms for name in term.operations]
    told += [name for island in document.islands for each in island.subexperiments for name in each.operations]
    if unknown := set(told) - set(document.operations):
        return f"there is no operation {min(unknown)!r}"
    for island in document.islands:
        for each in island.subexperiments:
            if len(each.operations) != island.num_ends or not each.name.startswith(f"{island.name}/"):
                return f"{each.name} does not belong to {island.name}, which has {island.num_ends} ends"
    names = [each.name for island in document.islands for each in island.subexperiments]
    return "a subexperiment is there twice" if len(set(names)) < len(names) else ""


def read_cut_directory(path: str) -> dict[str, str] | None:
    """The texts of a directory with a cut circuit, by name, such as `island0/plan.json`; None if it is no such one.

    Raises:
        SourceError: a file in it cannot be read.
        PlanError: cuts.json is damaged, or a folder of an island is not one.
    """
    folder = Path(path)
    if not (folder / CUTS_FILE).is_file():
        return None
    files = {CUTS_FILE: read_source(str(folder / CUTS_FILE)).text}
    for name in ("input.qasm", "input.json"):
        if (folder / name).is_file():
            files[name] = read_source(str(folder / name)).text
    for island in cuts_document_of_text(files[CUTS_FILE], str(folder / CUTS_FILE)).islands:
        texts = read_directory(str(folder / island.name))
        files |= {f"{island.name}/{name}": text for name, text in texts.items()}
    return files
