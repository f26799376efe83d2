"""The bound on e-bits that follows from how many qubits hang together and how few fit into one module.

Inequalities (`core.certificate`) are found row by row for a linear program over the weights of chains, in the manner of
spreading metrics (Even, Naor, Rao & Schieber, J. ACM 47, 2000), sharpened by whole numbers and by well connected cores.
Each dual solution on the way proves a bound; the last one is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from dqplan.core.certificate import Block, Certificate, Inequality, Part
from dqplan.core.chains import chains_of, interlocked_chains_of
from dqplan.core.plan import Bound
from dqplan.core.segments import Segments
from dqplan.core.slices import slice_ends
from dqplan.solve.cores import CoreFinder
from dqplan.solve.covering import CoveringProgram
from dqplan.solve.network import Network
from dqplan.solve.separation import Found, Separator
from dqplan.solve.stop import Clock

COVERS = (
    "plans made of packets, teleports, third-party hosts and copies that live through flips, with every qubit in a "
    "data qubit of its home at the end of each time slice"
)

Floats = NDArray[np.float64]

_ROUNDS = 40
_MOMENTS = 8
"""At so many moments, trees are grown from each wire."""
_CORES, _CORE_WORK = 64, 100_000
"""Cores are looked for from so many starts; from fewer if that, times wires squared, would be more."""
_NEW_ROWS = 150
"""Of all violated inequalities, those that are violated most are added."""
_SCALE = 10**6
"""Multipliers are rounded to so many parts of the largest."""
_GAIN, _PATIENCE = 5e-3, 6
"""The search ends when the bound grows by less than this fraction in so many rounds."""
_CLOSE = 1e-3
"""Inequalities that are satisfied up to this fraction count as satisfied."""


def spreading_bound(segments: Segments, network: Network, work: int, clock: Clock) -> Bound | None:
    """The best bound with a certificate, or None if nothing is proved.

    Args:
        segments: the circuit in normal form.
        network: the modules.
        work: segments times wires times rounds in which inequalities are added, at most, for all e-bits and for each
            kind of cut.
        clock: may end it early, which makes the bound weaker.
    """
    rounds = min(_ROUNDS, work // (segments.num_segments * segments.num_wires))
    if rounds == 0:
        return None
    clock.enter("proving a bound")
    parts = [_part(segments, (), int(network.capacity.max()), chains_of(segments), rounds, clock)]
    certificates = [Certificate((part,)) for part in parts if part is not None]
    if not network.complete:
        by_capacity: dict[int, list[tuple[int, ...]]] = {}
        for side in disjoint_cuts(network):
            by_capacity.setdefault(_larger_side(network, side), []).append(side)
        chains = interlocked_chains_of(segments)
        parts = [_part(segments, tuple(cuts), room, chains, rounds, clock) for room, cuts in by_capacity.items()]
        certificates.append(Certificate(tuple(part for part in parts if part is not None)))
    best = max(certificates, key=lambda certificate: certificate.ebits, default=None)
    if best is None or best.ebits == 0:
        return None
    return Bound(best.ebits, "spreading metric", COVERS, best)


def _larger_side(network: Network, side: Sequence[int]) -> int:
    here = int(network.capacity[list(side)].sum())
    return max(here, int(network.capacity.sum()) - here)


def disjoint_cuts(network: Network) -> Iterator[tuple[int, ...]]:
    """Sides of cuts that have no link in common: for a link, the modules that are nearer to its first end.

    On a line, a tree, a grid or an even ring, each link is in one of these cuts.
    """
    links = sorted(network.hardware.quantum_links)
    hops = network.hardware.distance
    free = set(links)
    for a, b in links:
        near = hops[a] < hops[b]
        crossed = {(u, v) for u, v in links if near[u] != near[v]}
        if crossed <= free:
            free -= crossed
            yield tuple(np.flatnonzero(near).tolist())


def _part(
    segments: Segments,
    cuts: tuple[tuple[int, ...], ...],
    capacity: int,
    chains: NDArray[np.int64],
    rounds: int,
    clock: Clock,
) -> Part | None:
    """The best combination of inequalities, if any is found."""
    if capacity >= segments.num_wires:
        return None
    _, chains = np.unique(chains, return_inverse=True)
    cores = list(CoreFinder(segments, capacity).found(min(_CORES, _CORE_WORK // segments.num_wires**2)))
    moments = np.unique(np.linspace(0, len(slice_ends(segments)) - 1, _MOMENTS).astype(int))
    separator = Separator(segments, chains, capacity, cores, moments)
    program = CoveringProgram(int(chains.max()) + 1)
    found = [separator.alone(core) for core in cores]
    new, values = list(found), [0.0] * _PATIENCE
    for _ in range(rounds):
        for row in new:
            program.add(row.chains, row.coefficients / row.bound)
        if clock.expired or not program.solve() or program.value < values[-_PATIENCE] * (1 + _GAIN):
            break
        values.append(program.value)
        new = separator.violated(program.weights, _CLOSE)[:_NEW_ROWS]
        found += new
        if not new:
            break
    return _certified(found, program.dual, cuts, capacity)


def _certified(found: Sequence[Found], dual: Floats, cuts: tuple[tuple[int, ...], ...], capacity: int) -> Part | None:
    """Whole multipliers, in the proportions of a dual solution, and the unit in which they obey every chain exactly."""
    shares = np.array([max(0.0, value) / row.bound for row, value in zip(found, dual.tolist(), strict=False)])
    counts = np.floor(shares / shares.max(initial=1e-300) * _SCALE).astype(np.int64).tolist()
    used = [(row, count) for row, count in zip(found, counts, strict=False) if count]
    if not used:
        return None
    load: dict[int, int] = {}
    for row, count in used:
        for chain, coefficient in zip(row.chains.tolist(), row.coefficients.tolist(), strict=True):
            load[chain] = load.get(chain, 0) + count * coefficient
    unit = max(load.values())
    value = Fraction(sum(count * row.bound for row, count in used), unit)
    return Part(cuts, capacity, unit, value, tuple(_inequality(row, count) for row, count in used))


def _inequality(row: Found, multiplier: int) -> Inequality:
    blocks = tuple(Block(*block) for block in row.blocks.tolist())
    return Inequality(multiplier, row.core.moment, row.core.connectivity, blocks)
