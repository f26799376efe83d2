"""Cirq's classical conditions as terms over classical bits.

Cirq reads a measurement key as a big-endian number: the first qubit measured is the most significant bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dqplan.core.circuit import Register, Term
from dqplan.core.errors import SemanticError, UnsupportedError

if TYPE_CHECKING:
    import cirq
    import sympy

Records = dict[str, list[Register]]
"""Measurement key -> the registers of its records, oldest first."""


def terms_of_condition(condition: cirq.Condition, records: Records) -> tuple[Term, ...] | None:
    """The terms that must all hold for the condition to be true: none if it always is, None if it never is.

    Args:
        condition: of Cirq.
        records: what has been measured when the condition is reached.

    Raises:
        SemanticError: the condition reads a key, record or bit that does not exist at this point.
        UnsupportedError: the condition is no conjunction of comparisons of keys or bits with constants.
    """
    import cirq

    if isinstance(condition, cirq.KeyCondition):
        return _compare(_bits(condition.key, records, condition.index), 0, equal=False)
    if isinstance(condition, cirq.BitMaskKeyCondition):
        return _masked(condition, records)
    if isinstance(condition, cirq.SympyCondition):
        return _formula(condition.expr, records)
    raise UnsupportedError(f"a {type(condition).__name__} is not a kind of condition that dqplan knows")


def _bits(key: cirq.MeasurementKey, records: Records, index: int = -1) -> tuple[int, ...]:
    """The bits of one record of a key, least significant first."""
    try:
        register = records[str(key)][index]
    except (KeyError, IndexError):
        raise SemanticError(f"a condition reads the measurement key {str(key)!r} before it is measured") from None
    return tuple(reversed(range(register.start, register.start + register.size)))


def _compare(bits: Sequence[int], value: int, *, equal: bool) -> tuple[Term, ...] | None:
    """A comparison whose outcome does not depend on the bits is decided here."""
    if bits and 0 <= value < 1 << len(bits):
        return (Term(tuple(bits), value, equal),)
    holds = equal == (not bits and value == 0)
    return () if holds else None


def _masked(condition: cirq.BitMaskKeyCondition, records: Records) -> tuple[Term, ...] | None:
    """(key & mask) compared with a target: only the bits of the mask take part."""
    bits = _bits(condition.key, records, condition.index)
    mask = condition.bitmask if condition.bitmask is not None else (1 << len(bits)) - 1
    if condition.target_value & ~mask:
        return None if condition.equal_target else ()
    kept = [k for k in range(len(bits)) if mask >> k & 1]
    target = sum((condition.target_value >> k & 1) << position for position, k in enumerate(kept))
    if condition.target_value >> len(bits):
        target = -1  # a bit beyond the record is wanted, and none is ever set there
    return _compare([bits[k] for k in kept], target, equal=condition.equal_target)


def _formula(formula: sympy.Basic, records: Records) -> tuple[Term, ...] | None:
    import sympy

    if isinstance(formula, sympy.And):
        return _all_of([_formula(argument, records) for argument in formula.args])
    if isinstance(formula, sympy.Equality | sympy.Unequality):
        left, right = formula.args if not formula.args[0].is_Integer else reversed(formula.args)
        if right.is_Integer:
            return _compare(_operand(left, records), int(right), equal=isinstance(formula, sympy.Equality))
    elif isinstance(formula, sympy.Not):
        return _compare(_operand(formula.args[0], records), 0, equal=True)
    else:
        return _compare(_operand(formula, records), 0, equal=False)
    raise _unsupported(formula)


def _all_of(parts: Sequence[tuple[Term, ...] | None]) -> tuple[Term, ...] | None:
    known = [part for part in parts if part is not None]
    return tuple(term for part in known for term in part) if len(known) == len(parts) else None


def _operand(operand: sympy.Basic, records: Records) -> tuple[int, ...]:
    """The bits of a key `a`, or the one bit `a[2]`: the third qubit of that measurement."""
    import cirq
    import sympy

    if isinstance(operand, sympy.Symbol):
        return _bits(cirq.MeasurementKey.parse_serialized(operand.name), records)
    if not isinstance(operand, sympy.Indexed) or len(operand.indices) != 1 or not operand.indices[0].is_Integer:
        raise _unsupported(operand)
    bits = _bits(cirq.MeasurementKey.parse_serialized(operand.base.name), records)[::-1]
    position = int(operand.indices[0])
    if not 0 <= position < len(bits):
        raise SemanticError(f"{operand} in a condition: the key has bits 0 to {len(bits) - 1}")
    return (bits[position],)


def _unsupported(formula: sympy.Basic) -> UnsupportedError:
    return UnsupportedError(
        f"the condition {formula} is no conjunction (And) of keys or bits, == and != with whole numbers",
        hint="write one conditional operation for each case",
    )
