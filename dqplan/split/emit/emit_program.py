"""Program -> its texts in a language."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from dqplan.core.program import Program
from dqplan.split.dialects import Dialect
from dqplan.split.qasm import program_texts

_HOMES = {
    Dialect.CIRQ: "cirq_json",
    Dialect.QISKIT: "qiskit_source",
    Dialect.CUDAQ: "cudaq_source",
    Dialect.NETQASM: "netqasm_source",
    Dialect.STIM: "stim_text",
}
"""Where the function `texts_of` of a language is, imported when it is asked for: one of them needs Cirq."""


def emit_program(program: Program, dialect: Dialect) -> dict[str, str]:
    """The texts of a program: "joint", if the language has one for the whole, and each module's by its name.

    Raises:
        UnsupportedError: the language has no words for an operation or condition of the program.
    """
    if dialect in (Dialect.QASM3, Dialect.QASM2):
        return program_texts(program, dialect)
    texts_of: Callable[[Program], dict[str, str]] = import_module(f"dqplan.split.emit.{_HOMES[dialect]}").texts_of
    return texts_of(program)
