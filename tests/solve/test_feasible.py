"""When a circuit cannot run, the error names what is short and what would help."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dqplan.core.errors import InfeasibleError
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, Link, LinkKind, Module, Role
from dqplan.solve.solve_plan import solve_plan
from tests.solve.circuits import everyone, ghz, line, segments


def reason(circuit, hardware: Hardware) -> str:
    """Message and hint of the error."""
    with pytest.raises(InfeasibleError) as caught:
        solve_plan(circuit, hardware)
    assert caught.value.exit_status == 3
    return f"{caught.value.message} / {caught.value.hint}"


def test_too_few_data_qubits() -> None:
    text = reason(ghz(7), everyone(2, 3))
    assert "7 qubits" in text
    assert "1 too few" in text
    assert "at least 4 data qubits each" in text


def test_a_system_that_refuses() -> None:
    assert "no interconnect yet" in reason(ghz(2), replace(everyone(2, 1), refusal="no interconnect yet"))


def test_no_processors() -> None:
    memory = Hardware("memory", (Module("m", 5, role=Role.MEMORY),), ())
    assert "no module with data qubits that runs gates" in reason(ghz(2), memory)


def test_classical_links_carry_no_ebits() -> None:
    modules = (Module("a", 2), Module("b", 2))
    text = reason(ghz(3), Hardware("pair", modules, (Link(0, 1, kind=LinkKind.CLASSICAL),)))
    assert "3 qubits of the circuit interact" in text
    assert "1 too few" in text
    assert "classical links carry no e-bits" in text


def test_no_comm_qubits() -> None:
    assert "give m0, m1 1 comm qubit each" in reason(ghz(3), everyone(2, 2, comm=0))


def test_one_comm_qubit_in_the_middle() -> None:
    """A triangle of interactions on a line: two of the qubits have to meet across a module that cannot swap."""
    triangle = segments(3, [(Op.CZ, (0, 1)), (Op.CZ, (1, 2)), (Op.CZ, (0, 2))])
    text = reason(triangle, line(3, 1, comm=1))
    assert text.startswith("no plan found")
    assert "2 comm qubits" in text
