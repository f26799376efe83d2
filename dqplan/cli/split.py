"""`dqplan split`: place a circuit, cost the plan, check the programs, write them."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.audits.reports import wanted_reports, write_reports
from dqplan.cli.options import (
    CircuitArgument,
    EffortOption,
    Format,
    FormatOption,
    HardwareOption,
    LanguageOption,
    NoRecompileOption,
    ObjectiveOption,
    QuietOption,
    RelaxedOption,
    ReportsOption,
    SchedulerOption,
    SeedOption,
    SeedsOption,
    VerboseOption,
    WorkersOption,
)
from dqplan.cli.plans.against import complaints_about, read_old
from dqplan.cli.plans.cutting import Limits, advised, split_by_cuts
from dqplan.cli.plans.delivery import Delivery, deliver, dialects_of
from dqplan.cli.plans.drift_gates import DriftGates, FidelityDropOption, TimeRiseOption
from dqplan.cli.plans.gates import Gates
from dqplan.cli.plans.planning import Aim, Result, failures, make_files, plan_input, read_input
from dqplan.cli.terminal import completion
from dqplan.cli.terminal.interrupt import INTERRUPTED
from dqplan.cli.terminal.progress import Reporter
from dqplan.cli.terminal.streams import answer_json, talk
from dqplan.core.errors import Caution, InfeasibleError, UsageError
from dqplan.core.objective import Objective
from dqplan.core.units import counted

if TYPE_CHECKING:
    from dqplan.cli.audits.audit import Audit
    from dqplan.core.plan import Plan


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
    effort: EffortOption = "normal",
    objective: ObjectiveOption = "ebits",
    pareto: Annotated[
        bool, typer.Option("--pareto", help="Plan for all three, and list the plans that no other one dominates.")
    ] = False,
    seed: SeedOption = 0,
    seeds: SeedsOption = 1,
    workers: WorkersOption = 1,
    scheduler: SchedulerOption = "",
    time_limit: Annotated[
        float | None,
        typer.Option(min=0.001, metavar="SECONDS", help="Stop all searches after this wall-clock time."),
    ] = None,
    relaxed: RelaxedOption = False,
    no_recompile: NoRecompileOption = False,
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
    against: Annotated[
        str,
        typer.Option(
            metavar="OLD",
            help="Say what has become of an old plan of the circuit on this hardware; it goes on if none is better.",
        ),
    ] = "",
    max_time_rise: TimeRiseOption = None,
    max_fidelity_drop: FidelityDropOption = None,
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
    timeline: Annotated[bool, typer.Option("--timeline", help="Draw the schedule below the table.")] = False,
    map_: Annotated[
        bool, typer.Option("--map", help="Draw the modules with their qubits, the links with their e-bits.")
    ] = False,
    format_: FormatOption = Format.TABLE,
    reports: ReportsOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
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
    delivery = Delivery(output, dialects_of(emit), format_, _given({"--map": map_, "--timeline": timeline}))
    aim = Aim(
        objective=Objective.of_text(objective),
        pareto=pareto,
        effort=effort,
        seed=seed,
        time_limit_s=time_limit,
        relaxed=relaxed,
        recompile=not no_recompile,
        seeds=seeds,
        workers=workers,
        scheduler=scheduler,
        error_budget=error_budget,
    )
    gates = Gates(max_ebits, max_gap, max_time, min_fidelity, require_measured)
    drift = DriftGates(time_rise_percent=max_time_rise, fidelity_drop=max_fidelity_drop)
    limits = Limits(max_overhead, max_subexperiments)
    for_one = _given({"--pareto": pareto, "--error-budget": error_budget, "--against": against, "--report": reports})
    delivery.check()
    _check_numbers({"--max-overhead": max_overhead, "--error-budget": error_budget})
    further = wanted_reports(reports, output)
    if [circuit, hardware, against].count("-") > 1:
        raise UsageError("only one input can be standard input", hint="put the others in files")
    if drift and not against:
        raise UsageError("--max-time-rise and --max-fidelity-drop need an old plan", hint="--against DIR")
    if against and error_budget:
        raise UsageError("--against and --error-budget: an old plan runs all gates", hint="leave one of them out")
    from dqplan.load.load_hardware import load_hardware

    reporter = Reporter(quiet, verbose)
    source, network = read_input(circuit, language, reporter), load_hardware(hardware)
    old = read_old(against, source.circuit) if against else None
    began_s = time.monotonic()
    if max_overhead > 1:
        status = split_by_cuts(source, network, aim, limits, gates, delivery, not no_check, for_one, reporter)
        if status is not None:
            raise typer.Exit(status)
    try:
        plan, interrupted = plan_input(source.circuit, network, aim, gates, reporter)
    except InfeasibleError as error:
        raise advised(error, source.circuit, network, aim) from error
    survival = None
    if old is not None:
        with reporter.step("try the old plan"):
            renewed = old.renewed(plan, source.circuit, aim.recompile)
        plan, survival = renewed.plan, renewed.survival
    left_s = None if time_limit is None else time_limit - (time.monotonic() - began_s)
    result = make_files(
        plan, source, delivery.dialects, aim.recompile, no_check, 0 if interrupted else left_s, reporter
    )
    result = replace(result, survival=survival)
    for code, warning in _warnings(plan):
        reporter.warn(code, warning)
    broken = gates.complaints(plan, result.tried.outlook)
    complaints = [*failures(result.checks), *(f"gate failed: {complaint}" for complaint in broken)]
    complaints += [] if survival is None else complaints_about(survival, drift)
    if further and not interrupted:
        write_reports(_audit(circuit, hardware, aim, gates, not no_check, result), further)
    deliver(result, delivery, bool(complaints), reporter)
    for complaint in complaints:
        talk(complaint)
    if interrupted or complaints:
        raise typer.Exit(INTERRUPTED if interrupted else 1)


def _audit(circuit: str, hardware: str, aim: Aim, gates: Gates, verify: bool, result: Result) -> Audit:
    """What `check` would find of this one case."""
    from dqplan.cli.audits.audit import Audit
    from dqplan.cli.audits.judging import case_of, judged_result

    return Audit([judged_result(case_of(circuit, hardware, aim, gates, verify), result, gates)])


def _given(options: Mapping[str, object]) -> list[str]:
    """The names of those that were given."""
    return [name for name, value in options.items() if value]


def _check_numbers(options: Mapping[str, float]) -> None:
    for name, number in options.items():
        if not math.isfinite(number):
            hint = f"such as {name} {1000 if number > 1 else 0.01}"
            raise UsageError(f"{name} {number} is no number to plan with", hint=hint)


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
