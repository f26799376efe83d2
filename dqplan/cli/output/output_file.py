"""An output file appears whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from dqplan.core.errors import OutputError, Place


def output_path(name: str) -> Path:
    """The path with its links followed; raises OutputError if nothing can lie there, as where the name is too long."""
    target = Path(os.path.realpath(name))
    try:
        target.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return target
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", place=Place(name)) from error
    return target


def check_file(name: str) -> None:
    """Find out, before any work is done, whether `write_file` may write there.

    Raises:
        OutputError: it is a directory, its directory does not exist, or no file can have this name.
    """
    target = output_path(name)
    if target.is_dir():
        raise OutputError(
            "is a directory", place=Place(name), hint=f"name a file in it: -o {Path(name, 'profile.json')}"
        )
    if not target.parent.is_dir():
        raise OutputError("its directory does not exist", place=Place(name), hint=f"mkdir -p {target.parent}")


def write_file(name: str, text: str) -> None:
    """Write beside the target under another name, then put it in its place in one step.

    Raises:
        OutputError: as `check_file`, or the disk is full, or there is no permission.
    """
    check_file(name)
    target = Path(os.path.realpath(name))
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        if target.exists() and not target.is_file():  # a device or a named pipe must stay what it is
            target.write_text(text, encoding="utf-8", newline="\n")
            return
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(target)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", place=Place(name)) from error
    finally:
        fresh.unlink(missing_ok=True)
