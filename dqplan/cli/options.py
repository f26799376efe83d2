"""Options that several commands share. Importing this must stay cheap: every `--help` does it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import typer

from dqplan.cli.terminal import completion


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"


class AuditFormat(StrEnum):
    """How what `check` has found is written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    MARKDOWN = "markdown"
    GITHUB = "github"
    JUNIT = "junit"
    SARIF = "sarif"


FormatOption = Annotated[Format, typer.Option("--format", help="How to write the answer.")]

# Spelled out a second time (the enums are Language, Effort and Backend): importing those would import numpy.
LanguageName = Literal["qasm2", "qasm3", "cirq-json"]
EffortName = Literal["quick", "normal", "thorough"]
BackendName = Literal["statevector", "stim", "cudaq"]

LanguageOption = Annotated[
    LanguageName | None, typer.Option("--from", help="Language of CIRCUIT; told from its content unless given.")
]
HardwareOption = Annotated[
    str,
    typer.Option(
        "--hardware",
        "-H",
        metavar="HARDWARE",
        help="A file, a preset's name, or a shorthand such as line:4x9+2.",
        autocompletion=completion.presets,
    ),
]
CircuitArgument = Annotated[str, typer.Argument(metavar="CIRCUIT", help="A file, or - for standard input.")]
EffortOption = Annotated[EffortName, typer.Option(help="How hard to search; every level is deterministic.")]
ObjectiveOption = Annotated[
    str,
    typer.Option(
        metavar="NAME|WEIGHTS",
        autocompletion=completion.aims,
        help="What to plan for: ebits, time (p95), fidelity, or weights such as ebits=1,time=2.",
    ),
]
SeedOption = Annotated[int, typer.Option(min=0, max=2**31 - 1, metavar="N", help="Of everything random.")]
RelaxedOption = Annotated[bool, typer.Option("--relaxed", help="Ignore the limits on comm qubits.")]
NoRecompileOption = Annotated[bool, typer.Option("--no-recompile", help="Keep logical gates, whatever modules can do.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only errors on standard error.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Say how long each step took.")]
ReportsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORMAT=PATH",
        help="Also write a report: table, json, ndjson, csv, markdown, github, junit or sarif; may be given often.",
    ),
]
SeedsOption = Annotated[
    int, typer.Option(min=1, max=10_000, metavar="N", help="Search with so many seeds from --seed on, keep the best.")
]
WorkersOption = Annotated[
    int, typer.Option(min=0, metavar="N", help="Processes that search at once; 0 is one for each core.")
]
SchedulerOption = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Search on a Dask cluster: tcp://10.0.0.1:8786, or slurm.")
]
