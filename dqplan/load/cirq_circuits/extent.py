"""What Cirq would take literally, however large: sizes of gates, and powers of numbers in expressions of SymPy."""

from __future__ import annotations

from dqplan.core.errors import UnsupportedError

MAX_SIZE = 1_000_000
"""Qubits, copies or controls of one gate, repetitions of one loop, and digits of one number."""
MAX_EXPONENT = 100
_SIZES = ("num_qubits", "num_copies", "num_controls", "precision", "dimension", "repetitions")


def check_extent(value: object) -> None:
    """Look through plain data from JSON before Cirq makes objects of it.

    Raises:
        UnsupportedError: a size beyond MAX_SIZE; a power of SymPy whose exponent is no number up to MAX_EXPONENT, or
            whose base is a power.
    """
    rest = [value]
    while rest:
        node = rest.pop()
        if isinstance(node, dict):
            _check_node(node)
            rest += node.values()
        elif isinstance(node, list):
            rest += node


def _check_node(node: dict[str, object]) -> None:
    for key in _SIZES:
        size = node.get(key)
        if isinstance(size, int) and abs(size) > MAX_SIZE:
            found = f"{key} is {size:,}" if abs(size) < 10**18 else f"{key} is a number of {size.bit_length():,} bits"
            raise UnsupportedError(f"{found}; at most {MAX_SIZE:,} is read")
    if node.get("cirq_type") == "sympy.Pow" and not _is_small_power(node.get("args")):
        message = f"a power in SymPy whose exponent is no number up to {MAX_EXPONENT}, or whose base is a power"
        raise UnsupportedError(
            message, hint="give parameters their values first: cirq.resolve_parameters(circuit, {...})"
        )


def _is_small_power(args: object) -> bool:
    match args:
        case (
            [base, {"i": int() as exponent}]
            | [base, {"approx": int() | float() as exponent}]
            | [base, int() | float() as exponent]
        ):
            return abs(exponent) <= MAX_EXPONENT and not _holds_power(base)
        case [base, {"cirq_type": "sympy.Rational", "p": int() as numerator, "q": int()}]:
            return abs(numerator) <= MAX_EXPONENT and not _holds_power(base)
    return False


def _holds_power(value: object) -> bool:
    rest = [value]
    while rest:
        node = rest.pop()
        if isinstance(node, dict):
            if node.get("cirq_type") == "sympy.Pow":
                return True
            rest += node.values()
        elif isinstance(node, list):
            rest += node
    return False
