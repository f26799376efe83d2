"""Plan -> Tried: the plan as a program, compiled for its modules, with all that can be foretold of it."""

from __future__ import annotations

from dataclasses import dataclass

from dqplan.core.native import Native, run_by_modules
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Plan
from dqplan.core.program import Program
from dqplan.split.recompile.recompile_program import recompile_program
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program


@dataclass(frozen=True, eq=False)
class Tried:
    """What a plan comes to.

    Attributes:
        program: as it was split.
        native: the program compiled for its modules, if that was asked for.
        outlook: of what the modules run.
    """

    program: Program
    native: Native | None
    outlook: Outlook


def try_plan(
    plan: Plan,
    *,
    recompile: bool = True,
    seed: int | None = None,
    work: float | None = None,
    time_limit_s: float | None = None,
) -> Tried:
    """Split a plan, compile it, and try it on its hardware.

    Args:
        plan: what to try.
        recompile: whether modules run native gates.
        seed: of the random waits for e-bits; None: the plan's own.
        work: for the schedule, as for `trial_program`.
        time_limit_s: the same.

    Raises:
        HardwareError: as `recompile_program`.
    """
    program = split_circuit(plan)
    native = recompile_program(program) if recompile else None
    run = run_by_modules(program, native)
    outlook = trial_program(run, seed=plan.seed if seed is None else seed, work=work, time_limit_s=time_limit_s)
    return Tried(program, native, outlook)
