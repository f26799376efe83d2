"""Blocks: unitary gate sequences over local qubits with their exact phase; the modifiers inv, pow and ctrl on them."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

from dqplan.core.controls import Row, controlled_rows, matrix_power, named_gate, phase_rows
from dqplan.core.gates import (
    CONTROLLED,
    NUM_QUBITS,
    Matrix2,
    Op,
    controlled_target,
    multiply,
    one_qubit_matrix,
)
from dqplan.core.one_qubit import principal

MAX_ROWS = 1_000_000
"""A single gate that expands to more operations than this is refused; nested definitions double quickly."""


MAX_EXPONENT = 2**53
"""Beyond it, floating-point numbers are not even whole numbers."""


class BlockError(Exception):
    """A modifier cannot be applied; the reader adds the place and raises it as an UnsupportedError."""


@dataclass(frozen=True)
class Block:
    """e^{i phase} · rows over qubits 0 … num_qubits - 1, rows in time order."""

    num_qubits: int
    rows: tuple[Row, ...]
    phase: float = 0.0


def gate_block(op: Op, params: Sequence[float] = (), phase: float = 0.0) -> Block:
    """A single gate on its operands in order."""
    width = int(NUM_QUBITS[op])
    return Block(width, (Row(op, tuple(range(width)), tuple(params)),), phase)


def moved_rows(block: Block, qubits: Sequence[int]) -> list[Row]:
    """The block's rows with local qubit i replaced by qubits[i]."""
    return [Row(op, tuple([qubits[i] for i in local]), params) for op, local, params in block.rows]


def inverted(block: Block) -> Block:
    """The inverse unitary."""
    rows = [row for forward in reversed(block.rows) for row in _inverse_rows(forward)]
    return Block(block.num_qubits, tuple(rows), -block.phase)


def powered(block: Block, exponent: float) -> Block:
    """The principal power of a unitary.

    Any exponent for one-qubit blocks and single controlled gates, integers for all others.

    Raises:
        BlockError: for a fractional power that has no closed form here, a result that is too long, or an exponent
            beyond MAX_EXPONENT.
    """
    if abs(exponent) > MAX_EXPONENT:
        raise BlockError(f"a power of {exponent:g}; exponents are allowed up to 2^53")
    if block.num_qubits == 0:
        return Block(0, (), principal(math.remainder(block.phase, 2 * math.pi)) * exponent)
    if block.num_qubits == 1:
        op, params, phase = named_gate(matrix_power(_product(block), exponent))
        return gate_block(op, params, phase)
    if exponent == int(exponent):
        return _repeated(block, int(exponent))
    if len(block.rows) == 1 and block.phase == 0:
        controls, matrix, target = _controlled_form(block.rows[0])
        if controls:
            return Block(block.num_qubits, tuple(controlled_rows(matrix_power(matrix, exponent), controls, target)))
    raise BlockError(f"the fractional power {exponent:g} of a gate on {block.num_qubits} qubits")


def with_controls(block: Block, negated: Sequence[bool]) -> Block:
    """The block under len(negated) more controls in front; a negated control acts when it is 0.

    Raises:
        BlockError: the result is too long.
    """
    added = len(negated)
    controls = tuple(range(added))
    rows = phase_rows(block.phase, controls)
    for row in moved_rows(block, range(added, added + block.num_qubits)):
        rows += _controlled_row(row, controls)
        if len(rows) > MAX_ROWS:
            raise BlockError(f"a gate that expands to more than {MAX_ROWS:,} operations under its controls")
    flips = [Row(Op.X, (i,)) for i, negative in enumerate(negated) if negative]
    return Block(added + block.num_qubits, (*flips, *rows, *flips))


def _repeated(block: Block, times: int) -> Block:
    once = inverted(block) if times < 0 else block
    if len(once.rows) * abs(times) > MAX_ROWS:
        raise BlockError(f"a power of {times}, which expands to more than {MAX_ROWS:,} operations")
    return Block(block.num_qubits, once.rows * abs(times), once.phase * abs(times))


