"""CutCircuit -> cuts.json, schema `dqplan.cuts/1`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from dqplan.core.cutting import OPERATIONS, Cut, CutCircuit, Island, Subexperiment, shots_needed
from dqplan.core.program import Program
from dqplan.core.verdict import Check
from dqplan.load.hardware_files.document import hardware_document

SCHEMA = "dqplan.cuts/1"
STANDARD_ERROR = 0.01
"""For which the number of shots is told."""


def cut_document(
    cut: CutCircuit,
    programs: Sequence[Program],
    subexperiments: Sequence[Sequence[Subexperiment]],
    checks: Sequence[Check],
    files: Sequence[str],
) -> dict[str, Any]:
    """The document as JSON-able values, keys in a stable order.

    Args:
        cut: the circuit in parts.
        programs: of the islands, with every end measured.
        subexperiments: of the islands.
        checks: of the verdict, if there is one.
        files: names of all files.
    """
    circuit, hardware = cut.segments.circuit, cut.hardware
    used = {name for each in cut.cuts for term in each.terms for name in term.operations}
    return {
        "schema": SCHEMA,
        "circuit": {
            "name": circuit.name,
            "digest": circuit.digest,
            "num_qubits": circuit.num_qubits,
            "registers": [{"name": register.name, "size": register.size} for register in circuit.cregs],
        },
        "hardware": {
            "name": hardware.name,
            "digest": hardware.digest,
            "num_modules": hardware.num_modules,
            "description": hardware_document(hardware),
        },
        "max_overhead": cut.max_overhead,
        "overhead": cut.overhead,
        "least_overhead": cut.least_overhead,
        "proved_by": cut.proved_by,
        "optimal": cut.optimal,
        "standard_error": STANDARD_ERROR,
        "shots_per_island": shots_needed(cut.overhead, len(cut.islands), STANDARD_ERROR),
        "cuts": [_cut(each) for each in cut.cuts],
        "operations": {
            name: {"gates": [gate.spelling for gate in operation.gates], "measured": operation.measured}
            for name, operation in OPERATIONS.items()
            if name in used
        },
        "islands": [_island(*each) for each in zip(cut.islands, programs, subexperiments, strict=True)],
        "inputs": [list(place) for place in cut.inputs],
        "outputs": [list(place) for place in cut.outputs],
        "order": [[island, len(list(run))] for island, run in groupby(cut.order)],
        "checks": [asdict(check) for check in checks],
        "files": list(files),
    }


def _cut(cut: Cut) -> dict[str, Any]:
    return {
        "kind": cut.kind.value,
        "line": cut.line,
        "qubits": list(cut.qubits),
        "angle": cut.angle,
        "overhead": cut.overhead,
        "ends": [[end.island, end.number] for end in cut.ends],
        "terms": [
            {"coefficient": term.coefficient, "operations": list(term.operations), "signed": list(term.signed)}
            for term in cut.terms
        ],
    }


def _island(island: Island, program: Program, subexperiments: Sequence[Subexperiment]) -> dict[str, Any]:
    return {
        "name": island.name,
        "modules": [module.name for module in island.hardware.modules],
        "ebits": program.plan.cost.ebits,
        "clbits": list(island.clbits),
        "num_ends": island.num_ends,
        "subexperiments": [
            {"name": each.name, "operations": list(each.operations), "share": each.share} for each in subexperiments
        ],
    }
