"""Case -> Judged: planned, verified, held against its budget; one after the other, or in several processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dqplan.cli.audits.audit import VERIFICATION, Finding, Judged
from dqplan.cli.plans.gates import Gates
from dqplan.cli.plans.planning import Aim, Result, make_files, plan_input, read_input
from dqplan.cli.terminal.progress import Reporter
from dqplan.cli.terminal.unforeseen import unforeseen
from dqplan.core.errors import DqplanError, EngineError, Place, StoppedError
from dqplan.core.objective import Objective
from dqplan.core.units import counted
from dqplan.core.verdict import Status

if TYPE_CHECKING:
    from dqplan.load.config_file.load_config import Case


def judge_cases(cases: Sequence[Case], workers: int, reporter: Reporter) -> list[Judged]:
    """Judge cases in up to so many processes; what is found, and its order, do not depend on how many.

    Raises:
        KeyboardInterrupt: the user has interrupted a search.
        EngineError: a process was ended from outside.
    """
    if min(workers, len(cases)) < 2:
        return [judge_case(case, reporter) for case in cases]
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    judged: list[Judged] = []
    context = multiprocessing.get_context("spawn")  # others would copy the threads of solvers
    pool = ProcessPoolExecutor(min(workers, len(cases)), mp_context=context)
    try:
        for outcome in pool.map(_judge_quietly, cases):
            judged.append(outcome)
            reporter.draw(f"{len(judged)} of {counted(len(cases), 'case')} …")
    except BrokenProcessPool as error:
        raise EngineError("a process was ended from outside, perhaps for want of memory", hint="--workers 1") from error
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        reporter.draw("")
        pool.shutdown(cancel_futures=True)
    return judged


def _judge_quietly(case: Case) -> Judged:
    return judge_case(case, Reporter(quiet=True))


def judge_case(case: Case, reporter: Reporter) -> Judged:
    """Plan a case as `split` does, and find everything that is wrong; whatever goes wrong on the way is a finding.

    Raises:
        KeyboardInterrupt: the user has interrupted the search; a plan that is half as good says nothing.
    """
    try:
        return _judged(case, reporter)
    except StoppedError:
        raise KeyboardInterrupt from None
    except Exception as error:
        known = error if isinstance(error, DqplanError) else unforeseen(error)
        place = known.place or _place(case)
        return Judged(case, findings=(Finding(known.code, known.message, place, known.hint),))


def _judged(case: Case, reporter: Reporter) -> Judged:
    from dqplan.load.load_hardware import load_hardware
    from dqplan.split.dialects import Dialect

    settings = case.settings
    aim = Aim(
        objective=Objective.of_text(settings.objective),
        pareto=False,
        effort=settings.effort,
        seed=settings.seed,
        time_limit_s=settings.time_limit,
        relaxed=settings.relaxed,
        recompile=settings.recompile,
    )
    gates = Gates(
        max_ebits=settings.max_ebits,
        max_gap=settings.max_gap,
        max_time_s=settings.max_time,
        min_fidelity=settings.min_fidelity,
        measured=settings.require_measured,
    )
    source = read_input(case.circuit, None, reporter)
    network = load_hardware(case.hardware)
    plan, interrupted = plan_input(source.circuit, network, aim, gates, reporter, "no verdict")
    if interrupted:
        raise KeyboardInterrupt
    result = make_files(
        plan, source, [Dialect.QASM3], settings.recompile, not settings.verify, settings.time_limit, reporter
    )
    return judged_result(case, result, gates)


def judged_result(case: Case, result: Result, gates: Gates) -> Judged:
    """A case that has been planned, held against its gates."""
    from dqplan.core.tally import figures_of

    plan = result.tried.program.plan
    figures = {**figures_of(plan, result.tried.outlook), "gap": plan.gap}
    return Judged(case, figures, (*_failures(case, result), *_breaches(case, result, gates)))


def case_of(circuit: str, hardware: str, aim: Aim, gates: Gates, verify: bool) -> Case:
    """What was asked with options, as a case; its gates stand in no file."""
    from dqplan.load.config_file.load_config import Case
    from dqplan.load.config_file.schema import Settings

    settings = {
        "effort": aim.effort,
        "objective": str(aim.objective),
        "seed": aim.seed,
        "time_limit": aim.time_limit_s,
        "relaxed": aim.relaxed,
        "recompile": aim.recompile,
        "verify": verify,
        "max_ebits": gates.max_ebits,
        "max_gap": gates.max_gap,
        "max_time": gates.max_time_s,
        "min_fidelity": gates.min_fidelity,
        "require_measured": gates.measured,
    }
    return Case(circuit, hardware, Settings.model_validate(settings, by_name=True), {})


def _place(case: Case) -> Place:
    return Place("<stdin>" if case.circuit == "-" else case.circuit)


def _failures(case: Case, result: Result) -> Iterator[Finding]:
    """Checks of the programs that failed."""
    for check in result.checks:
        if check.status is Status.FAILED:
            hint = "this is a bug in dqplan: please report the circuit and the hardware"
            yield Finding(VERIFICATION, f"{check.name}: {check.detail}", _place(case), hint)


def _breaches(case: Case, result: Result, gates: Gates) -> Iterator[Finding]:
    """Gates that do not hold; that the hardware lacks the numbers for one is told with them."""
    try:
        for broken in gates.complaints(result.tried.program.plan, result.tried.outlook):
            stated, place = case.places.get(broken.gate), _place(case)
            yield Finding(broken.gate, broken.message, place, stated=stated, found=broken.found, allowed=broken.allowed)
    except DqplanError as error:
        yield Finding(error.code, error.message, _place(case), error.hint)
