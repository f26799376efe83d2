"""A directory of output files appears whole or not at all, and never takes the place of anybody else's files."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from dqplan.cli.output_file import output_path
from dqplan.core.errors import OutputError, Place

_LISTING = "plan.json"


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
        files: file names and texts; they must include the listing of files, plan.json.

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
    """Names in a directory that its plan.json does not account for."""
    names = sorted(entry.name for entry in directory.iterdir())
    try:
        document = json.loads((directory / _LISTING).read_text(encoding="utf-8"))
        ours = set(document["files"]) if str(document["schema"]).startswith("dqplan.plan/") else set()
    except (OSError, ValueError, LookupError, TypeError):
        ours = set()
    return [name for name in names if name not in ours]
