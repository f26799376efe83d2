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
_NATIVE_FILES = {
    Dialect.QASM3: "{}.native.qasm",
    Dialect.QASM2: "{}.native.qasm2",
    Dialect.CIRQ: "{}.native.cirq.json",
    Dialect.QISKIT: "native_qiskit_{}.py",
    Dialect.CUDAQ: "native_cudaq_{}.py",
    Dialect.NETQASM: "native_app_{}.py",
    Dialect.STIM: "{}.native.stim",
}
"""The same for programs that are compiled to native gates."""


def file_name(program: str, dialect: Dialect) -> str:
    """The file of a program, which is "joint" or a module's name."""
    return _FILES[dialect].format(program)


def native_file_name(program: str, dialect: Dialect) -> str:
    """The file of a native program, which is "joint" or a module's name."""
    return _NATIVE_FILES[dialect].format(program)
