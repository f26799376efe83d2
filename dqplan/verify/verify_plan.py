"""Check what `split` wrote from its texts alone: whole, legal, counted right, consistent, equivalent to the input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dqplan.core.circuit import Circuit
from dqplan.core.verdict import Check, Status, Verdict
from dqplan.load.emitted import Emitted, read_emitted, read_native
from dqplan.load.load_circuit import INPUT_FILES
from dqplan.verify.bound_check import check_bound
from dqplan.verify.dropped_check import check_dropped, without_dropped
from dqplan.verify.equivalence import MAX_AMPLITUDES, check_equivalence
from dqplan.verify.legality import check_legality
from dqplan.verify.native.native_check import check_native
from dqplan.verify.projection import check_modules
from dqplan.verify.purification_check import check_purification
from dqplan.verify.recount import check_counts, count_program
from dqplan.verify.schedule_check import check_schedule
from dqplan.verify.stabilizer_check import check_stabilizer
from dqplan.verify.structure.structure_check import check_structure


def verify_plan(
    files: Mapping[str, str],
    circuit: Circuit | None = None,
    *,
    max_amplitudes: int = MAX_AMPLITUDES,
    stabilizer: bool = False,
) -> Verdict:
    """Read emitted programs back and check them; nothing of the planner is used or believed.

    Args:
        files: texts by file name: plan.json, joint.qasm, <module>.qasm, input.qasm or input.json, and perhaps
            joint.native.qasm, <module>.native.qasm and schedule.json.
        circuit: compared with instead of the input file, which may then be missing.
        max_amplitudes: most amplitudes that the exact simulation may hold at once; 16 bytes each, a few arrays.

        stabilizer: whether stim, if it is installed, is asked as well. Off by default, so that what `split` writes
            does not depend on what else is installed.

    Returns:
        The verdict; each check says how much it is worth, and the place of what it found.

    Raises:
        PlanError: plan.json is missing, damaged or of another version, or does not fit the joint program.
        InputError: the joint program or the input cannot be read.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/ghz_8.qasm")
    >>> segments, hardware = dqplan.segments_of(circuit), dqplan.load_hardware("line:2x5+1")
    >>> plan = dqplan.solve_plan(segments, hardware, effort=dqplan.Effort.QUICK)
    >>> verify_plan(dqplan.program_files(dqplan.split_circuit(plan)), circuit).holds
    True
    """
    whole = read_emitted(files, circuit)
    emitted = without_dropped(whole)
    native = read_native(emitted, files)
    counts = count_program(emitted)
    checks = (
        _check_files(whole, files),
        *check_dropped(whole),
        check_legality(emitted),
        check_native(emitted, native, files),
        check_counts(emitted, counts),
        check_bound(emitted),
        *check_purification(emitted),
        check_modules(emitted, files),
        *([] if native is None else [check_modules(native, files)]),
        *check_schedule(native or emitted, files),
        check_structure(emitted),
        *([check_stabilizer(emitted)] if stabilizer else []),
        check_equivalence(emitted, max_amplitudes),
    )
    if whole.document.dropped is not None:
        checks = tuple(_labelled(check) for check in checks)
    return Verdict(checks, counts.ebits, counts.ebits_by_link, counts.peak_comm)


def _labelled(check: Check) -> Check:
    """The check with what it is about: the circuit less its dropped gates."""
    told = check.name in ("bound", "structure", "stabilizer", "equivalence") and check.status is not Status.SKIPPED
    return replace(check, detail=f"without the dropped gates: {check.detail}") if told else check


def _check_files(emitted: Emitted, files: Mapping[str, str]) -> Check:
    """Everything that plan.json names is there, and describes the same circuit and hardware."""
    faults = list(_file_faults(emitted, files))
    if faults:
        return Check("files", Status.FAILED, "; ".join(faults))
    detail = "all files are there; digests of circuit and hardware are those of plan.json"
    return Check("files", Status.PROVED, detail)


def _file_faults(emitted: Emitted, files: Mapping[str, str]) -> Iterator[str]:
    document, circuit, hardware = emitted.document, emitted.circuit, emitted.hardware
    for name in document.files:
        if name not in files and name.endswith(".qasm") and name not in INPUT_FILES:
            yield f"{name} is missing"
    if document.circuit.digest != circuit.digest:
        digests = f"its digest is {circuit.digest[:12]}…, plan.json has {document.circuit.digest[:12]}…"
        yield f"{circuit.name} is not the circuit that was split: {digests}"
    told = (document.circuit.num_qubits, document.circuit.num_gates_2q)
    found = (circuit.num_qubits, circuit.num_gates_2q)
    if told != found:
        yield f"(qubits, two-qubit gates) are {told} in plan.json, {found} in the circuit"
    if (document.hardware.digest, document.hardware.num_modules) != (hardware.digest, hardware.num_modules):
        yield "plan.json's hardware description does not have the digest or number of modules that it states"
