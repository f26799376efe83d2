"""`dqplan split`: place a circuit, cost the plan, check the programs, write them."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from dqplan.cli import completion
from dqplan.cli.against import complaints_about, read_old
from dqplan.cli.cutting import Delivery, Limits, check_finite, plan_uncut, split_by_cuts
from dqplan.cli.directory import check_directory, write_directory
from dqplan.cli.drift_gates import DriftGates
from dqplan.cli.gates import Gates
from dqplan.cli.interrupt import INTERRUPTED
from dqplan.cli.options import (
    CircuitArgument,
    EffortName,
    Format,
    FormatOption,
    HardwareOption,
    LanguageOption,
    ReportsOption,
    SchedulerOption,
    SeedsOption,
    WorkersOption,
)
from dqplan.cli.planning import Aim, Result, make_files, read_input
from dqplan.cli.progress import Reporter
from dqplan.cli.reports import wanted_reports, write_reports
from dqplan.cli.streams import answer, answer_json, drawn, talk, tell
from dqplan.core.errors import Caution, UsageError
from dqplan.core.objective import Objective
from dqplan.core.units import counted

if TYPE_CHECKING:
    from dqplan.core.plan import Plan
    from dqplan.split.dialects import Dialect


def _print_schema(wanted: bool) -> None:
    if wanted:
        from dqplan.load.plan_document import plan_schema

        answer_json(plan_schema())
        raise typer.Exit


def _print_cuts_schema(wanted: bool) -> None:
    if wanted:
        from dqplan.load.cuts_document import cuts_schema

        answer_json(cuts_schema())
        raise typer.Exit


def split(
    circuit: CircuitArgument,
    hardware: HardwareOption,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="Write the programs here; - prints one joint program.")
    ] = "",
    emit: Annotated[
        str,
        typer.Option(
            metavar="DIALECT,...",
            autocompletion=completion.dialects,
            help="Languages to write: qasm3 (always), qasm2, cirq, qiskit, cudaq, netqasm, stim.",
        ),
    ] = "qasm3",
    language: LanguageOption = None,
    effort: Annotated[EffortName, typer.Option(help="How hard to search; every level is deterministic.")] = "normal",
    objective: Annotated[
        str,
        typer.Option(
            metavar="NAME|WEIGHTS",
            autocompletion=completion.aims,
            help="What to plan for: ebits, time (p95), fidelity, or weights such as ebits=1,time=2.",
        ),
    ] = "ebits",
    pareto: Annotated[
        bool, typer.Option("--pareto", help="Plan for all three, and list the plans that no other one dominates.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, metavar="N", help="Of the search.")] = 0,
    seeds: SeedsOption = 1,
    workers: WorkersOption = 1,
    scheduler: SchedulerOption = "",
    time_limit: Annotated[
        float | None,
        typer.Option(min=0.001, metavar="SECONDS", help="Stop all searches after this wall-clock time."),
    ] = None,
    relaxed: Annotated[bool, typer.Option("--relaxed", help="Ignore the limits on comm qubits.")] = False,
    no_recompile: Annotated[
        bool, typer.Option("--no-recompile", help="Keep logical gates, whatever modules can do.")
    ] = False,
    no_check: Annotated[bool, typer.Option("--no-check", help="Do not verify the programs before writing.")] = False,
    max_ebits: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Gate: exit 1 if more e-bits are needed.")
    ] = None,
    max_gap: Annotated[
        float | None,
        typer.Option(min=0, max=1, metavar="PART", help="Gate: exit 1 if more of the e-bits is unproved (0 to 1)."),
    ] = None,
    max_time: Annotated[
        float | None,
        typer.Option(min=0, metavar="SECONDS", help="Gate: exit 1 if 95 % of runs take longer."),
    ] = None,
    min_fidelity: Annotated[
        float | None,
        typer.Option(min=0, max=1, metavar="F", help="Gate: exit 1 if the process fidelity is lower."),
    ] = None,
    require_measured: Annotated[
        bool, typer.Option("--require-measured", help="Gate: exit 1 if a number used was assumed or only announced.")
    ] = False,
    error_budget: Annotated[
        float,
        typer.Option(
            min=0,
            max=0.5,
            metavar="EPS",
            help="Drop weak gates where that saves e-bits, for an infidelity of at most EPS for every input.",
        ),
    ] = 0.0,
    max_overhead: Annotated[
        float,
        typer.Option(
            min=1,
            metavar="X",
            help="Cut gates and wires where no e-bits join modules, if X times as many samples suffice.",
        ),
    ] = 1.0,
    max_subexperiments: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many programs cutting may make.")
    ] = 2000,
    against: Annotated[
        str,
        typer.Option(
            metavar="OLD",
            help="Say what has become of an old plan of the circuit on this hardware; it goes on if none is better.",
        ),
    ] = "",
    max_time_rise: Annotated[
        float | None,
        typer.Option(min=0, metavar="PERCENT", help="Gate: exit 1 if the old plan's time (95 %) rose by more."),
    ] = None,
    max_fidelity_drop: Annotated[
        float | None,
        typer.Option(min=0, max=1, metavar="F", help="Gate: exit 1 if the old plan's fidelity fell by more."),
    ] = None,
    timeline: Annotated[bool, typer.Option("--timeline", help="Draw the schedule below the table.")] = False,
    map_: Annotated[
        bool, typer.Option("--map", help="Draw the modules with their qubits, the links with their e-bits.")
    ] = False,
    format_: FormatOption = Format.TABLE,
    reports: ReportsOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only errors on standard error.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say how long each step took.")] = False,
    schema: Annotated[
        bool,
        typer.Option("--schema", callback=_print_schema, is_eager=True, help="Print the JSON Schema of plan.json."),
    ] = False,
    cuts_schema: Annotated[
        bool,
        typer.Option(
            "--cuts-schema", callback=_print_cuts_schema, is_eager=True, help="Print the JSON Schema of cuts.json."
        ),
    ] = False,
) -> None:
    """Place a circuit on modules and write the programs.

    CIRCUIT is OpenQASM 2, OpenQASM 3 or Cirq JSON. Without -o nothing is written: the report alone is the answer.
    """
    dialects = _dialects(emit)
    wanted, recompile = Objective.of_text(objective), not no_recompile
    aim = Aim(wanted, pareto, effort, seed, time_limit, relaxed, recompile, seeds, workers, scheduler, error_budget)
    gates = Gates(max_ebits, max_gap, max_time, min_fidelity, require_measured)
    drift = DriftGates(time_rise_percent=max_time_rise, fidelity_drop=max_fidelity_drop)
    limits = Limits(max_overhead, max_subexperiments)
    check_finite(max_overhead, error_budget)
    _check_destination(output, dialects)
    further = wanted_reports(reports, output)
    if [circuit, hardware, against].count("-") > 1:
        raise UsageError("only one input can be standard input", hint="put the others in files")
    if drift and not against:
        raise UsageError("--max-time-rise and --max-fidelity-drop need an old plan", hint="--against DIR")
    pictures = [name for name, wanted in (("--map", map_), ("--timeline", timeline)) if wanted]
    if pictures and format_ is not Format.TABLE:
        message = f"{pictures[0]} is drawn below the table, which --format json leaves out"
        raise UsageError(message, hint="drop one of them")
    reporter = Reporter(quiet, verbose)
    from dqplan.load.load_hardware import load_hardware

    source = read_input(circuit, language, reporter)
    old = read_old(against, source.circuit) if against else None
    began_s = time.monotonic()
    network = load_hardware(hardware)
    if max_overhead > 1:
        alone = [*pictures, *(["--against"] if against else []), *(["--report"] if further else [])]
        delivery = Delivery(output, dialects, format_, no_check, alone)
        status = split_by_cuts(source, network, aim, limits, gates, delivery, reporter)
        if status is not None:
            raise typer.Exit(status)
    plan, interrupted = plan_uncut(source.circuit, network, aim, gates, reporter)
    survival = None
    if old is not None:
        with reporter.step("try the old plan"):
            renewed = old.renewed(plan, source.circuit, not no_recompile)
        plan, survival = renewed.plan, renewed.survival
    left_s = None if time_limit is None else time_limit - (time.monotonic() - began_s)
    result = make_files(plan, source, dialects, recompile, no_check, 0 if interrupted else left_s, reporter)
    for code, warning in _warnings(result.tried.program.plan):
        reporter.warn(code, warning)
    broken = gates.complaints(result.tried.program.plan, result.tried.outlook)
    complaints = [*_failures(result), *(f"gate failed: {complaint}" for complaint in broken)]
    complaints += [] if survival is None else complaints_about(survival, drift)
    result = replace(result, survival=survival)
    if further and not interrupted:
        from dqplan.cli.audit import Audit
        from dqplan.cli.judging import case_of, judged_result

        case = case_of(circuit, hardware, aim, gates, not no_check)
        write_reports(Audit([judged_result(case, result, gates)]), further)
    _deliver(result, output, dialects[0], format_, pictures, bool(complaints), reporter)
    for complaint in complaints:
        talk(complaint)
    if interrupted or complaints:
        raise typer.Exit(INTERRUPTED if interrupted else 1)


def _dialects(names: str) -> list[Dialect]:
    from dqplan.split.dialects import Dialect

    known = {dialect.value: dialect for dialect in Dialect}
    wanted = list(dict.fromkeys(names.split(",")))
    for name in wanted:
        if name not in known:
            raise UsageError(f"--emit: `{name}` is not a language to write", hint=f"choose from {', '.join(known)}")
    return [known[name] for name in wanted]


def _check_destination(output: str, dialects: Sequence[Dialect]) -> None:
    """Refuse what could not be written, before the work is done."""
    if output == "-" and len(dialects) > 1:
        raise UsageError("-o - prints one program, but --emit names several", hint=f"--emit {dialects[0]}, or -o DIR")
    if output == "-" and not dialects[0].has_joint_program:
        message = f"-o - prints the joint program, but {dialects[0]} has only programs of modules"
        raise UsageError(message, hint="-o DIR writes one for each module")
    if output not in ("", "-"):
        check_directory(output)


def _warnings(plan: Plan) -> Iterator[tuple[Caution, str]]:
    """What the user should know before trusting the plan."""
    hardware = plan.hardware
    links = hardware.link_by_name
    slow = [name for name in plan.cost.ebits_by_link if (hardware.pairs_per_lifetime(links[name]) or 1.0) < 1]
    if slow:
        names = slow[0] if len(slow) == 1 else f"{slow[0]} and {counted(len(slow) - 1, 'other link')}"
        verb = "makes" if len(slow) == 1 else "make"
        forgotten = f"{names} {verb} less than one e-bit in the lifetime of a stored one; waiting will cost fidelity"
        yield Caution.SHORT_LIVED, forgotten


def _failures(result: Result) -> Iterator[str]:
    """Checks that failed."""
    failed = [check.name for check in result.checks if check.status == "failed"]
    if failed:
        names = ", ".join(failed)
        yield f"verification failed: {names}; this is a bug in dqplan, please report the circuit and the hardware"


def _deliver(
    result: Result,
    output: str,
    dialect: Dialect,
    format_: Format,
    pictures: Sequence[str],
    refused: bool,
    reporter: Reporter,
) -> None:
    """Write files or program, then the report. A program that failed a check or a gate is reported, not written."""
    from dqplan.split.dialects import file_name
    from dqplan.split.files import plan_text

    directory = "" if refused or output == "-" else output
    written = sorted(result.files) if directory else []
    tried = result.tried
    document = plan_text(tried.program, result.checks, written, tried.outlook, tried.native, result.survival)
    if directory:
        write_directory(directory, {**result.files, "plan.json": document})
    if output == "-" and not refused:
        answer(result.files[file_name("joint", dialect)])
    where = f"{directory}: {', '.join(written)}" if written else ""
    if output != "-":
        answer(document if format_ is Format.JSON else _table(result, where, pictures, sys.stdout))
    elif not reporter.quiet:
        tell(document if format_ is Format.JSON else _table(result, where, pictures, sys.stderr))
    if not output and not refused and format_ is Format.TABLE:
        reporter.say("nothing was written: -o DIR writes the programs")


def _table(result: Result, where: str, pictures: Sequence[str], stream: TextIO | None) -> str:
    from dqplan.cli.render.plan import plan_report

    tried = result.tried
    text = drawn(plan_report(tried.program.plan, tried.outlook, result.checks, where, tried.native), stream)
    if result.survival is not None:
        from dqplan.cli.render.survival import survival_page

        text += f"\n{drawn(survival_page(result.survival).report(), stream)}"
    if "--map" in pictures:
        from rich.text import Text

        from dqplan.cli.render.plan_map import plan_map

        text += f"\n{drawn(Text(plan_map(tried.program.plan)), stream)}"
    if "--timeline" in pictures:
        text += f"\n{_timeline(result, stream)}"
    return text


def _timeline(result: Result, stream: TextIO | None) -> str:
    from dqplan.cli.render.timeline import WIDEST, Timeline, no_timeline
    from dqplan.core.native import run_by_modules

    outlook, run = result.tried.outlook, run_by_modules(result.tried.program, result.tried.native)
    picture = no_timeline(outlook) if outlook.schedule is None else Timeline(run, outlook.schedule)
    return drawn(picture, stream, WIDEST)
