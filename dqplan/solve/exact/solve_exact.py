"""Exact planning by CP-SAT, for circuits so small that it gets somewhere: homes that move, and a proved bound."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dqplan.core.embedding import bridgeable
from dqplan.core.plan import Bound
from dqplan.core.segments import Segments
from dqplan.solve.bounds.proved import Proved
from dqplan.solve.exact.network_model import NetworkModel
from dqplan.solve.exact.pair_model import PairModel
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement
from dqplan.solve.stop import Clock, watched

COVERS = (
    "plans made of packets, teleports between segments and third-party hosts, with the gates in the order of the "
    "plan and every qubit in a data qubit of its home after each cut"
)
NOT_EMBEDDED = ", in which no copy lives through flips"


@dataclass(frozen=True, eq=False)
class Exact:
    """What CP-SAT found: the best placement and a bound."""

    placement: Placement
    bound: Bound


def exact_cells(segments: Segments, network: Network) -> int:
    """How hard the model is, from experience: its size times the number of modules, or twice its items for a pair."""
    items = segments.num_segments + len(segments.gates)
    return 2 * items if PairModel.fits(network) else items * network.size**2


def solve_exact(
    segments: Segments, network: Network, start: Placement, *, proved: Proved, work: float, clock: Clock, seed: int
) -> Exact | None:
    """Search for better homes and hosts from a start, and prove a bound; None if there was no time for either.

    Args:
        segments: the circuit.
        network: the modules.
        start: a placement, from which the search begins.
        proved: a bound, and inequalities without which much less would be proved.
        work: CP-SAT's deterministic time, about seconds on one core.
        clock: when to stop.
        seed: CP-SAT's random seed.
    """
    from ortools.sat.python import cp_model

    clock.enter("exact search")
    kind = PairModel if PairModel.fits(network) else NetworkModel
    model = kind(segments, network, cp_model.CpModel())
    model.build(proved.bound.ebits)
    for row in proved.rows:
        used = np.flatnonzero(row.coefficients).tolist()
        model.model.add(sum(int(row.coefficients[s]) * model.spent[s] for s in used) >= row.bound)
    model.hint(start)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = work
    solver.parameters.catch_sigint_signal = False  # it would leave the process without Python's own handler
    status = watched(lambda: solver.solve(model.model), clock, solver.stop_search)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    placement = model.placement(solver)
    if network.hardware.weighted:  # then the objective does not count e-bits
        return Exact(placement, proved.bound)
    covers = COVERS + (NOT_EMBEDDED if bridgeable(segments).any() else "")
    return Exact(placement, Bound(math.ceil(solver.best_objective_bound - 1e-6), "CP-SAT", covers))
