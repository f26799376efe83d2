"""Embedding saves e-bits, never costs any, and what it says can be laid, replayed and proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.cost import cost_of
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort, Plan
from dqplan.core.segments import Segments
from dqplan.core.verdict import Status
from dqplan.solve.hosts import cover_hosts
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, price_of
from dqplan.solve.sharing.embed import embed
from dqplan.solve.sharing.shares import lay_shares
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.verify_plan import verify_plan
from tests.arbitrary_plans import arbitrary_plan
from tests.solve.circuits import Gate, everyone, line, segments
from tests.solve.replay import check_plan
from tests.strategies import dynamic_circuits, flipping_circuits, networks

USE = [(Op.CP, (0, other), (0.3,)) for other in (1, 2, 3)]
"""Qubit 0, in m0, meets three qubits in m1, so that a copy of it costs least."""
FLIP = (Op.CX, (4, 0))


def covered(circuit: Segments, network: Network, wires: list[int]) -> Placement:
    """Homes that stay, and the best hosts for them."""
    home = np.array(wires, dtype=np.int16)[circuit.wire]
    return Placement(home, cover_hosts(circuit, network, home))


@pytest.mark.parametrize(
    ("between", "control", "plain", "embedded"),
    [
        ([FLIP], 0, 2, 2),
        ([FLIP], 1, 3, 2),
        ([FLIP, (Op.CX, (5, 0))], 1, 3, 3),
        ([FLIP, *USE, FLIP], 1, 4, 2),
        ([(Op.H, (0,))], 1, 2, 2),
    ],
)
def test_one_copy_for_both_sides_of_a_flip(between: list[tuple], control: int, plain: int, embedded: int) -> None:
    """A copy of the control at home pays as soon as the copies that it saves are more."""
    circuit, network = segments(6, [*USE, *between, *USE]), Network(everyone(2, 6))
    found = covered(circuit, network, [0, 1, 1, 1, control, control])
    assert price_of(circuit, network, found) == plain
    assert price_of(circuit, network, embed(circuit, network, found)) == embedded


def test_a_copy_that_lives_on_is_shared_on() -> None:
    """m0 - m1 - m2 in a row: behind the flip, the copy in m1 is half of the way to m2."""
    circuit = segments(6, [*USE, FLIP, *USE, (Op.CP, (0, 5), (0.3,))])
    network = Network(line(3, 6))
    host = np.array([1, 1, 1, 1, 1, 1, 1, 2], dtype=np.int16)
    plain = replace(covered(circuit, network, [0, 1, 1, 1, 1, 2]), host=host)
    found = embed(circuit, network, plain)
    routes = [share.route for share in lay_shares(circuit, network, found)]
    assert price_of(circuit, network, plain) == 4
    assert sorted(routes) == [(0, 1), (1, 0), (1, 2)]


def plan_of(circuit: Segments, network: Network, placement: Placement, like: Plan) -> Plan:
    shares = lay_shares(circuit, network, placement)
    cost = cost_of(circuit, network.hardware, placement.home, shares)
    return replace(like, home=placement.home, host=placement.host, shares=shares, cost=cost)


@given(st.data(), st.one_of(flipping_circuits(measured=True), dynamic_circuits()), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_any_placement_can_be_embedded(data: st.DataObject, circuit, seed: int) -> None:
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3, limited=False))
    normal, network = segments_of(circuit), Network(hardware)
    drawn = arbitrary_plan(normal, hardware, seed)
    placement = Placement(drawn.home, drawn.host)
    found = embed(normal, network, placement)
    assert price_of(normal, network, embed(normal, network, found)) <= price_of(normal, network, found)
    plan = check_plan(plan_of(normal, network, found, drawn))
    assert network.price_of(plan.cost) == price_of(normal, network, found) <= price_of(normal, network, placement)
    verdict = verify_plan(program_files(split_circuit(plan)), circuit)
    assert [check for check in verdict.checks if check.status is Status.FAILED] == []


def flipped_between_groups(rounds: int) -> Segments:
    """Qubit 0 works with 1, 2 and with 3, 4 in every round, and is flipped by 3 in between; the pairs hold together."""
    gates: list[Gate] = []
    for _ in range(rounds):
        for a, b in ((1, 2), (3, 4)):
            gates += [(Op.CP, (a, b), (0.3,)), (Op.CP, (0, a), (0.5,)), (Op.CP, (0, b), (0.7,))]
        gates += [(Op.RY, (1,), (0.4,)), (Op.RY, (2,), (0.4,)), (Op.RY, (4,), (0.4,)), (Op.CX, (3, 0))]
    return segments(5, gates)


@pytest.mark.parametrize("effort", [Effort.QUICK, Effort.NORMAL])
def test_the_planner_embeds(effort: Effort) -> None:
    """One copy of qubit 0 and one of its control, instead of one copy a round."""
    plan = check_plan(solve_plan(flipped_between_groups(6), everyone(2, 3), effort=effort))
    assert plan.cost.ebits == 2
    assert any(share.bridges > 1 for share in plan.shares)
    assert plan.bound.ebits <= 2
