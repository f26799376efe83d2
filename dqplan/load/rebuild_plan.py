"""plan.json -> Plan, on another hardware than it was made for, or why it cannot run there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dqplan.core.cost import cost_of
from dqplan.core.errors import Place, PlanError
from dqplan.core.hardware import Hardware, Role
from dqplan.core.objective import Objective
from dqplan.core.plan import Baseline, Bound, Effort, Plan
from dqplan.core.room import comm_limits
from dqplan.core.segments import Segments, reordered
from dqplan.core.share import NOT_PARKED, Share
from dqplan.core.stay import Stay
from dqplan.core.units import counted
from dqplan.load.plan_document import PLAN_FILE, PlanDocument
from dqplan.load.replay import Replay, replay_of
from dqplan.load.written_plan import hardware_of_plan

_NO_COPIES = (Role.REPEATER, Role.MEMORY)
"""Modules in which no copy of a qubit can take part in gates, or rest in a comm qubit."""


def rebuild_plan(
    document: PlanDocument,
    segments: Segments,
    hardware: Hardware,
    *,
    relaxed: bool | None = None,
    source: str = PLAN_FILE,
) -> Plan | tuple[str, ...]:
    """The plan as it would be carried out today.

    Modules are known by their names. Homes, hosts, shares, stays and purification are those of the document; the cost
    is counted again, its e-bits weigh what links weigh today; the bound is the document's.

    Args:
        document: of the plan.
        segments: of the same circuit, as `segments_of` gives them.
        hardware: of today.
        relaxed: whether the limits on comm qubits are ignored; None: as the document says.
        source: the document's name, for error messages.

    Returns:
        The plan, or else everything that the hardware lacks for it, in sentences.

    Raises:
        PlanError: the document contradicts itself, or belongs to another circuit or another version of dqplan.
    """
    old = hardware_of_plan(document)
    replay, segments = _matched(document, replay_of(document, old), segments, source)
    index = {module.name: number for number, module in enumerate(hardware.modules)}
    names = [module.name for module in old.modules]
    used = {names[number] for number in np.unique(np.concatenate([replay.home, replay.host])).tolist()}
    routes = [*(part.route for part in document.plan.shares), *(part.route for part in document.plan.stays)]
    used |= {name for route in routes for name in route}
    if missing := sorted(used - index.keys()):
        return tuple(f"there is no module {name} any more" for name in missing)
    number = np.array([index.get(name, -1) for name in names], dtype=np.int16)
    home, host = number[replay.home], number[replay.host]
    shares = tuple(_shares(document, replay, number.tolist()))
    stays = tuple(
        Stay(each.qubit, tuple(index[name] for name in each.route), each.begin, each.end)
        for each in document.plan.stays
    )
    broken = _broken_links(hardware, [*(share.route for share in shares), *(stay.route for stay in stays)])
    if broken:
        return tuple(broken)
    plan = Plan(
        segments=segments,
        hardware=hardware,
        home=home,
        host=host,
        shares=shares,
        cost=cost_of(segments, hardware, home, shares, stays),
        bound=Bound(document.bound.ebits, document.bound.proved_by, document.bound.covers),
        baseline=Baseline(document.baseline.one_ebit_per_remote_gate, document.baseline.static_packets),
        objective=Objective.of_text(document.objective),
        effort=Effort(document.effort) if document.effort in [*Effort] else Effort.NORMAL,
        seed=document.seed,
        relaxed=document.relaxed if relaxed is None else relaxed,
        purification=dict(document.purification),
        stop_reason=document.stop_reason,
        elapsed_s=document.elapsed_s,
        stays=stays,
    )
    return tuple(obstacles_of(plan)) or plan


def obstacles_of(plan: Plan) -> Iterator[str]:
    """What a plan needs and its hardware lacks: roles, and qubits of each kind."""
    hardware, cost = plan.hardware, plan.cost
    limits = comm_limits(hardware, plan.purification)
    for module, data, limit in zip(hardware.modules, hardware.data_capacity.tolist(), limits, strict=True):
        needs: list[tuple[str, Mapping[str, int], int | None]] = [
            ("data", cost.peak_data, data),
            ("comm", cost.peak_comm, None if plan.relaxed else limit),
            ("memory", cost.peak_memory, module.memory_qubits),
        ]
        for kind, peak, room in needs:
            used = peak.get(module.name, 0)
            if room is not None and used > room:
                beside = " beside purification" if kind == "comm" and room != module.comm_qubits else ""
                yield f"{module.name} has {counted(room, f'{kind} qubit')}{beside}, the plan uses {used}"
    roles = [module.role for module in hardware.modules]
    for host in np.unique(plan.host).tolist():
        if roles[host] is not Role.PROCESSOR:
            yield f"{hardware.modules[host].name} is a {roles[host]} module and runs no gates"
    for end in sorted({end for share in plan.shares for end in (share.route[0], share.target)}):
        if roles[end] in _NO_COPIES:
            yield f"{hardware.modules[end].name} is a {roles[end]} module and holds no copies"
    for name in plan.purification:
        if name not in hardware.link_by_name and cost.ebits_by_link.get(name):
            yield f"there is no link {name} to purify e-bits of"


def _matched(document: PlanDocument, replay: Replay, segments: Segments, source: str) -> tuple[Replay, Segments]:
    """The normal form with its events in the order of the plan."""
    order = document.plan.order
    if order is not None:
        if sorted(order) != list(range(segments.num_events)):
            raise _foreign(source, "plan.order is no order of the circuit's events")
        segments = reordered(segments, np.array(order, dtype=np.int64))
    pairs: NDArray[np.int32] = segments.gate_pairs
    same = (
        np.array_equal(replay.wire, segments.wire)
        and np.array_equal(replay.event, segments.gates)
        and np.array_equal(replay.pairs, pairs)
    )
    if not same:
        raise _foreign(source, "its segments and gates are not those of the circuit")
    return replay, segments


def _shares(document: PlanDocument, replay: Replay, number: list[int]) -> Iterator[Share]:
    count = len(replay.shares)
    for share, part in zip(replay.shares, document.plan.shares, strict=True):
        parked = NOT_PARKED if part.parked is None else part.parked
        if parked >= count:
            raise _foreign(PLAN_FILE, f"a share is parked before share {parked}, of {count}")
        yield replace(share, route=tuple(number[module] for module in share.route), parked=parked)


def _broken_links(hardware: Hardware, routes: list[tuple[int, ...]]) -> list[str]:
    """Links of routes that are no longer there."""
    pairs = sorted({(min(pair), max(pair)) for route in routes for pair in pairwise(route)})
    return [
        f"no link makes e-bits between {hardware.modules[a].name} and {hardware.modules[b].name} any more"
        for a, b in pairs
        if (a, b) not in hardware.quantum_links
    ]


def _foreign(source: str, message: str) -> PlanError:
    hint = "give a plan of the same circuit, written by this version of dqplan"
    return PlanError(message, place=Place(source), hint=hint)
