"""Small changes of homes, drawn at random, for searches that judge every change in full."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.errors import InfeasibleError
from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement
from dqplan.solve.sharing.occupancy import occupancy_of
from dqplan.solve.sharing.realise import Realised, realise

Home = NDArray[np.int16]


class Proposer:
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

    def rehosted(self, placement: Placement) -> Placement | None:
        """The gates of one segment and one partner module run on the other side; None if the draw changes nothing."""
        segment = int(self.rng.integers(self.segments.num_segments))
        home, host = placement.home, placement.host.copy()
        for mine, partner in (self.segments.gate_pairs.T, self.segments.gate_pairs.T[::-1]):
            far = (mine == segment) & (home[partner] != home[segment])
            module = home[partner[far]]
            chosen = np.flatnonzero(far)[module == self.rng.choice(module)] if len(module) else np.flatnonzero(far)
            ends = np.stack([home[mine[chosen]], home[partner[chosen]]])
            host[chosen] = np.where(host[chosen] == ends[0], ends[1], ends[0])
        return None if (host == placement.host).all() else Placement(home, host)

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


def realised(segments: Segments, network: Network, placement: Placement | None) -> Realised | None:
    """The placement made real; None if it cannot run."""
    if placement is None or not occupancy_of(segments, placement.home, network.size).fits(network.capacity):
        return None
    try:
        return realise(segments, network, placement)
    except InfeasibleError:
        return None
