"""Reading text from a file or from standard input; whatever goes wrong becomes a SourceError."""

from __future__ import annotations

import glob
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dqplan.core.errors import Place, SourceError

MAX_BYTES = 2_000_000_000
"""Larger inputs are refused before they fill the memory."""
_CHUNK = 1 << 20
"""Bytes read at a time, so that a device or a disk image is refused where its first null character stands."""


@dataclass(frozen=True)
class Source:
    """Text and the name under which errors and reports refer to it."""

    name: str
    text: str


CIRCUIT = "a circuit in OpenQASM 2, OpenQASM 3 or Cirq JSON"
"""What most files hold."""


def read_source(path: str, expected: str = "") -> Source:
    """Read UTF-8 text; a byte order mark is dropped.

    Args:
        path: a file, or "-" for standard input, which is then named "<stdin>".
        expected: what it should hold, in words; advice where it holds nothing.

    Raises:
        SourceError: missing, a directory, no permission, larger than MAX_BYTES, empty, or not UTF-8 text.
    """
    name = "<stdin>" if path == "-" else path
    if path == "-" and sys.stdin is None:
        raise SourceError("standard input is closed", place=Place(name), hint="pipe or redirect something into it")
    try:
        data = _bytes(sys.stdin.buffer) if path == "-" else _file_bytes(path)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise _unreadable(name, error) from error
    if len(data) > MAX_BYTES:
        raise SourceError(f"larger than {MAX_BYTES:,} bytes", place=Place(name), hint="split the input into parts")
    return Source(name, _decoded(data, name, expected))


def files_of(pattern: str, directory: Path) -> list[str]:
    """Paths of the files that a glob means, sorted; relative ones are looked for in `directory`."""
    found = (directory / path for path in glob.glob(pattern, root_dir=directory, recursive=True))
    return sorted(os.path.normpath(path) for path in found if path.is_file())


def _file_bytes(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return _bytes(file)


def _bytes(file: BinaryIO) -> bytes:
    """The content, as far as it may be text: to the first null character, or one byte more than MAX_BYTES."""
    chunks, left = [], MAX_BYTES + 1
    while left > 0 and (chunk := file.read(min(left, _CHUNK))):
        end = chunk.find(b"\0") + 1
        chunks.append(chunk[:end] if end else chunk)
        left = 0 if end else left - len(chunk)
    return b"".join(chunks)


def _unreadable(name: str, error: OSError | ValueError) -> SourceError:
    place = Place(name)
    match error:
        case FileNotFoundError():
            return SourceError("no such file", place=place, hint="check the spelling, or use - to read standard input")
        case IsADirectoryError():
            return SourceError("is a directory, not a file", place=place, hint="name the files inside it")
        case PermissionError():
            return SourceError("no permission to read it", place=place, hint="check the file's access rights")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SourceError(f"cannot be read: {reason}", place=place)


def _decoded(data: bytes, name: str, expected: str) -> str:
    if not data.strip():
        raise SourceError("is empty", place=Place(name), hint=f"it should hold {expected}" if expected else "")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8 text"
        raise SourceError(found, place=Place(name, line), hint="save the file as UTF-8") from error
    if "\0" in text:
        raise SourceError("is binary, not text (it holds null characters)", place=Place(name))
    return text
