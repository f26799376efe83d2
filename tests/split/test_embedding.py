"""A copy that lives through a CX onto its qubit; and each part of what that takes is needed."""

from __future__ import annotations

import numpy as np
import pytest

import dqplan.split.split_circuit as emission
from dqplan.core.circuit import CircuitBuilder
from dqplan.core.cost import cost_of
from dqplan.core.errors import InternalError
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Baseline, Bound, Plan
from dqplan.core.share import Share
from dqplan.core.verdict import Verdict
from dqplan.load.load_hardware import load_hardware
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.verify_plan import verify_plan


def plan(*, bridges: int = 1) -> Plan:
    """Qubit 0, at home in m0, works with qubit 1 in m1, is flipped by qubit 2 from m1, and works with qubit 1 again."""
    builder = CircuitBuilder()
    builder.add_qreg("q", 3)
    for op, qubits, *params in [
        (Op.CP, (0, 1), 0.7),
        (Op.CX, (2, 0)),
        (Op.X, (0,)),
        (Op.CP, (0, 1), 0.4),
    ]:
        builder.append(op, qubits, params)
    segments, hardware = segments_of(builder.build()), load_hardware("all:2x2")
    home = np.array([0, 0, 0, 1, 1], dtype=np.int16)
    first, flip, last = segments.gates.tolist()
    shares = (Share(0, (0, 1), first, last, bridges=bridges), Share(4, (1, 0), flip, flip))
    cost = cost_of(segments, hardware, home, shares)
    host = np.array([1, 0, 1], dtype=np.int16)
    return Plan(segments, hardware, home, host, shares, cost, Bound(0, "none", "all plans"), Baseline(0, 0))


def verdict() -> Verdict:
    embedded = plan()
    return verify_plan(program_files(split_circuit(embedded)), embedded.segments.circuit)


def test_one_copy_serves_both_sides_of_a_flip() -> None:
    """Two e-bits; a copy for each side would make three."""
    found = verdict()
    assert found.holds
    assert found.ebits == 2
    text = program_files(split_circuit(plan()))["m1.qasm"]
    assert "cx m1_data[1], m1_comm[0]" in text
    assert "x m1_comm[0]" in text


@pytest.mark.parametrize("missing", ["the CX onto the copy", "the X on the copy", "the frame of the copy"])
def test_every_part_is_needed(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    match missing:
        case "the CX onto the copy":
            monkeypatch.setattr(emission._Writer, "_survivors", lambda self, segment, other, host: [])
        case "the X on the copy":
            monkeypatch.setattr(emission, "flips_when_idle", lambda segments, stretch: False)
        case "the frame of the copy":
            monkeypatch.setattr(emission._Writer, "_carry_over", lambda self, segment: None)
    assert [check.name for check in verdict().checks if check.status == "failed"] == ["structure", "equivalence"]


def test_a_copy_that_nothing_bridges_cannot_live_on() -> None:
    with pytest.raises(InternalError, match="a copy of qubit 0 outlives"):
        split_circuit(plan(bridges=0))
