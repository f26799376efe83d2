"""The bound on e-bits that follows from how many qubits hang together and how few fit into one module.

Inequalities (`core.certificate`) are found row by row for a linear program over the weights of chains, in the manner of
spreading metrics (Even, Naor, Rao & Schieber, J. ACM 47, 2000), sharpened by whole numbers and by well connected cores.
Each dual solution on the way proves a bound; the last one is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from dqplan.core.certificate import Block, Certificate, Inequality, Part
from dqplan.core.chains import chains_of, interlocked_chains_of
from dqplan.core.plan import Bound
from dqplan.core.segments import Segments
from dqplan.core.slices import slice_ends
from dqplan.solve.bounds.cores import CoreFinder
from dqplan.solve.bounds.covering import CoveringProgram
from dqplan.solve.bounds.proved import Proved, Row
from dqplan.solve.bounds.separation import Found, Separator
from dqplan.solve.network import Network
from dqplan.solve.stop import Clock

Side = tuple[int, ...]
"""Modules on one side of a cut."""

COVERS = (
    "plans made of packets, teleports, third-party hosts and copies that live through flips, with every qubit in a "
    "data qubit of its home at the end of each time slice"
)

NOTHING = Proved(Bound(0, "spreading metric", COVERS))

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


def spreading_bound(segments: Segments, network: Network, work: int, clock: Clock) -> Proved:
    """The best bound with a certificate, 0 if nothing is proved.

    Args:
        segments: the circuit in normal form.
        network: the modules.
        work: segments times wires times rounds in which inequalities are added, at most; all e-bits and each kind of
            cut have their own rounds.
        clock: may end it early, which makes the bound weaker.
    """
    by_capacity = {} if network.complete else _cuts_by_capacity(network)
    rounds = min(_ROUNDS, work // (segments.num_segments * segments.num_wires * (1 + len(by_capacity))))
    if rounds == 0:
        return NOTHING
    clock.enter("proving a bound")
    chains = _numbered(chains_of(segments))
    capacity = int(network.capacity.max())
    whole = _strongest(segments, capacity, chains, rounds, clock)
    certificates = [Certificate((_part(whole, (), capacity),))] if whole else []
    if by_capacity:
        certificates.append(_over_cuts(segments, by_capacity, rounds, clock))
    best = max(certificates, key=lambda certificate: certificate.ebits, default=None)
    if best is None or best.ebits == 0:
        return NOTHING
    rows = tuple(Row(row.spread_over(chains), row.bound) for row, _ in whole)
    return Proved(Bound(best.ebits, "spreading metric", COVERS, best), rows)


def _over_cuts(segments: Segments, by_capacity: Mapping[int, Sequence[Side]], rounds: int, clock: Clock) -> Certificate:
    """The bounds over disjoint cuts, added up; those of equal capacity have the same proof."""
    chains = _numbered(interlocked_chains_of(segments))
    found = {room: _strongest(segments, room, chains, rounds, clock) for room in by_capacity}
    return Certificate(tuple(_part(rows, tuple(by_capacity[room]), room) for room, rows in found.items() if rows))


def _numbered(chains: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same chains with numbers from 0 on, without gaps."""
    return np.asarray(np.unique(chains, return_inverse=True)[1])


def _cuts_by_capacity(network: Network) -> dict[int, list[Side]]:
    """Disjoint cuts, by how many qubits the larger of their sides can hold."""
    found: dict[int, list[Side]] = {}
    for side in disjoint_cuts(network):
        found.setdefault(_larger_side(network, side), []).append(side)
    return found


def _larger_side(network: Network, side: Sequence[int]) -> int:
    here = int(network.capacity[list(side)].sum())
    return max(here, int(network.capacity.sum()) - here)


def disjoint_cuts(network: Network) -> Iterator[Side]:
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


def _strongest(
    segments: Segments, capacity: int, chains: NDArray[np.int64], rounds: int, clock: Clock
) -> list[tuple[Found, int]]:
    """The inequalities that together prove most, with whole numbers in the proportions of their multipliers."""
    if capacity >= segments.num_wires:
        return []
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
    return _weighted(found[: len(program.dual)], program.dual)


def _weighted(found: Sequence[Found], dual: NDArray[np.float64]) -> list[tuple[Found, int]]:
    """The inequalities with a part in a dual solution, in which each right-hand side was 1."""
    shares = np.array([max(0.0, value) / row.bound for row, value in zip(found, dual.tolist(), strict=True)])
    counts = np.floor(shares / shares.max(initial=1e-300) * _SCALE).astype(np.int64).tolist()
    return [(row, count) for row, count in zip(found, counts, strict=True) if count]


def _part(rows: Sequence[tuple[Found, int]], cuts: tuple[Side, ...], capacity: int) -> Part:
    """Inequalities and whole multipliers, with the unit in which they obey every chain exactly."""
    load: Counter[int] = Counter()
    for row, count in rows:
        for chain, coefficient in zip(row.chains.tolist(), row.coefficients.tolist(), strict=True):
            load[chain] += count * coefficient
    unit = max(load.values())
    value = Fraction(sum(count * row.bound for row, count in rows), unit)
    return Part(cuts, capacity, unit, value, tuple(_inequality(row, count) for row, count in rows))


def _inequality(row: Found, multiplier: int) -> Inequality:
    blocks = tuple(Block(*block) for block in row.blocks.tolist())
    return Inequality(multiplier, row.core.moment, row.core.connectivity, blocks)
