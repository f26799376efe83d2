"""Outcomes in a file that only grows: each is on the disk before the next one is asked for.

A line is JSON with a checksum. What a crash has torn at the end is dropped; damage anywhere else is an error. The last
line about a row counts.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from dqplan.core.errors import OutputError, Place, SweepError
from dqplan.sweep.row import Outcome
from dqplan.sweep.stored import outcome_of_json

SCHEMA = "dqplan.sweep-outcomes/1"
_HEAD = f'{{"schema":"{SCHEMA}"}}\n'.encode()
_SUM_LENGTH = 16


class Journal:
    """A journal that is being written. Use it in a `with` statement; no two processes can have the same one open."""

    def __init__(self, path: Path) -> None:
        """Open or begin a journal, and drop what was torn at its end.

        Raises:
            SweepError: another process writes it, or it is damaged.
            OutputError: it cannot be written.
        """
        self._path = path
        try:
            self._file: BinaryIO = path.open("ab+")
        except OSError as error:
            raise OutputError(f"cannot be written: {error.strerror}", place=Place(str(path))) from error
        try:
            _lock(self._file, path)
            self.outcomes, whole = _read(self._file, path)
            self._file.truncate(whole)
            if not whole:
                self._write(_HEAD)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def append(self, outcomes: Iterable[Outcome]) -> None:
        """Write outcomes down; when this returns they are on the disk. Raises OutputError if the disk is full."""
        found = list(outcomes)
        self._write("".join(map(_line, found)).encode())
        self.outcomes.update({outcome.key: outcome for outcome in found})

    def _write(self, data: bytes) -> None:
        try:
            self._file.write(data)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(f"cannot be written: {error.strerror}", place=Place(str(self._path))) from error


def read_journal(path: Path) -> Mapping[str, Outcome]:
    """The outcomes in a journal by key; nothing if there is no journal yet.

    Raises:
        SweepError: it is damaged, or was not written by `dqplan sweep`.
    """
    try:
        with path.open("rb") as file:
            return _read(file, path)[0]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SweepError(f"cannot be read: {error.strerror}", place=Place(str(path))) from error


def _lock(file: BinaryIO, path: Path) -> None:
    """Keep others away until the file is closed, also by a crash; where the system cannot, nobody is kept away."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        hint = "wait for it, or give another directory with -o"
        raise SweepError("another sweep writes here at this moment", hint=hint, place=Place(str(path))) from error
    except OSError:  # some network file systems
        return


def _read(file: BinaryIO, path: Path) -> tuple[dict[str, Outcome], int]:
    """The outcomes, and how many bytes hold whole lines."""
    file.seek(0)
    outcomes: dict[str, Outcome] = {}
    whole = 0
    for number, line in enumerate(file, start=1):
        if not line.endswith(b"\n"):
            break
        whole += len(line)
        if number > 1:
            outcome = _outcome(line, Place(str(path), number))
            outcomes[outcome.key] = outcome
        elif line != _HEAD:
            raise SweepError(f"not outcomes of a sweep ({SCHEMA})", hint=_foreign_hint(path), place=Place(str(path), 1))
    return outcomes, whole


def _foreign_hint(path: Path) -> str:
    return f"give another directory with -o, or delete {path.name}: its rows are planned again"


def _line(outcome: Outcome) -> str:
    text = json.dumps(asdict(outcome), ensure_ascii=False, separators=(",", ":"))
    return f'{text[:-1]},"sum":"{_sum(text)}"}}\n'


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_SUM_LENGTH]


def _outcome(line: bytes, place: Place) -> Outcome:
    hint = "delete it; its row is planned again"
    text, _, end = line.decode(errors="replace").rpartition(',"sum":"')
    if end != f'{_sum(text + "}")}"}}\n':
        raise SweepError("the line is damaged: it does not match its checksum", hint=hint, place=place)
    try:
        return outcome_of_json(text + "}")
    except ValueError as error:
        raise SweepError("the line is damaged: it holds no outcome", hint=hint, place=place) from error
