"""The smallest hardware: cases that can be worked out by hand, and what must hold for any circuit."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.choose.choose_plan import choose_plan
from dqplan.choose.try_plan import try_plan
from dqplan.core.circuit import Circuit
from dqplan.core.errors import InfeasibleError, StoppedError, UsageError
from dqplan.core.hardware import Hardware, Link, Module, Operating
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort, Plan
from dqplan.core.segments import Segments
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.size import hunt as stage
from dqplan.size.curve import Sizing
from dqplan.size.hunt import PlanOptions
from dqplan.size.quantity import Knob, Quantity
from dqplan.size.size_hardware import size_hardware
from dqplan.size.target import Target
from tests.conftest import SAMPLES
from tests.strategies import unitary_circuits

QUICK = PlanOptions(effort=Effort.QUICK)
DATA, COMM, RATE, FIDELITY = map(Knob, Quantity)


def sample(name: str) -> Segments:
    return segments_of(load_circuit(str(SAMPLES / f"{name}.qasm")))


def sized(name: str, hardware: str, knob: Knob, target: Target, **more: Any) -> Sizing:
    return size_hardware(sample(name), load_hardware(hardware), knob, target, options=QUICK, **more)


def values(found: Sizing) -> list[float]:
    return [point.value for point in found.points]


def test_a_ghz_state_fits_into_one_module_or_needs_one_ebit() -> None:
    """A chain of CX crosses between two modules once; 8 qubits are together only in a module of 8."""
    whole = sized("ghz_8", "line:2x4+2", DATA, Target(max_ebits=0))
    assert (whole.found and whole.found.value, whole.least, whole.proved) == (8, 8, True)
    assert whole.proof == "the bound is 1 e-bit"
    halves = sized("ghz_8", "line:2x4+2", DATA, Target(max_ebits=1))
    assert (halves.found and halves.found.value, halves.least, halves.proved) == (4, 4, True)
    assert halves.proof == "the modules hold fewer qubits than the circuit has"
    assert [point.bound for point in halves.points] == [1, 1, 1, 1, 0]


def test_a_fourier_transform_sends_over_what_the_larger_module_cannot_hold() -> None:
    """Every pair of the 16 qubits has a gate: each of the 16 - n that are not in a module of n is copied there once."""
    for limit in (0, 2):
        found = sized("qft_16", "all:2x8", DATA, Target(max_ebits=limit), points=2, span=(10, 16))
        assert (found.found and found.found.value, found.proved) == (16 - limit, True)


def noiseless(fidelity: float | None = 0.95, rate_hz: float | None = 100.0) -> Hardware:
    """Two modules whose only flaw is the link; gates take a microsecond."""
    quick = Operating(fidelity=1.0, duration_s=1e-6)
    modules = [Module(f"m{i}", 4, 2, one_qubit=quick, two_qubit=quick, readout=quick, reset=quick) for i in range(2)]
    return Hardware("noiseless", tuple(modules), (Link(0, 1, ebit_fidelity=fidelity, rate_hz=rate_hz),))


def test_the_fidelity_of_the_only_flaw_is_that_of_the_whole() -> None:
    """One e-bit of fidelity f leaves f: the smallest step at or above the target, which lies between 0.899 and 0.9."""
    target = Target(min_fidelity=0.8996)
    found = size_hardware(sample("ghz_8"), noiseless(), FIDELITY, target, options=QUICK)
    assert found.found
    assert found.found.value == 0.9
    assert 0.899 in values(found)
    for point in found.points:
        assert point.best
        assert point.best.outlook.fidelity
        assert point.best.outlook.fidelity.process == pytest.approx(point.value, abs=1e-12)


def test_the_wait_for_one_ebit_falls_with_its_rate() -> None:
    """With one e-bit, the 95 % quantile is a constant plus another one over the rate: two values tell both."""
    target = Target(max_time_s=0.02)
    found = size_hardware(sample("ghz_8"), noiseless(), RATE, target, options=QUICK)
    assert found.found
    (slow, slow_s), (fast, fast_s) = (
        (point.value, point.figures()["p95_s"]) for point in (found.points[0], found.points[-1])
    )
    assert isinstance(slow_s, float)
    assert isinstance(fast_s, float)
    wait = (slow_s - fast_s) / (1 / slow - 1 / fast)
    needed = wait / (0.02 - (fast_s - wait / fast))
    assert needed <= found.found.value <= needed * 1.011


def planned(segments: Segments, hardware: Hardware, target: Target) -> bool:
    """Whether a search on its own reaches the target, as `dqplan split` with gates."""
    plan = choose_plan(segments, hardware, effort=Effort.QUICK)
    return target.reached(plan, try_plan(plan).outlook)


@settings(max_examples=20)
@given(unitary_circuits(max_qubits=5, max_gates=14), st.integers(0, 3), st.sampled_from([DATA, COMM]))
def test_what_is_found_reaches_the_target_and_one_step_less_does_not(circuit: Circuit, limit: int, knob: Knob) -> None:
    segments, target = segments_of(circuit), Target(max_ebits=limit)
    network = load_hardware("line:2x3+2")
    found = size_hardware(segments, network, knob, target, options=QUICK, points=2)
    for smaller, larger in pairwise(found.points):
        assert smaller.bound >= larger.bound
        if smaller.best:
            assert larger.best
            assert smaller.best.plan.cost.ebits >= larger.best.plan.cost.ebits >= larger.bound
    if found.found is None:
        assert not planned(segments, knob.turned(network, found.high), target)
        return
    assert planned(segments, found.found.hardware, target)
    if found.found.value > found.low:
        with suppress(InfeasibleError):
            assert not planned(segments, knob.turned(network, found.found.value - 1), target)


def test_a_plan_of_a_smaller_value_counts_where_the_search_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that finds nothing at 6 proves nothing, and the plan of 5 runs on 6 as well."""

    def unlucky(segments: Segments, hardware: Hardware, **options: Any) -> Plan:
        if hardware.modules[0].data_qubits == 6:
            raise InfeasibleError("no plan found: bad luck", proved=False)
        return choose_plan(segments, hardware, **options)

    monkeypatch.setattr(stage, "choose_plan", unlucky)
    found = sized("ghz_8", "line:2x4+2", DATA, Target(max_ebits=1))
    outcomes = {point.value: (point.outcome, point.carried) for point in found.points}
    assert outcomes[6] == ("reached", True)
    assert outcomes[5] == outcomes[7] == ("reached", False)
    assert [point.bound for point in found.points] == [1, 1, 1, 1, 0]