def _product(block: Block) -> Matrix2:
    phase = cmath.exp(1j * block.phase)
    matrix: Matrix2 = (phase, 0, 0, phase)
    for op, _, params in block.rows:
        matrix = multiply(one_qubit_matrix(op, params), matrix)
    return matrix


_SWAPPED = {Op.S: Op.SDG, Op.SDG: Op.S, Op.T: Op.TDG, Op.TDG: Op.T, Op.SX: Op.SXDG, Op.SXDG: Op.SX}


def _inverse_rows(row: Row) -> list[Row]:
    op, qubits, params = row
    match op:
        case Op.U | Op.CU:
            theta, phi, lam, *gamma = params
            return [Row(op, qubits, (-theta, -lam, -phi, *(-x for x in gamma)))]
        case Op.CSX:
            return controlled_rows(one_qubit_matrix(Op.SXDG), qubits[:1], qubits[1])
        case Op.ISWAP:  # its square is Z ⊗ Z
            return [Row(Op.Z, qubits[:1]), Row(Op.Z, qubits[1:]), row]
        case Op.DCX:
            return [Row(op, qubits[::-1])]
    return [Row(_SWAPPED.get(op, op), qubits, tuple([-x for x in params]))]


def _controlled_form(row: Row) -> tuple[tuple[int, ...], Matrix2, int]:
    """(controls, matrix, target) of a row that is a one-qubit gate under controls; ((), …) for all other gates."""
    op, qubits, params = row
    *controls, target = qubits
    if op in CONTROLLED:
        return tuple(controls), controlled_target(op, params), target
    if op in (Op.CCX, Op.CCZ):
        return tuple(controls), one_qubit_matrix(Op.X if op == Op.CCX else Op.Z), target
    return (), (1, 0, 0, 1), target


def _controlled_row(row: Row, controls: tuple[int, ...]) -> list[Row]:
    if len(row.qubits) == 1:
        return controlled_rows(one_qubit_matrix(row.op, row.params), controls, row.qubits[0])
    inner, matrix, target = _controlled_form(row)
    if inner:
        return controlled_rows(matrix, (*controls, *inner), target)
    before, middle, after = _conjugated(row)
    controlled = [part for gate in middle for part in _controlled_row(gate, controls)]
    return [*before, *controlled, *after]


def _turned(qubits: Sequence[int], angle: float) -> _Rows:
    """RX(angle) on each qubit."""
    return tuple([Row(Op.RX, (qubit,), (angle,)) for qubit in qubits])


_Rows = tuple[Row, ...]


def _conjugated(row: Row) -> tuple[_Rows, _Rows, _Rows]:
    """The gate as before · middle · after with after = before^-1, so that only the middle needs the controls."""
    op, qubits, params = row
    a, b = qubits[-2:]
    cx = Row(Op.CX, (a, b))
    match op:
        case Op.SWAP | Op.CSWAP:
            swapped = (Row(Op.CX, (b, a)),)
            inner = Row(Op.CCX, qubits) if op == Op.CSWAP else cx
            return swapped, (inner,), swapped
        case Op.RZZ:
            return (cx,), (Row(Op.RZ, (b,), params),), (cx,)
        case Op.RXX:
            frame = (Row(Op.H, (a,)), Row(Op.H, (b,)))
            return frame, (Row(Op.RZZ, qubits, params),), frame
        case Op.RYY:
            turn, back = (_turned(qubits, angle) for angle in (math.pi / 2, -math.pi / 2))
            return turn, (Row(Op.RZZ, qubits, params),), back
        case Op.RZX:
            return (Row(Op.H, (b,)),), (Row(Op.RZZ, qubits, params),), (Row(Op.H, (b,)),)
        case Op.ECR:
            echo = [(Row(Op.RZX, qubits, (angle,)),) for angle in (math.pi / 4, -math.pi / 4)]
            return echo[0], (Row(Op.X, (a,)),), echo[1]
        case Op.DCX:
            return (), (cx, Row(Op.CX, (b, a))), ()
    # ISWAP is SWAP · diag(1, i, i, 1)
    return (), (Row(Op.S, (a,)), Row(Op.S, (b,)), Row(Op.CZ, (a, b)), Row(Op.SWAP, (a, b))), ()
