"""The languages that programs can be written in, and the names of their files: the one table."""

from __future__ import annotations

from enum import StrEnum


class Dialect(StrEnum):
    """The language of emitted programs."""

    QASM3 = "qasm3"
    QASM2 = "qasm2"
    CIRQ = "cirq"
    QISKIT = "qiskit"
    CUDAQ = "cudaq"
    NETQASM = "netqasm"
    STIM = "stim"

    @property
    def has_joint_program(self) -> bool:
        """Whether the whole can be written as one program; NetQASM's applications run on one node each."""
        return self is not Dialect.NETQASM


_FILES = {
    Dialect.QASM3: "{}.qasm",
    Dialect.QASM2: "{}.qasm2",
    Dialect.CIRQ: "{}.cirq.json",
    Dialect.QISKIT: "qiskit_{}.py",
    Dialect.CUDAQ: "cudaq_{}.py",
    Dialect.NETQASM: "app_{}.py",
    Dialect.STIM: "{}.stim",
}
"""Of the joint program, and of each module's. No two can be the same file, whatever the modules are called."""


def file_name(program: str, dialect: Dialect) -> str:
    """The file of a program, which is "joint" or a module's name."""
    return _FILES[dialect].format(program)
