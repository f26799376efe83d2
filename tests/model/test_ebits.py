"""Purified e-bits in programs: better, slower, counted; and what cut-offs do to the trials."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, Link, LinkKind, Operating
from dqplan.core.outlook import Outlook
from dqplan.core.program import Program
from dqplan.load.schedule_document import ScheduleDocument, schedule_document_of_text
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.schedule_document import schedule_document
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from dqplan.verify.schedule_check import schedule_faults
from tests.solve.circuits import Gate, ghz, qft, segments
from tests.trial.test_trial_program import GATE_1Q, GATE_2Q, LATENCY, RATE, READOUT, RESET, pair

NAME = "m0--m1"


def linked(hardware: Hardware, **changes: object) -> Hardware:
    """With other numbers of the link."""
    return replace(hardware, links=(replace(hardware.links[0], **changes),))


def program_on(hardware: Hardware, rounds: Mapping[str, int] = {}) -> Program:
    return split_circuit(replace(solve_plan(ghz(2), hardware), purification=rounds))


def outlook(hardware: Hardware, rounds: int = 0) -> Outlook:
    return trial_program(program_on(hardware, {NAME: rounds} if rounds else {}))


def test_a_round_is_paid_in_pairs_and_time() -> None:
    """Werner pairs of 0.9: p = 0.9^2 + 2 x 0.9 / 30 + 5 / 900, F = (0.9^2 + 1 / 900) / p; two pairs and an attempt."""
    success = 0.81 + 0.06 + 5 / 900
    raw, once = outlook(pair(comm=2)), outlook(pair(comm=2), rounds=1)
    assert raw.schedule is not None
    assert once.schedule is not None
    assert once.fidelity is not None
    assert once.fidelity.links == pytest.approx((0.81 + 1 / 900) / success)
    assert once.raw_pairs == pytest.approx(2 / success)
    attempt_s = GATE_1Q + GATE_2Q + READOUT + LATENCY + RESET
    longer = (2 / RATE + attempt_s) / success - 1 / RATE
    assert once.schedule.makespan_s - raw.schedule.makespan_s == pytest.approx(longer)


def test_without_purification_raw_pairs_are_ebits() -> None:
    program = split_circuit(solve_plan(qft(6), pair(comm=2, data=3)))
    found = trial_program(program)
    assert found.raw_pairs == program.plan.cost.ebits == sum(link.ebits for link in found.supply.values()) > 1


def test_the_makespan_has_the_mean_of_the_recurrence() -> None:
    found = outlook(pair(comm=3), rounds=2)
    assert found.schedule is not None
    assert found.makespan is not None
    assert found.makespan.expected_s == pytest.approx(found.schedule.makespan_s, rel=0.1)


def test_a_measured_remote_gate_is_not_made_better() -> None:
    hardware = linked(pair(comm=2), remote_gate=Operating("cz", 0.86))
    raw, once = outlook(hardware), outlook(hardware, rounds=1)
    assert raw.fidelity is not None
    assert once.fidelity is not None
    assert raw.fidelity.links == once.fidelity.links
    assert once.raw_pairs == pytest.approx(2.28, abs=0.01)


def test_direct_gates_are_not_purified() -> None:
    gate = Operating("cz", 0.95, 1e-3)
    found = outlook(linked(pair(comm=2), kind=LinkKind.DIRECT_GATE, remote_gate=gate), rounds=1)
    assert (found.raw_pairs, found.supply[NAME].rounds) == (1.0, 0)


def test_what_is_assumed_of_the_errors_is_said() -> None:
    told = "e-bits known by a fidelity alone are Werner states"
    known = linked(pair(comm=2), bell_diagonal=(0.9, 0.03, 0.01, 0.06))
    assert told in outlook(pair(comm=2), rounds=1).assumed
    assert told not in outlook(known, rounds=1).assumed
    assert told not in outlook(pair(comm=2)).assumed


def test_rounds_need_numbers() -> None:
    modules = tuple(replace(module, two_qubit=Operating()) for module in pair(comm=2).modules)
    found = outlook(replace(pair(comm=2), modules=modules), rounds=1)
    assert (found.schedule, found.fidelity, found.raw_pairs) == (None, None, None)
    assert "fidelity of two-qubit gates of m0 and 1 more" in found.missing


def crossed(**link: object) -> Program:
    """Two remote gates at one time, behind many gates within both modules; pairs take 10 us, all before takes 200."""
    inside = [(Op.H, (0,)), (Op.H, (3,)), *[(Op.CX, (base + a, base + b)) for a, b in _ROUND for base in (0, 3)]]
    gates: list[Gate] = [*inside * 5, (Op.CX, (0, 3)), (Op.CX, (1, 4)), *inside]
    made = Link(0, 1, ebit_fidelity=0.9, rate_hz=1e5, latency_s=0.0)
    hardware = replace(pair(comm=3, data=3, t2_s=0.05), links=(replace(made, **link),))
    program = split_circuit(solve_plan(segments(6, gates), hardware))
    assert program.plan.cost.ebits == 2
    return program


_ROUND = ((0, 2), (2, 1), (1, 0))
"""Pairs of three qubits."""


def test_old_pairs_are_made_again_and_counted() -> None:
    free, short = trial_program(crossed()), trial_program(crossed(cutoff_s=5e-5))
    assert free.supply[NAME].remade == 0
    assert short.supply[NAME].remade > 0
    assert free.raw_pairs is not None
    assert short.raw_pairs is not None
    assert short.raw_pairs == pytest.approx(free.raw_pairs + short.supply[NAME].remade)


def test_a_cutoff_that_no_pair_reaches_changes_nothing() -> None:
    free, long = trial_program(crossed()), trial_program(crossed(cutoff_s=1e6))
    assert (free.makespan, free.fidelity, free.raw_pairs) == (long.makespan, long.fidelity, long.raw_pairs)


def test_a_schedule_says_what_must_be_made_again() -> None:
    """The pairs are used within 9 us, and there is one channel: one of them is 1 us old, which is too much or not."""
    late, young = listed(crossed(cutoff_s=9e-7)), listed(crossed(cutoff_s=1.1e-6))
    for document, remade in ((late, [True, False]), (young, [False, False])):
        requests = document.links[NAME].requests
        assert [request.deadline_s - request.end_s for request in requests] == pytest.approx([1e-6, 0.0], abs=1e-9)
        assert [request.remade for request in requests] == remade
        assert list(schedule_faults(document)) == []


def listed(program: Program) -> ScheduleDocument:
    """What schedule.json says."""
    found = trial_program(program)
    assert found.schedule is not None
    return schedule_document_of_text(json.dumps(schedule_document(program, found.schedule, found.supply)))
