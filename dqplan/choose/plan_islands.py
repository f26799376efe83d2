"""CutCircuit -> Plans: each island's circuit is planned like any other."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from dqplan.choose.choose_plan import choose_plan
from dqplan.core.cutting import CutCircuit
from dqplan.core.normalise import segments_of
from dqplan.core.objective import Objective
from dqplan.core.plan import Effort, Plan
from dqplan.solve.progress import Progress
from dqplan.solve.stop import Clock


def plan_islands(
    cut: CutCircuit,
    *,
    objective: Objective = Objective.EBITS,
    effort: Effort = Effort.NORMAL,
    seed: int = 0,
    time_limit_s: float | None = None,
    relaxed: bool = False,
    recompile: bool = True,
    stop: Event | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> tuple[Plan, ...]:
    """A plan for each island, with e-bits between its modules and a measurement at every end of a cut.

    What is done at an end instead of the measurement is diagonal like it, or stands where the qubit has no copies, so
    that one plan serves all subexperiments.

    Args:
        cut: the circuit in parts.
        objective: as for `choose_plan`, for each island.
        effort: of each search.
        seed: of each search.
        time_limit_s: for all islands together.
        relaxed: ignore the limits on comm qubits.
        recompile: try plans as programs that are compiled for their modules.
        stop: ends the searches with the best so far.
        watch: called with the state of the search.

    Raises:
        UsageError, HardwareError, InfeasibleError, StoppedError: as `choose_plan`.

    >>> import dqplan
    >>> adder = dqplan.segments_of(dqplan.load_circuit("sample_circuits/cdkm_adder_10.qasm"))
    >>> cut = dqplan.cut_circuit(adder, dqplan.load_hardware("line:2x6+0"), max_overhead=256)
    >>> [plan.cost.ebits for plan in dqplan.plan_islands(cut)]
    [0, 0]
    """
    clock = Clock(time_limit_s, stop or Event(), watch)
    return tuple(
        choose_plan(
            segments_of(island.circuit),
            island.hardware,
            objective=objective,
            effort=effort,
            seed=seed,
            time_limit_s=None if time_limit_s is None else max(0.001, clock.left_s),
            relaxed=relaxed,
            recompile=recompile,
            stop=clock.stop,
            watch=watch,
        )
        for island in cut.islands
    )
