"""Programs as most languages want them: few gates, and conditions on single bits."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator
from itertools import product

from dqplan.core.circuit import Circuit, Condition, Operation, Term
from dqplan.core.errors import Place, UnsupportedError
from dqplan.core.gates import Op, one_qubit_matrix
from dqplan.core.one_qubit import name_unitary
from dqplan.core.program import Program
from dqplan.core.recipes import Exchange, Local, recipe_of
from dqplan.split.dialects import Dialect
from dqplan.split.writer import Writer

Case = dict[int, int]
"""Values that single bits must all have."""

PLAIN = frozenset(Op(code) for code in range(Op.X, Op.U + 1)) | {Op.CX, Op.CZ, Op.CP, Op.SWAP, Op.MEASURE, Op.RESET}
"""Operations that every language here has words for: one-qubit gates and a few others."""


def plain_steps(operation: Operation, known: Collection[Op] = PLAIN) -> Iterator[Operation]:
    """The operation itself if it is known, else plain ones that do the same up to a global phase; none for ID."""
    if operation.op in known:
        yield operation
    elif operation.op in (Op.SX, Op.SXDG):
        op, params = name_unitary(one_qubit_matrix(operation.op))
        yield operation._replace(op=op, params=params)
    elif operation.op is not Op.ID:
        for step in recipe_of(operation.op, operation.params):
            if isinstance(step, Local):
                op, params = name_unitary(step.matrix)
                operands: tuple[int, ...] = (step.i,)
            elif isinstance(step, Exchange):
                op, params, operands = Op.SWAP, (), (step.i, step.j)
            else:
                op, params, operands = Op.CP, (step.angle,), (step.i, step.j)
            if op is not Op.ID:
                yield operation._replace(op=op, params=params, qubits=tuple(operation.qubits[k] for k in operands))


def cases_of(condition: Condition | None, measured: Container[int]) -> list[Case]:
    """When a condition holds: in one of these cases, of which no two can hold at once.

    Args:
        condition: None always holds.
        measured: bits that may be 1; all others are 0 and do not appear in the cases.
    """
    if condition is None:
        return [{}]
    found = []
    for parts in product(*(list(_cases_of_term(term)) for term in condition.terms)):
        case: Case = {}
        if all(case.setdefault(clbit, value) == value for part in parts for clbit, value in part.items()):
            found.append(case)
    possible = [case for case in found if not any(case[clbit] for clbit in case if clbit not in measured)]
    return [{clbit: value for clbit, value in case.items() if clbit in measured} for case in possible]


def _cases_of_term(term: Term) -> Iterator[Case]:
    """`a != 5` differs first in bit 0, or in bit 1, ..."""
    bits = [(clbit, term.value >> k & 1) for k, clbit in enumerate(term.clbits)]
    possible = not term.value >> len(bits)
    if term.equal:
        if possible:
            yield dict(bits)
    elif not possible:
        yield {}
    else:
        for k, (clbit, value) in enumerate(bits):
            yield {**dict(bits[:k]), clbit: 1 - value}


def title_of(program: Program, module: str = "") -> str:
    """What the first line of every text says; harmless in any comment, whatever circuit and hardware are called."""
    part = f"module {module}" if module else "joint program"
    return f"dqplan: {part} of {program.circuit.name!a} on {program.plan.hardware.name!a}"


def unsupported(circuit: Circuit, row: int, reason: str) -> UnsupportedError:
    """The error for an operation that a language has no words for."""
    statement = Writer(circuit, Dialect.QASM3).statement(circuit[row]).strip()
    place = Place(circuit.name, int(circuit.line[row]))
    return UnsupportedError(f"`{statement}` {reason}", place=place, hint="use --emit qasm3")
