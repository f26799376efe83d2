"""Plans read back from plan.json: the same programs come out, or what stands in their way is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.errors import PlanError
from dqplan.core.hardware import Hardware, Role
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort, Plan
from dqplan.core.share import NOT_PARKED
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.load.plan_document import plan_document_of_text
from dqplan.load.rebuild_plan import obstacles_of, rebuild_plan
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from tests.arbitrary_plans import arbitrary_plan
from tests.arbitrary_stays import remembering, with_stays
from tests.conftest import SAMPLES
from tests.strategies import dynamic_circuits, networks


def rebuilt(plan: Plan, circuit: Circuit, hardware: Hardware, **options: Any) -> Plan | tuple[str, ...]:
    text = program_files(split_circuit(plan))["plan.json"]
    return rebuild_plan(plan_document_of_text(text), segments_of(circuit), hardware, **options)


def programs(plan: Plan) -> dict[str, str]:
    files = program_files(split_circuit(plan))
    return {name: text for name, text in files.items() if name != "plan.json"}


@settings(max_examples=30)
@given(dynamic_circuits(), st.data(), st.integers(0, 10**6))
def test_any_plan_comes_back(circuit: Circuit, data: st.DataObject, seed: int) -> None:
    """Homes that move, arbitrary hosts, embedded copies, measurements, stays in memory: byte for byte."""
    hardware = data.draw(remembering(data.draw(networks(num_qubits=circuit.num_qubits))))
    plan = replace(with_stays(arbitrary_plan(segments_of(circuit), hardware, seed), seed), relaxed=True)
    again = rebuilt(plan, circuit, hardware)
    assert isinstance(again, Plan)
    assert again.cost == plan.cost
    assert programs(again) == programs(plan)


QFT = load_circuit(str(SAMPLES / "qft_8.qasm"))
SHORT = load_hardware("line:4x3+1")
ORDERED = solve_plan(segments_of(QFT), SHORT, effort=Effort.QUICK)
"""Comm qubits are so short that the events are put in another order, and copies are parked."""


def test_a_plan_whose_events_stand_in_another_order_comes_back() -> None:
    assert ORDERED.segments.order is not None
    assert any(share.parked != NOT_PARKED for share in ORDERED.shares)
    again = rebuilt(ORDERED, QFT, SHORT)
    assert isinstance(again, Plan)
    assert programs(again) == programs(ORDERED)


def test_modules_are_known_by_their_names() -> None:
    """The same modules in the opposite order: the plan is the same."""
    turned = replace(
        SHORT,
        modules=SHORT.modules[::-1],
        links=tuple(replace(link, a=3 - link.b, b=3 - link.a) for link in SHORT.links),
    )
    again = rebuilt(ORDERED, QFT, turned)
    assert isinstance(again, Plan)
    assert again.cost.ebits_by_link == {
        "--".join(reversed(name.split("--"))) if name not in turned.link_by_name else name: count
        for name, count in ORDERED.cost.ebits_by_link.items()
    }


def changed(position: int, **numbers: Any) -> Hardware:
    modules = list(SHORT.modules)
    modules[position] = replace(modules[position], **numbers)
    return replace(SHORT, modules=tuple(modules))


@pytest.mark.parametrize(
    ("hardware", "told"),
    [
        (changed(1, name="other"), "there is no module m1 any more"),
        (changed(1, data_qubits=1), "m1 has 1 data qubit, the plan uses "),
        (changed(1, comm_qubits=0), "m1 has 0 comm qubits, the plan uses 1"),
        (changed(1, role=Role.MEMORY), "m1 has 0 data qubits, the plan uses "),
        (replace(SHORT, links=SHORT.links[1:]), "no link makes e-bits between m0 and m1 any more"),
    ],
)
def test_what_stands_in_the_way_is_told(hardware: Hardware, told: str) -> None:
    found = rebuilt(ORDERED, QFT, hardware)
    assert isinstance(found, tuple)
    assert any(each.startswith(told) for each in found)


def test_limits_on_comm_qubits_may_be_ignored() -> None:
    assert isinstance(rebuilt(ORDERED, QFT, changed(1, comm_qubits=0), relaxed=True), Plan)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("order", [0, 0, 1], "plan.order is no order"),
        ("order", None, "its segments and gates are not those of the circuit"),
    ],
)
def test_plans_of_something_else_are_refused(key: str, value: object, message: str) -> None:
    document = json.loads(program_files(split_circuit(ORDERED))["plan.json"])
    document["plan"][key] = value
    with pytest.raises(PlanError, match=message):
        rebuild_plan(plan_document_of_text(json.dumps(document)), segments_of(QFT), SHORT)


@pytest.mark.parametrize("role", [Role.REPEATER, Role.MEMORY])
def test_modules_must_still_do_what_the_plan_asks_of_them(role: Role) -> None:
    """Also where no qubit is at home: gates may be hosted there, and copies held."""
    away = replace(ORDERED, hardware=changed(1, role=role), cost=replace(ORDERED.cost, peak_data={}))
    told = [f"m1 is a {role} module and runs no gates", f"m1 is a {role} module and holds no copies"]
    assert list(obstacles_of(away)) == told
    kept = replace(away, hardware=changed(1, role=Role.COMMUNICATION))
    assert list(obstacles_of(kept)) == ["m1 is a communication module and runs no gates"]
