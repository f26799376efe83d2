"""Right programs pass, and every planted bug is caught by the check that is there for it."""

from __future__ import annotations

import json
import re
from contextlib import suppress

import pytest

from dqplan.core.errors import InputError, PlanError
from dqplan.core.verdict import Status, Verdict
from dqplan.load.load_circuit import circuit_of_text
from dqplan.verify.verify_plan import verify_plan
from tests.verify.programs import CIRCUIT, EBIT, HEADER, JOINT, directory, edited, plan_with


def failures(verdict: Verdict) -> dict[str, str]:
    return {check.name: check.detail for check in verdict.checks if check.status is Status.FAILED}


def test_a_right_program_is_proved():
    verdict = verify_plan(directory())
    assert verdict.holds
    assert {check.status for check in verdict.checks} == {Status.PROVED}
    assert (verdict.ebits, verdict.ebits_by_link, verdict.peak_comm) == (1, {"m0--m1": 1}, {"m0": 1, "m1": 1})


TELEPORT = (
    HEADER
    + EBIT
    + """qubit[1] m0_data;
qubit[1] m0_comm;
qubit[1] m1_data;
qubit[2] m1_comm;
qubit[2] m2_data;
qubit[1] m2_comm;
bit[2] c;
bit[1] msg0;
bit[1] msg1;
bit[1] msg2;
bit[1] msg3;
h m0_data[0];
c[0] = measure m0_data[0];
if (c[0]) h m0_data[0];
reset m0_comm[0];
reset m1_comm[0];
epr m0_comm[0], m1_comm[0];
reset m1_comm[1];
reset m2_comm[0];
epr m1_comm[1], m2_comm[0];
cx m1_comm[0], m1_comm[1];
msg0[0] = measure m1_comm[1];
if (msg0 == 1) x m2_comm[0];
h m1_comm[0];
msg1[0] = measure m1_comm[0];
if (msg1 == 1) z m2_comm[0];
cx m0_data[0], m0_comm[0];
msg2[0] = measure m0_comm[0];
if (msg2 == 1) x m2_comm[0];
h m0_data[0];
msg3[0] = measure m0_data[0];
if (msg3 == 1) z m2_comm[0];
swap m2_comm[0], m2_data[1];
cx m2_data[1], m2_data[0];
reset m1_data[0];
c[1] = measure m2_data[0];
"""
)
"""Measure, act on the outcome, teleport over two links with entanglement swapping, reset, measure at the end."""


def teleport_files(joint: str = TELEPORT) -> dict[str, str]:
    circuit = """qubit[3] q; bit[2] c; h q[0]; c[0] = measure q[0]; if (c[0]) { h q[0]; } cx q[0], q[2]; reset q[1];
    c[1] = measure q[2];"""
    return directory(
        HEADER + circuit,
        joint,
        hardware="line:3x2+2",
        begin=["m0_data[0]", "m1_data[0]", "m2_data[0]"],
        end=["m2_data[1]", "m1_data[0]", "m2_data[0]"],
        routes=[["m0", "m1", "m2"]],
        clbits=[{"name": "c", "offset": 0, "as": "c", "size": 2}],
        peak_comm={"m0": 1, "m1": 2, "m2": 1},
    )


def test_a_dynamic_circuit_with_a_routed_teleport_is_proved():
    verdict = verify_plan(teleport_files())
    assert {check.status for check in verdict.checks} == {Status.PROVED}
    assert verdict.ebits_by_link == {"m0--m1": 1, "m1--m2": 1}


@pytest.mark.parametrize("message", range(4))
def test_every_correction_of_a_routed_teleport_is_needed(message):
    joint = re.sub(rf"if \(msg{message} == 1\).*\n", "", TELEPORT)
    assert set(failures(verify_plan(teleport_files(joint)))) == {"structure", "equivalence"}


def test_openqasm_2_spells_the_swap_out_and_is_read_the_same():
    swap = "cx m2_comm[0], m2_data[1];\ncx m2_data[1], m2_comm[0];\ncx m2_comm[0], m2_data[1];\n"
    verdict = verify_plan(teleport_files(TELEPORT.replace("swap m2_comm[0], m2_data[1];\n", swap)))
    assert verdict.holds
    assert verdict.peak_comm["m2"] == 1


