"""Of many placements, the ones to keep: the best that runs, and the cheapest to search on from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dqplan.core.errors import InfeasibleError, InternalError
from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, price_of
from dqplan.solve.sharing.realise import Realised, realise
from dqplan.solve.stop import Clock


def best_of(
    segments: Segments,
    network: Network,
    placements: Iterable[Placement],
    enough: int,
    clock: Clock,
    *,
    best: Realised | None = None,
) -> Realised:
    """The cheapest placement that runs, the first of equals; none is looked for below `enough`.

    The first placement is looked at even when the time is up, so that no finished search is thrown away.

    Args:
        segments: the circuit in normal form.
        network: where it runs.
        placements: what to compare.
        enough: a price below which there is nothing.
        clock: ends the comparison early.
        best: what is already known to run.

    Raises:
        InfeasibleError: if none of them can run, with the reason of the first.
    """
    reason: InfeasibleError | None = None
    for placement in placements:
        if best is None or price_of(segments, network, placement) < best.price:
            try:
                found = realise(segments, network, placement)
                if best is None or found.price < best.price:
                    best = found
                    clock.found(best.cost.ebits)
            except InfeasibleError as error:
                reason = reason or error
        if best is not None and (best.price <= enough or clock.expired):
            break
    if best is None:
        raise reason or InternalError("no placement was tried", hint="please report the circuit and the hardware")
    return best


class Promising:
    """The cheapest of the placements that pass by, whether they can run or not; of several with the same homes, one."""

    def __init__(self, segments: Segments, network: Network, most: int) -> None:
        """Keeps at most `most` placements."""
        self._segments, self._network, self._most = segments, network, most
        self._found: dict[bytes, tuple[int, int, Placement]] = {}

    def watched(self, placements: Iterable[Placement]) -> Iterator[Placement]:
        """The same placements, each of them looked at."""
        for number, placement in enumerate(placements):
            if self._most:
                self._look(number, placement)
            yield placement

    def _look(self, number: int, placement: Placement) -> None:
        homes = placement.home.tobytes()
        price = price_of(self._segments, self._network, placement)
        if homes not in self._found or price < self._found[homes][0]:
            self._found[homes] = (price, number, placement)

    @property
    def placements(self) -> list[Placement]:
        """The cheapest first, of equals the one seen first."""
        ranked = sorted(self._found.values(), key=lambda found: found[:2])
        return [placement for _, _, placement in ranked[: self._most]]
