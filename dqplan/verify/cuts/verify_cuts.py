"""Check what `split` wrote where it cut: sums, islands, programs; from the texts alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from dqplan.core.circuit import Circuit
from dqplan.core.cutting import shots_needed
from dqplan.core.errors import HardwareError, Place, PlanError
from dqplan.core.hardware import Hardware
from dqplan.core.verdict import Check, Status, Verdict
from dqplan.load.cut_islands import island_folders, read_islands
from dqplan.load.cuts_document import CUTS_FILE, CutsDocument, cuts_document_of_text
from dqplan.load.emitted import Emitted
from dqplan.load.hardware_files.document import hardware_of_document
from dqplan.load.load_circuit import INPUT_FILES, circuit_of_text
from dqplan.verify.cuts.programs import check_programs
from dqplan.verify.cuts.reunion import check_reunion
from dqplan.verify.cuts.sums import check_sums
from dqplan.verify.equivalence import MAX_AMPLITUDES
from dqplan.verify.verify_plan import verify_plan


def verify_cuts(
    files: Mapping[str, str],
    circuit: Circuit | None = None,
    *,
    max_amplitudes: int = MAX_AMPLITUDES,
    stabilizer: bool = False,
) -> Verdict:
    """Read a cut circuit's files back and check them; nothing of the planner is used or believed.

    The terms of each cut add up to its channel; the islands' circuits, joined at the cuts, are the circuit; each island
    is one that `verify_plan` accepts; each subexperiment is its island's circuit with the operations of its terms. By
    linearity, the sum over all terms is then what the circuit gives.

    Args:
        files: texts by file name: cuts.json, island0/plan.json, … as `cut_files` makes them.
        circuit: compared with instead of the input file, which may then be missing.
        max_amplitudes: as for `verify_plan`, which checks the islands.
        stabilizer: the same.

    Raises:
        PlanError: a document is missing, damaged or of another version.
        InputError: a program or the input cannot be read.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/cdkm_adder_10.qasm")
    >>> hardware = dqplan.load_hardware("line:2x6+0")
    >>> cut = dqplan.cut_circuit(dqplan.segments_of(circuit), hardware, max_overhead=256)
    >>> programs = [dqplan.split_circuit(plan) for plan in dqplan.plan_islands(cut)]
    >>> dqplan.verify_cuts(dqplan.cut_files(cut, programs), circuit).holds
    True
    """
    document = cuts_document_of_text(files[CUTS_FILE])
    if circuit is None:
        circuit = _input(files)
    folders, islands = island_folders(document, files), read_islands(document, files)
    verdicts = [verify_plan(folder, max_amplitudes=max_amplitudes, stabilizer=stabilizer) for folder in folders]
    names = [island.name for island in document.islands]
    checks = (
        _check_files(document, islands, circuit, files),
        _check_counts(document, verdicts),
        check_sums(document),
        check_reunion(document, islands, circuit),
        *[_summary(name, verdict) for name, verdict in zip(names, verdicts, strict=True)],
        check_programs(document, islands, files),
    )
    return Verdict(
        checks,
        sum(verdict.ebits for verdict in verdicts),
        {link: number for verdict in verdicts for link, number in verdict.ebits_by_link.items()},
        {module: number for verdict in verdicts for module, number in verdict.peak_comm.items()},
    )


def _input(files: Mapping[str, str]) -> Circuit:
    for name in INPUT_FILES:
        if name in files:
            return circuit_of_text(files[name], name)
    hint = "name the circuit: dqplan verify DIRECTORY CIRCUIT"
    raise PlanError("the directory holds neither input.qasm nor input.json", hint=hint)


def _check_files(
    document: CutsDocument, islands: Sequence[Emitted], circuit: Circuit, files: Mapping[str, str]
) -> Check:
    """Everything that cuts.json names is there, and describes the same circuit and hardware as the islands' folders."""
    faults = list(_file_faults(document, islands, circuit, files))
    if faults:
        return Check("files", Status.FAILED, "; ".join(faults))
    detail = "all files are there; circuit and hardware are those of cuts.json, the islands parts of it that are apart"
    return Check("files", Status.PROVED, detail)