EQUIVALENCE_BUGS = {
    "missing X correction": ("if (msg0 == 1) x m1_comm[0];\n", ""),
    "missing Z correction": ("if (msg1 == 1) z m0_data[0];\n", ""),
    "correction on the wrong outcome": ("if (msg0 == 1)", "if (msg0 == 0)"),
    "swapped control": ("cx m1_comm[0], m1_data[0];", "cx m1_data[0], m1_comm[0];"),
    "wrong angle": ("cp(0.7)", "cp(0.700001)"),
    "gate left out": ("cp(0.7) m1_comm[0], m1_data[0];\n", ""),
    "e-bit used for two qubits": (
        "cx m0_data[0], m0_comm[0];\n",
        "cx m0_data[0], m0_comm[0];\ncx m0_data[1], m0_comm[0];\n",
    ),
    "stale copy: alive behind an H on the original": (
        "h m1_comm[0];\nmsg1[0] = measure m1_comm[0];\nif (msg1 == 1) z m0_data[0];\nh m0_data[0];\n",
        "h m0_data[0];\nh m1_comm[0];\nmsg1[0] = measure m1_comm[0];\nif (msg1 == 1) z m0_data[0];\n",
    ),
    "stale copy: used behind an X on the original": (
        "cx m1_comm[0], m1_data[0];\n",
        "x m0_data[0];\ncx m1_comm[0], m1_data[0];\n",
    ),
    "copy that is never removed": ("h m1_comm[0];\nmsg1[0] = measure m1_comm[0];\nif (msg1 == 1) z m0_data[0];\n", ""),
    "copy removed in the wrong basis": ("h m1_comm[0];\nmsg1", "msg1"),
}


@pytest.mark.parametrize("bug", EQUIVALENCE_BUGS)
def test_a_program_that_computes_something_else_is_not_equivalent(bug):
    """Module programs are cut from the wrong joint program, so that only the simulation can notice."""
    old, new = EQUIVALENCE_BUGS[bug]
    assert old in JOINT
    verdict = verify_plan(directory(joint=JOINT.replace(old, new, 1)))
    assert set(failures(verdict)) == {"structure", "equivalence"}


LEGALITY_BUGS = {
    "gate across modules": ("cx m0_data[0], m0_data[1];", "cx m0_data[0], m1_data[0];", "e-bits join comm qubits only"),
    "gate across modules that no e-bit has": ("cp(0.7) m1_comm[0]", "cp(0.7) m0_data[0]", "not the preparation"),
    "message used again": ("msg1[0] = measure", "msg0[0] = measure", "message msg0[0] is written a second time"),
    "message read too early": ("if (msg0 == 1)", "if (msg1 == 1)", "message msg1[0] is read before it is written"),
    "e-bit on a used comm qubit": ("reset m1_comm[0];\n", "", "not reset just before"),
    "half an e-bit": ("epr m0_comm[0], m1_comm[0];", "cx m0_comm[0], m1_comm[0];", "not reset just before"),
    "comm qubit used behind its measurement": (
        "h m0_data[0];\ncx m0_data[0], m0_data[1];",
        "h m0_data[0];\nx m1_comm[0];\ncx m0_data[0], m0_data[1];",
        "m1_comm[0] is used without a reset",
    ),
}


@pytest.mark.parametrize("bug", LEGALITY_BUGS)
def test_an_illegal_operation_is_named_with_its_line(bug):
    old, new, told = LEGALITY_BUGS[bug]
    joint = JOINT.replace(old, new, 1)
    assert joint != JOINT
    detail = failures(verify_plan(directory(joint=joint)))["legality"]
    assert re.match(r"joint\.qasm:\d+: ", detail)
    assert told in detail


def test_an_ebit_over_a_missing_link():
    joint = JOINT.replace("m1_", "m2_")
    files = directory(joint=joint, hardware="line:3x2+1", begin=["m0_data[0]", "m0_data[1]", "m2_data[0]"])
    told = "joint.qasm:14: cx m0_comm[0], m2_comm[0] needs a quantum link between m0 and m2"
    assert told in failures(verify_plan(files))["legality"]


def test_too_many_qubits_of_either_kind():
    comm = directory(joint=JOINT.replace("qubit[1] m1_comm", "qubit[2] m1_comm"))
    assert failures(verify_plan(comm))["legality"] == "module m1 has 1 comm qubits for gates, the program uses 2"
    data = directory(hardware="all:2x1+1")
    assert failures(verify_plan(data))["legality"] == "module m0 has 1 data qubits for gates, the program uses 2"


def test_a_relaxed_plan_may_use_any_number_of_comm_qubits_and_says_so():
    files = directory(joint=JOINT.replace("qubit[1] m1_comm", "qubit[2] m1_comm"), relaxed=True)
    legality = next(check for check in verify_plan(files).checks if check.name == "legality")
    assert legality.status is Status.PROVED
    assert "comm-qubit limits not checked" in legality.detail


