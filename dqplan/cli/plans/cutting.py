"""`split` where modules share no e-bits: gates and wires are cut, every island's programs are written."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dqplan.cli.options import Format
from dqplan.cli.output.directory import write_directory
from dqplan.cli.plans.delivery import Delivery
from dqplan.cli.plans.gates import Gates
from dqplan.cli.plans.planning import Aim, Input, failures
from dqplan.cli.terminal.interrupt import INTERRUPTED, interruptible
from dqplan.cli.terminal.progress import Reporter
from dqplan.cli.terminal.streams import answer, drawn, printable_json, talk
from dqplan.core.errors import InfeasibleError, UnsupportedError, UsageError
from dqplan.core.units import counted

if TYPE_CHECKING:
    from dqplan.choose.try_plan import Tried
    from dqplan.core.circuit import Circuit
    from dqplan.core.cutting import CutCircuit
    from dqplan.core.hardware import Hardware
    from dqplan.core.verdict import Check
    from dqplan.split.dialects import Dialect


_MANY = 100_000
"""Subexperiments that nobody will run."""


@dataclass(frozen=True)
class Limits:
    """What cutting may cost: the total sampling overhead, and how many programs are written."""

    max_overhead: float = 1.0
    max_subexperiments: int = 2000


@dataclass(frozen=True)
class CutResult:
    """A circuit in parts, what each island comes to, the files by name, and what was checked about them."""

    cut: CutCircuit
    tried: Sequence[Tried]
    files: Mapping[str, str]
    checks: Sequence[Check]
    interrupted: bool


def split_by_cuts(
    source: Input,
    network: Hardware,
    aim: Aim,
    limits: Limits,
    gates: Gates,
    delivery: Delivery,
    verify: bool,
    for_one: Sequence[str],
    reporter: Reporter,
) -> int | None:
    """Cut a circuit, plan its parts, deliver what came out.

    Args:
        source: the circuit.
        network: what it is planned on.
        aim: how each island is planned.
        limits: what cutting may cost.
        gates: e-bits are those of all islands; the other gates are for each island.
        delivery: where everything goes.
        verify: whether the programs are.
        for_one: options that were given and have no meaning for several programs.
        reporter: told what is being done.

    Returns:
        The exit status, or None if nothing has to be cut.
    """
    began_s = time.monotonic()
    cut = _cut(source.circuit, network, aim, limits, reporter)
    if not cut.cuts:
        return None
    _check_options(delivery, [*delivery.pictures, *for_one])
    left_s = None if aim.time_limit_s is None else max(0.001, aim.time_limit_s - (time.monotonic() - began_s))
    result = _made(cut, source, replace(aim, time_limit_s=left_s), delivery.dialects, verify, reporter)
    complaints = list(_complaints(result, gates))
    _deliver(result, delivery, bool(complaints), reporter)
    for complaint in complaints:
        talk(complaint)
    return INTERRUPTED if result.interrupted else int(bool(complaints))


def _check_options(delivery: Delivery, for_one: Sequence[str]) -> None:
    """Refuse what has no meaning for programs of several islands."""
    if delivery.output == "-":
        raise UsageError("-o - prints one program, but a circuit that is cut has many", hint="-o DIR writes them")
    for name in for_one:
        raise UsageError(f"{name} is for one plan, but a circuit that is cut has many", hint=f"leave out {name}")


def _cut(circuit: Circuit, network: Hardware, aim: Aim, limits: Limits, reporter: Reporter) -> CutCircuit:
    """The circuit in parts.

    Raises:
        InfeasibleError: as `cut_circuit`, or there would be too many programs.
    """
    from dqplan.core.cutting import num_subexperiments
    from dqplan.core.normalise import segments_of
    from dqplan.core.plan import Effort
    from dqplan.cut.cut_circuit import cut_circuit

    with reporter.step("find segments"):
        segments = segments_of(circuit)
    with reporter.search(f"cut {circuit.name} for {network.name}") as watch, interruptible(reporter) as stop:
        found = cut_circuit(
            segments,
            network,
            max_overhead=limits.max_overhead,
            effort=Effort(aim.effort),
            seed=aim.seed,
            relaxed=aim.relaxed,
            time_limit_s=aim.time_limit_s,
            stop=stop,
            watch=watch,
        )
    number = num_subexperiments(found.cuts, len(found.islands))
    if number > limits.max_subexperiments:
        raise InfeasibleError(
            f"{counted(len(found.cuts), 'cut')} make {number:,} subexperiments, --max-subexperiments allows "
            f"{limits.max_subexperiments:,}",
            hint=(f"--max-subexperiments {number}, or " if number < _MANY else "")
            + "larger modules, or e-bits between them",
        )
    return found


def _made(
    cut: CutCircuit, source: Input, aim: Aim, dialects: Sequence[Dialect], verify: bool, reporter: Reporter
) -> CutResult:
    """Plan each island, write all programs, and verify them."""
    from dqplan.choose.plan_islands import plan_islands
    from dqplan.choose.try_plan import try_plan
    from dqplan.core.plan import Effort
    from dqplan.split.cut_files import cut_files

    with reporter.search(f"plan {counted(len(cut.islands), 'island')}") as watch, interruptible(reporter) as stop:
        plans = plan_islands(
            cut,
            objective=aim.objective,
            effort=Effort(aim.effort),
            seed=aim.seed,
            time_limit_s=aim.time_limit_s,
            relaxed=aim.relaxed,
            recompile=aim.recompile,
            stop=stop,
            watch=watch,
        )
        interrupted = stop.is_set()
    with reporter.step("compile and schedule the programs"):
        tried = [try_plan(plan, recompile=aim.recompile, time_limit_s=0 if interrupted else None) for plan in plans]
    with reporter.step("write the programs"):
        files = cut_files(
            cut,
            [each.program for each in tried],
            source_text=source.text,
            source_language=source.language,
            emit=dialects,
            outlooks=[each.outlook for each in tried],
            natives=[each.native for each in tried],
        )
    if not verify:
        return CutResult(cut, tried, files, (), interrupted)
    from dqplan.verify.cuts.verify_cuts import verify_cuts

    with reporter.step("verify the programs"):
        return CutResult(cut, tried, files, verify_cuts(files, source.circuit).checks, interrupted)


def _complaints(result: CutResult, gates: Gates) -> Iterator[str]:
    """What does not hold of what the user asked for; e-bits are those of all islands, one run of each."""
    yield from failures(result.checks)
    ebits = sum(each.program.plan.cost.ebits for each in result.tried)
    for complaint in gates.ebits_complaints(ebits):
        yield f"gate failed: {complaint}"
    for island, each in zip(result.cut.islands, result.tried, strict=True):
        for complaint in replace(gates, max_ebits=None).complaints(each.program.plan, each.outlook):
            yield f"gate failed: {island.name}: {complaint}"


def _deliver(result: CutResult, delivery: Delivery, refused: bool, reporter: Reporter) -> None:
    """Write the files, then the report. What failed a check or a gate is reported, not written."""
    from dqplan.cli.render.cuts import cuts_report
    from dqplan.split.cut_files import cuts_text

    directory = "" if refused else delivery.output
    written = sorted(result.files) if directory else []
    document = cuts_text(result.cut, [each.program for each in result.tried], result.checks, written)
    if directory:
        write_directory(directory, {**result.files, "cuts.json": document})
    where = f"{directory}: cuts.json and a folder for each island, {counted(len(written), 'file')}" if written else ""
    if delivery.format is Format.JSON:
        answer(printable_json(document))
    else:
        answer(drawn(cuts_report(result.cut, result.tried, result.checks, where), sys.stdout))
    if not delivery.output and not refused and delivery.format is Format.TABLE:
        reporter.say("nothing was written: -o DIR writes the programs")


def advised(error: InfeasibleError, circuit: Circuit, network: Hardware, aim: Aim) -> InfeasibleError:
    """The same error; its hint says what cutting would cost, if that would help."""
    from dqplan.core.normalise import segments_of
    from dqplan.core.plan import Effort
    from dqplan.cut.cut_circuit import affordable, cut_circuit, rounded_up

    try:
        found = cut_circuit(
            segments_of(circuit), network, max_overhead=float("inf"), effort=Effort.QUICK, relaxed=aim.relaxed
        )
    except InfeasibleError:
        return error
    except UnsupportedError as lacking:
        remedy = f"circuits can be cut with --max-overhead, but {lacking.message}"
    else:
        option = affordable(found.overhead)
        if not option:
            return error
        remedy = f"or cut, with {rounded_up(found.overhead)} times as many samples: {option}"
    hint = f"{error.hint}; {remedy}" if error.hint else remedy
    return InfeasibleError(error.message, hint=hint, place=error.place)
