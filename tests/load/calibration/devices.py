"""Calibrations in the forms of IBM, with made-up numbers: five qubits in a line, and a pair that does not work."""

from __future__ import annotations

import json
from typing import Any

T1_US = (100.0, 120.0, 140.0, 160.0, 500.0)
T2_US = (80.0, 90.0, 100.0, 110.0, 120.0)
READOUT = (0.01, 0.02, 0.03, 0.04, 0.05)
SX = (1e-4, 2e-4, 3e-4, 4e-4, 1e-3)
CZ = {(0, 1): 0.002, (1, 2): 0.004, (2, 3): 0.006, (3, 4): 0.05}


def number(name: str, value: object, unit: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "date": "2026-11-25T06:00:00Z"}


def properties(**changes: Any) -> dict[str, Any]:
    """Backend properties; `cz` changes errors of pairs, and other keys those of the document."""
    cz = CZ | changes.pop("cz", {})
    t1_us = changes.pop("t1_us", T1_US)
    qubits = [
        [
            number("T1", t1_us[q], "us"),
            number("T2", T2_US[q], "us"),
            number("frequency", 4.9, "GHz"),
            number("readout_error", READOUT[q]),
            number("readout_length", 1500, "ns"),
        ]
        for q in range(5)
    ]
    gates = [gate("sx", [q], SX[q], 32) for q in range(5)] + [gate("rz", [q], 0, 0) for q in range(5)]
    gates += [
        gate("cz", list(pair), error, 68) for a, b in cz for pair, error in (((a, b), cz[a, b]), ((b, a), cz[a, b]))
    ]
    gates += [{"gate": "reset", "qubits": [q], "parameters": [number("gate_length", 1600, "ns")]} for q in range(5)]
    made = {
        "backend_name": "made_up",
        "backend_version": "1.0.0",
        "last_update_date": "2026-11-25T08:30:00Z",
        "qubits": qubits,
        "gates": gates,
        "general": [],
    }
    return made | changes


def gate(name: str, qubits: list[int], error: float, length_ns: float) -> dict[str, Any]:
    return {
        "gate": name,
        "qubits": qubits,
        "parameters": [number("gate_error", error), number("gate_length", length_ns, "ns")],
    }


def properties_text(**changes: Any) -> str:
    return json.dumps(properties(**changes))


CSV_HEADER = (
    "Qubit,T1 (us),T2 (us),Readout assignment error,Prob meas0 prep1,Prob meas1 prep0,Readout length (ns),ID error,"
    "Single-qubit gate length (ns),Z-axis rotation (rz) error,√x (sx) error,Pauli-X error,CZ error,Gate length (ns),"
    "MEASURE error,Operational"
)


def table_text(cz: dict[tuple[int, int], float] | None = None, *, pairs: str = "{b}:{value}") -> str:
    """The same device as a table; `pairs` is the form of cells of two-qubit gates."""
    errors = CZ | (cz or {})
    rows = [CSV_HEADER]
    for q in range(5):
        mine = {(a if b == q else b): error for (a, b), error in errors.items() if q in (a, b)}
        cells = [";".join(pairs.format(a=q, b=b, value=value) for b, value in sorted(mine.items()))]
        cells.append(";".join(pairs.format(a=q, b=b, value=68) for b in sorted(mine)))
        numbers = [T1_US[q], T2_US[q], READOUT[q], READOUT[q], READOUT[q], 1500, SX[q], 32, 0, SX[q], SX[q]]
        rows.append(",".join([str(q), *map(str, numbers), *cells, str(READOUT[q]), "Yes"]))
    return "\n".join(rows) + "\n"
