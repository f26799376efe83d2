"""Circuit -> steps: every gate in one-qubit unitaries and CP, each rewriting checked against the gate's matrix."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit, Operation
from dqplan.core.errors import InternalError
from dqplan.core.gates import Matrix2, Op, gate_matrix, multiply, one_qubit_matrix
from dqplan.core.recipes import Exchange, Local, Phase, Recipe, canonical_operands, recipe_of
from dqplan.verify.structure.forms import H
from dqplan.verify.structure.steps import Do, Guard, Step, plain_guard

_CLOSE = 1e-11
"""Largest deviation of a matrix element between a gate and the steps that stand for it."""
_EXACT = 1e-14
"""Matrix elements below this are the rounding of a few products."""
_CX: Recipe = (Local(1, H, frame=True), Phase(0, 1, math.pi), Local(1, H, frame=True))


def spell(circuit: Circuit) -> tuple[list[Step], list[int]]:
    """A circuit in steps.

    Returns:
        The steps on wires, and the wire of each qubit at the end: SWAP without condition only exchanges wires.
    """
    wire = list(range(circuit.num_qubits))
    steps: list[Step] = []
    for operation in circuit:
        if operation.op is Op.SWAP and operation.condition is None:
            a, b = operation.qubits
            wire[a], wire[b] = wire[b], wire[a]
        else:
            qubits = canonical_operands(operation.op, operation.qubits)
            steps += _steps(operation, [wire[qubit] for qubit in qubits])
    return merged(steps), wire


def merged(steps: Iterable[Step]) -> list[Step]:
    """The same steps with neighbouring one-qubit unitaries multiplied, and those that are the identity left out."""
    found: list[Step | None] = []
    last: dict[int, int] = {}
    """By wire, the place of its last step, if that is a unitary to be multiplied."""
    for step in steps:
        if step.do is not Do.TURN or step.guard is not None:
            for wire in step.wires:
                last.pop(wire, None)
        else:
            (wire,) = step.wires
            before = found[last[wire]] if wire in last else None
            if before is not None and before.matrix is not None and step.matrix is not None:
                step = step._replace(matrix=multiply(step.matrix, before.matrix), line=before.line)
                found[last[wire]] = None
            last[wire] = len(found)
        found.append(step)
    return [step for step in found if step is not None and not _is_identity(step.matrix)]


def _is_identity(matrix: Matrix2 | None) -> bool:
    if matrix is None:
        return False
    a, b, c, d = matrix
    return max(abs(b), abs(c), abs(a - d)) < _EXACT


def _steps(operation: Operation, wires: list[int]) -> Iterator[Step]:
    guard = None if operation.condition is None else plain_guard(operation.condition)
    op, line = operation.op, operation.line
    if op is Op.MEASURE:
        yield Step(Do.MEASURE, (wires[0],), clbit=operation.clbit, guard=guard, line=line)
    elif op is Op.RESET:
        yield Step(Do.RESET, (wires[0],), guard=guard, line=line)
    elif len(wires) == 1:
        yield Step(Do.TURN, (wires[0],), matrix=one_qubit_matrix(op, operation.params), guard=guard, line=line)
    elif op is Op.SWAP:
        for ends in (wires, wires[::-1], wires):
            yield from _in_words(_CX, ends, guard, line)
    else:
        yield from _in_words(_recipe(op, operation.params), wires, guard, line)


def _in_words(recipe: Recipe, wires: list[int], guard: Guard, line: int) -> Iterator[Step]:
    for step in recipe:
        if isinstance(step, Phase):
            yield Step(Do.PHASE, (wires[step.i], wires[step.j]), angle=step.angle, guard=guard, line=line)
        elif isinstance(step, Local):
            kept = None if step.frame else guard
            yield Step(Do.TURN, (wires[step.i],), matrix=step.matrix, guard=kept, line=line)


def _recipe(op: Op, params: tuple[float, ...]) -> Recipe:
    """How a gate is written without SWAP; nothing is believed that the matrices do not confirm."""
    if op is Op.CP:
        return (Phase(0, 1, params[0]),)
    return _checked(op, params)


@lru_cache(maxsize=4096)
def _checked(op: Op, params: tuple[float, ...]) -> Recipe:
    recipe = _without_exchanges(recipe_of(op, params))
    frames = tuple(step for step in recipe if isinstance(step, Local) and step.frame)
    matrix = gate_matrix(op, params)
    size = len(matrix).bit_length() - 1
    right = _same(_product(frames, size), np.eye(1 << size, dtype=np.complex128))
    for order in permutations(range(size)):
        if canonical_operands(op, order) == tuple(range(size)):
            right &= _same(_product(recipe, size), _reordered(matrix, order))
    if not right:
        raise InternalError(f"the recipe of {op.spelling}{params} is not that gate")
    return recipe


def _reordered(matrix: NDArray[np.complex128], order: tuple[int, ...]) -> NDArray[np.complex128]:
    """A gate whose operands come in another order."""
    size = len(order)
    tensor = matrix.reshape((2,) * (2 * size))
    return tensor.transpose(*order, *(size + place for place in order)).reshape(matrix.shape)


def _without_exchanges(recipe: Recipe) -> Recipe:
    """The steps with three CX in the place of each SWAP."""
    steps: list[Local | Phase] = []
    for step in recipe:
        if isinstance(step, Exchange):
            for i, j in ((step.i, step.j), (step.j, step.i), (step.i, step.j)):
                steps += [Local(j, H, frame=True), Phase(i, j, math.pi), Local(j, H, frame=True)]
        else:
            steps.append(step)
    return tuple(steps)


def _product(recipe: Recipe, size: int) -> NDArray[np.complex128]:
    """What steps do to so many qubits, the first most significant."""
    state = np.eye(1 << size, dtype=np.complex128).reshape((2,) * size + (1 << size,))
    for step in recipe:
        if isinstance(step, Local):
            turned = np.tensordot(np.array(step.matrix).reshape(2, 2), state, axes=([1], [step.i]))
            state = np.moveaxis(turned, 0, step.i)
        elif isinstance(step, Phase):
            index: list[slice | int] = [slice(None)] * (size + 1)
            index[step.i] = index[step.j] = 1
            state[tuple(index)] *= np.exp(1j * step.angle)
    return np.asarray(state.reshape(1 << size, 1 << size))


def _same(left: NDArray[np.complex128], right: NDArray[np.complex128]) -> bool:
    """Whether two unitaries agree up to a global phase."""
    overlap = np.vdot(left, right)
    return bool(abs(overlap) > 0.5 and np.abs(left * (overlap / abs(overlap)) - right).max() < _CLOSE)
