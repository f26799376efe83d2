"""Resets of comm qubits and swap-in have numbers of their own where the hardware gives them, and only there."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, Link, Module, Operating
from dqplan.core.program import Program, QubitKind
from dqplan.load.hardware_files.document import hardware_document, hardware_of_document
from dqplan.load.load_hardware import load_hardware
from dqplan.model.durations import durations_of
from dqplan.model.errors import losses_of, process_fidelity
from dqplan.model.ledger import Ledger
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from tests.arbitrary_plans import arbitrary_plan
from tests.solve.circuits import qft
from tests.trial.test_memory import SHORT, clocked, tried

PLAIN = Module(
    "m0",
    4,
    None,
    one_qubit=Operating(None, 0.999, 1e-6),
    two_qubit=Operating(None, 0.99, 1e-5),
    readout=Operating(None, 0.98, 1e-4),
    reset=Operating(None, 0.97, 2e-4),
)
NODE = replace(PLAIN, name="m1", comm_reset=Operating(None, 0.995, 3e-6), swap_in=Operating(None, 0.95, 4e-5))
"""As in a diamond: the electron is reset in no time, and its exchange with a carbon spin is one operation."""


def program(*modules: Module) -> Program:
    """Qubits move to and fro between two modules."""
    hardware = Hardware("pair", modules, (Link(0, 1, ebit_fidelity=1.0, rate_hz=1e4),))
    return split_circuit(arbitrary_plan(qft(4), hardware, 4))


def rows(found: Program, op: Op, *kinds: QubitKind, module: int = 1) -> list[int]:
    """The rows of a module's operations on qubits of these kinds, in any order."""
    kind_of = found.kind_of
    return [
        row
        for row, done in enumerate(found.circuit)
        if done.op is op
        and found.module_of_row[row] == module
        and sorted(kind_of[qubit] for qubit in done.qubits) == sorted(kinds)
    ]


MIXED = program(PLAIN, NODE)
SWAPS = rows(MIXED, Op.SWAP, QubitKind.COMM, QubitKind.DATA)
RESETS = rows(MIXED, Op.RESET, QubitKind.COMM)


def test_there_is_something_to_see() -> None:
    assert SWAPS
    assert RESETS
    assert rows(MIXED, Op.SWAP, QubitKind.COMM, QubitKind.DATA, module=0)


def test_durations_are_those_of_the_module() -> None:
    made = durations_of(MIXED, Ledger(MIXED.hardware))
    assert made is not None
    assert set(made.seconds[SWAPS]) == {4e-5}
    assert set(made.seconds[RESETS]) == {3e-6}
    assert made.seconds[rows(MIXED, Op.SWAP, QubitKind.COMM, QubitKind.DATA, module=0)] == pytest.approx(3e-5)
    assert set(made.seconds[rows(MIXED, Op.RESET, QubitKind.COMM, module=0)]) == {2e-4}
    data = rows(MIXED, Op.RESET, QubitKind.DATA)
    assert set(made.seconds[data]) <= {2e-4}


def test_an_exchange_with_a_memory_qubit_is_none_with_a_comm_qubit() -> None:
    """Qubit 0 rests in a memory qubit of its home: two SWAPs there, of three gates each."""
    hardware = clocked()
    modules = tuple(replace(module, swap_in=Operating(None, 0.9, 1.0)) for module in hardware.modules)
    found, _ = tried(SHORT, (0,), replace(hardware, modules=modules))
    swaps = rows(found, Op.SWAP, QubitKind.DATA, QubitKind.MEMORY, module=0)
    made = durations_of(found, Ledger(found.hardware))
    assert made is not None
    assert made.seconds[swaps] == pytest.approx([3e-3, 3e-3])


def test_losses_are_those_of_the_module() -> None:
    """The difference to a module without these numbers, by hand."""
    plain = program(PLAIN, replace(PLAIN, name="m1"))
    before, after = (losses_of(each, Ledger(each.hardware)) for each in (plain, MIXED))
    assert before is not None
    assert after is not None
    swap = math.log(process_fidelity(0.95, 4)) - 3 * math.log(process_fidelity(0.99, 4))
    reset = math.log(0.995 / 0.97)
    assert after.gates - before.gates == pytest.approx(len(SWAPS) * swap + len(RESETS) * reset)
    assert (after.links, after.readout) == (before.links, before.readout)


def test_the_numbers_used_are_counted() -> None:
    """Four more: fidelities and durations of swap-in and of resets of comm qubits; nothing else goes out of use."""
    plain = program(PLAIN, replace(PLAIN, name="m1"))
    used = [sum(trial_program(each, work=0).basis.values()) for each in (plain, MIXED)]
    assert rows(MIXED, Op.RESET, QubitKind.DATA)
    assert used[1] - used[0] == 4


def test_a_number_that_is_missing_falls_back() -> None:
    """Without a duration of its own, swap-in takes as long as three gates; without a fidelity, it is as good."""
    half = replace(NODE, comm_reset=Operating(None, 0.995, None), swap_in=Operating(None, None, 4e-5))
    found = program(PLAIN, half)
    made = durations_of(found, Ledger(found.hardware))
    assert made is not None
    assert set(made.seconds[RESETS]) == {2e-4}
    assert set(made.seconds[SWAPS]) == {4e-5}
    left = losses_of(found, Ledger(found.hardware))
    whole = losses_of(MIXED, Ledger(MIXED.hardware))
    assert left is not None
    assert whole is not None
    swap = 3 * math.log(process_fidelity(0.99, 4)) - math.log(process_fidelity(0.95, 4))
    assert left.gates - whole.gates == pytest.approx(len(SWAPS) * swap)


def test_digests_of_hardware_without_these_numbers_are_what_they_were() -> None:
    """As written down before there were any."""
    assert load_hardware("line:4x5+2").digest == "4a7175d7be11987b5d7d01944cd0c5687ff4cb9d4b0a3cbaef3934bce1d1c24f"
    assert load_hardware("oxford_2025").digest == "905365a9268938074abf814569220df6a69ea30fb914813235b65395965e199d"
    with_them = replace(MIXED.hardware, modules=(PLAIN, NODE))
    without = replace(MIXED.hardware, modules=(PLAIN, replace(PLAIN, name="m1")))
    assert with_them.digest != without.digest


def test_they_are_written_and_read_back() -> None:
    again = hardware_of_document(hardware_document(MIXED.hardware))
    assert again.modules == MIXED.hardware.modules
    assert np.array_equal(again.data_capacity, MIXED.hardware.data_capacity)


@pytest.mark.parametrize("name", ["simref_nv_4x5", "delft_nv_tcnot_2026"])
def test_diamond_nodes_tell_both_spins_apart(name: str) -> None:
    """SquidASM's file: the electron is set up within 2 µs, a carbon spin within 300 µs."""
    module = load_hardware(name).modules[0]
    assert (module.comm_reset.duration_s, module.reset.duration_s) == (2e-6, 3e-4)
    gate, swap = module.two_qubit, module.swap_in
    assert gate.fidelity is not None
    assert swap.fidelity is not None
    assert process_fidelity(swap.fidelity, 4) == pytest.approx(process_fidelity(gate.fidelity, 4) ** 2, rel=1e-3)
    assert swap.duration_s == pytest.approx(2 * (gate.duration_s or 0))