COUNT_BUGS = {
    "e-bits": {"cost__ebits": 2},
    "e-bits by link": {"cost__ebits_by_link": {"m0--m1": 2}},
    "the weights of their links": {"cost__weighted_ebits": 3.0},
    "peaks of comm qubits": {"cost__peak_comm": {"m0": 1, "m1": 2}},
    "data qubits of m0": {"cost__peak_data": {"m0": 1, "m1": 1}},
    "the routes": {"plan__shares": []},
    "bound": {"bound__ebits": 2},
    "(optimal: True)": {"bound__optimal": True},
    "its cost says 1 (1)": {"cost__teleports": 1},
}


@pytest.mark.parametrize("told", COUNT_BUGS)
def test_wrong_numbers_in_the_plan_are_recounted(told):
    assert told in failures(verify_plan(plan_with(directory(), **COUNT_BUGS[told])))["recount"]


def test_an_altered_module_program_is_named_with_both_lines():
    files = edited(directory(), "m1.qasm", "cp(0.7)", "cp(0.8)")
    assert failures(verify_plan(files)) == {
        "module programs": "m1.qasm:13: `cp(0.8) m1_comm[0], m1_data[0];`, but joint.qasm:19 has "
        "`cp(0.7) m1_comm[0], m1_data[0];`"
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("h m0_data[0];\n", "", "m0.qasm:8"),
        ("cx m0_data[0], m0_data[1];\n", "", "m0.qasm ends before"),
        ("cx m0_data[0], m0_data[1];\n", "cx m0_data[0], m0_data[1];\nx m0_data[0];\n", "is behind the manifest"),
        ("cx m0_data[0], m0_data[1];\n", "cx m0_data[0]", "m0.qasm:"),
    ],
)
def test_a_module_program_must_have_the_same_operations(old, new, told):
    assert told in failures(verify_plan(edited(directory(), "m0.qasm", old, new)))["module programs"]


def test_a_missing_module_program_fails():
    files = directory()
    del files["m1.qasm"]
    found = failures(verify_plan(files))
    assert found == {"files": "m1.qasm is missing", "module programs": "m1.qasm is missing"}


def test_an_altered_input_is_noticed_by_digest_and_by_simulation():
    files = edited(directory(), "input.qasm", "cp(0.7)", "cp(0.6)")
    assert set(failures(verify_plan(files))) == {"files", "structure", "equivalence"}


def test_a_given_circuit_replaces_the_input_file():
    files = directory()
    del files["input.qasm"]
    assert verify_plan(files, circuit_of_text(CIRCUIT, "mine.qasm")).holds
    other = circuit_of_text(HEADER + "qubit[4] q; h q[3];", "other.qasm")
    found = failures(verify_plan(files, other))
    assert "other is not the circuit that was split" in found["files"]
    assert "4 qubits" in found["equivalence"]


def test_an_altered_hardware_description_fails():
    description = json.loads(directory()["plan.json"])["hardware"]["description"]
    description["modules"][0]["data"] = 7
    assert "files" in failures(verify_plan(plan_with(directory(), hardware__description=description)))


@pytest.mark.parametrize("missing", ["plan.json", "joint.qasm", "input.qasm"])
def test_a_directory_without_a_needed_file_is_no_plan(missing):
    files = directory()
    del files[missing]
    with pytest.raises(PlanError, match=re.escape(missing)):
        verify_plan(files)


@pytest.mark.parametrize(
    "changes",
    [
        {"layout__input": ["m0_data[0]", "m0_data[0]", "m1_data[0]"]},
        {"layout__input": ["m0_data[0]", "m0_data[7]", "m1_data[0]"]},
        {"layout__input": ["m0_data[0]"]},
        {"layout__registers": []},
        {"layout__messages": 99},
        {"layout__clbits": [{"name": "c", "as": "nowhere", "size": 1}]},
        {"hardware__description": {}},
    ],
)
def test_a_layout_that_does_not_fit_the_program_is_no_plan(changes):
    with pytest.raises(PlanError):
        verify_plan(plan_with(directory(), **changes))


@pytest.mark.parametrize("length", range(0, len(JOINT), 37))
def test_a_truncated_joint_program_is_refused_or_fails(length):
    with suppress(InputError):
        assert not verify_plan({**directory(), "joint.qasm": JOINT[:length]}).holds


def test_a_circuit_without_operations_is_a_circuit():
    empty = HEADER + "qubit[2] q;\n"
    files = directory(
        empty, HEADER + "qubit[2] m0_data;\n", begin=["m0_data[0]", "m0_data[1]"], routes=[], peak_comm={}
    )
    assert verify_plan(files, circuit_of_text(empty, "empty.qasm")).holds
