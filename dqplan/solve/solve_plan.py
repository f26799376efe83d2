"""Circuit x Hardware -> Plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from threading import Event

from dqplan.core.errors import InfeasibleError, InternalError
from dqplan.core.hardware import Hardware
from dqplan.core.plan import Baseline, Bound, Effort, Plan
from dqplan.core.segments import Segments
from dqplan.solve.bound import Proved, connectivity_bound, ebits_gate_by_gate
from dqplan.solve.embed import embed
from dqplan.solve.exact import exact_cells, solve_exact
from dqplan.solve.feasible import check_room
from dqplan.solve.hosts import cover_hosts
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, ebits_of
from dqplan.solve.polish import polish
from dqplan.solve.progress import Progress
from dqplan.solve.realise import Realised, realise
from dqplan.solve.spreading import spreading_bound
from dqplan.solve.static import static_placements
from dqplan.solve.stop import BUDGETS, Budget, Clock

_FITTING = 1.1
"""Limits on comm qubits matter little if shares cost less than so many times what they would without."""


def solve_plan(
    segments: Segments,
    hardware: Hardware,
    *,
    effort: Effort = Effort.NORMAL,
    seed: int = 0,
    time_limit_s: float | None = None,
    relaxed: bool = False,
    stop: Event | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Plan:
    """Distribute a circuit over modules with few e-bits.

    Args:
        segments: the circuit in normal form.
        hardware: the network.
        effort: how long to search; each level is deterministic.
        seed: of everything random, 0 … 2³¹ - 1.
        time_limit_s: wall-clock seconds after which the best plan so far is returned; one plan is made in any case.
        relaxed: ignore the limits on comm qubits.
        stop: may be set at any time by another thread or a signal handler; the best plan so far is then returned.
        watch: called in this thread with the state of the search, ten times a second or more often.

    Raises:
        InfeasibleError: if the circuit cannot run on this hardware, or no way was found (the message says which).
        StoppedError: if `stop` was set before there was a plan.
    """
    clock = Clock(time_limit_s, stop or Event(), watch)
    budget, network = BUDGETS[effort], Network(hardware, relaxed)
    check_room(segments.num_wires, network)
    proved = _bounded(segments, network, budget, clock)
    static, roads = _static(segments, network, proved.bound, budget, seed, clock)
    exact, bound = _exact(segments, roads, static, proved, budget, seed, clock)
    best, hoped = _refined(segments, roads, exact, bound, budget, seed, clock)
    if hoped < best.ebits:
        best = polish(segments, roads, best, work=budget.polish_work, enough=bound.ebits, seed=seed, clock=clock)
    best = _embedded(segments, roads, best, clock)
    bound = _covering(best, (bound, proved.bound, connectivity_bound(segments, network)))
    return Plan(
        segments=best.segments,
        hardware=hardware,
        home=best.placement.home,
        host=best.host,
        shares=tuple(best.shares),
        cost=best.cost,
        bound=bound,
        baseline=Baseline(ebits_gate_by_gate(segments, network, best.placement.home), static.ebits),
        effort=effort,
        seed=seed,
        relaxed=relaxed,
        stop_reason="proved optimal" if best.ebits == bound.ebits else clock.reason,
        elapsed_s=clock.elapsed_s,
    )


def _bounded(segments: Segments, network: Network, budget: Budget, clock: Clock) -> Proved:
    """The best bound that is proved without a search for plans."""
    connectivity = Proved(connectivity_bound(segments, network))
    clock.proved(connectivity.bound.ebits)
    spreading = spreading_bound(segments, network, budget.bound_work, clock)
    best = max(spreading, connectivity, key=lambda proved: proved.bound.ebits)
    clock.proved(best.bound.ebits)
    return best


def _covering(best: Realised, bounds: Iterable[Bound]) -> Bound:
    """The first bound that the plan does not undercut: a plan outside of what a bound covers may be cheaper."""
    return next(bound for bound in bounds if bound.ebits <= best.ebits)


def _static(
    segments: Segments, network: Network, bound: Bound, budget: Budget, seed: int, clock: Clock
) -> tuple[Realised, Network]:
    """Homes that never move, and the network with the routes that were planned."""

    def found(network: Network) -> Realised:
        with closing(static_placements(segments, network, budget, seed, clock)) as placements:
            return best_of(segments, network, placements, bound.ebits, clock)

    try:
        return found(network), network
    except InfeasibleError:
        if not any(network.thin):
            raise
        # Copies that pass through modules with one comm qubit need free data qubits, which may be missing.
        direct = Network(network.hardware, network.relaxed, rests=False)
        return found(direct), direct


def _exact(
    segments: Segments, network: Network, static: Realised, proved: Proved, budget: Budget, seed: int, clock: Clock
) -> tuple[Realised, Bound]:
    """Homes that move, and a better bound, where the circuit is small enough for the exact model."""
    small = exact_cells(segments, network) <= budget.exact_cells
    bound = proved.bound
    if not small or static.ebits <= bound.ebits or clock.expired:
        return static, bound
    exact = solve_exact(
        segments, network, static.placement, proved=proved, work=budget.exact_work, clock=clock, seed=seed
    )
    if exact is None:
        return static, bound
    bound = max(bound, exact.bound, key=lambda proved: proved.ebits)
    clock.proved(bound.ebits)
    return best_of(segments, network, [exact.placement], bound.ebits, clock, best=static), bound


def _refined(
    segments: Segments, network: Network, start: Realised, bound: Bound, budget: Budget, seed: int, clock: Clock
) -> tuple[Realised, int]:
    """Homes that move, and hosts to match, by local search; and the e-bits if its homes needed no more comm qubits."""
    hoped = ebits_of(segments, network, start.placement)
    if start.ebits <= bound.ebits or not budget.moves or clock.expired:
        return start, hoped
    clock.enter("loading the local search")
    # numba, and the code that it compiles or finds compiled, takes longer to load than a quick plan takes to make.
    from dqplan.solve.refine import refine

    budget = budget.halved if network.limited else budget

    def searched(start: Realised, placement: Placement, seed: int, *, third_party: bool) -> Realised:
        nonlocal hoped
        found = refine(segments, network, placement, budget=budget, seed=seed, clock=clock, third_party=third_party)
        hoped = min(hoped, ebits_of(segments, network, found))
        covered = Placement(found.home, cover_hosts(segments, network, found.home))
        return best_of(segments, network, [found, covered], bound.ebits, clock, best=start)

    best = searched(start, start.placement, seed, third_party=True)
    if network.limited and best.ebits > bound.ebits and not clock.expired:
        # Many copies that meet in one module are cheap, but often do not fit into its qubits.
        fit = best.ebits < _FITTING * hoped
        again = best.placement.home
        hosts = best.placement.host if fit else cover_hosts(segments, network, again)
        best = searched(best, Placement(again, hosts), seed + 1, third_party=fit)
    return best, hoped


def _embedded(segments: Segments, network: Network, best: Realised, clock: Clock) -> Realised:
    """Copies that live through flips, where that saves e-bits: even below a bound, if that does not cover it."""
    if clock.expired:
        return best
    found = embed(segments, network, best.placement)
    return best_of(segments, network, [found] if found.bridged else [], 0, clock, best=best)


def best_of(
    segments: Segments,
    network: Network,
    placements: Iterable[Placement],
    enough: int,
    clock: Clock,
    *,
    best: Realised | None = None,
) -> Realised:
    """The placement that runs with the fewest e-bits, the first of equals; none is looked for below `enough`.

    The first placement is looked at even when the time is up, so that no finished search is thrown away.

    Args:
        segments: the circuit in normal form.
        network: where it runs.
        placements: what to compare.
        enough: a proved lower bound.
        clock: ends the comparison early.
        best: what is already known to run.

    Raises:
        InfeasibleError: if none of them can run, with the reason of the first.
    """
    reason: InfeasibleError | None = None
    for placement in placements:
        if best is None or ebits_of(segments, network, placement) < best.ebits:
            try:
                found = realise(segments, network, placement)
                if best is None or found.ebits < best.ebits:
                    best = found
                    clock.found(best.ebits)
            except InfeasibleError as error:
                reason = reason or error
        if best is not None and (best.ebits <= enough or clock.expired):
            break
    if best is None:
        raise reason or InternalError("no placement was tried", hint="please report the circuit and the hardware")
    return best
