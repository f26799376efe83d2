"""Programs whose idle qubits stay in memory are legal, counted right and compute the same, whoever stays where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.cost import cost_of
from dqplan.core.errors import InternalError
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, Link, Module, Role
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Baseline, Bound, Plan
from dqplan.core.program import QubitKind
from dqplan.core.segments import Segments
from dqplan.core.share import Share
from dqplan.core.stay import Stay
from dqplan.core.verdict import Status
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.split.writer import Dialect
from dqplan.trial.trial_program import trial_program
from dqplan.verify.verify_plan import verify_plan
from tests.arbitrary_plans import arbitrary_plan
from tests.arbitrary_stays import remembering, with_stays
from tests.solve.circuits import segments
from tests.strategies import clocked, dynamic_circuits, flipping_circuits, networks, unitary_circuits

SMALL = {"max_qubits": 3, "max_gates": 8}


@given(
    st.data(),
    st.integers(0, 10**6),
    st.one_of(unitary_circuits(**SMALL), dynamic_circuits(**SMALL), flipping_circuits(**SMALL)),
)
@settings(max_examples=80, deadline=None)
def test_any_stays_leave_a_program_that_holds(data: st.DataObject, seed: int, circuit: Circuit) -> None:
    """Checked from the text in every way that `verify` knows; the schedule, too."""
    hardware = data.draw(networks(num_qubits=circuit.num_qubits, max_modules=3, limited=False))
    hardware = data.draw(clocked(data.draw(remembering(hardware))))
    plan = with_stays(arbitrary_plan(segments_of(circuit), hardware, seed), seed)
    program = split_circuit(plan)
    verdict = verify_plan(program_files(program, outlook=trial_program(program)), circuit)
    assert [check for check in verdict.checks if check.status is Status.FAILED] == []
    assert verdict.ebits == sum(thing.ebits for thing in (*plan.shares, *plan.stays))


def chain(*, memory: int = 1, comm: int | None = None) -> Hardware:
    """A processor, a communication module and a memory module in a row."""
    modules = (
        Module("p", 3, comm, memory_qubits=1),
        Module("hub", 0, comm, role=Role.COMMUNICATION),
        Module("mem", 0, comm, memory_qubits=memory, role=Role.MEMORY),
    )
    return Hardware("chain", modules, (Link(0, 1), Link(1, 2)))


WAITING = segments(3, [(Op.H, (0,)), (Op.CZ, (0, 1)), (Op.H, (1,)), (Op.CZ, (1, 2)), (Op.H, (1,)), (Op.CZ, (0, 1))])
"""Qubit 0 has nothing to do between its two gates."""
FIRST, LAST = WAITING.gates[0], WAITING.gates[-1]


def staying(
    *stays: Stay, hardware: Hardware | None = None, shares: tuple[Share, ...] = (), circuit: Segments = WAITING
) -> Plan:
    """A plan with everything at home in the processor."""
    hardware = hardware or chain()
    home = np.zeros(circuit.num_segments, dtype=np.int16)
    return Plan(
        segments=circuit,
        hardware=hardware,
        home=home,
        host=np.zeros(len(circuit.gates), dtype=np.int16),
        shares=shares,
        cost=cost_of(circuit, hardware, home, shares, stays),
        bound=Bound(0, "none", "all plans"),
        baseline=Baseline(0, 0),
        stays=stays,
    )


def there(route: tuple[int, ...]) -> Stay:
    return Stay(0, route, int(FIRST), int(LAST))


def test_a_stay_at_home_costs_two_swaps_and_no_ebit() -> None:
    plan = staying(there((0,)))
    program = split_circuit(plan)
    cost = plan.cost
    assert program.circuit.counts[Op.SWAP] == 2
    assert (cost.ebits, cost.shares, cost.teleports, cost.peak_memory) == (0, 0, 0, {"p": 1, "hub": 0, "mem": 0})
    assert verify_plan(program_files(program), WAITING.circuit).holds


def test_a_stay_elsewhere_costs_its_route_twice() -> None:
    """And on the way back one comm qubit more beside the memory qubit, which knows no gates."""
    plan = staying(there((0, 1, 2)))
    program = split_circuit(plan)
    cost = plan.cost
    assert (cost.ebits, cost.ebits_by_link) == (4, {"hub--mem": 2, "p--hub": 2})
    assert (cost.shares, cost.teleports) == (2, 2)
    assert (cost.peak_comm, cost.peak_memory["mem"]) == ({"p": 1, "hub": 2, "mem": 2}, 1)
    assert verify_plan(program_files(program), WAITING.circuit).holds


def test_openqasm_2_reads_back_the_same() -> None:
    files = program_files(split_circuit(staying(there((0, 1, 2)))), emit=(Dialect.QASM2,))
    assert verify_plan(files, WAITING.circuit).holds


def test_memory_qubits_know_nothing_but_swap() -> None:
    program = split_circuit(staying(there((0, 1, 2))))
    memory = {qubit for qubit, kind in enumerate(program.kind_of) if kind is QubitKind.MEMORY}
    assert {row.op for row in program.circuit if memory & set(row.qubits)} == {Op.SWAP}


def test_the_data_qubit_is_kept_for_the_qubit_that_stays_elsewhere() -> None:
    program = split_circuit(staying(there((0, 1, 2))))
    assert program.input_qubit == program.output_qubit
    assert next(register.size for register in program.circuit.qregs if register.name == "p_data") == 3


@pytest.mark.parametrize(
    ("stay", "told"),
    [
        (Stay(0, (0,), int(FIRST), int(LAST) + 1), "needed at event"),
        (Stay(0, (1,), int(FIRST), int(LAST)), "without being at home alone"),
        (Stay(2, (0,), int(LAST), int(LAST) + 9), "in memory at the end"),
    ],
)
def test_stays_that_are_not_possible_are_refused(stay: Stay, told: str) -> None:
    with pytest.raises(InternalError, match=told):
        split_circuit(staying(stay))


def test_a_qubit_with_a_copy_cannot_stay() -> None:
    share = Share(int(WAITING.segment[FIRST]), (0, 1), int(FIRST), int(LAST))
    with pytest.raises(InternalError, match="without being at home alone"):
        split_circuit(staying(there((0,)), shares=(share,)))


def test_the_way_back_is_counted_beside_the_share_that_it_is_for() -> None:
    """The e-bit of the share waits in a comm qubit of the home while the qubit comes back through another."""
    segment = int(WAITING.segment[FIRST])
    plan = staying(there((0, 1, 2)), shares=(Share(segment, (0, 1), int(LAST), int(LAST)),))
    assert plan.cost.peak_comm == {"p": 2, "hub": 3, "mem": 2}
    assert verify_plan(program_files(split_circuit(plan)), WAITING.circuit).holds


def test_a_plan_says_its_stays_and_older_ones_say_none() -> None:
    files = program_files(split_circuit(replace(staying(there((0,))))))
    assert '"stays": [{"qubit": 0, "route": ["p"]' in files["plan.json"]
    old = program_files(split_circuit(staying()))
    text = old["plan.json"].replace('"stays": []', '"note": 0').replace('"peak_memory"', '"peak_other"')
    assert verify_plan({**old, "plan.json": text}, WAITING.circuit).holds
