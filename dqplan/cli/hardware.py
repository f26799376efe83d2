"""`dqplan hardware`: the systems that ship with dqplan, and the user's own hardware files."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.options import Format, FormatOption
from dqplan.cli.streams import answer, answer_json, answer_table, printable, talk
from dqplan.core.units import counted

if TYPE_CHECKING:
    from dqplan.load.hardware_files.lines import Mistake

app = typer.Typer(
    help="Hardware files and presets: list them, show them, check them.", no_args_is_help=True, rich_markup_mode=None
)


class ShowFormat(StrEnum):
    """How one system is written; json and yaml are hardware files themselves."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


@app.command("list")
def list_presets(format_: FormatOption = Format.TABLE) -> None:
    """List the systems that ship with dqplan: maturity, size, slowest link, and how many numbers are measured."""
    from dqplan.cli.render.hardware import list_json, list_table
    from dqplan.load.load_hardware import load_hardware, preset_names

    systems = [load_hardware(name) for name in preset_names()]
    if format_ is Format.JSON:
        answer_json(list_json(systems))
    else:
        answer_table(list_table(systems))


@app.command("show")
def show_hardware(
    hardware: Annotated[str, typer.Argument(help="Preset's name, file, `-` or shorthand such as line:4x9+2.")],
    format_: Annotated[
        ShowFormat, typer.Option("--format", help="How to write the answer; json and yaml give a hardware file.")
    ] = ShowFormat.TABLE,
) -> None:
    """Show a system: modules, links, and every number with its basis and source."""
    from dqplan.cli.render.hardware import show_tables
    from dqplan.load.hardware_files.document import hardware_document, hardware_yaml
    from dqplan.load.load_hardware import load_hardware

    system = load_hardware(hardware)
    match format_:
        case ShowFormat.JSON:
            answer_json(hardware_document(system))
        case ShowFormat.YAML:
            answer(hardware_yaml(system))
        case _:
            answer_table(show_tables(system))


@app.command("check")
def check_files(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Hardware files, `-`, or presets' names.")],
    format_: FormatOption = Format.TABLE,
) -> None:
    """Find every mistake in hardware files: file:line:column: key: what is wrong. Exit status 2 if there are any."""
    mistakes = [mistake for file in files for mistake in _mistakes_in(file)]
    if format_ is Format.JSON:
        answer_json([_mistake_json(mistake) for mistake in mistakes])
    else:
        answer("".join(f"{printable(str(mistake))}\n" for mistake in mistakes))
    talk(counted(len(mistakes), "mistake"))
    if mistakes:
        raise typer.Exit(2)


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of hardware files."""
    from dqplan.load.hardware_files.schema import HardwareFile

    answer_json(HardwareFile.model_json_schema())


def _mistakes_in(file: str) -> list[Mistake]:
    from dqplan.load.hardware_files.shorthand import is_shorthand, parse_shorthand
    from dqplan.load.load_hardware import find_mistakes, hardware_source

    if is_shorthand(file):
        parse_shorthand(file)
        return []
    return find_mistakes(hardware_source(file))


def _mistake_json(mistake: Mistake) -> dict[str, object]:
    place = {"file": mistake.place.source, "line": mistake.place.line, "column": mistake.place.column}
    return {**place, "key": mistake.key, "message": mistake.message, "hint": mistake.hint}
