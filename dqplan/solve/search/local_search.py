"""Homes that move, and hosts to match: local searches from several starts."""

from __future__ import annotations

from dqplan.core.segments import Segments
from dqplan.solve.best import best_of
from dqplan.solve.hosts import cover_hosts
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, price_of
from dqplan.solve.sharing.realise import Realised
from dqplan.solve.stop import Budget, Clock

_SHORT = 15
"""A search from one of several starts takes one part in so many of the budget (measured: 12 and 20 are worse)."""
_FITTING = 1.1
"""Limits on comm qubits matter little if shares cost less than so many times what they would without."""


def local_search(
    segments: Segments,
    network: Network,
    best: Realised,
    starts: list[Placement],
    *,
    budget: Budget,
    enough: int,
    seed: int,
    clock: Clock,
) -> tuple[Realised, int]:
    """The best plan that local searches find, and the price of their cheapest placement if comm qubits were no limit.

    Without limits on comm qubits, short searches begin at each of `starts`, and a long one at the best that is then
    known. With them, shares that are cheap often do not fit, and where to go on is seen only after the first search.

    Args:
        segments: the circuit in normal form.
        network: where it runs.
        best: the best plan so far.
        starts: other placements, cheapest first; they need not run.
        budget: for all searches together.
        enough: a price below which there is nothing.
        seed: of everything random.
        clock: ends the searches early.
    """
    hoped = price_of(segments, network, best.placement)
    if best.price <= enough or not budget.moves or clock.expired:
        return best, hoped
    clock.enter("loading the local search")
    # numba, and the code that it compiles or finds compiled, takes longer to load than a quick plan takes to make.
    from dqplan.solve.search.refine import refine

    def search(start: Placement, share: float, number: int, *, third_party: bool = True) -> None:
        """From `start`, with that share of the budget, unless there is nothing left to find."""
        nonlocal best, hoped
        if best.price <= enough or clock.expired:
            return
        part = budget.part(share)
        found = refine(segments, network, start, budget=part, seed=seed + number, clock=clock, third_party=third_party)
        hoped = min(hoped, price_of(segments, network, found))
        covered = Placement(found.home, cover_hosts(segments, network, found.home))
        best = best_of(segments, network, [found, covered], enough, clock, best=best)

    if not network.limited:
        for number, start in enumerate(starts):
            search(start, 1 / _SHORT, number)
        search(best.placement, 1 - len(starts) / _SHORT, 0)
        return best, hoped
    search(best.placement, 1 / 2, 0)
    # Many copies that meet in one module are cheap, but often do not fit into its qubits.
    fit = best.price < _FITTING * hoped
    home = best.placement.home
    hosts = best.placement.host if fit else cover_hosts(segments, network, home)
    search(Placement(home, hosts), 1 / 2, 1, third_party=fit)
    return best, hoped
