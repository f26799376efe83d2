"""How the modules' programs interleave; `load.module_program` documents the form."""

from __future__ import annotations

from typing import Any

import numpy as np

from dqplan.core.gates import Op
from dqplan.core.program import Program


def manifest_of(program: Program) -> dict[str, Any]:
    """The manifest: runs of statements of one module, and e-bits."""
    circuit, names = program.circuit, [module.name for module in program.plan.hardware.modules]
    modules = np.unique(program.module_of)
    place = np.searchsorted(modules, program.module_of)
    first = place[circuit.qubits[:, 0]]
    ebit = circuit.op == Op.EPR
    begins = np.ones(len(circuit), dtype=np.bool_)
    begins[1:] = ebit[1:] | ebit[:-1] | (first[1:] != first[:-1])
    rows = np.flatnonzero(begins)
    ends = np.where(ebit[rows], place[circuit.qubits[rows, 1]], np.diff(rows, append=len(circuit)))
    order: list[list[int]] = np.stack([first[rows], ends], axis=1).tolist()
    for number, entry in enumerate(np.flatnonzero(ebit[rows]).tolist(), start=1):
        order[entry].append(number)
    return {"modules": [names[module] for module in modules.tolist()], "order": order}
