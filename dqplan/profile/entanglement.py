"""Entanglement across linear cuts: exact where it can be computed, a rigorous upper bound elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.profile import CutEntropy, Entanglement
from dqplan.core.segments import Kind, Segments
from dqplan.profile.amplitudes import MAX_QUBITS, MAX_WORK, cut_entropies, output_state
from dqplan.profile.bounds import entropy_bounds
from dqplan.profile.stabilizers import MAX_WIRES, stabilizer_entropies


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
    cuts = _exact_cuts(segments, task, skipped) or entropy_bounds(segments)
    n = segments.num_wires
    nearest = sorted(cuts, key=lambda cut: abs(2 * cut.left - n))
    return Entanglement(
        state=task.state,
        cuts=tuple(cuts),
        covers=_coverage(len(cuts), max(n - 1, 0)),
        middle=next((cut for cut in cuts if cut.left == n // 2), None),
        maximum=max(nearest, key=lambda cut: cut.bits, default=None),
        skipped={} if all(cut.exact for cut in cuts) else skipped,
    )


def _coverage(looked_at: int, there_are: int) -> str:
    if looked_at < there_are:
        return f"{looked_at} of {there_are} cuts, evenly spaced"
    return "the only cut" if there_are == 1 else f"all {there_are} cuts"


def _task_of(segments: Segments) -> _Task:
    """Leave out final measurements, which would only destroy what is asked for, and resets of what is |0> anyway."""
    final = _final_measurements(segments)
    left = ~final & ~_idle_resets(segments)
    outcomes = (segments.kind == Kind.MEASURE) | (segments.kind == Kind.RESET) | (segments.condition >= 0)
    unitary = not outcomes[left].any()
    state = "the output for the input |0…0>"
    if final.any():
        state += ", before the final measurements"
    if not unitary:
        state += ", for every sequence of outcomes on the way"
    return _Task(np.flatnonzero(left), state, unitary)


def _final_measurements(segments: Segments) -> NDArray[np.bool_]:
    """Measurements behind which only phases, flips and measurements act on the wire, and whose bit nothing reads."""
    plain = segments.condition < 0
    measurement = segments.kind == Kind.MEASURE
    harmless = plain & (measurement | (segments.kind == Kind.LOCAL))
    last_change = _per_wire(segments, np.maximum, ~harmless, -1)
    read = sorted({clbit for condition in segments.circuit.conditions for clbit in condition.clbits})
    behind = np.arange(segments.num_events) > last_change[segments.wire[segments.segment]]
    final: NDArray[np.bool_] = plain & measurement & behind & ~np.isin(segments.clbit, read)
    return final


def _idle_resets(segments: Segments) -> NDArray[np.bool_]:
    """Resets with which a wire begins."""
    everything = np.ones(segments.num_events, dtype=np.bool_)
    first = _per_wire(segments, np.minimum, everything, segments.num_events)[segments.wire[segments.segment]]
    begins = np.arange(segments.num_events) == first
    idle: NDArray[np.bool_] = begins & (segments.kind == Kind.RESET) & (segments.condition < 0)
    return idle


def _per_wire(segments: Segments, choose: np.ufunc, chosen: NDArray[np.bool_], default: int) -> NDArray[np.int64]:
    """The first (np.minimum) or last (np.maximum) of the chosen events on each wire; `default` for none."""
    found = np.full(segments.num_wires, default, dtype=np.int64)
    events = np.flatnonzero(chosen)
    gates = events[segments.kind[events] == Kind.GATE]
    choose.at(found, segments.wire[segments.segment[events]], events)
    choose.at(found, segments.wire[segments.other[gates]], gates)
    return found


def _exact_cuts(segments: Segments, task: _Task, skipped: dict[str, str]) -> list[CutEntropy]:
    """All cuts by an exact method; empty, with the reasons in `skipped`, if none applies."""
    stabilizer = stabilizer_entropies(segments, task.events)
    if stabilizer is not None:
        return _labelled([float(bits) for bits in stabilizer], "exact (stabilizers)")
    reason = _too_much_for_a_state_vector(segments, task)
    if not reason:
        return _labelled(cut_entropies(output_state(segments, task.events)), "exact (state vector)")
    skipped["stabilizers"] = (
        f"{segments.num_wires:,} qubits; followed up to {MAX_WIRES:,}"
        if segments.num_wires > MAX_WIRES
        else "the circuit is not Clifford, or applies other gates than Paulis under a condition"
    )
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
