"""What may go wrong, and when, as it is read off the directory."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from dqplan.core.errors import PlanError
from dqplan.core.gates import Op, gate_matrix
from dqplan.core.hardware import Hardware
from dqplan.core.outlook import Floats
from dqplan.load.emitted import read_emitted
from dqplan.simulate.clifford import twirled
from dqplan.simulate.faults import run_machine
from dqplan.simulate.machine import Machine, check_order, machine_of
from dqplan.simulate.runs import Runs
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.split_circuit import split_circuit
from tests.model.test_errors import network
from tests.simulate.test_simulate_program import emitted
from tests.solve.circuits import ghz
from tests.verify.programs import CIRCUIT, JOINT, directory


def machine_on(hardware: Hardware) -> Machine:
    files = emitted(split_circuit(solve_plan(ghz(2), hardware)))
    return machine_of(read_emitted(files, ghz(2).circuit), files)


@pytest.mark.parametrize(
    ("weights", "wanted"),
    [(None, [0.7, 0.1, 0.1, 0.1]), ((0.7, 0.2, 0.1, 0.0), [0.7, 0.2, 0.0, 0.1])],
)
def test_errors_of_ebits(weights: tuple[float, float, float, float] | None, wanted: list[float]) -> None:
    """Werner states unless the link says more; there in the order I, X, Y, Z, here I, X, Z, Y."""
    hardware = network(2, 1, ebit=0.7)
    links = tuple(replace(link, bell_diagonal=weights) for link in hardware.links)
    machine = machine_on(replace(hardware, links=links))
    (row,) = np.flatnonzero(machine.circuit.op == Op.EPR)
    np.testing.assert_allclose(machine.pair_errors[row], wanted)
    assert not machine.pair_errors[machine.circuit.op != Op.EPR].any()


@pytest.mark.parametrize(("errors", "flipped"), [([0, 1, 0, 0], True), ([0, 0, 1, 0], False), ([0, 0, 0, 1], True)])
def test_a_copy_takes_over_the_x_of_its_ebit(errors: list[float], flipped: bool) -> None:
    """The copy of q[0] = 0 in m1 controls a CX on m1_data[0]."""
    files = directory(CIRCUIT.replace("h q[0];", "", 1), JOINT.replace("h m0_data[0];\nreset", "reset", 1))
    machine = machine_of(read_emitted(files), files)
    machine.pair_errors[machine.circuit.op == Op.EPR] = errors
    rng = np.random.default_rng(0)
    runs = Runs(20, machine.circuit, rng)
    run_machine(machine, runs, rng)
    target = [register.start for register in machine.circuit.qregs if register.name == "m1_data"]
    np.testing.assert_allclose(np.abs(runs.states(target)[:, 1]) ** 2, float(flipped), atol=1e-12)


def test_waiting_is_twirled() -> None:
    """The diagonal of the process matrix of damping and dephasing."""
    hardware = network(2, 1, t2_s=0.3)
    modules = tuple(replace(module, t1_s=0.2) for module in hardware.modules)
    machine, waited = machine_on(replace(hardware, modules=modules)), 0.1
    gamma, coherence = 1 - math.exp(-waited / 0.2), math.exp(-waited / 0.3)
    flip = (1 - coherence / math.sqrt(1 - gamma)) / 2
    damped = [np.diag([1, math.sqrt(1 - gamma)]), np.array([[0, math.sqrt(gamma)], [0, 0]])]
    dephased = [math.sqrt(1 - flip) * np.eye(2), math.sqrt(flip) * gate_matrix(Op.Z)]
    kraus = [one @ other for one in dephased for other in damped]
    wanted = [sum(abs(np.trace(gate_matrix(op) @ k)) ** 2 for k in kraus) / 4 for op in (Op.X, Op.Y, Op.Z)]
    waits: Floats = np.full(5, waited)
    np.testing.assert_allclose(twirled(machine, 0, waits), wanted)


def test_a_schedule_may_not_turn_messages_around() -> None:
    """The correction reads what was measured before it: exchanged in schedule.json, it would wait for ever."""
    files = emitted(split_circuit(solve_plan(ghz(2), network(2, 1))))
    machine = machine_of(read_emitted(files, ghz(2).circuit), files)
    waiting, ((source, _), *_) = next(iter(machine.messages.items()))
    turned = {source: waiting, waiting: source}
    order = tuple(turned.get(row, row) for row in range(len(machine.circuit)))
    with pytest.raises(PlanError, match=f"operation {waiting} waits for a message from operation {source}"):
        check_order(order, machine.messages)
    check_order(tuple(range(len(machine.circuit))), machine.messages)
