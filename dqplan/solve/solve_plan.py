"""Circuit x Hardware -> Plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from threading import Event

from dqplan.core.errors import InfeasibleError
from dqplan.core.hardware import Hardware
from dqplan.core.plan import Baseline, Bound, Effort, Plan
from dqplan.core.segments import Segments
from dqplan.solve.baseline import ebits_gate_by_gate
from dqplan.solve.best import Promising, best_of
from dqplan.solve.bounds.connectivity import connectivity_bound
from dqplan.solve.bounds.proved import Proved
from dqplan.solve.bounds.spreading import spreading_bound
from dqplan.solve.exact.solve_exact import exact_cells, solve_exact
from dqplan.solve.feasible import check_room
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement
from dqplan.solve.progress import Progress
from dqplan.solve.remedy import advising
from dqplan.solve.search.local_search import local_search
from dqplan.solve.search.polish import polish
from dqplan.solve.sharing.embed import embed
from dqplan.solve.sharing.realise import Realised
from dqplan.solve.static.static_placements import static_placements
from dqplan.solve.stop import BUDGETS, Budget, Clock


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

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/ghz_8.qasm")
    >>> plan = solve_plan(dqplan.segments_of(circuit), dqplan.load_hardware("line:2x5+1"), effort=Effort.QUICK)
    >>> plan.cost.ebits, plan.optimal
    (1, True)
    """
    clock = Clock(time_limit_s, stop or Event(), watch)
    budget, network = BUDGETS[effort], Network(hardware, relaxed)
    with advising(segments, network, lambda other: _runs(segments, Network(other, relaxed), seed)):
        check_room(segments.num_wires, network)
        proved = _bounded(segments, network, budget, clock)
        static, roads, starts = _static(segments, network, proved.bound, budget, seed, clock)
    exact, bound = _exact(segments, roads, static, proved, budget, seed, clock)
    best, hoped = local_search(
        segments, roads, exact, starts, budget=budget, enough=_least(bound, network), seed=seed, clock=clock
    )
    if hoped < best.price:
        best = polish(
            segments, roads, best, work=budget.polish_work, enough=_least(bound, network), seed=seed, clock=clock
        )
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
        baseline=Baseline(ebits_gate_by_gate(segments, network, best.placement.home), static.cost.ebits),
        effort=effort,
        seed=seed,
        relaxed=relaxed,
        stop_reason="proved optimal" if best.price == _least(bound, network) else clock.reason,
        elapsed_s=clock.elapsed_s,
    )


def _runs(segments: Segments, network: Network, seed: int) -> bool:
    """Whether quick planning finds any plan."""
    try:
        check_room(segments.num_wires, network)
        _static(segments, network, connectivity_bound(segments, network), BUDGETS[Effort.QUICK], seed, Clock())
    except InfeasibleError:
        return False
    return True


def _bounded(segments: Segments, network: Network, budget: Budget, clock: Clock) -> Proved:
    """The best bound that is proved without a search for plans."""
    connectivity = Proved(connectivity_bound(segments, network))
    clock.proved(connectivity.bound.ebits)
    spreading = spreading_bound(segments, network, budget.bound_work, clock)
    best = max(spreading, connectivity, key=lambda proved: proved.bound.ebits)
    clock.proved(best.bound.ebits)
    return best


def _least(bound: Bound, network: Network) -> int:
    """A price below which there is nothing: every e-bit that is proved necessary over the cheapest link."""
    return bound.ebits * network.unit


def _covering(best: Realised, bounds: Iterable[Bound]) -> Bound:
    """The first bound that the plan does not undercut: a plan outside of what a bound covers may be cheaper."""
    return next(bound for bound in bounds if bound.ebits <= best.cost.ebits)


def _static(
    segments: Segments, network: Network, bound: Bound, budget: Budget, seed: int, clock: Clock
) -> tuple[Realised, Network, list[Placement]]:
    """Homes that never move, the network with the routes that were planned, and other homes that are almost as good."""

    def found(network: Network) -> tuple[Realised, Network, list[Placement]]:
        promising = Promising(segments, network, budget.starts)
        with closing(static_placements(segments, network, budget, seed, clock)) as placements:
            best = best_of(segments, network, promising.watched(placements), _least(bound, network), clock)
        return best, network, promising.placements

    try:
        return found(network)
    except InfeasibleError:
        if not any(network.thin):
            raise
        # Copies that pass through modules with one comm qubit need free data qubits, which may be missing.
        direct = Network(network.hardware, network.relaxed, rests=False)
        return found(direct)


def _exact(
    segments: Segments, network: Network, static: Realised, proved: Proved, budget: Budget, seed: int, clock: Clock
) -> tuple[Realised, Bound]:
    """Homes that move, and a better bound, where the circuit is small enough for the exact model."""
    small = exact_cells(segments, network) <= budget.exact_cells
    bound = proved.bound
    if not small or static.price <= _least(bound, network) or clock.expired:
        return static, bound
    exact = solve_exact(
        segments, network, static.placement, proved=proved, work=budget.exact_work, clock=clock, seed=seed
    )
    if exact is None:
        return static, bound
    bound = max(bound, exact.bound, key=lambda proved: proved.ebits)
    clock.proved(bound.ebits)
    return best_of(segments, network, [exact.placement], _least(bound, network), clock, best=static), bound


def _embedded(segments: Segments, network: Network, best: Realised, clock: Clock) -> Realised:
    """Copies that live through flips, where that saves e-bits: even below a bound, if that does not cover it."""
    if clock.expired:
        return best
    found = embed(segments, network, best.placement)
    return best_of(segments, network, [found] if found.bridged else [], 0, clock, best=best)
