"""Results: rows with their outcomes, and the files that hold them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dqplan.core.errors import OutputError, Place
from dqplan.sweep.journal import read_journal
from dqplan.sweep.manifest import MANIFEST, OUTCOMES, Manifest, read_manifest
from dqplan.sweep.row import Ending, Outcome, Row


@dataclass(frozen=True)
class Results:
    """What is known of a sweep, finished or not."""

    manifest: Manifest
    outcomes: Mapping[str, Outcome]

    @property
    def finished(self) -> Iterator[tuple[Row, Outcome]]:
        """Rows that have an outcome, in order."""
        return ((row, self.outcomes[row.key]) for row in self.manifest.rows if row.key in self.outcomes)

    def count(self, ending: Ending) -> int:
        """Rows that ended so."""
        return Counter(outcome.status for _, outcome in self.finished)[ending]

    @property
    def unfinished(self) -> int:
        """Rows without an outcome."""
        return sum(row.key not in self.outcomes for row in self.manifest.rows)


def read_results(directory: str) -> Results:
    """The results in a directory.

    Raises:
        SweepError: it holds no results, or they are damaged.
    """
    return Results(read_manifest(directory), read_journal(Path(directory, OUTCOMES)))


def check_results_directory(directory: str) -> None:
    """Find out, before any work is done, whether a sweep may write there: results are resumed, not replaced.

    Raises:
        OutputError: it is a file, or holds files but no results.
    """
    target = Path(directory)
    if os.path.exists(target) and not target.is_dir():
        raise OutputError("is not a directory", place=Place(directory), hint="name a directory: -o results")
    if (
        os.path.isdir(target)
        and any(target.iterdir())
        and not any((target / name).exists() for name in (MANIFEST, OUTCOMES))
    ):
        message = "holds files that `dqplan sweep` did not write"
        raise OutputError(message, place=Place(directory), hint="name an empty or a new directory")


def make_directory(directory: str) -> None:
    """Make the directory and its parents; raises OutputError if that cannot be done."""
    try:
        Path(directory).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot be made: {error.strerror}", place=Place(directory)) from error
