"""A directory, a plan.json or standard input -> what is said there about a plan."""

from __future__ import annotations

from pathlib import Path

from dqplan.core.errors import PlanError, SourceError
from dqplan.load.load_circuit import INPUT_FILES
from dqplan.load.plan_document import PLAN_FILE
from dqplan.load.source import read_source
from dqplan.load.written_plan import WrittenPlan, written_plan


def read_plan(path: str) -> WrittenPlan:
    """Read a plan; of a directory only plan.json and the copy of the circuit are looked at.

    Args:
        path: what `dqplan split -o` wrote, its plan.json, or `-` for standard input.

    Raises:
        SourceError: it cannot be read, or is a directory without plan.json.
        PlanError: plan.json is damaged, contradicts itself, or is of another version.
        InputError: the copy of the circuit cannot be read.
    """
    folder = Path(path)
    if path == "-" or not folder.is_dir():
        return _named(path, {PLAN_FILE: read_source(path).text})
    names = [PLAN_FILE, *(name for name in INPUT_FILES if (folder / name).is_file())]
    try:
        files = {name: read_source(str(folder / name)).text for name in names}
    except SourceError as error:
        hint = "give the directory that `dqplan split -o` wrote, or its plan.json"
        raise SourceError(error.message, place=error.place, hint=hint) from error
    return _named(str(folder / PLAN_FILE), files)


def _named(path: str, files: dict[str, str]) -> WrittenPlan:
    """The plan; what is wrong is said of the file by its path, as there may be two."""
    try:
        return written_plan(files)
    except PlanError as error:
        if error.place is None or error.place.source != PLAN_FILE:
            raise
        from dataclasses import replace

        source = "<stdin>" if path == "-" else path
        raise PlanError(error.message, place=replace(error.place, source=source), hint=error.hint) from error
