"""OpenQASM 2 and OpenQASM 3 (the gate-model part) -> Circuit.

The text is cut into statements. Those that make up the bulk of large files, plain calls on single qubits, are read by
compiled regular expressions (`qasm_flat`); every other statement is parsed by the reference parser of OpenQASM
(`qasm_reference`) and executed (`qasm_execute`). Gates outside `gates.Op` are written out by their definitions.
"""

from __future__ import annotations

import re

from dqplan.core.circuit import Circuit, Condition
from dqplan.core.errors import CircuitSyntaxError, InputError, Place, UnsupportedError
from dqplan.load.openqasm.blocks import Block
from dqplan.load.openqasm.calls import MAX_OPERATIONS, TooManyOperationsError
from dqplan.load.openqasm.conditions import truth_of
from dqplan.load.openqasm.effort import EffortError
from dqplan.load.openqasm.execute import execute_statement
from dqplan.load.openqasm.flat import FlatReader
from dqplan.load.openqasm.names import Gate
from dqplan.load.openqasm.program import Program
from dqplan.load.openqasm.reference import column_in_qasm2, parse_statement
from dqplan.load.openqasm.statements import Statement, blank_comments, column_of, split_statements

_VERSION = re.compile(r"\s*+OPENQASM\b\s*+([^;\n]*+)(;?+)")
_VERSIONS = {"2": 2, "2.0": 2, "3": 3, "3.0": 3, "3.1": 3}
_USUAL_VERSION = re.compile(rf"(?:\s++|//[^\n]*+)*+OPENQASM\s++({'|'.join(map(re.escape, _VERSIONS))})\s*+;")
"""A version line that can be read without blanking the comments of the whole text."""
_ONLY_QASM3 = re.compile(r"\b(?:qubit|bit|stdgates\.inc)\b|@")
_ONLY_QASM2 = re.compile(r"\b(?:qreg|creg|qelib1\.inc|opaque)\b")
_INCLUDE = re.compile(r"""include\s*+["']([^"'\n]*+)["']\s*+;""")
_OPAQUE = re.compile(r"opaque\s++(\w++)\s*+(?:\(([^()]*+)\))?+\s*+([^();]*+);")
_PHYSICAL = re.compile(r"\$([0-9]{1,9})")


def qasm_version(text: str, source: str) -> int | None:
    """The version of OpenQASM, 2 or 3: by the first line of the program, or by its declarations if that is missing.

    Returns:
        None if the text shows no sign of being OpenQASM.

    Raises:
        CircuitSyntaxError: the version line names another version or is malformed.
    """
    usual = _USUAL_VERSION.match(text)
    if usual:
        return _VERSIONS[usual[1]]
    program = blank_comments(text, source)
    match = _VERSION.match(program)
    if match is None:
        return 3 if _ONLY_QASM3.search(program) else 2 if _ONLY_QASM2.search(program) else None
    version = _VERSIONS.get(match[1].strip())
    if version is None or not match[2]:
        place = Place(source, program.count("\n", 0, match.start(1)) + 1)
        message = f"the version is {match[1].strip() or 'missing'}, allowed are {', '.join(_VERSIONS)}"
        if version is not None:
            message = "the version line does not end"
        raise CircuitSyntaxError(message, place=place, hint="write OPENQASM 3.0; or OPENQASM 2.0;")
    return version


