"""Upper bounds on the entanglement across linear cuts.

Put each wire on the side where it ends, choose packets that carry all gates across the cut, and make one share per
packet: an e-bit copies the packet's segment to the other side, where all its gates then run. Making and removing a
share takes local operations and classical messages besides the e-bit, and so does everything else in the circuit:
one-qubit gates, measurements, resets, conditions. |0…0> is a product whatever the side a wire begins on. The output is
therefore made from that many e-bits by LOCC, which cannot raise the Schmidt rank in any branch (Lo & Popescu,
arXiv:quant-ph/9707038): log2 of the rank, and the entropy below it, is at most the number of packets. It is also at
most the number of qubits on either side. Gates on a qubit that is still |0> or |1> are local and need no packet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.profile import CutEntropy
from dqplan.core.segments import Kind, Segments
from dqplan.profile.packets import packets_across

MAX_BOUND_WORK = 20_000_000
"""Gates times cuts up to which every cut gets its bound; more take evenly spaced cuts."""
_QUBITS_PER_GATE = 100
"""So many qubits without gates take as long as a gate."""
MIN_CUTS = 7
"""Cuts that get a bound however many gates there are."""


def entropy_bounds(segments: Segments) -> list[CutEntropy]:
    """Upper bounds across all cuts, or evenly spaced ones that include the middle."""
    n = segments.num_wires
    pairs = _entangling_pairs(segments)
    affordable = max(MIN_CUTS, MAX_BOUND_WORK // max(1, len(pairs), n // _QUBITS_PER_GATE))
    step = -(-(n - 1) // affordable)
    place = np.argsort(segments.output_wire)[segments.wire]
    return [_bound(pairs, place, left, n - left) for left in range(1, n) if (left - n // 2) % step == 0]


def _entangling_pairs(segments: Segments) -> NDArray[np.int32]:
    """Segment pairs of the gates that do more than a one-qubit gate would.

    A wire that begins, or was reset, in |0> stays in |0> or |1>, as the outcomes so far decide, until its first cut;
    there CP is a phase on the other qubit, or nothing.
    """
    prepared = segments.fresh.copy()
    prepared[segments.first] = True
    prepared[segments.segment[segments.kind == Kind.CUT]] = False
    return segments.gate_pairs[~prepared[segments.gate_pairs].any(axis=1)]


def _bound(pairs: NDArray[np.int32], place: NDArray[np.intp], left: int, right: int) -> CutEntropy:
    """The bound across one cut; `place` is the output qubit that each segment's wire becomes."""
    packets, smaller = packets_across(pairs, place >= left), min(left, right)
    if not packets:
        return CutEntropy(left, 0.0, True, "exact (no entangling gate)")
    if packets < smaller:
        return CutEntropy(left, float(packets), False, "upper bound (packets across the cut)")
    return CutEntropy(left, float(smaller), False, "upper bound (qubits on the smaller side)")
