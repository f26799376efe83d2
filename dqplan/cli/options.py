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
