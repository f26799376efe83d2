"""plan.json: damage is told in words, what is undamaged is read, and the directory is read whole."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.errors import PlanError, SourceError
from dqplan.load.plan_document import PlanDocument, plan_document_of_text, plan_schema, read_directory
from tests.verify.programs import directory, plan_with

PLAN = directory()["plan.json"]


def test_a_plan_is_read_back():
    document = plan_document_of_text(PLAN)
    assert document.cost.ebits == 1
    assert document.layout.registers[1].kind == "comm"
    assert document.plan.shares[0].route == ["m0", "m1"]


def test_the_schema_accepts_the_plan_and_refuses_a_damaged_one():
    schema = plan_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(PLAN), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(plan_with(directory(), cost__ebits=-1)["plan.json"]), schema)


def test_further_keys_are_allowed():
    assert plan_document_of_text(plan_with(directory(), cost__raw_pairs=3)["plan.json"]).cost.ebits == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not JSON"),
        ("nonsense", "not JSON"),
        (PLAN[: len(PLAN) // 2], "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 10_000, "a number too long"),
        ("[]", "names no schema"),
        ("{}", "names no schema"),
        ('{"schema": "dqplan.plan/2"}', "'dqplan.plan/2'"),
        (
            '{"schema": "dqplan.plan/1"}',
            "circuit: is missing; hardware: is missing; objective: is missing; and 12 more",
        ),
    ],
)
def test_garbage_is_told_in_words(text, told):
    with pytest.raises(PlanError, match=r"plan\.json") as caught:
        plan_document_of_text(text)
    assert told in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_status == 2


def test_damaged_json_names_line_and_column():
    with pytest.raises(PlanError) as caught:
        plan_document_of_text('{\n "schema": oops}')
    assert str(caught.value).startswith("plan.json:2:12: not JSON")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"cost__ebits": -1}, "cost.ebits"),
        ({"cost__ebits": "1"}, "cost.ebits"),
        ({"cost__ebits": 1.5}, "cost.ebits"),
        ({"cost__ebits": True}, "cost.ebits"),
        ({"cost__fidelity": 1.5}, "cost.fidelity"),
        ({"elapsed_s": float("nan")}, "elapsed_s"),
        ({"circuit__digest": "abc"}, "circuit.digest"),
        ({"circuit__num_qubits": 0}, "circuit.num_qubits"),
        ({"hardware": None}, "hardware"),
        ({"layout__input": ["m0_data"]}, "layout.input.0"),
        ({"checks": [{"name": "x", "status": "sure", "detail": ""}]}, "checks.0.status"),
        ({"plan__shares": [{}]}, "plan.shares.0.segment"),
        ({"files": "plan.json"}, "files"),
    ],
)
def test_a_wrong_value_is_named_by_its_path(changes, told):
    with pytest.raises(PlanError) as caught:
        plan_document_of_text(plan_with(directory(), **changes)["plan.json"])
    assert told in caught.value.message


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_key_taken_out_or_emptied_is_noticed_or_harmless(data):
    """Whatever happens to a plan, the answer is a document or a PlanError."""
    content = json.loads(PLAN)
    part: Any = content
    while isinstance(part, (dict, list)) and part:
        key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if data.draw(st.booleans()) or not isinstance(part[key], (dict, list)) or not part[key]:
            part[key] = data.draw(st.sampled_from([None, -1, "", [], {}, 1e300]))
            break
        part = part[key]
    with suppress(PlanError):
        assert isinstance(plan_document_of_text(json.dumps(content)), PlanDocument)


def test_a_directory_is_read_whole(tmp_path: Path):
    for name, text in {**directory(), "notes.txt": "not read"}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "deeper.qasm").mkdir()
    assert read_directory(str(tmp_path)) == directory()


@pytest.mark.parametrize("what", ["missing", "file", "empty", "binary", "null"])
def test_what_is_no_such_directory_is_told(tmp_path: Path, what: str):
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "binary").mkdir()
    (tmp_path / "binary" / "plan.json").write_bytes(b"\xff\xfe\x00")
    path = "\0" if what == "null" else str(tmp_path / what)
    with pytest.raises((SourceError, PlanError)) as caught:
        read_directory(path)
    assert caught.value.place is not None
    assert caught.value.exit_status == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_directory_without_permission_is_told(tmp_path: Path):
    tmp_path.chmod(0)
    try:
        with pytest.raises(SourceError, match="cannot be listed"):
            read_directory(str(tmp_path))
    finally:
        tmp_path.chmod(0o700)
