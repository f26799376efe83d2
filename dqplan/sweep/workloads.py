"""Globs -> circuits, each with its text, so that workers need no files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dqplan.core.errors import InputError
from dqplan.load.load_circuit import circuit_of_text, stem_of
from dqplan.load.source import CIRCUIT, read_source


@dataclass(frozen=True)
class Workload:
    """A circuit of a sweep.

    Attributes:
        name: for people: the file's stem, or its path if two files have the same stem.
        path: of its file.
        text: in one of the languages that dqplan reads.
        digest: of what the circuit does; of its text if it cannot be read.
        num_qubits, num_gates_2q: None if it cannot be read.
        code, message: why it cannot be read; its rows fail.
    """

    name: str
    path: str
    text: str
    digest: str
    num_qubits: int | None = None
    num_gates_2q: int | None = None
    code: str = ""
    message: str = ""


def read_workloads(paths: Iterable[str]) -> Mapping[str, Workload]:
    """The circuits by path. What cannot be read is told in the circuit and raises nothing."""
    files = list(dict.fromkeys(paths))
    stems = Counter(map(stem_of, files))
    return {path: _workload(path, path if stems[stem_of(path)] > 1 else stem_of(path)) for path in files}


def _workload(path: str, name: str) -> Workload:
    text, name = "", _spelled(name)
    try:
        text = read_source(path, CIRCUIT).text
        circuit = circuit_of_text(text, path)
    except InputError as error:
        digest = f"unread:{hashlib.sha256(_spelled(text or path).encode()).hexdigest()}"
        return Workload(name, path, text, digest, code=error.code, message=_spelled(str(error)))
    return Workload(name, path, text, circuit.digest, circuit.num_qubits, circuit.num_gates_2q)


def _spelled(text: str) -> str:
    """A text with the bytes of file names that are no UTF-8 spelled out."""
    return text.encode(errors="backslashreplace").decode()
