"""What a program does with memory qubits is checked and counted; planted bugs are caught by the check for them."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from dqplan.core.stay import Stay
from dqplan.core.verdict import Status
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.verify_plan import verify_plan
from tests.split.test_stays import WAITING, chain, staying, there
from tests.verify.programs import plan_with

HERE = program_files(split_circuit(staying(there((0,)))))
ELSEWHERE = program_files(split_circuit(staying(there((0, 1, 2)))))


def failures(files: Mapping[str, str]) -> dict[str, str]:
    checks = verify_plan(files, WAITING.circuit).checks
    return {check.name: check.detail for check in checks if check.status is Status.FAILED}


def changed(files: Mapping[str, str], module: str, old: str, new: str) -> dict[str, str]:
    """The same change in the joint program and in that of a module."""
    assert old in files["joint.qasm"]
    return {**files, **{name: files[name].replace(old, new, 1) for name in ("joint.qasm", f"{module}.qasm")}}


def test_right_programs_hold() -> None:
    assert failures(HERE) == failures(ELSEWHERE) == {}


LEGALITY_BUGS = {
    "gate": ("swap p_memory[0], p_data[0];", "z p_memory[0];\nswap p_memory[0], p_data[0];", "z on the memory qubit"),
    "two-qubit gate": ("cx p_data[2], p_data[1];", "cx p_data[2], p_memory[0];", "cx on the memory qubit p_memory[0]"),
    "reset": (
        "swap p_data[0], p_memory[0];",
        "reset p_memory[0];\nswap p_data[0], p_memory[0];",
        "reset on the memory",
    ),
}


@pytest.mark.parametrize("bug", LEGALITY_BUGS)
def test_anything_but_swap_on_a_memory_qubit_is_illegal(bug: str) -> None:
    old, new, told = LEGALITY_BUGS[bug]
    assert told in failures(changed(HERE, "p", old, new))["legality"]


def test_more_at_once_than_there_are_memory_qubits_is_illegal() -> None:
    """The planted bug is a stay that is too long for the register: it overlaps with another one."""
    other = Stay(2, (0, 1, 2), int(WAITING.gates[0]), int(WAITING.gates[1]))
    overlapping = program_files(split_circuit(staying(there((0, 1, 2)), other)))
    assert "module mem has 1 memory qubits, the program uses 2" in failures(overlapping)["legality"]
    roomy = program_files(split_circuit(staying(there((0, 1, 2)), other, hardware=chain(memory=2))))
    assert failures(roomy) == {}


def test_a_comm_qubit_that_was_swapped_with_an_empty_memory_qubit_holds_nothing() -> None:
    """The way back takes what another memory qubit holds, which is nothing."""
    files = program_files(split_circuit(staying(there((0, 1, 2)), hardware=chain(memory=2))))
    document = json.loads(files["plan.json"])
    next(part for part in document["layout"]["registers"] if part["name"] == "mem_memory")["size"] = 2
    files = changed(files, "mem", "swap mem_memory[0], mem_comm[1];", "swap mem_memory[1], mem_comm[1];")
    files = changed(files, "mem", "qubit[1] mem_memory;", "qubit[2] mem_memory;")
    found = failures({**files, "plan.json": json.dumps(document)})
    assert "comm qubit mem_comm[1] is used without a reset" in found["legality"]


@pytest.mark.parametrize(("key", "told"), [("input", "starts"), ("output", "ends")])
def test_circuit_qubits_neither_start_nor_end_in_memory(key: str, told: str) -> None:
    document = json.loads(HERE["plan.json"])
    document["layout"][key][0] = "p_memory[0]"
    detail = failures({**HERE, "plan.json": json.dumps(document)})["legality"]
    assert detail == f"circuit qubit 0 {told} in the memory qubit p_memory[0]"


COUNT_BUGS = {
    "e-bits": {"cost__ebits": 2},
    "e-bits by link": {"cost__ebits_by_link": {"p--hub": 2}},
    "peaks of memory qubits": {"cost__peak_memory": {"mem": 2}},
    "peaks of comm qubits": {"cost__peak_comm": {"p": 1, "hub": 2, "mem": 1}},
    "the routes of plan.json's shares and stays": {"plan__stays": []},
    "its cost says 1 (2)": {"cost__shares": 1},
}


@pytest.mark.parametrize("told", COUNT_BUGS)
def test_wrong_numbers_are_recounted(told: str) -> None:
    assert told in failures(plan_with(ELSEWHERE, **COUNT_BUGS[told]))["recount"]


def test_a_qubit_that_is_not_fetched_is_missed() -> None:
    files = changed(HERE, "p", "swap p_memory[0], p_data[0];\n", "")
    assert "equivalence" in failures(files)


def test_no_copy_rests_in_a_repeater_or_outside_memory_qubits_in_a_memory_module() -> None:
    share = {"segment": 0, "until": 0, "route": ["p", "hub", "mem"], "begin": 0, "end": 0, "teleport": False}
    found = failures(plan_with(ELSEWHERE, plan__shares=[share]))
    assert found["legality"] == "share 0 of plan.json has a copy in mem, a memory module"
