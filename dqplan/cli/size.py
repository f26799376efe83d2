"""`dqplan size`: the smallest modules, or the slowest or worst links, on which a plan reaches a target."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dqplan.cli.options import (
    CircuitArgument,
    EffortOption,
    HardwareOption,
    LanguageOption,
    NoRecompileOption,
    ObjectiveOption,
    QuietOption,
    RelaxedOption,
    SchedulerOption,
    SeedOption,
    SeedsOption,
    VerboseOption,
    WorkersOption,
)
from dqplan.cli.output.output_file import check_file, write_file
from dqplan.cli.plans.planning import VAIN, Aim, read_input, spread_of
from dqplan.cli.terminal.interrupt import INTERRUPTED, interruptible
from dqplan.cli.terminal.progress import Reporter
from dqplan.cli.terminal.streams import answer, answer_json, drawn, talk
from dqplan.core.errors import UsageError
from dqplan.core.objective import Objective

if TYPE_CHECKING:
    from dqplan.size.curve import Sizing

OUT_OF_REACH = 3
"""The exit status of everything that is infeasible."""
# Spelled out a second time (the enum is Quantity): importing it would import numpy.
QuantityName = Literal["data", "comm", "rate", "fidelity"]


class SizeFormat(StrEnum):
    """How the curve is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def size(
    circuit: CircuitArgument,
    hardware: HardwareOption,
    vary: Annotated[
        QuantityName,
        typer.Option(help="Data or comm qubits of modules, rate (Hz) or fidelity of links: all alike, unless --only."),
    ],
    only: Annotated[
        str, typer.Option(metavar="NAME", help="Vary this module, or this link (m0--m1), and leave the others.")
    ] = "",
    span: Annotated[str, typer.Option("--range", metavar="LO:HI", help="Smallest and largest value to look at.")] = "",
    points: Annotated[
        int, typer.Option(min=2, max=1000, metavar="N", help="Values to try at least, for the curve.")
    ] = 8,
    max_ebits: Annotated[int | None, typer.Option(min=0, metavar="N", help="Target: e-bits at most.")] = None,
    max_time: Annotated[
        float | None, typer.Option(min=0, metavar="SECONDS", help="Target: 95 % of runs end within this time.")
    ] = None,
    min_fidelity: Annotated[
        float | None, typer.Option(min=0, max=1, metavar="F", help="Target: a process fidelity no lower than this.")
    ] = None,
    language: LanguageOption = None,
    effort: EffortOption = "normal",
    objective: ObjectiveOption = "ebits",
    seed: SeedOption = 0,
    seeds: SeedsOption = 1,
    workers: WorkersOption = 1,
    scheduler: SchedulerOption = "",
    relaxed: RelaxedOption = False,
    no_recompile: NoRecompileOption = False,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write the hardware that was found, as YAML.")
    ] = "",
    plot: Annotated[str, typer.Option(metavar="FILE", help="Draw the curve, as FILE.svg or FILE.html.")] = "",
    format_: Annotated[SizeFormat, typer.Option("--format", help="How to write the answer.")] = SizeFormat.TABLE,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Find the smallest hardware on which a circuit's plan reaches a target.

    One quantity is varied; the curve says what plans cost at each value. Each search is that of `dqplan split` with the
    same options. The exit status is 3 if no value in the range reaches the target.
    """
    if circuit == hardware == "-":
        raise UsageError("circuit and hardware cannot both be standard input", hint="put one of them in a file")
    if relaxed and vary == "comm":
        raise UsageError("--relaxed ignores the comm qubits that --vary comm asks for", hint="drop one of them")
    limits = _span(span)
    wanted, recompile = Objective.of_text(objective), not no_recompile
    aim = Aim(wanted, False, effort, seed, None, relaxed, recompile, seeds, workers, scheduler)
    for name in filter(None, (output, plot)):
        check_file(name)
    if plot and not plot.endswith((".svg", ".html")):
        raise UsageError(f"--plot: `{plot}` is neither .svg nor .html", hint=f"--plot {plot}.svg")
    reporter = Reporter(quiet, verbose)
    from dqplan.core.normalise import segments_of
    from dqplan.core.plan import Effort
    from dqplan.load.load_hardware import load_hardware
    from dqplan.size.hunt import PlanOptions
    from dqplan.size.quantity import Knob, Quantity
    from dqplan.size.size_hardware import size_hardware
    from dqplan.size.target import Target

    target = Target(max_ebits, max_time, min_fidelity)
    source = read_input(circuit, language, reporter).circuit
    network = load_hardware(hardware)
    with reporter.step("find segments"):
        segments = segments_of(source)
    what, rest = f"plan {source.name} on {network.name} with other {vary}", "the values that are known"
    if aim.vain:
        reporter.say(VAIN)
    with reporter.search(what) as watch, interruptible(reporter, rest) as stop, spread_of(aim) as spread:
        found = size_hardware(
            segments,
            network,
            Knob(Quantity(vary), only),
            target,
            options=PlanOptions(wanted, Effort(effort), seed, seeds, relaxed, recompile),
            span=limits,
            points=points,
            stop=stop,
            watch=watch,
            spread=spread,
        )
    title = f"{source.name} on {network.name}"
    _deliver(found, title, segments.num_wires, output, plot, format_)
    if not found.finished:
        raise typer.Exit(INTERRUPTED)
    if found.found is None:
        raise typer.Exit(OUT_OF_REACH)


def _span(text: str) -> tuple[float, float] | None:
    """The two numbers of `--range`."""
    if not text:
        return None
    try:
        low, high = map(float, text.split(":"))
    except ValueError:
        raise UsageError(f"--range: `{text}` is not LO:HI", hint="write two numbers, such as --range 4:16") from None
    return low, high


def _deliver(found: Sizing, title: str, num_qubits: int, output: str, plot: str, format_: SizeFormat) -> None:
    from dqplan.cli.render.size import conclusion, size_csv, size_document, size_picture, size_report
    from dqplan.load.hardware_files.document import hardware_yaml

    if output and found.found:
        write_file(output, hardware_yaml(found.found.hardware))
    if plot:
        write_file(plot, size_picture(found, title, page=plot.endswith(".html")))
    match format_:
        case SizeFormat.CSV:
            answer(size_csv(found, num_qubits))
        case SizeFormat.JSON:
            answer_json(size_document(found, title, num_qubits))
        case _:
            written = ", ".join(filter(None, (output if found.found else "", plot)))
            answer(drawn(size_report(found, title, num_qubits, written), sys.stdout))
    if found.found is None and found.finished:
        talk(f"out of reach: {conclusion(found)}")