def circuit_of_qasm(text: str, source: str, version: int, name: str, *, keep_known: bool = False) -> Circuit:
    """Read a program.

    Args:
        text: OpenQASM.
        source: the file's name, for errors.
        version: 2 or 3; they differ in `^`, in the division of integers, in reserved words and in built-in gates.
        name: of the circuit.
        keep_known: a gate that is defined in the text under the name and with the meaning of one of `gates.Op` is read
            as that, and not written out by its definition.

    Raises:
        CircuitSyntaxError, SemanticError, UnsupportedError: with line and, where known, column.
    """
    program = blank_comments(text, source)
    header = _VERSION.match(program)
    if header:  # blanked like a comment, so that lines stay in place
        program = re.sub(r"[^\n]", " ", header[0]) + program[header.end() :]
    reader = _Reader(Program.empty(source, version, keep_known), version)
    try:
        reader.read(program)
        return reader.program.build(name)
    except (TooManyOperationsError, EffortError) as error:
        message = f"not supported: {error or f'a program that expands to more than {MAX_OPERATIONS:,} operations'}"
        place = reader.program.scope.place if str(error) else Place(source)
        raise UnsupportedError(message, place=place, hint="split it into parts") from None


class _Reader:
    """Sends each statement down the fast path or the reference path."""

    def __init__(self, program: Program, version: int) -> None:
        self.program = program
        self._version = version
        self._flat = FlatReader(program)

    def read(self, text: str) -> None:
        self._declare_physical_qubits(text)
        source = self.program.scope.place.source
        add = self._flat.add
        for statement in split_statements(text, source):
            _, _, line, head, tail = statement
            if not head or not add(head, tail, line):
                try:
                    self._read_slowly(text, statement)
                except RecursionError as error:
                    place = Place(source, line, column_of(text, statement[0]))
                    raise CircuitSyntaxError("the statement is nested too deeply", place=place) from error

    def _read_slowly(self, text: str, statement: Statement) -> None:
        start, end, line, head, tail = statement
        if head == "barrier" and self._flat.add_barrier(tail):
            return
        scope = self.program.scope
        scope.place = Place(scope.place.source, line, column_of(text, start))
        words = text[start:end]
        if words.startswith("if") and self._flat.add_conditional(words, line, self._condition):
            return
        if not self._read_special(words):
            try:
                execute_statement(self.program, parse_statement(words, scope.place, self._version))
            except InputError as error:
                if self._version == 2 and error.place:
                    error.place = _in_qasm2(words, scope.place, error.place)
                raise
        if words.startswith(("gate", "opaque", "include")):
            self._flat.forget()

    def _read_special(self, text: str) -> bool:
        """Statements that need no parser, or that the reference parser does not know."""
        if self._flat.declare(text):
            return True
        include = _INCLUDE.fullmatch(text)
        if include:
            self.program.include(include[1])
            return True
        opaque = _OPAQUE.fullmatch(text) if self._version == 2 else None
        if opaque:
            self._declare_opaque(*opaque.groups())
        return bool(opaque)

    def _declare_opaque(self, name: str, params: str | None, qubits: str) -> None:
        num_params = len(params.split(",")) if params and params.strip() else 0
        gate = Gate(name, num_params, len(qubits.split(",")), lambda _: Block(0, ()), opaque=True)
        self.program.scope.declare(name, gate)

    def _condition(self, text: str) -> Condition | None:
        """The condition in the parentheses of an `if`; None if it is constant, or wrong: then it is read once more."""
        place = self.program.scope.place
        try:
            node = parse_statement(f"if ({text}) {{}}", place, self._version)
            truth = truth_of(node.condition, self.program.scope)
        except InputError:
            return None
        return None if isinstance(truth, bool) else Condition(truth)

    def _declare_physical_qubits(self, text: str) -> None:
        if "$" not in text:
            return
        indices = {int(match[1]) for match in _PHYSICAL.finditer(text)}
        if indices:
            self.program.use_physical_qubits(indices)


def _in_qasm2(statement: str, begin: Place, found: Place) -> Place:
    """Where in the file something stands that the parser of OpenQASM 3 has found in a statement of OpenQASM 2."""
    lines = statement.split("\n")
    number = found.line - begin.line
    if not found.column or not 0 <= number < len(lines):
        return found
    before = begin.column - 1 if number == 0 else 0
    return Place(found.source, found.line, before + column_in_qasm2(lines[number], found.column - before))
