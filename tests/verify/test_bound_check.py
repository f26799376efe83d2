"""The certificate of a bound: what `split` writes is accepted, anything that proves too much is not."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from dqplan.core.errors import PlanError
from dqplan.core.hardware import Hardware
from dqplan.core.plan import Plan
from dqplan.core.segments import Segments
from dqplan.core.verdict import Status
from dqplan.load.plan_document import CertificatePart
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.plan_document import plan_document
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.bound_check import proved_ebits
from dqplan.verify.verify_plan import verify_plan
from tests.solve.circuits import everyone, line, qft


def planned(circuit: Segments, hardware: Hardware) -> tuple[Plan, dict[str, Any]]:
    plan = solve_plan(circuit, hardware, relaxed=True)
    return plan, plan_document(split_circuit(plan))["bound"]["certificate"]


def proves(certificate: dict[str, Any], circuit: Segments, hardware: Hardware) -> int:
    return proved_ebits(CertificatePart.model_validate(certificate), circuit, hardware)


@pytest.fixture(scope="module")
def case() -> tuple[Segments, Hardware, dict[str, Any]]:
    circuit, hardware = qft(8), everyone(2, 5)
    plan, certificate = planned(circuit, hardware)
    assert plan.bound.ebits == 3
    return circuit, hardware, certificate


def test_the_verdict_says_proved() -> None:
    plan = solve_plan(qft(8), everyone(2, 5))
    files = dict(program_files(split_circuit(plan)))
    checks = {check.name: check for check in verify_plan(files, plan.segments.circuit).checks}
    assert checks["bound"].status is Status.PROVED
    assert "3 e-bits" in checks["bound"].detail


def test_a_certificate_over_cuts() -> None:
    circuit, hardware = qft(9), line(3, 3)
    plan, certificate = planned(circuit, hardware)
    assert proves(certificate, circuit, hardware) == plan.bound.ebits


def test_it_must_fit_the_circuit(case: tuple[Segments, Hardware, dict[str, Any]]) -> None:
    """The certificate of a QFT proves nothing for fewer gates."""
    _, hardware, certificate = case
    with pytest.raises(PlanError):
        proves(certificate, qft(7), hardware)


def test_it_must_fit_the_hardware(case: tuple[Segments, Hardware, dict[str, Any]]) -> None:
    circuit, _, certificate = case
    with pytest.raises(PlanError, match="fit into one module"):
        proves(certificate, circuit, everyone(2, 8))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"multiplier": 10**9}, "add up to"),
        ({"moment": 99}, "number 99 is none"),
        ({"connectivity": 9}, "is not 9-connected"),
        ({"blocks": [[0, 0, -1], [1, 9, -1]]}, "not a run of one wire"),
        ({"blocks": [[0, 0, -1], [1, 1, 5]]}, "not in order"),
        ({"blocks": [[0, 0, -1], [14, 14, 0], [13, 13, -1]]}, "not in order"),
        ({"blocks": [[1, 1, -1], [3, 3, 0]]}, "do not hang on their parent"),
        ({"blocks": [[0, 0, -1], [10**6, 10**6, 0]]}, "not a run of one wire"),
    ],
)
def test_tampering_is_named(
    case: tuple[Segments, Hardware, dict[str, Any]], change: dict[str, Any], reason: str
) -> None:
    circuit, hardware, certificate = case
    altered = copy.deepcopy(certificate)
    altered["parts"][0]["inequalities"][0].update(change)
    with pytest.raises(PlanError, match=reason):
        proves(altered, circuit, hardware)


def test_cuts_may_not_share_links() -> None:
    circuit, hardware = qft(9), line(3, 3)
    _, certificate = planned(circuit, hardware)
    part = certificate["parts"][0]
    with pytest.raises(PlanError, match="shares a link"):
        proves({"parts": [{**part, "cuts": [["m0"], ["m1", "m2"]]}]}, circuit, hardware)
    with pytest.raises(PlanError, match="stands beside others"):
        proves({"parts": [{**part, "cuts": []}, part]}, circuit, hardware)
    with pytest.raises(PlanError, match="no module is called m9"):
        proves({"parts": [{**part, "cuts": [["m9"]]}]}, circuit, hardware)


def test_no_alteration_proves_more_than_the_truth(case: tuple[Segments, Hardware, dict[str, Any]]) -> None:
    """Three e-bits suffice for this circuit, so whatever is accepted must not prove four."""
    circuit, hardware, certificate = case
    rng = random.Random(0)
    accepted = 0
    for _ in range(400):
        altered = copy.deepcopy(certificate)
        for _ in range(rng.randint(1, 3)):
            _alter(altered["parts"][0], rng)
        try:
            assert proves(altered, circuit, hardware) <= 3
            accepted += 1
        except PlanError:
            continue
    assert 0 < accepted < 400


def _alter(part: dict[str, Any], rng: random.Random) -> None:
    row = rng.choice(part["inequalities"])
    what = rng.choice(["unit", "multiplier", "moment", "connectivity", "block", "drop"])
    if what == "unit":
        part["unit"] = max(1, int(part["unit"] * rng.choice([0.5, 0.9, 2])))
    elif what == "block":
        rng.choice(row["blocks"])[rng.randrange(3)] += rng.choice([-1, 1])
    elif what == "drop" and len(row["blocks"]) > 1:
        row["blocks"].pop(rng.randrange(len(row["blocks"])))
    elif what in row:
        row[what] = max(0 if what == "moment" else 1, row[what] + rng.choice([-1, 1]))