def test_a_lucky_smaller_value_is_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches are not monotone: where 4 and 7 reach the target but 5 and 6 do not, 4 is smaller all the same."""

    def moody(segments: Segments, hardware: Hardware, **options: Any) -> Plan:
        plan = choose_plan(segments, hardware, **options)
        if hardware.modules[0].data_qubits in (5, 6):
            return replace(plan, cost=replace(plan.cost, ebits=9))
        return plan

    monkeypatch.setattr(stage, "choose_plan", moody)
    found = sized("ghz_8", "line:2x4+2", DATA, Target(max_ebits=1))
    assert found.found
    assert (found.found.value, values(found)) == (4, [4, 5, 6, 7, 8])
    assert {point.outcome for point in found.points} == {"reached"}


def test_what_is_out_of_reach_is_proved_or_not() -> None:
    target = Target(max_ebits=0)
    proved = sized("qft_8", "all:2x4", DATA, target, span=(4, 7))
    assert (proved.found, proved.least, proved.proved) == (None, None, True)
    open_ = size_hardware(sample("ghz_8"), noiseless(), RATE, Target(max_time_s=1e-9), options=QUICK)
    assert (open_.found, open_.proved, open_.proof) == (None, False, "")
    none = sized("ghz_8", "line:2x3+1", COMM, Target(max_ebits=9))
    assert (none.found, none.proved) == (None, True)
    assert {point.outcome for point in none.points} == {"infeasible"}
    assert all("hold 6 data qubits together" in point.reason for point in none.points)


def test_no_comm_qubits_no_ebits() -> None:
    found = sized("ghz_8", "line:2x4+2", COMM, Target(max_ebits=1))
    assert (found.found and found.found.value, found.least, found.proof) == (1, 1, "the circuit does not fit")


def test_an_early_end_keeps_what_was_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, calls = Event(), 0

    def counting(*args: Any, **options: Any) -> Plan:
        nonlocal calls
        calls += 1
        if calls == 3:
            stop.set()
        return choose_plan(*args, **options)

    monkeypatch.setattr(stage, "choose_plan", counting)
    found = sized("ghz_8", "line:2x4+2", DATA, Target(max_ebits=1), stop=stop)
    assert (found.finished, values(found)) == (False, [4, 8])
    stop.set()
    with pytest.raises(StoppedError):
        sized("ghz_8", "line:2x4+2", DATA, Target(max_ebits=1), stop=stop)


@pytest.mark.parametrize(
    ("knob", "target", "span", "said"),
    [
        (RATE, Target(max_ebits=3), None, "asks nothing of a rate"),
        (RATE, Target(max_time_s=1), None, "does not give: the duration of two-qubit gates"),
        (DATA, Target(max_ebits=3), (8, 4), "no data from 8 to 4"),
        (DATA, Target(max_ebits=3), (0, 4), "from 1 to 1e"),
        (DATA, Target(max_ebits=3), (4, math.inf), "found inf"),
        (DATA, Target(max_ebits=3), (4.5, 9), "whole numbers"),
        (FIDELITY, Target(min_fidelity=0.5), (0.5, 1.5), "fidelities from 0 to 1"),
        (RATE, Target(max_time_s=1), (-1, 4), "e-bits per second from 1e-06"),
    ],
)
def test_wrong_questions(knob: Knob, target: Target, span: tuple[float, float] | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        sized("ghz_8", "line:2x4+2", knob, target, span=span)


def test_no_target_is_no_question() -> None:
    with pytest.raises(UsageError, match="say what the plan shall come to"):
        Target()
