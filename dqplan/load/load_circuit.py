"""Circuits from files: the language is told from the content."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from dqplan.core.circuit import Circuit
from dqplan.core.errors import CircuitSyntaxError, Place, SemanticError, quoting
from dqplan.load.openqasm.reader import circuit_of_qasm, qasm_version
from dqplan.load.source import CIRCUIT, read_source

INPUT_FILES = ("input.qasm", "input.json")
"""The copy of a circuit in a directory that `split` wrote has one of these names."""


class Language(StrEnum):
    """What dqplan reads circuits from."""

    QASM2 = "qasm2"
    QASM3 = "qasm3"
    CIRQ_JSON = "cirq-json"


def load_circuit(path: str, language: Language | None = None) -> Circuit:
    """Read a circuit from a file, or from standard input if `path` is "-".

    Args:
        path: OpenQASM 2, OpenQASM 3 or Cirq JSON; the circuit is named after the file's stem.
        language: overrides the detection.

    Raises:
        SourceError: the file cannot be read.
        CircuitSyntaxError, SemanticError, UnsupportedError: its content cannot be used; they name file and line.

    >>> circuit = load_circuit("sample_circuits/ghz_8.qasm")
    >>> circuit.name, circuit.num_qubits
    ('ghz_8', 8)
    """
    source = read_source(path, CIRCUIT)
    return circuit_of_text(source.text, source.name, language)


def circuit_of_text(text: str, name: str, language: Language | None = None, *, keep_known: bool = False) -> Circuit:
    """Like `load_circuit`, from text; `name` is the file name that errors and the circuit's name refer to.

    With `keep_known`, gates that OpenQASM's text defines as one of `gates.Op` are read as that.
    """
    language = language or detect_language(text, name)
    with quoting(text, name):
        if language == Language.CIRQ_JSON:
            # Imported here because it needs Cirq, which takes seconds to import.
            from dqplan.load.cirq_circuits.cirq_json import circuit_of_cirq_json

            circuit = circuit_of_cirq_json(text, name, stem_of(name))
        else:
            version = 2 if language == Language.QASM2 else 3
            circuit = circuit_of_qasm(text, name, version, stem_of(name), keep_known=keep_known)
    if circuit.num_qubits == 0:
        raise SemanticError("the circuit declares no qubits", place=Place(name), hint="declare some: qubit[2] q;")
    return circuit


def detect_language(text: str, name: str) -> Language:
    """The language of a text: a JSON object or array is Cirq JSON, otherwise OpenQASM by its version line.

    Raises:
        CircuitSyntaxError: neither, or a version of OpenQASM that does not exist.
    """
    if text.lstrip()[:1] in ("{", "[", '"'):
        return Language.CIRQ_JSON
    with quoting(text, name):
        version = qasm_version(text, name)
        if version is None:
            raise CircuitSyntaxError(
                "neither OpenQASM 2, OpenQASM 3 nor Cirq JSON",
                place=Place(name, 1),
                hint="begin an OpenQASM file with OPENQASM 3.0; or OPENQASM 2.0;",
            )
    return Language.QASM2 if version == 2 else Language.QASM3


def stem_of(name: str) -> str:
    """The circuit's name for a file's name: its stem, or "stdin"."""
    return "stdin" if name == "<stdin>" else PurePath(name).stem or name
