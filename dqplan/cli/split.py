"""`dqplan split`: place a circuit, cost the plan, check the programs, write them."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from dqplan.cli.directory import check_directory, write_directory
from dqplan.cli.gates import Gates
from dqplan.cli.interrupt import INTERRUPTED, interruptible
from dqplan.cli.options import (
    CircuitArgument,
    EffortName,
    Format,
    FormatOption,
    LanguageName,
    LanguageOption,
)
from dqplan.cli.progress import Reporter
from dqplan.cli.streams import answer, answer_json, drawn, printable_json, talk, tell
from dqplan.core.errors import UsageError
from dqplan.core.objective import Objective
from dqplan.core.units import counted

if TYPE_CHECKING:
    from dqplan.core.circuit import Circuit
    from dqplan.core.native import Native
    from dqplan.core.outlook import Outlook
    from dqplan.core.plan import Plan
    from dqplan.core.program import Program
    from dqplan.core.verdict import Check
    from dqplan.load.load_circuit import Language
    from dqplan.split.dialects import Dialect


def _print_schema(wanted: bool) -> None:
    if wanted:
        from dqplan.load.plan_document import plan_schema

        answer_json(plan_schema())
        raise typer.Exit


def split(
    circuit: CircuitArgument,
    hardware: Annotated[
        str,
        typer.Option(
            "--hardware", "-H", metavar="HARDWARE", help="A file, a preset's name, or a shorthand such as line:4x9+2."
        ),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="Write the programs here; - prints one joint program.")
    ] = "",
    emit: Annotated[
        str,
        typer.Option(
            metavar="DIALECT,...",
            help="Languages to write: qasm3 (always), qasm2, cirq, qiskit, cudaq, netqasm, stim.",
        ),
    ] = "qasm3",
    language: LanguageOption = None,
    effort: Annotated[EffortName, typer.Option(help="How hard to search; every level is deterministic.")] = "normal",
    objective: Annotated[
        str,
        typer.Option(
            metavar="NAME|WEIGHTS",
            help="What to plan for: ebits, time (p95), fidelity, or weights such as ebits=1,time=2.",
        ),
    ] = "ebits",
    pareto: Annotated[
        bool, typer.Option("--pareto", help="Plan for all three, and list the plans that no other one dominates.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, metavar="N", help="Of the search.")] = 0,
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
    timeline: Annotated[bool, typer.Option("--timeline", help="Draw the schedule below the table.")] = False,
    format_: FormatOption = Format.TABLE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only errors on standard error.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say how long each step took.")] = False,
    schema: Annotated[
        bool,
        typer.Option("--schema", callback=_print_schema, is_eager=True, help="Print the JSON Schema of plan.json."),
    ] = False,
) -> None:
    """Place a circuit on modules and write the programs.

    CIRCUIT is OpenQASM 2, OpenQASM 3 or Cirq JSON. Without -o nothing is written: the report alone is the answer.
    """
    dialects = _dialects(emit)
    aim = _Aim(Objective.of_text(objective), pareto, effort, seed, time_limit, relaxed, not no_recompile)
    gates = Gates(max_ebits, max_time, min_fidelity, require_measured)
    _check_destination(output, dialects)
    if circuit == hardware == "-":
        raise UsageError("circuit and hardware cannot both be standard input", hint="put one of them in a file")
    if timeline and format_ is not Format.TABLE:
        raise UsageError("--timeline is drawn below the table, which --format json leaves out", hint="drop one of them")
    reporter = Reporter(quiet, verbose)
    source = _read(circuit, language, reporter)
    began_s = time.monotonic()
    plan, interrupted = _solve(source.circuit, hardware, aim, gates, reporter)
    left_s = None if time_limit is None else time_limit - (time.monotonic() - began_s)
    result = _emit(plan, source, dialects, not no_recompile, no_check, 0 if interrupted else left_s, reporter)
    for warning in _warnings(result.program.plan):
        reporter.say(warning)
    complaints = [*_failures(result), *gates.complaints(result.program.plan, result.outlook)]
    _deliver(result, output, dialects[0], format_, timeline, bool(complaints), reporter)
    for complaint in complaints:
        talk(complaint)
    if interrupted or complaints:
        raise typer.Exit(INTERRUPTED if interrupted else 1)


@dataclass(frozen=True)
class _Aim:
    """What to search for, and how."""

    objective: Objective
    pareto: bool
    effort: EffortName
    seed: int
    time_limit_s: float | None
    relaxed: bool
    recompile: bool


@dataclass(frozen=True)
class _Source:
    """A circuit and the text that it was read from."""

    circuit: Circuit
    text: str
    language: Language


@dataclass(frozen=True)
class _Result:
    """A program, how it was compiled, its files by name, and what was checked about them."""

    program: Program
    native: Native | None
    outlook: Outlook
    files: Mapping[str, str]
    checks: Sequence[Check]


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


def _read(path: str, language: LanguageName | None, reporter: Reporter) -> _Source:
    from dqplan.load.load_circuit import Language, circuit_of_text, detect_language
    from dqplan.load.source import read_source

    with reporter.step("read the circuit"):
        source = read_source(path)
        known = Language(language) if language else detect_language(source.text, source.name)
        return _Source(circuit_of_text(source.text, source.name, known), source.text, known)


def _solve(circuit: Circuit, hardware: str, aim: _Aim, gates: Gates, reporter: Reporter) -> tuple[Plan, bool]:
    """The plan, and whether the search was interrupted."""
    from dqplan.choose.choose_plan import choose_plan
    from dqplan.core.normalise import segments_of
    from dqplan.core.plan import Effort
    from dqplan.load.load_hardware import load_hardware

    network = load_hardware(hardware)
    with reporter.step("find segments"):
        segments = segments_of(circuit)
    gates.check_numbers(segments, network)
    with reporter.search(f"plan {circuit.name} on {network.name}") as watch, interruptible(reporter) as stop:
        plan = choose_plan(
            segments,
            network,
            objective=aim.objective,
            pareto=aim.pareto,
            effort=Effort(aim.effort),
            seed=aim.seed,
            time_limit_s=aim.time_limit_s,
            relaxed=aim.relaxed,
            recompile=aim.recompile,
            stop=stop,
            watch=watch,
        )
    return plan, stop.is_set()


def _emit(
    plan: Plan,
    source: _Source,
    dialects: Sequence[Dialect],
    recompile: bool,
    no_check: bool,
    time_limit_s: float | None,
    reporter: Reporter,
) -> _Result:
    from dqplan.core.native import run_by_modules
    from dqplan.split.files import program_files
    from dqplan.split.recompile.recompile_program import recompile_program
    from dqplan.split.split_circuit import split_circuit
    from dqplan.trial.trial_program import trial_program

    with reporter.step("write the programs"):
        program = split_circuit(plan)
    with reporter.step("compile them for their modules"):
        native = recompile_program(program) if recompile else None
    with reporter.step("schedule them"):
        outlook = trial_program(run_by_modules(program, native), seed=plan.seed, time_limit_s=time_limit_s)
        files = program_files(
            program,
            source_text=source.text,
            source_language=source.language,
            emit=dialects,
            outlook=outlook,
            native=native,
        )
    if no_check:
        return _Result(program, native, outlook, files, ())
    from dqplan.verify.verify_plan import verify_plan

    with reporter.step("verify the programs"):
        return _Result(program, native, outlook, files, verify_plan(files, source.circuit).checks)


def _warnings(plan: Plan) -> Iterator[str]:
    """What the user should know before trusting the plan."""
    hardware = plan.hardware
    links = hardware.link_by_name
    slow = [name for name in plan.cost.ebits_by_link if (hardware.pairs_per_lifetime(links[name]) or 1.0) < 1]
    if slow:
        names = slow[0] if len(slow) == 1 else f"{slow[0]} and {counted(len(slow) - 1, 'other link')}"
        yield f"warning: {names} make less than one e-bit in the lifetime of a stored one; waiting will cost fidelity"


def _failures(result: _Result) -> Iterator[str]:
    """Checks that failed."""
    failed = [check.name for check in result.checks if check.status == "failed"]
    if failed:
        names = ", ".join(failed)
        yield f"verification failed: {names}; this is a bug in dqplan, please report the circuit and the hardware"


def _deliver(
    result: _Result,
    output: str,
    dialect: Dialect,
    format_: Format,
    timeline: bool,
    refused: bool,
    reporter: Reporter,
) -> None:
    """Write files or program, then the report. A program that failed a check or a gate is reported, not written."""
    from dqplan.split.dialects import file_name
    from dqplan.split.files import plan_text

    directory = "" if refused or output == "-" else output
    written = sorted(result.files) if directory else []
    document = plan_text(result.program, result.checks, written, result.outlook, result.native)
    if directory:
        write_directory(directory, {**result.files, "plan.json": document})
    if output == "-" and not refused:
        answer(result.files[file_name("joint", dialect)])
    where = f"{directory}: {', '.join(written)}" if written else ""
    if output != "-":
        answer(printable_json(document) if format_ is Format.JSON else _table(result, where, timeline, sys.stdout))
    elif not reporter.quiet:
        tell(printable_json(document) if format_ is Format.JSON else _table(result, where, timeline, sys.stderr))
    if not output and not refused and format_ is Format.TABLE:
        reporter.say("nothing was written: -o DIR writes the programs")


def _table(result: _Result, where: str, timeline: bool, stream: TextIO | None) -> str:
    from dqplan.cli.render.plan import plan_report

    outlook = result.outlook
    report = drawn(plan_report(result.program.plan, outlook, result.checks, where, result.native), stream)
    if not timeline:
        return report
    from dqplan.cli.render.timeline import WIDEST, Timeline, no_timeline
    from dqplan.core.native import run_by_modules

    schedule, run = outlook.schedule, run_by_modules(result.program, result.native)
    picture = no_timeline(outlook) if schedule is None else Timeline(run, schedule)
    return f"{report}\n{drawn(picture, stream, WIDEST)}"
