"""Segments x Hardware -> CutCircuit: where modules share no e-bits, gates and wires are cut."""

from __future__ import annotations

import math
from collections.abc import Callable
from threading import Event

import numpy as np

from dqplan.core.cutting import CutCircuit
from dqplan.core.errors import InfeasibleError, UnsupportedError
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware
from dqplan.core.plan import Effort
from dqplan.core.segments import Segments
from dqplan.core.units import counted
from dqplan.cut.assign import assign_islands
from dqplan.cut.island_circuits import IslandWriter
from dqplan.cut.parts import islands_of, part_of
from dqplan.solve.progress import Progress
from dqplan.solve.stop import Clock


def cut_circuit(
    segments: Segments,
    hardware: Hardware,
    *,
    max_overhead: float,
    effort: Effort = Effort.NORMAL,
    seed: int = 0,
    relaxed: bool = False,
    time_limit_s: float | None = None,
    stop: Event | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> CutCircuit:
    """Divide a circuit over the islands of a network so that sampling costs least.

    Islands are the modules that e-bits join. A gate between islands is cut; a qubit may change its island by a cut of
    its wire, or for nothing when it is reset. What one island measures, no other one can wait for.

    Args:
        segments: the circuit in normal form.
        hardware: the network; classical links are not needed, since every island's runs stand alone.
        max_overhead: the greatest product of overheads that is allowed, 1 or more.
        effort: how long to search.
        seed: of the search.
        relaxed: ignore the limits on comm qubits.
        time_limit_s: wall-clock limit of the search.
        stop: ends the search with the best so far.
        watch: called with the state of the search.

    Raises:
        InfeasibleError: the circuit does not fit, or more overhead is needed than allowed.
        UnsupportedError: there is something to cut, but the circuit measures nothing.

    >>> import dqplan
    >>> adder = dqplan.segments_of(dqplan.load_circuit("sample_circuits/cdkm_adder_10.qasm"))
    >>> cut = dqplan.cut_circuit(adder, dqplan.load_hardware("line:2x6+0"), max_overhead=1000)
    >>> len(cut.cuts), round(cut.overhead), cut.optimal
    (2, 256, True)
    """
    groups = islands_of(hardware, relaxed=relaxed)
    capacity = np.array([int(hardware.data_capacity[group].sum()) for group in groups], dtype=np.int64)
    if hardware.refusal or segments.num_wires > capacity.sum():
        raise _too_small(segments, hardware, int(capacity.sum()))
    clock = Clock(time_limit_s, stop or Event(), watch)
    clock.enter("search for cuts")
    found = assign_islands(segments, capacity, effort=effort, seed=seed, clock=clock)
    if found is None:
        raise _nothing_found(segments)
    used = sorted(set(found.island_of.tolist()))
    island_of = np.searchsorted(used, found.island_of)
    writer = IslandWriter(segments, island_of, len(used))
    result = CutCircuit(
        segments,
        hardware,
        island_of,
        writer.islands([part_of(hardware, groups[island]) for island in used]),
        tuple(writer.cuts),
        max_overhead,
        found.optimal,
        min(found.least_overhead, math.prod(cut.overhead for cut in writer.cuts)),
        found.proved_by,
        writer.inputs,
        writer.outputs,
        tuple(writer.order),
    )
    _check(result)
    return result


_MOST_SENSIBLE = 1e7
"""Overheads beyond are never proposed: a standard error of 0.01 would take more than 10^11 shots."""


def _check(found: CutCircuit) -> None:
    if found.overhead > found.max_overhead * (1 + 1e-9):
        raise InfeasibleError(
            f"{counted(len(found.cuts), 'cut')} between {counted(len(found.islands), 'island')} would need "
            f"{found.overhead:.4g} times as many samples, --max-overhead allows {found.max_overhead:.4g}; "
            + ("no other cuts need less" if found.optimal else f"at least {found.least_overhead:.4g} times are proved"),
            hint=" or ".join(filter(None, (affordable(found.overhead), "quantum links between the modules"))),
        )
    if found.cuts and not (found.segments.circuit.op == Op.MEASURE).any():
        raise UnsupportedError(
            "the circuit measures nothing, and cutting gives back only what is measured",
            hint="measure at the end what you want to know, in the basis that you want to know it in: c = measure q;",
        )


def affordable(overhead: float) -> str:
    """The option that allows an overhead; empty if nobody could take so many samples."""
    return f"--max-overhead {rounded_up(overhead)}" if overhead <= _MOST_SENSIBLE else ""


def rounded_up(overhead: float) -> str:
    """A limit of three digits that allows an overhead."""
    text = f"{overhead:.3g}"
    return text if float(text) >= overhead * (1 - 1e-9) else f"{overhead * 1.005:.3g}"


def _too_small(segments: Segments, hardware: Hardware, room: int) -> InfeasibleError:
    if hardware.refusal:
        return InfeasibleError(f"nothing can be planned on {hardware.name}: {hardware.refusal}")
    return InfeasibleError(
        f"the circuit has {segments.num_wires} qubits, but the modules of {hardware.name} hold {room} data qubits "
        f"together: {segments.num_wires - room} too few",
        hint="cutting divides the qubits over the modules, it does not save any: use larger modules, or more",
    )


def _nothing_found(segments: Segments) -> InfeasibleError:
    bound = bool(segments.circuit.conditions)
    why = "what is measured and what waits for it have to be in one island, and these do not fit" if bound else ""
    return InfeasibleError(
        f"no way to divide the circuit over the islands was found{': ' if why else ''}{why}",
        hint="use larger modules, quantum links between them, or --effort thorough",
    )
