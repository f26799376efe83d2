"""Runs by CUDA-Q: the same numbers as state vectors, and what is handed to its kernel."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import replace

import numpy as np
import pytest

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Term
from dqplan.core.errors import UsageError
from dqplan.core.experiment import Experiment
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.simulate.flaws import CYCLE, MISREAD, Flaws, X, Z
from dqplan.simulate.simulate_program import Backend, simulate_program
from dqplan.simulate.slots import Slots, slots_of, with_late_resets
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.split_circuit import split_circuit
from tests.conftest import SAMPLES
from tests.model.test_errors import network
from tests.simulate.test_simulate_program import emitted
from tests.solve.circuits import segments

INSTALLED = importlib.util.find_spec("cudaq") is not None
with_cudaq = pytest.mark.skipif(not INSTALLED, reason="CUDA-Q is not installed: pip install cuda-quantum-cu13")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # its threads would wait for those of other tests


def noisy(modules: int, data: int) -> Hardware:
    hardware = network(modules, data, ebit=0.95, gate=0.995, readout=0.98, t2_s=0.1)
    return replace(hardware, modules=tuple(replace(module, t1_s=0.2) for module in hardware.modules))


def both(circuit: Circuit, hardware: Hardware, shots: int) -> list[Experiment]:
    files = emitted(split_circuit(solve_plan(segments_of(circuit), hardware, effort=Effort.QUICK)))
    backends = (Backend.CUDAQ, Backend.STATEVECTOR)
    return [simulate_program(files, circuit, shots=shots, backend=backend) for backend in backends]


@with_cudaq
@pytest.mark.parametrize("name", ["bernstein_vazirani_8", "teleport_3", "iterative_qpe_2"])
def test_outcomes_are_those_of_state_vectors(name: str) -> None:
    """Each frequency differs by less than five standard deviations."""
    one, other = both(load_circuit(str(SAMPLES / f"{name}.qasm")), noisy(2, 4), 2000)
    assert one.counts is not None
    assert other.counts is not None
    assert one.backend.startswith("cudaq (")
    assert "relaxation is twirled to Paulis" in one.assumed
    for outcome in one.counts.outcomes | other.counts.outcomes:
        first, second = (each.counts.outcomes.get(outcome, 0) for each in (one, other))
        assert abs(first - second) < 5 * (first + second) ** 0.5 + 1


@with_cudaq
@pytest.mark.parametrize("name", ["bernstein_vazirani_8", "iterative_qpe_2"])
def test_without_noise_the_right_outcome_is_always_found(name: str) -> None:
    one, other = both(load_circuit(str(SAMPLES / f"{name}.qasm")), network(2, 4), 200)
    assert one.counts is not None
    assert other.counts is not None
    assert one.counts.outcomes == other.counts.outcomes
    assert len(one.counts.outcomes) == 1


UNMEASURED = segments(3, [(Op.T, (0,)), (Op.CX, (0, 1)), (Op.SWAP, (1, 2)), (Op.H, (0,)), (Op.CX, (0, 2))]).circuit


@with_cudaq
def test_process_fidelities_are_those_of_state_vectors() -> None:
    one, other = (each.figures["process fidelity"] for each in both(UNMEASURED, noisy(3, 1), 4000))
    assert one.low < other.high
    assert other.low < one.high
    assert one.high < 0.95


@with_cudaq
def test_without_noise_the_process_fidelity_is_one() -> None:
    assert both(UNMEASURED, network(3, 1), 100)[0].figures["process fidelity"].value == 1


@with_cudaq
def test_conditions_hold_or_not_by_register() -> None:
    """The register is 1; a qubit each asks for 1, for 2, for anything but 2, and for 1 in two ways."""
    builder = CircuitBuilder(name="test")
    builder.add_qreg("q", 4)
    builder.add_creg("c", 2)
    builder.add_creg("d", 4)
    builder.append(Op.X, (0,))
    for qubit in (0, 1):
        builder.append(Op.MEASURE, (qubit,), clbit=qubit)
        builder.append(Op.RESET, (qubit,))
    is_one, is_two, is_not_two = Term((0, 1), 1), Term((0, 1), 2), Term((0, 1), 2, False)
    for qubit, terms in enumerate([(is_one,), (is_two,), (is_not_two,), (is_not_two, is_one)]):
        builder.append(Op.X, (qubit,), condition=Condition(terms))
        builder.append(Op.MEASURE, (qubit,), clbit=2 + qubit)
    one, other = both(builder.build(), network(2, 2), 20)
    assert one.counts is not None
    assert other.counts is not None
    assert one.counts.outcomes == other.counts.outcomes == {"1101 01": 20}


@with_cudaq
def test_a_seed_gives_the_same_again() -> None:
    circuit = load_circuit(str(SAMPLES / "teleport_3.qasm"))
    one, again = (both(circuit, noisy(2, 2), 100)[0].counts for _ in range(2))
    assert one is not None
    assert again is not None
    assert one.outcomes == again.outcomes


@with_cudaq
def test_what_cuda_q_cannot_do() -> None:
    mixed = segments(2, [(Op.RESET, (0,)), (Op.H, (0,)), (Op.CX, (0, 1))]).circuit
    with pytest.raises(UsageError, match="no process fidelity"):
        both(mixed, load_hardware("all:2x1"), 10)


@pytest.mark.skipif(INSTALLED, reason="CUDA-Q is installed")
def test_without_cuda_q_the_error_says_how_to_install_it() -> None:
    with pytest.raises(UsageError, match="CUDA-Q is not installed") as raised:
        both(UNMEASURED, network(3, 1), 10)
    assert "pip install cuda-quantum-cu13" in raised.value.hint


def test_qubits_that_hold_nothing_share_a_slot() -> None:
    """The second waits for its reset, and the third has ended by then."""
    gates = [(Op.H, (0,)), (Op.CX, (0, 2)), (Op.MEASURE, (2,)), (Op.RESET, (1,)), (Op.CX, (0, 1))]
    circuit = segments(3, gates).circuit
    slots = slots_of(circuit, range(len(circuit)), begun=(), kept=())
    assert slots == Slots(2, ({0: 0}, {2: 1}, {}, {1: 1}, {}))
    assert slots_of(circuit, range(len(circuit)), begun=(0, 1), kept=(0, 1)).count == 3
    assert slots_of(circuit, range(len(circuit)), begun=(), kept=(2,)).count == 3


def test_resets_wait_until_their_qubits_are_needed() -> None:
    gates = [(Op.RESET, (0,)), (Op.RESET, (1,)), (Op.RESET, (1,)), (Op.H, (2,)), (Op.H, (1,)), (Op.RESET, (2,))]
    circuit = segments(3, gates).circuit
    assert with_late_resets(circuit, range(6)) == (1, 3, 2, 4, 0, 5)


def test_twirled_relaxation_has_the_probabilities_of_its_paulis() -> None:
    runs, lost = 100_000, 0.6
    flaws = Flaws(runs, Slots(1, ()), [0], (0,))
    flaws.decay(0, np.full(runs, lost), np.random.default_rng(0))
    place, what, _ = (np.array(column)[:-1] for column in flaws.columns(1))
    flipped, turned = np.zeros(runs, dtype=np.bool_), np.zeros(runs, dtype=np.bool_)
    flipped[place[what == X]], turned[place[what == Z]] = True, True
    found = [np.mean(flipped & ~turned), np.mean(flipped & turned), np.mean(~flipped & turned)]
    assert found == pytest.approx([lost / 4, lost / 4, 0.5 - lost / 4 - (1 - lost) ** 0.5 / 2], abs=0.005)


def test_flaws_come_run_by_run_in_the_order_in_which_they_happen() -> None:
    circuit = segments(1, [(Op.H, (0,)), (Op.MEASURE, (0,))]).circuit
    flaws = Flaws(2, Slots(1, ({0: 0}, {})), [0, 2, 3], ())
    first, second = circuit
    flaws.do(first)
    flaws.turn(0, np.array([False, True]))
    flaws.flip(0, np.array([True, True]))
    flaws.do(second)
    flaws.misread(0, np.array([True, False]))
    assert flaws.columns(5) == ([2, 3, 7, 7, 10], [X, MISREAD, Z, X, 0], [0, 0, 0, 0, 0])


def test_eigenstates_are_made_and_taken_back() -> None:
    """Three cycles are none."""
    flaws = Flaws(6, Slots(1, ()), [1], (0,))
    states = np.arange(6)[None, :]
    flaws.prepare(states)
    flaws.restore(states, [0], 4)
    place, what, _ = (np.array(column)[:-1] for column in flaws.columns(5))
    for run in range(6):
        made = what[place == 5 * run + 1].tolist()
        back = what[place == 5 * run + 4].tolist()
        assert made.count(X) == back.count(X) == run % 2
        assert made.count(CYCLE) + back.count(CYCLE) in (0, 3)
