"""`dqplan hardware`: the systems that ship with dqplan, and the user's own hardware files."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.calibrate import calibrate
from dqplan.cli.options import Format, FormatOption
from dqplan.cli.terminal import completion
from dqplan.cli.terminal.streams import answer, answer_json, answer_table, check_read_once, printable, talk
from dqplan.core.units import counted

if TYPE_CHECKING:
    from dqplan.load.hardware_files.lines import Mistake

app = typer.Typer(
    help="Hardware files and presets: list, show, draw, check, calibrate them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


app.command("calibrate")(calibrate)


class ShowFormat(StrEnum):
    """How one system is written; json and yaml are hardware files themselves, memq is a network of memQ's compiler."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"
    MEMQ = "memq"


@app.command("list")
def list_presets(format_: FormatOption = Format.TABLE) -> None:
    """List the systems that ship with dqplan: maturity, size, slowest link, and how many numbers are measured."""
    from dqplan.cli.render.presets import list_json, list_table
    from dqplan.load.hardware_files.presets import preset_names
    from dqplan.load.load_hardware import load_hardware

    systems = [load_hardware(name) for name in preset_names()]
    if format_ is Format.JSON:
        answer_json(list_json(systems))
    else:
        answer_table(list_table(systems))


@app.command("show")
def show_hardware(
    hardware: Annotated[
        str,
        typer.Argument(
            help="Preset's name, file, `-` or shorthand such as line:4x9+2.", autocompletion=completion.presets
        ),
    ],
    format_: Annotated[
        ShowFormat,
        typer.Option(
            "--format", help="How to write the answer; json and yaml give a hardware file, memq a network of memQ."
        ),
    ] = ShowFormat.TABLE,
) -> None:
    """Show a system: modules, links, and every number with its basis and source."""
    from dqplan.cli.render.hardware import show_tables
    from dqplan.load.hardware_files.document import hardware_document, hardware_yaml
    from dqplan.load.hardware_files.write_memq import memq_network
    from dqplan.load.load_hardware import load_hardware

    system = load_hardware(hardware)
    match format_:
        case ShowFormat.JSON:
            answer_json(hardware_document(system))
        case ShowFormat.YAML:
            answer(hardware_yaml(system))
        case ShowFormat.MEMQ:
            answer_json(memq_network(system))
        case _:
            answer_table(show_tables(system))


@app.command("draw")
def draw_network(
    hardware: Annotated[
        str,
        typer.Argument(
            help="Preset's name, file, `-` or shorthand such as ring:4x9+2.", autocompletion=completion.presets
        ),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE.svg", help="Write a picture; - prints it; else draw here.")
    ] = "",
) -> None:
    """Draw the network: modules by size and role, links with rate and fidelity."""
    from dqplan.cli.output.output_file import check_file, write_file
    from dqplan.core.errors import HardwareError
    from dqplan.load.load_hardware import load_hardware

    if output not in ("", "-"):
        check_file(output)
    system = load_hardware(hardware)
    if not system.modules:
        raise HardwareError(
            f"{system.name} has no modules to draw", hint=f"dqplan hardware show {system.name} tells why"
        )
    if not output:
        from dqplan.cli.render.network_text import network_text

        answer(network_text(system))
        return
    from dqplan.cli.render.network_svg import network_svg

    if output == "-":
        answer(network_svg(system))
    else:
        write_file(output, network_svg(system))


@app.command("check")
def check_files(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help="Hardware files, `-`, or presets' names.", autocompletion=completion.presets
        ),
    ],
    format_: FormatOption = Format.TABLE,
) -> None:
    """Find every mistake in hardware files: file:line:column: key: what is wrong. Exit status 2 if there are any.

    Files without mistakes may have warnings: links that cannot do well what plans ask of them.
    """
    check_read_once(files)
    found = [_findings_in(file) for file in files]
    mistakes = [mistake for wrong, _ in found for mistake in wrong]
    warnings = [warning for _, doubtful in found for warning in doubtful]
    if format_ is Format.JSON:
        findings = [(mistake, "mistake") for mistake in mistakes] + [(warning, "warning") for warning in warnings]
        answer_json([_finding_json(*finding) for finding in findings])
    else:
        lines = [
            *map(str, mistakes),
            *(f"{warning.place}: warning[{warning.code}]: {warning.message}" for warning in warnings),
        ]
        answer("".join(f"{printable(line)}\n" for line in lines))
    doubts = f", {counted(len(warnings), 'warning')}" if warnings else ""
    talk(counted(len(mistakes), "mistake") + doubts)
    if mistakes:
        raise typer.Exit(2)


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of hardware files."""
    from dqplan.load.hardware_files.schema import HardwareFile

    answer_json(HardwareFile.model_json_schema())


def _findings_in(file: str) -> tuple[list[Mistake], list[Mistake]]:
    """Mistakes and warnings."""
    from dqplan.load.hardware_files.shorthand import is_shorthand, parse_shorthand
    from dqplan.load.load_hardware import find_mistakes, find_warnings, hardware_source

    if is_shorthand(file):
        parse_shorthand(file)
        return [], []
    source = hardware_source(file)
    return find_mistakes(source), find_warnings(source)


def _finding_json(finding: Mistake, kind: str) -> dict[str, object]:
    place = {"file": finding.place.source, "line": finding.place.line, "column": finding.place.column}
    told = {"code": finding.code, "key": finding.key, "message": finding.message, "hint": finding.hint}
    return {**place, **told, "kind": kind}
