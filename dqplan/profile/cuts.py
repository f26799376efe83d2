"""Linear cuts of the interaction graph: what a placement in the order of declaration has to carry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.profile import Cut, LinearCuts
from dqplan.core.segments import Segments
from dqplan.profile.packets import packets_across
from dqplan.profile.spread import spread_of

Crossings = NDArray[np.int64]


def describe_linear_cuts(segments: Segments) -> LinearCuts:
    """Count what crosses each of the n - 1 cuts between neighbouring wires."""
    n = segments.num_wires
    pairs = segments.gate_pairs.astype(np.int64)
    weight = segments.merged[segments.gates].astype(np.int64)
    gates = _crossings(segments.wire[pairs], weight, n)
    distinct = _distinct_pairs(pairs, segments.num_segments)
    segment_pairs = _crossings(segments.wire[distinct], np.ones(len(distinct), dtype=np.int64), n)
    lightest = _lightest_balanced(segment_pairs)

    def cut(left: int) -> Cut | None:
        if left < 1:
            return None
        packets = packets_across(segments.gate_pairs, segments.wire < left)
        return Cut(left, int(gates[left - 1]), int(segment_pairs[left - 1]), packets)

    middle = cut(n // 2)
    return LinearCuts(
        gates=tuple(gates.tolist()),
        segment_pairs=tuple(segment_pairs.tolist()),
        gates_spread=spread_of(gates),
        segment_pairs_spread=spread_of(segment_pairs),
        middle=middle,
        lightest_balanced=middle if lightest == n // 2 else cut(lightest),
    )


def _crossings(wires: NDArray[np.int32], weight: Crossings, n: int) -> Crossings:
    """Total weight of the pairs of wires on different sides of each cut; shape (n - 1,)."""
    steps = np.zeros(n + 1, dtype=np.int64)
    np.add.at(steps, wires.min(axis=1, initial=n), weight)
    np.subtract.at(steps, wires.max(axis=1, initial=-1), weight)
    return np.cumsum(steps)[: max(n - 1, 0)]


def _distinct_pairs(pairs: Crossings, num_segments: int) -> Crossings:
    """Each pair of segments once; a pair meets twice where a condition or a flip keeps gates from merging."""
    codes = np.unique(pairs[:, 0] * num_segments + pairs[:, 1])
    return np.stack(np.divmod(codes, num_segments), axis=1)


def _lightest_balanced(segment_pairs: Crossings) -> int:
    """Qubits left of the cut with the fewest segment pairs that leaves a third of the qubits on either side; or 0."""
    n = len(segment_pairs) + 1
    candidates = range(max(1, -(-n // 3)), n - max(1, -(-n // 3)) + 1)
    return min(candidates, key=lambda left: (segment_pairs[left - 1], abs(2 * left - n)), default=0)
