"""Entanglement across linear cuts: exact where it can be computed, a rigorous upper bound elsewhere.

The bound. Put each wire on the side where it ends, choose packets that carry all gates across the cut, and make one
share per packet: an e-bit copies the packet's segment to the other side, where all its gates then run. Making and
removing a share takes local operations and classical messages besides the e-bit, and so does everything else in the
circuit: one-qubit gates, measurements, resets, conditions. |0…0> is a product whatever the side a wire begins on. The
output is therefore made from that many e-bits by LOCC, which cannot raise the Schmidt rank in any branch (Lo & Popescu,
arXiv:quant-ph/9707038): log2 of the rank, and the entropy below it, is at most the number of packets. It is also at
most the number of qubits on either side. Gates on a qubit that is still |0> or |1> are local and need no packet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.profile import CutEntropy, Entanglement
from dqplan.core.segments import Kind, Segments
from dqplan.profile.amplitudes import MAX_QUBITS, MAX_WORK, cut_entropies, output_state
from dqplan.profile.packets import packets_across
from dqplan.profile.stabilizers import stabilizer_entropies

MAX_BOUND_WORK = 20_000_000
"""Gates times cuts up to which every cut gets its bound; more take evenly spaced cuts."""
MIN_CUTS = 7
"""Cuts that get a bound however many gates there are."""

OUTPUT = "the output for the input |0…0>"
BEFORE_FINAL = OUTPUT + ", before the final measurements"
ANY_BRANCH = OUTPUT + ", for every sequence of outcomes"


@dataclass(frozen=True)
class _Task:
    """The events that shape the state in question, and whether outcomes occur on the way."""

    events: NDArray[np.int64]
    state: str
    unitary: bool


def measure_entanglement(segments: Segments) -> Entanglement:
    """Find the entanglement across linear cuts with the best method that applies."""
    task = _task_of(segments)
    skipped: dict[str, str] = {}
    cuts = _exact_cuts(segments, task, skipped) or _bounded_cuts(segments)
    n = segments.num_wires
    nearest = sorted(cuts, key=lambda cut: abs(2 * cut.left - n))
    return Entanglement(
        state=task.state,
        cuts=tuple(cuts),
        covers=f"all {n - 1} cuts" if len(cuts) == n - 1 else f"{len(cuts)} of {max(n - 1, 0)} cuts, evenly spaced",
        middle=next((cut for cut in cuts if cut.left == n // 2), None),
        maximum=max(nearest, key=lambda cut: cut.bits, default=None),
        skipped=skipped,
    )


def _task_of(segments: Segments) -> _Task:
    """Leave out final measurements, whose outcomes nothing depends on, and resets of wires that are |0> anyway.

    Without them the state before the final measurements is meant: measuring would only destroy what is asked for.
    """
    kind, wire, event = segments.kind, segments.wire[segments.segment], np.arange(segments.num_events)
    plain = segments.condition < 0
    harmless = plain & ((kind == Kind.MEASURE) | (kind == Kind.LOCAL))
    last_change = np.full(segments.num_wires, -1)
    first_event = np.full(segments.num_wires, segments.num_events)
    gate = kind == Kind.GATE
    partner = segments.wire[segments.other[gate]]
    np.maximum.at(last_change, wire[~harmless], event[~harmless])
    np.maximum.at(last_change, partner, event[gate])
    np.minimum.at(first_event, wire, event)
    np.minimum.at(first_event, partner, event[gate])
    read = sorted({clbit for condition in segments.circuit.conditions for clbit in condition.clbits})
    final = plain & (kind == Kind.MEASURE) & (event > last_change[wire]) & ~np.isin(segments.clbit, read)
    idle = plain & (kind == Kind.RESET) & (event == first_event[wire])
    left = ~final & ~idle
    unitary = bool((plain & (kind != Kind.MEASURE) & (kind != Kind.RESET))[left].all())
    state = ANY_BRANCH if not unitary else BEFORE_FINAL if final.any() else OUTPUT
    return _Task(np.flatnonzero(left), state, unitary)


def _exact_cuts(segments: Segments, task: _Task, skipped: dict[str, str]) -> list[CutEntropy]:
    """All cuts by an exact method; empty, with the reasons in `skipped`, if none applies."""
    stabilizer = stabilizer_entropies(segments, task.events)
    if stabilizer is not None:
        return _labelled([float(bits) for bits in stabilizer], "exact (stabilizers)")
    reason = _too_much_for_a_state_vector(segments, task)
    if not reason:
        return _labelled(cut_entropies(output_state(segments, task.events)), "exact (state vector)")
    skipped["stabilizers"] = "the circuit is not Clifford, or applies other gates than Paulis under a condition"
    skipped["state_vector"] = reason
    return []


def _labelled(bits: list[float], basis: str) -> list[CutEntropy]:
    return [CutEntropy(left, value, True, basis) for left, value in enumerate(bits, start=1)]


def _too_much_for_a_state_vector(segments: Segments, task: _Task) -> str:
    """Why the circuit is not simulated; empty if it is."""
    n = segments.num_wires
    if not task.unitary:
        return "the circuit measures, resets or branches on the way"
    if n > MAX_QUBITS:
        return f"{n} qubits; simulated up to {MAX_QUBITS}"
    if len(task.events) << n > MAX_WORK:
        return f"{len(task.events)} operations on {n} qubits; simulated up to {MAX_WORK >> n}"
    return ""


def _bounded_cuts(segments: Segments) -> list[CutEntropy]:
    """Upper bounds across all cuts, or evenly spaced ones that include the middle."""
    n = segments.num_wires
    pairs = _entangling_pairs(segments)
    affordable = max(MIN_CUTS, MAX_BOUND_WORK // max(1, len(pairs)))
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
    if packets < smaller:
        return CutEntropy(left, float(packets), False, "upper bound (packets across the cut)")
    return CutEntropy(left, float(smaller), False, "upper bound (qubits on the smaller side)")
