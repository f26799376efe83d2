"""Projection: each module's program must hold exactly the module's part of the joint program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit, Condition, Register, bit_names
from dqplan.core.errors import InputError, Place
from dqplan.core.gates import Op
from dqplan.core.touches import touches_of
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import NATIVE, Emitted, read_program
from dqplan.verify.recount import ebit_rows

NAME = "module programs"
_UNKNOWN = -2


def check_modules(emitted: Emitted, files: Mapping[str, str]) -> Check:
    """Compare every module's file with the joint program.

    Operations must be the same, in the same order, on the module's qubits; the preparation of e-bits, which two
    modules do together, appears in the joint program only. Bits measured elsewhere appear in conditions.
    """
    expected, name = _own_rows(emitted), f"native {NAME}" if emitted.ending == NATIVE else NAME
    for module, rows in expected.items():
        fault = _fault(emitted, emitted.module_name(module), rows, files)
        if fault:
            return Check(name, Status.FAILED, fault)
    detail = f"{len(expected)} files hold the parts of {emitted.joint_file}, operation by operation"
    return Check(name, Status.PROVED, detail)


def _own_rows(emitted: Emitted) -> dict[int, NDArray[np.int64]]:
    """By module: the rows of the joint program that it does alone."""
    joint = emitted.joint
    module = np.array(emitted.module_of)[joint.qubits[:, 0]]
    alone = ~_ebit_preparations(emitted)
    return {number: np.flatnonzero(alone & (module == number)) for number in sorted(set(emitted.module_of))}


def _ebit_preparations(emitted: Emitted) -> NDArray[np.bool_]:
    """Whether each row is the `h u` or the `cx u, v` of an e-bit."""
    joint = emitted.joint
    found = np.zeros(len(joint), dtype=np.bool_)
    found[ebit_rows(emitted)] = True
    touches = touches_of(joint)
    raised = (joint.op[touches.row[:-1]] == Op.H) & ~touches.last[:-1] & found[touches.row[1:]]
    found[touches.row[:-1][raised]] = True
    return found


def _fault(emitted: Emitted, module: str, rows: NDArray[np.int64], files: Mapping[str, str]) -> str:
    """The first difference between a module's file and its rows of the joint program, or nothing."""
    file = f"{module}{emitted.ending}"
    if file not in files:
        return f"{file} is missing"
    try:
        program = read_program(files[file], file)
    except InputError as error:
        return str(error)
    common = min(len(rows), len(program))
    place = _first_difference(emitted.joint, rows[:common], program)
    if place == common == len(rows) == len(program):
        return ""
    if place == len(program):
        return f"{file} ends before {words_of(emitted.joint, rows[place])} ({emitted.place(rows[place])})"
    here = f"{Place(file, int(program.line[place]))}: {words_of(program, place)}"
    if place == len(rows):
        return f"{here} is not in {emitted.joint_file}"
    return f"{here}, but {emitted.place(rows[place])} has {words_of(emitted.joint, rows[place])}"


def _first_difference(joint: Circuit, rows: NDArray[np.int64], program: Circuit) -> int:
    """How many of the first operations of a program are those of the joint program's rows, by the names they use."""
    qubits, clbits = _numbers_in(joint.qregs, program.qregs), _numbers_in(joint.cregs, program.cregs)
    conditions = _conditions_in(joint, program)
    part = slice(len(rows))
    same = (
        (program.op[part] == joint.op[rows])
        & (program.params[part] == joint.params[rows]).all(axis=1)
        & (qubits[program.qubits[part]] == joint.qubits[rows]).all(axis=1)
        & (clbits[program.clbit[part]] == joint.clbit[rows])
        & (conditions[program.condition[part]] == joint.condition[rows])
    )
    return len(rows) if same.all() else int(np.argmin(same))


def _numbers_in(joint: Sequence[Register], registers: Sequence[Register]) -> NDArray[np.int64]:
    """The joint program's number for each bit of some registers, _UNKNOWN if it has none; at index -1 stands -1."""
    numbers = {name: number for number, name in enumerate(bit_names(joint))}
    return np.array([*(numbers.get(name, _UNKNOWN) for name in bit_names(registers)), -1], dtype=np.int64)


def _conditions_in(joint: Circuit, program: Circuit) -> NDArray[np.int64]:
    """The same for conditions."""
    numbers = {name: number for number, name in enumerate(_named_conditions(joint))}
    return np.array([*(numbers.get(name, _UNKNOWN) for name in _named_conditions(program)), -1], dtype=np.int64)


def _named_conditions(circuit: Circuit) -> list[str]:
    names = bit_names(circuit.cregs)
    return [_named_condition(condition, names) for condition in circuit.conditions]


def _named_condition(condition: Condition, clbits: list[str]) -> str:
    terms = []
    for term in condition.terms:
        names = " ".join(clbits[clbit] for clbit in term.clbits)
        terms.append(f"{names} {'==' if term.equal else '!='} {term.value}")
    return " and ".join(terms)


def words_of(circuit: Circuit, row: int) -> str:
    """An operation in words, close to OpenQASM."""
    operation = circuit[row]
    qubits, clbits = bit_names(circuit.qregs), bit_names(circuit.cregs)
    angles = f"({', '.join(f'{angle:.6g}' for angle in operation.params)})" if operation.params else ""
    target = f" -> {clbits[operation.clbit]}" if operation.clbit >= 0 else ""
    text = f"{operation.op.spelling}{angles} {', '.join(qubits[qubit] for qubit in operation.qubits)}{target}"
    condition = _named_condition(operation.condition, clbits) if operation.condition else ""
    return f"`if ({condition}) {text}`" if condition else f"`{text}`"
