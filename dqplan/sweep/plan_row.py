"""Task -> Outcome: one row, planned, split and tried. This is what a worker does; it needs no file and no network."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Event, Timer

import dqplan
from dqplan.choose.choose_plan import choose_plan
from dqplan.choose.try_plan import try_plan
from dqplan.core.errors import DqplanError, EngineError, InfeasibleError, InternalError, LateError
from dqplan.core.normalise import segments_of
from dqplan.core.objective import Objective
from dqplan.core.plan import Effort
from dqplan.core.segments import Segments
from dqplan.core.tally import Figure, figures_of
from dqplan.load.hardware_files.document import hardware_of_document
from dqplan.load.load_circuit import circuit_of_text
from dqplan.sweep.row import Ending, Options, Outcome

_KEPT = 2
"""Circuits that a worker keeps in normal form; rows of one circuit come one after the other."""


@dataclass(frozen=True)
class Task:
    """A row with all that is needed to plan it.

    Attributes:
        key: of the row.
        circuit_name, circuit_text: in one of the languages that dqplan reads.
        hardware: a hardware document, as JSON.
        options, seed: of the row.
        version: of dqplan, which must be the worker's.
        timeout_s: seconds after which the row is given up; None for no limit.
    """

    key: str
    circuit_name: str
    circuit_text: str
    hardware: str
    options: Options
    seed: int
    version: str
    timeout_s: float | None = None


def plan_row(task: Task) -> Outcome:
    """Plan a row; whatever goes wrong with it is told in the outcome.

    The search and the trials are those of `dqplan split`. The programs are not verified.

    Raises:
        EngineError: this is another version of dqplan than the one that asks.
    """
    if task.version != dqplan.__version__:
        raise EngineError(f"a worker has dqplan {dqplan.__version__}, not {task.version}")
    began_s = time.monotonic()
    outcome = _outcome(task)
    return replace(outcome, elapsed_s=round(time.monotonic() - began_s, 6))


def _outcome(task: Task) -> Outcome:
    try:
        return Outcome(task.key, Ending.PLANNED, _planned(task))
    except InfeasibleError as error:
        return Outcome(task.key, Ending.INFEASIBLE, code=error.code, message=str(error))
    except DqplanError as error:
        return Outcome(task.key, Ending.FAILED, code=error.code, message=str(error))
    except Exception as error:
        return Outcome(task.key, Ending.FAILED, code=InternalError.code, message=f"{type(error).__name__}: {error}")


def _planned(task: Task) -> dict[str, Figure]:
    options = task.options
    with _deadline(task.timeout_s) as (stop, check):
        segments = _segments(task.circuit_text, task.circuit_name)
        hardware = hardware_of_document(json.loads(task.hardware))
        try:
            plan = choose_plan(
                segments,
                hardware,
                objective=Objective.of_text(options.objective),
                effort=Effort(options.effort),
                seed=task.seed,
                time_limit_s=options.time_limit_s,
                relaxed=options.relaxed,
                recompile=options.recompile,
                stop=stop,
            )
        finally:
            check()  # a search that was stopped has a plan that is not the row's, or none
        return figures_of(plan, try_plan(plan, recompile=options.recompile).outlook)


@contextmanager
def _deadline(timeout_s: float | None) -> Iterator[tuple[Event, Callable[[], None]]]:
    """An event that is set when the time is up, and a function that raises LateError from then on."""
    stop = Event()
    timer = Timer(timeout_s or 0, stop.set)
    timer.daemon = True
    if timeout_s is not None:
        timer.start()

    def check() -> None:
        if stop.is_set():
            raise LateError(f"no plan within {timeout_s:g} s")

    try:
        yield stop, check
    finally:
        timer.cancel()


@lru_cache(_KEPT)
def _segments(text: str, name: str) -> Segments:
    return segments_of(circuit_of_text(text, name))
