"""`dqplan hardware calibrate`: today's measured values over the numbers of a hardware file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dqplan.cli.output.change_format import ChangeFormat, ChangeFormatOption, deliver
from dqplan.cli.output.output_file import check_file, write_file
from dqplan.cli.terminal.streams import answer, answer_json, printable_json, talk, tell
from dqplan.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dqplan.core.drift import Drift
    from dqplan.core.hardware import Hardware

_DIGITS = 4


def calibrate(
    hardware: Annotated[str, typer.Argument(help="Preset's name, file, `-` or shorthand such as line:4x9+2.")],
    data: Annotated[
        list[str],
        typer.Option(
            "--from",
            metavar="FILE",
            help="Measured values: CSV, JSON, or backend properties or a calibration table of IBM; may be repeated.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="Write the new hardware (.yaml or .json); - prints it."),
    ] = "",
    module: Annotated[
        str, typer.Option(metavar="NAME", help="The module that a whole device of IBM is, where there are several.")
    ] = "",
    reduction: Annotated[
        Literal["median", "mean"], typer.Option(help="What a module's number is made of those of its qubits.")
    ] = "median",
    max_drift: Annotated[
        float | None,
        typer.Option(min=0, metavar="PERCENT", help="Gate: exit 1 if a number (a fidelity's error) got worse by more."),
    ] = None,
    format_: ChangeFormatOption = ChangeFormat.TABLE,
) -> None:
    """Put measured values over the numbers of a hardware, and show what has drifted.

    Numbers that were measured get the basis `measured`, their date and source; all others stay what they are.
    """
    from dqplan.load.calibration.calibrate_hardware import calibrate_hardware
    from dqplan.load.calibration.device import Reduction
    from dqplan.load.calibration.read_calibration import read_calibration
    from dqplan.load.load_hardware import load_hardware
    from dqplan.load.source import read_source

    if [hardware, *data].count("-") > 1:
        raise UsageError("only one input can be standard input", hint="put the others in files")
    if output not in ("", "-"):
        check_file(output)
    system = load_hardware(hardware)
    found = calibrate_hardware(
        system,
        [read_calibration(read_source(file, "measured values: part, quantity, value in CSV")) for file in data],
        module=module,
        reduction=Reduction(reduction),
    )
    complaints = list(_drifted(found.drifts, max_drift))
    written = output if output != "-" and not complaints else ""
    if output and not complaints:
        _write(output, found.hardware)
    if format_ is ChangeFormat.JSON:
        _report_json(system, found.drifts, found.remarks, written, to_stderr=output == "-" and not complaints)
    else:
        from dqplan.cli.render.drift import drift_page

        page = drift_page(f"{system.name} calibrated", found.hardware, found.drifts, found.remarks, written)
        deliver(page, format_, to_stderr=output == "-" and not complaints)
    for complaint in complaints:
        talk(complaint)
    if complaints:
        raise typer.Exit(1)


def _report_json(
    system: Hardware, drifts: Sequence[Drift], remarks: Sequence[str], written: str, *, to_stderr: bool
) -> None:
    import json

    from dqplan.cli.render.drift import drift_json

    document = {
        "hardware": system.name,
        "written": written,
        "drifts": [drift_json(drift) for drift in drifts],
        "remarks": list(remarks),
    }
    if to_stderr:
        tell(printable_json(json.dumps(document, indent=1, ensure_ascii=False)) + "\n")
    else:
        answer_json(document)


def _write(output: str, hardware: Hardware) -> None:
    """The new hardware file, whole or not at all."""
    import json

    from dqplan.load.hardware_files.document import hardware_document, hardware_yaml

    if output.endswith(".json"):
        text = json.dumps(hardware_document(hardware), indent=1, ensure_ascii=False) + "\n"
    else:
        text = hardware_yaml(hardware)
    if output == "-":
        answer(text)
    else:
        write_file(output, text)


def _drifted(drifts: Sequence[Drift], limit_percent: float | None) -> list[str]:
    """The complaint about each number that got worse by more than a limit."""
    from dqplan.cli.render.drift import number_text

    if limit_percent is None:
        return []
    found = []
    for drift in drifts:
        worse = 100 * drift.worsening
        if worse > limit_percent:
            kind = drift.quantity.kind
            was, now = number_text(kind, drift.was), number_text(kind, drift.found)
            found.append(
                f"gate failed: {drift.part} {drift.quantity.name} was {was} and is {now}, "
                f"{worse:.{_DIGITS}g} % worse; --max-drift allows {limit_percent:g} %"
            )
    return found
