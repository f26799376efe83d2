"""Qubits in memory dephase with its lifetime, and are fetched when they are needed."""

from __future__ import annotations

import pytest

from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, Link, Module, Operating, Role
from dqplan.core.outlook import Outlook
from dqplan.core.program import Program
from dqplan.core.segments import Segments
from dqplan.core.stay import Stay
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from tests.model.test_errors import ABOVE, simulated
from tests.solve.circuits import segments
from tests.split.test_stays import staying

T2, LIFETIME = 0.02, 0.4
SHORT = segments(2, [(Op.H, (0,)), (Op.CZ, (0, 1)), (Op.RY, (1,), (0.3,)), (Op.CZ, (0, 1))])
"""Two gates that are merged into one; behind it, both qubits are turned."""
BUSY = [(Op.CZ, (1, 2)), (Op.H, (1,)), (Op.CZ, (1, 3)), (Op.H, (1,))]
LONG = segments(4, [(Op.H, (0,)), (Op.CZ, (0, 1)), (Op.H, (1,)), *(BUSY * 20), (Op.CZ, (0, 1))])
"""Qubit 0 has nothing to do between its two gates."""


def clocked(lifetime_s: float | None = LIFETIME, gate: float = 0.9995, t2_s: float = T2) -> Hardware:
    """A processor with a memory qubit of its own and a memory module beside it; gates take far longer than e-bits."""
    one, two = Operating(None, gate, 1e-4), Operating(None, gate, 1e-3)
    numbers = {"one_qubit": one, "two_qubit": two, "readout": Operating(None, 0.999, 1e-4), "t2_s": t2_s}
    modules = (
        Module("p", 4, 2, 1, memory_lifetime_s=lifetime_s, **numbers),
        Module("mem", 0, 2, 1, role=Role.MEMORY, memory_lifetime_s=lifetime_s, **numbers),
    )
    return Hardware("pair", modules, (Link(0, 1, ebit_fidelity=0.995, rate_hz=1e5, latency_s=1e-6),))


def tried(circuit: Segments, route: tuple[int, ...], hardware: Hardware) -> tuple[Program, Outlook]:
    """Qubit 0 is taken along a route behind its first gate; no route, no stay."""
    first, *_ = circuit.gates.tolist()
    later = range(first + 1, circuit.num_events)
    back = next(event for event in later if circuit.wire[circuit.segment[event]] == 0)
    stays = [Stay(0, route, first, back)] if route else []
    program = split_circuit(staying(*stays, hardware=hardware, circuit=circuit))
    return program, trial_program(program)


@pytest.mark.parametrize("route", [(0,), (0, 1)])
def test_estimates_with_stays_agree_with_density_matrices(route: tuple[int, ...]) -> None:
    """Up to a fifth of the infidelity below: errors of a SWAP do no harm on the side that holds nothing any more."""
    program, outlook = tried(SHORT, route, clocked(t2_s=1.0))
    assert outlook.schedule is not None
    assert outlook.fidelity is not None
    found = simulated(program, outlook.schedule)
    assert -0.2 * (1 - found) <= outlook.fidelity.process - found <= ABOVE * (1 - found)


def test_waiting_in_a_good_memory_costs_less_than_waiting_at_home() -> None:
    waiting, here, elsewhere = (tried(LONG, route, clocked(gate=1.0))[1].fidelity for route in ((), (0,), (0, 1)))
    assert waiting is not None
    assert here is not None
    assert elsewhere is not None
    assert here.idling > waiting.idling
    assert elsewhere.idling > waiting.idling
    assert (here.links, elsewhere.links) == (1.0, pytest.approx(0.995**2))


@pytest.mark.parametrize("route", [(0,), (0, 1)])
def test_a_qubit_is_fetched_when_its_partner_is_ready(route: tuple[int, ...]) -> None:
    """Not as soon as it could be, which would be at once; and an e-bit for the way back is not made sooner."""
    program, outlook = tried(LONG, route, clocked())
    schedule = outlook.schedule
    assert schedule is not None
    rows = list(enumerate(program.circuit))
    with_partner = [row for row, done in rows if program.input_qubit[1] in done.qubits]
    ready = float(schedule.end_s[with_partner[-2]])
    for op in (Op.SWAP, Op.EPR):
        starts = schedule.start_s[[row for row, done in rows if done.op is op]]
        there, back = starts[:1], starts[1:]
        assert (there < ready).all()
        assert (back >= ready).all()


def test_what_is_taken_for_granted_is_said() -> None:
    """Hardware files state no T1 of memory qubits; a lifetime that is missing counts as endless."""
    relaxing = "qubits in memory dephase and do not relax: hardware files state no T1"
    endless = "memory qubits without a memory_lifetime_s do not dephase"
    told = [tried(SHORT, (0,), clocked(lifetime_s))[1].assumed for lifetime_s in (LIFETIME, None)]
    assert [relaxing in said for said in told] == [True, True]
    assert [endless in said for said in told] == [False, True]
    assert relaxing not in tried(SHORT, (), clocked())[1].assumed
