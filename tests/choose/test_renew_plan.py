"""An old plan on today's hardware: it goes on where nothing better is found, and only where it can."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dqplan.choose.choose_plan import choose_plan
from dqplan.choose.renew_plan import Renewed, renew_plan
from dqplan.choose.try_plan import try_plan
from dqplan.compare.compare_plans import tally_of_document
from dqplan.core.errors import PlanError
from dqplan.core.hardware import Hardware
from dqplan.core.normalise import segments_of
from dqplan.core.objective import Objective
from dqplan.core.plan import Effort, Plan
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.load.written_plan import WrittenPlan, written_plan
from dqplan.split.files import program_files
from dqplan.verify.verify_plan import verify_plan
from tests.arbitrary_plans import arbitrary_plan
from tests.conftest import SAMPLES

CIRCUIT = load_circuit(str(SAMPLES / "qft_8.qasm"))
SEGMENTS = segments_of(CIRCUIT)
NET = load_hardware("quantnet_style_v0")


PAIR, NEAR = segments_of(load_circuit(str(SAMPLES / "grover_2.qasm"))), load_hardware("oxford_2025")


def written(plan: Plan) -> WrittenPlan:
    tried = try_plan(plan)
    return written_plan(program_files(tried.program, outlook=tried.outlook, native=tried.native))


def renewed(old: WrittenPlan, new: Plan) -> Renewed:
    return renew_plan(old, tally_of_document(old.document), new, SEGMENTS)


def slower(hardware: Hardware, position: int, factor: float) -> Hardware:
    links = list(hardware.links)
    rate = links[position].rate_hz
    assert rate is not None
    links[position] = replace(links[position], rate_hz=rate * factor)
    return replace(hardware, links=tuple(links))


GOOD = choose_plan(SEGMENTS, NET, effort=Effort.QUICK)
BAD = arbitrary_plan(SEGMENTS, NET, 3)


def test_a_good_plan_goes_on_where_nothing_better_is_found() -> None:
    """The bad plan was found for today: the old one needs fewer e-bits, and it is what is carried out."""
    found = renewed(written(replace(GOOD, relaxed=True)), replace(BAD, relaxed=True, bound=GOOD.bound))
    assert found.survival.kept
    assert found.plan.cost == GOOD.cost
    assert found.plan.stop_reason.endswith("the old plan is as good")
    assert found.survival.new.ebits == BAD.cost.ebits
    assert found.survival.then == found.survival.today
    assert found.survival.drifts == ()


def test_a_better_plan_takes_its_place() -> None:
    found = renewed(written(replace(BAD, relaxed=True)), replace(GOOD, relaxed=True))
    assert not found.survival.kept
    assert found.plan.cost == GOOD.cost
    assert found.survival.then.ebits == BAD.cost.ebits


def test_of_equals_the_old_one_stays() -> None:
    found = renewed(written(GOOD), replace(GOOD, seed=7, effort=Effort.NORMAL))
    assert found.survival.kept
    assert found.survival.then == found.survival.today


def test_the_old_plan_is_tried_with_todays_numbers_and_nothing_is_searched() -> None:
    """A link at a tenth of its rate: the same e-bits over the same links, but later; then is as it was written."""
    busy = max(GOOD.cost.ebits_by_link, key=lambda name: GOOD.cost.ebits_by_link[name])
    position = [NET.link_name(link.a, link.b) for link in NET.links].index(busy)
    today = slower(NET, position, 0.1)
    old = written(GOOD)
    found = renewed(old, replace(GOOD, hardware=today))
    survival = found.survival
    assert survival.today is not None
    assert survival.today.ebits == survival.then.ebits == GOOD.cost.ebits
    assert survival.then.p95_s == old.document.outlook.makespan.p95_s  # type: ignore[union-attr]
    expected = try_plan(replace(GOOD, hardware=today)).outlook
    assert survival.today.p95_s == expected.makespan.p95_s  # type: ignore[union-attr]
    assert survival.today.p95_s > 2 * survival.then.p95_s  # type: ignore[operator]
    assert [(drift.part, drift.quantity.name) for drift in survival.drifts] == [(busy, "ebit.rate_hz")]


def test_what_goes_on_is_verified_like_any_plan() -> None:
    plan = renewed(written(GOOD), replace(BAD, relaxed=True)).plan
    tried = try_plan(plan)
    assert verify_plan(program_files(tried.program, outlook=tried.outlook), CIRCUIT).holds
    assert plan.bound.ebits <= plan.cost.ebits


def test_a_plan_that_cannot_run_today_is_not_kept() -> None:
    """One of its modules has lost a data qubit."""
    name = NET.modules[1].name
    modules = list(NET.modules)
    modules[1] = replace(modules[1], data_qubits=GOOD.cost.peak_data[name] - 1)
    today = replace(NET, modules=tuple(modules))
    found = renewed(written(GOOD), replace(BAD, hardware=today, relaxed=True))
    assert found.survival.today is None
    assert found.survival.obstacles[0].startswith(f"{name} has ")
    assert not found.survival.kept


def test_the_front_names_the_old_plan_as_chosen() -> None:
    """What the old plan dominates, and what is as good, has gone."""
    new = choose_plan(PAIR, NEAR, objective=Objective.EBITS, pareto=True, effort=Effort.QUICK)
    found = renew_plan(written(new), tally_of_document(written(new).document), new, PAIR)
    assert [each.chosen for each in found.plan.pareto] == [True]
    assert found.plan.pareto[0].plan.cost == new.cost


def test_a_damaged_plan_is_refused() -> None:
    """A share that the gates of another module need is gone."""
    tried = try_plan(GOOD)
    files = program_files(tried.program, outlook=tried.outlook, native=tried.native)
    document = json.loads(files["plan.json"])
    document["plan"]["shares"].pop()
    old = written_plan({"plan.json": json.dumps(document)})
    with pytest.raises(PlanError, match=r"plan.json: it contradicts itself: "):
        renewed(old, GOOD)