def _file_faults(
    document: CutsDocument, islands: Sequence[Emitted], circuit: Circuit, files: Mapping[str, str]
) -> Iterator[str]:
    for name in document.files:
        if name.endswith(".qasm") and name not in files and name not in INPUT_FILES:
            yield f"{name} is missing"
    told = document.circuit
    registers = [(part.name, part.size) for part in told.registers]
    if told.digest != circuit.digest or registers != [(r.name, r.size) for r in circuit.cregs]:
        digests = f"its digest is {circuit.digest[:12]}…, cuts.json has {told.digest[:12]}…"
        yield f"{circuit.name} is not the circuit that was cut: {digests}"
    hardware = _hardware(document)
    if (document.hardware.digest, document.hardware.num_modules) != (hardware.digest, hardware.num_modules):
        yield "cuts.json's hardware description does not have the digest or number of modules that it states"
    known = {module.name: module for module in hardware.modules}
    links = {hardware.link_name(link.a, link.b) for link in hardware.quantum_links.values()}
    used: list[str] = []
    for part, island in zip(document.islands, islands, strict=True):
        used += (own := [module.name for module in island.hardware.modules])
        if part.modules != own or any(known.get(module.name) != module for module in island.hardware.modules):
            yield f"the modules of {part.name} are not those of cuts.json's hardware"
        if not set(island.hardware.link_by_name) <= links:
            yield f"{part.name} has a link that cuts.json's hardware lacks"
    if len(set(used)) < len(used):
        yield "a module is in two islands"


def _hardware(document: CutsDocument) -> Hardware:
    try:
        return hardware_of_document(document.hardware.description, CUTS_FILE)
    except HardwareError as error:
        message = f"hardware.description is no hardware file: {error.message}"
        raise PlanError(message, place=Place(CUTS_FILE)) from error


def _check_counts(document: CutsDocument, verdicts: Sequence[Verdict]) -> Check:
    """E-bits counted in the programs, and the numbers of shots that follow from the coefficients."""
    faults = []
    for part, verdict in zip(document.islands, verdicts, strict=True):
        if part.ebits != verdict.ebits:
            faults.append(f"{part.name} has {verdict.ebits} e-bits, {CUTS_FILE} says {part.ebits}")
        if not math.isclose(sum(each.share for each in part.subexperiments), 1, rel_tol=1e-6):
            faults.append(f"the shares of {part.name}'s shots do not add up to 1")
    shots = shots_needed(document.overhead, len(document.islands), document.standard_error)
    if not math.isclose(shots, document.shots_per_island, rel_tol=1e-6):
        faults.append(f"{CUTS_FILE} says {document.shots_per_island:.6g} shots, it should be {shots:.6g}")
    if faults:
        return Check("recount", Status.FAILED, "; ".join(faults))
    ebits = sum(verdict.ebits for verdict in verdicts)
    detail = f"{ebits} e-bits, {document.shots_per_island:,.0f} shots of each island for {document.standard_error:g}"
    return Check("recount", Status.PROVED, detail)


def _summary(island: str, verdict: Verdict) -> Check:
    """One line for all checks of an island: the worst of them decides, but for those that others make up for."""
    failed = next((check for check in verdict.checks if check.status is Status.FAILED), None)
    if failed is not None:
        return Check(island, Status.FAILED, f"{failed.name}: {failed.detail}")
    by_status = {status: [c.name for c in verdict.checks if c.status is status] for status in Status}
    detail = "; ".join(f"{status}: {', '.join(names)}" for status, names in by_status.items() if names)
    proved = any(c.status is Status.PROVED for c in verdict.checks if c.name in ("structure", "equivalence"))
    return Check(island, Status.PROVED if proved else Status.SKIPPED, f"{verdict.ebits} e-bits; {detail}")
