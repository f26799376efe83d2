"""plan.json -> homes, hosts and shares as columns, with everything in its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dqplan.core.errors import Place, PlanError
from dqplan.core.hardware import Hardware
from dqplan.core.share import Share
from dqplan.load.plan_document import GREATEST, PLAN_FILE, PlanDocument, SharePart

LATEST_EVENT = GREATEST
"""No event has this number or a higher one."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Replay:
    """Where qubits are, where gates run, and the shares: s segments, g gates; modules by index.

    Attributes:
        wire: (s,), the wire of each segment; segments are numbered wire by wire.
        home: (s,), the module of each segment.
        pairs: (g, 2), the segments of each gate.
        event: (g,), the place of each gate among all events, growing.
        host: (g,), the module where each gate runs.
        shares: in the order of the plan, without where they are parked.
    """

    wire: Ints
    home: Ints
    pairs: Ints
    event: Ints
    host: Ints
    shares: tuple[Share, ...]

    @cached_property
    def first(self) -> Ints:
        """The first segment of each wire."""
        return np.flatnonzero(np.diff(self.wire, prepend=-1))

    @cached_property
    def first_home(self) -> Ints:
        """The module where each wire begins."""
        return self.home[self.first]


def replay_of(document: PlanDocument, hardware: Hardware) -> Replay:
    """The plan that a document holds.

    Raises:
        PlanError: segments or gates are missing, columns differ in length, or a number or name is out of its range.
    """
    segments, gates = document.plan.segments, document.plan.gates
    if segments is None or gates is None:
        raise _misfit("plan holds no segments or no gates")
    modules = {module.name: index for index, module in enumerate(hardware.modules)}
    wire = _wires(segments.qubit, document.circuit.num_qubits)
    home = _indices("plan.segments.home", segments.home, modules)
    event = _column("plan.gates.event", gates.event, LATEST_EVENT)
    host = _indices("plan.gates.host", gates.host, modules)
    pairs = _column("plan.gates.segments", [end for pair in gates.segments for end in pair], len(wire)).reshape(-1, 2)
    if len(home) != len(wire) or not len(pairs) == len(event) == len(host):
        raise _misfit("the columns of plan.segments or of plan.gates differ in length")
    if (np.diff(event) <= 0).any():
        raise _misfit("plan.gates.event does not grow")
    shares = (_share(share, number, wire, modules) for number, share in enumerate(document.plan.shares))
    return Replay(wire, home, pairs, event, host, tuple(shares))


def _wires(qubits: Sequence[int], size: int) -> Ints:
    wire = _column("plan.segments.qubit", qubits, size)
    steps = np.diff(wire, prepend=-1)
    if not len(wire) or wire[-1] != size - 1 or (steps < 0).any() or (steps > 1).any():
        raise _misfit("plan.segments.qubit does not name the qubits one after the other")
    return wire


def _share(part: SharePart, number: int, wire: Ints, modules: dict[str, int]) -> Share:
    told = f"plan.shares.{number}"
    last = len(wire) - 1
    if not part.segment <= part.until <= last or wire[part.segment] != wire[part.until]:
        raise _misfit(f"{told} does not stay on one wire")
    if (part.until - part.segment) % 2 or not 0 <= part.begin <= part.end < LATEST_EVENT:
        raise _misfit(f"{told} ends where it cannot")
    route = tuple(_indices(f"{told}.route", part.route, modules).tolist())
    if any(a == b for a, b in pairwise(route)):
        raise _misfit(f"{told}.route stays where it is")
    bridges = (part.until - part.segment) // 2
    return Share(part.segment, route, part.begin, part.end, part.teleport, bridges)


def _indices(key: str, names: Sequence[str], modules: dict[str, int]) -> Ints:
    unknown = next((name for name in names if name not in modules), None)
    if unknown is not None:
        raise _misfit(f"{key} names `{unknown}`, which is no module of the hardware")
    return np.array([modules[name] for name in names], dtype=np.int64)


def _column(key: str, numbers: Sequence[int], limit: int) -> Ints:
    if numbers and max(numbers) >= limit:
        raise _misfit(f"{key} holds {max(numbers)}, allowed are numbers below {limit}")
    return np.array(numbers, dtype=np.int64)


def _misfit(message: str) -> PlanError:
    return PlanError(message, place=Place(PLAN_FILE), hint="write the directory again with `dqplan split`")
