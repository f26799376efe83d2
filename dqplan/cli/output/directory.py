"""A directory of output files appears whole or not at all, and never takes the place of anybody else's files."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from dqplan.cli.output.output_file import output_path
from dqplan.core.errors import OutputError, Place

_LISTINGS = ("plan.json", "cuts.json")
"""What lists the files of a directory; there is one of them."""


def check_directory(name: str) -> None:
    """Find out, before any work is done, whether `write_directory` may use a directory.

    Raises:
        OutputError: it is a file, the current directory, holds files that dqplan did not write, or cannot be there.
    """
    target = output_path(name)
    if target.is_dir():
        if target == Path(os.path.realpath(os.curdir)):
            raise OutputError("is the current directory", place=Place(name), hint="name a directory of its own: -o out")
        if foreign := _foreign_files(target):
            message = f"holds files that dqplan did not write: {', '.join(foreign[:3])}"
            raise OutputError(message, place=Place(name), hint="name an empty or a new directory")
    elif target.exists() or target.suffix in (".qasm", ".json"):
        hint = "-o takes a directory; for one program in a file: -o - > FILE"
        raise OutputError("is not a directory", place=Place(name), hint=hint)


def write_directory(name: str, files: Mapping[str, str]) -> None:
    """Write files beside the target under another name, then put them in its place in one step.

    Args:
        name: the directory; its parents are made if need be. What an earlier run wrote there is replaced.
        files: file names, perhaps with a folder in front, and texts; they must include the listing of files, plan.json
            or cuts.json.

    Raises:
        OutputError: as `check_directory`, or the disk is full, or there is no permission.
    """
    check_directory(name)
    target = Path(os.path.realpath(name))
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.mkdir()
        for file, text in files.items():
            (fresh / file).parent.mkdir(exist_ok=True)
            (fresh / file).write_text(text, encoding="utf-8", newline="\n")
        _put_in_place(fresh, target)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", place=Place(name)) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put_in_place(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    old = fresh.with_name(f"{fresh.name}.old")
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _foreign_files(directory: Path) -> list[str]:
    """Names in a directory that its plan.json or cuts.json does not account for."""
    ours = _listed(directory)
    folders = {name.partition("/")[0] for name in ours if "/" in name}
    names = [
        f"{entry.name}/{each.name}" if entry.is_dir() else entry.name
        for entry in directory.iterdir()
        for each in (entry.iterdir() if entry.is_dir() and entry.name in folders else [entry])
    ]
    return sorted(name for name in names if name not in ours)


def _listed(directory: Path) -> set[str]:
    for listing in _LISTINGS:
        try:
            document = json.loads((directory / listing).read_text(encoding="utf-8"))
            if str(document["schema"]) in ("dqplan.plan/1", "dqplan.cuts/1"):
                return set(document["files"])
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return set()
