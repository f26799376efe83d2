"""Conditions of `if`: expressions over classical bits as conjunctions of comparisons."""

from __future__ import annotations

from dqplan.core.circuit import Term
from dqplan.load.openqasm.names import Scope, Wires
from dqplan.load.openqasm.reference import Node, plain_name

Truth = tuple[Term, ...] | bool
"""A conjunction of comparisons, or a condition that is constant."""

MAX_BITS = 4096
"""Bits that one comparison may read, and bits of the number that they are compared with."""
_SUPPORTED = "use comparisons with == or != of bits with constants, joined by &&"


def truth_of(node: Node, scope: Scope) -> Truth:
    """Translate a condition.

    Raises:
        UnsupportedError: disjunctions, orderings, comparisons of bits with bits, computed values.
        SemanticError: unknown names, indices out of range, negative values.
    """
    kind = type(node).__name__
    wires = _wires(node, scope)
    if wires is not None:
        return (bare_term(_few(wires, scope, node)),)
    if kind == "BooleanLiteral":
        return bool(node.value)
    if kind == "Cast" and type(node.type).__name__ == "BoolType":
        return truth_of(node.argument, scope)
    if kind == "UnaryExpression" and node.op.name == "!":
        return negation(truth_of(node.expression, scope), scope, node)
    if kind == "UnaryExpression" and node.op.name == "~" and _is_single(node.expression, scope):
        return negation(truth_of(node.expression, scope), scope, node)
    if kind == "BinaryExpression" and node.op.name == "&&":
        return conjunction(truth_of(node.lhs, scope), truth_of(node.rhs, scope))
    if kind == "BinaryExpression" and node.op.name in ("==", "!="):
        return _comparison(node, scope)
    if not _mentions_bits(node, scope):
        return bool(scope.number(node, "condition"))
    raise scope.unsupported("this form of condition", node, hint=_SUPPORTED)


def conjunction(left: Truth, right: Truth) -> Truth:
    """Both conditions."""
    if isinstance(left, bool):
        return right if left else False
    if isinstance(right, bool):
        return left if right else False
    return (*left, *(term for term in right if term not in left))


def negation(truth: Truth, scope: Scope, node: Node) -> Truth:
    """The opposite condition.

    Raises:
        UnsupportedError: for a conjunction of several comparisons, whose opposite is a disjunction.
    """
    if isinstance(truth, bool):
        return not truth
    if len(truth) > 1:
        raise scope.unsupported("the opposite of a condition joined by &&", node, hint="nest one `if` in the other")
    (term,) = truth
    return (Term(term.clbits, term.value, not term.equal),)


def bare_term(wires: Wires) -> Term:
    """A bit alone means it is 1; a register alone means it is not 0."""
    return Term((wires.indices[0],), 1) if wires.single else Term(tuple(wires.indices), 0, equal=False)


def _comparison(node: Node, scope: Scope) -> Truth:
    left, right = _wires(node.lhs, scope), _wires(node.rhs, scope)
    if not _mentions_bits(node, scope):
        return bool(scope.number(node, "condition"))
    wires, other = (left, node.rhs) if left is not None else (right, node.lhs)
    wires = wires and _few(wires, scope, node)
    if wires is None or _mentions_bits(other, scope):
        raise scope.unsupported("a comparison of bits with anything but a constant", node, hint=_SUPPORTED)
    if type(other).__name__ == "BitstringLiteral" and other.width != len(wires.indices):
        found = f"{other.width} digits for {len(wires.indices)} bits"
        raise scope.error(f"a bit string must be as long as the register, found {found}", other)
    value = scope.integer(other, "value compared")
    if value < 0:
        raise scope.error(f"bits are never negative, found {value}", other)
    return (Term(tuple(wires.indices), value, node.op.name == "=="),)


def _wires(node: Node, scope: Scope) -> Wires | None:
    """The bits that an expression names, casts to unsigned integers looked through; None for anything else."""
    kind = type(node).__name__
    if kind == "Cast" and type(node.type).__name__ in ("UintType", "BitType") and node.type.size is None:
        return _wires(node.argument, scope)
    if kind == "IndexExpression" and _mentions_bits(node.collection, scope):
        return scope.bits(node)
    if kind == "Identifier":
        meaning = scope.find(plain_name(node.name))
        if meaning is None or isinstance(meaning, Wires):
            return scope.bits(node)
    return None


def _few(wires: Wires, scope: Scope, node: Node) -> Wires:
    """The same, if there are not too many: every statement with a condition costs time and memory for each."""
    if len(wires.indices) > MAX_BITS:
        found = f"a condition on {len(wires.indices):,} bits; at most {MAX_BITS:,} are read together"
        raise scope.unsupported(found, node, hint="compare a slice of the register, or single bits")
    return wires


def _is_single(node: Node, scope: Scope) -> bool:
    wires = _wires(node, scope)
    return wires is not None and wires.single


def _mentions_bits(node: Node, scope: Scope) -> bool:
    if type(node).__name__ == "Identifier":
        return isinstance(scope.find(plain_name(node.name)), Wires)
    parts = (getattr(node, name, None) for name in ("expression", "lhs", "rhs", "argument", "collection"))
    return any(part is not None and _mentions_bits(part, scope) for part in parts)
