"""Evaluating constant expressions of both languages: parameters, indices, sizes, exponents."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from functools import lru_cache

from dqplan.load.openqasm.reference import Node, plain_name

Number = int | float | bool

CONSTANTS: dict[str, float] = {
    "pi": math.pi,
    "π": math.pi,
    "tau": math.tau,
    "τ": math.tau,
    "euler": math.e,
    "ℇ": math.e,
}


class ExpressionError(Exception):
    """An expression without a value; the reader adds the place and raises it as a SemanticError.

    Attributes:
        node: the part of the expression at fault, or None.
    """

    def __init__(self, message: str, node: Node = None, hint: str = "") -> None:
        super().__init__(message)
        self.node = node
        self.hint = hint


_MAX_BITS = 4096
"""Integers stay below this size, so that no short text can fill the memory."""


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(base, int) and isinstance(exponent, int) and base.bit_length() * exponent > _MAX_BITS:
        base = float(base)
    result = base**exponent
    if isinstance(result, complex):
        raise ExpressionError(f"{base:g} to the power of {exponent:g} is not a real number")
    return result


def _left_shift(value: int, places: int) -> int:
    if places > _MAX_BITS:
        raise OverflowError
    return value << places


def _quotient(left: Number, right: Number) -> Number:
    """Division; between integers it truncates towards zero, as in C and OpenQASM 3."""
    if isinstance(left, int) and isinstance(right, int):
        return int(math.copysign(1, left) * math.copysign(1, right)) * (abs(left) // abs(right))
    return left / right


def _remainder(left: Number, right: Number) -> Number:
    if isinstance(left, int) and isinstance(right, int):
        return int(math.copysign(1, left)) * (abs(left) % abs(right))
    return math.fmod(left, right)


_BINARY: dict[str, Callable[..., Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "%": _remainder,
    "**": _power,
    "<<": _left_shift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "&&": lambda left, right: bool(left) and bool(right),
    "||": lambda left, right: bool(left) or bool(right),
}
_FUNCTIONS: dict[str, Callable[..., Number]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "exp": math.exp,
    "ln": math.log,
    "log": math.log,
    "sqrt": math.sqrt,
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "floor": math.floor,
    "ceiling": math.ceil,
    "mod": _remainder,
    "pow": _power,
}


class Evaluator:
    """Values of constant expressions.

    Args:
        lookup: the value of a name; raises ExpressionError for anything that is not a number.
        exact_division: refuse 1/2 between integers where a real number is wanted. OpenQASM 3 would make it 0, which
            nobody who writes rx(1/2) means. OpenQASM 2 knows only real division.
    """

    def __init__(self, lookup: Callable[[Node], Number], *, real_division: bool, exact_division: bool = False) -> None:
        self.lookup = lookup
        self.real_division = real_division
        self.exact_division = exact_division

    def value(self, node: Node) -> Number:
        """Raises ExpressionError if the expression has no value, or none that is finite."""
        try:
            result = self._visit(node)
            if isinstance(result, float) and not math.isfinite(result):
                raise ExpressionError("the value is not finite", node)
        except ZeroDivisionError:
            raise ExpressionError("division by zero", node) from None
        except OverflowError:
            raise ExpressionError("the value is too large", node) from None
        except ValueError:
            raise ExpressionError("a function is used outside its domain", node) from None
        except TypeError:
            raise ExpressionError("the operation does not fit the types of its operands", node) from None
        return result

    def _visit(self, node: Node) -> Number:
        result = self._calculated(node)
        if isinstance(result, int) and result.bit_length() > _MAX_BITS:
            raise ExpressionError(
                f"a whole number of {result.bit_length():,} bits; at most {_MAX_BITS:,} are read", node
            )
        return result

    def _calculated(self, node: Node) -> Number:
        kind = type(node).__name__
        if kind in ("IntegerLiteral", "FloatLiteral", "BooleanLiteral", "BitstringLiteral"):
            return node.value  # type: ignore[no-any-return]
        if kind == "Identifier":
            constant = CONSTANTS.get(node.name)
            return self.lookup(node) if constant is None else constant
        if kind == "UnaryExpression":
            return self._unary(node.op.name, self._visit(node.expression))
        if kind == "BinaryExpression":
            return self._binary(node.op.name, self._visit(node.lhs), self._visit(node.rhs), node)
        if kind == "FunctionCall":
            return self._call(node)
        if kind == "Cast":
            return self._cast(node)
        raise ExpressionError(f"{_spoken(kind)} is not a constant number", node)

    def _unary(self, op: str, value: Number) -> Number:
        if op == "-":
            return -value
        if op == "!":
            return not value
        return ~value  # type: ignore[operator]

    def _binary(self, op: str, left: Number, right: Number, node: Node) -> Number:
        if op == "/" and isinstance(left, int) and isinstance(right, int):
            if self.real_division:
                return left / right
            if self.exact_division and right and left % right:
                hint = f"write {left}.0/{right}"
                raise ExpressionError(
                    f"{left}/{right} is a division of integers, which OpenQASM 3 truncates", node, hint
                )
        return _BINARY[op](left, right)

    def _call(self, node: Node) -> Number:
        name = plain_name(node.name.name)
        function = _FUNCTIONS.get(name)
        if function is None:
            known = ", ".join(sorted(_FUNCTIONS))
            raise ExpressionError(f"unknown function {name!r}", node, f"known functions: {known}")
        return function(*(self._visit(argument) for argument in node.arguments))

    def _cast(self, node: Node) -> Number:
        value = self._visit(node.argument)
        match type(node.type).__name__:
            case "IntType" | "UintType":
                return int(value)
            case "FloatType" | "AngleType":
                return float(value)
            case "BoolType":
                return bool(value)
        raise ExpressionError("this cast is not a constant number", node)


def _spoken(kind: str) -> str:
    """RangeDefinition -> 'a range definition'."""
    words = re.sub(r"(?<!^)([A-Z])", r" \1", kind).lower()
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


_DECIMAL = r"(?:[0-9]{1,40}+(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+"
_NUMBER = re.compile(rf"\s*+-?{_DECIMAL}\s*+", re.ASCII)  # float() knows fewer spaces than Unicode
_FACTOR = rf"(?:{_DECIMAL}|pi|π)"
_PLAIN = re.compile(rf"\s*+(?:-\s*+)?{_FACTOR}(?:\s*+[-+*/]\s*+{_FACTOR})*+\s*+", re.ASCII)
_OPERATORS = frozenset("+-*/")
_TOKEN = re.compile(rf"[-+*/]|{_FACTOR}")


def plain_value(text: str, *, real_division: bool) -> float | None:
    """The value of sums of products of numbers and pi, such as `-3*pi/4 + 0.1`; None if it takes the full grammar.

    Agrees with `Evaluator` to the last bit, and leaves everything doubtful to it: errors, divisions of integers.
    """
    if _NUMBER.fullmatch(text):
        value = float(text)
        return value if math.isfinite(value) else None
    return _plain_sum(text, real_division)


@lru_cache(maxsize=4096)
def _plain_sum(text: str, real_division: bool) -> float | None:
    if not _PLAIN.fullmatch(text):
        return None
    total: Number = 0
    term: Number = 0
    op = "+"
    for token in _TOKEN.findall(text):
        if token in _OPERATORS:
            op = token
        elif op in "+-":
            total += term
            term = _factor(token) if op == "+" else -_factor(token)
        elif op == "*":
            term *= _factor(token)
        else:
            factor = _factor(token)
            if not factor or (isinstance(term, int) and isinstance(factor, int) and not real_division):
                return None
            term /= factor
    value = float(total + term)
    return value if math.isfinite(value) else None


def _factor(token: str) -> Number:
    if token in ("pi", "π"):
        return math.pi
    return int(token) if token.isdigit() else float(token)
