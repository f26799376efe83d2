"""The picture is well-formed, shows every operation in its lanes, and is left out where nobody could see anything."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from dqplan.core.gates import Op
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split import files
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from tests.solve.circuits import ghz

PROGRAM = split_circuit(solve_plan(ghz(2), load_hardware("oxford_2025")))
OUTLOOK = trial_program(PROGRAM)


def test_every_operation_is_drawn_in_its_lanes() -> None:
    """One bar per qubit, and one more per e-bit, in the lane of its link."""
    picture = ElementTree.fromstring(program_files(PROGRAM, outlook=OUTLOOK)["timeline.svg"])
    titles = [element.text or "" for element in picture.iter("{http://www.w3.org/2000/svg}title")]
    circuit = PROGRAM.circuit
    assert len(titles) == int((circuit.qubits >= 0).sum()) + int((circuit.op == Op.EPR).sum())
    assert any("epr bob_comm[0], alice_comm[0], 510 µs to 104 ms" in title for title in titles)
    labels = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"alice--bob", "alice_data[0]", "bob_comm[0]"} <= set(labels)


def test_a_large_schedule_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_OPERATIONS", 3)
    written = program_files(PROGRAM, outlook=OUTLOOK)
    assert "schedule.json" in written
    assert "timeline.svg" not in written
