"""Projection: each module's program must hold exactly the module's part of the joint program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import NamedTuple

from dqplan.core.circuit import Circuit, Condition
from dqplan.core.errors import InputError, Place
from dqplan.core.gates import Op
from dqplan.core.verdict import Check, Status
from dqplan.verify.readback import JOINT_FILE, Emitted, bit_names, read_program
from dqplan.verify.recount import ebit_rows

NAME = "module programs"


class Named(NamedTuple):
    """An operation with names instead of numbers, so that texts with different registers can be compared."""

    gate: str
    params: tuple[float, ...]
    qubits: tuple[str, ...]
    clbit: str
    condition: str


def check_modules(emitted: Emitted, files: Mapping[str, str]) -> Check:
    """Compare every module's file with the joint program.

    Operations must be the same, in the same order, on the module's qubits; the preparation of e-bits, which two
    modules do together, appears in the joint program only. Bits measured elsewhere appear in conditions.
    """
    expected = _parts(emitted)
    for module, operations in expected.items():
        fault = _fault(emitted.module_name(module), operations, files)
        if fault:
            return Check(NAME, Status.FAILED, fault)
    detail = f"{len(expected)} files hold the parts of {JOINT_FILE}, operation by operation"
    return Check(NAME, Status.PROVED, detail)


def _parts(emitted: Emitted) -> dict[int, list[tuple[int, Named]]]:
    """By module: the operations that lie in it, with their lines in the joint program."""
    parts: dict[int, list[tuple[int, Named]]] = {module: [] for module in sorted(set(emitted.module_of))}
    shared = _ebit_preparations(emitted)
    for row, (line, operation) in enumerate(_named(emitted.joint)):
        if row not in shared:
            parts[emitted.module_of[int(emitted.joint.qubits[row, 0])]].append((line, operation))
    return parts


def _ebit_preparations(emitted: Emitted) -> set[int]:
    """The rows `h u` and `cx u, v` of all e-bits."""
    joint, rows = emitted.joint, set(ebit_rows(emitted))
    raised: dict[int, int] = {}
    found = set(rows)
    for row, operation in enumerate(joint):
        if row in rows:
            found |= {raised[qubit] for qubit in operation.qubits if qubit in raised}
        for qubit in operation.qubits:
            raised.pop(qubit, None)
        if operation.op == Op.H:
            raised[operation.qubits[0]] = row
    return found


def _fault(module: str, expected: list[tuple[int, Named]], files: Mapping[str, str]) -> str:
    """The first difference, or nothing."""
    file = f"{module}.qasm"
    if file not in files:
        return f"{file} is missing"
    try:
        program = read_program(files[file], file)
    except InputError as error:
        return str(error)
    for there, here in zip_longest(expected, _named(program)):
        if there is None:
            return f"{Place(file, here[0])}: {_words(here[1])} is not in {JOINT_FILE}"
        if here is None:
            return f"{file} ends before {_words(there[1])} ({Place(JOINT_FILE, there[0])})"
        if there[1] != here[1]:
            return (
                f"{Place(file, here[0])}: {_words(here[1])}, but {Place(JOINT_FILE, there[0])} has {_words(there[1])}"
            )
    return ""


def _named(circuit: Circuit) -> Iterator[tuple[int, Named]]:
    """Line and content of each operation."""
    qubits, clbits = bit_names(circuit.qregs), bit_names(circuit.cregs)
    conditions = [_named_condition(condition, clbits) for condition in circuit.conditions]
    for row, operation in enumerate(circuit):
        where = int(circuit.condition[row])
        content = Named(
            gate=operation.op.spelling,
            params=operation.params,
            qubits=tuple(qubits[qubit] for qubit in operation.qubits),
            clbit=clbits[operation.clbit] if operation.clbit >= 0 else "",
            condition=conditions[where] if where >= 0 else "",
        )
        yield operation.line, content


def _named_condition(condition: Condition, clbits: list[str]) -> str:
    terms = []
    for term in condition.terms:
        names = " ".join(clbits[clbit] for clbit in term.clbits)
        terms.append(f"{names} {'==' if term.equal else '!='} {term.value}")
    return " and ".join(terms)


def _words(operation: Named) -> str:
    """An operation in words, close to OpenQASM."""
    angles = f"({', '.join(f'{angle:.6g}' for angle in operation.params)})" if operation.params else ""
    target = f" -> {operation.clbit}" if operation.clbit else ""
    text = f"{operation.gate}{angles} {', '.join(operation.qubits)}{target}"
    return f"`if ({operation.condition}) {text}`" if operation.condition else f"`{text}`"
