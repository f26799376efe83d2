"""Results of several sweeps -> results of one, without planning anything again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dqplan.core.errors import OutputError, Place, UsageError
from dqplan.sweep.journal import Journal
from dqplan.sweep.manifest import OUTCOMES, united, write_manifest
from dqplan.sweep.results import Results, make_directory, read_results
from dqplan.sweep.row import Ending, Outcome
from dqplan.sweep.write_results import write_results


def merge_sweeps(directories: Sequence[str], output: str) -> Results:
    """Write the rows of all directories to a new one; those of the first come first, and each row once.

    Where two directories disagree about a row, which only a time limit or a failure can bring about, the first outcome
    that is not a failure counts.

    Args:
        directories: results of `run_sweep` or of this; they stay as they are.
        output: a new or empty directory.

    Raises:
        UsageError: there are fewer than two directories.
        SweepError: one of them holds no results, or damaged ones.
        OutputError: the output cannot be written, or holds files.
    """
    if len(directories) < 2:
        raise UsageError("--merge needs two directories or more", hint="dqplan sweep --merge A B -o C")
    target = Path(output)
    if os.path.exists(target) and (not target.is_dir() or any(target.iterdir())):
        raise OutputError("is not an empty directory", place=Place(output), hint="name a new one")
    parts = [read_results(directory) for directory in directories]
    manifest = united(part.manifest for part in parts)
    make_directory(output)
    with Journal(target / OUTCOMES) as journal:
        journal.append(_merged(parts).values())
        write_manifest(output, manifest)
        results = Results(manifest, journal.outcomes)
    write_results(output, results)
    return results


def _merged(parts: Sequence[Results]) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for part in parts:
        for key, outcome in part.outcomes.items():
            known = outcomes.get(key)
            if known is None or (known.status is Ending.FAILED and outcome.status is not Ending.FAILED):
                outcomes[key] = outcome
    return outcomes
