"""When a circuit cannot run, the change that the error proposes is enough, and nothing of it can be left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dqplan.core.errors import InfeasibleError
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, Link, LinkKind, Module, Role
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.core.segments import Segments
from dqplan.solve.network import Network
from dqplan.solve.remedy import Remedy, remedy_of
from dqplan.solve.solve_plan import solve_plan
from tests.solve.circuits import everyone, ghz, line, segments
from tests.strategies import unitary_circuits


def runs(circuit: Segments, hardware: Hardware) -> bool:
    try:
        solve_plan(circuit, hardware, effort=Effort.QUICK)
    except InfeasibleError:
        return False
    return True


def less(remedy: Remedy) -> Iterator[Remedy]:
    """The change without one data qubit, one comm qubit, one role or one link."""
    for module, more in remedy.data.items():
        yield replace(remedy, data={**remedy.data, module: more - 1})
    for module, wanted in remedy.comm.items():
        yield replace(remedy, comm={**remedy.comm, module: wanted - 1})
    for name in ("processors", "turned", "links"):
        for part in getattr(remedy, name):
            yield replace(remedy, **{name: getattr(remedy, name) - {part}})


def pair(*links: Link, comm: tuple[int, ...] = (1, 1), data: int = 2) -> Hardware:
    return Hardware("pair", tuple(Module(f"m{i}", data, c) for i, c in enumerate(comm)), links)


TRIANGLE = segments(3, [(Op.CZ, (0, 1)), (Op.CZ, (1, 2)), (Op.CZ, (0, 2))])
MEMORY = Hardware("memory", (Module("m", 1, role=Role.MEMORY), Module("n", 2, role=Role.MEMORY)), ())
CASES = {
    "data qubits": (ghz(7), everyone(2, 3), "the smallest change: give m0 1 more data qubit"),
    "more of them": (ghz(9), everyone(2, 3, comm=2), "the smallest change: give m0 3 more data qubits"),
    "one module": (ghz(4), everyone(1, 3), "the smallest change: give m0 1 more data qubit"),
    "no processor": (
        ghz(3),
        MEMORY,
        "it is enough to give n the role processor, and give n 1 more data qubit",
    ),
    "no comm qubits": (ghz(3), everyone(2, 2, comm=0), "it is enough to give m0, m1 1 comm qubit each, not none"),
    "a third module stays alone": (
        ghz(4),
        everyone(3, 2, comm=0),
        "it is enough to give m1, m2 1 comm qubit each, not none",
    ),
    "none in one of three": (
        ghz(6),
        replace(line(3, 2, comm=2), modules=(Module("m0", 2, 2), Module("m1", 2, 0), Module("m2", 2, 2))),
        "it is enough to give m1 1 comm qubit, not none",
    ),
    "one in the middle, full": (TRIANGLE, line(3, 1, comm=1), "it is enough to give m1 2 comm qubits, not 1"),
    "classical": (
        ghz(3),
        pair(Link(0, 1, kind=LinkKind.CLASSICAL)),
        "it is enough to make the link m0--m1 one of type ebit",
    ),
    "no link": (ghz(3), pair(), "it is enough to join m0 and m1 by a link of type ebit"),
    "no link and no comm qubits": (
        ghz(3),
        pair(comm=(0, 1)),
        "it is enough to give m0 1 comm qubit, not none, and join m0 and m1 by a link of type ebit",
    ),
    "a third module is not needed": (
        ghz(4),
        Hardware("three", tuple(Module(n, s, 1) for n, s in (("a", 2), ("b", 1), ("c", 2))), ()),
        "it is enough to join a and c by a link of type ebit",
    ),
    "data qubits where links lead": (
        ghz(5),
        Hardware("three", tuple(Module(n, s, 1) for n, s in (("a", 3), ("b", 1), ("c", 0))), (Link(1, 2),)),
        "it is enough to give a 1 more data qubit, and join a and b by a link of type ebit",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_change_is_enough_and_one_less_is_not(name: str) -> None:
    circuit, hardware, words = CASES[name]
    with pytest.raises(InfeasibleError) as caught:
        solve_plan(circuit, hardware, effort=Effort.QUICK)
    assert caught.value.hint.partition(";")[0] == words
    remedy = remedy_of(circuit, Network(hardware), partial(runs, circuit))
    assert remedy is not None
    assert runs(circuit, remedy.applied(hardware))
    assert not any(runs(circuit, fewer.applied(hardware)) for fewer in less(remedy))


def test_other_modules_would_do_as_well() -> None:
    with pytest.raises(InfeasibleError) as caught:
        solve_plan(ghz(9), line(2, 3, comm=1))
    assert caught.value.hint.endswith("; or use modules of at least 5 data qubits each")
    assert runs(ghz(9), line(2, 5, comm=1))


def test_a_system_that_refuses_gets_no_advice() -> None:
    with pytest.raises(InfeasibleError) as caught:
        solve_plan(ghz(9), replace(line(2, 3, comm=1), refusal="no interconnect yet"))
    assert caught.value.hint == ""


def test_relaxed_limits_are_not_mentioned() -> None:
    """Without limits on comm qubits only links are missing."""
    hardware = pair(comm=(0, 0))
    with pytest.raises(InfeasibleError) as caught:
        solve_plan(ghz(3), hardware, relaxed=True)
    assert caught.value.hint == "it is enough to join m0 and m1 by a link of type ebit"
    linked = pair(Link(0, 1), comm=(0, 0))
    assert solve_plan(ghz(3), linked, relaxed=True, effort=Effort.QUICK).cost.ebits == 1


@st.composite
def poor_networks(draw: st.DrawFn) -> Hardware:
    """Few qubits, few links, some of them classical, and modules that may have another role."""
    size = draw(st.integers(1, 4))
    roles = st.sampled_from([Role.PROCESSOR, Role.PROCESSOR, Role.REPEATER])
    modules = []
    for index in range(size):
        role = draw(roles)
        data = draw(st.integers(0, 2)) if role is Role.PROCESSOR else 0
        modules.append(Module(f"m{index}", data, draw(st.sampled_from([0, 1, 1, 2, None])), role=role))
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size) if draw(st.booleans())]
    kinds = st.sampled_from([LinkKind.EBIT, LinkKind.CLASSICAL])
    return Hardware("poor", tuple(modules), tuple(Link(*pair, kind=draw(kinds)) for pair in pairs))


@given(unitary_circuits(max_qubits=5, max_gates=10), poor_networks())
@settings(max_examples=60)
def test_any_proposed_change_is_enough(circuit: object, hardware: Hardware) -> None:
    normal = segments_of(circuit)  # type: ignore[arg-type]
    assume(not runs(normal, hardware))
    remedy = remedy_of(normal, Network(hardware), partial(runs, normal))
    assert remedy is not None
    assert runs(normal, remedy.applied(hardware))
    for module, more in remedy.data.items():
        fewer = replace(remedy, data={**remedy.data, module: more - 1})
        assert not runs(normal, fewer.applied(hardware)), "fewer data qubits than the circuit has qubits"
