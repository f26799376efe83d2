"""Which strength of evidence is given when, and what may differ without harm."""

from __future__ import annotations

import pytest

from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import read_emitted
from dqplan.verify.equivalence import check_equivalence
from tests.verify.programs import HEADER, JOINT, directory


def checked(files: dict[str, str], max_amplitudes: int = 1 << 22) -> Check:
    return check_equivalence(read_emitted(files), max_amplitudes)


@pytest.mark.parametrize(
    ("max_amplitudes", "status"), [(64, Status.PROVED), (32, Status.TESTED), (16, Status.TESTED), (7, Status.SKIPPED)]
)
def test_the_evidence_is_what_the_budget_allows(max_amplitudes, status):
    """Three qubits and three references need 2^6 amplitudes; without references, one comm qubit needs a fourth axis."""
    check = checked(directory(), max_amplitudes)
    assert check.status is status


@pytest.mark.parametrize("max_amplitudes", [64, 16])
def test_a_wrong_program_fails_with_and_without_references(max_amplitudes):
    wrong = JOINT.replace("if (msg1 == 1) z m0_data[0];\n", "")
    assert checked(directory(joint=wrong), max_amplitudes).status is Status.FAILED


def local(circuit: str, joint: str, size: int = 3, bits: int = 2) -> dict[str, str]:
    """A circuit on one module, in two spellings."""
    return directory(
        f"{HEADER}qubit[{size}] q;\nbit[{bits}] c;\n{circuit}",
        f"{HEADER}qubit[{size}] m0_data;\nbit[{bits}] c;\n{joint.replace('q[', 'm0_data[')}",
        hardware=f"all:2x{size}",
        begin=[f"m0_data[{qubit}]" for qubit in range(size)],
        routes=[],
        clbits=[{"name": "c", "offset": 0, "as": "c", "size": bits}],
        peak_comm={},
    )


SAME = {
    "global phase": ("rz(0.4) q[0];", "p(0.4) q[0];"),
    "order of a symmetric gate": ("cp(0.3) q[0], q[1];", "cp(0.3) q[1], q[0];"),
    "spelling": ("cx q[0], q[1];", "h q[1]; cz q[1], q[0]; h q[1];"),
    "phase before a final measurement": (
        "ry(0.3) q[0]; c[0] = measure q[0];",
        "ry(0.3) q[0]; t q[0]; c[0] = measure q[0];",
    ),
    "diagonal gates behind a final measurement": (
        "h q[0]; cz q[0], q[1]; c[0] = measure q[0];",
        "h q[0]; c[0] = measure q[0]; cz q[0], q[1];",
    ),
    "outcome used instead of the qubit": (
        "h q[0]; cx q[0], q[1]; c[0] = measure q[0];",
        "h q[0]; c[0] = measure q[0]; if (c[0]) x q[1];",
    ),
    "what a reset forgets": ("h q[0]; reset q[0]; h q[0];", "x q[0]; reset q[0]; h q[0];"),
    "a qubit that begins with a reset": ("reset q[0]; h q[0];", "reset q[0]; h q[0];"),
}
DIFFERENT = {
    "relative phase": ("h q[0];", "h q[0]; s q[0];"),
    "on |1> only": ("", "cz q[0], q[1];"),
    "two bits exchanged": (
        "c[0] = measure q[0]; c[1] = measure q[1];",
        "c[1] = measure q[0]; c[0] = measure q[1];",
    ),
    "measured but not recorded": ("c[0] = measure q[0];", "reset q[0];"),
    "an unwanted measurement": ("", "c[0] = measure q[0]; c[0] = measure q[1];"),
    "a final measurement left out": ("c[0] = measure q[0];", ""),
    "a reset left out": ("reset q[0];", ""),
    "the wrong condition": (
        "c[0] = measure q[0]; if (c[0]) x q[1];",
        "c[0] = measure q[0]; if (!c[0]) x q[1];",
    ),
    "a record that changes behind the measurement": (
        "c[0] = measure q[0]; x q[0];",
        "x q[0]; c[0] = measure q[0];",
    ),
}


@pytest.mark.parametrize("case", SAME)
@pytest.mark.parametrize(("max_amplitudes", "status"), [(1 << 10, Status.PROVED), (32, Status.TESTED)])
def test_programs_that_do_the_same(case, max_amplitudes, status):
    check = checked(local(*SAME[case]), max_amplitudes)
    assert check.status in (status, Status.PROVED), "a qubit that begins with a reset needs no reference"


@pytest.mark.parametrize("case", DIFFERENT)
@pytest.mark.parametrize("max_amplitudes", [1 << 10, 32])
def test_programs_that_do_not(case, max_amplitudes):
    assert checked(local(*DIFFERENT[case]), max_amplitudes).status is Status.FAILED


def test_many_final_measurements_need_no_branches():
    """Measurements at the end are read off the state; followed one by one they would make 2^8 branches."""
    body = "".join(f"h q[{k}];\n" for k in range(8)) + "cx q[0], q[1];\n" * 3
    measures = "".join(f"c[{k}] = measure q[{k}];\n" for k in range(8))
    files = local(body + measures, body + measures, size=8, bits=8)
    check = checked(files)
    assert check.status is Status.PROVED
    assert "at most 1 branches" in check.detail
