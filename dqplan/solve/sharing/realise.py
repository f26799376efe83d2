"""A placement made real: its shares in time, within the comm-qubit limits, and their cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.cost import Cost, cost_of
from dqplan.core.errors import InfeasibleError
from dqplan.core.hardware import UNREACHABLE
from dqplan.core.segments import Kind, Segments, reordered
from dqplan.core.share import Share
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement
from dqplan.solve.sharing.park import parked
from dqplan.solve.sharing.shares import lay_shares, uses_of


@dataclass(frozen=True, eq=False)
class Realised:
    """A placement that can run: its shares and their cost.

    Attributes:
        placement: homes and hosts, gates numbered as in the circuit that was asked for.
        segments: the same normal form in the order in which it runs.
        host: int16 (num_gates,), the hosts in that order.
        shares: their events refer to that order.
        cost: what the shares consume.
        price: of their e-bits, as the network counts.
    """

    placement: Placement
    segments: Segments
    host: NDArray[np.int16]
    shares: Sequence[Share]
    cost: Cost
    price: int


def realise(segments: Segments, network: Network, placement: Placement) -> Realised:
    """Shares for a placement: the cheapest ones if comm and free data qubits suffice, else another order of events.

    Raises:
        InfeasibleError: if no way was found to run this placement.
    """
    _check_reach(segments, network, placement)
    shares = lay_shares(segments, network, placement)
    found = _counted(segments, network, placement, placement.host, shares)
    if not network.limited or not _over_limit(network, found.cost):
        return found
    resting = parked(segments, network, placement.home, shares)
    if resting is not None:
        return _counted(segments, network, placement, placement.host, resting)
    # numba takes longer to load than a small plan takes to make.
    from dqplan.solve.sharing.repair import repaired

    order, placement, shares = repaired(segments, network, placement)
    number = np.cumsum(segments.kind == Kind.GATE) - 1
    host = placement.host[number[order[segments.kind[order] == Kind.GATE]]]
    return _counted(reordered(segments, order), network, placement, host, shares)


def _counted(
    segments: Segments, network: Network, placement: Placement, host: NDArray[np.int16], shares: Sequence[Share]
) -> Realised:
    cost = cost_of(segments, network.hardware, placement.home, shares)
    return Realised(placement, segments, host, shares, cost, network.price_of(cost))


def _check_reach(segments: Segments, network: Network, placement: Placement) -> None:
    """Refuse homes and hosts that no route joins."""
    uses = uses_of(segments, placement)
    homes = placement.home[uses.segment]
    apart = np.flatnonzero(network.distance[homes, uses.module] >= UNREACHABLE)
    if len(apart):
        one, other = (network.hardware.modules[m].name for m in (homes[apart[0]], uses.module[apart[0]]))
        raise InfeasibleError(
            f"no plan found: qubits in {one} and {other} interact, but no route joins these modules, "
            "because a module in the middle of a route needs 2 comm qubits",
            proved=False,
        )


def _over_limit(network: Network, cost: Cost) -> bool:
    return any(peak > limit for peak, limit in zip(cost.peak_comm.values(), network.comm, strict=True))
