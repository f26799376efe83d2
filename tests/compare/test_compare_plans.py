"""What differs between two plans, of one circuit or two, on one network or two."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from dqplan.cli.render.comparison import comparison_json, comparison_page, differs
from dqplan.compare.compare_plans import compare_plans
from dqplan.core.comparison import Comparison
from dqplan.load.written_plan import WrittenPlan, written_plan
from tests.cli.pages import sample_directory

FILES = sample_directory("teleport_3", "simref_ion_4x5", timed=True)
OTHER = sample_directory("teleport_3", "simref_ion_4x5", seed=4, timed=True)


def plan(files: dict[str, str], **changes: Any) -> WrittenPlan:
    """The plan with values of plan.json changed, by keys such as `cost__ebits`."""
    document = json.loads(files["plan.json"])
    for key, value in changes.items():
        *steps, last = key.split("__")
        here = document
        for step in steps:
            here = here[int(step)] if isinstance(here, list) else here[step]
        here[last] = value
    return written_plan({**files, "plan.json": json.dumps(document)})


def compared(**changes: Any) -> Comparison:
    return compare_plans(plan(FILES), plan(FILES, **changes))


def test_a_plan_does_not_differ_from_itself() -> None:
    found = compared(elapsed_s=99.0, stop_reason="another")
    assert not differs(found)
    assert comparison_json(found)["differs"] is False
    assert comparison_page(found).remarks == ["nothing differs"]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"cost__ebits": 7}, ["e-bits", "2", "7", "+5"]),
        ({"cost__fidelity": 0.5}, ["fidelity"]),
        ({"cost__ebits_by_link": {"ion0--ion1": 4}}, ["ion0--ion1", "1", "4", "+3"]),
        ({"cost__peak_comm": {"ion0": 5}}, ["ion0 comm qubits"]),
        ({"bound__ebits": 1}, ["proved necessary"]),
        ({"seed": 5}, ["seed", "5, was 0"]),
        ({"relaxed": True}, ["relaxed", "true, was false"]),
        ({"purification": {"ion0--ion1": 2}}, ["purification", "ion0--ion1 2, was none"]),
    ],
)
def test_every_difference_is_seen_and_shown(changes: dict[str, Any], shown: list[str]) -> None:
    found = compared(**changes)
    assert differs(found)
    page = comparison_page(found)
    rows = [[*map(str, row)] for sheet in page.sheets for row in sheet.rows] + [list(fact) for fact in page.facts]
    assert any(row[: len(shown)] == shown for row in rows)
    assert json.loads(json.dumps(comparison_json(found)))["differs"] is True


def test_homes_that_moved_are_named() -> None:
    found = compare_plans(plan(FILES), plan(OTHER))
    homes = [
        [each.hardware.modules[m].name for m in each.replay.first_home.tolist()] for each in (plan(FILES), plan(OTHER))
    ]
    assert sum(each.count for each in found.moved) == sum(a != b for a, b in zip(*homes, strict=True)) > 0
    assert found.segments_moved
    assert all(each.was != each.found for each in found.moved)


def test_numbers_of_the_hardware_that_differ_are_listed() -> None:
    found = compared(hardware__digest="0" * 64, hardware__description__modules__0__t2_s=0.08)
    assert [(drift.part, drift.quantity.name, drift.was, drift.found) for drift in found.drifts] == [
        (f"ion{k}", "t2_s", 0.085, 0.08) for k in range(4)
    ]
    (sheet,) = [sheet for sheet in comparison_page(found).sheets if "σ" in sheet.headers]
    assert [row[0] for row in sheet.rows] == ["ion0 +3 t2_s"]
    assert sheet.rows[0][1:4] == ["85 ms", "80 ms", "-5.9%"]


def test_parts_that_came_and_went_are_named() -> None:
    old = plan(FILES)
    hardware = replace(old.hardware, modules=(replace(old.hardware.modules[0], name="new"), *old.hardware.modules[1:]))
    found = compare_plans(old, replace(old, hardware=hardware))
    assert found.gone == ("ion0", "ion0--ion1", "ion0--ion3")
    assert found.fresh == ("new", "new--ion1", "new--ion3")


def test_plans_of_other_circuits_are_compared_as_far_as_that_makes_sense() -> None:
    found = compare_plans(plan(FILES), written_plan(sample_directory("cdkm_adder_10", "line:3x5")))
    assert not found.same_circuit
    assert found.segments_moved is None
    assert found.moved == ()
    assert dict(comparison_page(found).facts)["circuit"].startswith("another one than before")


def test_markdown_escapes_what_names_may_hold() -> None:
    found = compared(circuit__name="a|b<script>*", cost__ebits=7)
    text = comparison_page(found).markdown()
    assert text.startswith("### a\\|b\\<script\\>\\* on simref\\_ion\\_4x5\n")
    table = [line for line in text.splitlines() if line.startswith("| e-bits")]
    assert table == ["| e-bits | 2 | 7 | +5 |"]
