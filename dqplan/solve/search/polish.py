"""Homes polished where comm qubits are short: small changes, each of them realised in full.

The local search (`refine`) is fast because it does not look at comm qubits; its best homes may be hard to realise. Here
every change is judged by the price of shares that fit. Simulated annealing (Kirkpatrick et al., Science 220, 1983).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from dqplan.core.errors import InfeasibleError
from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement
from dqplan.solve.sharing.occupancy import occupancy_of
from dqplan.solve.sharing.realise import Realised, realise
from dqplan.solve.stop import Clock

_HOT, _COLD = 1.0, 0.1
"""Temperatures in the usual price of an e-bit."""

Home = NDArray[np.int16]


def polish(
    segments: Segments, network: Network, start: Realised, *, work: int, enough: int, seed: int, clock: Clock
) -> Realised:
    """A plan at most as expensive as the given one.

    Args:
        segments: the circuit in normal form.
        network: where it runs.
        start: what to begin with.
        work: segments and gates that are realised, in all.
        enough: a price below which there is nothing; the search ends there.
        seed: of the proposals.
        clock: ends the search early.
    """
    proposals = work // (segments.num_segments + len(segments.gates) + 1)
    if proposals == 0 or len(network.homes) < 2 or clock.expired:
        return start
    clock.enter("polishing", proposals)
    rng = np.random.default_rng(seed)
    proposer = _Proposer(segments, network, rng)
    best = now = start
    for number in range(proposals):
        if best.price <= enough or clock.expired:
            break
        clock.step()
        found = _realised(segments, network, proposer.near(now.placement))
        warmth = network.usual * _HOT * (_COLD / _HOT) ** (number / proposals)
        if found is not None and rng.random() < math.exp(min(0, now.price - found.price) / warmth):
            now = found
            if now.price < best.price:
                best = now
                clock.found(best.cost.ebits)
    return best


def _realised(segments: Segments, network: Network, placement: Placement | None) -> Realised | None:
    """What a placement costs, if it can run."""
    if placement is None or not occupancy_of(segments, placement.home, network.size).fits(network.capacity):
        return None
    try:
        return realise(segments, network, placement)
    except InfeasibleError:
        return None


class _Proposer:
    """Small changes of homes: a run of segments moves, or two wires exchange their modules."""

    def __init__(self, segments: Segments, network: Network, rng: np.random.Generator) -> None:
        self.segments = segments
        self.network = network
        self.rng = rng
        self.wire_first = np.append(segments.first, segments.num_segments)

    def near(self, placement: Placement) -> Placement | None:
        """A placement next to the given one; None if the draw changes nothing."""
        changes = self._moved(placement.home) if self.rng.random() < 0.5 else self._exchanged(placement.home)
        home = placement.home.copy()
        for chosen, module in changes:
            home[chosen] = module
        if (home == placement.home).all():
            return None
        return Placement(home, self._followed(placement, home))

    def _wire(self) -> slice:
        """The segments of a wire."""
        wire = int(self.rng.integers(self.segments.num_wires))
        return slice(int(self.wire_first[wire]), int(self.wire_first[wire + 1]))

    def _moved(self, home: Home) -> list[tuple[slice, int]]:
        """A run of segments with one home gets another."""
        wire = self._wire()
        changes = wire.start + 1 + np.flatnonzero(np.diff(home[wire]))
        runs = [wire.start, *changes.tolist(), wire.stop]
        run = int(self.rng.integers(len(runs) - 1))
        return [(slice(runs[run], runs[run + 1]), int(self.rng.choice(self.network.homes)))]

    def _exchanged(self, home: Home) -> list[tuple[slice, int]]:
        """Two wires that stay in one module each go to each other's."""
        one, other = self._wire(), self._wire()
        modules = [int(home[wire.start]) for wire in (one, other)]
        if any((home[wire] != module).any() for wire, module in zip((one, other), modules, strict=True)):
            return []
        return [(one, modules[1]), (other, modules[0])]

    def _followed(self, placement: Placement, home: Home) -> Home:
        """Hosts that go along with the homes where gates ran; others stay."""
        host = placement.host.copy()
        for side in self.segments.gate_pairs.T:
            along = (home[side] != placement.home[side]) & (placement.host == placement.home[side])
            host[along] = home[side[along]]
        return host
