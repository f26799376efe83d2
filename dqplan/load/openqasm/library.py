"""The gates of qelib1.inc and stdgates.inc, written with the operations of `gates.Op`.

Phases are those of the OpenQASM 3 standard library, because `ctrl @` makes them observable. OpenQASM 2 has no way to
observe the phase of a gate.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dqplan.core.controls import Row, controlled_rows
from dqplan.core.gates import NUM_PARAMS, NUM_QUBITS, Op, gate_matrix, one_qubit_matrix
from dqplan.core.statevector import apply_gate
from dqplan.load.openqasm.blocks import Block, gate_block
from dqplan.load.openqasm.names import Gate


def _plain(name: str, op: Op) -> Gate:
    return Gate(name, int(NUM_PARAMS[op]), int(NUM_QUBITS[op]), lambda params: gate_block(op, params), op)


def _fixed(name: str, num_qubits: int, rows: list[Row]) -> Gate:
    block = Block(num_qubits, tuple(rows))
    return Gate(name, 0, num_qubits, lambda _: block)


def _gates(*gates: Gate) -> dict[str, Gate]:
    return {gate.name: gate for gate in gates}


def _written(name: str, num_params: int, op: Op, params: Callable[..., tuple[float, ...]]) -> Gate:
    width = int(NUM_QUBITS[op])
    return Gate(name, num_params, width, lambda given: gate_block(op, params(*given)))


def _balanced(name: str, num_params: int) -> Gate:
    """u2 and u3 of stdgates.inc, which take the phase (φ + λ)/2 out of U."""

    def expand(given: tuple[float, ...]) -> Block:
        theta, phi, lam = (math.pi / 2, *given) if num_params == 2 else given
        return gate_block(Op.U, (theta, phi, lam), -(phi + lam) / 2)

    return Gate(name, num_params, 1, expand, Op.U if num_params == 3 else None)


def _many_controlled(name: str, num_controls: int, op: Op) -> Gate:
    return _fixed(
        name, num_controls + 1, controlled_rows(one_qubit_matrix(op), tuple(range(num_controls)), num_controls)
    )


def _rccx() -> Gate:
    """The Toffoli gate up to relative phases with three CX (Margolus; Maslov, arXiv:1508.03273, section III)."""
    h, t, tdg = Row(Op.H, (2,)), Row(Op.T, (2,)), Row(Op.TDG, (2,))
    outer, inner = Row(Op.CX, (1, 2)), Row(Op.CX, (0, 2))
    return _fixed("rccx", 3, [h, t, outer, tdg, inner, t, outer, tdg, h])


def _rc3x() -> Gate:
    """The three-controlled Toffoli gate up to relative phases with six CX (Maslov, arXiv:1508.03273, section III)."""
    h, t, tdg = Row(Op.H, (3,)), Row(Op.T, (3,)), Row(Op.TDG, (3,))
    outer = [h, t, Row(Op.CX, (2, 3)), tdg, h]
    inner = [Row(Op.CX, (0, 3)), t, Row(Op.CX, (1, 3)), tdg]
    return _fixed("rc3x", 4, [*outer, *inner, *inner, *outer])


_SHARED = _gates(
    *(
        _plain(op.spelling, op)
        for op in Op
        if op <= Op.CU or op in (Op.SWAP, Op.CCX, Op.CSWAP)
        if op not in (Op.U, Op.SXDG, Op.CSX)
    ),
    _plain("u1", Op.P),
    _balanced("u2", 2),
    _balanced("u3", 3),
)
STDGATES: dict[str, Gate] = _SHARED | _gates(_plain("CX", Op.CX), _plain("phase", Op.P), _plain("cphase", Op.CP))
"""stdgates.inc of OpenQASM 3. Its CX is the exact CNOT of OpenQASM 2, as its comment there says."""
QELIB1: dict[str, Gate] = _SHARED | _gates(
    *(_plain(op.spelling, op) for op in (Op.U, Op.SXDG, Op.CSX, Op.ISWAP, Op.ECR, Op.DCX, Op.CCZ)),
    *(_plain(op.spelling, op) for op in (Op.RXX, Op.RYY, Op.RZZ, Op.RZX)),
    _written("u0", 1, Op.ID, lambda _: ()),
    _plain("cu1", Op.CP),
    _written("cu3", 3, Op.CU, lambda theta, phi, lam: (theta, phi, lam, 0.0)),
    _written("cs", 0, Op.CP, lambda: (math.pi / 2,)),
    _written("csdg", 0, Op.CP, lambda: (-math.pi / 2,)),
    _rccx(),
    _rc3x(),
    _many_controlled("c3x", 3, Op.X),
    _many_controlled("c3sqrtx", 3, Op.SX),
    _many_controlled("c3sx", 3, Op.SX),
    _many_controlled("c4x", 4, Op.X),
)
"""qelib1.inc of OpenQASM 2 with the gates that Qiskit added to it."""
LIBRARIES: dict[str, dict[str, Gate]] = {"stdgates.inc": STDGATES, "qelib1.inc": QELIB1}


_SAMPLES = ((0.7, -1.9, 2.3, 0.4), (-2.6, 0.9, 1.3, -0.8))
"""Angles at which gates are compared."""
_SAME = 1e-9


def known_gate(gate: Gate) -> Gate:
    """The gate of the vocabulary that has the name of a defined gate, if both do the same up to a phase; else the gate.

    Two gates whose angles enter as `e^{iθ/2}` agree at samples with probability zero unless they agree everywhere.
    """
    op = next((op for op in Op if op.spelling == gate.name and op < Op.MEASURE), None)
    if op is None or (gate.num_params, gate.num_qubits) != (NUM_PARAMS[op], NUM_QUBITS[op]):
        return gate
    for sample in _SAMPLES:
        params = sample[: gate.num_params]
        wanted, found = gate_matrix(op, params), _matrix_of(gate.expand(params))
        if abs(abs(np.vdot(wanted, found)) / len(wanted) - 1) > _SAME:
            return gate
    return _plain(gate.name, op)


def _matrix_of(block: Block) -> NDArray[np.complex128]:
    """The unitary of a gate sequence, the first qubit most significant."""
    dimension = 1 << block.num_qubits
    columns = np.eye(dimension, dtype=np.complex128).reshape((2,) * block.num_qubits + (dimension,))
    for op, qubits, params in block.rows:
        columns = apply_gate(columns, op, qubits, params)
    return columns.reshape(dimension, dimension)


def built_in_gates(version: int) -> dict[str, Gate]:
    """U and CX of OpenQASM 2, U of OpenQASM 3, whose matrix has the phase e^{iθ/2} in front."""
    if version == 2:
        return _gates(_plain("U", Op.U), _plain("CX", Op.CX))
    return _gates(Gate("U", 3, 1, lambda params: gate_block(Op.U, params, params[0] / 2), Op.U))
