"""From what the user typed to a plan and its files; `split` delivers them, other commands look at them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dqplan.cli.options import EffortName, LanguageName
from dqplan.cli.plans.gates import Gates
from dqplan.cli.terminal.interrupt import interruptible
from dqplan.cli.terminal.progress import Reporter
from dqplan.core.errors import quoting
from dqplan.core.objective import Objective

if TYPE_CHECKING:
    from dqplan.choose.spread import Spread
    from dqplan.choose.try_plan import Tried
    from dqplan.core.circuit import Circuit
    from dqplan.core.hardware import Hardware
    from dqplan.core.plan import Plan
    from dqplan.core.segments import Segments
    from dqplan.core.survival import Survival
    from dqplan.core.verdict import Check
    from dqplan.load.load_circuit import Language
    from dqplan.split.dialects import Dialect


VAIN = "one search cannot be shared out: --seeds 8 makes eight and keeps the best"


@dataclass(frozen=True)
class Aim:
    """What to search for, and how: with so many seeds, on so many processes or on a cluster."""

    objective: Objective
    pareto: bool
    effort: EffortName
    seed: int
    time_limit_s: float | None
    relaxed: bool
    recompile: bool
    seeds: int = 1
    workers: int = 1
    scheduler: str = ""
    error_budget: float = 0.0

    @property
    def shared(self) -> bool:
        """Whether other processes shall do the searches."""
        return bool(self.scheduler) or self.workers != 1

    @property
    def vain(self) -> bool:
        """Whether others shall search, but there is nothing that they could do at the same time."""
        return self.shared and self.seeds == 1 and not self.pareto


@dataclass(frozen=True)
class Input:
    """A circuit and the text that it was read from."""

    circuit: Circuit
    text: str
    language: Language


@dataclass(frozen=True)
class Result:
    """What a plan comes to, its files by name, what was checked about them, and what became of an old plan."""

    tried: Tried
    files: Mapping[str, str]
    checks: Sequence[Check]
    survival: Survival | None = None


def read_input(path: str, language: LanguageName | None, reporter: Reporter) -> Input:
    """The circuit in a file, or in standard input for `-`."""
    from dqplan.load.load_circuit import Language, circuit_of_text, detect_language
    from dqplan.load.source import CIRCUIT, read_source

    with reporter.step("read the circuit"):
        source = read_source(path, CIRCUIT)
        known = Language(language) if language else detect_language(source.text, source.name)
        return Input(circuit_of_text(source.text, source.name, known), source.text, known)


def plan_input(
    circuit: Circuit,
    network: Hardware,
    aim: Aim,
    gates: Gates,
    reporter: Reporter,
    rest: str = "the best plan so far",
) -> tuple[Plan, bool]:
    """The plan, and whether the search was interrupted; `rest` says what the program then ends with."""
    from dqplan.choose.choose_plan import choose_plan
    from dqplan.choose.drop_gates import drop_gates
    from dqplan.core.normalise import segments_of
    from dqplan.core.plan import Effort

    with reporter.step("find segments"):
        segments = segments_of(circuit)
    gates.check_numbers(segments, network)
    what = f"plan {circuit.name} on {network.name}"
    if aim.vain:
        reporter.say(VAIN)
    began_s, limit_s = time.monotonic(), aim.time_limit_s
    with reporter.search(what) as watch, interruptible(reporter, rest) as stop, spread_of(aim) as spread:

        def search(segments: Segments) -> Plan:
            left_s = None if limit_s is None else max(0.001, limit_s - (time.monotonic() - began_s))
            return choose_plan(
                segments,
                network,
                objective=aim.objective,
                pareto=aim.pareto,
                effort=Effort(aim.effort),
                seed=aim.seed,
                seeds=aim.seeds,
                time_limit_s=left_s,
                relaxed=aim.relaxed,
                recompile=aim.recompile,
                stop=stop,
                watch=watch,
                spread=spread,
            )

        plan = drop_gates(circuit, aim.error_budget, search) if aim.error_budget else search(segments)
    return plan, stop.is_set()


@contextmanager
def spread_of(aim: Aim) -> Iterator[Spread]:
    """What does the searches: this process, or a cluster that lives as long as the block."""
    from dqplan.choose.spread import one_by_one

    if aim.vain or not aim.shared:
        yield one_by_one
        return
    from dqplan.sweep.cluster import engine
    from dqplan.sweep.spread_jobs import JobsOn

    with engine(aim.workers or cores(), aim.scheduler) as client:
        yield JobsOn(client)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def failures(checks: Sequence[Check]) -> Iterator[str]:
    """What is to be said of checks that failed."""
    if failed := [check.name for check in checks if check.status == "failed"]:
        names = ", ".join(failed)
        yield f"verification failed: {names}; this is a bug in dqplan, please report the circuit and the hardware"


def make_files(
    plan: Plan,
    source: Input,
    dialects: Sequence[Dialect],
    recompile: bool,
    no_check: bool,
    time_limit_s: float | None,
    reporter: Reporter,
) -> Result:
    """The plan as programs, tried and verified.

    Args:
        plan: what to write.
        source: what it was made from; it is written beside the programs.
        dialects: languages to write.
        recompile: whether modules run native gates.
        no_check: leave the programs unverified.
        time_limit_s: for the search for a better schedule; 0 or less for none.
        reporter: told what is being done.
    """
    from dqplan.choose.try_plan import try_plan
    from dqplan.split.files import program_files

    with reporter.step("compile and schedule the programs"):
        tried = try_plan(plan, recompile=recompile, time_limit_s=time_limit_s)
    with reporter.step("write the programs"), quoting(source.text, source.circuit.name):
        files = program_files(
            tried.program,
            source_text=source.text,
            source_language=source.language,
            emit=dialects,
            outlook=tried.outlook,
            native=tried.native,
        )
    if no_check:
        return Result(tried, files, ())
    from dqplan.verify.verify_plan import verify_plan

    with reporter.step("verify the programs"):
        return Result(tried, files, verify_plan(files, source.circuit).checks)
