"""Homes polished where comm qubits are short: small changes, each of them realised in full.

The local search (`refine`) is fast because it does not look at comm qubits; its best homes may be hard to realise. Here
every change is judged by the price of shares that fit. Simulated annealing (Kirkpatrick et al., Science 220, 1983).
"""

from __future__ import annotations

import math

import numpy as np

from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.search.proposals import Proposer, realised
from dqplan.solve.sharing.realise import Realised
from dqplan.solve.stop import Clock

_HOT, _COLD = 1.0, 0.1
"""Temperatures in the usual price of an e-bit."""


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
    proposer = Proposer(segments, network, rng)
    best = now = start
    for number in range(proposals):
        if best.price <= enough or clock.expired:
            break
        clock.step()
        found = realised(segments, network, proposer.near(now.placement))
        warmth = network.usual * _HOT * (_COLD / _HOT) ** (number / proposals)
        if found is not None and rng.random() < math.exp(min(0, now.price - found.price) / warmth):
            now = found
            if now.price < best.price:
                best = now
                clock.found(best.cost.ebits)
    return best
